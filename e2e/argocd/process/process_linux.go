package process

import (
	"os/exec"
	"syscall"
)

// Confine has the kernel kill the child when the process that started it ends, however it
// ends, so that a test that times out leaves no server behind; and puts it in its prison.
func Confine(cmd *exec.Cmd, prison *Prison) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if prison != nil {
		cmd.SysProcAttr.Chroot = prison.Root
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: prison.UID, Gid: 0}
	}
}
