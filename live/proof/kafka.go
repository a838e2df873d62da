package proof

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/plan"
	"cutover/live/record"
)

// brokers is what gates ask of one Kafka cluster.
type brokers struct {
	Kafka
	side  plan.Side
	admin *kadm.Client
}

// kafka gives the brokers of one side, or why there are none.
func (r Request) kafka(side plan.Side) (brokers, error) {
	cluster := r.cluster(side)
	switch {
	case cluster.Kafka != nil:
		return brokers{*cluster.Kafka, side, kadm.NewClient(cluster.Kafka.Client)}, nil
	case cluster.KafkaErr != nil:
		return brokers{}, cluster.KafkaErr
	}
	return brokers{}, fmt.Errorf("the %s's brokers are not reached: name them in the file of --connections, or by --%s-bootstrap", side, side)
}

// both gives the brokers of one side, and those of the other.
func (r Request) both(side plan.Side) (one, other brokers, err error) {
	if one, err = r.kafka(side); err == nil {
		other, err = r.kafka(side.Other())
	}
	return one, other, err
}

func (r Request) cluster(side plan.Side) Cluster {
	if side == plan.Source {
		return r.Source
	}
	return r.Target
}

// explain says what an error of the brokers means.
func (b brokers) explain(err error) error {
	if err == nil {
		return nil
	}
	if b.Explain != nil {
		err = b.Explain(err)
	}
	return fmt.Errorf("the %s: %w", b.side, err)
}

// offsets are one offset for each partition.
type offsets map[record.Partition]int64

// topics lists the topics, sorted.
func (o offsets) topics() []string {
	topics := make(map[string]bool)
	for partition := range o {
		topics[partition.Topic] = true
	}
	return slices.Sorted(maps.Keys(topics))
}

// list asks all brokers for one kind of offset of all partitions of the topics: one request
// for each broker. Partitions that give none come back with the reason.
func (b brokers) list(ctx context.Context, ask func(*kadm.Client, context.Context, ...string) (kadm.ListedOffsets, error), topics []string) (offsets, map[record.Partition]error, error) {
	if len(topics) == 0 {
		return nil, nil, nil
	}
	listed, err := ask(b.admin, ctx, topics...)
	var shards *kadm.ShardErrors
	if err != nil && !errors.As(err, &shards) || shards != nil && shards.AllFailed {
		return nil, nil, b.explain(record.Forbidden(ctx, b.Client, topics, err))
	}
	found, failed := make(offsets), make(map[record.Partition]error)
	listed.Each(func(offset kadm.ListedOffset) {
		partition := record.Partition{Topic: offset.Topic, Number: max(offset.Partition, 0)}
		if offset.Err != nil {
			failed[partition] = offset.Err
			return
		}
		found[partition] = offset.Offset
	})
	told := make(map[string]bool)
	for topic := range listed {
		told[topic] = true
	}
	for partition, err := range unanswered(shards) {
		failed[partition], told[partition.Topic] = err, true
	}
	for _, topic := range topics {
		if !told[topic] {
			failed[record.Partition{Topic: topic}] = cmpErr(err, errors.New("the brokers do not tell"))
		}
	}
	return found, failed, nil
}

// unanswered gives the partitions of the requests that failed as a whole: those of a broker
// that is gone, or of a topic that was deleted since the client learned of it.
func unanswered(shards *kadm.ShardErrors) map[record.Partition]error {
	failed := make(map[record.Partition]error)
	if shards == nil {
		return failed
	}
	for _, shard := range shards.Errs {
		request, is := shard.Req.(*kmsg.ListOffsetsRequest)
		if !is {
			continue
		}
		for _, topic := range request.Topics {
			for _, partition := range topic.Partitions {
				failed[record.Partition{Topic: topic.Topic, Number: partition.Partition}] = shard.Err
			}
		}
	}
	return failed
}

// failed tells whether an error leaves no answer at all, not even that the user may not ask:
// brokers answer for some groups and topics, and refuse others.
func failed(err error) bool {
	var shards *kadm.ShardErrors
	var forbidden *kadm.AuthError
	switch {
	case err == nil || errors.As(err, &forbidden):
		return false
	case !errors.As(err, &shards):
		return true
	}
	return shards.AllFailed && !slices.ContainsFunc(shards.Errs, func(one kadm.ShardError) bool { return errors.Is(one.Err, kerr.GroupAuthorizationFailed) })
}

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// log are the bounds of logs: where they start, where committed data ends, and where they
// end. All are of one moment, in that order.
type log struct{ start, stable, end offsets }

