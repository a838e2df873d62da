package render

import (
	"slices"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// Rollback is one way through the phases and back.
type Rollback struct {
	// From is the forward phase at which it begins.
	From overlay.PhaseRef
	// Phases are all that lead up to From, and all that lead back.
	Phases []overlay.PhaseRef
}

// Rollbacks gives every rollback there may be, whole, in the order of where they begin.
func (r *Repository) Rollbacks() []Rollback {
	var all []Rollback
	forward := overlay.Forward(r.Phases)
	for i, phase := range forward {
		if way := overlay.WayBack(r.Phases, phase); len(way) > 0 {
			all = append(all, Rollback{phase, slices.Concat(forward[:i+1], way)})
		}
	}
	return all
}

// Course gives the phases of both clusters, in order, that lead up to and including a
// phase. To a phase of the rollback they lead forward to where the rollback begins: the
// phase reached, where the rollback may begin there and comes by, else the last phase from
// which it does. An unknown phase is an error that lists them all.
func (r *Repository) Course(id string) ([]overlay.PhaseRef, error) {
	named := func(p overlay.PhaseRef) bool { return p.ID() == id }
	course := overlay.Forward(r.Phases)
	if i := slices.IndexFunc(r.Phases, named); i >= 0 && r.Phases[i].Gate.Returns {
		course = r.rollbackBy(r.Phases[i])
	}
	end := slices.IndexFunc(course, named)
	if end < 0 {
		return nil, r.unknown(id)
	}
	return course[:end+1], nil
}

// rollbackBy gives the phases of a rollback that comes by a phase: of the one that has begun
// or would begin now, else of the shortest, begun when its batch had moved whole.
func (r *Repository) rollbackBy(phase overlay.PhaseRef) []overlay.PhaseRef {
	var best Rollback
	last := r.last()
	for _, rollback := range r.Rollbacks() {
		switch {
		case !slices.ContainsFunc(rollback.Phases, func(p overlay.PhaseRef) bool { return p.Folder == phase.Folder }):
		case rollback.From.Folder == last:
			return rollback.Phases
		case best.Phases == nil || rollback.From.Batch() == best.From.Batch():
			best = rollback
		}
	}
	return best.Phases
}

// last gives the folder of the forward phase reached last, "" where there is none.
func (r *Repository) last() string {
	folder := ""
	for _, phase := range overlay.Forward(r.Phases) {
		if slices.Contains(r.Reached[phase.Side], phase.Folder) {
			folder = phase.Folder
		}
	}
	return folder
}

// Until gives the phases of one cluster up to and including a phase, by folder, as
// [Repository.Course] has them. The phase may be one of the other cluster.
func (r *Repository) Until(side plan.Side, id string) ([]string, error) {
	course, err := r.Course(id)
	if err != nil {
		return nil, err
	}
	return Folders(side, course), nil
}

// Folders gives the folders of those phases that change one cluster.
func Folders(side plan.Side, phases []overlay.PhaseRef) []string {
	var folders []string
	for _, phase := range phases {
		if phase.Side == side {
			folders = append(folders, phase.Folder)
		}
	}
	return folders
}

func (r *Repository) unknown(id string) error {
	var known []string
	for _, phase := range r.Phases {
		known = append(known, phase.ID())
	}
	return finding.Finding{Rule: "unknown-phase", Severity: finding.Error, Phase: id, Message: "this migration has no such phase",
		Hint: "its phases are " + strings.Join(known, ", ")}
}
