package release

import (
	"cmp"
	"slices"

	"cutover/generator/plan"
)

// span are the phases of one cluster from a number to another, both included.
type span struct{ from, to int }

const (
	hundred = 100 // the phases of a batch
	returns = 80  // its rollback begins here
	lastOne = 999 // no phase has a higher number
	stopped = 80  // rehearse-stop: from then on all workloads wait at zero on the target
)

// rest is what has to be still on one cluster while its phase is in one of the spans: topics
// that nobody writes to, or groups that have no members.
type rest struct {
	names  []string
	during []span
	// since is the folder of the phase that stops them.
	since string
}

// moves finds the phase among those given that sets a workload on one side to a state.
func moves(phases []plan.Phase, side plan.Side, workload string, running bool) (plan.Phase, bool) {
	for _, phase := range phases {
		if phase.Side != side || phase.Number < hundred {
			continue
		}
		for _, scaling := range phase.Scalings {
			if scaling.Workload == workload && (scaling.To == scaling.Runner.Running) == running {
				return phase, true
			}
		}
	}
	return plan.Phase{}, false
}

// stoppedFor gives the spans in which what a phase of the source stops is still: from then
// on, but for the rollback of its batch, which starts it again.
func stoppedFor(phase plan.Phase) []span {
	batch := phase.Number / hundred * hundred
	return []span{{phase.Number, batch + returns - 1}, {batch + returns + 10, lastOne}}
}

// lastStop finds the phase that stops the last of the workloads on the source that has
// something to do with a name. It finds none where one of them is stopped by no phase.
func lastStop(p *plan.Plan, concerns func(plan.Workload) bool) (plan.Phase, bool) {
	var last plan.Phase
	for _, w := range p.Workloads {
		if !concerns(w) || (w.Source != nil && !w.Source.Runs()) {
			continue
		}
		stop, ok := moves(p.Phases, plan.Source, w.Name, false)
		if !ok {
			return plan.Phase{}, false
		}
		if stop.Number > last.Number {
			last = stop
		}
	}
	return last, last.Number > 0
}

// restingTopics are the topics of the source that have lost all their producers, and since
// which phase. Of the target nothing is to be said: the mirror writes to every topic.
func restingTopics(p *plan.Plan, side plan.Side) []rest {
	if side == plan.Target {
		return nil
	}
	var all []rest
	for _, topic := range named(p, func(w plan.Workload) []string { return w.Produces }) {
		stop, ok := lastStop(p, func(w plan.Workload) bool { return slices.Contains(w.Produces, topic) })
		if ok {
			all = append(all, rest{[]string{topic}, stoppedFor(stop), stop.Folder()})
		}
	}
	return merged(all)
}

// restingGroups are the groups that have moved from the source, or not yet to the target.
func restingGroups(p *plan.Plan, side plan.Side) []rest {
	var all []rest
	for _, group := range named(p, func(w plan.Workload) []string { return w.Groups }) {
		concerns := func(w plan.Workload) bool { return slices.Contains(w.Groups, group) }
		if side == plan.Target {
			if during := waits(p, concerns); len(during) > 0 {
				all = append(all, rest{[]string{group}, during, "080-rehearse-stop"})
			}
			continue
		}
		if stop, ok := lastStop(p, concerns); ok {
			all = append(all, rest{[]string{group}, stoppedFor(stop), stop.Folder()})
		}
	}
	return merged(all)
}

// waits gives the spans in which a group has no members on the target: until the first of
// its workloads starts there, and once the rollback of that one's batch has stopped it.
func waits(p *plan.Plan, concerns func(plan.Workload) bool) []span {
	first, stop := lastOne+1, 0
	for _, w := range p.Workloads {
		if start, ok := moves(p.Phases, plan.Target, w.Name, true); ok && concerns(w) {
			first = min(first, start.Number)
		}
	}
	if first > lastOne {
		return nil
	}
	for _, w := range p.Workloads {
		back, ok := moves(p.Returns, plan.Target, w.Name, false)
		if ok && concerns(w) && back.Number/hundred == first/hundred {
			stop = max(stop, back.Number)
		}
	}
	during := []span{{stopped, first - 1}}
	if stop > 0 {
		during = append(during, span{stop, first/hundred*hundred + returns + 9})
	}
	return during
}

// drains gives the spans in which a batch is on its way on one cluster: from the first of
// its phases there to the one before the last, and the same in its rollback.
func drains(p *plan.Plan, side plan.Side) []span {
	var all []span
	for _, phases := range [][]plan.Phase{p.Phases, p.Returns} {
		ways := make(map[int]span)
		for _, phase := range phases {
			batch := phase.Number / hundred
			if phase.Side != side || !isBatch(p, batch) {
				continue
			}
			way, known := ways[batch]
			if !known {
				way.from = phase.Number
			}
			way.to = phase.Number - 1
			ways[batch] = way
		}
		for _, way := range ways {
			if way.to >= way.from {
				all = append(all, way)
			}
		}
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return all
}

// isBatch tells whether a hundred of phases belongs to a batch.
func isBatch(p *plan.Plan, number int) bool {
	return slices.ContainsFunc(p.Batches, func(b plan.Batch) bool { return b.Number == number })
}

// mirrorRests gives the phases of the target in which the forward mirror does not copy: until
// it starts, from its pause on, and in a rollback whose reverse mirror takes its place.
func mirrorRests(p *plan.Plan) []span {
	var all []span
	for _, phase := range p.Phases {
		switch {
		case slices.Contains(phase.Releases, plan.TargetMirror):
			all = append(all, span{0, phase.Number - 1})
		case phase.Mirror == plan.PauseMirror:
			all = append(all, span{phase.Number, lastOne})
		}
	}
	paused := false
	for _, phase := range p.Returns {
		if phase.Mirror != plan.PauseMirror {
			continue
		}
		batch := phase.Number / hundred * hundred
		from := phase.Number
		if paused {
			from = batch + returns // paused since a later batch went back
		}
		all = append(all, span{from, batch + returns + 9})
		paused = true
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return all
}

// returnMirrorRests gives the phases in which a reverse mirror does not copy: all but those
// of its rollback from its start on.
func returnMirrorRests(p *plan.Plan, m plan.ReturnMirror) []span {
	for _, phase := range p.Returns {
		if slices.Contains(phase.Releases, m.Release()) {
			return []span{{0, phase.Number - 1}, {phase.Number/hundred*hundred + returns + 10, lastOne}}
		}
	}
	return nil
}

// named lists what the workloads name, once each, in order.
func named(p *plan.Plan, of func(plan.Workload) []string) []string {
	var all []string
	for _, w := range p.Workloads {
		all = append(all, of(w)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// merged puts what rests at the same time together, the earliest first.
func merged(all []rest) []rest {
	var few []rest
	for _, r := range all {
		i := slices.IndexFunc(few, func(o rest) bool { return o.since == r.since && slices.Equal(o.during, r.during) })
		if i < 0 {
			few = append(few, r)
			continue
		}
		few[i].names = append(few[i].names, r.names...)
	}
	slices.SortStableFunc(few, func(a, b rest) int { return cmp.Compare(a.during[0].from, b.during[0].from) })
	return few
}
