package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"cutover/generator/finding"
)

// Folder is where locations are vendored, beside migration.yaml.
const Folder = "vendor"

// stage is a temporary folder beside vendor/, on the same file system, in which
// everything is made ready before it takes its place by renaming. All changes go
// through an os.Root, so that no symlink leads them out of the Migration's folder.
type stage struct {
	dir     string
	name    string
	root    *os.Root
	swapped []string
}

func openStage(dir string) (*stage, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the Migration's folder: %w", err)
	}
	made, err := os.MkdirTemp(dir, ".vendor-*")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make room for downloads: %w", err), root.Close())
	}
	s := &stage{dir: dir, name: filepath.Base(made), root: root}
	for _, folder := range []string{"new", "old"} {
		if err := root.Mkdir(path.Join(s.name, folder), 0o755); err != nil {
			s.close()
			return nil, fmt.Errorf("make room for downloads: %w", err)
		}
	}
	return s, nil
}

// close removes the stage with all that did not move out of it.
func (s *stage) close() {
	_ = s.root.RemoveAll(s.name) // what stays behind is named .vendor-* and read by nothing
	_ = s.root.Close()
}

// path is the operating system's path of a name within the stage.
func (s *stage) path(name string) string { return filepath.Join(s.dir, s.name, name) }

// tree makes the folder that is going to be vendor/<name>, anew if it was there.
func (s *stage) tree(name string) (*tree, error) {
	folder := path.Join(s.name, "new", name)
	for _, step := range []error{
		s.root.RemoveAll(folder),
		s.root.RemoveAll(path.Join(s.name, "download")),
		s.root.Mkdir(folder, 0o755),
	} {
		if step != nil {
			return nil, fmt.Errorf("make room for %s: %w", name, step)
		}
	}
	root, err := s.root.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("make room for %s: %w", name, err)
	}
	return &tree{root: root}, nil
}

// install moves a finished tree to vendor/<name>, and what was there into the stage.
func (s *stage) install(name string) error {
	if err := s.ensureFolder(); err != nil {
		return err
	}
	if err := s.retire(name); err != nil {
		return err
	}
	s.swapped = append(s.swapped, name)
	if err := s.root.Rename(path.Join(s.name, "new", name), path.Join(Folder, name)); err != nil {
		return fmt.Errorf("put %s in place: %w", path.Join(Folder, name), err)
	}
	return nil
}

func (s *stage) ensureFolder() error {
	info, err := s.root.Lstat(Folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = s.root.Mkdir(Folder, 0o755)
	case err == nil && !info.IsDir():
		return finding.Finding{
			Rule: ruleChanged, Severity: finding.Error, File: Folder,
			Message: irregular(Folder).Error(), Hint: "remove it and " + hintVendor,
		}
	}
	if err != nil {
		return fmt.Errorf("make %s: %w", Folder, err)
	}
	return nil
}

// retire moves vendor/<name> into the stage, if it exists.
func (s *stage) retire(name string) error {
	err := s.root.Rename(path.Join(Folder, name), path.Join(s.name, "old", name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("put %s aside: %w", path.Join(Folder, name), err)
	}
	return nil
}

// prune moves vendor/<name> out of the way, for undo to bring back.
func (s *stage) prune(name string) error {
	if err := s.retire(name); err != nil {
		return err
	}
	s.swapped = append(s.swapped, name)
	return nil
}

// undo brings back what install and prune replaced, last change first.
func (s *stage) undo() error {
	var errs []error
	for _, name := range slices.Backward(s.swapped) {
		errs = append(errs, s.root.RemoveAll(path.Join(Folder, name)))
		err := s.root.Rename(path.Join(s.name, "old", name), path.Join(Folder, name))
		if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	s.swapped = nil
	s.removeIfEmpty()
	return errors.Join(errs...)
}

// removeIfEmpty takes vendor/ away when nothing is in it: Remove refuses otherwise.
func (s *stage) removeIfEmpty() {
	if info, err := s.root.Lstat(Folder); err == nil && info.IsDir() {
		_ = s.root.Remove(Folder)
	}
}

// write replaces a file in vendor/ at once, and only when its content changes.
func (s *stage) write(name string, content []byte) error {
	if err := s.ensureFolder(); err != nil {
		return err
	}
	if present, err := s.root.ReadFile(path.Join(Folder, name)); err == nil && slices.Equal(present, content) {
		return nil
	}
	fresh := path.Join(s.name, name)
	file, err := s.root.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = file.Write(content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := s.root.Rename(fresh, path.Join(Folder, name)); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
