package proof

import (
	"context"
	"fmt"
	"maps"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/generator/overlay"
	"cutover/live/record"
)

const (
	// mostLooked is among how many records of a copy the first one of the original is looked
	// for: records of one time.
	mostLooked = 10_000
	// mostCounted is how many offsets are read to count what markers and aborted records leave
	// of them.
	mostCounted = 2_000_000
)

// copiedOnce asks whether a mirror that copies to the end has copied each record once. Before
// Kafka 3.5 a mirror that is killed between a copy and its note of it copies again what it
// had copied (KAFKA-14021). From the first record that both logs hold, the copy must be as
// long as the original. It is never longer but by records copied twice; where it is shorter
// by markers, what was aborted and loss, records are counted. Compacted topics are held
// against the first of the two alone.
func (q *question) copiedOnce(ctx context.Context, m overlay.ScopeMirror) error {
	if len(q.Scope.MirrorOnly) == 0 {
		return nil
	}
	original, copied, err := q.both(m.Reads)
	if err != nil {
		return err
	}
	here, err := q.bounds(ctx, original, q.Scope.MirrorOnly)
	if err != nil {
		return err
	}
	there, err := q.bounds(ctx, copied, q.Scope.MirrorOnly)
	if err != nil {
		return err
	}
	first, err := q.first(ctx, original, here)
	if err != nil {
		return err
	}
	twins, err := q.firstTwins(ctx, copied, first, there)
	if err != nil {
		return err
	}
	compacted := q.compacted(ctx, copied, q.Scope.MirrorOnly)
	counted, twice := 0, int64(0)
	source, target := make(offsets), make(offsets)
	for partition, anchor := range twins {
		length, copyLength := here.end[partition]-first[partition].offset, there.end[partition]-anchor
		switch {
		case copyLength > length:
			counted++
			twice += copyLength - length
			q.against("%s: %d records more than the original has: copied twice, after the mirror was killed; make the topic anew and copy it again", partition, copyLength-length)
		case copyLength == length:
			counted++
		case !compacted[partition.Topic]:
			source[partition], target[partition] = first[partition].offset, anchor
		}
	}
	exact, err := q.compareCounts(ctx, original, copied, source, target, here, there)
	if err != nil {
		return err
	}
	counted += exact
	q.measure("counted", int64(counted))
	q.measure("copiedTwice", twice)
	q.Seen += fmt.Sprintf("; %d of %s with records counted, each record once", counted, count(len(first), "partition"))
	if len(q.offenders) > 0 {
		q.Seen += fmt.Sprintf(" but in %d", len(q.offenders))
	}
	return nil
}

// first gives the first data record of each partition.
func (q *question) first(ctx context.Context, b brokers, l log) (map[record.Partition]tailRecord, error) {
	ranges := make(map[record.Partition]record.Range)
	for partition, end := range l.end {
		ranges[partition] = record.Range{From: l.start[partition], To: end}
	}
	first := make(map[record.Partition]tailRecord)
	_, err := q.read(ctx, b, ranges, func(r *kgo.Record) bool {
		first[record.Partition{Topic: r.Topic, Number: r.Partition}] = newTailRecord(r)
		return false
	})
	return first, err
}

// firstTwins finds the first copy of each record. One that is not found, since retention has
// taken it there first, is left out.
func (q *question) firstTwins(ctx context.Context, b brokers, wanted map[record.Partition]tailRecord, l log) (offsets, error) {
	times := make(map[record.Partition]int64)
	for partition, one := range wanted {
		if _, there := l.end[partition]; there {
			times[partition] = one.at.UnixMilli()
		}
	}
	from, err := q.since(ctx, b, times)
	if err != nil {
		return nil, err
	}
	ranges := make(map[record.Partition]record.Range)
	for partition, offset := range from {
		ranges[partition] = record.Range{From: max(offset, l.start[partition]), To: l.end[partition]}
	}
	found, looked := make(offsets), make(offsets)
	_, err = q.read(ctx, b, ranges, func(r *kgo.Record) bool {
		partition := record.Partition{Topic: r.Topic, Number: r.Partition}
		if record.DigestOf(r) == wanted[partition].digest {
			found[partition] = r.Offset
			return false
		}
		looked[partition]++
		return looked[partition] < mostLooked
	})
	return found, err
}

// compareCounts counts the data records of both logs from an offset on, as far as that is
// not too much to read, and gives how many partitions were counted.
func (q *question) compareCounts(ctx context.Context, original, copied brokers, source, target offsets, here, there log) (int, error) {
	sum := int64(0)
	for _, partition := range sortedPartitions(source) {
		if sum += here.end[partition] - source[partition]; sum > mostCounted {
			delete(source, partition)
			delete(target, partition)
		}
	}
	records, err := q.counts(ctx, original, source, here.end)
	if err != nil {
		return 0, err
	}
	copies, err := q.counts(ctx, copied, target, there.end)
	if err != nil {
		return 0, err
	}
	for partition := range maps.Keys(source) {
		switch had, has := records[partition], copies[partition]; {
		case has > had:
			q.against("%s: %d data records, and %d copies of them: copied twice, after the mirror was killed; make the topic anew and copy it again", partition, had, has)
		case has < had:
			q.against("%s: %d data records, and %d copies of them: records are missing", partition, had, has)
		}
	}
	return len(source), nil
}

func (q *question) counts(ctx context.Context, b brokers, from, end offsets) (offsets, error) {
	ranges := make(map[record.Partition]record.Range)
	for partition, offset := range from {
		ranges[partition] = record.Range{From: offset, To: end[partition]}
	}
	counts := make(offsets)
	_, err := q.read(ctx, b, ranges, func(r *kgo.Record) bool {
		counts[record.Partition{Topic: r.Topic, Number: r.Partition}]++
		return true
	})
	return counts, err
}
