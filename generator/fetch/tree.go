package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// tree is a folder being filled from one download, within limits.
type tree struct {
	root    *os.Root
	limits  Limits
	entries int
	bytes   int64
}

// admit counts one entry of an archive or a commit and checks its name. It gives the
// clean path, or "" for the folder itself.
func (t *tree) admit(name string) (string, error) {
	if t.entries++; t.entries > t.limits.Files {
		return "", tooLarge{fmt.Sprintf("more than %d files", t.limits.Files)}
	}
	clean := strings.TrimSuffix(strings.TrimPrefix(name, "./"), "/")
	if clean == "" || clean == "." {
		return "", nil
	}
	if !safePath(clean) {
		return "", damaged{fmt.Sprintf("the entry %.200q leads out of its folder, or has a name that not every system can hold", name)}
	}
	return clean, nil
}

// add writes one file. Its declared size is not believed: bytes are counted as they come.
func (t *tree) add(name string, content io.Reader) error {
	if err := t.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return damaged{fmt.Sprintf("%q is a file and a folder", path.Dir(name))}
	}
	file, err := t.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return damaged{fmt.Sprintf("%q is there twice, or differs from another name in case alone", name)}
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	left := t.limits.Unpacked - t.bytes
	written, err := io.Copy(file, io.LimitReader(content, left+1))
	t.bytes += written
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	if written > left {
		return tooLarge{fmt.Sprintf("more than %s unpacked", inMiB(t.limits.Unpacked))}
	}
	return nil
}

// settle puts a downloaded file into the tree: unpacked when its name is that of an
// archive, else as it is.
func (t *tree) settle(ctx context.Context, file, name string) error {
	opened, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read the download: %w", err)
	}
	defer opened.Close() //nolint:errcheck // opened for reading
	lower := strings.ToLower(name)
	switch {
	case strings.HasSuffix(lower, ".tar.gz"), strings.HasSuffix(lower, ".tgz"):
		return t.unpackTgz(ctx, opened)
	case strings.HasSuffix(lower, ".zip"):
		return t.unpackZip(ctx, opened)
	}
	return t.add(name, steady{ctx, opened})
}

// lock gives the record of a finished tree.
func (t *tree) lock(request Request, address address) (Locked, error) {
	digest, files, err := digestTree(t.root.FS(), ".")
	if err != nil {
		return Locked{}, err
	}
	if files == 0 {
		return Locked{}, damaged{"it holds no files"}
	}
	below, err := t.place()
	if err != nil {
		return Locked{}, err
	}
	locked := Locked{
		Name: request.Name, URL: address.redacted(),
		Path: path.Join(request.Name, below), Digest: digest, Files: files,
	}
	if address.transport == overGit {
		locked.Commit = address.pin
	} else {
		locked.Checksum = address.pin
	}
	return locked, nil
}

// place says what in the tree a reader wants: a lone file, the folder of a Helm chart
// as its archive wraps it (helm package always adds that folder), else all.
func (t *tree) place() (string, error) {
	entries, err := fs.ReadDir(t.root.FS(), ".")
	if err != nil || len(entries) != 1 {
		return "", err
	}
	only := entries[0].Name()
	if !entries[0].IsDir() {
		return only, nil
	}
	if info, err := t.root.Lstat(path.Join(only, "Chart.yaml")); err == nil && info.Mode().IsRegular() {
		return only, nil
	}
	return "", nil
}

// irregular is the name of something that is neither a file nor a folder where one of
// the two must be: a symlink, a device, a socket.
type irregular string

func (i irregular) Error() string { return string(i) + " is neither a plain file nor a folder" }

// digestTree gives "sha256:HEX" over the lines "HEX-OF-CONTENT  PATH\n" of every file
// below root in lexical order of their paths, as sha256sum prints them, and their count.
// Modes, times and empty folders do not count. Anything but files and folders is an error.
func digestTree(fsys fs.FS, root string) (digest string, files int, err error) {
	contents := map[string]string{}
	err = fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if !entry.Type().IsRegular() {
			return irregular(name)
		}
		sum, err := digestFile(fsys, name)
		contents[strings.TrimPrefix(name, root+"/")] = sum
		return err
	})
	if err != nil {
		return "", 0, err
	}
	return digestLines(contents), len(contents), nil
}

func digestFile(fsys fs.FS, name string) (string, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // opened for reading
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func digestLines(contents map[string]string) string {
	hash := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		fmt.Fprintf(hash, "%s  %s\n", contents[name], name)
	}
	return "sha256:" + hex.EncodeToString(hash.Sum(nil))
}
