//go:build !linux

package process

import "os/exec"

// bindToParent does nothing where the kernel offers no such binding; there only Stop and
// Kill end the child.
func bindToParent(*exec.Cmd) {}
