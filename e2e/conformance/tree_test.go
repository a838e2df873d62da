package conformance_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"cutover/e2e/conformance/manifest"
)

// sides are the two clusters of a tree.
func sides() []string { return []string{"source", "target"} }

// phase is one folder under overlays, and the cluster that it changes.
type phase struct {
	folder, cluster string
}

// number is what --phase takes.
func (p phase) number() string { number, _, _ := strings.Cut(p.folder, "-"); return number }

// phases lists a tree's phases that lead forward, in order.
func phases(t *testing.T, tree string) []phase {
	t.Helper()
	forward, _ := overlays(t, tree)
	if len(forward) < 15 {
		t.Fatalf("the tree has %d phases, want the whole way of a migration", len(forward))
	}
	return forward
}

// overlays lists a tree's phases in order: those that lead forward and those of the ordered
// rollback, in which the batch that moved last goes back first.
func overlays(t *testing.T, tree string) (forward, back []phase) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(tree, "overlays"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		var gate struct {
			Cluster string
			Returns bool
		}
		decode(t, read(t, filepath.Join(tree, "overlays", entry.Name(), "gate.yaml")), &gate)
		if !slices.Contains(sides(), gate.Cluster) {
			t.Fatalf("phase %s is one of cluster %q", entry.Name(), gate.Cluster)
		}
		if next := (phase{entry.Name(), gate.Cluster}); gate.Returns {
			back = append(back, next)
		} else {
			forward = append(forward, next)
		}
	}
	slices.SortStableFunc(back, func(a, b phase) int { return strings.Compare(b.number()[:1], a.number()[:1]) })
	return forward, back
}

func pointer(tree, cluster string) string {
	return filepath.Join(tree, "clusters", cluster, "kustomization.yaml")
}

// advance takes one step as a person would: one line more in the cluster's pointer.
func advance(t *testing.T, tree string, next phase) {
	t.Helper()
	file := pointer(tree, next.cluster)
	write(t, file, read(t, file)+"- ../../overlays/"+next.folder+"\n")
}

// render gives the stream of one cluster, and what it holds.
func (p product) render(t *testing.T, tree, cluster string, args ...string) (string, manifest.Set) {
	t.Helper()
	stream := run(t, tree, p.cutover, append([]string{"render", "--cluster", cluster}, args...)...)
	return stream, parse(t, stream)
}

func parse(t *testing.T, stream string) manifest.Set {
	t.Helper()
	objects, err := manifest.Parse([]byte(stream))
	if err != nil {
		t.Fatal(err)
	}
	if len(objects) == 0 {
		t.Fatal("the stream holds no object")
	}
	return objects
}

// snapshot reads every file of a folder, by slash-separated path.
func snapshot(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("%s is empty", folder)
	}
	return files
}

// changed lists the files that are not the same in both snapshots, sorted.
func changed(before, after map[string]string) []string {
	var names []string
	for name, content := range after {
		if old, ok := before[name]; !ok || old != content {
			names = append(names, name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func decode(t *testing.T, content string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(content), into); err != nil {
		t.Fatal(err)
	}
}
