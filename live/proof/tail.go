package proof

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/generator/plan"
	"cutover/live/record"
)

// tailsEqual asks whether the last data records of every partition of the source are on the
// target: each once, in the same order, equal in key, value, headers and timestamp by
// digest. They are found by time and content, since a mirror does not keep offsets and
// records written on the target since stand behind them.
func tailsEqual(ctx context.Context, q *question) error {
	topics, err := q.topics()
	if err != nil {
		return err
	}
	return q.equalTails(ctx, topics, q.Options.Tail, "")
}

// equalTails looks for the last n data records of the source's partitions on the target.
func (q *question) equalTails(ctx context.Context, topics []string, n int, before string) error {
	source, target, err := q.both(plan.Source)
	if err != nil {
		return err
	}
	here, err := q.bounds(ctx, source, topics)
	if err != nil {
		return err
	}
	there, err := q.bounds(ctx, target, topics)
	if err != nil {
		return err
	}
	tails, err := q.tails(ctx, source, here, n)
	if err != nil {
		return err
	}
	copies, err := q.twins(ctx, target, tails, there, n)
	if err != nil {
		return err
	}
	equal, compared := 0, 0
	for _, partition := range sortedPartitions(here.end) {
		compared += len(tails[partition])
		switch twin, ok := copies[partition]; {
		case len(tails[partition]) == 0:
			equal++ // there is nothing to be on the target
		case !ok:
			q.against("%s: its last records are not on the target", partition)
		case twin.holds(q, partition, tails[partition]):
			equal++
		}
	}
	q.measure("partitions", int64(len(here.end)))
	q.measure("equal", int64(equal))
	q.measure("records", int64(compared))
	q.Left = int64(len(here.end) - equal)
	q.Seen = fmt.Sprintf("%s%d of %s alike, by their last %s", before, equal, count(len(here.end), "partition"), count(compared, "record"))
	return nil
}

// twin is what the target has of a tail.
type twin struct {
	// found are the records of the tail, in the order of the target.
	found []tailRecord
	// seen counts the records that were read, and keys are theirs where the topic is compacted.
	seen int
	keys map[uint64]bool
	// cut tells that older records were deleted on the target, so that a tail may have lost
	// its beginning.
	cut bool
	// full tells that the reading stopped before the log's end.
	full bool
}

const (
	// behindTail is by how many tails a reading goes on behind what it looked for: copies made
	// twice stand there. mostSearched bounds it where the tail is not found.
	behindTail, mostSearched = 4, 200_000
)

// twins reads the target from where the first record of each tail must be.
func (q *question) twins(ctx context.Context, b brokers, tails map[record.Partition][]tailRecord, l log, n int) (map[record.Partition]*twin, error) {
	times := make(map[record.Partition]int64)
	wanted := make(map[record.Partition]map[record.Digest]bool)
	for partition, tail := range tails {
		if _, there := l.end[partition]; !there || len(tail) == 0 {
			continue
		}
		times[partition] = slices.MinFunc(tail, func(x, y tailRecord) int { return x.at.Compare(y.at) }).at.UnixMilli()
		wanted[partition] = make(map[record.Digest]bool)
		for _, one := range tail {
			wanted[partition][one.digest] = true
		}
	}
	from, err := q.since(ctx, b, times)
	if err != nil {
		return nil, err
	}
	compacted := q.compacted(ctx, b, from.topics())
	all, ranges := make(map[record.Partition]*twin), make(map[record.Partition]record.Range)
	for partition, offset := range from {
		start := max(offset, l.start[partition])
		ranges[partition] = record.Range{From: start, To: l.end[partition]}
		all[partition] = &twin{cut: l.start[partition] > 0 && start == l.start[partition]}
		if compacted[partition.Topic] {
			all[partition].keys = make(map[uint64]bool)
		}
	}
	_, err = q.read(ctx, b, ranges, func(r *kgo.Record) bool {
		partition := record.Partition{Topic: r.Topic, Number: r.Partition}
		return all[partition].take(newTailRecord(r), wanted[partition], len(tails[partition]), n)
	})
	return all, err
}

// take keeps a record of the tail, and tells whether to read on.
func (t *twin) take(one tailRecord, wanted map[record.Digest]bool, length, n int) bool {
	t.seen++
	if t.keys != nil && one.key != 0 {
		t.keys[one.key] = true
	}
	if wanted[one.digest] {
		t.found = append(t.found, one)
		t.seen = 0
	}
	t.full = t.seen >= mostSearched || len(t.found) >= length && t.seen > behindTail*n
	return !t.full
}

