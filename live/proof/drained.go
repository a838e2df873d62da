package proof

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"cutover/live/record"
)

// drained asks whether nothing is left to process: on every partition of every topic that a
// group reads, no committed data record stands behind its committed offset, no transaction
// is open, and the log ends stand still. A committed offset below the log end counts as
// drained only where what lies between was read and is markers of transactions or aborted.
// No commit is unknown: it counts only where the partition has no data record at all.
func drained(ctx context.Context, q *question) error {
	b, err := q.kafka(q.gate.Side)
	if err != nil {
		return err
	}
	groups, err := q.groups(ctx, b)
	if err != nil {
		return err
	}
	topics := slices.Clone(q.gate.Topics)
	for _, g := range groups {
		topics = append(topics, g.topics...)
	}
	slices.Sort(topics)
	topics = slices.Compact(topics)
	if len(topics) == 0 {
		return errors.New("there is neither a group with offsets nor a topic to look at")
	}
	logs, err := q.bounds(ctx, b, topics)
	if err != nil {
		return err
	}
	q.openTransactions(logs)
	clean, err := q.cleanFrom(ctx, b, groups, logs)
	if err != nil {
		return err
	}
	lag := q.judge(groups, logs, clean)
	q.measure("partitions", int64(len(logs.end)))
	q.measure("groups", int64(len(groups)))
	q.measure("lag", lag)
	q.Seen = fmt.Sprintf("lag %d over %s and %s", lag, count(len(groups), "group"), count(len(logs.end), "partition"))
	if q.Left = lag; len(q.offenders) > 0 {
		return nil // no need to wait: it does not hold however still the logs are
	}
	moved, err := q.still(ctx, b, topics, logs.end)
	q.Seen += fmt.Sprintf("; %s moved", count(moved, "log end"))
	return err
}

// group is a consumer group with what it has committed.
type group struct {
	name string
	// state is Kafka's word, Dead where the cluster does not know the group.
	state     string
	topics    []string
	committed offsets
}

