package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// errPortTaken tells that a process ended because another one holds its port.
var errPortTaken = errors.New("the port was taken meanwhile")

// logTail is how many of a log's last bytes an error shows.
const logTail = 2000

// command is a program with its arguments, and the name its log goes by.
type command struct {
	name string
	path string
	args []string
}

// process is one running child. done is closed once it has ended; err is set
// before that.
type process struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// launch starts c with its output in NAME.log in dir.
func launch(c command, dir string) (*process, error) {
	binary, err := exec.LookPath(c.path)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	// A relative path would be looked up in dir.
	if binary, err = filepath.Abs(binary); err != nil {
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	path := filepath.Join(dir, c.name+".log")
	log, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	cmd := exec.Command(binary, c.args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	bindToParent(cmd)
	p := &process{name: c.name, log: path, cmd: cmd, done: make(chan struct{})}

	started := make(chan error)
	go func() {
		// A child bound to its parent is, to Linux, bound to the thread that
		// made it, so that thread has to live as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer log.Close()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	return p, nil
}

// kill ends the process and returns when it is gone. It is not asked to end in
// good order: nothing it holds outlives it.
func (p *process) kill() {
	// The only failure is that it has ended already.
	_ = p.cmd.Process.Kill()
	<-p.done
}

// failure describes why the process, which has ended, did so.
func (p *process) failure() error {
	tail := p.tail()
	if strings.Contains(tail, "address already in use") {
		return fmt.Errorf("%s: %w", p.name, errPortTaken)
	}
	return fmt.Errorf("%s ended early (%v); its log ends with:\n%s", p.name, p.err, tail)
}

// tail is the end of the process's log, from the start of a line.
func (p *process) tail() string {
	log, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	if len(log) > logTail {
		log = log[len(log)-logTail:]
		_, log, _ = bytes.Cut(log, []byte("\n"))
	}
	return string(log)
}

// freePorts finds n different loopback ports that nothing listens on.
func freePorts(n int) ([]int, error) {
	ports := make([]int, n)
	for i := range ports {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("find a free port: %w", err)
		}
		// Held until all are found, so that none is found twice.
		defer listener.Close()
		ports[i] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}
