package gitops

import (
	"bytes"
	"context"
	"fmt"

	"cutover/generator/finding"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

// Link is one commit of a series.
type Link struct {
	Commit  string     `json:"commit"`
	Phase   string     `json:"phase"`
	Cluster string     `json:"cluster"`
	Subject string     `json:"subject"`
	Objects step.Count `json:"objects"`
}

// Chained is a series that was written.
type Chained struct {
	Branch string `json:"branch"`
	Base   string `json:"base"`
	Links  []Link `json:"commits"`
	// Unrun tells that the repository has hooks, which do not run on a series.
	Unrun bool         `json:"hooksNotRun"`
	Open  finding.List `json:"-"`
}

// Series writes all remaining forward phases as a chain of commits on a new branch, without
// touching the checkout. The branch appears when every commit has been proven by itself.
func Series(ctx context.Context, p Place, branch string) (Chained, error) {
	r, err := p.open()
	if err != nil {
		return Chained{}, err
	}
	head, err := r.Head()
	if err != nil {
		return Chained{}, err
	}
	chain, err := r.Chain(branch, head.Commit)
	if err != nil {
		return Chained{}, err
	}
	c, err := p.check(ctx)
	if err != nil {
		return Chained{}, err
	}
	written, err := c.grow(ctx, p, chain)
	if err != nil {
		return Chained{}, err
	}
	written.Branch, written.Base, written.Open = branch, head.Commit.String(), c.open
	return written, chain.Name()
}

// grow adds the commits of all forward phases that are left, and proves each.
func (c *checked) grow(ctx context.Context, p Place, chain *repository.Chain) (Chained, error) {
	state := c.source.State()
	edges := state.Remaining()
	if len(edges) == 0 {
		return Chained{}, noNext(state)
	}
	settings, err := c.repository.Settings(p.Getenv, p.Now)
	if err != nil {
		return Chained{}, err
	}
	written := Chained{Unrun: settings.Hooks}
	for _, edge := range edges {
		made, err := c.source.Make(state, edge)
		if err != nil {
			return Chained{}, err
		}
		commit, err := chain.Add(ctx, repository.Change{Name: made.Path, After: made.After, Message: made.Message(), Settings: settings})
		if err != nil {
			return Chained{}, err
		}
		if err := prove(c.repository, commit, made); err != nil {
			return Chained{}, fmt.Errorf("phase %s: %w", edge.Phase.ID(), err)
		}
		state = state.Take(edge)
		written.Links = append(written.Links, Link{commit.String(), edge.Phase.ID(), string(edge.Phase.Side), made.Subject(), made.Count()})
	}
	return written, nil
}

// prove reads a commit back from the repository: it must be in the phase that its message
// tells, and render to what the step promised.
func prove(r *repository.Repository, commit repository.Hash, made step.Step) error {
	at, err := r.At(commit)
	if err != nil {
		return err
	}
	source, err := step.Open(at)
	if err != nil {
		return err
	}
	state := source.State()
	stream, err := source.Render(made.Phase.Side, state.Folders(made.Phase.Side))
	if err != nil {
		return err
	}
	written, err := r.Commit(commit)
	if err != nil {
		return err
	}
	said, err := step.Parse(written.Message)
	switch {
	case err != nil:
		return err
	case state.At() != made.To || said.Phase != made.To || said.Count != made.Count() || !bytes.Equal(stream, made.Stream):
		return refuse("unproven", "the commit does not hold what its step promised; no branch was made", "this is a bug: report it")
	}
	return nil
}
