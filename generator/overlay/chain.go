package overlay

import (
	"slices"

	"cutover/generator/plan"
)

// chain gives for each phase, by number, the phase that its cluster reached before: [None]
// at first, and "" in a rollback where that depends on how far the migration had come.
func chain(p *plan.Plan) map[int]string {
	before := make(map[int]string)
	at := map[plan.Side]string{plan.Source: None, plan.Target: None}
	begins := make(map[int]map[plan.Side][]string) // by batch, what a rollback may begin at
	for _, phase := range p.Phases {
		before[phase.Number] = at[phase.Side]
		at[phase.Side] = phase.ID()
		if phase.Back.Kind == plan.SequenceBack {
			batch := phase.Number / hundred
			if begins[batch] == nil {
				begins[batch] = make(map[plan.Side][]string)
			}
			for _, side := range plan.Sides() {
				begins[batch][side] = append(begins[batch][side], at[side])
			}
		}
	}
	var reached map[plan.Side][]string // after the rollback of the batches that moved later
	for i, phase := range p.Returns {
		if batch := phase.Number / hundred; i == 0 || batch != p.Returns[i-1].Number/hundred {
			reached = joined(begins[batch], reached)
		}
		if ends := reached[phase.Side]; len(ends) == 1 {
			before[phase.Number] = ends[0]
		}
		reached[phase.Side] = []string{phase.ID()}
	}
	return before
}

func joined(a, b map[plan.Side][]string) map[plan.Side][]string {
	both := make(map[plan.Side][]string)
	for _, side := range plan.Sides() {
		both[side] = slices.Concat(a[side], b[side])
		slices.Sort(both[side])
		both[side] = slices.Compact(both[side])
	}
	return both
}