// holds tells whether what was found is the tail.
func (t *twin) holds(q *question, partition record.Partition, tail []tailRecord) bool {
	here, there := make(map[record.Digest]int), make(map[record.Digest]int)
	for _, one := range tail {
		here[one.digest]++
	}
	for _, one := range t.found {
		there[one.digest]++
	}
	for _, one := range slices.Backward(t.found) {
		if there[one.digest] > here[one.digest] {
			q.against("%s: the source has %s of one content at its end, the target %d, the last at offset %d: copied twice", partition, count(here[one.digest], "record"), there[one.digest], one.offset)
			return false
		}
	}
	for i, one := range tail {
		if there[one.digest] >= here[one.digest] || t.keys != nil && t.keys[one.key] {
			continue
		}
		if t.cut && i < len(tail)-len(t.found) && i < len(tail)-1 {
			continue // retention took it
		}
		q.against("%s: record %d of the source is not on the target", partition, one.offset)
		return false
	}
	if !inOrder(tail, t.found) {
		q.against("%s: the last records of the source are in another order on the target", partition)
		return false
	}
	return true
}

// inOrder tells whether what was found stands in the order of the tail.
func inOrder(tail, found []tailRecord) bool {
	i := 0
	for _, one := range tail {
		if i < len(found) && found[i].digest == one.digest {
			i++
		}
	}
	return i == len(found)
}

// since is [record.Reader.Since]. Partitions without a record of this time or a later one are
// missing, and those that do not tell are doubts.
func (q *question) since(ctx context.Context, b brokers, times map[record.Partition]int64) (offsets, error) {
	found, failed, err := record.Reader{Client: b.Client}.Since(ctx, times)
	q.doubtful(b, failed)
	if err != nil {
		return nil, b.explain(err)
	}
	maps.DeleteFunc(found, func(_ record.Partition, offset int64) bool { return offset < 0 })
	return found, nil
}

// compacted gives the topics whose cleanup.policy has compact; none where the brokers do not
// show it: what is missing then counts as lost.
func (q *question) compacted(ctx context.Context, b brokers, topics []string) map[string]bool {
	found := make(map[string]bool)
	configs, _ := b.admin.DescribeTopicConfigs(ctx, topics...) // some may be told where one is refused
	for _, topic := range configs {
		for _, config := range topic.Configs {
			if config.Key == "cleanup.policy" {
				found[topic.Name] = strings.Contains(config.MaybeValue(), "compact")
			}
		}
	}
	return found
}

// tailRecord is what is kept of a record of a tail.
type tailRecord struct {
	offset int64
	digest record.Digest
	key    uint64 // see record.KeyOf
	at     time.Time
}

func newTailRecord(r *kgo.Record) tailRecord {
	return tailRecord{offset: r.Offset, digest: record.DigestOf(r), key: record.KeyOf(r), at: r.Timestamp}
}

// tails gives the last n committed data records of each partition. Each is read from a
// little further back until there are enough, or its log has no more.
func (q *question) tails(ctx context.Context, b brokers, l log, n int) (map[record.Partition][]tailRecord, error) {
	found := make(map[record.Partition][]tailRecord)
	ranges := make(map[record.Partition]record.Range)
	for partition, end := range l.end {
		ranges[partition] = record.Range{From: max(l.start[partition], end-int64(2*n)), To: end}
	}
	for len(ranges) > 0 {
		read := make(map[record.Partition][]tailRecord)
		failed, err := record.Reader{Client: b.Client}.Read(ctx, ranges, func(r *kgo.Record) bool {
			partition := record.Partition{Topic: r.Topic, Number: r.Partition}
			read[partition] = append(read[partition], newTailRecord(r))
			read[partition] = read[partition][max(0, len(read[partition])-n):]
			return true
		})
		if err != nil {
			return nil, b.explain(err)
		}
		next := make(map[record.Partition]record.Range)
		for partition, stretch := range ranges {
			if err := failed[partition]; err != nil {
				q.unread(b, partition, err)
				continue
			}
			all := slices.Concat(read[partition], found[partition])
			found[partition] = all[max(0, len(all)-n):]
			if start := l.start[partition]; len(all) < n && stretch.From > start {
				next[partition] = record.Range{From: max(start, stretch.From-4*(l.end[partition]-stretch.From)), To: stretch.From}
			}
		}
		ranges = next
	}
	return found, nil
}
