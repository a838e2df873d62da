package process

import (
	"os/exec"
	"syscall"
)

// bindToParent has the kernel kill the child when the process that started it ends, however
// it ends; and keeps an interrupt at the terminal from the child, which is stopped in order.
func bindToParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
