package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"cutover/generator/finding"
)

// Disk is what writing needs of a file system. [OS] is the real one.
type Disk interface {
	ReadFile(name string) ([]byte, error)
	WriteFile(name string, content []byte) error
	ReadDir(name string) ([]fs.DirEntry, error)
	Lstat(name string) (fs.FileInfo, error)
	MkdirAll(name string) error
	Rename(from, to string) error
	RemoveAll(name string) error
	Remove(name string) error
}

// Changes counts what writing did, by path.
type Changes struct {
	Added, Changed, Removed []string
}

// Empty tells that the folder already was what it should be.
func (c Changes) Empty() bool { return len(c.Added)+len(c.Changed)+len(c.Removed) == 0 }

const (
	stageFolder = ".cutover.new"
	undoFolder  = ".cutover.old"
)

// Write makes dir hold the tree and its [SumFile]. Files that cutover wrote before and the
// tree no longer has are removed; files of others stay. It refuses, with findings, to
// overwrite what it did not write or what was edited since, and a dir that is neither
// empty nor a tree of cutover's, unless adopt allows one that holds the migration itself.
// Paths in state are written like all others and left out of the sum.
func Write(disk Disk, dir string, t Tree, state []string, adopt bool) (Changes, error) {
	w := writer{disk: disk, dir: dir}
	if err := w.readFormer(adopt); err != nil {
		return Changes{}, err
	}
	full := maps.Clone(t)
	full[SumFile] = t.Sum(state...).Marshal()
	changes, err := w.compare(full, state)
	if err != nil || changes.Empty() {
		return changes, err
	}
	if err := w.apply(full, changes); err != nil {
		return Changes{}, finding.Finding{
			Rule: "write", Severity: finding.Error, File: dir, Message: "the tree was not written, and the folder is as it was: " + err.Error(),
			Hint: "make room or correct the permissions, and run it again",
		}
	}
	return changes, nil
}

type writer struct {
	disk   Disk
	dir    string
	former Sum
}

// readFormer learns what cutover wrote into the folder before.
func (w *writer) readFormer(adopt bool) error {
	entries, err := w.disk.ReadDir(w.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unreadable(w.dir, err)
	}
	content, err := w.disk.ReadFile(filepath.Join(w.dir, SumFile))
	if err == nil {
		w.former, err = ParseSum(content)
		return err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return unreadable(filepath.Join(w.dir, SumFile), err)
	}
	if adopt || slices.IndexFunc(entries, isForeign) < 0 {
		return nil
	}
	return finding.Finding{
		Rule: "out-not-empty", Severity: finding.Error, File: w.dir,
		Message: "the folder is neither empty nor a tree that cutover wrote", Hint: "choose another --out, or empty it",
	}
}

// isForeign tells an entry that makes a folder somebody else's: a fresh clone has .git, and
// what a crash left staged is ours.
func isForeign(entry fs.DirEntry) bool {
	return entry.Name() != ".git" && entry.Name() != stageFolder && entry.Name() != undoFolder
}

func unreadable(path string, err error) error {
	return finding.Finding{Rule: "unreadable", Severity: finding.Error, File: path, Message: err.Error(), Hint: "correct the path or its permissions"}
}

func (w *writer) compare(t Tree, state []string) (Changes, error) {
	var changes Changes
	var refused finding.List
	for _, path := range t.Paths() {
		current, exists, err := w.current(path)
		switch {
		case err != nil:
			return changes, err
		case !exists:
			changes.Added = append(changes.Added, path)
		case bytes.Equal(current, t[path]):
		case path == SumFile || slices.Contains(state, path):
			changes.Changed = append(changes.Changed, path)
		default:
			if f := w.refuse(path, current); f != nil {
				refused.Add(*f)
			}
			changes.Changed = append(changes.Changed, path)
		}
	}
	for path := range w.former {
		if _, kept := t[path]; kept {
			continue
		}
		current, exists, err := w.current(path)
		if err != nil {
			return changes, err
		}
		if !exists {
			continue
		}
		if f := w.refuse(path, current); f != nil {
			refused.Add(*f)
		}
		changes.Removed = append(changes.Removed, path)
	}
	slices.Sort(changes.Removed)
	refused.Sort()
	return changes, refused.Err()
}

