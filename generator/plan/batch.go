package plan

import (
	"fmt"
	"slices"

	"cutover/generator/migration"
)

// Offsets of the phases within the hundred of a batch.
const (
	ingestStop = iota * 10
	producersStop
	consumersStop
	offsetsAlign
	tiersStart
)

// batchPhases are the steps by which one batch of workloads moves: close the valve, let
// what is in flight drain, set the groups, and come up tier by tier.
func (p *Plan) batchPhases(batch Batch) []Phase {
	phases := p.stops(batch)
	caughtUp := []Gate{
		{Name: "workloads-stopped", Side: Source, Asks: "is every workload of the batch at zero?", Workloads: batch.names()},
		{Name: "mirror-caught-up", Side: Target, Asks: "has every partition of the batch been copied to its end?", Topics: batch.topics()},
	}
	before := caughtUp
	if groups := batch.groups(); len(groups) > 0 {
		phases = append(phases, Phase{Number: offsetsAlign, Name: "offsets-align", Side: Target, Step: "every group is set to its proven offset",
			Gates: caughtUp, Offsets: p.offsets(batch), Back: revert("the groups keep their offsets, which no workload reads before it starts")})
		before = []Gate{{Name: "offsets-aligned", Side: Target, Asks: "is every group at its proven offset, within the log?", Groups: groups}}
	}
	phases = append(phases, p.starts(batch, before)...)
	for i := range phases {
		phases[i].Number += batch.Number * firstBatch
		phases[i].Batch = batch.Name
	}
	return phases
}

// stops takes a batch to zero on the source: what lets data in, what only produces, and,
// once everything in flight is drained, what consumes.
func (p *Plan) stops(batch Batch) []Phase {
	running := []Gate{{Name: "mirror-running", Side: Target, Asks: "do all connectors and tasks run, with lag within bound?"}}
	quiet := running // where nothing is ingested, nothing can go quiet
	if ingested := batch.produced(isIngest); len(ingested) > 0 {
		quiet = []Gate{{Name: "source-quiet", Side: Source, Asks: "have the log ends of the ingested topics stopped moving?", Topics: ingested}}
	}
	drained := []Gate{{Name: "drained", Side: Source, Asks: "is lag 0 on every partition of every group, and do the log ends of these topics stand still?",
		Groups: batch.groups(), Topics: batch.produced(anyWorkload)}}
	var phases []Phase
	for _, stop := range []struct {
		number     int
		name, step string
		which      func(Workload) bool
		gates      []Gate
	}{
		{ingestStop, "ingest-stop", "the ingestion valve closes", isIngest, running},
		{producersStop, "producers-stop", "what only produces goes to zero", isProducer, quiet},
		{consumersStop, "consumers-stop", "what consumes goes to zero", isConsumer, drained},
	} {
		if scalings := reverse(p.scalings(Source, batch.and(stop.which), true)); len(scalings) > 0 {
			phases = append(phases, Phase{Number: stop.number, Name: stop.name, Side: Source, Step: stop.step, Gates: stop.gates, Scalings: scalings,
				Back: revert("the workloads start again on the source, from their committed offsets")})
		}
	}
	return phases
}

// starts brings a batch up on the target, tier by tier, each once the one before is ready.
func (p *Plan) starts(batch Batch, before []Gate) []Phase {
	var phases []Phase
	for i, tier := range migration.Tiers() {
		scalings := p.scalings(Target, batch.and(func(w Workload) bool { return w.Tier == tier }), true)
		if len(scalings) == 0 {
			continue
		}
		phases = append(phases, Phase{Number: tiersStart + 10*i, Name: string(tier) + "-start", Side: Target,
			Step: fmt.Sprintf("tier %s comes up on the target", tier), Gates: before, Scalings: scalings, Back: revert("the tier goes back to zero")})
		before = []Gate{{Name: "workloads-ready", Side: Target, Asks: fmt.Sprintf("is tier %s ready?", tier), Workloads: names(scalings)}}
	}
	return phases
}

// and narrows a choice of workloads to those of the batch.
func (b Batch) and(which func(Workload) bool) func(Workload) bool {
	return func(w Workload) bool { return w.Batch == b.Name && which(w) }
}

func anyWorkload(Workload) bool  { return true }
func isIngest(w Workload) bool   { return w.Tier == migration.Ingest }
func isProducer(w Workload) bool { return !isIngest(w) && len(w.Produces) > 0 && len(w.Consumes) == 0 }
func isConsumer(w Workload) bool { return !isIngest(w) && !isProducer(w) }

func (b Batch) topics() []string {
	var all []string
	for _, w := range b.Workloads {
		all = append(all, w.Produces...)
		all = append(all, w.Consumes...)
	}
	return sorted(all)
}

func (b Batch) produced(which func(Workload) bool) []string {
	var all []string
	for _, w := range b.Workloads {
		if which(w) {
			all = append(all, w.Produces...)
		}
	}
	return sorted(all)
}

func (b Batch) groups() []string {
	var all []string
	for _, w := range b.Workloads {
		all = append(all, w.Groups...)
	}
	return sorted(all)
}

func (b Batch) names() []string {
	var all []string
	for _, w := range b.Workloads {
		all = append(all, w.Name)
	}
	return sorted(all)
}

// offsets gives each group of the batch with its topics: those that its workloads consume
// and, where the inventory knows the group, that the group has offsets of.
func (p *Plan) offsets(b Batch) []GroupOffsets {
	topics := make(map[string][]string)
	for _, w := range b.Workloads {
		for _, group := range w.Groups {
			topics[group] = append(topics[group], w.Consumes...)
		}
	}
	var all []GroupOffsets
	for _, group := range sortedKeys(topics) {
		list := sorted(topics[group])
		if known := p.groupTopics(group); len(known) > 0 {
			list = slices.DeleteFunc(list, func(topic string) bool { return !slices.Contains(known, topic) })
		}
		all = append(all, GroupOffsets{group, list})
	}
	return all
}

func (p *Plan) groupTopics(group string) []string {
	for _, known := range p.Inventory.Groups {
		if known.Name == group {
			return known.Topics
		}
	}
	return nil
}

// scalings are the steps from stopped to running of the chosen workloads on one side; with
// onlyRunning, workloads that would not run anyway are left out.
func (p *Plan) scalings(side Side, which func(Workload) bool, onlyRunning bool) []Scaling {
	var all []Scaling
	for _, w := range p.Workloads {
		runner := w.Runner(side)
		if runner == nil || !which(w) || (onlyRunning && !runner.Runs()) {
			continue
		}
		all = append(all, Scaling{Workload: w.Name, Runner: *runner, From: runner.Stopped, To: runner.Running})
	}
	return all
}

// reverse turns starts into stops.
func reverse(scalings []Scaling) []Scaling {
	reversed := make([]Scaling, len(scalings))
	for i, s := range scalings {
		s.From, s.To = s.To, s.From
		reversed[i] = s
	}
	return reversed
}

func names(scalings []Scaling) []string {
	all := make([]string, len(scalings))
	for i, s := range scalings {
		all[i] = s.Workload
	}
	return sorted(all)
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
