package offset

import (
	"errors"
	"fmt"
	"slices"

	"cutover/live/record"
)

// stretch is what is known of one partition around the place where a group stands.
type stretch struct {
	// before are the last records of the source that the group has read, after all that it
	// has yet to read.
	before, after []entry
	// target are the records of the target among which copies of these can be.
	target []entry
	// end is the target's log end; first tells that target begins with the log.
	end   int64
	first bool
	// whole tells that before begins with the source's log.
	whole bool
	// sure is a time: of records that are as late or later, before has all twins.
	sure int64
	// compacted tells that either cluster compacts the topic, unwritten that all records of
	// the target came by the mirror.
	compacted, unwritten bool
}

// place is where a group goes on.
type place struct {
	offset int64
	// own counts the records from there on that the source has not.
	own int
}

// errMore says that the records before the place all have twins: more of them must be seen.
var errMore = errors.New("the records before it are all alike")

// aligner finds the place by comparing both logs from their ends, as each record of the
// source stands on the target once, in order, or more than once where the mirror was killed
// between a copy and its note of it.
type aligner struct {
	stretch
	source          map[record.Digest]int // how often the source has it
	read, unread    map[record.Digest]bool
	readAt          map[record.Digest]int64 // its offset on the source, for reasons
	unreadKeys      map[uint64]bool
	latest          int64           // the latest timestamp of the source
	seen            map[uint64]bool // keys on the target behind the record in hand
	start, last     int             // see matchUnread and findRead
	anchored        bool
	pending         []entry // records of the target alone, between the last read and start
	copiedTwice     bool
	unreadRemaining int
}

// align gives the one place on the target from which a group reads what it has not read of
// the source, each record once, and all that only the target has; or the reason why there
// is no such place, or none that is sure.
func align(s stretch) (place, error) {
	a := aligner{stretch: s, source: make(map[record.Digest]int), read: make(map[record.Digest]bool), unread: make(map[record.Digest]bool),
		readAt: make(map[record.Digest]int64), unreadKeys: make(map[uint64]bool), seen: make(map[uint64]bool)}
	a.learn()
	if err := a.matchUnread(); err != nil {
		return place{}, err
	}
	if err := a.findRead(); err != nil {
		return place{}, err
	}
	return a.place()
}

func (a *aligner) learn() {
	for _, e := range a.before {
		a.read[e.digest] = true
	}
	for _, e := range a.after {
		a.unread[e.digest] = true
		a.unreadKeys[e.key] = true
	}
	for _, list := range [][]entry{a.before, a.after} {
		for _, e := range list {
			a.source[e.digest]++
			a.readAt[e.digest] = e.offset
			a.latest = max(a.latest, e.millis)
		}
	}
}

func (a *aligner) known(e entry) bool { return a.source[e.digest] > 0 }

// unique tells that the source has a record once. Twins have the same time.
func (a *aligner) unique(e entry) bool {
	return a.source[e.digest] == 1 && (a.whole || e.millis >= a.sure)
}

// see notes the key of a record on the target: one in its turn, or one that can only have
// been written there, after all that the source has.
func (a *aligner) see(e entry) {
	if !a.known(e) && e.millis <= a.latest {
		return
	}
	a.seen[e.key] = true
}

// matchUnread goes back from the target's end until it has met every unread record. start is
// then the index of the first of them, or the number of records where none is unread.
func (a *aligner) matchUnread() error {
	a.start, a.unreadRemaining = len(a.target), len(a.after)
	for i := len(a.target) - 1; i >= 0 && a.unreadRemaining > 0; i-- {
		e := a.target[i]
		if a.known(e) {
			left, ok := a.back(a.after[:a.unreadRemaining], e, false)
			if !ok {
				if a.superseded(a.after[:a.unreadRemaining]) {
					break
				}
				return a.misplaced(e, a.after[a.unreadRemaining-1])
			}
			a.unreadRemaining, a.start = left, i
			a.anchored = a.anchored || a.unique(e)
		}
		a.see(e)
	}
	if a.superseded(a.after[:a.unreadRemaining]) {
		return nil
	}
	return fmt.Errorf("%d records that it has yet to read are not on the target, the last of them the source's record %d", a.unreadRemaining, a.after[a.unreadRemaining-1].offset)
}

