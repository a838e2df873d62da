package render_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/generator/tree"
)

func at(value any, keys ...string) any {
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

// stock renders as kustomize build does, from the files as they are.
func stock(t testing.TB, files tree.Tree, side plan.Side, folders []string) map[overlay.Object]any {
	t.Helper()
	memory := filesys.MakeFsInMemory()
	for path, content := range files {
		if path == overlay.PointerPath(side) {
			content = overlay.NewPointer(side, folders...)
		}
		if err := memory.WriteFile("/"+path, content); err != nil {
			t.Fatal(err)
		}
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(memory, "/clusters/"+string(side))
	if err != nil {
		t.Fatal(err)
	}
	content, err := built.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return objects(t, content)
}

// added gives the objects of the releases that a phase adds.
func added(t testing.TB, files tree.Tree, folder string) []overlay.Object {
	t.Helper()
	value, err := document.ParseValue(folder, files["overlays/"+folder+"/kustomization.yaml"])
	if err != nil {
		t.Fatal(err)
	}
	resources, _ := at(value, "resources").([]any)
	var all []overlay.Object
	for _, resource := range resources {
		path := strings.TrimPrefix(fmt.Sprint(resource), "../../") + "/manifests.yaml"
		for object := range objects(t, files[path]) {
			all = append(all, object)
		}
	}
	return all
}

// held gives the objects that a cluster has by the sum of what its phases add and remove.
func held(t testing.TB, files tree.Tree, side plan.Side, folders []string) map[overlay.Object]bool {
	t.Helper()
	namespace := map[plan.Side]string{plan.Source: "kafka", plan.Target: "streams"}[side]
	all := map[overlay.Object]bool{{APIVersion: "v1", Kind: "ConfigMap", Namespace: namespace, Name: "cutover-small"}: true}
	for _, folder := range folders {
		for _, object := range added(t, files, folder) {
			all[object] = true
		}
		if folder == "905-mirror-remove" || folder == "910-source-retire" {
			maps.DeleteFunc(all, func(o overlay.Object, _ bool) bool {
				return o.Kind == "KafkaMirrorMaker2" || o.Name == "small-mirror-metrics" || o.Kind == "KafkaUser" && o.Name == "mirror"
			})
		}
	}
	return all
}

// Both ways of knowing what a cluster holds are compared in one test, since each rendering
// takes its time: stock Kustomize, and the sum of what the phases add and remove.
func TestAClusterHoldsAtEveryPhaseWhatItsPhasesAddedAsStockKustomizeSays(t *testing.T) {
	files := small(t)
	r := open(t, files)
	for _, side := range plan.Sides() {
		for _, phase := range r.Phases {
			if phase.Side != side {
				continue
			}
			want := held(t, files, side, until(t, r, side, phase.ID()))
			t.Run(string(side)+" "+phase.Folder, func(t *testing.T) {
				got := renderAt(t, r, side, phase.ID())
				for object := range want {
					if _, ok := got[object]; !ok {
						t.Errorf("%s is missing", object)
					}
				}
				if len(got) != len(want) {
					t.Errorf("%d objects, want %d", len(got), len(want))
				}
				if stocks := stock(t, files, side, until(t, r, side, phase.ID())); !reflect.DeepEqual(got, stocks) {
					t.Errorf("got %v, and stock Kustomize %v", slices.Collect(maps.Keys(got)), slices.Collect(maps.Keys(stocks)))
				}
			})
		}
	}
}

func TestAClusterThatReachedNothingHasItsMarkerAlone(t *testing.T) {
	r := open(t, small(t))
	for _, side := range plan.Sides() {
		stream, err := r.Render(side, nil)
		if err != nil {
			t.Fatal(err)
		}
		for object, value := range objects(t, stream) {
			if object.Name != "cutover-small" || at(value, "data", "phase") != overlay.None {
				t.Errorf("%s: got %s %v", side, object, value)
			}
		}
	}
}

func TestThePhaseOfTheMarkerIsThePhaseReached(t *testing.T) {
	r := open(t, small(t))
	marker := overlay.Object{APIVersion: "v1", Kind: "ConfigMap", Namespace: "streams", Name: "cutover-small"}
	for _, id := range []string{"020", "090", "140"} {
		if got := at(renderAt(t, r, plan.Target, id)[marker], "data", "phase"); got != id {
			t.Errorf("at %s the target is told %v", id, got)
		}
	}
}

// app.v1 and appxv1 differ by one letter that an unquoted dot would match.
func TestAPatchOfANameWithADotHitsThatNameOnly(t *testing.T) {
	r := open(t, small(t))
	deployment := func(name string) overlay.Object {
		return overlay.Object{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "apps", Name: name}
	}
	rendered := renderAt(t, r, plan.Target, "140")
	if dotted, other := at(rendered[deployment("app.v1")], "spec", "replicas"), at(rendered[deployment("appxv1")], "spec", "replicas"); dotted != int64(2) || other != int64(0) {
		t.Errorf("app.v1 has %v replicas and appxv1 %v, want 2 and 0", dotted, other)
	}
}

func TestTheMirrorIsPausedAndThenRemoved(t *testing.T) {
	r := open(t, small(t))
	mirror := overlay.Object{APIVersion: "kafka.strimzi.io/v1beta2", Kind: "KafkaMirrorMaker2", Namespace: "streams", Name: "small-mirror"}
	paused := func(id string) string {
		mirrors, _ := at(renderAt(t, r, plan.Target, id)[mirror], "spec", "mirrors").([]any)
		if len(mirrors) != 1 {
			return "absent"
		}
		return fmt.Sprint(at(mirrors[0], "sourceConnector", "pause"), at(mirrors[0], "checkpointConnector", "pause"), at(mirrors[0], "heartbeatConnector", "pause"))
	}
	for id, want := range map[string]string{"080": "absent", "090": "false false false", "900": "true true true", "905": "absent"} {
		if got := paused(id); got != want {
			t.Errorf("at %s: got %s, want %s", id, got, want)
		}
	}
}

func TestFilesThatAreNotAsGeneratedAreRefused(t *testing.T) {
	const manifests, bulk, kustomization, gate = "releases/target-kafka/manifests.yaml", "releases/target-topics/manifests.yaml", "overlays/030-target-kafka/kustomization.yaml", "overlays/030-target-kafka/gate.yaml"
	for _, test := range []struct {
		name, path string
		edit       func(content []byte) []byte
		rule       string
	}{
		{"an edited manifest", manifests, func(c []byte) []byte { return append(c, '\n') }, "edited-by-hand"},
		{"a bulk file that was cut short", bulk, func(c []byte) []byte { return c[:len(c)/2] }, "edited-by-hand"},
		{"a bulk file that is empty", bulk, func([]byte) []byte { return []byte{} }, "edited-by-hand"},
		{"an edited phase", kustomization, func(c []byte) []byte { return bytes.Replace(c, []byte("test"), []byte("add"), 1) }, "edited-by-hand"},
		{"an edited gate", gate, func(c []byte) []byte { return append(c, "# \n"...) }, "edited-by-hand"},
		{"a manifest that is missing", manifests, func([]byte) []byte { return nil }, "file-missing"},
		{"a bulk file that is missing", bulk, func([]byte) []byte { return nil }, "file-missing"},
		{"a release without its description", "releases/target-kafka/release.yaml", func([]byte) []byte { return nil }, "file-missing"},
		{"a release without its kustomization", "releases/target-kafka/kustomization.yaml", func([]byte) []byte { return nil }, "file-missing"},
		{"a phase that is missing", kustomization, func([]byte) []byte { return nil }, "file-missing"},
		{"a marker that is missing", "clusters/target/phase.yaml", func([]byte) []byte { return nil }, "file-missing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := small(t)
			if files[test.path] = test.edit(bytes.Clone(files[test.path])); files[test.path] == nil {
				delete(files, test.path)
			}
			r, err := render.Open(files)
			if err == nil {
				_, err = r.Render(plan.Target, []string{"020-target-operator", "030-target-kafka", "040-target-monitoring", "050-target-topics"})
			}
			wantRule(t, err, test.rule, test.path, "")
		})
	}
}

func TestAPhaseThatCutoverDidNotWriteIsRefused(t *testing.T) {
	files := small(t)
	files["overlays/035-mine/gate.yaml"] = []byte("phase: \"035\"\ncluster: target\n")
	_, err := render.Open(files)
	wantRule(t, err, "not-ours", "overlays/035-mine/gate.yaml", "not written by cutover")
}

func TestAFolderWithoutATreeIsRefused(t *testing.T) {
	_, err := render.Open(tree.Tree{})
	wantRule(t, err, "not-a-tree", tree.SumFile, "no generated tree")
}

func TestPointersThatAreNoPrefixAreRefused(t *testing.T) {
	files := small(t)
	files[overlay.PointerPath(plan.Target)] = overlay.NewPointer(plan.Target, "020-target-operator")
	_, err := render.Open(files)
	wantRule(t, err, "phase-order", "clusters/target/kustomization.yaml", "020-target-operator")
}

func TestPatchesThatDoNotHitWhatTheyNameAreRefused(t *testing.T) {
	const path = "overlays/140-ingest-start/kustomization.yaml"
	for _, test := range []struct {
		name      string
		old, text string
		message   string
	}{
		{"a patch that hits nothing", `"app\\.v1"`, `"nobody"`, "hits 0 objects"},
		{"a patch that hits two", `"app\\.v1"`, `"app.v1"`, "hits 2 objects"},
		{"a patch of another namespace", `"apps"`, `"other"`, "hits 0 objects"},
		{"a patch without a guard", "    - op: test\n      path: /spec/replicas\n      value: 0\n", "", "does not begin with op: test"},
		{"a patch whose guard is not first", "    - op: test\n      path: /spec/replicas\n      value: 0\n    - op: replace\n      path: /spec/replicas\n      value: 2\n", "    - op: replace\n      path: /spec/replicas\n      value: 2\n    - op: test\n      path: /spec/replicas\n      value: 2\n", "does not begin with op: test"},
		{"a patch that is a guard alone", "    - op: replace\n      path: /spec/replicas\n      value: 2\n", "", "does not begin with op: test"},
		{"a name that is no regular expression", `"app\\.v1"`, `"app("`, "patch target name"},
		{"a patch of text", "  patch: |-\n    - op: test\n      path: /spec/replicas\n      value: 0\n    - op: replace\n      path: /spec/replicas\n      value: 2\n", "  patch: text\n", "patch"},
		{"a deletion of what is not there", "# app.v1\n- target:\n", "- patch: |-\n    $patch: delete\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: a, namespace: b}\n- target:\n", "not in the stream"},
		{"a merge patch without a target", "# app.v1\n- target:\n", "- patch: |-\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: a, namespace: b}\n- target:\n", "has no target"},
		{"a resource that is no release", "patches:\n", "resources:\n- ../../elsewhere\npatches:\n", "is no release"},
		{"a resource by URL", "patches:\n", "resources:\n- https://github.com/x/y\npatches:\n", "is no release"},
		{"a release that was added before", "patches:\n", "resources:\n- ../../releases/target-kafka\npatches:\n", "was added before"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := small(t)
			replace(t, files, path, test.old, test.text)
			r := open(t, sum(files))
			_, err := r.Render(plan.Target, until(t, r, plan.Target, "140"))
			wantRule(t, err, "phase", path, test.message)
			if found := finding.From(err); found[0].Phase != "140" {
				t.Errorf("the phase is %q, want 140", found[0].Phase)
			}
		})
	}
}

