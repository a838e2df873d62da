// Package step is the arithmetic of the migration's history: from the phases that both
// clusters have reached to the one edge that may follow, and from an edge to the commit
// that is it. It is pure; reading and writing Git is the repository's part.
package step

import (
	"slices"
	"strconv"
	"strings"

	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// Direction says which way an edge leads.
type Direction = overlay.Direction

// Advance adds the next forward phase. Revert takes the last phase off, the way back that
// needs no phase of its own. Return adds the next phase of the ordered rollback, past the
// point of no return.
const (
	Advance = overlay.Advance
	Revert  = overlay.Revert
	Return  = overlay.Return
)

// Edge is one step from a state of the migration to a neighbouring one.
type Edge struct {
	Direction Direction
	// Phase is the one whose line is added, or taken off.
	Phase overlay.PhaseRef
	// From and To are the phases that the migration as a whole is in before and after, by
	// number; [overlay.None] before the first.
	From, To string
}

// State is where a migration stands: its phases, and which of them were taken, in the
// order in which they were.
type State struct {
	forward, returns, taken []overlay.PhaseRef
}

// New gives the state of a migration from all its phases and the folders that each cluster
// lists, which must have passed [overlay.CheckPrefix].
func New(phases []overlay.PhaseRef, reached map[plan.Side][]string) State {
	var s State
	for _, phase := range phases {
		if phase.Gate.Returns {
			s.returns = append(s.returns, phase)
		} else {
			s.forward = append(s.forward, phase)
		}
	}
	// The rollback goes back batch by batch, from the last to the first.
	slices.SortStableFunc(s.returns, func(a, b overlay.PhaseRef) int { return batchOf(b) - batchOf(a) })
	for _, phase := range slices.Concat(s.forward, s.returns) {
		if slices.Contains(reached[phase.Side], phase.Folder) {
			s.taken = append(s.taken, phase)
		}
	}
	return s
}

// batchOf gives the hundred that a phase belongs to.
func batchOf(phase overlay.PhaseRef) int {
	number, err := strconv.Atoi(phase.ID())
	if err != nil {
		return 0
	}
	return number / 100
}

// At is the phase that the migration as a whole is in: the one taken last.
func (s State) At() string {
	if last, ok := s.Last(); ok {
		return last.ID()
	}
	return overlay.None
}

// Last is the phase taken last; ok is false at the start.
func (s State) Last() (phase overlay.PhaseRef, ok bool) {
	if len(s.taken) == 0 {
		return phase, false
	}
	return s.taken[len(s.taken)-1], true
}

// Folders are the phases that a cluster lists, in order.
func (s State) Folders(side plan.Side) []string {
	var folders []string
	for _, phase := range s.taken {
		if phase.Side == side {
			folders = append(folders, phase.Folder)
		}
	}
	return folders
}

// On is the phase that a cluster is in, [overlay.None] before its first.
func (s State) On(side plan.Side) string {
	folders := s.Folders(side)
	if len(folders) == 0 {
		return overlay.None
	}
	return overlay.PhaseRef{Folder: folders[len(folders)-1]}.ID()
}

// Returning tells that the ordered rollback has begun: no forward phase may follow.
func (s State) Returning() bool {
	last, ok := s.Last()
	return ok && last.Gate.Returns
}

// PastReturn tells that producers have written to the target.
func (s State) PastReturn() bool {
	return slices.ContainsFunc(s.taken, func(p overlay.PhaseRef) bool { return p.Gate.PastReturn })
}

// Next is the edge to the next forward phase; ok is false at the end, and once the ordered
// rollback has begun.
func (s State) Next() (edge Edge, ok bool) {
	if s.Returning() || len(s.taken) >= len(s.forward) {
		return edge, false
	}
	return s.to(Advance, s.forward[len(s.taken)]), true
}

// Back is the edge that leads back from here: a revert before the point of no return of
// the batch, the next phase of the ordered rollback past it. ok is false at the start, at
// the end of the rollback, and where the tree has no phases for it.
func (s State) Back() (edge Edge, ok bool) {
	last, begun := s.Last()
	switch {
	case !begun:
		return edge, false
	case !last.Gate.Returns && last.Gate.Back.Kind == plan.RevertBack:
		return s.Revert()
	}
	return s.Return()
}

// Revert is the edge that takes the last phase off, where its gate declares that this is
// the way back.
func (s State) Revert() (edge Edge, ok bool) {
	last, begun := s.Last()
	if !begun || last.Gate.Back.Kind != plan.RevertBack {
		return edge, false
	}
	return Edge{Direction: Revert, Phase: last, From: s.At(), To: s.without().At()}, true
}

// Return is the edge to the next phase of the ordered rollback.
func (s State) Return() (edge Edge, ok bool) {
	last, begun := s.Last()
	if !begun {
		return edge, false
	}
	rest := s.returns
	if i := slices.IndexFunc(rest, func(p overlay.PhaseRef) bool { return p.Folder == last.Folder }); i >= 0 {
		rest = rest[i+1:]
	} else if last.Gate.Back.Kind != plan.SequenceBack {
		return edge, false
	}
	for _, phase := range rest {
		if batchOf(phase) <= batchOf(last) {
			return s.to(Return, phase), true
		}
	}
	return edge, false
}

// Take gives the state after an edge.
func (s State) Take(edge Edge) State {
	if edge.Direction == Revert {
		return s.without()
	}
	s.taken = append(slices.Clone(s.taken), edge.Phase)
	return s
}

// Remaining are the edges to all forward phases that are left, in order.
func (s State) Remaining() []Edge {
	var edges []Edge
	for edge, ok := s.Next(); ok; edge, ok = s.Next() {
		edges = append(edges, edge)
		s = s.Take(edge)
	}
	return edges
}

// Before gives the state just before a phase, whichever phases were taken so far, and the
// edge to it. A phase of the ordered rollback follows the last phase of its own batch,
// unless the rollback has begun elsewhere. ok is false for an unknown phase.
func (s State) Before(id string) (before State, edge Edge, ok bool) {
	is := func(p overlay.PhaseRef) bool { return p.ID() == id }
	if i := slices.IndexFunc(s.forward, is); i >= 0 {
		s.taken = s.forward[:i:i]
		return s, s.to(Advance, s.forward[i]), true
	}
	i := slices.IndexFunc(s.returns, is)
	if i < 0 {
		return s, edge, false
	}
	phase := s.returns[i]
	if last, begun := s.Last(); !begun || !s.reaches(last, phase) {
		s.taken = s.forward[:s.endOf(batchOf(phase))]
	}
	for next, more := s.Return(); more; next, more = s.Return() {
		if next.Phase.Folder == phase.Folder {
			return s, next, true
		}
		s = s.Take(next)
	}
	return s, edge, false
}

// reaches tells whether the ordered rollback from a phase comes by another.
func (s State) reaches(from, phase overlay.PhaseRef) bool {
	if from.Gate.Returns {
		return s.index(from) < s.index(phase)
	}
	return from.Gate.Back.Kind == plan.SequenceBack && batchOf(from) >= batchOf(phase)
}

func (s State) index(phase overlay.PhaseRef) int {
	return slices.IndexFunc(s.returns, func(p overlay.PhaseRef) bool { return p.Folder == phase.Folder })
}

// endOf gives how many forward phases there are up to the end of a batch.
func (s State) endOf(batch int) int {
	count := 0
	for i, phase := range s.forward {
		if batchOf(phase) <= batch {
			count = i + 1
		}
	}
	return count
}

func (s State) to(direction Direction, phase overlay.PhaseRef) Edge {
	return Edge{Direction: direction, Phase: phase, From: s.At(), To: phase.ID()}
}

func (s State) without() State {
	s.taken = s.taken[: len(s.taken)-1 : len(s.taken)-1]
	return s
}

// Progress gives how many forward phases were taken, and how many there are.
func (s State) Progress() (taken, all int) {
	for _, phase := range s.taken {
		if !phase.Gate.Returns {
			taken++
		}
	}
	return taken, len(s.forward)
}

// Names lists the numbers of all phases, those of the ordered rollback last.
func (s State) Names() string {
	var ids []string
	for _, phase := range slices.Concat(s.forward, s.returns) {
		ids = append(ids, phase.ID())
	}
	return strings.Join(ids, ", ")
}
