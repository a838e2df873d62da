package overlay

import (
	"maps"
	"slices"

	"cutover/generator/plan"
)

// Direction says which way an edge leads.
type Direction string

// The directions of the edges between phases: one step forward, that step taken back, and
// one step of the ordered rollback.
const (
	Advance Direction = "advance"
	Revert  Direction = "revert"
	Return  Direction = "return"
)

// Edge is one way into a phase.
type Edge struct {
	// From is the phase that this cluster completed last, [None] at first.
	From      string    `yaml:"from"`
	Direction Direction `yaml:"direction"`
	// Peer are the phases of which the other cluster must have completed one last.
	Peer []string `yaml:"peer"`
}

// ways are the edges into one phase, and the workloads' state in it.
type ways struct {
	edges []Edge
	scale []Scale
}

// position is a state that the migration may be in: what each cluster completed last, and
// the workloads that the Jobs scale, on each cluster, by their place in the plan.
type position struct {
	done  map[plan.Side]string
	scale map[plan.Side]map[int]any
}

func (at position) clone() position {
	return position{maps.Clone(at.done), map[plan.Side]map[int]any{
		plan.Source: maps.Clone(at.scale[plan.Source]), plan.Target: maps.Clone(at.scale[plan.Target]),
	}}
}

// everyPhase lists the phases of a plan, those of the ordered rollback last.
func everyPhase(p *plan.Plan) []plan.Phase { return slices.Concat(p.Phases, p.Returns) }

// allWays walks through every state that Git may bring the migration into, and notes for
// each phase how it is entered.
func allWays(p *plan.Plan) map[string]*ways {
	all := make(map[string]*ways)
	for _, phase := range everyPhase(p) {
		all[phase.ID()] = &ways{}
	}
	at := position{
		map[plan.Side]string{plan.Source: None, plan.Target: None},
		map[plan.Side]map[int]any{plan.Source: {}, plan.Target: {}},
	}
	for _, phase := range p.Phases {
		before := at.done[phase.Side]
		enter(p, all, at, phase, Advance)
		if phase.Back.Kind != plan.SequenceBack {
			continue
		}
		steps := rollback(p.Returns, phase)
		abandon(all, at, phase, before, steps)
		back := at.clone()
		for _, step := range steps {
			enter(p, all, back, step, Return)
		}
	}
	return all
}

// abandon lets the rollback begin also where a phase was entered and never completed: what
// it started did not become healthy, and so the ledger still has the phase before.
func abandon(all map[string]*ways, at position, phase plan.Phase, before string, steps []plan.Phase) {
	i := slices.IndexFunc(steps, func(step plan.Phase) bool { return step.Side == phase.Side })
	if i == 0 {
		all[steps[i].ID()].add(before, Return, at.done[phase.Side.Other()])
	}
}

// rollback gives the phases of the ordered rollback that may follow a forward phase: those
// of its batch, then those of the batches before, as the plan has them.
func rollback(returns []plan.Phase, from plan.Phase) []plan.Phase {
	return slices.DeleteFunc(slices.Clone(returns), func(step plan.Phase) bool { return step.Number/hundred > from.Number/hundred })
}

// enter takes a position into a phase, and notes the edge, and the one back where the phase
// may be taken back by itself.
func enter(p *plan.Plan, all map[string]*ways, at position, phase plan.Phase, direction Direction) {
	from, peer := at.done[phase.Side], at.done[phase.Side.Other()]
	all[phase.ID()].add(from, direction, peer)
	if phase.Back.Kind == plan.RevertBack && from != None {
		all[from].add(phase.ID(), Revert, peer)
	}
	at.done[phase.Side] = phase.ID()
	at.move(p, phase)
	if way := all[phase.ID()]; way.scale == nil {
		way.scale = scales(p, phase.Side, at.scale[phase.Side])
	}
}

func (w *ways) add(from string, direction Direction, peer string) {
	i := slices.IndexFunc(w.edges, func(e Edge) bool { return e.From == from && e.Direction == direction })
	if i < 0 {
		w.edges = append(w.edges, Edge{From: from, Direction: direction, Peer: []string{peer}})
		return
	}
	if !slices.Contains(w.edges[i].Peer, peer) {
		w.edges[i].Peer = append(w.edges[i].Peer, peer)
	}
}

// move brings the workloads' state from the phase before to this one's: what its releases
// begin with, and what it starts and stops.
func (at position) move(p *plan.Plan, phase plan.Phase) {
	state := at.scale[phase.Side]
	for i, workload := range p.Workloads {
		runner := workload.Runner(phase.Side)
		switch {
		case runner == nil || !p.ScalesByJob(phase.Side):
		case slices.Contains(phase.Releases, plan.SourceWorkloads):
			state[i] = runner.Running
		case slices.Contains(phase.Releases, plan.TargetWorkloads):
			state[i] = runner.Stopped
		}
		for _, scaling := range phase.Scalings {
			if _, taken := state[i]; taken && scaling.Workload == workload.Name {
				state[i] = scaling.To
			}
		}
	}
}

func scales(p *plan.Plan, side plan.Side, state map[int]any) []Scale {
	var all []Scale
	for i, workload := range p.Workloads {
		value, taken := state[i]
		if !taken {
			continue
		}
		r := workload.Runner(side)
		all = append(all, Scale{APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name, Field: r.Field, Value: value})
	}
	return all
}
