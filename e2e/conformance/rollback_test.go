package conformance_test

import (
	"reflect"
	"strings"
	"testing"

	"cutover/e2e/conformance/manifest"
)

// TestTheWayBackHoldsTheInvariants goes forward to a phase past the point of no return, and
// from there the whole ordered rollback, one line at a time. Then every workload is again as
// it was before the first batch.
func TestTheWayBackHoldsTheInvariants(t *testing.T) {
	p := tools(t)
	for _, test := range []struct {
		name, until string
		tree        func(t *testing.T, v variant) string
	}{
		{"from the midst of the first batch", "150", p.tree},
		{"from the midst of the last batch, through both", "250", p.tree},
		{"from the end of the last batch, with a reverse mirror", "270", p.mirroredBack},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tree := test.tree(t, newest())
			forward, back := overlays(t, tree)
			var before map[string]manifest.Set
			for _, next := range forward {
				if next.number() == "100" {
					before = p.workloads(t, tree)
				}
				advance(t, tree, next)
				if next.number() == test.until {
					break
				}
			}
			streams := make(map[string]string)
			for _, cluster := range sides() {
				streams[cluster] = p.compareBuild(t, tree, cluster)
			}
			steps := 0
			for _, next := range back {
				if next.number()[0] <= test.until[0] {
					t.Run(next.folder, func(t *testing.T) { p.step(t, tree, next, streams) })
					steps++
				}
			}
			p.valid(t, tree)
			if steps < 6 {
				t.Errorf("the rollback has only %d steps", steps)
			}
			if after := p.workloads(t, tree); !reflect.DeepEqual(after, before) {
				for _, cluster := range sides() {
					t.Errorf("the workloads of the %s are not as they were:\n%s", cluster, manifest.Diff(before[cluster], after[cluster]))
				}
			}
		})
	}
}

// workloads gives what a cluster has of the release that holds its workloads.
func (p product) workloads(t *testing.T, tree string) map[string]manifest.Set {
	t.Helper()
	all := make(map[string]manifest.Set)
	for _, cluster := range sides() {
		_, now := p.render(t, tree, cluster)
		all[cluster] = make(manifest.Set)
		for id := range parse(t, read(t, tree+"/releases/"+cluster+"-workloads/manifests.yaml")) {
			all[cluster][id] = now[id]
		}
		if len(all[cluster]) < 10 {
			t.Fatalf("the %s has only %d workloads", cluster, len(all[cluster]))
		}
	}
	return all
}

// TestARollbackOutOfOrderIsRefused gives pointers at which no rollback begins, or from which
// none goes on.
func TestARollbackOutOfOrderIsRefused(t *testing.T) {
	p := tools(t)
	pristine := p.tree(t, newest())
	forward, back := overlays(t, pristine)
	for _, test := range []struct {
		name, reached string
		good          bool
	}{
		{"begun past the point of no return", "000-140 180", true},
		{"both batches, one after the other", "000-240 280 282 286 287 289 180", true},
		{"begun before the point of no return", "000-130 180", false},
		{"begun in the next batch", "000-200 180", false},
		{"the last batch passed over", "000-240 180", false},
		{"a step left out", "000-140 180 186", false},
		{"forward again", "000-140 180 150", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			tree := t.TempDir() + "/tree"
			copyTree(t, pristine, tree)
			for item := range strings.FieldsSeq(test.reached) {
				first, last, isRange := strings.Cut(item, "-")
				for _, next := range append(append([]phase{}, forward...), back...) {
					if number := next.number(); number == item || isRange && first <= number && number <= last && !strings.Contains(next.folder, "-return-") {
						advance(t, tree, next)
					}
				}
			}
			for _, cluster := range sides() {
				r := try(t, tree, p.cutover, "render", "--cluster", cluster)
				if (r.code == 0) != test.good || (r.stdout != "") != test.good {
					t.Errorf("render --cluster %s: exit code %d with %d bytes\n%s", cluster, r.code, len(r.stdout), r.stderr)
				}
			}
		})
	}
}
