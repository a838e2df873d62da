package edge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

// step judges a commit that changes a pointer: it must be one edge, written in one line,
// and its message must tell the same.
func (j *judge) step(commit repository.Commit, before, after *repository.Snapshot, one *Commit) {
	from, err := j.last, error(nil)
	if from == nil || j.lastHash != commit.Parents[0] {
		from, err = step.Open(before)
	}
	if err != nil {
		j.broken(commit.Hash, "before it", err)
		return
	}
	to, err := from.Follow(after)
	if err != nil {
		j.broken(commit.Hash, "", err)
		return
	}
	state := from.State()
	edge, ok := between(state, to.State())
	if !ok {
		j.refuse(commit.Hash, "not-an-edge", "", fmt.Sprintf("no edge leads from phase %s to phase %s", state.At(), to.State().At()), allowed(state))
		return
	}
	one.Edge, one.Phase, one.From, one.Cluster = edge.Direction, edge.Phase.ID(), edge.From, edge.Phase.Side
	made, err := from.Make(state, edge)
	if err != nil {
		j.broken(commit.Hash, "", err)
		return
	}
	count := made.Count()
	one.Count = &count
	if content, err := after.ReadFile(made.Path); err != nil || !bytes.Equal(content, made.After) {
		j.refuse(commit.Hash, "one-line", made.Path, "the step changes more than its one line", "write it with cutover advance --commit, or cutover rollback --commit")
	}
	j.message(commit, made)
	j.last, j.lastHash = to, commit.Hash
}

func (j *judge) broken(commit repository.Hash, when string, err error) {
	j.add(commit, finding.FromOr(err, finding.Finding{Rule: "broken-tree", Severity: finding.Error, File: when, Hint: "run cutover validate on this commit"})...)
}

// between finds the edge that leads from one state to another.
func between(from, to step.State) (step.Edge, bool) {
	for _, try := range []func() (step.Edge, bool){from.Next, from.Return, from.Revert} {
		edge, ok := try()
		if !ok {
			continue
		}
		reached := from.Take(edge)
		if slices.Equal(reached.Folders(plan.Source), to.Folders(plan.Source)) && slices.Equal(reached.Folders(plan.Target), to.Folders(plan.Target)) {
			return edge, true
		}
	}
	return step.Edge{}, false
}

// allowed says which edges there are.
func allowed(from step.State) string {
	var ways []string
	if edge, ok := from.Next(); ok {
		ways = append(ways, "advance to "+edge.To)
	}
	if edge, ok := from.Revert(); ok {
		ways = append(ways, "go back to "+edge.To)
	}
	if edge, ok := from.Return(); ok {
		ways = append(ways, "roll back to "+edge.To)
	}
	if len(ways) == 0 {
		return "from " + from.At() + " no edge leads on"
	}
	return "one commit, one edge: from " + from.At() + " " + strings.Join(ways, ", or ")
}

// message compares what the commit says with what it does.
func (j *judge) message(commit repository.Commit, made step.Step) {
	said, err := step.Parse(commit.Message)
	if err != nil {
		j.add(commit.Hash, finding.From(err)...)
		return
	}
	want := made.Trailers()
	for _, field := range []struct{ name, said, is string }{
		{"Cutover-Migration", said.Migration, want.Migration},
		{"Cutover-Phase", said.Phase, want.Phase},
		{"Cutover-From", said.From, want.From},
		{"Cutover-Cluster", string(said.Cluster), string(want.Cluster)},
		{"Cutover-Gate", gates(said), gates(step.Message{Trailers: want})},
		{"Cutover-Inventory", said.Inventory, want.Inventory},
		{"Cutover-Direction", string(said.Direction), string(want.Direction)},
		{"objects", said.Count.String(), made.Count().String()},
	} {
		if field.said != field.is {
			j.refuse(commit.Hash, "commit-message", "", fmt.Sprintf("the message says %s: %s, and it is %s", field.name, field.said, field.is), "let cutover write the commit again, on top of its parent")
		}
	}
}

func gates(m step.Message) string {
	if len(m.Gates) == 0 {
		return overlay.None
	}
	return strings.Join(m.Gates, ", ")
}