// refuse tells why a file that stands in the way may not be replaced, or nil.
func (w *writer) refuse(path string, current []byte) *finding.Finding {
	ok, known := w.former.Check(path, current)
	switch {
	case ok:
		return nil
	case known:
		return &finding.Finding{Rule: "edited-by-hand", Severity: finding.Error, File: filepath.Join(w.dir, path),
			Message: "the generated file was edited by hand, and would be overwritten", Hint: "say it in migration.yaml, then take the file back: git checkout -- " + path}
	}
	return &finding.Finding{Rule: "not-ours", Severity: finding.Error, File: filepath.Join(w.dir, path),
		Message: "the file was not written by cutover, and would be overwritten", Hint: "move it away, or choose another --out"}
}

// current reads what stands at path. A symlink anywhere on the way is refused: it would
// have us write outside the folder.
func (w *writer) current(path string) (content []byte, exists bool, err error) {
	if !fs.ValidPath(path) {
		return nil, false, fmt.Errorf("path %q leaves the tree", path)
	}
	name := w.dir
	for _, part := range strings.Split(path, "/") {
		name = filepath.Join(name, part)
		info, err := w.disk.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, unreadable(name, err)
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return nil, false, finding.Finding{Rule: "symlink", Severity: finding.Error, File: name,
				Message: "a symlink stands where the tree has a file or folder", Hint: "remove it, or choose another --out"}
		}
	}
	content, err = w.disk.ReadFile(name)
	if err != nil {
		return nil, false, unreadable(name, err)
	}
	return content, true, nil
}

// apply stages every file that changes, then moves them into place, and takes everything
// back if one of the moves fails.
func (w *writer) apply(t Tree, changes Changes) (err error) {
	stage, undo := filepath.Join(w.dir, stageFolder), filepath.Join(w.dir, undoFolder)
	_, statErr := w.disk.Lstat(w.dir)
	fresh := errors.Is(statErr, fs.ErrNotExist)
	if fresh {
		// A new folder appears whole: it is staged beside its place and renamed once.
		return w.applyFresh(t)
	}
	defer func() {
		err = errors.Join(err, w.disk.RemoveAll(stage), w.disk.RemoveAll(undo))
	}()
	if err := errors.Join(w.disk.RemoveAll(stage), w.disk.RemoveAll(undo)); err != nil {
		return err
	}
	written := slices.Concat(changes.Added, changes.Changed)
	for _, path := range written {
		if err := w.put(filepath.Join(stage, path), t[path]); err != nil {
			return err
		}
	}
	return w.swap(stage, undo, written, changes)
}

func (w *writer) put(name string, content []byte) error {
	if err := w.disk.MkdirAll(filepath.Dir(name)); err != nil {
		return err
	}
	return w.disk.WriteFile(name, content)
}

func (w *writer) applyFresh(t Tree) error {
	stage := filepath.Join(filepath.Dir(w.dir), "."+filepath.Base(w.dir)+stageFolder)
	if err := w.disk.RemoveAll(stage); err != nil {
		return err
	}
	for _, path := range t.Paths() {
		if err := w.put(filepath.Join(stage, path), t[path]); err != nil {
			return errors.Join(err, w.disk.RemoveAll(stage))
		}
	}
	if err := w.disk.Rename(stage, w.dir); err != nil {
		return errors.Join(err, w.disk.RemoveAll(stage))
	}
	return nil
}

// swap moves staged files into place. Every move is remembered by its opposite.
func (w *writer) swap(stage, undo string, written []string, changes Changes) error {
	var back []func() error
	move := func(from, to string) error {
		if err := w.disk.MkdirAll(filepath.Dir(to)); err != nil {
			return err
		}
		if err := w.disk.Rename(from, to); err != nil {
			return err
		}
		back = append(back, func() error { return w.disk.Rename(to, from) })
		return nil
	}
	err := func() error {
		for _, path := range slices.Concat(changes.Changed, changes.Removed) {
			if err := move(filepath.Join(w.dir, path), filepath.Join(undo, path)); err != nil {
				return err
			}
		}
		for _, path := range written {
			if err := move(filepath.Join(stage, path), filepath.Join(w.dir, path)); err != nil {
				return err
			}
		}
		return nil
	}()
	if err != nil {
		slices.Reverse(back)
		for _, step := range back {
			err = errors.Join(err, step())
		}
		return err
	}
	w.removeEmptyFolders(changes.Removed)
	return nil
}

// removeEmptyFolders takes away the folders that removed files leave empty. One that is not
// empty stays, which Remove refuses by itself.
func (w *writer) removeEmptyFolders(removed []string) {
	for _, path := range removed {
		for folder := filepath.Dir(path); folder != "."; folder = filepath.Dir(folder) {
			if w.disk.Remove(filepath.Join(w.dir, folder)) != nil {
				break
			}
		}
	}
}
