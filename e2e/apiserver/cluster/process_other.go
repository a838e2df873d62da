//go:build !linux

package cluster

import "os/exec"

// bindToParent does nothing where the kernel offers no such binding; there
// only Stop ends the child.
func bindToParent(*exec.Cmd) {}
