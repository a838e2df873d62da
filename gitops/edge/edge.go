// Package edge judges a range of commits, as CI does for a pull request: each is one edge
// of the migration, taken in one line of one file, or a change of what the migration is
// generated from; nothing is skipped, merged or edited by hand.
package edge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/invariant"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/tree"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

// Generate generates the tree that the migration in a commit asks for. Findings of severity
// error come back as the error.
type Generate func(ctx context.Context, at *repository.Snapshot) (tree.Tree, error)

// Commit is a commit that was judged. Without an edge it does not move the migration.
type Commit struct {
	Hash    string         `json:"commit"`
	Subject string         `json:"subject"`
	Edge    step.Direction `json:"direction,omitempty"`
	Phase   string         `json:"phase,omitempty"`
	From    string         `json:"from,omitempty"`
	Cluster plan.Side      `json:"cluster,omitempty"`
	Count   *step.Count    `json:"objects,omitempty"`
	// Generated tells that generated files changed, and are what the commit generates.
	Generated bool `json:"generated,omitempty"`
}

// Check judges the commits after base up to head. Findings are what is wrong with them; an
// error is what kept it from judging.
func Check(ctx context.Context, r *repository.Repository, base, head repository.Hash, generate Generate) ([]Commit, finding.List, error) {
	line, err := r.Line(base, head)
	if err != nil {
		if found := finding.From(err); len(found) > 0 {
			return nil, found, nil
		}
		return nil, nil, err
	}
	j := judge{repository: r, generate: generate}
	var judged []Commit
	former := base
	for _, commit := range line {
		one, err := j.commit(ctx, former, commit)
		if err != nil {
			return nil, nil, err
		}
		judged = append(judged, one)
		former = commit.Hash
	}
	if j.generated != head {
		if err := j.whole(ctx, head); err != nil {
			return nil, nil, err
		}
	}
	j.findings.Sort()
	return judged, j.findings, nil
}

type judge struct {
	repository *repository.Repository
	generate   Generate
	findings   finding.List
	// generated is the last commit whose tree was compared with what it generates.
	generated repository.Hash
	// last is the tree of the commit judged last, if that was a sound step.
	last     *step.Source
	lastHash repository.Hash
}

// add notes findings of one commit.
func (j *judge) add(commit repository.Hash, findings ...finding.Finding) {
	for _, f := range findings {
		f.Object = strings.TrimSuffix("commit "+repository.Short(commit)+": "+f.Object, ": ")
		j.findings.Add(f)
	}
}

func (j *judge) refuse(commit repository.Hash, rule, file, message, hint string) {
	j.add(commit, finding.Finding{Rule: rule, Severity: finding.Error, File: file, Message: message, Hint: hint})
}

// commit judges one commit against its parent.
func (j *judge) commit(ctx context.Context, parent repository.Hash, commit repository.Commit) (Commit, error) {
	subject, _, _ := strings.Cut(commit.Message, "\n")
	one := Commit{Hash: commit.Hash.String(), Subject: subject}
	before, err := j.repository.At(parent)
	if err != nil {
		return one, err
	}
	after, err := j.repository.At(commit.Hash)
	if err != nil {
		return one, err
	}
	names, err := after.Changed(before)
	if err != nil {
		return one, err
	}
	var pointers, others []string
	for _, name := range names {
		if slices.Contains(overlay.PointerPaths(), name) {
			pointers = append(pointers, name)
		} else {
			others = append(others, name)
		}
	}
	if _, err := before.Entry(tree.SumFile); errors.Is(err, fs.ErrNotExist) && len(names) > 0 {
		return one, j.first(ctx, commit, after, &one)
	}
	if len(pointers) == 0 {
		if step.Is(commit.Message) {
			j.refuse(commit.Hash, "no-step", "", "the message tells of a step, and no pointer changes", "write the step with cutover advance --commit, and nothing else with its trailers")
		}
		if one.Generated = j.isGenerated(before, after, others); one.Generated {
			return one, j.whole(ctx, commit.Hash)
		}
		return one, nil
	}
	if len(pointers) > 1 || len(others) > 0 {
		j.refuse(commit.Hash, "mixed", pointers[0], fmt.Sprintf("a step changes one pointer and nothing else; the commit changes %s", summary(names)), "one commit for the step, another for the rest")
		return one, nil
	}
	j.step(commit, before, after, &one)
	return one, nil
}

func summary(names []string) string {
	if len(names) > 4 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:4], ", "), len(names)-4)
	}
	return strings.Join(names, ", ")
}

// first judges the commit that brings the migration: nothing has been reached yet.
func (j *judge) first(ctx context.Context, commit repository.Commit, after *repository.Snapshot, one *Commit) error {
	if _, err := after.Entry(tree.SumFile); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	one.Generated = true
	if source, err := step.Open(after); err == nil && source.State().At() != overlay.None {
		j.refuse(commit.Hash, "begun", "", "the migration begins in phase "+source.State().At(), "commit what `cutover generate` wrote first, and each phase after it")
	}
	return j.whole(ctx, commit.Hash)
}

// isGenerated tells whether any of the files is, or was, written by cutover.
func (j *judge) isGenerated(before, after *repository.Snapshot, names []string) bool {
	ours := make(tree.Sum)
	for _, snapshot := range []*repository.Snapshot{before, after} {
		content, err := snapshot.ReadFile(tree.SumFile)
		if err != nil {
			return true // the list itself is gone
		}
		sum, err := tree.ParseSum(content)
		if err != nil {
			return true
		}
		for name, digest := range sum {
			ours[name] = digest
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		_, known := ours[name]
		folder, _, _ := strings.Cut(name, "/")
		return known || name == tree.SumFile || folder == "overlays" || folder == "releases" || folder == "clusters"
	})
}

// whole compares a commit's tree with what it generates, and renders it.
func (j *judge) whole(ctx context.Context, commit repository.Hash) error {
	j.generated = commit
	at, err := j.repository.At(commit)
	if err != nil {
		return err
	}
	generated, err := j.generate(ctx, at)
	found := finding.From(err)
	if err != nil && len(found) == 0 {
		return err
	}
	j.add(commit, found...)
	j.add(commit, invariant.Check(at, generated).Of(finding.Error)...)
	return nil
}
