package cluster

import (
	"os/exec"
	"syscall"
)

// bindToParent has the kernel kill the child when the process that started it
// ends, however it ends: a test that times out leaves no server behind.
func bindToParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
