package offset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cutover/live/record"
)

// written is a record of a simulated log. id is its offset on the source, or -1 for one that
// was written on the target.
type written struct {
	entry
	id int64
}

// world is a source, its mirror and a group on the source.
type world struct {
	source, target []written
	committed      int64
	sourceEnd      int64
	// copied is how much the mirror has copied so far, where it is not complete.
	copied            int
	compacted         bool
	replays, complete bool
}

func digest(n uint64) (d record.Digest) {
	binary.BigEndian.PutUint64(d[:], n)
	return d
}

// simulate writes a source with markers of transactions, mirrors it as Connect does, with
// restarts that copy again, writes on the target once all is copied, and cleans both logs.
func simulate(r *rand.Rand) world {
	w := world{compacted: r.IntN(3) == 0, complete: r.IntN(4) > 0, replays: r.IntN(3) == 0}
	// A twin that was copied twice, or compacted away on the source, cannot be told from the
	// next, which is still to come: that none is, gate mirror-caught-up proves.
	count, twins := 1+r.IntN(60), r.IntN(3) == 0 && (w.complete || !w.replays && !w.compacted)
	millis, number := int64(1000), uint64(0)
	for range count {
		w.sourceEnd += int64(r.IntN(3) / 2) // a marker, or an aborted record
		if !twins || number == 0 || r.IntN(3) == 0 {
			number++
			millis += int64(1 + r.IntN(5))
		}
		w.source = append(w.source, w.record(w.sourceEnd, w.sourceEnd, number, millis))
		w.sourceEnd++
	}
	w.sourceEnd += int64(r.IntN(3) / 2)
	w.committed = w.source[0].offset + r.Int64N(w.sourceEnd-w.source[0].offset+1)
	if r.IntN(2) == 0 {
		w.committed = w.sourceEnd
	}
	w.mirror(r)
	for range r.IntN(5) {
		if w.complete && r.IntN(2) == 0 {
			number++
			millis += 5
			w.target = append(w.target, w.record(int64(len(w.target)), -1, number, millis))
		}
	}
	if w.compacted {
		w.source = clean(r, w.source)
		if w.complete {
			w.target = clean(r, w.target)
		}
	}
	return w
}

func (w *world) record(offset, id int64, number uint64, millis int64) written {
	e := entry{offset: offset, digest: digest(number), millis: millis}
	if w.compacted { // the same content has the same key
		e.key, e.tombstone = number%5+1, number%11 == 0 && id >= 0
	}
	return written{e, id}
}

// mirror copies all, and shows the prover what was copied at some moment before.
func (w *world) mirror(r *rand.Rand) {
	for i := 0; i < len(w.source); i++ {
		if w.replays && i > 0 && r.IntN(8) == 0 {
			i -= 1 + r.IntN(min(i, 6))
		}
		w.target = append(w.target, written{w.source[i].entry, w.source[i].id})
		w.target[len(w.target)-1].offset = int64(len(w.target) - 1)
	}
	w.copied = len(w.target)
	if w.complete {
		return
	}
	w.copied = r.IntN(w.copied + 1)
	if w.copied > 0 && w.target[w.copied-1].id == w.source[len(w.source)-1].id {
		w.target, w.complete = w.target[:w.copied], true // what it may do to the future is not known
	}
}

// clean removes what compaction may remove from the older part of a log.
func clean(r *rand.Rand, log []written) []written {
	cleaned := r.IntN(len(log) + 1)
	return slices.DeleteFunc(slices.Clone(log), func(one written) bool {
		i := slices.Index(log, one)
		later := slices.ContainsFunc(log[i+1:], func(other written) bool { return other.key == one.key })
		return i < cleaned && (later || one.tombstone && i < cleaned/2)
	})
}

