package repository

import (
	"context"
	"errors"

	"github.com/go-git/go-git/v5/plumbing"
)

// Chain is a line of commits that grows from one without touching the checkout. Nothing
// comes to it until [Chain.Name] gives it a branch.
type Chain struct {
	repository *Repository
	branch     plumbing.ReferenceName
	last       Hash
}

// Chain begins a line of commits at start, for a branch that must not be there yet.
func (r *Repository) Chain(branch string, start Hash) (*Chain, error) {
	name, err := branchName(branch)
	if err != nil {
		return nil, err
	}
	if _, err := r.git.Reference(name, true); !errors.Is(err, plumbing.ErrReferenceNotFound) {
		return nil, refuse("branch-exists", "", "branch "+branch+" exists", "choose another name, or delete it with git branch -D "+branch)
	}
	return &Chain{r, name, start}, nil
}

// Add makes the next commit. Its file's former content is not looked at.
func (c *Chain) Add(ctx context.Context, change Change) (Hash, error) {
	var commit Hash
	var err error
	if change.Settings.Signs || change.Settings.Includes {
		var top Hash
		if top, _, err = c.repository.writeTree(c.last, change); err == nil {
			commit, err = c.repository.handOverObject(ctx, c.last, top, change)
		}
	} else {
		commit, _, err = c.repository.write(c.last, change)
	}
	if err != nil {
		return commit, err
	}
	c.last = commit
	return commit, nil
}

// Name makes the branch.
func (c *Chain) Name() error {
	var back undo
	return c.repository.moveBranch(c.branch, plumbing.ZeroHash, c.last, &back)
}
