package proof

import (
	"context"
	"fmt"
)

// inventoryComplete asks whether the inventory rests on every kind of evidence that later
// gates need. It asks no cluster.
func inventoryComplete(_ context.Context, q *question) error { //nolint:unparam // as all gates
	for _, gap := range q.Scope.Gaps {
		q.against("%s cannot be proven: %s", gap.Gate, gap.Because)
	}
	q.measure("gaps", int64(len(q.Scope.Gaps)))
	q.Left = int64(len(q.Scope.Gaps))
	q.Seen = fmt.Sprintf("%s in the inventory", count(len(q.Scope.Gaps), "gap"))
	return nil
}

// sourceReachable asks whether the source's brokers answer, each at the address that it
// advertises, from where cutover runs: in the target's network where that is a Job of the
// target.
func sourceReachable(ctx context.Context, q *question) error {
	b, err := q.kafka(q.gate.Side)
	if err != nil {
		return err
	}
	versions, err := b.admin.ApiVersions(ctx)
	if err != nil {
		return b.explain(err)
	}
	answered := 0
	for _, broker := range versions.Sorted() {
		if broker.Err != nil {
			q.against("broker %d does not answer: %v", broker.NodeID, broker.Err)
			continue
		}
		answered++
	}
	if len(versions) == 0 {
		q.against("there is no broker")
	}
	q.measure("brokers", int64(len(versions)))
	q.Left = int64(len(versions) - answered)
	q.Seen = fmt.Sprintf("%d of %s answered", answered, count(len(versions), "broker"))
	return nil
}
