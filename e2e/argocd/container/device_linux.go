package container

import (
	"os"
	"path/filepath"
	"syscall"
)

// devices makes /dev/null, which every container runtime does.
func devices(root string) error {
	if err := os.MkdirAll(filepath.Join(root, "dev"), 0o755); err != nil {
		return err
	}
	const major, minor = 1, 3
	path := filepath.Join(root, "dev", "null")
	if err := syscall.Mknod(path, syscall.S_IFCHR|0o666, major<<8|minor); err != nil {
		return &os.PathError{Op: "mknod", Path: path, Err: err}
	}
	// The umask has taken rights away.
	return os.Chmod(path, 0o666)
}
