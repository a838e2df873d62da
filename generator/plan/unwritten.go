package plan

import "cutover/generator/migration"

// Unwritten gives the topics of which the migration says that the mirror alone has written on
// the target when a phase begins: their producers are known, move with the phase's batch or
// later, and did not write in the rehearsal. On the way back there are none: what a reverse
// mirror brings is added to the source's own history.
func (p *Plan) Unwritten(phase Phase) map[string]bool {
	topics := make(map[string]bool)
	if phase.Returns {
		return topics
	}
	batches := make(map[string]int)
	for _, batch := range p.Batches {
		batches[batch.Name] = batch.Number
	}
	written := make(map[string]bool)
	for _, workload := range p.Workloads {
		for _, topic := range workload.Produces {
			topics[topic] = true
			written[topic] = written[topic] || batches[workload.Batch] < phase.Number/firstBatch || workload.rehearses()
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
func (w Workload) rehearses() bool {
	return w.Rehearse && (len(w.Consumes) == 0 || w.Tier == migration.Ingest)
}
