package overlay_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/overlays"
)

const gitops = `gitops:
  repoURL: https://git.example/small.git
  image: registry.example/cutover:1
  destinations:
    source: {name: old}
    target: {name: new}
`

// planned plans generator/testdata/small, with a gitops section and further text put before
// its workloads.
func planned(t testing.TB, more string) *plan.Plan {
	t.Helper()
	return plannedIn(t, "../testdata/small", more)
}

// plannedIn is planned for the migration of another folder.
func plannedIn(t testing.TB, dir, more string) *plan.Plan {
	t.Helper()
	text := make(map[string][]byte)
	for _, name := range []string{"migration.yaml", "inventory.yaml"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		text[name] = content
	}
	m, _, err := migration.Load("migration.yaml", []byte(strings.Replace(string(text["migration.yaml"]), "workloads:\n", more+"workloads:\n", 1)))
	if err != nil {
		t.Fatal(err)
	}
	documents, err := document.Read("inventory.yaml", bytes.NewReader(text["inventory.yaml"]), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	inv, err := inventory.Load(documents[0])
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := plan.New(m, inv)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// guardsOf reads the guard that each phase's component brings into the ConfigMap.
func guardsOf(t testing.TB, p *plan.Plan) map[string]overlay.Guard {
	t.Helper()
	files := build(t, p, nil)
	all := make(map[string]overlay.Guard)
	for _, phase := range slices.Concat(p.Phases, p.Returns) {
		path := "overlays/" + phase.Folder() + "/kustomization.yaml"
		for _, patch := range patches(t, parse(t, path, files[path])) {
			for _, operation := range operations(t, patch) {
				text, isText := at(operation, "value").(string)
				if at(operation, "path") != "/data/gate.yaml" || !isText {
					continue
				}
				guard, err := overlay.ReadGuard(path, []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				all[phase.ID()] = guard
			}
		}
	}
	return all
}

// edges writes the ways into a phase as "095 advance 090", sorted.
func edges(guard overlay.Guard) []string {
	var all []string
	for _, edge := range guard.Edges {
		all = append(all, fmt.Sprintf("%s %s %s", edge.From, edge.Direction, strings.Join(edge.Peer, "|")))
	}
	slices.Sort(all)
	return all
}

func TestEveryPhaseIsEnteredFromTheOneBeforeAndTheOnesThatAreTakenBack(t *testing.T) {
	p := planned(t, gitops)
	guards := guardsOf(t, p)
	var ids []string
	for _, phase := range p.Phases {
		ids = append(ids, phase.ID()+" "+string(phase.Side))
	}
	want := []string{"000 source", "010 source", "020 target", "030 target", "040 target", "050 target", "060 target", "070 target", "080 target", "090 target", "095 source",
		"100 source", "120 source", "130 target", "140 target", "150 target", "170 target", "900 target", "905 target", "910 source"}
	if !slices.Equal(ids, want) {
		t.Fatalf("the plan has %v", ids)
	}
	for phase, want := range map[string][]string{
		"000": {"010 revert none", "none advance none"},
		"010": {"000 advance none", "095 revert 090"},
		"020": {"030 revert 010", "none advance 010"},
		"090": {"080 advance 010", "130 revert 120"},
		"095": {"010 advance 090", "100 revert 090"},
		"120": {"100 advance 090", "910 revert 905"},
		// The target has been written to from 140 on: it goes back from there by the rollback.
		"130": {"090 advance 120"},
		"140": {"130 advance 120"},
		"170": {"150 advance 120", "900 revert 120"},
		"910": {"120 advance 905"},
	} {
		got := edges(guards[phase])
		got = slices.DeleteFunc(got, func(edge string) bool { return strings.HasPrefix(edge, "18") })
		if !slices.Equal(got, want) {
			t.Errorf("%s is entered by %q, want %q", phase, got, want)
		}
	}
}

func TestTheRollbackIsEnteredFromWhereverItsBatchStands(t *testing.T) {
	p := planned(t, gitops)
	if len(p.Returns) == 0 {
		t.Fatal("the plan has no rollback")
	}
	guards := guardsOf(t, p)
	// From 130 too: 140 may have been entered and never become healthy.
	first, began := p.Returns[0], []string{"130 return 120", "140 return 120", "150 return 120", "170 return 120"}
	got := slices.DeleteFunc(edges(guards[first.ID()]), func(edge string) bool { return !strings.Contains(edge, " return ") })
	if !slices.Equal(got, began) {
		t.Errorf("%s is entered by %q, want %q", first.ID(), got, began)
	}
	done := map[plan.Side]string{plan.Source: "120", plan.Target: first.ID()}
	for _, phase := range p.Returns[1:] {
		want := fmt.Sprintf("%s return %s", done[phase.Side], done[phase.Side.Other()])
		if got := edges(guards[phase.ID()]); !slices.Contains(got, want) {
			t.Errorf("%s is entered by %q, want %q", phase.ID(), got, want)
		}
		done[phase.Side] = phase.ID()
	}
}

// walk takes every step that the plan has and asks that the guard knows each of them: the
// same steps as Git knows.
func TestEveryStepThatGitAllowsIsAnEdgeOfItsGuard(t *testing.T) {
	for name, more := range map[string]string{
		"one batch":                    gitops,
		"two batches":                  gitops + "batches:\n- {name: a, workloads: [app.v1, nightly]}\n- {name: b, workloads: [appxv1]}\n",
		"one batch and reverse mirror": gitops + "rollback: {reverseMirror: true}\n",
	} {
		t.Run(name, func(t *testing.T) {
			p := planned(t, more)
			guards := guardsOf(t, p)
			var all []overlay.PhaseRef
			for _, phase := range slices.Concat(p.Phases, p.Returns) {
				all = append(all, overlay.PhaseRef{Folder: phase.Folder(), Side: phase.Side, Gate: overlay.Gate{Phase: phase.ID(), Returns: phase.Returns, Back: phase.Back}})
			}
			steps, seen := 0, make(map[string]bool)
			var visit func(reached map[plan.Side][]string)
			visit = func(reached map[plan.Side][]string) {
				key := fmt.Sprint(reached)
				if seen[key] {
					return
				}
				seen[key] = true
				for _, phase := range all {
					side := phase.Side
					next := map[plan.Side][]string{side: append(slices.Clone(reached[side]), phase.Folder), side.Other(): reached[side.Other()]}
					if slices.Contains(reached[side], phase.Folder) || overlay.CheckPrefix(all, next).Err() != nil {
						continue
					}
					steps++
					direction := map[bool]overlay.Direction{false: overlay.Advance, true: overlay.Return}[phase.Gate.Returns]
					hasEdge(t, guards[phase.ID()], last(reached[side]), direction, last(reached[side.Other()]))
					visit(next)
				}
			}
			visit(map[plan.Side][]string{})
			if steps < len(all) {
				t.Errorf("only %d steps for %d phases", steps, len(all))
			}
		})
	}
}

func last(folders []string) string {
	if len(folders) == 0 {
		return overlay.None
	}
	id, _, _ := strings.Cut(folders[len(folders)-1], "-")
	return id
}

func hasEdge(t testing.TB, guard overlay.Guard, from string, direction overlay.Direction, peer string) {
	t.Helper()
	for _, edge := range guard.Edges {
		if edge.From == from && edge.Direction == direction && slices.Contains(edge.Peer, peer) {
			return
		}
	}
	t.Errorf("%s has no edge %s from %s with %s on the other side: %q", guard.Gate.Phase, direction, from, peer, edges(guard))
}

// scales writes the workloads' state as "app.v1=0".
func scales(guard overlay.Guard) string {
	var all []string
	for _, scale := range guard.Scale {
		all = append(all, fmt.Sprintf("%s=%v", scale.Name, scale.Value))
	}
	return strings.Join(all, " ")
}

func TestAClusterWithoutServerSideApplyIsToldTheStateOfAllItsWorkloads(t *testing.T) {
	p := planned(t, gitops)
	guards := guardsOf(t, p)
	for phase, want := range map[string]string{
		"010": "", "095": "app.v1=2 appxv1=3 nightly=false", "100": "app.v1=0 appxv1=3 nightly=false", "120": "app.v1=0 appxv1=0 nightly=true", "910": "app.v1=0 appxv1=0 nightly=true",
	} {
		if got := scales(guards[phase]); got != want {
			t.Errorf("%s scales %q, want %q", phase, got, want)
		}
	}
	for id, guard := range guards {
		if guard.Gate.Cluster == plan.Target && len(guard.Scale) > 0 {
			t.Errorf("%s scales %q on a target that has server-side apply", id, scales(guard))
		}
	}
	var back []string
	for _, phase := range p.Returns {
		if phase.Side == plan.Source {
			back = append(back, scales(guards[phase.ID()]))
		}
	}
	if len(back) == 0 || back[len(back)-1] != "app.v1=2 appxv1=3 nightly=false" {
		t.Errorf("the rollback scales %q", back)
	}
}

func TestAMigrationWithoutGitOpsHasNoGuards(t *testing.T) {
	p := planned(t, "")
	if guards := guardsOf(t, p); len(guards) != 0 {
		t.Errorf("got %v", guards)
	}
	for _, phase := range p.Phases {
		if slices.Contains(phase.Releases, plan.SourceGates) || slices.Contains(phase.Releases, plan.TargetGates) {
			t.Errorf("%s adds %v", phase.ID(), phase.Releases)
		}
	}
}

func TestTheFirstPhaseOfEachClusterBringsItsGates(t *testing.T) {
	p := planned(t, gitops)
	for _, phase := range p.Phases {
		want := phase.ID() == "000" || phase.ID() == "020"
		got := slices.Contains(phase.Releases, plan.SourceGates) || slices.Contains(phase.Releases, plan.TargetGates)
		if got != want {
			t.Errorf("%s adds %v", phase.ID(), phase.Releases)
		}
	}
}

func TestEveryPhaseMovesBothJobsOnFromTheOneBefore(t *testing.T) {
	p := planned(t, gitops)
	files := build(t, p, nil)
	previous := map[plan.Side]string{plan.Source: overlay.None, plan.Target: overlay.None}
	for _, phase := range p.Phases {
		path := "overlays/" + phase.Folder() + "/kustomization.yaml"
		moved := make(map[string][]any)
		for _, patch := range patches(t, parse(t, path, files[path])) {
			moved[fmt.Sprintf("%v %v", at(patch, "target", "kind"), at(patch, "target", "name"))] = operations(t, patch)
		}
		for _, job := range []string{"Job cutover-small-gate", "Job cutover-small-done"} {
			list := moved[job]
			if len(list) != 2 || at(list[0], "op") != "test" || at(list[0], "value") != "--phase="+previous[phase.Side] || at(list[1], "op") != "replace" || at(list[1], "value") != "--phase="+phase.ID() {
				t.Errorf("%s: %s is moved by %v", phase.ID(), job, list)
			}
		}
		if list := moved["ConfigMap cutover-small-gate"]; len(list) != 3 || at(list[0], "value") != previous[phase.Side] || at(list[1], "value") != phase.ID() {
			t.Errorf("%s: the ConfigMap is moved by %v", phase.ID(), list)
		}
		previous[phase.Side] = phase.ID()
	}
}

func TestAGuardCarriesItsGateAndBothLedgers(t *testing.T) {
	guard := guardsOf(t, planned(t, gitops))["100"]
	want := overlay.LedgerRef{Namespace: "kafka", Name: "cutover-small-ledger"}
	if guard.Migration != "small" || guard.Ledger != want || guard.Peer != (overlay.LedgerRef{Namespace: "streams", Name: want.Name}) {
		t.Errorf("got %+v", guard)
	}
	if guard.Gate.Name != "ingest-stop" || len(guard.Gate.Holds) == 0 || guard.Gate.Back.Kind != plan.RevertBack {
		t.Errorf("its gate is %+v", guard.Gate)
	}
	if !slices.Contains(guard.Order, "095") || slices.Contains(guard.Order, "130") {
		t.Errorf("its cluster's phases are %v", guard.Order)
	}
}

func TestAGateThatNoConfigMapHoldsIsRefusedWithWhatToDo(t *testing.T) {
	p := planned(t, gitops)
	for i := range 12_000 {
		p.Phases[0].Gates[0].Topics = append(p.Phases[0].Gates[0].Topics, fmt.Sprintf("%s.%d", strings.Repeat("topic", 20), i))
	}
	_, err := overlay.Build(p, nil, overlays.FS)
	found := finding.From(err)
	if len(found) != 1 || found[0].Rule != "gate-size" || found[0].Phase != "000" || !strings.Contains(found[0].Hint, "batches") {
		t.Errorf("got %v", err)
	}
}

func TestAScopeThatNoConfigMapHoldsIsLeftToVerify(t *testing.T) {
	p := planned(t, gitops)
	for i := range 12_000 {
		p.Topics = append(p.Topics, plan.Topic{Name: fmt.Sprintf("%s.%d", strings.Repeat("topic", 20), i)})
	}
	without, with := 0, 0
	for _, guard := range guardsOf(t, p) {
		if guard.Scope == nil {
			without++
		} else {
			with++
		}
		if len(guard.Edges) == 0 || len(guard.Order) == 0 {
			t.Errorf("phase %s is not guarded: %+v", guard.Gate.Phase, guard)
		}
	}
	if without == 0 || with == 0 {
		t.Errorf("%d guards without a scope and %d with one", without, with)
	}
}

func TestAFileThatIsNoGuardIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":          "",
		"a Gate":           "apiVersion: cutover/v1alpha1\nkind: Gate\nphase: \"100\"\n",
		"an unknown field": "apiVersion: cutover/v1alpha1\nkind: Guard\nother: 1\n",
		"no cluster":       "apiVersion: cutover/v1alpha1\nkind: Guard\nledger: {namespace: a, name: b}\ngate: {phase: \"100\"}\n",
		"no ledger":        "apiVersion: cutover/v1alpha1\nkind: Guard\ngate: {phase: \"100\", cluster: source}\n",
	} {
		if guard, err := overlay.ReadGuard("gate.yaml", []byte(text)); err == nil {
			t.Errorf("%s gives %+v", name, guard)
		}
	}
}
