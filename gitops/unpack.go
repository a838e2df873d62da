package gitops

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"cutover/gitops/repository"
)

// unpack writes a migration's folder, as a commit has it, to a temporary folder.
func unpack(at *repository.Snapshot) (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp("", "cutover-")
	if err != nil {
		return "", nil, fmt.Errorf("unpack a commit: %w", err)
	}
	remove = func() { _ = os.RemoveAll(dir) }
	root, err := os.OpenRoot(dir)
	if err != nil {
		remove()
		return "", nil, fmt.Errorf("unpack a commit: %w", err)
	}
	err = at.Walk(func(name string, content []byte) error {
		// A root refuses names that lead out of it, which a hand-made tree object may hold.
		if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(name)), 0o700); err != nil {
			return err
		}
		return root.WriteFile(filepath.FromSlash(name), content, 0o600)
	})
	if err = errors.Join(err, root.Close()); err != nil {
		remove()
		return "", nil, fmt.Errorf("unpack a commit: %w", err)
	}
	return dir, remove, nil
}
