// Package process runs the programs of a test: each with a log of its own, each gone with
// the process that started it, however that one ends.
package process

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// logTail is how many of a log's last bytes Tail gives.
const logTail = 4000

// Command is a program to run.
type Command struct {
	// Name is what errors call it.
	Name string
	// Path is the program, Args its arguments.
	Path string
	Args []string
	// Env is its whole environment, and Dir its working folder, which exists.
	Env []string
	Dir string
	// Log is the file that its output is appended to.
	Log string
}

// Process is a running Command.
type Process struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// Start starts the command.
func Start(c Command) (*Process, error) {
	log, err := os.OpenFile(c.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	p := &Process{name: c.Name, log: c.Log, done: make(chan struct{})}
	p.cmd = exec.Command(c.Path, c.Args...) //nolint:gosec // the test chooses the program
	p.cmd.Dir, p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = c.Dir, c.Env, log, log
	bindToParent(p.cmd)
	started := make(chan error)
	go func() {
		// A child bound to its parent is, to Linux, bound to the thread that made it, so
		// that thread has to live as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer func() { _ = log.Close() }()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.err = p.cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	return p, nil
}

// Done is closed once the program has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err tells, once Done is closed, how the program ended: nil for exit code 0.
func (p *Process) Err() error { return p.err }

// Kill ends the program as a lost node would, and returns when it is gone.
func (p *Process) Kill() {
	// The only failure is that it has ended already.
	_ = p.cmd.Process.Kill()
	<-p.done
}

// Stop asks the program to end in good order and gives it that long; then it kills it and
// says so.
func (p *Process) Stop(grace time.Duration) error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
		return nil
	case <-timer.C:
		p.Kill()
		return fmt.Errorf("%s did not end within %s and was killed; its log ends with:\n%s", p.name, grace, p.Tail())
	}
}

// Ended describes how the program, which should still run, ended; nil while it runs.
func (p *Process) Ended() error {
	select {
	case <-p.done:
		return fmt.Errorf("%s ended early, %s; its log ends with:\n%s", p.name, p.cmd.ProcessState, p.Tail())
	default:
		return nil
	}
}

// Tail is the end of the program's log, from the start of a line.
func (p *Process) Tail() string { return Tail(p.log) }

// Tail is the end of a log file, from the start of a line.
func Tail(path string) string {
	log, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return err.Error()
	}
	if len(log) > logTail {
		log = log[len(log)-logTail:]
		_, log, _ = bytes.Cut(log, []byte("\n"))
	}
	return string(log)
}
