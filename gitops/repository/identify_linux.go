package repository

import (
	"io/fs"
	"syscall"
	"time"
)

// identify gives what Git's index keeps of a file to tell whether it is still the same.
func identify(info fs.FileInfo) (created time.Time, inode uint32) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return info.ModTime(), 0
	}
	return time.Unix(stat.Ctim.Unix()), uint32(stat.Ino) //nolint:gosec // Git cuts the number off in the same way
}