// bounds asks for the bounds of all partitions of the topics. What it cannot learn is a
// doubt of the question.
func (q *question) bounds(ctx context.Context, b brokers, topics []string) (log, error) {
	var l log
	for _, part := range []struct {
		ask  func(*kadm.Client, context.Context, ...string) (kadm.ListedOffsets, error)
		into *offsets
	}{{(*kadm.Client).ListStartOffsets, &l.start}, {(*kadm.Client).ListCommittedOffsets, &l.stable}, {(*kadm.Client).ListEndOffsets, &l.end}} {
		found, failed, err := b.list(ctx, part.ask, topics)
		if err != nil {
			return l, err
		}
		*part.into = found
		q.doubtful(b, failed)
	}
	return l, nil
}

// ends asks for the log ends alone.
func (q *question) ends(ctx context.Context, b brokers, topics []string) (offsets, error) {
	found, failed, err := b.list(ctx, (*kadm.Client).ListEndOffsets, topics)
	q.doubtful(b, failed)
	return found, err
}

func (q *question) doubtful(b brokers, failed map[record.Partition]error) {
	for partition, err := range failed {
		q.doubt("%s on the %s: %v", partition, b.side, err)
	}
}

// still waits as long as log ends have to stand still, and counts the partitions whose end
// has moved. Those that it cannot see a second time are doubts.
func (q *question) still(ctx context.Context, b brokers, topics []string, before offsets) (moved int, err error) {
	if err := q.Options.Pause(ctx, q.Options.QuietFor); err != nil {
		return 0, fmt.Errorf("the log ends were seen once only: %w", err)
	}
	after, err := q.ends(ctx, b, topics)
	if err != nil {
		return 0, err
	}
	q.measure("quietSeconds", int64(q.Options.QuietFor.Seconds()))
	for partition, end := range before {
		now, seen := after[partition]
		switch {
		case !seen:
			q.doubt("%s on the %s did not tell its log end a second time", partition, b.side)
		case now != end:
			moved++
			q.against("%s: its log end went from %d to %d within %s", partition, end, now, q.Options.QuietFor)
		}
	}
	for partition := range after {
		if _, known := before[partition]; !known {
			q.doubt("%s on the %s is new", partition, b.side)
		}
	}
	return moved, nil
}

// data looks for committed data records between each partition's offset and its log end,
// and gives the first offset of one for each partition that has any, and which partitions it
// could not read: those are doubts, or stand against the question where a transaction is open.
func (q *question) data(ctx context.Context, b brokers, from, end offsets) (offsets, map[record.Partition]error, error) {
	ranges := make(map[record.Partition]record.Range)
	for partition, offset := range from {
		ranges[partition] = record.Range{From: offset, To: end[partition]}
	}
	found := make(offsets)
	failed, err := q.read(ctx, b, ranges, func(r *kgo.Record) bool {
		found[record.Partition{Topic: r.Topic, Number: r.Partition}] = r.Offset
		return false
	})
	return found, failed, err
}

// read is [record.Reader.Read]. Partitions that it could not read to the end are doubts, or
// stand against the question where a transaction is open.
func (q *question) read(ctx context.Context, b brokers, ranges map[record.Partition]record.Range, visit func(*kgo.Record) (more bool)) (map[record.Partition]error, error) {
	failed, err := record.Reader{Client: b.Client}.Read(ctx, ranges, visit)
	for partition, err := range failed {
		q.unread(b, partition, err)
	}
	return failed, b.explain(err)
}

// unread notes why a partition could not be read.
func (q *question) unread(b brokers, partition record.Partition, err error) {
	if held := (record.Held{}); errors.As(err, &held) {
		q.against("%s on the %s: %v", partition, b.side, err)
		return
	}
	q.doubt("%s on the %s cannot be read: %v", partition, b.side, err)
}

// topics gives what the gate names, or all that the scope has.
func (q *question) topics() ([]string, error) {
	topics := q.gate.Topics
	if len(topics) == 0 {
		topics = q.Scope.Topics
	}
	if len(topics) == 0 {
		return nil, errors.New("neither the gate nor the migration names a topic")
	}
	return topics, nil
}

// sortedPartitions gives the partitions in order.
func sortedPartitions[V any](set map[record.Partition]V) []record.Partition {
	return slices.SortedFunc(maps.Keys(set), record.Partition.Compare)
}
