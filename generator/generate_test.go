package generator_test

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"cutover/charts"
	"cutover/generator"
	"cutover/generator/finding"
	"cutover/generator/invariant"
	"cutover/generator/inventory"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/tree"
	"cutover/generator/workspace"
)

const example = "../examples/freight"

// freight reads the example once: digests of its Secrets are slow by design.
var freight = sync.OnceValues(func() (generator.Input, error) { return workspace.Load(context.Background(), example, "") })

func load(t testing.TB, dir string) generator.Input {
	t.Helper()
	if dir == example {
		in, err := freight()
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	in, err := workspace.Load(context.Background(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// generated gives the tree of the example, made once: the race detector makes it slow.
var generated = sync.OnceValues(func() (tree.Tree, error) {
	in, err := freight()
	if err != nil {
		return nil, err
	}
	out, err := generator.Generate(in)
	return out.Tree, err
})

// made gives a copy of the tree of a folder.
func made(t testing.TB, dir string) tree.Tree {
	t.Helper()
	if dir != example {
		return generate(t, load(t, dir))
	}
	files, err := generated()
	if err != nil {
		t.Fatal(err)
	}
	return maps.Clone(files)
}

func generate(t testing.TB, in generator.Input) tree.Tree {
	t.Helper()
	out, err := generator.Generate(in)
	if err != nil {
		t.Fatal(err)
	}
	return out.Tree
}

// differing gives the paths at which two trees differ.
func differing(a, b tree.Tree) []string {
	all := make(map[string]bool)
	for path := range a {
		all[path] = !bytes.Equal(a[path], b[path])
	}
	for path := range b {
		all[path] = !bytes.Equal(a[path], b[path]) || a[path] == nil
	}
	maps.DeleteFunc(all, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(all))
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	for _, dir := range []string{"testdata/small", example} {
		t.Run(dir, func(t *testing.T) {
			if paths := differing(made(t, dir), generate(t, load(t, dir))); len(paths) > 0 {
				t.Errorf("a second run changed %v", paths)
			}
		})
	}
}

// exported lists the files of the example's export.
func exported(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(example, "export", "*"))
	if err != nil || len(files) < 5 {
		t.Fatalf("got %v, %v", files, err)
	}
	return files
}

func TestTheOrderOfTheEvidenceDoesNotMatter(t *testing.T) {
	options := inventory.Options{Cluster: "freight", Namespace: "freight-kafka"}
	in := load(t, example)
	files := exported(t)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	read, findings, err := inventory.Read(context.Background(), inventory.Paths{Names: files}, options)
	if err != nil {
		t.Fatal(err)
	}
	read.Findings = findings
	in.Inventory = read
	if paths := differing(made(t, example), generate(t, in)); len(paths) > 0 {
		t.Errorf("in the order %v these differ: %v", files, paths)
	}
}

// save writes a tree to disk, as generate does.
func save(t testing.TB, dir string, files tree.Tree) {
	t.Helper()
	whole := maps.Clone(files)
	whole[tree.SumFile] = files.Sum(overlay.PointerPaths()...).Marshal()
	for path, content := range whole {
		name := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestATreeGeneratesItselfAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs nothing at once that other tests do not")
	}
	for _, dir := range []string{"testdata/small", example} {
		t.Run(dir, func(t *testing.T) {
			first := made(t, dir)
			out := t.TempDir()
			save(t, out, first)
			in, err := workspace.Load(context.Background(), out, out)
			if err != nil {
				t.Fatal(err)
			}
			if paths := differing(first, generate(t, in)); len(paths) > 0 {
				t.Errorf("these differ: %v", paths)
			}
		})
	}
}

func TestAFreshTreeHoldsAllInvariants(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs nothing at once that other tests do not")
	}
	for _, dir := range []string{"testdata/small", example} {
		t.Run(dir, func(t *testing.T) {
			generated := made(t, dir)
			files := maps.Clone(generated)
			files[tree.SumFile] = generated.Sum(overlay.PointerPaths()...).Marshal()
			if found := invariant.Check(files, generated); len(found) > 0 {
				t.Errorf("got %v", found)
			}
		})
	}
}

func TestOneMoreTopicTouchesTheTopicsAlone(t *testing.T) {
	in := load(t, "testdata/small")
	before := generate(t, in)
	in.Inventory.Topics = append(slices.Clone(in.Inventory.Topics), inventory.Topic{Name: "zebra", Resource: "zebra", Partitions: 3, Replicas: 3, Seen: []inventory.Evidence{inventory.Manifests}})
	want := []string{"README.md", "inventory.yaml", "releases/target-topics/manifests.yaml", "releases/target-topics/values.yaml"}
	if got := differing(before, generate(t, in)); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTheMigrationIsKeptToTheLetter(t *testing.T) {
	if got := made(t, example)["migration.yaml"]; !bytes.Equal(got, load(t, example).MigrationFile) {
		t.Error("comments or layout changed")
	}
}

func TestTheChartsInTheTreeAreThoseOfTheTool(t *testing.T) {
	found := 0
	for path, content := range made(t, example) {
		name, ok := strings.CutPrefix(path, "charts/")
		if !ok {
			continue
		}
		want, err := fs.ReadFile(charts.FS, name)
		if err != nil || !bytes.Equal(content, want) {
			t.Errorf("%s is not the embedded one: %v", path, err)
		}
		found++
	}
	if found < 30 {
		t.Errorf("only %d chart files", found)
	}
}

func TestPhasesReachedStayReached(t *testing.T) {
	in := load(t, "testdata/small")
	in.Pointers = map[plan.Side][]byte{
		plan.Source: overlay.NewPointer(plan.Source, "000-source-monitoring", "010-source-access"), plan.Target: overlay.NewPointer(plan.Target, "020-target-operator"),
	}
	got := generate(t, in)
	for side, pointer := range in.Pointers {
		if !bytes.Equal(got[overlay.PointerPath(side)], pointer) {
			t.Errorf("the %s's pointer became:\n%s", side, got[overlay.PointerPath(side)])
		}
	}
	in.Pointers[plan.Target] = overlay.NewPointer(plan.Target, "020-target-operator", "025-gone")
	out, err := generator.Generate(in)
	if found := finding.From(err); len(found) != 1 || found[0].Rule != "unknown-phase" || out.Tree != nil {
		t.Errorf("a phase that was reached and is gone: got %v", err)
	}
}

func TestAnErrorGivesNoTree(t *testing.T) {
	for name, spoil := range map[string]func(in *generator.Input){
		"of the plan":     func(in *generator.Input) { in.Inventory.Topics[1].Replicas = 9 },
		"of a chart":      func(in *generator.Input) { in.Inventory.Topics[1].Resource = "Not A Name" },
		"of the cluster":  func(in *generator.Input) { in.Inventory.Kafka.Name = "other" },
		"of the overlays": func(in *generator.Input) { in.Overlays = os.DirFS(t.TempDir()) },
	} {
		t.Run(name, func(t *testing.T) {
			in := load(t, "testdata/small")
			in.Inventory.Topics = slices.Clone(in.Inventory.Topics)
			spoil(&in)
			if out, err := generator.Generate(in); err == nil || out.Tree != nil {
				t.Errorf("got %d files, %v", len(out.Tree), err)
			}
		})
	}
}

func TestNoSecretOfTheExportIsInTheTree(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(example, "export", "secrets.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	values := secretValues(t, content)
	if len(values) < 10 {
		t.Fatalf("the export has only %d values", len(values))
	}
	for path, file := range made(t, example) {
		for _, value := range values {
			if bytes.Contains(file, []byte(value)) {
				t.Errorf("%s holds a value of a Secret", path)
			}
		}
	}
}
