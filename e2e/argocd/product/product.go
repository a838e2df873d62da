// Package product runs cutover as a person does: it generates a migration's tree, and keeps
// that tree in a Git repository.
package product

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"cutover/e2e/apiserver/cluster/clustertest"
	"cutover/e2e/argocd/process"
)

// Product is the built cutover.
type Product struct {
	// Image is the unpacked root of its image, ArgoCD the folder of Argo CD's programs.
	Image, ArgoCD string
	// Repository is the product's own repository.
	Repository string
}

// Phase is one phase of a tree.
type Phase struct {
	// Number is 090, Name mirror-start, Cluster source or target.
	Number, Name, Cluster string
	// Returns tells that the phase is one of an ordered rollback.
	Returns bool
	// PastReturn tells that no revert leads back from it.
	PastReturn bool
}

// Open finds the product and Argo CD as e2e/argocd/run built them. The test is skipped when
// it is not run by that.
func Open(t testing.TB) Product {
	t.Helper()
	if os.Getenv("CUTOVER_E2E") == "" {
		t.Skip("needs a real Argo CD: run e2e/argocd/run, which sets CUTOVER_E2E")
	}
	p := Product{
		Image:      os.Getenv("CUTOVER_IMAGE"),
		ArgoCD:     os.Getenv("CUTOVER_ARGOCD"),
		Repository: filepath.Join(clustertest.Module(t), "..", ".."),
	}
	if p.Image == "" || p.ArgoCD == "" {
		t.Fatal("CUTOVER_IMAGE or CUTOVER_ARGOCD is not set: e2e/argocd/run sets both")
	}
	return p
}

// Binary is the path of the image's cutover.
func (p Product) Binary() string { return filepath.Join(p.Image, "usr", "local", "bin", "cutover") }

// Example copies one of the repository's migrations, given by its path, into a new folder.
func (p Product) Example(t testing.TB, path ...string) string {
	t.Helper()
	example := filepath.Join(t.TempDir(), "example")
	from := filepath.Join(append([]string{p.Repository}, path...)...)
	if err := os.CopyFS(example, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return example
}

// Generate writes the tree of a migration to a new folder. Findings of the migration are
// no failure.
func (p Product) Generate(t testing.TB, example string) string {
	t.Helper()
	tree := filepath.Join(t.TempDir(), "tree")
	p.Regenerate(t, example, tree)
	return tree
}

// Regenerate writes the tree of a migration to a folder.
func (p Product) Regenerate(t testing.TB, example, tree string) {
	t.Helper()
	process.Run(t, p.Repository, p.Binary(), "generate", example, "--out", tree)
}

// Render returns the stream of one cluster as of a phase, or as reached for "".
func (p Product) Render(t testing.TB, tree, cluster, phase string) []byte {
	t.Helper()
	args := []string{"render", tree, "--cluster", cluster}
	if phase != "" {
		args = append(args, "--phase", phase)
	}
	return process.Run(t, p.Repository, p.Binary(), args...)
}

// Advance moves the tree by one phase, forward or along the ordered rollback, the way a
// person without the commands would: by one line more in one pointer.
func Advance(t testing.TB, tree string, phase Phase) {
	t.Helper()
	path := filepath.Join(tree, "clusters", phase.Cluster, "kustomization.yaml")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content = fmt.Appendf(content, "- ../../overlays/%s-%s\n", phase.Number, phase.Name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Phases are the phases of a tree in the order of their numbers.
func Phases(t testing.TB, tree string) []Phase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(tree, "overlays", "*", "gate.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no phases (%v)", tree, err)
	}
	slices.Sort(files)
	var phases []Phase
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var gate struct {
			Phase      string `json:"phase"`
			Name       string `json:"name"`
			Cluster    string `json:"cluster"`
			Returns    bool   `json:"returns"`
			PastReturn bool   `json:"pastReturn"`
		}
		if err := yaml.Unmarshal(content, &gate); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		phases = append(phases, Phase{gate.Phase, gate.Name, gate.Cluster, gate.Returns, gate.PastReturn})
	}
	return phases
}

// Git is a repository with a tree in it.
type Git struct {
	// Dir is the work tree.
	Dir string
}

// Init makes a repository of the folder, with everything in it as the first commit.
func Init(t testing.TB, dir string) Git {
	t.Helper()
	g := Git{Dir: dir}
	g.Run(t, "init", "--quiet", "--initial-branch=main")
	g.Run(t, "config", "user.name", "Ada")
	g.Run(t, "config", "user.email", "ada@example.com")
	g.Run(t, "add", "--all")
	g.Run(t, "commit", "--quiet", "--message", "Generate the migration")
	return g
}

// Run runs git in the work tree and returns what it prints, without the last line's end.
// Configuration outside the repository is left out.
func (g Git) Run(t testing.TB, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = g.Dir, &stdout, &stderr
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	if err := cmd.Run(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, stderr.Bytes())
	}
	return strings.TrimRight(stdout.String(), "\n")
}

// Head is the commit that the work tree is at.
func (g Git) Head(t testing.TB) string {
	t.Helper()
	return g.Run(t, "rev-parse", "HEAD")
}
