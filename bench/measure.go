package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// once is the number of topics from which kustomize build runs once only: it takes minutes.
const once = 4000

// The release and the namespace that the synthetic migration's topics are in.
const (
	topicsRelease = "target-topics"
	topicsChart   = "charts/topics"
	namespace     = "synthetic-streams"
)

// cost is what several runs of a command took.
type cost struct {
	// Seconds is the wall time of the fastest run.
	Seconds float64 `json:"seconds"`
	// Mebibytes is the highest peak of the resident memory of any run, in 2^20 bytes.
	Mebibytes float64 `json:"mebibytes"`
	// Runs counts the runs.
	Runs int `json:"runs"`
}

// row is what one number of topics cost. What was not measured is nil.
type row struct {
	Topics    int   `json:"topics"`
	Users     int   `json:"users"`
	Generate  *cost `json:"generate"`
	Render    *cost `json:"render"`
	Helm      *cost `json:"helmTemplate,omitempty"`
	Kustomize *cost `json:"kustomizeBuild,omitempty"`
}

// measure makes a workspace of size topics and runs everything on it.
func (o options) measure(ctx context.Context, dir string, size int) (row, error) {
	r := row{Topics: size, Users: size / 10}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder of our own, and nothing to do about it
	given, tree, out := filepath.Join(dir, "given"), filepath.Join(dir, "tree"), filepath.Join(dir, "out")
	if err := writeWorkspace(given, size, r.Users); err != nil {
		return r, err
	}
	generate := measured{name: o.cutover, args: []string{"generate", given, "--out", tree}, out: out,
		prepare: func() error { return os.RemoveAll(tree) }}
	var err error
	if r.Generate, err = generate.best(ctx, o.runs); err != nil {
		return r, err
	}
	if err := reachAll(tree); err != nil {
		return r, err
	}
	render := measured{name: o.cutover, args: []string{"render", "--cluster", "target"}, dir: tree, out: out, topics: size, users: r.Users}
	if r.Render, err = render.best(ctx, o.runs); err != nil {
		return r, err
	}
	helm := measured{name: o.helm, dir: tree, out: out, topics: size,
		args: []string{"template", topicsRelease, topicsChart, "-n", namespace, "-f", "releases/" + topicsRelease + "/values.yaml"}}
	if r.Helm, err = helm.best(ctx, o.runs); err != nil {
		return r, err
	}
	if !slices.Contains(o.kustomizeSizes, size) {
		return r, nil
	}
	kustomize := measured{name: o.kustomize, args: []string{"build", "clusters/target"}, dir: tree, out: out, topics: size, users: r.Users}
	runs := o.runs
	if size >= once {
		runs = 1
	}
	r.Kustomize, err = kustomize.best(ctx, runs)
	return r, err
}

// reachAll writes every phase that leads forward into the pointers, as they stand when a
// migration is over.
func reachAll(tree string) error {
	folders, err := os.ReadDir(filepath.Join(tree, "overlays"))
	if err != nil {
		return err
	}
	for _, folder := range folders {
		gate, err := os.ReadFile(filepath.Join(tree, "overlays", folder.Name(), "gate.yaml")) //nolint:gosec // a folder of our own
		if err != nil {
			return err
		}
		if bytes.Contains(gate, []byte("\nreturns: true\n")) {
			continue // the ordered rollback
		}
		side := "source"
		if bytes.Contains(gate, []byte("\ncluster: target\n")) {
			side = "target"
		}
		if err := appendLine(filepath.Join(tree, "clusters", side, "kustomization.yaml"), "- ../../overlays/"+folder.Name()); err != nil {
			return err
		}
	}
	return nil
}

func appendLine(path, line string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // a folder of our own
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, line)
	return errors.Join(err, file.Close())
}

// measured is one command line, and what its output must hold to be whole.
type measured struct {
	name   string
	args   []string
	dir    string
	out    string
	topics int
	users  int
	// prepare, where given, runs before each run and is not measured.
	prepare func() error
}

// best runs it several times: the fastest run counts for the time, the largest for memory.
func (m measured) best(ctx context.Context, runs int) (*cost, error) {
	best := &cost{Seconds: math.Inf(1), Runs: runs}
	for range runs {
		c, err := m.once(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", filepath.Base(m.name), m.args[0], err)
		}
		best.Seconds, best.Mebibytes = min(best.Seconds, c.Seconds), max(best.Mebibytes, c.Mebibytes)
	}
	return best, nil
}

func (m measured) once(ctx context.Context) (*cost, error) {
	if m.prepare != nil {
		if err := m.prepare(); err != nil {
			return nil, err
		}
	}
	out, err := os.Create(m.out)
	if err != nil {
		return nil, err
	}
	defer out.Close() //nolint:errcheck // what was written is checked
	var stderr bytes.Buffer
	command := exec.CommandContext(ctx, m.name, m.args...)
	command.Dir, command.Stdout, command.Stderr = m.dir, out, &stderr
	start := time.Now()
	err = command.Run()
	elapsed := time.Since(start)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, tail(stderr.String()))
	}
	usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return nil, errors.New("this system does not tell the memory of a process")
	}
	// Linux counts ru_maxrss in units of 1024 bytes.
	return &cost{Seconds: elapsed.Seconds(), Mebibytes: float64(usage.Maxrss) / 1024}, m.check()
}

func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// check counts topics and users in the output.
func (m measured) check() error {
	for kind, want := range map[string]int{"KafkaTopic": m.topics, "KafkaUser": m.users} {
		if want == 0 {
			continue
		}
		got, err := count(m.out, "kind: "+kind)
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("the output holds %d %ss, want %d", got, kind, want)
		}
	}
	return nil
}

// count counts the lines of a file that say exactly this, reading it piece by piece: this
// process must stay small, since a child's peak begins with its parent's.
func count(path, line string) (int, error) {
	file, err := os.Open(path) //nolint:gosec // a file of our own
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // opened for reading
	reader, found := bufio.NewReader(file), 0
	for {
		text, err := reader.ReadSlice('\n')
		if string(bytes.TrimRight(text, "\n")) == line {
			found++
		}
		switch {
		case errors.Is(err, io.EOF):
			return found, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return 0, err
		}
	}
}
