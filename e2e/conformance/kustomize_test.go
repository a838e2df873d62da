package conformance_test

import (
	"path/filepath"
	"strings"
	"testing"

	"cutover/e2e/conformance/manifest"
)

// compareBuild holds kustomize build of a cluster against cutover render, and gives the
// stream.
func (p product) compareBuild(t *testing.T, tree, cluster string) string {
	t.Helper()
	stream, rendered := p.render(t, tree, cluster)
	built := parse(t, run(t, tree, p.kustomize, "build", "clusters/"+cluster))
	if diff := manifest.Diff(built, rendered); diff != "" {
		t.Errorf("cutover render --cluster %s (+) is not what kustomize build gives (-):\n%s", cluster, diff)
	}
	return stream
}

// TestEveryStepHoldsTheInvariants takes a tree from its first phase to its last, one line
// at a time.
func TestEveryStepHoldsTheInvariants(t *testing.T) {
	each(t, func(t *testing.T, p product, v variant) {
		tree := p.tree(t, v)
		generated := snapshot(t, tree)
		streams := make(map[string]string)
		for _, cluster := range sides() {
			streams[cluster] = p.compareBuild(t, tree, cluster)
		}
		for _, next := range phases(t, tree) {
			t.Run(next.folder, func(t *testing.T) {
				p.step(t, tree, next, streams)
				if number := next.number(); v == newest() && (number == "090" || number == "140") {
					p.valid(t, tree)
				}
			})
		}
		p.valid(t, tree)
		want := []string{"clusters/source/kustomization.yaml", "clusters/target/kustomization.yaml"}
		if got := changed(generated, snapshot(t, tree)); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("the whole migration changed %q, want %q", got, want)
		}
	})
}

// valid has the tree checked against every invariant, which goes each way back to its end.
func (p product) valid(t *testing.T, tree string) {
	t.Helper()
	if r := try(t, tree, p.cutover, "validate", "."); r.code != 0 {
		t.Errorf("validate: exit code %d\n%s%s", r.code, r.stderr, r.stdout)
	}
}

// step advances by one phase. streams are what the clusters had before, and have after.
func (p product) step(t *testing.T, tree string, next phase, streams map[string]string) {
	before := snapshot(t, tree)
	advance(t, tree, next)
	oneLine(t, before, snapshot(t, tree), next)

	stream := p.compareBuild(t, tree, next.cluster)
	if stream == streams[next.cluster] {
		t.Errorf("the step changes nothing on the %s", next.cluster)
	}
	streams[next.cluster] = stream
	other := otherSide(next.cluster)
	if now, _ := p.render(t, tree, other); now != streams[other] {
		t.Errorf("the step changes the %s as well", other)
	}
	for _, cluster := range sides() {
		if asked, _ := p.render(t, tree, cluster, "--phase", next.number()); asked != streams[cluster] {
			t.Errorf("render --cluster %s --phase %s is not what the tree renders to once it is there", cluster, next.number())
		}
	}
}

// oneLine wants the step to be one more line at the end of one file.
func oneLine(t *testing.T, before, after map[string]string, next phase) {
	t.Helper()
	files := changed(before, after)
	if len(files) != 1 {
		t.Fatalf("the step changes %q, want one file", files)
	}
	line, ok := strings.CutPrefix(after[files[0]], before[files[0]])
	if want := "- ../../overlays/" + next.folder + "\n"; !ok || line != want {
		t.Errorf("the step adds %q to %s, want %q", line, files[0], want)
	}
}

// TestPhasesOutOfOrderAreRefused gives pointers that are no prefix of the phases.
func TestPhasesOutOfOrderAreRefused(t *testing.T) {
	p := tools(t)
	pristine := p.tree(t, newest())
	all := phases(t, pristine)
	reached := func(list ...phase) []phase { return list }
	tests := []struct {
		name    string
		reached []phase
		good    bool
	}{
		{"the first three in order are accepted", all[:3], true},
		{"the second without the first", reached(all[1]), false},
		{"the last alone", reached(all[len(all)-1]), false},
		{"one left out", append(append([]phase{}, all[:5]...), all[6:8]...), false},
		{"one twice", append(append([]phase{}, all[:3]...), all[2]), false},
		{"two exchanged", reached(all[0], all[1], all[3], all[2]), false},
		{"one on the other cluster", reached(phase{all[0].folder, otherSide(all[0].cluster)}), false},
		{"one that there is not", reached(phase{"001-nothing", "source"}), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := filepath.Join(t.TempDir(), "tree")
			copyTree(t, pristine, tree)
			for _, next := range test.reached {
				advance(t, tree, next)
			}
			for _, cluster := range sides() {
				r := try(t, tree, p.cutover, "render", "--cluster", cluster)
				if (r.code == 0) != test.good || (r.stdout != "") != test.good {
					t.Errorf("render --cluster %s: exit code %d with %d bytes\n%s", cluster, r.code, len(r.stdout), r.stderr)
				}
			}
			want := 2
			if test.good {
				want = 0
			}
			if r := try(t, tree, p.cutover, "validate", "."); r.code != want {
				t.Errorf("validate: exit code %d, want %d\n%s", r.code, want, r.stderr)
			}
		})
	}
}

func otherSide(cluster string) string {
	if cluster == "source" {
		return "target"
	}
	return "source"
}
