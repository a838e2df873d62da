package gitops

import (
	"context"

	"cutover/generator/finding"
	"cutover/gitops/audit"
	"cutover/gitops/edge"
	"cutover/gitops/pull"
	"cutover/gitops/step"
)

// PullRequest gives the text of the pull request that carries a phase, "" for the next one;
// or, where back is set, the step that leads back from here.
func PullRequest(p Place, phase string, back bool) (string, error) {
	r, err := p.open()
	if err != nil {
		return "", err
	}
	head, err := r.Head()
	if err != nil {
		return "", err
	}
	files, closeFiles, err := p.files(r, head.Commit)
	if err != nil {
		return "", err
	}
	defer closeFiles()
	source, err := step.Open(files)
	if err != nil {
		return "", err
	}
	before, edge, err := chosen(source.State(), phase, back)
	if err != nil {
		return "", err
	}
	made, err := source.Make(before, edge)
	if err != nil {
		return "", err
	}
	return pull.Text(before, made)
}

// chosen gives the edge that is asked for, and the state that it leads on from.
func chosen(state step.State, phase string, back bool) (step.State, step.Edge, error) {
	if phase != "" {
		before, edge, ok := state.Before(phase)
		if !ok {
			return state, edge, finding.Finding{Rule: "unknown-phase", Severity: finding.Error, Phase: phase, Message: "this migration has no such phase", Hint: "its phases are " + state.Names()}
		}
		return before, edge, nil
	}
	if back {
		edge, ok := state.Back()
		if !ok {
			return state, edge, noWayBack(state)
		}
		return state, edge, nil
	}
	edge, ok := state.Next()
	if !ok {
		return state, edge, noNext(state)
	}
	return state, edge, nil
}

// Log gives the steps that led to the present commit, the latest first.
func Log(p Place) (migration string, entries []audit.Entry, err error) {
	r, err := p.open()
	if err != nil {
		return "", nil, err
	}
	head, err := r.Head()
	if err != nil {
		return "", nil, err
	}
	at, err := r.At(head.Commit)
	if err != nil {
		return "", nil, err
	}
	source, err := step.Open(at)
	if err != nil {
		return "", nil, err
	}
	entries, err = audit.Log(r, head.Commit, source.Migration())
	return source.Migration(), entries, err
}

// Check judges the commits after a base up to a head, both given as revisions.
func Check(ctx context.Context, p Place, base, head string) ([]edge.Commit, finding.List, error) {
	r, err := p.open()
	if err != nil {
		return nil, nil, err
	}
	from, err := r.Resolve(base)
	if err != nil {
		return nil, nil, err
	}
	to, err := r.Resolve(head)
	if err != nil {
		return nil, nil, err
	}
	return edge.Check(ctx, r, from, to, p.generateAt)
}