// groups asks for the groups of the gate, or for all that move: their state, what they have
// committed, and the topics that they commit to, are subscribed to, or are said to read.
func (q *question) groups(ctx context.Context, b brokers) ([]group, error) {
	names := q.gate.Groups
	if len(names) == 0 && len(q.gate.Topics) == 0 {
		for _, g := range q.Scope.Groups {
			names = append(names, g.Group)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	fetched := b.admin.FetchManyOffsets(ctx, names...)
	described, err := b.admin.DescribeGroups(ctx, names...)
	if failed(err) {
		return nil, b.explain(err)
	}
	var groups []group
	for _, name := range names {
		one, ok := described[name]
		answer, answered := fetched[name]
		switch {
		case errors.Is(answer.Err, kerr.GroupAuthorizationFailed):
			q.doubt("group %s on the %s: its offsets are not told: %v", name, b.side, answer.Err)
			continue
		case !ok || !answered:
			q.doubt("group %s: no coordinator tells of it", name)
			continue
		case errors.Is(answer.Err, kerr.GroupIDNotFound), errors.Is(one.Err, kerr.GroupIDNotFound):
			q.against("group %s is not known to the %s: what it has processed is unknown", name, b.side)
			continue
		case answer.Err != nil:
			q.doubt("group %s on the %s: its offsets are not told: %v", name, b.side, answer.Err)
			continue
		case one.Err != nil:
			q.doubt("group %s on the %s: its state is not told: %v", name, b.side, one.Err)
			continue
		}
		groups = append(groups, q.group(one, answer))
	}
	return groups, nil
}

func (q *question) group(described kadm.DescribedGroup, fetched kadm.FetchOffsetsResponse) group {
	g := group{name: described.Group, state: described.State, committed: make(offsets)}
	topics := make(map[string]bool)
	fetched.Fetched.Each(func(offset kadm.OffsetResponse) {
		switch {
		case offset.Err != nil:
			q.doubt("group %s on %s-%d: %v", g.name, offset.Topic, offset.Partition, offset.Err)
			topics[offset.Topic] = true
		case offset.At >= 0:
			g.committed[record.Partition{Topic: offset.Topic, Number: offset.Partition}] = offset.At
			topics[offset.Topic] = true
		}
	})
	for _, member := range described.Members {
		if subscribed, ok := member.Join.AsConsumer(); ok {
			for _, topic := range subscribed.Topics {
				topics[topic] = true
			}
		}
		if assigned, ok := member.Assigned.AsConsumer(); ok {
			for _, topic := range assigned.Topics {
				topics[topic.Topic] = true
			}
		}
	}
	for _, known := range q.Scope.Groups {
		if known.Group == g.name {
			for _, topic := range known.Topics {
				topics[topic] = true
			}
		}
	}
	g.topics = slices.Sorted(maps.Keys(topics))
	if len(g.committed) == 0 {
		q.against("group %s has no committed offset: what it has processed is unknown", g.name)
	}
	return g
}

// from is where a group goes on in a partition: its committed offset, or where the log
// starts if that is further, or if there is none.
func (g group) from(partition record.Partition, l log) int64 {
	committed, known := g.committed[partition]
	if start := l.start[partition]; !known || committed < start {
		return start
	}
	return committed
}

// partitions gives those of the group's topics, in order.
func (g group) partitions(l log) []record.Partition {
	topics := make(map[string]bool)
	for _, topic := range g.topics {
		topics[topic] = true
	}
	var all []record.Partition
	for partition := range l.end {
		if topics[partition.Topic] {
			all = append(all, partition)
		}
	}
	slices.SortFunc(all, record.Partition.Compare)
	return all
}

// readAtOnce is how many partitions are searched for data together. Where one has some the
// gate does not hold, and the others keep for another time.
const readAtOnce = 512

// cleanFrom gives for each partition an offset from which to its end there is provably no
// committed data record: the lowest of those where groups go on for which that is true.
func (q *question) cleanFrom(ctx context.Context, b brokers, groups []group, l log) (offsets, error) {
	clean := maps.Clone(l.end)
	waiting := make(map[record.Partition][]int64) // where groups go on, the nearest to the end first
	for _, g := range groups {
		for _, partition := range g.partitions(l) {
			if from := g.from(partition, l); from < l.end[partition] && !slices.Contains(waiting[partition], from) {
				waiting[partition] = append(waiting[partition], from)
			}
		}
	}
	for _, all := range waiting {
		slices.SortFunc(all, func(a, b int64) int { return int(b - a) })
	}
	for len(waiting) > 0 {
		from, end := make(offsets), make(offsets)
		for _, partition := range sortedPartitions(waiting) {
			if len(from) < readAtOnce {
				from[partition], end[partition] = waiting[partition][0], clean[partition]
			}
		}
		found, failed, err := q.data(ctx, b, from, end)
		if err != nil {
			return nil, err
		}
		for partition, offset := range from {
			_, dirty := found[partition]
			if dirty || failed[partition] != nil {
				continue
			}
			clean[partition] = offset
			if waiting[partition] = waiting[partition][1:]; len(waiting[partition]) == 0 {
				delete(waiting, partition)
			}
		}
		if len(found)+len(failed) > 0 {
			return clean, nil
		}
	}
	return clean, nil
}

// judge holds each group against where the logs are clean, and gives the lag of all: that
// of partitions with data left, as log end minus committed offset.
func (q *question) judge(groups []group, l log, clean offsets) int64 {
	total := int64(0)
	for _, g := range groups {
		lag := GroupLag{Group: g.name}
		for _, partition := range g.partitions(l) {
			end := l.end[partition]
			committed, known := g.committed[partition]
			if known {
				lag.Partitions++
				lag.Lag += max(end-committed, 0)
			}
			switch from := g.from(partition, l); {
			case known && committed > end:
				q.against("group %s is ahead of %s: committed %d, log end %d", g.name, partition, committed, end)
			case from >= clean[partition]:
			case !known:
				lag.Uncommitted++
				total += end - from
				q.against("group %s has no committed offset on %s, which holds records from %d to %d", g.name, partition, from, end)
			default:
				total += end - committed
				q.against("group %s is %d behind on %s: committed %d, log end %d", g.name, end-committed, partition, committed, end)
			}
		}
		q.Groups = append(q.Groups, lag)
	}
	slices.SortFunc(q.Groups, func(a, b GroupLag) int { return slices.Compare([]string{a.Group}, []string{b.Group}) })
	return total
}
