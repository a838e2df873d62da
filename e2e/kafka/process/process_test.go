package process

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func start(t *testing.T, script string) *Process {
	t.Helper()
	p, err := Start(Command{Name: "script", Path: "/bin/sh", Args: []string{"-c", script}, Dir: t.TempDir(), Log: filepath.Join(t.TempDir(), "log")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

func TestAProcessThatIsAskedEndsInGoodOrder(t *testing.T) {
	p := start(t, `trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done`)
	await(t, p, "up")
	if err := p.Stop(10 * time.Second); err != nil || p.Err() != nil {
		t.Errorf("Stop: %v, the process: %v", err, p.Err())
	}
	if !strings.HasSuffix(p.Tail(), "bye\n") {
		t.Errorf("the log is %q", p.Tail())
	}
}

func TestAProcessThatDoesNotListenIsKilledAndSaidSo(t *testing.T) {
	p := start(t, `trap '' TERM; echo up; while :; do sleep 0.1; done`)
	await(t, p, "up")
	if err := p.Stop(300 * time.Millisecond); err == nil || !strings.Contains(err.Error(), "was killed") {
		t.Errorf("Stop: %v", err)
	}
	if p.Err() == nil {
		t.Error("a killed process is said to have ended well")
	}
}

func TestWaitingEndsWithTheProcess(t *testing.T) {
	p := start(t, `echo no such broker; exit 3`)
	began := time.Now()
	err := p.AwaitRunning(t.Context(), func(context.Context) error { return errors.New("no answer") })
	if err == nil || !strings.Contains(err.Error(), "no such broker") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("AwaitRunning: %v", err)
	}
	if time.Since(began) > 30*time.Second {
		t.Error("it waited for a process that had ended")
	}
}

func TestFreePortsAreFreeDifferentAndOutOfReachOfOutgoingConnections(t *testing.T) {
	ports, err := FreePorts(5)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[int]bool)
	for _, port := range ports {
		listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err != nil || seen[port] || port >= 32768 {
			t.Errorf("port %d: %v, seen before: %t", port, err, seen[port])
			continue
		}
		_ = listener.Close()
		seen[port] = true
	}
}

func await(t *testing.T, p *Process, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	err := p.AwaitRunning(ctx, func(context.Context) error {
		if !strings.Contains(p.Tail(), text) {
			return errors.New("nothing said yet")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
