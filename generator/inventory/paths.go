package inventory

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cutover/generator/finding"
)

// Budget bounds what a [Paths] reads, beside the limits of each stream.
type Budget struct {
	// Files is the most files and archive members, read or passed over.
	Files int
	// Bytes is the most an archive may unpack to.
	Bytes int64
}

// DefaultBudget suits the export of a large cluster: 100,000 files, 2 GiB an archive.
func DefaultBudget() Budget { return Budget{Files: 100_000, Bytes: 2 << 30} }

// Paths is a Source of what stands on disk: files, folders and archives. In folders and
// archives it reads files that end in .yaml, .yml, .json or .txt, in folders archives too
// (.tar.gz, .tgz), in the order of their names; what begins with a dot is passed over. A
// file that is named itself is read whatever it is called.
//
// Symbolic links that leave the folder or the archive they stand in are refused, and so
// are archive members with absolute names or .. in them.
type Paths struct {
	// Names are paths; "-" is Stdin.
	Names []string
	// Stdin is read where "-" is named.
	Stdin io.Reader
	// Budget bounds what is read; [DefaultBudget] where zero.
	Budget Budget
}

// Each implements [Source]. Its errors are of type [finding.Finding], but for those of
// read and of the context.
func (p Paths) Each(ctx context.Context, read func(name string, content io.Reader) error) error {
	w := walker{read: read, budget: p.Budget}
	if w.budget == (Budget{}) {
		w.budget = DefaultBudget()
	}
	for _, name := range p.Names {
		if name == "-" {
			if p.Stdin == nil {
				return refused("-", "there is no standard input", "name a file or a folder")
			}
			if err := w.stream(ctx, "stdin", p.Stdin); err != nil {
				return err
			}
			continue
		}
		if err := w.path(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// walker reads paths, and counts what they cost.
type walker struct {
	read   func(name string, content io.Reader) error
	budget Budget
	files  int
}

func (w *walker) path(ctx context.Context, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return unreadable(name, err)
	}
	if info.IsDir() {
		return w.folder(ctx, name)
	}
	file, err := os.Open(name)
	if err != nil {
		return unreadable(name, err)
	}
	defer file.Close() //nolint:errcheck // opened for reading
	return w.stream(ctx, filepath.ToSlash(name), file)
}

// folder reads a folder through os.Root, which follows no link out of it.
func (w *walker) folder(ctx context.Context, name string) error {
	root, err := os.OpenRoot(name)
	if err != nil {
		return unreadable(name, err)
	}
	defer root.Close() //nolint:errcheck // opened for reading
	files, err := w.list(ctx, name, root)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return refused(name, "the folder holds no .yaml, .yml, .json, .txt, .tar.gz or .tgz file", "name the folder of the export")
	}
	for _, file := range files {
		full := path.Join(filepath.ToSlash(name), file)
		content, err := root.Open(file)
		if err != nil {
			return unreadable(full, err)
		}
		err = w.stream(ctx, full, content)
		_ = content.Close() // opened for reading
		if err != nil {
			return err
		}
	}
	return nil
}

// list gives the files of a folder, sorted. A link that stays within the folder counts as
// the file it leads to, which is read once.
func (w *walker) list(ctx context.Context, name string, root *os.Root) ([]string, error) {
	var files []string
	err := fs.WalkDir(root.FS(), ".", func(file string, entry fs.DirEntry, err error) error {
		full := path.Join(filepath.ToSlash(name), file)
		if err != nil {
			return unreadable(full, err)
		}
		if err := w.count(ctx, full); err != nil {
			return err
		}
		switch hidden := file != "." && strings.HasPrefix(entry.Name(), "."); {
		case entry.Type()&fs.ModeSymlink != 0:
			target, err := within(name, root, file)
			if err != nil {
				return err
			}
			if !hidden && target != "" && (readable(file) || archived(file)) {
				files = append(files, target)
			}
		case hidden && entry.IsDir():
			return fs.SkipDir
		case !hidden && entry.Type().IsRegular() && (readable(file) || archived(file)):
			files = append(files, file)
		}
		return nil
	})
	slices.Sort(files)
	return slices.Compact(files), err
}

// within gives the file that a link leads to, relative to the folder; "" where it leads
// to a folder, which is walked itself.
func within(name string, root *os.Root, link string) (string, error) {
	full := filepath.Join(name, filepath.FromSlash(link))
	info, err := root.Stat(link)
	if err != nil {
		return "", refused(filepath.ToSlash(full), "the symbolic link leaves the folder, or leads nowhere",
			"copy the file it leads to into the folder, or name that file itself")
	}
	if !info.Mode().IsRegular() {
		return "", nil
	}
	base, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", unreadable(name, err)
	}
	target, err := filepath.EvalSymlinks(full)
	if err != nil {
		return "", unreadable(full, err)
	}
	relative, err := filepath.Rel(base, target)
	if err != nil {
		return "", unreadable(full, err)
	}
	return filepath.ToSlash(relative), nil
}

// stream reads a file: an archive, known by its first bytes, or text.
func (w *walker) stream(ctx context.Context, name string, content io.Reader) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	buffered := bufio.NewReaderSize(content, tarBlock)
	head, err := buffered.Peek(tarBlock)
	if err != nil && !errors.Is(err, io.EOF) {
		return unreadable(name, err)
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return w.gzip(ctx, name, buffered)
	case len(head) == tarBlock && bytes.Equal(head[tarMagic:tarMagic+5], []byte("ustar")):
		return w.tar(ctx, name, buffered)
	}
	return w.read(name, buffered)
}

func (w *walker) count(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.files++; w.files > w.budget.Files {
		return refused(name, fmt.Sprintf("there are more than %d files", w.budget.Files), "name the folder of the export, not one above it")
	}
	return nil
}

// readable tells whether a file in a folder or an archive is part of an export.
func readable(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".json", ".txt":
		return true
	}
	return false
}

func archived(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasSuffix(lower, ".tar.gz") || strings.HasSuffix(lower, ".tgz")
}

func refused(name, message, hint string) finding.Finding {
	return finding.Finding{Rule: "input-refused", Severity: finding.Error, File: name, Message: message, Hint: hint}
}

// unreadable says why a path cannot be read, without repeating the path.
func unreadable(name string, err error) error {
	if len(finding.From(err)) > 0 {
		return err
	}
	var where *fs.PathError
	if errors.As(err, &where) {
		err = where.Err
	}
	return finding.Finding{
		Rule: "input-unreadable", Severity: finding.Error, File: filepath.ToSlash(name), Message: err.Error(),
		Hint: "check the path and its permissions; - reads standard input",
	}
}
