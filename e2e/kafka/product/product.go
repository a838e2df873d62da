// Package product builds cutover and asks it: for the tree of a migration, for what its
// clusters have in each phase, and to do what a phase needs.
package product

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"cutover/e2e/kafka/manifest"
)

// Product is the built cutover.
type Product struct {
	binary string
}

// ErrMissing says that this cutover has no such command yet.
var ErrMissing = errors.New("this cutover does not have the command")

// Build compiles cutover from the repository into folder.
func Build(ctx context.Context, repository, folder string) (Product, error) {
	p := Product{filepath.Join(folder, "cutover")}
	_, err := run(ctx, repository, "go", "build", "-o", p.binary, "./cmd/cutover")
	return p, err
}

// Inventory captures a source that runs, as the flags say.
func (p Product) Inventory(ctx context.Context, flags ...string) ([]byte, error) {
	return run(ctx, "", p.binary, append([]string{"inventory"}, flags...)...)
}

// Tree is a generated repository.
type Tree struct {
	product Product
	folder  string
}

// Generate writes the tree of the migration into folder.
func (p Product) Generate(ctx context.Context, migration, folder string) (Tree, error) {
	_, err := run(ctx, migration, p.binary, "generate", ".", "--out", folder)
	return Tree{p, folder}, err
}

// Phase is one phase of a tree.
type Phase struct {
	// Number is its three digits, Name what stands behind them.
	Number, Name string
	// Cluster is the one that it changes: source or target.
	Cluster string
	// Returns tells that it belongs to the ordered rollback.
	Returns bool
	// Offsets tells that it sets groups to offsets.
	Offsets bool
}

// String is the phase as its folder is named.
func (p Phase) String() string { return p.Number + "-" + p.Name }

// Phases are the phases on the way forward, in order.
func (t Tree) Phases() ([]Phase, error) {
	all, err := t.phases()
	return slices.DeleteFunc(all, func(p Phase) bool { return p.Returns }), err
}

// Returns are the phases of the ordered rollback, in order.
func (t Tree) Returns() ([]Phase, error) {
	all, err := t.phases()
	return slices.DeleteFunc(all, func(p Phase) bool { return !p.Returns }), err
}

func (t Tree) phases() ([]Phase, error) {
	files, err := filepath.Glob(filepath.Join(t.folder, "overlays", "*", "gate.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read phases: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s has no phases", t.folder)
	}
	var phases []Phase
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read phases: %w", err)
		}
		objects, err := manifest.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if len(objects) != 1 {
			return nil, fmt.Errorf("%s: %d objects, want one", file, len(objects))
		}
		var gate struct {
			Phase, Name, Cluster string
			Returns              bool
			Offsets              []any
		}
		if err := objects[0].Decode(&gate); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		phases = append(phases, Phase{gate.Phase, gate.Name, gate.Cluster, gate.Returns, len(gate.Offsets) > 0})
	}
	return phases, nil
}

// Render gives what the phase's cluster has once the phase is reached.
func (t Tree) Render(ctx context.Context, phase Phase) ([]manifest.Object, error) {
	stream, err := run(ctx, t.folder, t.product.binary, "render", "--cluster", phase.Cluster, "--phase", phase.Number)
	if err != nil {
		return nil, err
	}
	return manifest.Parse(stream)
}

// Has tells whether cutover has a command.
func (t Tree) Has(ctx context.Context, command string) bool {
	help, err := run(ctx, "", t.product.binary, "--help")
	return err == nil && slices.ContainsFunc(strings.Split(string(help), "\n"), func(line string) bool {
		return strings.HasPrefix(line, "  "+command+" ")
	})
}

// Run runs a command of cutover in the tree's folder and returns what it printed; it is
// ErrMissing where cutover does not have it.
func (t Tree) Run(ctx context.Context, command string, args ...string) ([]byte, error) {
	if !t.Has(ctx, command) {
		return nil, fmt.Errorf("%s: %w", command, ErrMissing)
	}
	return run(ctx, t.folder, t.product.binary, append([]string{command}, args...)...)
}

// run runs a program in dir and returns its standard output.
func run(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // the test chooses the program
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(name), strings.Join(args, " "), err, stdout.Bytes(), stderr.Bytes())
	}
	return stdout.Bytes(), nil
}
