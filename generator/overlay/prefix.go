package overlay

import (
	"fmt"
	"slices"

	"cutover/generator/finding"
	"cutover/generator/plan"
)

// CheckPrefix tells whether the phases that both pointers list are phases that may be
// listed together: the first ones of those that lead forward, nothing skipped, nothing
// twice, nothing out of order; then, from past the point of no return of a batch, the first
// ones of its rollback and of those of the batches before ([WayBack]), and no forward phase
// any more. all are the phases, forward and back, with the cluster of each.
func CheckPrefix(all []PhaseRef, reached map[plan.Side][]string) finding.List {
	returns := make(map[string]bool)
	for _, phase := range all {
		returns[phase.Folder] = phase.Gate.Returns
	}
	forward, back := make(map[plan.Side][]string), make(map[plan.Side][]string)
	var findings finding.List
	for _, side := range plan.Sides() {
		for _, folder := range reached[side] {
			switch {
			case returns[folder]:
				back[side] = append(back[side], folder)
			case len(back[side]) > 0:
				findings.Add(orderFinding(side, folder, fmt.Sprintf("%s is listed after %s, which belongs to the rollback", folder, back[side][len(back[side])-1]),
					"a rollback goes on to its end; a second attempt is a new migration with empty target topics"))
			default:
				forward[side] = append(forward[side], folder)
			}
		}
	}
	findings.Add(checkOrder(all, Forward(all), forward)...)
	if len(findings) == 0 {
		findings.Add(checkBack(all, forward, back)...)
	}
	return findings
}

// checkBack holds the listed phases of a rollback against those that may follow the last
// forward phase.
func checkBack(all []PhaseRef, forward, back map[plan.Side][]string) finding.List {
	if len(back[plan.Source])+len(back[plan.Target]) == 0 {
		return nil
	}
	ahead := Forward(all)
	last := lastOf(ahead, forward)
	var way []PhaseRef
	message, hint := "%s is a phase of the rollback, and no phase has been reached yet", "advance one phase at a time, in order"
	if last >= 0 {
		way = WayBack(all, ahead[last])
		message = "%s is a phase of the rollback, which does not begin at " + ahead[last].Folder
		hint = "take " + ahead[last].ID() + " back by reverting its commit: it has not brought the target what the source lacks"
		if len(way) > 0 {
			hint = "the rollback begins with " + way[0].Folder
		}
	}
	var findings finding.List
	for _, side := range plan.Sides() {
		for _, folder := range back[side] {
			if !slices.ContainsFunc(way, func(p PhaseRef) bool { return p.Folder == folder && p.Side == side }) && sideOf(all, folder) == side {
				findings.Add(orderFinding(side, folder, fmt.Sprintf(message, folder), hint))
			}
		}
	}
	if len(findings) == 0 {
		findings = checkOrder(all, way, back)
	}
	return findings
}

func sideOf(all []PhaseRef, folder string) plan.Side {
	i := slices.IndexFunc(all, func(p PhaseRef) bool { return p.Folder == folder })
	if i < 0 {
		return ""
	}
	return all[i].Side
}

// checkOrder tells whether the listed phases are the first ones of those wanted.
func checkOrder(all, wanted []PhaseRef, reached map[plan.Side][]string) finding.List {
	var findings finding.List
	next := make(map[plan.Side]int)
	stopped := ""
	for _, phase := range wanted {
		list, i := reached[phase.Side], next[phase.Side]
		if i >= len(list) || list[i] != phase.Folder {
			if stopped == "" {
				stopped = phase.Folder
			}
			continue
		}
		next[phase.Side]++
		if stopped != "" {
			findings.Add(orderFinding(phase.Side, phase.Folder, fmt.Sprintf("%s is listed, and %s, which comes before, is not", phase.Folder, stopped),
				"advance one phase at a time, in order"))
		}
	}
	for _, side := range plan.Sides() {
		for _, folder := range reached[side][next[side]:] {
			findings.Add(strayPhase(all, side, folder))
		}
	}
	return findings
}

func orderFinding(side plan.Side, folder, message, hint string) finding.Finding {
	return finding.Finding{Rule: "phase-order", Severity: finding.Error, File: PointerPath(side), Phase: PhaseRef{Folder: folder}.ID(), Message: message, Hint: hint}
}

func strayPhase(all []PhaseRef, side plan.Side, folder string) finding.Finding {
	f := finding.Finding{Rule: "phase-order", Severity: finding.Error, File: PointerPath(side),
		Message: folder + " is out of order or listed twice", Hint: "advance one phase at a time, in order"}
	switch home := sideOf(all, folder); home {
	case "":
		f.Rule, f.Message, f.Hint = "unknown-phase", folder+" is no phase of this migration", "take the pointer back from Git; a phase that was reached must not vanish from the plan"
	case side:
	default:
		f.Message = fmt.Sprintf("%s is a phase of the %s and is listed on the %s", folder, home, side)
	}
	return f
}
