package overlay

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cutover/generator/plan"
)

// PhaseRef names a phase by its folder, and the cluster that it changes.
type PhaseRef struct {
	Folder string
	Side   plan.Side
	// Gate is what the folder's gate.yaml says.
	Gate Gate
}

// ID is the phase's number in three digits.
func (p PhaseRef) ID() string { id, _, _ := strings.Cut(p.Folder, "-"); return id }

// hundred is how many numbers a batch has for its phases.
const hundred = 100

// Batch is the number of the batch whose phase it is, 1, 2, …; meaningless below phase 100
// and from phase 900 on, which are of none.
func (p PhaseRef) Batch() int {
	number, err := strconv.Atoi(p.ID())
	if err != nil {
		return 0
	}
	return number / hundred
}

// Forward gives the phases that lead from the source to the target, in order.
func Forward(all []PhaseRef) []PhaseRef {
	return slices.DeleteFunc(slices.Clone(all), func(p PhaseRef) bool { return p.Gate.Returns })
}

// WayBack gives the rollback phases that follow a forward phase, in order: those of its
// batch, then those of each batch that moved before. There are none where the forward phase
// is taken back by reverting its commit.
func WayBack(all []PhaseRef, from PhaseRef) []PhaseRef {
	if from.Gate.Returns || from.Gate.Back.Kind != plan.SequenceBack {
		return nil
	}
	way := slices.DeleteFunc(slices.Clone(all), func(p PhaseRef) bool { return !p.Gate.Returns || p.Batch() > from.Batch() })
	SortPhases(way)
	return way
}

// SortPhases puts phases in the order in which they are taken: forward by their numbers,
// then the rollback, the batch that moved last first.
func SortPhases(all []PhaseRef) {
	slices.SortStableFunc(all, func(a, b PhaseRef) int {
		if a.Gate.Returns && b.Gate.Returns {
			return cmp.Or(cmp.Compare(b.Batch(), a.Batch()), cmp.Compare(a.Folder, b.Folder))
		}
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Folder, b.Folder))
	})
}

func rank(p PhaseRef) int {
	if p.Gate.Returns {
		return 1
	}
	return 0
}

// Course gives the phases that may be listed, in order, where these are reached: all that
// lead forward or, once a rollback has begun, those from which it began, and the whole
// rollback.
func Course(all []PhaseRef, reached map[plan.Side][]string) []PhaseRef {
	forward := Forward(all)
	if !returning(all, reached) {
		return forward
	}
	last := lastOf(forward, reached)
	if last < 0 {
		return nil
	}
	return slices.Concat(forward[:last+1], WayBack(all, forward[last]))
}

// returning tells whether a rollback has begun.
func returning(all []PhaseRef, reached map[plan.Side][]string) bool {
	return lastOf(slices.DeleteFunc(slices.Clone(all), func(p PhaseRef) bool { return !p.Gate.Returns }), reached) >= 0
}

// lastOf gives the place of the last of these phases that is reached, -1 where none is.
func lastOf(phases []PhaseRef, reached map[plan.Side][]string) int {
	for i, phase := range slices.Backward(phases) {
		if slices.Contains(reached[phase.Side], phase.Folder) {
			return i
		}
	}
	return -1
}