// stretch is what a prover reads of the world that begins with a given number of records
// before the place.
func (w *world) stretch(context int) stretch {
	s := stretch{compacted: w.compacted, sure: math.MaxInt64}
	split := slices.IndexFunc(w.source, func(one written) bool { return one.offset >= w.committed })
	if split < 0 {
		split = len(w.source)
	}
	from := max(0, split-context)
	known := make(map[record.Digest]bool)
	for _, one := range w.source[from:] {
		s.sure = min(s.sure, one.millis)
		known[one.digest] = true
	}
	late := func(one written) bool { return one.millis >= s.sure }
	target := w.target[:w.shown()]
	if first := slices.IndexFunc(target, late); first >= 0 {
		s.first = first == 0
		for _, one := range target[first:] {
			s.target = append(s.target, one.entry)
			if !known[one.digest] {
				s.sure = min(s.sure, one.millis)
			}
		}
	}
	if len(target) > 0 {
		s.end = target[len(target)-1].offset + 1
	}
	if first := slices.IndexFunc(w.source, late); first >= 0 {
		from = min(from, first)
	}
	s.whole = from == 0
	for i, one := range w.source[from:] {
		if from+i < split {
			s.before = append(s.before, one.entry)
		} else {
			s.after = append(s.after, one.entry)
		}
	}
	return s
}

// shown is how much of the target there is to see yet.
func (w *world) shown() int {
	if w.complete {
		return len(w.target)
	}
	return min(w.copied, len(w.target))
}

// wrong tells what a group would lose or repeat that goes on at an offset, "" for nothing.
// Records of one content are as good as one another.
func (w *world) wrong(at int64) string {
	copies, unread, keysBehind := make(map[record.Digest]int), make(map[record.Digest]int), make(map[uint64]bool)
	for _, one := range w.target {
		switch {
		case one.offset < at && one.id < 0:
			return fmt.Sprintf("loses what was written on the target at %d", one.offset)
		case one.offset < at:
		case one.id < 0:
			keysBehind[one.key] = true
		default:
			copies[one.digest]++
			keysBehind[one.key] = true
		}
	}
	for _, one := range w.source {
		if one.offset >= w.committed {
			unread[one.digest]++
		}
	}
	for _, one := range w.source {
		got, want := copies[one.digest], unread[one.digest]
		if got > want || got < want && (!w.compacted || !keysBehind[one.key]) {
			return fmt.Sprintf("reads record %d %d times, not %d", one.id, got, want)
		}
	}
	return ""
}

func TestAnAlignedGroupNeverLosesNorRepeats(t *testing.T) {
	proven, refused := 0, make(map[string]int)
	for seed := range uint64(8000) {
		r := rand.New(rand.NewPCG(seed, 5))
		w := simulate(r)
		s := w.stretch([]int{1, 4, 100}[r.IntN(3)])
		if len(s.before)+len(s.after) == 0 {
			continue
		}
		at, err := align(s)
		if err == nil {
			proven++
			if wrong := w.wrong(at.offset); wrong != "" {
				t.Fatalf("seed %d: at %d it %s\n%s", seed, at.offset, wrong, w)
			}
			continue
		}
		refused[strings.Join(strings.FieldsFunc(err.Error(), func(c rune) bool { return c >= '0' && c <= '9' }), "N")]++
		if benign := w.complete && !w.replays && !w.compacted && !errors.Is(err, errMore); benign {
			t.Fatalf("seed %d: refused without need: %v\n%s", seed, err, w)
		}
	}
	if t.Logf("%d proven, refused %v", proven, refused); proven < 4000 {
		t.Errorf("only %d were proven", proven)
	}
}

// String shows both logs: offset, content, and whether a record was read.
func (w world) String() string {
	var out strings.Builder
	for _, log := range []struct {
		name    string
		records []written
	}{{"source", w.source}, {"target", w.target}} {
		fmt.Fprintf(&out, "%s:", log.name)
		for _, one := range log.records {
			fmt.Fprintf(&out, " %d=%d", one.offset, binary.BigEndian.Uint64(one.digest[:8]))
			if one.id < 0 {
				out.WriteString("(own)")
			}
			if one.key > 0 {
				fmt.Fprintf(&out, "k%d", one.key)
			}
		}
		out.WriteString("\n")
	}
	fmt.Fprintf(&out, "committed %d of %d, compacted %v", w.committed, w.sourceEnd, w.compacted)
	return out.String()
}
