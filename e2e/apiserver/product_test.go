package apiserver_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"cutover/e2e/apiserver/cluster/clustertest"
)

// product is the built cutover and the repository it was built from.
type product struct {
	binary     string
	repository string
}

// phase is one folder of overlays/: its number, as --phase wants it, and name.
type phase struct {
	number, name string
}

// targetVersion finds the target's version in the example's migration.yaml, the
// only one written as an AMQ Streams version in quotes.
var targetVersion = regexp.MustCompile(`(?m)^(\s*version:\s*)"1\.[78]"`)

func build(t *testing.T) product {
	t.Helper()
	p := product{
		binary:     filepath.Join(t.TempDir(), "cutover"),
		repository: filepath.Join(clustertest.Module(t), "..", ".."),
	}
	command(t, p.repository, "go", "build", "-o", p.binary, "./cmd/cutover")
	return p
}

// generate writes the tree of the example with the given target version.
func (p product) generate(t *testing.T, version string) string {
	t.Helper()
	example := filepath.Join(t.TempDir(), "freight")
	if err := os.CopyFS(example, os.DirFS(filepath.Join(p.repository, "examples", "freight"))); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(example, "migration.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(targetVersion.FindAll(text, -1)); n != 1 {
		t.Fatalf("examples/freight/migration.yaml names the target's version %d times, want once", n)
	}
	text = targetVersion.ReplaceAll(text, []byte(`${1}"`+version+`"`))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	tree := filepath.Join(t.TempDir(), "tree")
	command(t, p.repository, p.binary, "generate", example, "--out", tree)
	return tree
}

// render returns the stream of the target with the phases up to this one.
func (p product) render(t *testing.T, tree string, phase phase) []manifest {
	t.Helper()
	stream := command(t, tree, p.binary, "render", "--cluster", "target", "--phase", phase.number)
	manifests, err := parse(stream)
	if err != nil {
		t.Fatalf("render --phase %s: %v", phase.number, err)
	}
	if len(manifests) == 0 {
		t.Fatalf("render --phase %s gave no object", phase.number)
	}
	return manifests
}

// targetPhases returns the phases of the tree that lead forward and change the target, in
// order.
func targetPhases(t *testing.T, tree string) []phase {
	t.Helper()
	gates, err := filepath.Glob(filepath.Join(tree, "overlays", "*", "gate.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var phases []phase
	for _, file := range gates {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var gate struct {
			Cluster string `json:"cluster"`
			Returns bool   `json:"returns"`
		}
		if err := yaml.Unmarshal(text, &gate); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if gate.Returns {
			continue
		}
		number, name, _ := strings.Cut(filepath.Base(filepath.Dir(file)), "-")
		switch gate.Cluster {
		case "target":
			phases = append(phases, phase{number, name})
		case "source":
		default:
			t.Errorf("%s: cluster is %q, want source or target", file, gate.Cluster)
		}
	}
	if len(phases) == 0 {
		t.Fatalf("%s has no phase of the target", filepath.Join(tree, "overlays"))
	}
	return phases
}

// command runs a program in dir and returns its standard output.
func command(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, stderr.Bytes())
	}
	return stdout.Bytes()
}
