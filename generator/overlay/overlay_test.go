package overlay_test

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cutover/generator/document"
	"cutover/generator/migration"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/overlays"
)

// everything is a plan that uses each template, with names that a careless template would
// break on.
func everything() *plan.Plan {
	m := &migration.Migration{}
	m.Metadata.Name, m.Source.Namespace, m.Target.Namespace = "a.b", "kafka", "streams"
	p := &plan.Plan{Migration: m, Mirror: plan.Mirror{Name: "a.b-mirror", SourceAlias: "a.b-source"}}
	gates := []plan.Gate{{Name: "g", Side: plan.Target, Asks: `is "it": {true}?`, Topics: []string{"on", "1e3", "a: b"}}}
	back := plan.Back{Kind: "revert", Text: `take "it" back: # now`}
	scalings := []plan.Scaling{
		{Workload: "app.v1", Runner: plan.Runner{APIVersion: "apps/v1", Kind: "Deployment", Name: "app.v1", Namespace: "apps", Field: "replicas"}, From: int32(0), To: int32(2)},
		{Workload: "on", Runner: plan.Runner{APIVersion: "batch/v1beta1", Kind: "CronJob", Name: "on", Namespace: "no", Field: "suspend"}, From: true, To: false},
		{Workload: "c+d", Runner: plan.Runner{APIVersion: "kafka.strimzi.io/v1beta2", Kind: "KafkaConnector", Name: "c.d", Namespace: "apps", Field: "pause"}, From: false, To: true},
	}
	for _, folder := range templateFolders() {
		var number int
		id, name, _ := strings.Cut(folder, "-")
		_, _ = fmt.Sscanf(id, "%03d", &number)
		p.Phases = append(p.Phases, plan.Phase{Number: number, Name: name, Side: plan.Target, Step: `what "happens": here`, Gates: gates, Back: back,
			Batch: "on", Releases: []string{"r-" + name}, Scalings: scalings, Offsets: []plan.GroupOffsets{{Group: "012", Topics: []string{"on"}}}})
	}
	return p
}

func templateFolders() []string {
	entries, err := fs.ReadDir(overlays.FS, ".")
	if err != nil {
		return nil
	}
	var folders []string
	for _, entry := range entries {
		if entry.IsDir() {
			folders = append(folders, entry.Name())
		}
	}
	return folders
}

