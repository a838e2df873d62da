package overlay_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
)

func TestAPointerReadsBackAsItWasWritten(t *testing.T) {
	for name, folders := range map[string][]string{
		"no phase": nil, "one phase": {"000-source-monitoring"}, "several": {"020-target-operator", "030-target-kafka", "140-ingest-start"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := overlay.ReadPointer("clusters/target/kustomization.yaml", overlay.NewPointer(plan.Target, folders...))
			if err != nil || !slices.Equal(got, folders) {
				t.Errorf("got %v, %v, want %v", got, err, folders)
			}
		})
	}
}

func TestOneMorePhaseIsOneMoreLine(t *testing.T) {
	before := strings.Split(string(overlay.NewPointer(plan.Target, "020-a", "030-b")), "\n")
	after := strings.Split(string(overlay.NewPointer(plan.Target, "020-a", "030-b", "040-c")), "\n")
	if len(after) != len(before)+1 || after[len(after)-2] != "- ../../overlays/040-c" || !slices.Equal(after[:len(after)-2], before[:len(before)-1]) {
		t.Errorf("got %v after %v", after, before)
	}
}

func TestAPointerThatSaysAnythingElseIsRefusedWithItsLine(t *testing.T) {
	whole := string(overlay.NewPointer(plan.Target, "020-a"))
	swap := func(old, text string) string {
		t.Helper()
		if !strings.Contains(whole, old) {
			t.Fatalf("a pointer has no %q", old)
		}
		return strings.Replace(whole, old, text, 1)
	}
	for _, test := range []struct {
		name, text string
		line       int
	}{
		{"a further field", whole + "namespace: other\n", 9},
		{"patches", whole + "patches: []\n", 9},
		{"a further resource", swap("- phase.yaml\n", "- phase.yaml\n- extra.yaml\n"), 0},
		{"another resource", swap("- phase.yaml\n", "- extra.yaml\n"), 0},
		{"no resources", swap("resources:\n- phase.yaml\n", ""), 0},
		{"a component elsewhere", swap("../../overlays/020-a", "../../elsewhere/020-a"), 8},
		{"a remote component", swap("../../overlays/020-a", "https://github.com/x/y"), 8},
		{"a component below a phase", swap("../../overlays/020-a", "../../overlays/020-a/b"), 8},
		{"the overlays themselves", swap("../../overlays/020-a", "../../overlays/"), 8},
		{"components as text", swap("components:\n- ../../overlays/020-a\n", "components: ../../overlays/020-a\n"), 0},
		{"components as a mapping", swap("- ../../overlays/020-a\n", "  a: ../../overlays/020-a\n"), 0},
		{"another kind", swap("kind: Kustomization", "kind: Component"), 0},
		{"another version", swap("kustomize.config.k8s.io/v1beta1", "kustomize.config.k8s.io/v1"), 0},
		{"nothing", "", 0},
		{"two documents", whole + "---\n" + whole, 0},
		{"a merge conflict", swap("- ../../overlays/020-a\n", "<<<<<<< HEAD\n- ../../overlays/020-a\n=======\n- ../../overlays/030-b\n>>>>>>> main\n"), 0},
		{"a phase twice in one mapping", whole + "components: []\n", 9},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := overlay.ReadPointer("clusters/target/kustomization.yaml", []byte(test.text))
			found := finding.From(err)
			if len(found) != 1 {
				t.Fatalf("got %v, want one finding", err)
			}
			if found[0].File != "clusters/target/kustomization.yaml" || found[0].Hint == "" || (test.line > 0 && found[0].Line != test.line) {
				t.Errorf("got %+v, want it on line %d", found[0], test.line)
			}
		})
	}
}

func all() []overlay.PhaseRef {
	return []overlay.PhaseRef{
		{Folder: "000-watch", Side: plan.Source}, {Folder: "010-access", Side: plan.Source}, {Folder: "020-operator", Side: plan.Target},
		{Folder: "030-kafka", Side: plan.Target}, {Folder: "100-stop", Side: plan.Source}, {Folder: "130-align", Side: plan.Target}, {Folder: "140-start", Side: plan.Target},
	}
}

func TestReachedPhasesAreAPrefixOfAll(t *testing.T) {
	refs := all()
	for reached := range len(refs) + 1 {
		lists := make(map[plan.Side][]string)
		for _, phase := range refs[:reached] {
			lists[phase.Side] = append(lists[phase.Side], phase.Folder)
		}
		if found := overlay.CheckPrefix(refs, lists); len(found) > 0 {
			t.Errorf("the first %d phases: got %v", reached, found)
		}
	}
}

func TestWhatIsNoPrefixIsRefused(t *testing.T) {
	for _, test := range []struct {
		name           string
		source, target []string
		rule           string
		message        []string
		where          plan.Side
	}{
		{"a phase of the same cluster is skipped", []string{"010-access"}, nil, "phase-order", []string{"010-access", "000-watch"}, plan.Source},
		{"a phase of the other cluster is skipped", []string{"000-watch"}, []string{"020-operator"}, "phase-order", []string{"020-operator", "010-access"}, plan.Target},
		{"the target runs ahead of the source", []string{"000-watch", "010-access"}, []string{"020-operator", "030-kafka", "130-align"}, "phase-order", []string{"130-align", "100-stop"}, plan.Target},
		{"a phase stands twice", []string{"000-watch", "010-access"}, []string{"020-operator", "020-operator"}, "phase-order", []string{"020-operator", "twice"}, plan.Target},
		{"two phases are swapped", []string{"010-access", "000-watch"}, nil, "phase-order", []string{"000-watch"}, plan.Source},
		{"a phase is on the wrong cluster", []string{"000-watch", "010-access", "020-operator"}, nil, "phase-order", []string{"020-operator", "target", "source"}, plan.Source},
		{"a phase is unknown", []string{"000-watch", "999-nothing"}, nil, "unknown-phase", []string{"999-nothing"}, plan.Source},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := overlay.CheckPrefix(all(), map[plan.Side][]string{plan.Source: test.source, plan.Target: test.target})
			if len(found) == 0 || found.Err() == nil {
				t.Fatal("it is taken")
			}
			i := slices.IndexFunc(found, func(f finding.Finding) bool {
				fits := f.Rule == test.rule && f.File == overlay.PointerPath(test.where) && f.Hint != ""
				for _, part := range test.message {
					fits = fits && strings.Contains(f.Message, part)
				}
				return fits
			})
			if i < 0 {
				t.Errorf("got %v, want %s with %v in %s", found, test.rule, test.message, overlay.PointerPath(test.where))
			}
		})
	}
}
