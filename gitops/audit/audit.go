// Package audit tells what was done to a migration, from its commits: which phase, when,
// by whom, and which gates had to hold. What a commit says is held against what it changed.
package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

// Entry is one step that was taken.
type Entry struct {
	Commit    string         `json:"commit"`
	When      time.Time      `json:"when"`
	Author    string         `json:"author"`
	Committer string         `json:"committer"`
	Subject   string         `json:"subject"`
	Direction step.Direction `json:"direction,omitempty"`
	// Phase and From are the phases that the migration was in after the commit and before.
	Phase     string     `json:"phase,omitempty"`
	From      string     `json:"from,omitempty"`
	Cluster   plan.Side  `json:"cluster,omitempty"`
	Gates     []string   `json:"gates"`
	Objects   step.Count `json:"objects"`
	Inventory string     `json:"inventory,omitempty"`
	// Problem says in what the commit does not do what it says, "" for a sound one.
	Problem string `json:"problem,omitempty"`
}

// Log gives the steps of a migration that head comes from, the latest first. Changes of a
// pointer that no trailers tell of are among them, with the problem named.
func Log(r *repository.Repository, head repository.Hash, migration string) ([]Entry, error) {
	entries := []Entry{}
	err := r.Walk(head, func(commit repository.Commit) (bool, error) {
		moved, err := movement(r, commit)
		if err != nil {
			return false, err
		}
		said, parseErr := step.Parse(commit.Message)
		tells := step.Is(commit.Message) && (said.Migration == migration || said.Migration == "")
		if !moved.happened && (!tells || moved.merge || moved.unknown) {
			return true, nil
		}
		entry := Entry{
			Commit: commit.Hash.String(), When: commit.Committer.When, Subject: subject(commit.Message), Gates: []string{},
			Author: who(commit.Author), Committer: who(commit.Committer),
		}
		if tells {
			entry.Direction, entry.Phase, entry.From, entry.Cluster = said.Direction, said.Phase, said.From, said.Cluster
			entry.Gates, entry.Objects, entry.Inventory = append(entry.Gates, said.Gates...), said.Count, said.Inventory
		}
		entry.Problem = problem(moved, said, tells, parseErr)
		entries = append(entries, entry)
		return true, nil
	})
	return entries, err
}

func who(s repository.Signature) string { return fmt.Sprintf("%s <%s>", s.Name, s.Email) }

func problem(moved move, said step.Message, tells bool, parseErr error) string {
	switch {
	case !tells:
		return "the pointers changed, and no trailers tell of it"
	case parseErr != nil:
		return parseErr.Error()
	case !moved.happened:
		return "the message tells of a step, and no pointer changed"
	case said.Direction == step.Revert && (!slices.Equal(moved.gone, []string{said.From}) || len(moved.come) > 0),
		said.Direction != step.Revert && (!slices.Equal(moved.come, []string{said.Phase}) || len(moved.gone) > 0):
		return fmt.Sprintf("the message says %s from %s to %s; the pointers gained %v and lost %v", said.Direction, said.From, said.Phase, moved.come, moved.gone)
	}
	return ""
}

func subject(message string) string {
	for i, c := range message {
		if c == '\n' {
			return message[:i]
		}
	}
	return message
}

// move is what a commit did to the pointers: phases that came and that went, by number.
type move struct {
	happened, merge bool
	// unknown tells that there is no parent to compare with.
	unknown    bool
	come, gone []string
}

// movement compares a commit's pointers with those of its parents. A merge moves the
// migration only if its pointers are those of none of its parents.
func movement(r *repository.Repository, commit repository.Commit) (move, error) {
	result := move{merge: len(commit.Parents) > 1, unknown: commit.CutOff || len(commit.Parents) == 0}
	if result.unknown {
		return result, nil
	}
	after, err := r.At(commit.Hash)
	if err != nil {
		return result, err
	}
	for i, parent := range commit.Parents {
		before, err := r.At(parent)
		if err != nil {
			return result, err
		}
		same, existed, err := compare(before, after)
		if err != nil {
			return result, err
		}
		if same || !existed {
			return move{merge: result.merge, unknown: !existed}, nil
		}
		if i == 0 {
			result.come, result.gone = changes(before, after)
		}
	}
	result.happened = true
	return result, nil
}

// compare tells whether two commits have the same pointers, and whether the first had any.
func compare(before, after *repository.Snapshot) (same, existed bool, err error) {
	same = true
	for _, path := range overlay.PointerPaths() {
		was, wasErr := before.Entry(path)
		is, isErr := after.Entry(path)
		for _, err := range []error{wasErr, isErr} {
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return false, false, err
			}
		}
		existed = existed || wasErr == nil
		same = same && was == is
	}
	return same, existed, nil
}

// changes gives the phases that after lists and before does not, and the other way round.
// A pointer that cannot be read lists none.
func changes(before, after *repository.Snapshot) (come, gone []string) {
	was, is := phases(before), phases(after)
	for _, phase := range is {
		if !slices.Contains(was, phase) {
			come = append(come, phase)
		}
	}
	for _, phase := range was {
		if !slices.Contains(is, phase) {
			gone = append(gone, phase)
		}
	}
	return come, gone
}

func phases(at *repository.Snapshot) []string {
	var ids []string
	for _, path := range overlay.PointerPaths() {
		content, err := at.ReadFile(path)
		if err != nil {
			continue
		}
		folders, err := overlay.ReadPointer(path, content)
		if err != nil {
			continue
		}
		for _, folder := range folders {
			ids = append(ids, overlay.PhaseRef{Folder: folder}.ID())
		}
	}
	return ids
}
