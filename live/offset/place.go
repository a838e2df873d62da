package offset

import (
	"fmt"
)

// place decides about what stands on the target alone, between the last record that was
// read and the first that was not.
func (a *aligner) place() (place, error) {
	at := place{offset: a.end}
	if a.start < len(a.target) {
		at.offset = a.target[a.start].offset
	}
	own, err := a.ownPending()
	if err != nil {
		return place{}, err
	}
	if own && a.last >= 0 {
		at.offset = a.target[a.last+1].offset
	}
	for _, e := range a.target {
		if e.offset >= at.offset && !a.known(e) {
			at.own++
		}
	}
	return at, nil
}

// ownPending tells whether the records in between were written on the target, rather than
// removed from the source since the mirror copied them.
func (a *aligner) ownPending() (bool, error) {
	if len(a.pending) == 0 || a.last < 0 {
		return false, nil
	}
	oldest := a.pending[len(a.pending)-1].offset
	if !a.compacted {
		switch {
		case a.unwritten:
			return false, fmt.Errorf("target offset %d is not of the source, though nothing that moves has written there yet", oldest)
		case a.copiedTwice:
			return false, fmt.Errorf("target offset %d is not of the source, and stands among records that the mirror copied twice", oldest)
		}
		return true, nil
	}
	history := 0
	for _, e := range a.pending {
		if a.unwritten || a.removedFromSource(e) {
			history++
		}
	}
	switch {
	case history == len(a.pending) && (a.unwritten || a.start < len(a.target)):
		return false, nil
	case history == 0 && !a.copiedTwice:
		return true, nil
	}
	return false, fmt.Errorf("target offset %d may have been written there, or compacted away on the source", oldest)
}

// removedFromSource tells whether compaction may have removed a record of the target from
// the source.
func (a *aligner) removedFromSource(e entry) bool {
	if a.start == len(a.target) {
		return e.millis <= a.latest
	}
	return a.unreadKeys[e.key] || e.millis <= a.after[0].millis
}
