package repository

import (
	"container/heap"
	"fmt"
	"time"

	"github.com/go-git/go-git/v5/plumbing/object"

	"cutover/generator/finding"
)

// Commit is one commit of the history.
type Commit struct {
	Hash    Hash
	Parents []Hash
	// CutOff tells that the history was fetched no further than this commit.
	CutOff            bool
	Author, Committer Signature
	Message           string
}

// Signature says who did something to a commit, and when.
type Signature struct {
	Name, Email string
	When        time.Time
}

func signature(s object.Signature) Signature { return Signature{s.Name, s.Email, s.When} }

// Commit reads one commit.
func (r *Repository) Commit(hash Hash) (Commit, error) {
	found, err := r.git.CommitObject(hash)
	if err != nil {
		return Commit{}, fmt.Errorf("read commit %s: %w", Short(hash), err)
	}
	return Commit{hash, found.ParentHashes, r.cutOff(hash), signature(found.Author), signature(found.Committer), found.Message}, nil
}

// Line gives the commits after base up to head, oldest first. It refuses a history that is
// no line: with a merge in it, or that does not begin at base.
func (r *Repository) Line(base, head Hash) ([]Commit, error) {
	var line []Commit
	for hash := head; hash != base; {
		commit, err := r.Commit(hash)
		if err != nil {
			return nil, err
		}
		switch {
		case len(commit.Parents) > 1:
			return nil, finding.Finding{Rule: "merge-commit", Severity: finding.Error, Object: "commit " + Short(hash), Message: "it is a merge: the history of a migration is a line",
				Hint: "rebase onto the base; in CI check out the pull request's own head, not the merge that was made for the test"}
		case commit.CutOff:
			return nil, finding.Finding{Rule: "shallow", Severity: finding.Error, Object: "commit " + Short(hash), Message: fmt.Sprintf("the history was fetched no further, and does not reach %s", Short(base)),
				Hint: "fetch all of it: fetch-depth: 0, or git fetch --unshallow"}
		case len(commit.Parents) == 0:
			return nil, finding.Finding{Rule: "diverged", Severity: finding.Error, Object: "commit " + Short(head), Message: fmt.Sprintf("the history does not go on from %s", Short(base)),
				Hint: "rebase onto the base, so that each step follows the last"}
		}
		line = append([]Commit{commit}, line...)
		hash = commit.Parents[0]
	}
	return line, nil
}

// Walk calls visit with every commit that head comes from, the latest first, until visit
// says no.
func (r *Repository) Walk(head Hash, visit func(Commit) (more bool, err error)) error {
	first, err := r.Commit(head)
	if err != nil {
		return err
	}
	waiting := &newest{first}
	seen := map[Hash]bool{head: true}
	for waiting.Len() > 0 {
		commit := heap.Pop(waiting).(Commit)
		if more, err := visit(commit); err != nil || !more {
			return err
		}
		if commit.CutOff {
			continue
		}
		for _, parent := range commit.Parents {
			if seen[parent] {
				continue
			}
			seen[parent] = true
			next, err := r.Commit(parent)
			if err != nil {
				return err
			}
			heap.Push(waiting, next)
		}
	}
	return nil
}

// newest is a heap of commits, the latest on top. Among equals the one found first goes
// first, so that a chain made within a second keeps its order: a parent is found after its
// child has left.
type newest []Commit

func (n newest) Len() int           { return len(n) }
func (n newest) Less(i, j int) bool { return n[i].Committer.When.After(n[j].Committer.When) }
func (n newest) Swap(i, j int)      { n[i], n[j] = n[j], n[i] }

// Push implements [heap.Interface].
func (n *newest) Push(commit any) { *n = append(*n, commit.(Commit)) }

// Pop implements [heap.Interface].
func (n *newest) Pop() any {
	last := (*n)[len(*n)-1]
	*n = (*n)[:len(*n)-1]
	return last
}