func TestAComponentWithFieldsThatAPhaseHasNotIsRefused(t *testing.T) {
	for _, field := range []string{"namespace: other\n", "images: []\n", "generators: []\n", "helmCharts: []\n", "commonLabels: {a: b}\n"} {
		t.Run(field, func(t *testing.T) {
			files := small(t)
			path := "overlays/140-ingest-start/kustomization.yaml"
			files[path] = append(bytes.Clone(files[path]), field...)
			r := open(t, sum(files))
			_, err := r.Render(plan.Target, until(t, r, plan.Target, "140"))
			wantRule(t, err, "unknown-field", path, "")
		})
	}
}

func TestAGuardThatDoesNotHoldIsAnErrorThatNamesTheObject(t *testing.T) {
	files := small(t)
	replace(t, files, "overlays/140-ingest-start/kustomization.yaml", "      path: /spec/replicas\n      value: 0\n", "      path: /spec/replicas\n      value: 5\n")
	r := open(t, sum(files))
	_, err := r.Render(plan.Target, until(t, r, plan.Target, "140"))
	wantRule(t, err, "kustomize", "clusters/target/kustomization.yaml", "test")
}

func TestPhasesOutOfTheirOrderFailTheirGuard(t *testing.T) {
	r := open(t, small(t))
	if _, err := r.Render(plan.Target, []string{"030-target-kafka", "020-target-operator"}); err == nil {
		t.Error("the marker's guard lets it pass")
	}
}