func build(t testing.TB, p *plan.Plan, objects map[string][]overlay.Object) map[string][]byte {
	t.Helper()
	files, err := overlay.Build(p, objects, overlays.FS)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func parse(t testing.TB, path string, content []byte) map[string]any {
	t.Helper()
	value, err := document.ParseValue(path, content)
	if err != nil {
		t.Fatalf("%v\n%s", err, content)
	}
	object, ok := value.(map[string]any)
	if !ok {
		t.Fatalf("%s is no mapping", path)
	}
	return object
}

func at(value any, keys ...string) any {
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

func patches(t testing.TB, component map[string]any) []map[string]any {
	t.Helper()
	list, _ := component["patches"].([]any)
	var all []map[string]any
	for _, entry := range list {
		object, _ := entry.(map[string]any)
		all = append(all, object)
	}
	return all
}

// operations reads the text of a JSON6902 patch.
func operations(t testing.TB, patch map[string]any) []any {
	t.Helper()
	text, _ := patch["patch"].(string)
	list, _ := parse(t, "patch", []byte("list:\n"+text+"\n"))["list"].([]any)
	return list
}

func TestEveryPhaseOfAPlanHasATemplate(t *testing.T) {
	if len(templateFolders()) < 20 {
		t.Fatalf("only %d templates", len(templateFolders()))
	}
	files := build(t, everything(), nil)
	for _, folder := range templateFolders() {
		for _, name := range []string{"kustomization.yaml", "gate.yaml"} {
			if _, ok := files["overlays/"+folder+"/"+name]; !ok {
				t.Errorf("%s/%s is missing", folder, name)
			}
		}
	}
}

func TestAComponentMovesTheMarkerOnFromThePhaseBefore(t *testing.T) {
	p := everything()
	files := build(t, p, nil)
	previous := overlay.None
	for _, phase := range p.Phases {
		path := "overlays/" + phase.Folder() + "/kustomization.yaml"
		component := parse(t, path, files[path])
		if component["kind"] != "Component" {
			t.Errorf("%s is a %v", path, component["kind"])
		}
		marker := patches(t, component)[0]
		target, _ := marker["target"].(map[string]any)
		if target["kind"] != "ConfigMap" || target["name"] != `cutover-a\.b` || target["namespace"] != "streams" {
			t.Errorf("%s: the first patch is of %v", path, target)
		}
		list := operations(t, marker)
		if at(list[0], "op") != "test" || at(list[0], "path") != "/data/phase" || at(list[0], "value") != previous {
			t.Errorf("%s: the guard is %v, want a test of %s", path, list[0], previous)
		}
		if at(list[1], "value") != phase.ID() || at(list[2], "value") != phase.Step {
			t.Errorf("%s: got %v", path, list)
		}
		previous = phase.ID()
	}
}

func TestEachClusterHasItsOwnChainOfMarkers(t *testing.T) {
	p := everything()
	p.Phases = p.Phases[:4]
	p.Phases[0].Side, p.Phases[2].Side = plan.Source, plan.Source
	files := build(t, p, nil)
	want := []string{overlay.None, overlay.None, p.Phases[0].ID(), p.Phases[1].ID()}
	for i, phase := range p.Phases {
		path := "overlays/" + phase.Folder() + "/kustomization.yaml"
		marker := patches(t, parse(t, path, files[path]))[0]
		if got := at(operations(t, marker)[0], "value"); got != want[i] {
			t.Errorf("%s comes after %v, want %s", phase.Folder(), got, want[i])
		}
		namespace := map[plan.Side]string{plan.Source: "kafka", plan.Target: "streams"}[phase.Side]
		if got := at(marker, "target", "namespace"); got != namespace {
			t.Errorf("%s marks namespace %v, want %s", phase.Folder(), got, namespace)
		}
	}
}

func TestEveryPatchOfAPhaseIsGuarded(t *testing.T) {
	p := everything()
	files := build(t, p, nil)
	for _, phase := range p.Phases {
		path := "overlays/" + phase.Folder() + "/kustomization.yaml"
		for _, patch := range patches(t, parse(t, path, files[path])) {
			list := operations(t, patch)
			if len(list) < 2 || at(list[0], "op") != "test" {
				t.Errorf("%s: the patch of %v begins with %v", path, patch["target"], list)
			}
		}
	}
}

func TestWorkloadsAreScaledByTheirOneField(t *testing.T) {
	p := everything()
	files := build(t, p, nil)
	path := "overlays/140-ingest-start/kustomization.yaml"
	got := patches(t, parse(t, path, files[path]))[1:]
	if len(got) != 3 {
		t.Fatalf("got %d patches, want 3", len(got))
	}
	for i, want := range []struct {
		target   map[string]any
		path     string
		from, to any
	}{
		{map[string]any{"group": "apps", "version": "v1", "kind": "Deployment", "name": `app\.v1`, "namespace": "apps"}, "/spec/replicas", int64(0), int64(2)},
		{map[string]any{"group": "batch", "version": "v1beta1", "kind": "CronJob", "name": "on", "namespace": "no"}, "/spec/suspend", true, false},
		{map[string]any{"group": "kafka.strimzi.io", "version": "v1beta2", "kind": "KafkaConnector", "name": `c\.d`, "namespace": "apps"}, "/spec/pause", false, true},
	} {
		target, _ := got[i]["target"].(map[string]any)
		if !maps.Equal(target, want.target) {
			t.Errorf("got the target %v, want %v", target, want.target)
		}
		list := operations(t, got[i])
		if at(list[0], "path") != want.path || at(list[0], "value") != want.from || at(list[1], "path") != want.path || at(list[1], "value") != want.to {
			t.Errorf("got %v, want %s from %v to %v", list, want.path, want.from, want.to)
		}
	}
}

func TestAGateSaysWhatItsPhaseNeeds(t *testing.T) {
	p := everything()
	p.Phases[0].PastReturn = true
	files := build(t, p, nil)
	phase := p.Phases[0]
	gate := parse(t, "gate.yaml", files["overlays/"+phase.Folder()+"/gate.yaml"])
	if gate["kind"] != "Gate" || gate["phase"] != phase.ID() || gate["name"] != phase.Name || gate["cluster"] != "target" || gate["batch"] != "on" || gate["step"] != phase.Step || gate["pastReturn"] != true {
		t.Errorf("got %v", gate)
	}
	if at(gate, "back", "kind") != "revert" || at(gate, "back", "text") != phase.Back.Text {
		t.Errorf("got the way back %v", gate["back"])
	}
	holds, _ := gate["holds"].([]any)
	if len(holds) != 1 || at(holds[0], "gate") != "g" || at(holds[0], "asks") != phase.Gates[0].Asks || fmt.Sprint(at(holds[0], "topics")) != "[on 1e3 a: b]" {
		t.Errorf("it holds %v", holds)
	}
	offsets, _ := gate["offsets"].([]any)
	if len(offsets) != 1 || at(offsets[0], "group") != "012" {
		t.Errorf("its offsets are %v", offsets)
	}
}

func TestAPhaseWithoutGatesSaysSo(t *testing.T) {
	p := everything()
	p.Phases = p.Phases[:1]
	p.Phases[0].Gates, p.Phases[0].Offsets = nil, nil
	gate := parse(t, "gate.yaml", build(t, p, nil)["overlays/"+p.Phases[0].Folder()+"/gate.yaml"])
	if holds, ok := gate["holds"].([]any); !ok || len(holds) != 0 {
		t.Errorf("it holds %v", gate["holds"])
	}
	if _, ok := gate["offsets"]; ok {
		t.Error("it speaks of offsets")
	}
}

func TestTheMirrorIsPausedOnAllItsConnectors(t *testing.T) {
	p := everything()
	path := "overlays/900-mirror-stop/kustomization.yaml"
	list := operations(t, patches(t, parse(t, path, build(t, p, nil)[path]))[1])
	if at(list[0], "op") != "test" || at(list[0], "value") != "a.b-source" {
		t.Errorf("the guard is %v", list[0])
	}
	var paused []string
	for _, operation := range list[1:] {
		if at(operation, "value") == true {
			paused = append(paused, fmt.Sprint(at(operation, "path")))
		}
	}
	want := []string{"/spec/mirrors/0/sourceConnector/pause", "/spec/mirrors/0/checkpointConnector/pause", "/spec/mirrors/0/heartbeatConnector/pause"}
	if !slices.Equal(paused, want) {
		t.Errorf("got %v, want %v", paused, want)
	}
}

func TestRemovalsNameEveryObjectOfTheRelease(t *testing.T) {
	p := everything()
	for i := range p.Phases {
		switch p.Phases[i].Name {
		case "mirror-remove":
			p.Phases[i].Mirror = plan.RemoveMirror
		case "source-retire":
			p.Phases[i].Retires = true
		}
	}
	files := build(t, p, map[string][]overlay.Object{
		plan.TargetMirror: {{APIVersion: "kafka.strimzi.io/v1beta2", Kind: "KafkaMirrorMaker2", Namespace: "streams", Name: "m"}},
		plan.TargetAccess: {{APIVersion: "kafka.strimzi.io/v1beta2", Kind: "KafkaUser", Namespace: "streams", Name: "on"}},
		plan.SourceAccess: {{APIVersion: "kafka.strimzi.io/v1beta1", Kind: "KafkaUser", Namespace: "kafka", Name: "1e3"}},
	})
	for folder, want := range map[string][]string{
		"905-mirror-remove": {"KafkaMirrorMaker2 streams/m", "KafkaUser streams/on"}, "910-source-retire": {"KafkaUser kafka/1e3"},
	} {
		path := "overlays/" + folder + "/kustomization.yaml"
		var got []string
		for _, patch := range patches(t, parse(t, path, files[path]))[1:] {
			text, _ := patch["patch"].(string)
			object := parse(t, path, []byte(text))
			if object["$patch"] != "delete" || patch["target"] != nil {
				t.Errorf("%s: got %v, want a deletion that fails on a miss", path, patch)
			}
			got = append(got, fmt.Sprintf("%v %v/%v", object["kind"], at(object, "metadata", "namespace"), at(object, "metadata", "name")))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s removes %v, want %v", folder, got, want)
		}
	}
}

func TestATemplateThatIsNotPureIsRefused(t *testing.T) {
	for _, call := range []string{"now", `env "HOME"`, "randAlphaNum 5", "uuidv4", `expandenv "$HOME"`, "randInt 1 9", `genCA "a" 1`, `getHostByName "a"`, `genPrivateKey "rsa"`, `date "2006" now`, `htpasswd "a" "b"`, `dateModify "1h" now`, `ago now`, `encryptAES "k" "t"`, `shuffle "abcdefghijkl"`, `date "15:04:05" "no date"`} {
		t.Run(call, func(t *testing.T) {
			templates := fstest.MapFS{
				"000-a/kustomization.yaml": {Data: []byte("a: {{ " + call + " }}\n")}, "000-a/gate.yaml": {Data: []byte("a: b\n")}, "_x.tpl": {Data: []byte("")},
			}
			p := everything()
			p.Phases = []plan.Phase{{Name: "a", Side: plan.Target}}
			if files, err := overlay.Build(p, nil, templates); err == nil {
				t.Errorf("it gives %s", files["overlays/000-a/kustomization.yaml"])
			}
		})
	}
}

func TestATemplateThatIsMissingOrBrokenIsAnErrorWithItsPhase(t *testing.T) {
	p := everything()
	p.Phases = []plan.Phase{{Name: "a", Side: plan.Target}}
	for name, templates := range map[string]fstest.MapFS{
		"missing":          {"_x.tpl": {Data: []byte("")}},
		"broken":           {"_x.tpl": {Data: []byte("")}, "000-a/kustomization.yaml": {Data: []byte("{{ .Phase")}, "000-a/gate.yaml": {Data: []byte("")}},
		"an unknown field": {"_x.tpl": {Data: []byte("")}, "000-a/kustomization.yaml": {Data: []byte("{{ .Nothing }}")}, "000-a/gate.yaml": {Data: []byte("")}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := overlay.Build(p, nil, templates); err == nil || !strings.Contains(err.Error(), "phase 000") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTheMarkerBeginsWithNoPhase(t *testing.T) {
	content, err := overlay.MarkerFile(everything(), plan.Source)
	if err != nil {
		t.Fatal(err)
	}
	marker := parse(t, "phase.yaml", content)
	if marker["kind"] != "ConfigMap" || at(marker, "metadata", "name") != "cutover-a.b" || at(marker, "metadata", "namespace") != "kafka" || at(marker, "data", "phase") != overlay.None || at(marker, "data", "cluster") != "source" {
		t.Errorf("got %v", marker)
	}
}

func TestObjectsNameThemselves(t *testing.T) {
	for _, test := range []struct {
		object overlay.Object
		want   string
	}{
		{overlay.Object{Kind: "KafkaTopic", Namespace: "kafka", Name: "orders"}, "KafkaTopic kafka/orders"},
		{overlay.Object{Kind: "Namespace", Name: "kafka"}, "Namespace kafka"},
	} {
		if got := test.object.String(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
