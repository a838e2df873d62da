package proof

import (
	"context"
	"errors"
	"fmt"

	"cutover/generator/plan"
)

// mirrorCaughtUp asks whether every partition has been copied to its end: no committed data
// record stands behind the position that the mirror's workers have stored. Where the topic
// of positions cannot be read the last data records of both clusters are compared instead.
// Where the mirror alone has written, it asks too whether each record was copied once.
// A gate of the source speaks of the reverse mirror of the batch.
func mirrorCaughtUp(ctx context.Context, q *question) error {
	m := q.Scope.Mirror
	if q.gate.Side == plan.Source {
		m = q.Scope.Return
	}
	if m == nil {
		return errors.New("the migration has no such mirror")
	}
	topics, err := q.topics()
	if err != nil {
		return err
	}
	left, err := q.uncopied(ctx, *m, topics)
	if unreadable := (noPositions{}); errors.As(err, &unreadable) {
		return q.equalTails(ctx, topics, 1, unreadable.Error()+"; the last records were compared instead: ")
	}
	if err != nil {
		return err
	}
	q.Seen = fmt.Sprintf("%d of %s copied to their end by their stored positions", int(q.Measured["partitions"])-left, count(int(q.Measured["partitions"]), "partition"))
	if len(q.offenders)+len(q.doubts) > 0 {
		return nil
	}
	return q.copiedOnce(ctx, *m)
}