func TestUntilGivesThePhasesOfOneCluster(t *testing.T) {
	r := open(t, small(t))
	for _, test := range []struct {
		side plan.Side
		id   string
		want []string
	}{
		{plan.Source, "000", []string{"000-source-monitoring"}},
		{plan.Target, "000", nil},
		{plan.Target, "030", []string{"020-target-operator", "030-target-kafka"}},
		{plan.Source, "030", []string{"000-source-monitoring", "010-source-access"}},
	} {
		if got := until(t, r, test.side, test.id); !slices.Equal(got, test.want) {
			t.Errorf("%s until %s: got %v, want %v", test.side, test.id, got, test.want)
		}
	}
	_, err := r.Until(plan.Target, "555")
	wantRule(t, err, "unknown-phase", "", "no such phase")
	if found := finding.From(err); !strings.Contains(found[0].Hint, "000, 010, 020") {
		t.Errorf("the hint does not list the phases: %s", found[0].Hint)
	}
}

// failing is a tree one of whose files cannot be read.
type failing struct {
	tree.Tree
	path string
	err  error
}

func (f failing) ReadFile(name string) ([]byte, error) {
	if name == f.path {
		return nil, f.err
	}
	return f.Tree.ReadFile(name)
}

func TestAFileThatCannotBeReadIsAnErrorWithItsCause(t *testing.T) {
	_, err := render.Open(failing{small(t), tree.SumFile, errors.New("input/output error")})
	if err == nil || !strings.Contains(err.Error(), "input/output error") {
		t.Errorf("got %v", err)
	}
	_, err = render.Open(failing{small(t), overlay.PointerPath(plan.Source), errors.New("input/output error")})
	wantRule(t, err, "file-missing", "clusters/source/kustomization.yaml", "cannot be read")
}
