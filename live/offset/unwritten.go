package offset

import (
	"cutover/generator/migration"
	"cutover/generator/plan"
)

// Unwritten gives the topics of which a migration says that the mirror alone has written on
// the target, when a phase is about to set offsets there: their producers are known, and
// move with the phase's batch or later. On the way back there are none.
func Unwritten(p *plan.Plan, phase plan.Phase) map[string]bool {
	topics := make(map[string]bool)
	if phase.Side != plan.Target || phase.Returns {
		return topics
	}
	order := make(map[string]int)
	for _, batch := range p.Batches {
		order[batch.Name] = batch.Number
	}
	now := order[phase.Batch]
	written := make(map[string]bool)
	for _, workload := range p.Workloads {
		for _, topic := range workload.Produces {
			topics[topic] = true
			written[topic] = written[topic] || order[workload.Batch] < now || rehearses(workload)
		}
	}
	for topic := range written {
		if written[topic] {
			delete(topics, topic)
		}
	}
	return topics
}

// rehearses tells whether a workload has written in the rehearsal. What consumes to produce
// found nothing to consume: the mirror had not begun.
func rehearses(w plan.Workload) bool {
	return w.Rehearse && (len(w.Consumes) == 0 || w.Tier == migration.Ingest)
}
