package proof

import (
	"context"
	"fmt"
)

// sourceQuiet asks whether log ends stand still: two samples, [Options.QuietFor] apart, are
// equal, and no transaction is open. Where the phase removes the mirror, nothing may stand
// behind the positions at which it was paused either.
func sourceQuiet(ctx context.Context, q *question) error {
	topics, err := q.topics()
	if err != nil {
		return err
	}
	b, err := q.kafka(q.gate.Side)
	if err != nil {
		return err
	}
	logs, err := q.bounds(ctx, b, topics)
	if err != nil {
		return err
	}
	q.openTransactions(logs)
	moved, err := q.still(ctx, b, topics, logs.end)
	if err != nil {
		return err
	}
	q.measure("partitions", int64(len(logs.end)))
	q.measure("moved", int64(moved))
	q.Left = int64(moved)
	q.Seen = fmt.Sprintf("%d of %s moved in %s", moved, count(len(logs.end), "log end"), q.Options.QuietFor)
	if mirror := q.Scope.Mirror; mirror != nil && mirror.Reads == q.gate.Side {
		left, err := q.uncopied(ctx, *mirror, topics)
		if err != nil {
			return err
		}
		q.Seen += fmt.Sprintf("; %s not copied to their end", count(left, "partition"))
	}
	return nil
}

// openTransactions stands against log ends that may still become another committed end.
func (q *question) openTransactions(l log) {
	for partition, end := range l.end {
		if stable, known := l.stable[partition]; known && stable < end && stable >= 0 {
			q.against("%s: what stands from offset %d to the log end at %d is not committed: a transaction is open, or somebody writes at this moment", partition, stable, end)
		}
	}
}
