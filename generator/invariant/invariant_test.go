package invariant_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"cutover/generator"
	"cutover/generator/finding"
	"cutover/generator/invariant"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/tree"
	"cutover/generator/workspace"
)

// generate makes the tree of generator/testdata/small once: it is the slow part of these tests.
var generate = sync.OnceValues(func() (tree.Tree, error) {
	in, err := workspace.Load(context.Background(), "../testdata/small", "")
	if err != nil {
		return nil, err
	}
	out, err := generator.Generate(in)
	return out.Tree, err
})

func sum(files tree.Tree) {
	files[tree.SumFile] = files.Sum(overlay.PointerPaths()...).Marshal()
}

// small gives what is on disk, and what is generated: the same at first.
func small(t testing.TB) (files, generated tree.Tree) {
	t.Helper()
	made, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	files = maps.Clone(made)
	sum(files)
	return files, maps.Clone(made)
}

func TestATreeAsItWasGeneratedHasNoFindings(t *testing.T) {
	for name, reached := range map[string]map[plan.Side][]string{
		"before the first phase": {},
		"in the midst":           {plan.Source: {"000-source-monitoring", "010-source-access"}, plan.Target: {"020-target-operator", "030-target-kafka"}},
	} {
		t.Run(name, func(t *testing.T) {
			files, generated := small(t)
			for side, folders := range reached {
				files[overlay.PointerPath(side)] = overlay.NewPointer(side, folders...)
			}
			if found := invariant.Check(files, generated); len(found) > 0 {
				t.Errorf("got %v", found)
			}
		})
	}
}

func has(findings finding.List, rule, file string) bool {
	for _, f := range findings {
		if f.Rule == rule && f.File == file && f.Severity == finding.Error && f.Message != "" && f.Hint != "" {
			return true
		}
	}
	return false
}

func TestEveryViolationIsFound(t *testing.T) {
	const manifests = "releases/target-kafka/manifests.yaml"
	source, target := overlay.PointerPath(plan.Source), overlay.PointerPath(plan.Target)
	for _, test := range []struct {
		name    string
		violate func(files, generated tree.Tree)
		rule    string
		file    string
	}{
		{"a generated file is missing", func(files, _ tree.Tree) { delete(files, "README.md") }, "file-missing", "README.md"},
		{"a chart file is missing", func(files, _ tree.Tree) { delete(files, "charts/kafka/Chart.yaml") }, "file-missing", "charts/kafka/Chart.yaml"},
		{"a release was edited", func(files, _ tree.Tree) { files[manifests] = append(bytes.Clone(files[manifests]), "# mine\n"...) }, "stale", manifests},
		{"an edited release is also known without its inputs", func(files, _ tree.Tree) { files[manifests] = append(bytes.Clone(files[manifests]), "# mine\n"...) }, "edited-by-hand", manifests},
		{"the values were edited", func(files, _ tree.Tree) { files["releases/target-kafka/values.yaml"] = []byte("{}\n") }, "stale", "releases/target-kafka/values.yaml"},
		{"the inventory changed since", func(files, _ tree.Tree) {
			files["inventory.yaml"] = append(bytes.Clone(files["inventory.yaml"]), "# mine\n"...)
		}, "stale", "inventory.yaml"},
		{"the whole tree is of an older input", func(_, generated tree.Tree) { generated[manifests] = []byte("# newer\n") }, "stale", manifests},
		{"a release does not belong", func(files, _ tree.Tree) { files["releases/mine/manifests.yaml"] = []byte("a: b\n"); sum(files) }, "stray", "releases/mine"},
		{"a phase does not belong", func(_, generated tree.Tree) {
			delete(generated, "overlays/910-source-retire/gate.yaml")
			delete(generated, "overlays/910-source-retire/kustomization.yaml")
		}, "stray", "overlays/910-source-retire"},
		{"a phase is skipped", func(files, _ tree.Tree) { files[source] = overlay.NewPointer(plan.Source, "010-source-access") }, "phase-order", source},
		{"a phase is listed twice", func(files, _ tree.Tree) {
			files[source] = overlay.NewPointer(plan.Source, "000-source-monitoring", "000-source-monitoring")
		}, "phase-order", source},
		{"a phase is on the wrong cluster", func(files, _ tree.Tree) { files[target] = overlay.NewPointer(plan.Target, "000-source-monitoring") }, "phase-order", target},
		{"a phase is unknown", func(files, _ tree.Tree) { files[target] = overlay.NewPointer(plan.Target, "020-something") }, "unknown-phase", target},
		{"a pointer says something else", func(files, _ tree.Tree) {
			files[target] = bytes.Replace(bytes.Clone(files[target]), []byte("- phase.yaml"), []byte("- extra.yaml"), 1)
		}, "pointer", target},
		{"a pointer is missing", func(files, _ tree.Tree) { delete(files, target) }, "file-missing", target},
		{"a patch of a phase not reached yet hits nothing", func(files, _ tree.Tree) {
			replace(files, "overlays/140-ingest-start/kustomization.yaml", `"app\\.v1"`, `"nobody"`)
		}, "phase", "overlays/140-ingest-start/kustomization.yaml"},
		{"a patch lost its guard", func(files, _ tree.Tree) {
			replace(files, "overlays/140-ingest-start/kustomization.yaml", "    - op: test\n      path: /spec/replicas\n      value: 0\n", "")
		}, "phase", "overlays/140-ingest-start/kustomization.yaml"},
		{"a guard does not hold", func(files, _ tree.Tree) {
			replace(files, "overlays/140-ingest-start/kustomization.yaml", "      path: /spec/replicas\n      value: 0\n", "      path: /spec/replicas\n      value: 7\n")
		}, "kustomize", "clusters/target/kustomization.yaml"},
		{"a phase adds a release a second time", func(files, _ tree.Tree) {
			replace(files, "overlays/140-ingest-start/kustomization.yaml", "patches:\n", "resources:\n- ../../releases/target-topics\npatches:\n")
		}, "phase", "overlays/140-ingest-start/kustomization.yaml"},
		{"there is no tree at all", func(files, _ tree.Tree) { clear(files) }, "not-a-tree", tree.SumFile},
	} {
		t.Run(test.name, func(t *testing.T) {
			files, generated := small(t)
			test.violate(files, generated)
			if found := invariant.Check(files, generated); !has(found, test.rule, test.file) {
				t.Errorf("got %v, want %s in %s", found, test.rule, test.file)
			}
		})
	}
}

