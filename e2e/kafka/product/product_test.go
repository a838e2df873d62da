package product_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/manifest"
	"cutover/e2e/kafka/product"
)

func generate(t *testing.T) product.Tree {
	t.Helper()
	cutover, err := product.Build(t.Context(), "../../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	migration := t.TempDir()
	if err := os.CopyFS(migration, os.DirFS("../testdata/ferry")); err != nil {
		t.Fatal(err)
	}
	tree, err := cutover.Generate(t.Context(), migration, filepath.Join(t.TempDir(), "tree"))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestTheTreeOfTheTestsMigration(t *testing.T) {
	tree := generate(t)
	t.Run("its phases turn the workloads", func(t *testing.T) { phasesTurnWorkloads(t, tree) })
	t.Run("a command that cutover does not have is said to be missing", func(t *testing.T) { missingCommand(t, tree) })
}

func phasesTurnWorkloads(t *testing.T, tree product.Tree) {
	t.Helper()
	phases, err := tree.Phases()
	if err != nil {
		t.Fatal(err)
	}
	returns, err := tree.Returns()
	if err != nil {
		t.Fatal(err)
	}
	if len(returns) == 0 || slices.ContainsFunc(phases, func(p product.Phase) bool { return p.Returns }) {
		t.Errorf("forward %v, back %v", phases, returns)
	}
	if !slices.IsSortedFunc(phases, func(a, b product.Phase) int { return strings.Compare(a.Number, b.Number) }) {
		t.Errorf("the phases are not in order: %v", phases)
	}
	for _, test := range []struct {
		phase, workload string
		replicas        int
		mirror          bool
	}{
		{"080", "ticket-office", 0, false},
		{"090", "ticket-office", 0, true},
		{"095", "ticket-gateway", 2, false},
		{"100", "ticket-gateway", 0, false},
		{"100", "ticket-office", 2, false},
		{"120", "ticket-office", 0, false},
		{"120", "gate-monitor", 1, false},
		{"150", "ticket-office", 2, true},
		{"150", "boarding-control", 0, true},
		{"160", "boarding-control", 1, true},
		{"250", "gate-monitor", 1, true},
		{"905", "gate-monitor", 1, false},
	} {
		i := slices.IndexFunc(phases, func(p product.Phase) bool { return p.Number == test.phase })
		if i < 0 {
			t.Errorf("there is no phase %s", test.phase)
			continue
		}
		objects, err := tree.Render(t.Context(), phases[i])
		if err != nil {
			t.Fatal(err)
		}
		replicas, mirrors := -1, 0
		for _, object := range objects {
			switch {
			case object.Kind == "KafkaMirrorMaker2":
				mirrors++
				translates(t, object)
			case object.Metadata.Name == test.workload:
				var content struct{ Spec struct{ Replicas int } }
				if err := object.Decode(&content); err != nil {
					t.Fatal(err)
				}
				replicas = content.Spec.Replicas
			}
		}
		if replicas != test.replicas || (mirrors == 1) != test.mirror {
			t.Errorf("phase %s: %s has %d replicas, want %d; %d mirrors, want one: %t", test.phase, test.workload, replicas, test.replicas, mirrors, test.mirror)
		}
	}
}

// translates holds that the rendered mirror is one that Connect can run.
func translates(t *testing.T, object manifest.Object) {
	t.Helper()
	resource, err := connect.Read(object)
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := connect.Translate(resource, func(string) (string, error) { return "127.0.0.1:1", nil })
	if err != nil {
		t.Fatal(err)
	}
	if len(wanted.Connectors) != 3 || wanted.Worker["offset.storage.topic"] != "ferry-mirror-offsets" {
		t.Errorf("it asks for %+v", wanted)
	}
}

func missingCommand(t *testing.T, tree product.Tree) {
	t.Helper()
	if _, err := tree.Run(t.Context(), "teleport"); !errors.Is(err, product.ErrMissing) {
		t.Errorf("teleport: %v", err)
	}
	if _, err := tree.Run(t.Context(), "render", "--cluster", "nowhere"); err == nil || errors.Is(err, product.ErrMissing) {
		t.Errorf("render of an unknown cluster: %v", err)
	}
	if out, err := tree.Run(t.Context(), "validate"); err != nil {
		t.Errorf("validate: %v\n%s", err, out)
	}
}
