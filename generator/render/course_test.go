package render_test

import (
	"strings"
	"testing"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
)

func course(t testing.TB, r *render.Repository, id string) string {
	t.Helper()
	phases, err := r.Course(id)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, phase := range phases {
		all = append(all, phase.ID())
	}
	return strings.Join(all, " ")
}

// reach lists the phases up to one of them in both pointers.
func reach(t testing.TB, id string) *render.Repository {
	t.Helper()
	files := small(t)
	r := open(t, files)
	for _, side := range plan.Sides() {
		files[overlay.PointerPath(side)] = overlay.NewPointer(side, until(t, r, side, id)...)
	}
	return open(t, files)
}

func TestTheCourseToAPhaseOfTheRollbackBeginsWhereTheRollbackDoes(t *testing.T) {
	const to140 = "000 010 020 030 040 050 060 070 080 090 095 100 120 130 140"
	for _, test := range []struct{ name, reached, to, want string }{
		{"forward", "", "095", "000 010 020 030 040 050 060 070 080 090 095"},
		{"forward, wherever the migration stands", "140", "905", to140 + " 150 170 900 905"},
		{"back, before the batch has moved", "090", "182", to140 + " 150 170 180 182"},
		{"back, from the phase reached", "140", "182", to140 + " 180 182"},
		{"back, from where a rollback would begin once its end is reverted", "900", "180", to140 + " 150 170 180"},
		{"back to the end", "150", "189", to140 + " 150 180 182 186 187 189"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := open(t, small(t))
			if test.reached != "" {
				r = reach(t, test.reached)
			}
			if got := course(t, r, test.to); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestOnceARollbackHasBegunItsCourseStays(t *testing.T) {
	files := small(t)
	reached := map[plan.Side][]string{
		plan.Source: until(t, open(t, files), plan.Source, "140"),
		plan.Target: append(until(t, open(t, files), plan.Target, "140"), "180-return-ingest-stop"),
	}
	for side, folders := range reached {
		files[overlay.PointerPath(side)] = overlay.NewPointer(side, folders...)
	}
	if got := course(t, open(t, files), "186"); !strings.HasSuffix(got, " 130 140 180 182 186") {
		t.Errorf("got %s", got)
	}
}

func TestARollbackRendersFromWhereverItBegins(t *testing.T) {
	r := open(t, small(t))
	var begins []string
	for _, rollback := range r.Rollbacks() {
		begins = append(begins, rollback.From.ID())
		for _, side := range plan.Sides() {
			stream, err := r.RenderPatched(side, render.Folders(side, rollback.Phases))
			if err != nil {
				t.Fatalf("from %s: %v", rollback.From.ID(), err)
			}
			running := map[plan.Side][]any{plan.Source: {int64(2), int64(3), false}, plan.Target: {int64(0), int64(0), true}}[side]
			now := make(map[string]any)
			for object, value := range objects(t, stream) {
				now[object.Name] = value
			}
			for i, name := range []string{"app.v1", "appxv1", "nightly"} {
				field := map[bool]string{true: "suspend", false: "replicas"}[name == "nightly"]
				if got := at(now[name], "spec", field); got != running[i] {
					t.Errorf("from %s, %s has %s %v on the %s, want %v", rollback.From.ID(), name, field, got, side, running[i])
				}
			}
		}
	}
	if got := strings.Join(begins, " "); got != "140 150 170" {
		t.Errorf("a rollback begins at %s", got)
	}
}

func TestWithoutTheBulkOnlyTheBulkIsMissing(t *testing.T) {
	r := open(t, small(t))
	folders := until(t, r, plan.Target, "")
	whole, err := r.Render(plan.Target, folders)
	if err != nil {
		t.Fatal(err)
	}
	patched, err := r.RenderPatched(plan.Target, folders)
	if err != nil {
		t.Fatal(err)
	}
	left := objects(t, patched)
	missing := 0
	for object := range objects(t, whole) {
		if _, ok := left[object]; !ok {
			missing++
			if object.Kind != "KafkaTopic" && object.Kind != "KafkaUser" {
				t.Errorf("%s is missing", object)
			}
		}
	}
	if missing < 3 {
		t.Errorf("only %d objects are bulk", missing)
	}
}
