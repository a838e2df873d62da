package proof

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"cutover/generator/overlay"
	"cutover/live/position"
	"cutover/live/record"
)

// noPositions says that a mirror's topic of positions cannot be read, and why.
type noPositions struct {
	topic string
	err   error
}

func (n noPositions) Error() string {
	return fmt.Sprintf("the mirror's positions in topic %s cannot be read: %v", n.topic, n.err)
}

func (n noPositions) Unwrap() error { return n.err }

// positions reads, out of the topic in which a mirror's workers keep them, the offset of the
// last record that was copied of each partition. Workers write it every
// offset.flush.interval.ms, so that it may be behind what was copied, and never ahead.
func (q *question) positions(ctx context.Context, m overlay.ScopeMirror) (offsets, error) {
	b, err := q.kafka(m.Reads.Other())
	if err != nil {
		return nil, err
	}
	ranges := make(map[record.Partition]record.Range)
	start, failed, err := b.list(ctx, (*kadm.Client).ListStartOffsets, []string{m.Offsets})
	if err != nil {
		return nil, err
	}
	end, failedEnd, err := b.list(ctx, (*kadm.Client).ListEndOffsets, []string{m.Offsets})
	if err != nil {
		return nil, err
	}
	for _, err := range failedEnd {
		return nil, noPositions{m.Offsets, err}
	}
	for _, err := range failed {
		return nil, noPositions{m.Offsets, err}
	}
	for partition, offset := range end {
		ranges[partition] = record.Range{From: start[partition], To: offset}
	}
	found := make(offsets)
	unread, err := record.Reader{Client: b.Client}.Read(ctx, ranges, position.Keep(found, m.SourceAlias, m.TargetAlias))
	if err != nil {
		return nil, b.explain(err)
	}
	for _, err := range unread {
		return nil, noPositions{m.Offsets, err}
	}
	return found, nil
}

// copies is how far a mirror has come in the logs it reads.
type copies struct {
	stored offsets // the last record copied, where a position is stored
	next   offsets // the first record that is not known to be copied
	log    log
}

// lag is the sum of log end minus position over all partitions: what an open transaction,
// markers and a worker that has not yet stored its position make of it included.
func (c copies) lag() int64 {
	sum := int64(0)
	for partition, end := range c.log.end {
		sum += max(end-c.next[partition], 0)
	}
	return sum
}

// copied reads the positions of a mirror and the bounds of the logs it reads, those of the
// topics that have positions where none is named. A position behind its log stands against
// the question.
func (q *question) copied(ctx context.Context, m overlay.ScopeMirror, topics []string) (copies, error) {
	c := copies{next: make(offsets)}
	var err error
	if c.stored, err = q.positions(ctx, m); err != nil { // before the log ends, so that what is new counts as uncopied
		return c, err
	}
	if len(topics) == 0 {
		topics = c.stored.topics()
	}
	b, err := q.kafka(m.Reads)
	if err != nil {
		return c, err
	}
	if c.log, err = q.bounds(ctx, b, topics); err != nil {
		return c, err
	}
	for partition, end := range c.log.end {
		c.next[partition] = c.log.start[partition]
		if at, known := c.stored[partition]; known {
			c.next[partition] = max(c.next[partition], at+1)
		}
		if c.next[partition] > end {
			q.against("%s: the mirror's position is %d, and the log on the %s ends at %d: it is another topic", partition, c.next[partition]-1, m.Reads, end)
		}
	}
	return c, nil
}

// uncopied looks for committed data records behind the positions of a mirror, which stand
// against the question, and gives how many partitions have some.
func (q *question) uncopied(ctx context.Context, m overlay.ScopeMirror, topics []string) (int, error) {
	c, err := q.copied(ctx, m, topics)
	if err != nil {
		return 0, err
	}
	b, err := q.kafka(m.Reads)
	if err != nil {
		return 0, err
	}
	behind, _, err := q.data(ctx, b, c.next, c.log.end)
	if err != nil {
		return 0, err
	}
	records := int64(0)
	for partition, first := range behind {
		records += c.log.end[partition] - first
		at := "no position is stored"
		if offset, known := c.stored[partition]; known {
			at = fmt.Sprintf("the stored position is %d", offset)
		}
		q.against("%s: %s, and the %s has data from %d to %d", partition, at, m.Reads, first, c.log.end[partition])
	}
	q.measure("partitions", int64(len(c.log.end)))
	q.measure("behind", int64(len(behind)))
	q.measure("records", records)
	q.Left = max(q.Left, records)
	return len(behind), nil
}

// heartbeatsPassed wants the stored position of [position.Heartbeats] at the end of its log:
// a record of it that the mirror copied would keep its task from copying anything else.
func (q *question) heartbeatsPassed(ctx context.Context, b brokers, stored offsets) error {
	ends, failed, err := b.list(ctx, (*kadm.Client).ListEndOffsets, []string{position.Heartbeats})
	if err != nil {
		return err
	}
	for _, err := range failed {
		if !errors.Is(err, kerr.UnknownTopicOrPartition) {
			q.doubt("%s on the %s: %v", position.Heartbeats, b.side, err)
		}
	}
	for partition, end := range ends {
		at, known := stored[partition]
		switch {
		case !known && end > 0:
			q.against("%s has no stored position, and its log on the %s ends at %d: the mirror copies it unasked, and hangs where the topic cannot be written", partition, b.side, end)
		case known && at+1 < end:
			q.against("%s: the stored position is %d, and its log on the %s ends at %d: another MirrorMaker 2 writes it, and this one would hang at it", partition, at, b.side, end)
		}
	}
	return nil
}

// positionsRecorded asks whether a mirror that is about to start finds a position for every
// partition that it is to copy, within the log: without one Kafka before 3.6.2 reads from
// offset 0 (KAFKA-13988), and a reverse mirror would write the source's own history to it.
func positionsRecorded(ctx context.Context, q *question) error {
	m := q.Scope.Return
	if m == nil {
		return errors.New("the migration has no reverse mirror for this batch")
	}
	topics, err := q.topics()
	if err != nil {
		return err
	}
	stored, err := q.positions(ctx, *m)
	if missing := (noPositions{}); errors.As(err, &missing) && errors.Is(err, kerr.UnknownTopicOrPartition) {
		stored, err = nil, nil // no topic, no position
	}
	if err != nil {
		return err
	}
	b, err := q.kafka(m.Reads)
	if err != nil {
		return err
	}
	logs, err := q.bounds(ctx, b, topics)
	if err != nil {
		return err
	}
	wrong := 0
	for partition, end := range logs.end {
		// Of an empty log nothing can be copied twice.
		at, known := stored[partition]
		switch {
		case !known && end > 0:
			wrong++
			q.against("%s has no stored position, and its log on the %s ends at %d", partition, m.Reads, end)
		case known && (at+1 > end || at+1 < logs.start[partition]):
			wrong++
			q.against("%s: the stored position is %d, and its log on the %s goes from %d to %d", partition, at, m.Reads, logs.start[partition], end)
		}
	}
	if err := q.heartbeatsPassed(ctx, b, stored); err != nil {
		return err
	}
	q.measure("partitions", int64(len(logs.end)))
	q.measure("wrong", int64(wrong))
	q.Left = int64(wrong)
	q.Seen = fmt.Sprintf("%d of %s with a position within the log", len(logs.end)-wrong, count(len(logs.end), "partition"))
	return nil
}
