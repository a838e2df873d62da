package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cutover/generator/migration"
	"cutover/generator/plan"
)

func TestATopicIsUnwrittenUntilAProducerOfItMoves(t *testing.T) {
	p := &plan.Plan{
		Batches: []plan.Batch{{Number: 1, Name: "one"}, {Number: 2, Name: "two"}},
		Workloads: []plan.Workload{
			{Name: "a", Batch: "one", Produces: []string{"first", "both"}},
			{Name: "b", Batch: "two", Produces: []string{"second", "both", "repartition"}, Consumes: []string{"repartition"}, Rehearse: true},
			{Name: "c", Batch: "two", Produces: []string{"rehearsed"}, Rehearse: true},
			{Name: "d", Batch: "two", Produces: []string{"let-in"}, Consumes: []string{"x"}, Tier: migration.Ingest, Rehearse: true},
		},
	}
	for name, test := range map[string]struct {
		phase plan.Phase
		want  map[string]bool
	}{
		"the first batch":  {plan.Phase{Number: 130}, map[string]bool{"first": true, "both": true, "second": true, "repartition": true}},
		"the second batch": {plan.Phase{Number: 230}, map[string]bool{"second": true, "repartition": true}},
		"the way back":     {plan.Phase{Number: 185, Returns: true}, map[string]bool{}},
	} {
		if difference := cmp.Diff(test.want, p.Unwritten(test.phase)); difference != "" {
			t.Errorf("%s: %s", name, difference)
		}
	}
}
