//go:build !unix

package fetch

import "os/exec"

// endTogether leaves a command's children to end when their parent's pipes close.
func endTogether(*exec.Cmd) {}
