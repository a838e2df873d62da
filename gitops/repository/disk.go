package repository

import (
	"errors"
	"io/fs"
	"os"
)

// Disk is what changing a checkout needs of a file system. [OS] is the real one.
type Disk interface {
	// Create writes a file that must not be there yet, with the given permissions.
	Create(name string, content []byte, mode fs.FileMode) error
	// Append adds to the end of a file that is there.
	Append(name string, content []byte) error
	Rename(from, to string) error
	Remove(name string) error
	// Writable fails for a file that must not be written.
	Writable(name string) error
}

// OS is the machine's own file system.
type OS struct{}

// Create implements [Disk]. A file that could not be written whole is removed again.
func (OS) Create(name string, content []byte, mode fs.FileMode) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode) //nolint:gosec // within the repository that is asked for
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(name)) //nolint:gosec // as above
	}
	return nil
}

// Append implements [Disk].
func (OS) Append(name string, content []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}

// Rename implements [Disk].
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements [Disk].
func (OS) Remove(name string) error { return os.Remove(name) }

// Writable implements [Disk].
func (OS) Writable(name string) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return file.Close()
}
