package gitops

import (
	"context"
	"fmt"
	"path/filepath"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

// Move is what is asked of a step.
type Move struct {
	// To is the phase expected to be in afterwards, "" for whichever it is.
	To string
	// Branch is made and checked out first, where it is not "".
	Branch string
	// Commit asks for a commit; without it the pointer alone is written.
	Commit bool
}

// Moved is a step that was taken.
type Moved struct {
	Step step.Step
	// Commit is the commit's name, "" if none was made.
	Commit string
	// File is the pointer that was written, as the user may name it.
	File string
	// Handover says why git itself made the commit.
	Handover []string
	// Open are the findings of the migration that nobody has answered yet.
	Open finding.List
}

// Advance takes the one step to the next phase. After an error the repository is as it was.
func Advance(ctx context.Context, p Place, move Move) (Moved, error) {
	c, err := p.check(ctx)
	if err != nil {
		return Moved{}, err
	}
	state := c.source.State()
	edge, ok := state.Next()
	if !ok {
		return Moved{}, noNext(state)
	}
	if move.To != "" && move.To != edge.To {
		return Moved{}, skipped(move.To, state, edge, "advance")
	}
	return p.take(ctx, c, edge, move)
}

func noNext(state step.State) error {
	if state.Returning() {
		return refuse("returning", fmt.Sprintf("the ordered rollback has begun (phase %s), and no forward phase may follow", state.At()),
			"go on with cutover rollback; a second attempt is a new migration, with empty topics on the target")
	}
	return refuse("at-the-end", fmt.Sprintf("phase %s is the last: the migration is done", state.At()), "nothing is left to advance to")
}

func skipped(to string, state step.State, edge step.Edge, command string) error {
	return refuse("skipped-phase", fmt.Sprintf("from phase %s the step leads to phase %s, not to %s", state.At(), edge.To, to),
		fmt.Sprintf("one phase at a time: cutover %s --to %s", command, edge.To))
}

func refuse(rule, message, hint string) finding.Finding {
	return finding.Finding{Rule: rule, Severity: finding.Error, Message: message, Hint: hint}
}

// Rollback takes the one step back: the last phase off before the point of no return, the
// next phase of the ordered rollback after it.
func Rollback(ctx context.Context, p Place, move Move) (Moved, error) {
	c, err := p.check(ctx)
	if err != nil {
		return Moved{}, err
	}
	state := c.source.State()
	edge, ok := state.Back()
	if !ok {
		return Moved{}, noWayBack(state)
	}
	if move.To != "" && move.To != edge.To {
		return Moved{}, skipped(move.To, state, edge, "rollback")
	}
	return p.take(ctx, c, edge, move)
}

func noWayBack(state step.State) error {
	switch {
	case state.At() == overlay.None:
		return refuse("at-the-start", "no phase has been reached: there is nothing to go back from", "cutover advance takes the first step")
	case state.Returning():
		return refuse("rolled-back", fmt.Sprintf("phase %s is the last of the ordered rollback: the migration is rolled back", state.At()), "a second attempt is a new migration, with empty topics on the target")
	}
	return refuse("no-way-back", fmt.Sprintf("past the point of no return the tree has no phases that lead back from %s", state.At()), "run cutover generate, which writes them, and commit the tree")
}

// take writes a step, and commits it where asked.
func (p Place) take(ctx context.Context, c *checked, edge step.Edge, move Move) (Moved, error) {
	made, err := c.source.Make(c.source.State(), edge)
	if err != nil {
		return Moved{}, err
	}
	change := repository.Change{Name: made.Path, Before: made.Before, After: made.After, Branch: move.Branch, Commit: move.Commit, Message: made.Message()}
	if move.Commit {
		if change.Settings, err = c.repository.Settings(p.Getenv, p.Now); err != nil {
			return Moved{}, err
		}
	}
	commit, err := c.repository.Apply(ctx, change)
	if err != nil {
		return Moved{}, err
	}
	moved := Moved{Step: made, File: filepath.Join(p.Dir, filepath.FromSlash(made.Path)), Handover: change.Settings.Handover, Open: c.open}
	if move.Commit {
		moved.Commit = commit.String()
	}
	return moved, nil
}
