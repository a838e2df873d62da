package tree

import (
	"errors"
	"io/fs"
	"os"
)

// OS is the machine's own file system.
type OS struct{}

// ReadFile implements [Disk].
func (OS) ReadFile(name string) ([]byte, error) { return os.ReadFile(name) }

// ReadDir implements [Disk].
func (OS) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// Lstat implements [Disk].
func (OS) Lstat(name string) (fs.FileInfo, error) { return os.Lstat(name) }

// MkdirAll implements [Disk].
func (OS) MkdirAll(name string) error { return os.MkdirAll(name, 0o755) }

// Rename implements [Disk].
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// RemoveAll implements [Disk].
func (OS) RemoveAll(name string) error { return os.RemoveAll(name) }

// Remove implements [Disk].
func (OS) Remove(name string) error { return os.Remove(name) }

// WriteFile implements [Disk].
func (OS) WriteFile(name string, content []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
