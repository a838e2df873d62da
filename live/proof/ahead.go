package proof

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// groupsNotAhead asks whether every group that moves has no member and no committed offset
// above 0. MirrorMaker 2 never moves a group back (KIP-545), so that one commit made too
// early would stay.
func groupsNotAhead(ctx context.Context, q *question) error {
	b, err := q.kafka(q.gate.Side)
	if err != nil {
		return err
	}
	names := q.gate.Groups
	if len(names) == 0 {
		for _, g := range q.Scope.Groups {
			names = append(names, g.Group)
		}
	}
	if len(names) == 0 {
		return errors.New("neither the gate nor the migration names a group")
	}
	described, err := b.admin.DescribeGroups(ctx, names...)
	if failed(err) {
		return b.explain(err)
	}
	fetched := b.admin.FetchManyOffsets(ctx, names...)
	wrong := 0
	for _, name := range names {
		before := len(q.offenders) + len(q.doubts)
		q.notAhead(name, described[name], fetched[name])
		if len(q.offenders)+len(q.doubts) > before {
			wrong++
		}
	}
	q.measure("groups", int64(len(names)))
	q.measure("wrong", int64(wrong))
	q.Left = int64(wrong)
	q.Seen = fmt.Sprintf("%d of %s empty and at the beginning", len(names)-wrong, count(len(names), "group"))
	return nil
}

func (q *question) notAhead(name string, described kadm.DescribedGroup, fetched kadm.FetchOffsetsResponse) {
	switch {
	case described.Group == "" || fetched.Group == "":
		q.doubt("group %s: no coordinator tells of it", name)
		return
	case errors.Is(described.Err, kerr.GroupIDNotFound), errors.Is(fetched.Err, kerr.GroupIDNotFound):
		return // brokers before Kafka 4.0 call it Dead
	case described.Err != nil:
		q.doubt("group %s: its state is not told: %v", name, described.Err)
	case described.State != "Empty" && described.State != "Dead":
		q.against("group %s is %s, with %s", name, described.State, count(len(described.Members), "member"))
	}
	if fetched.Err != nil {
		q.doubt("group %s: its offsets are not told: %v", name, fetched.Err)
		return
	}
	fetched.Fetched.Each(func(offset kadm.OffsetResponse) {
		switch {
		case offset.Err != nil:
			q.doubt("group %s on %s-%d: %v", name, offset.Topic, offset.Partition, offset.Err)
		case offset.At > 0:
			q.against("group %s has committed offset %d on %s-%d", name, offset.At, offset.Topic, offset.Partition)
		}
	})
}
