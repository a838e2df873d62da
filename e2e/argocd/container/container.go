// Package container lays out root file systems for programs that run in a container on a
// cluster, and here in a changed root, under a user that no file knows, with group 0: what
// OpenShift's restricted security context gives them.
package container

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// UID is a user as OpenShift hands them out: no image knows it.
const UID uint32 = 1000650000

// Lay makes a new root at dir with what the image's root holds, and the devices
// that every container has. Files are shared with the image where the file system allows,
// so they must not be written to.
func Lay(image, dir string) error {
	err := filepath.WalkDir(image, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(image, path)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, inside)
		if !entry.IsDir() {
			return Place(path, to)
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if err := os.MkdirAll(to, 0o755); err != nil {
			return err
		}
		return os.Chmod(to, info.Mode())
	})
	if err == nil {
		err = devices(dir)
	}
	if err != nil {
		return fmt.Errorf("lay out the root of a container: %w", err)
	}
	return nil
}

// Place makes the file at from appear at to, by a link or else by a copy, with from's mode.
// Folders above it are made.
func Place(from, to string) error {
	from, err := filepath.EvalSymlinks(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.Link(from, to); err == nil {
		return nil
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, info.Mode())
}

// Mount writes the files of a volume, by name, below the path within the root, readable by
// everyone, as a ConfigMap's are.
func Mount(root, path string, files map[string]string) error {
	dir, err := inside(root, path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o444); err != nil {
			return err
		}
	}
	return nil
}

// Empty makes a folder within the root that everyone may write to, as an emptyDir is.
func Empty(root, path string) error {
	dir, err := inside(root, path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.Chmod(dir, 0o777)
}

func inside(root, path string) (string, error) {
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "..") {
		return "", errors.New("mount path " + path + " is not absolute")
	}
	return filepath.Join(root, path), nil
}
