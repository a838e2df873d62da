package plan

import (
	"fmt"

	"cutover/generator/finding"
	"cutover/generator/migration"
)

// Offsets of the rollback's phases within the hundred of a batch.
const (
	returnIngestStop = 80 + iota
	returnProducersStop
	returnConsumersStop
	returnAccess
	returnMirrorStart
	returnOffsetsAlign
	returnTiersStart
)

// NoBack is the kind of [Back] of the rollback itself, once the source has begun to change.
const NoBack = "none"

func noBack() Back {
	return Back{NoBack, "none: the source carries on, and a second attempt is a new migration with empty target topics"}
}

// decideReturns plans the ordered rollback of every batch up to the last one that writes to
// the target: to go back past a batch, those that moved after it have to be back.
func (p *Plan) decideReturns() finding.List {
	last := 0
	for _, phase := range p.Phases {
		if phase.Back.Kind == SequenceBack {
			last = phase.Number / firstBatch
		}
	}
	var findings finding.List
	texts := make(map[int]string)
	for i := last - 1; i >= 0; i-- {
		batch := p.Batches[i]
		mirror, found := p.returnMirror(batch)
		findings.Add(found...)
		phases := p.returnPhases(batch, mirror)
		p.Returns = append(p.Returns, phases...)
		texts[batch.Number] = rollback(phases, mirror != nil)
	}
	for i := range p.Phases {
		if back := &p.Phases[i].Back; back.Kind == SequenceBack {
			back.Text = texts[p.Phases[i].Number/firstBatch]
		}
	}
	return findings
}

// rollback says what the phases of a batch's ordered rollback do.
func rollback(phases []Phase, mirrored bool) string {
	fate := "what was written to the target since stays there"
	if mirrored {
		fate = "a reverse mirror brings back what was written since"
	}
	return fmt.Sprintf("the ordered rollback, phases %s to %s: the batch closes and drains on the target, %s, and the source's tiers start",
		phases[0].ID(), phases[len(phases)-1].ID(), fate)
}

// returnPhases are the steps by which one batch goes back. They set workloads to a state
// without asking for the one before, since a rollback begins wherever its batch stands.
func (p *Plan) returnPhases(batch Batch, mirror *ReturnMirror) []Phase {
	phases := p.returnStops(batch)
	ready := append([]Gate{{Name: "workloads-stopped", Side: Target, Asks: "is every workload of the batch at zero on the target?", Workloads: batch.names()}},
		drained(batch)...)
	if mirror != nil {
		pauseForward(&phases[len(phases)-1])
		phases = append(phases, p.returnMirrorPhases(batch, *mirror, ready)...)
		ready = mirror.caughtUp(batch)
		if groups := batch.groups(); len(groups) > 0 {
			phases = append(phases, Phase{Number: returnOffsetsAlign, Name: "return-offsets-align", Side: Source, Step: "every group is set to its proven offset on the source",
				Gates: ready, Offsets: p.offsets(batch), Back: noBack()})
			ready = []Gate{{Name: "offsets-aligned", Side: Source, Asks: "is every group at its proven offset, within the log?", Groups: groups}}
		}
	}
	phases = append(phases, p.returnStarts(batch, ready)...)
	for i := range phases {
		phases[i].Number += batch.Number * firstBatch
		phases[i].Batch, phases[i].Returns, phases[i].PastReturn = batch.Name, true, true
	}
	return phases
}

// pauseForward has the last stop on the target pause the forward mirror. That is not left
// to the phase that starts the reverse one: topics keep their names, and while both run
// records go in circles.
func pauseForward(stop *Phase) {
	stop.Mirror = PauseMirror
	stop.Step += "; the forward mirror is paused"
	stop.Back.Text += "; the forward mirror goes on where it stopped"
}

// drained asks whether what a batch reads and writes on the target stands still; nothing
// for a batch that neither commits offsets nor produces.
func drained(batch Batch) []Gate {
	groups, topics := batch.groups(), batch.produced(anyWorkload)
	if len(groups)+len(topics) == 0 {
		return nil
	}
	return []Gate{{Name: "drained", Side: Target, Asks: "is lag 0 on every partition of every group, and do the log ends of these topics stand still?",
		Groups: groups, Topics: topics}}
}

// returnStops takes a batch to zero on the target, in the order in which it stopped on the
// source.
func (p *Plan) returnStops(batch Batch) []Phase {
	var quiet []Gate
	if ingested := batch.produced(isIngest); len(ingested) > 0 {
		quiet = []Gate{{Name: "source-quiet", Side: Target, Asks: "have the log ends of the ingested topics stopped moving on the target?", Topics: ingested}}
	}
	var phases []Phase
	for _, stop := range []struct {
		number     int
		name, step string
		which      func(Workload) bool
		gates      []Gate
	}{
		{returnIngestStop, "return-ingest-stop", "ingestion closes on the target", isIngest, nil},
		{returnProducersStop, "return-producers-stop", "what only produces goes to zero on the target", isProducer, quiet},
		{returnConsumersStop, "return-consumers-stop", "what consumes goes to zero on the target", isConsumer, drained(batch)},
	} {
		if scalings := settings(reverse(p.scalings(Target, batch.and(stop.which), true))); len(scalings) > 0 {
			phases = append(phases, Phase{Number: stop.number, Name: stop.name, Side: Target, Step: stop.step, Gates: stop.gates, Scalings: scalings,
				Back: revert("the workloads start again on the target, from their committed offsets")})
		}
	}
	return phases
}

// returnStarts brings a batch up on the source, tier by tier, each once the one before is
// ready.
func (p *Plan) returnStarts(batch Batch, before []Gate) []Phase {
	var phases []Phase
	for i, tier := range migration.Tiers() {
		scalings := settings(p.scalings(Source, batch.and(func(w Workload) bool { return w.Tier == tier }), true))
		if len(scalings) == 0 {
			continue
		}
		phases = append(phases, Phase{Number: returnTiersStart + i, Name: "return-" + string(tier) + "-start", Side: Source,
			Step: fmt.Sprintf("tier %s comes up on the source", tier), Gates: before, Scalings: scalings, Back: noBack()})
		before = []Gate{{Name: "workloads-ready", Side: Source, Asks: fmt.Sprintf("is tier %s ready?", tier), Workloads: names(scalings)}}
	}
	return phases
}

// settings forgets what scalings come from.
func settings(scalings []Scaling) []Scaling {
	for i := range scalings {
		scalings[i].From = nil
	}
	return scalings
}
