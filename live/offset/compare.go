package offset

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"cutover/live/record"
)

// contexts are how many records before a group's place are compared: more where these are
// all alike.
func contexts() []int { return []int{64, 4096, 65536} }

// window is what was read of a partition on both clusters.
type window struct {
	source, target     []entry
	sourceFrom, readTo int64 // of the source, source is whole between them
	targetFrom, sure   int64 // see stretch
	err                error
}

// compare decides proofs by the records of both clusters.
func (s *survey) compare(ctx context.Context, open []*Proof) error {
	for _, context := range contexts() {
		if len(open) == 0 {
			return nil
		}
		windows, err := s.windows(ctx, open, context)
		if err != nil {
			return err
		}
		var again []*Proof
		for i, proof := range open {
			if i > 0 && open[i-1].at() == proof.at() && open[i-1].From == proof.From && open[i-1].Reason != "" {
				proof.same(*open[i-1])
			} else if s.judge(proof, windows[proof.at()]) {
				again = append(again, proof)
			}
		}
		open = again
	}
	for _, proof := range open {
		proof.refuse(errMore)
	}
	return nil
}

// windows reads both clusters around the places of some proofs.
func (s *survey) windows(ctx context.Context, open []*Proof, context int) (map[record.Partition]*window, error) {
	all := make(map[record.Partition]*window)
	first, last := make(map[record.Partition]int64), make(map[record.Partition]int64)
	for _, proof := range open {
		at := proof.at()
		if _, ok := all[at]; !ok {
			from := s.fromBounds[at]
			start := max(from.start, min(proof.From, from.end))
			all[at] = &window{sourceFrom: start, readTo: from.stable}
			first[at], last[at] = proof.From, proof.From
		}
		first[at], last[at] = min(first[at], proof.From), max(last[at], proof.From)
	}
	if err := s.readSource(ctx, all, first, context); err != nil {
		return nil, err
	}
	if err := s.readTarget(ctx, all, first, context); err != nil {
		return nil, err
	}
	return all, s.readTwins(ctx, all)
}

// readSource reads what is unread, and then backwards until there is enough before it.
func (s *survey) readSource(ctx context.Context, all map[record.Partition]*window, first map[record.Partition]int64, context int) error {
	starts := make(map[record.Partition]int64)
	for at, w := range all {
		starts[at] = w.sourceFrom
	}
	ends := make(map[record.Partition]int64)
	for at, w := range all {
		ends[at] = w.readTo
	}
	for step := int64(context); len(starts) > 0; step *= 8 {
		for at := range starts {
			starts[at] = max(s.fromBounds[at].start, starts[at]-step)
		}
		if err := s.prepend(ctx, all, starts, ends); err != nil {
			return err
		}
		for at := range starts {
			w := all[at]
			before, _ := slices.BinarySearchFunc(w.source, first[at], byOffset)
			if w.err != nil || before >= context || w.sourceFrom <= s.fromBounds[at].start {
				delete(starts, at)
				continue
			}
			ends[at] = w.sourceFrom
		}
	}
	return nil
}

// prepend reads stretches of the source that end where the windows begin.
func (s *survey) prepend(ctx context.Context, all map[record.Partition]*window, starts, ends map[record.Partition]int64) error {
	ranges := make(map[record.Partition]record.Range)
	for at, start := range starts {
		if w := all[at]; w.err == nil {
			if ends[at]-start > mostCompared {
				w.err = fmt.Errorf("%d offsets would have to be compared, too many: so far back go the times of the records around its place", ends[at]-start)
				continue
			}
			ranges[at] = record.Range{From: start, To: ends[at]}
		}
	}
	got, failed, err := s.from.read(ctx, ranges)
	if err != nil {
		return err
	}
	for at, stretch := range ranges {
		w := all[at]
		w.source, w.sourceFrom = append(got[at], w.source...), stretch.From
		if failed[at] != nil {
			w.err = fmt.Errorf("the cluster that it leaves: %w", failed[at])
		}
	}
	return nil
}

// readTarget reads from the first offset on that can hold a copy of a record in question.
func (s *survey) readTarget(ctx context.Context, all map[record.Partition]*window, first map[record.Partition]int64, context int) error {
	times := make(map[record.Partition]int64)
	for at, w := range all {
		place, _ := slices.BinarySearchFunc(w.source, first[at], byOffset)
		for _, e := range w.source[max(0, place-context):] {
			if earliest, ok := times[at]; !ok || e.millis < earliest {
				times[at] = e.millis
			}
		}
	}
	since, err := s.to.since(ctx, times)
	if err != nil {
		return err
	}
	ranges := make(map[record.Partition]record.Range)
	for at, w := range all {
		to := s.toBounds[at]
		w.targetFrom = to.stable
		if offset, ok := since[at]; ok && offset >= 0 {
			w.targetFrom = max(offset, to.start)
		}
		if to.stable-w.targetFrom > mostCompared {
			w.err = fmt.Errorf("%d offsets of the cluster that it goes to would have to be compared, too many: so far back go the times of the records around its place", to.stable-w.targetFrom)
			continue
		}
		ranges[at] = record.Range{From: w.targetFrom, To: to.stable}
	}
	got, failed, err := s.to.read(ctx, ranges)
	if err != nil {
		return err
	}
	for at := range ranges {
		all[at].target = got[at]
		if failed[at] != nil {
			all[at].err = fmt.Errorf("the cluster that it goes to: %w", failed[at])
		}
	}
	return nil
}

