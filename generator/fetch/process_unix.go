//go:build unix

package fetch

import (
	"os/exec"
	"syscall"
)

// endTogether has the end of a command's context end its children too: git leaves the
// network to a program of its own, which would outlive it.
func endTogether(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