// replace changes a file as if cutover had written it so.
func replace(files tree.Tree, path, old, text string) {
	if !bytes.Contains(files[path], []byte(old)) {
		panic(fmt.Sprintf("%s has no %q", path, old))
	}
	files[path] = bytes.Replace(files[path], []byte(old), []byte(text), 1)
	sum(files)
}

func TestASecretWithAValueIsFoundOnce(t *testing.T) {
	for name, test := range map[string]struct {
		release, secret string
		want            int
	}{
		"data":                    {"target-kafka", "data: {password: c2VjcmV0}\n", 1},
		"stringData":              {"target-kafka", "stringData: {password: hunter2}\n", 1},
		"among the bulk":          {"target-users", "data: {password: c2VjcmV0}\n", 1},
		"a Secret without values": {"target-kafka", "type: Opaque\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			files, _ := small(t)
			path := "releases/" + test.release + "/manifests.yaml"
			files[path] = append(bytes.Clone(files[path]), "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: leak\n  namespace: streams\n"+test.secret...)
			sum(files)
			found := invariant.Check(files, nil)
			if len(found) != test.want {
				t.Fatalf("got %v, want %d findings", found, test.want)
			}
			for _, f := range found {
				if f.Rule != "secret-value" || f.Object != "Secret streams/leak" || strings.Contains(fmt.Sprintf("%+v", f), "hunter2") {
					t.Errorf("got %+v", f)
				}
			}
		})
	}
}

func TestWithoutItsInputsATreeIsCheckedAlone(t *testing.T) {
	files, _ := small(t)
	if found := invariant.Check(files, nil); len(found) > 0 {
		t.Errorf("got %v", found)
	}
	delete(files, "releases/target-topics/manifests.yaml")
	if found := invariant.Check(files, nil); !has(found, "file-missing", "releases/target-topics/manifests.yaml") {
		t.Errorf("got %v", found)
	}
}