// readTwins reads on in the source from the first record on that can be a twin of one that
// was read, or the original of one on the target that has not been seen on the source: only
// what the source has at no place can have been written on the target.
func (s *survey) readTwins(ctx context.Context, all map[record.Partition]*window) error {
	times := make(map[record.Partition]int64)
	for at, w := range all {
		known := make(map[record.Digest]bool, len(w.source))
		w.sure = math.MaxInt64
		for _, e := range w.source {
			known[e.digest] = true
			w.sure = min(w.sure, e.millis)
		}
		for _, e := range w.target {
			if !known[e.digest] {
				w.sure = min(w.sure, e.millis)
			}
		}
		if len(w.source) > 0 {
			times[at] = w.sure
		}
	}
	since, err := s.from.since(ctx, times)
	if err != nil {
		return err
	}
	starts, ends := make(map[record.Partition]int64), make(map[record.Partition]int64)
	for at, offset := range since {
		w, start := all[at], s.fromBounds[at].start
		if offset = max(offset, start); offset < w.sourceFrom {
			starts[at], ends[at] = offset, w.sourceFrom
		}
	}
	return s.prepend(ctx, all, starts, ends)
}

// judge decides one proof, or tells that more records before the place are needed.
func (s *survey) judge(proof *Proof, w *window) (more bool) {
	if w.err != nil {
		proof.refuse(w.err)
		return false
	}
	at, from, to := proof.at(), s.fromBounds[proof.at()], s.toBounds[proof.at()]
	split, _ := slices.BinarySearchFunc(w.source, proof.From, byOffset)
	known := stretch{
		before: w.source[:split], after: w.source[split:], target: w.target, end: to.stable,
		first: w.targetFrom <= to.start, whole: w.sourceFrom <= from.start, sure: w.sure,
		compacted: s.compacted[at.Topic], unwritten: s.prover.Unwritten[at.Topic],
	}
	proof.Unread = len(known.after)
	switch {
	case len(w.source) == 0:
		s.judgeEmpty(proof, from, to)
		return false
	case len(known.after) == 0 && from.stable < from.end:
		proof.refuse(fmt.Errorf("a transaction is open from offset %d on", from.stable))
		return false
	}
	place, err := align(known)
	switch {
	case errors.Is(err, errMore) && !known.whole:
		return true
	case err != nil:
		proof.refuse(err)
	case len(known.after) == 0:
		proof.prove(Drained, place.offset, drainedReason(known, place))
	default:
		proof.prove(Lagging, place.offset, laggingReason(known, place, proof.From < from.start))
	}
	proof.Own = place.own
	return false
}

// judgeEmpty decides where the source has no record left to compare with.
func (s *survey) judgeEmpty(proof *Proof, from, to bounds) {
	switch {
	case from.stable < from.end:
		proof.refuse(fmt.Errorf("a transaction is open from offset %d on", from.stable))
	case from.start == 0 && !s.compacted[proof.Topic]:
		proof.prove(Empty, to.start, "no data was ever written there before")
	case to.start == to.end:
		proof.prove(Empty, to.end, "neither cluster has a record")
	case s.prover.Unwritten[proof.Topic]:
		proof.prove(Drained, to.end, "it has read all; the records are deleted where it leaves, and the mirror alone has written where it goes")
	default:
		proof.refuse(errors.New("the records are deleted where it leaves: those where it goes cannot be told from others written there"))
	}
}

func drainedReason(known stretch, at place) string {
	last := known.before[len(known.before)-1]
	if at.own > 0 {
		return fmt.Sprintf("all read up to record %d, whose copy is the last; %d records behind it were written where it goes", last.offset, at.own)
	}
	return fmt.Sprintf("all read up to record %d, whose copy is the last", last.offset)
}

func laggingReason(known stretch, at place, trimmed bool) string {
	reason := fmt.Sprintf("record %d is the first of %d unread, and its copy was found", known.after[0].offset, len(known.after))
	if trimmed {
		reason += "; retention has deleted what it had not read before"
	}
	if at.own > 0 {
		reason += fmt.Sprintf("; %d records were written where it goes", at.own)
	}
	return reason
}