// back takes the record e off the end of a list of the source's records, and with it those
// behind it that compaction may have removed on the target.
func (a *aligner) back(list []entry, e entry, tombstones bool) (left int, ok bool) {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].digest == e.digest {
			return i, true
		}
		if !a.removable(list[i], tombstones) {
			break
		}
	}
	return 0, false
}

// removable tells whether compaction may have taken a record off the target: a later one
// there has its key. Tombstones go after delete.retention.ms, whether one follows or not.
func (a *aligner) removable(e entry, tombstones bool) bool {
	return a.compacted && e.key != 0 && (a.seen[e.key] || tombstones && e.tombstone)
}

func (a *aligner) superseded(list []entry) bool {
	for _, e := range list {
		if !a.removable(e, false) {
			return false
		}
	}
	return true
}

func (a *aligner) misplaced(e, expected entry) error {
	return fmt.Errorf("target offset %d holds the source's record %d where %d was expected: the mirror has copied records twice, has left some out, or is still at it",
		e.offset, a.readAt[e.digest], expected.offset)
}

// findRead goes on back from start to the last record that the group has read, and on to one
// that has no twin, so that records which are alike are told apart by their place.
func (a *aligner) findRead() error {
	a.last = -1
	for i := a.start - 1; i >= 0 && a.last < 0; i-- {
		switch e := a.target[i]; {
		case a.read[e.digest]:
			a.last = i
		case a.unread[e.digest]:
			a.copiedTwice = true // an earlier copy, before the place
		default:
			a.pending = append(a.pending, e)
			a.see(e)
		}
	}
	if a.last < 0 {
		return a.withoutRead()
	}
	oldest, err := a.walk()
	if err != nil {
		return err
	}
	return a.interleaved(oldest)
}

// withoutRead judges a target that has none of the records that were read.
func (a *aligner) withoutRead() error {
	switch {
	case a.start == len(a.target) && len(a.before) > 0:
		return fmt.Errorf("the source's record %d, the last that it has read, is not on the target", a.before[len(a.before)-1].offset)
	case a.start == len(a.target):
		return errors.New("the target has none of the source's records")
	case !a.anchored && len(a.before) > 0:
		return errMore
	case len(a.before) > 0 && (!a.first || a.start != 0) && !a.superseded(a.before):
		return fmt.Errorf("the source's record %d, which it has read, is not on the target", a.before[len(a.before)-1].offset)
	case len(a.pending) > 0 && !a.unwritten && !a.compacted:
		return fmt.Errorf("target offset %d stands before what it has yet to read, and is not of the source", a.pending[len(a.pending)-1].offset)
	}
	return nil
}

// walk follows the records that were read, from the last one back, to the first that makes
// the place sure, and gives its index on the target.
func (a *aligner) walk() (int, error) {
	left := len(a.before)
	for i := a.last; i >= 0; i-- {
		e := a.target[i]
		if !a.read[e.digest] {
			a.see(e)
			continue
		}
		rest, ok := a.back(a.before[:left], e, a.anchored || i < a.last)
		if !ok && left == 0 {
			return i, errMore // a twin too many
		}
		if !ok {
			return i, a.misplaced(e, a.before[left-1])
		}
		if !a.anchored && a.skipsTwin(a.before[rest+1:left]) {
			return i, errMore // it may have been compacted away, or be still to come
		}
		left = rest
		a.see(e)
		if a.anchored = a.anchored || a.unique(e); a.anchored {
			return i, nil
		}
	}
	if left == 0 && a.whole {
		return 0, nil
	}
	return 0, errMore
}

func (a *aligner) skipsTwin(skipped []entry) bool {
	return slices.ContainsFunc(skipped, func(e entry) bool { return e.digest == a.target[a.last].digest })
}

// interleaved refuses records that only the target has among those that were read: no place
// has all of the one behind it and all of the other before it. Of a compacted topic the
// source may have had them too.
func (a *aligner) interleaved(oldest int) error {
	if a.compacted || a.unwritten {
		return nil
	}
	first := oldest
	for i := oldest; i >= 0; i-- {
		if a.read[a.target[i].digest] {
			first = i
		}
	}
	for _, e := range a.target[first:a.last] {
		if !a.known(e) {
			return fmt.Errorf("target offset %d is not of the source, and stands before records that it has read there: no offset is right for both", e.offset)
		}
	}
	return nil
}
