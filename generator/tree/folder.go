package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"cutover/generator/finding"
)

// Folder reads a tree from disk. Symlinks that lead out of the folder are not followed.
type Folder struct {
	root *os.Root
	dir  string
}

// Open opens a folder for reading. Close it after use.
func Open(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, finding.Finding{Rule: "unreadable", Severity: finding.Error, File: dir, Message: reason(err), Hint: "correct the path or its permissions"}
	}
	return &Folder{root, dir}, nil
}

// Close gives the folder back.
func (f *Folder) Close() error { return f.root.Close() }

// FS gives the folder as a file system.
func (f *Folder) FS() fs.FS { return f.root.FS() }

// ReadFile reads one file by its slash-separated path. The error of a file that is not
// there is [fs.ErrNotExist].
func (f *Folder) ReadFile(name string) ([]byte, error) {
	content, err := f.root.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path.Join(f.dir, name), unwrapPath(err))
	}
	return content, nil
}

// List gives the names in a folder, sorted; nothing for a folder that is not there.
func (f *Folder) List(folder string) ([]string, error) {
	entries, err := fs.ReadDir(f.root.FS(), folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path.Join(f.dir, folder), unwrapPath(err))
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names, nil
}

func unwrapPath(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

func reason(err error) string { return unwrapPath(err).Error() }

// ReadFile gives one file of the tree, or [fs.ErrNotExist].
func (t Tree) ReadFile(name string) ([]byte, error) {
	content, ok := t[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return content, nil
}

// List gives the names in a folder of the tree, sorted.
func (t Tree) List(folder string) ([]string, error) {
	var names []string
	for name := range t {
		if rest, ok := strings.CutPrefix(name, folder+"/"); ok {
			first, _, _ := strings.Cut(rest, "/")
			names = append(names, first)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
