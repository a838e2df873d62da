// Package process runs the programs of a test: each a child of its own with a log of its
// own, which a test that fails shows the end of.
package process

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// grace is how long a program has to end in good order.
const grace = 3 * time.Second

// logTail is how many of a log's last bytes a failed test shows.
const logTail = 4000

// Command is a program to run for the length of a test.
type Command struct {
	// Name is what its log goes by: NAME.log.
	Name string
	// Path is the program, Args its arguments.
	Path string
	Args []string
	// Env is its whole environment, and Dir its working folder, which exists.
	Env []string
	Dir string
	// Logs is an existing folder for the log.
	Logs string
	// Prison, unless nil, is where and as whom the program runs; Path and Dir are then
	// paths within.
	Prison *Prison
}

// Prison is a root file system and a user, as a container has them.
type Prison struct {
	// Root is the folder that the program sees as /.
	Root string
	// UID is the user; the group is 0, as on OpenShift.
	UID uint32
}

// Process is a running Command.
type Process struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// Start starts the command and has it ended with the test, or when the test's process ends,
// however it ends. When the test has failed, the end of the log is shown.
func Start(t testing.TB, c Command) *Process {
	t.Helper()
	p := &Process{name: c.Name, log: filepath.Join(c.Logs, c.Name+".log"), done: make(chan struct{})}
	log, err := os.Create(p.log)
	if err != nil {
		t.Fatal(err)
	}
	p.cmd = exec.Command(c.Path, c.Args...)
	p.cmd.Dir, p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = c.Dir, c.Env, log, log
	Confine(p.cmd, c.Prison)
	started := make(chan error)
	go func() {
		// A child bound to its parent is, to Linux, bound to the thread that made it, so
		// that thread has to live as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer log.Close()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.err = p.cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("start %s: %v", c.Name, err)
	}
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("the log of %s ends with:\n%s", p.name, p.tail())
		}
	})
	return p
}

// stop asks the program to end, kills it when it does not, and returns when it is gone.
func (p *Process) stop() {
	// The only failure is that it has ended already.
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(grace):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// Await calls try until it returns nil; after a minute, or as soon as the program has ended,
// the test fails with try's last error.
func (p *Process) Await(t testing.TB, try func() error) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-p.done:
			t.Fatalf("%s ended early: %v (%v)", p.name, p.err, err)
		case <-time.After(100 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is not ready: %v", p.name, err)
		}
	}
}

// Listens returns nil when something accepts connections at the address.
func Listens(network, address string) error {
	connection, err := net.DialTimeout(network, address, time.Second)
	if err != nil {
		return err
	}
	return connection.Close()
}

// Port finds a loopback port that nothing listens on.
func Port(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// Run runs a program to its end in dir and returns its standard output. Any exit code but
// zero fails the test, with what the program wrote to standard error.
func Run(t testing.TB, dir, path string, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s", filepath.Base(path), args, err, stderr.Bytes())
	}
	return stdout.Bytes()
}

// tail is the end of the program's log.
func (p *Process) tail() string {
	log, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(log[max(0, len(log)-logTail):])
}
