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
// are told beside, and decide nothing: night is not day.
func trafficParity(ctx context.Context, q *question) error {
	topics, err := q.topics()
	if err != nil {
		return err
	}
	source, err := q.kafka(plan.Source)
	if err != nil {
		return err
	}
	target, err := q.kafka(plan.Target)
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
	last := newest(tails)
	if last.IsZero() {
		q.Seen = "the source holds no record: nothing to compare"
		q.doubt("no topic of the source has a record by which to know its traffic")
		return nil
	}
	before, err := q.written(ctx, source, topics, last.Add(-q.Options.Window))
	if err != nil {
		return err
	}
	since := q.Options.Now().Add(-q.Options.Window)
	if since.Before(last) {
		since = last.Add(time.Millisecond)
	}
	now, err := q.written(ctx, target, topics, since)
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

// written counts the offsets of each topic from a time on.
func (q *question) written(ctx context.Context, b brokers, topics []string, since time.Time) (map[string]int64, error) {
	ends, err := q.ends(ctx, b, topics)
	if err != nil {
		return nil, err
	}
	times := make(map[record.Partition]int64)
	for partition := range ends {
		times[partition] = since.UnixMilli()
	}
	from, err := q.since(ctx, b, times)
	if err != nil {
		return nil, err
	}
	written := make(map[string]int64)
	for partition, offset := range from {
		written[partition.Topic] += max(ends[partition]-offset, 0)
	}
	return written, nil
}

// newest gives the time of the newest record of all tails.
func newest(tails map[record.Partition][]tailRecord) time.Time {
	var times []time.Time
	for _, tail := range tails {
		for _, one := range tail {
			times = append(times, one.at)
		}
	}
	if len(times) == 0 {
		return time.Time{}
	}
	return slices.MaxFunc(times, time.Time.Compare)
}
