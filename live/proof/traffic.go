package proof

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cutover/generator/plan"
	"cutover/live/record"
)

// trafficParity asks whether the target carries what the source did: whether every topic
// that was written on the source in its last hour of traffic ([Options.Window]) was written
// on the target in the past hour, by the records' own times, and since the source's last
// record: what the mirror copied keeps its time, and is no traffic of the target's. Volumes
// are told beside, and decide nothing: night is not day. Records later than this machine's
// time prove nothing: some clock is wrong.
func trafficParity(ctx context.Context, q *question) error {
	topics, err := q.topics()
	if err != nil {
		return err
	}
	source, target, err := q.both(plan.Source)
	if err != nil {
		return err
	}
	logs, err := q.bounds(ctx, source, topics)
	if err != nil {
		return err
	}
	tails, err := q.tails(ctx, source, logs, 1)
	if err != nil {
		return err
	}
	future := q.Options.Now().Add(clockTolerance)
	last := newest(tails, future)
	if last.IsZero() {
		q.Seen = "the source holds no record: nothing to compare"
		q.doubt("no topic of the source has a record by which to know its traffic, at the end of any partition and not later than this machine's time")
		return nil
	}
	before, err := q.written(ctx, source, topics, last.Add(-q.Options.Window), time.Time{})
	if err != nil {
		return err
	}
	since := q.Options.Now().Add(-q.Options.Window)
	if since.Before(last) {
		since = last.Add(time.Millisecond)
	}
	now, err := q.written(ctx, target, topics, since, future)
	if err != nil {
		return err
	}
	busy, carried, was, is := 0, 0, int64(0), int64(0)
	for _, topic := range topics {
		was, is = was+before[topic], is+now[topic]
		if before[topic] == 0 {
			continue
		}
		if busy++; now[topic] > 0 {
			carried++
			continue
		}
		q.against("topic %s: %d written on the source in the %s before %s, none on the target since %s", topic, before[topic], q.Options.Window, last.UTC().Format(time.RFC3339), since.UTC().Format(time.RFC3339))
	}
	q.measure("topics", int64(busy))
	q.measure("carried", int64(carried))
	q.measure("sourceRecords", was)
	q.measure("targetRecords", is)
	q.Left = int64(busy - carried)
	q.Seen = fmt.Sprintf("%d of %s carried; %d offsets written since %s, %d on the source in its last %s", carried, count(busy, "busy topic"), is, since.UTC().Format(time.RFC3339), was, q.Options.Window)
	return nil
}

// clockTolerance is how far the clocks of two machines may differ: beyond it a record of the
// future is none of this machine's time.
const clockTolerance = 5 * time.Minute

// written counts the offsets of each topic from a time on; until the first record of a time
// to come, where one is given. What stands behind that counts for nothing: Kafka finds the
// first record of a time or a later one, and no other.
func (q *question) written(ctx context.Context, b brokers, topics []string, since, until time.Time) (map[string]int64, error) {
	ends, err := q.ends(ctx, b, topics)
	if err != nil {
		return nil, err
	}
	from, err := q.since(ctx, b, at(ends, since))
	if err != nil {
		return nil, err
	}
	written := make(map[string]int64)
	if !until.IsZero() {
		to, err := q.since(ctx, b, at(ends, until))
		if err != nil {
			return nil, err
		}
		for partition, offset := range to {
			ends[partition] = min(ends[partition], offset)
			if from[partition] >= offset {
				note(&q.hints, "hint: from offset %d on, %s on the %s has records later than this machine's time: a clock is wrong, and none of them counts", offset, partition, b.side)
			}
		}
	}
	for partition, offset := range from {
		written[partition.Topic] += max(ends[partition]-offset, 0)
	}
	return written, nil
}

// at asks one time of all partitions.
func at(partitions offsets, moment time.Time) map[record.Partition]int64 {
	times := make(map[record.Partition]int64)
	for partition := range partitions {
		times[partition] = moment.UnixMilli()
	}
	return times
}

// newest gives the time of the newest record of all tails that is not of the future.
func newest(tails map[record.Partition][]tailRecord, future time.Time) time.Time {
	var times []time.Time
	for _, tail := range tails {
		for _, one := range tail {
			if one.at.Before(future) {
				times = append(times, one.at)
			}
		}
	}
	if len(times) == 0 {
		return time.Time{}
	}
	return slices.MaxFunc(times, time.Time.Compare)
}
