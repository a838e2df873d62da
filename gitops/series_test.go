package gitops_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/invariant"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/generator/tree"
	"cutover/gitops"
	"cutover/gitops/audit"
	"cutover/gitops/edge"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

const branch = "phases"

// TestASeriesIsAReviewableHistory holds every commit of the example's whole history against
// what it says of itself, and then goes every way back from every one of them.
func TestASeriesIsAReviewableHistory(t *testing.T) {
	if testing.Short() {
		t.Skip("it walks the whole history of the example, which takes minutes under the race detector")
	}
	dir := begin(t, freight, "migrations/freight")
	chained, err := gitops.Series(context.Background(), placeAt(dir), branch)
	if err != nil {
		t.Fatal(err)
	}
	r := open(t, dir)
	head, err := r.Resolve("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	tip, err := r.Resolve(branch)
	if err != nil {
		t.Fatal(err)
	}
	line, err := r.Line(head, tip)
	if err != nil {
		t.Fatal(err)
	}
	all := forward(t, treeOf(t, freight))
	if len(line) != len(all) || len(chained.Links) != len(all) || len(all) < 20 {
		t.Fatalf("%d commits and %d links for %d phases", len(line), len(chained.Links), len(all))
	}
	if findings := invariant.Check(at(t, r, line[0].Hash), treeOf(t, freight)).Open(); len(findings) > 0 {
		t.Errorf("validate finds in the first commit %v", findings)
	}
	parent, streams := head, map[plan.Side][]byte{plan.Source: stream(t, at(t, r, head), plan.Source), plan.Target: stream(t, at(t, r, head), plan.Target)}
	for i, commit := range line {
		t.Run("commit of "+all[i].Folder, func(t *testing.T) { proveCommit(t, r, parent, commit, all[i], streams) })
		parent = commit.Hash
	}
	t.Run("the range passes check, which validates its head", func(t *testing.T) {
		commits, findings, err := gitops.Check(context.Background(), placeAt(dir), "HEAD", branch)
		if err != nil || len(findings) > 0 || len(commits) != len(line) {
			t.Errorf("%d commits, %v, %v", len(commits), findings, err)
		}
	})
	t.Run("the log tells of every step", func(t *testing.T) { proveLog(t, r, line) })
	t.Run("every way back", func(t *testing.T) { proveBack(t, r, line) })
	if clean, err := r.Clean(); err != nil || len(clean) > 0 {
		t.Errorf("the checkout was not touched, got %v %v", clean, err)
	}
}

// forward gives a tree's forward phases in order.
func forward(t *testing.T, files tree.Tree) []overlay.PhaseRef {
	t.Helper()
	repository, err := render.Open(withSum(files))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(repository.Phases), func(p overlay.PhaseRef) bool { return p.Gate.Returns })
}

func withSum(files tree.Tree) tree.Tree {
	whole := make(tree.Tree)
	for name, content := range files {
		whole[name] = content
	}
	whole[tree.SumFile] = files.Sum(overlay.PointerPaths()...).Marshal()
	return whole
}

// proveCommit holds a commit against its message. streams are those of its parent, and
// become its own. All that validate says beside holds, since nothing but a pointer changes.
func proveCommit(t *testing.T, r *repository.Repository, parent repository.Hash, commit repository.Commit, phase overlay.PhaseRef, streams map[plan.Side][]byte) {
	before, after := at(t, r, parent), at(t, r, commit.Hash)
	changed, err := after.Changed(before)
	pointer := overlay.PointerPath(phase.Side)
	if err != nil || !slices.Equal(changed, []string{pointer}) {
		t.Fatalf("it changes %v, want %s alone (%v)", changed, pointer, err)
	}
	was, is := read(t, before, pointer), read(t, after, pointer)
	if added, ok := strings.CutPrefix(is, was); !ok || added != "- ../../overlays/"+phase.Folder+"\n" {
		t.Errorf("the pointer gains %q", added)
	}
	said, err := step.Parse(commit.Message)
	if err != nil {
		t.Fatal(err)
	}
	if said.Migration != "freight" || said.Phase != phase.ID() || said.Cluster != phase.Side || said.Direction != step.Advance || len(said.Gates) != len(phase.Gate.Holds) {
		t.Errorf("the trailers say %+v", said.Trailers)
	}
	if want := "cutover(" + phase.ID() + "): "; !strings.HasPrefix(said.Subject, want) || !strings.HasSuffix(said.Subject, " on "+string(phase.Side)) {
		t.Errorf("subject %q", said.Subject)
	}
	if untouched := overlay.PointerPath(phase.Side.Other()); read(t, before, untouched) != read(t, after, untouched) {
		t.Errorf("%s changes too", untouched)
	}
	now := stream(t, after, phase.Side)
	all, err := render.Diff(streams[phase.Side], now)
	if err != nil {
		t.Fatal(err)
	}
	count := make(map[string]int)
	for _, d := range all {
		count[d.Change]++
	}
	if got := (step.Count{Added: count["added"], Changed: count["changed"], Removed: count["removed"]}); got != said.Count || len(all) == 0 {
		t.Errorf("the streams differ in %s, the message says %s", got, said.Count)
	}
	streams[phase.Side] = now
}

func at(t *testing.T, r *repository.Repository, commit repository.Hash) *repository.Snapshot {
	t.Helper()
	snapshot, err := r.At(commit)
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

func read(t *testing.T, files render.Files, name string) string {
	t.Helper()
	content, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func stream(t *testing.T, files render.Files, side plan.Side) []byte {
	t.Helper()
	opened, err := render.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	content, err := opened.Render(side, opened.Reached[side])
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func proveLog(t *testing.T, r *repository.Repository, line []repository.Commit) {
	tip := line[len(line)-1].Hash
	entries, err := audit.Log(r, tip, "freight")
	if err != nil || len(entries) != len(line) {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for i, entry := range entries {
		if commit := line[len(line)-1-i]; entry.Commit != commit.Hash.String() || entry.Problem != "" || !entry.When.Equal(noon) || entry.Author != "Ada <ada@example.com>" {
			t.Errorf("entry %d is %+v", i, entry)
		}
	}
	if other, err := audit.Log(r, tip, "another"); err != nil || len(other) != len(line) || other[0].Problem == "" {
		t.Errorf("for another migration the moves are known and their trailers are not: %v %v", other, err)
	}
}

// proveBack goes every way back from every commit. A revert must bring back the pointers to
// the letter; the ordered rollback must end with nothing forward. The longest ways are
// written as commits, and judged as CI would.
func proveBack(t *testing.T, r *repository.Repository, line []repository.Commit) {
	kinds := make(map[step.Direction]int)
	var shared *step.Source
	for i, commit := range line {
		source, err := step.Open(at(t, r, commit.Hash))
		if shared != nil {
			source, err = shared.Follow(at(t, r, commit.Hash))
		}
		if err != nil {
			t.Fatal(err)
		}
		shared = source
		state := source.State()
		last, _ := state.Last()
		back, ok := state.Back()
		if !ok || (back.Direction == step.Revert) != (last.Gate.Back.Kind == plan.RevertBack) {
			t.Fatalf("from phase %s, which declares %s, the way back is %+v", last.ID(), last.Gate.Back.Kind, back)
		}
		kinds[back.Direction]++
		if made, err := source.Make(state, back); err != nil {
			t.Fatal(err)
		} else if back.Direction == step.Revert && string(made.After) != read(t, at(t, r, line[i].Parents[0]), made.Path) {
			t.Errorf("the revert of %s does not bring back its pointer", last.ID())
		}
		next, forward := state.Next()
		if !forward || (kinds[step.Return] == 0 && next.Phase.Gate.Back.Kind == plan.SequenceBack) {
			judgeBack(t, r, source, commit.Hash)
		}
	}
	if kinds[step.Revert] < 14 || kinds[step.Return] < 4 {
		t.Errorf("the example has both kinds of ways back, got %v", kinds)
	}
}

// judgeBack goes back from a commit as far as it goes, each step a commit.
func judgeBack(t *testing.T, r *repository.Repository, source *step.Source, commit repository.Hash) {
	state := source.State()
	chain, err := r.Chain("back-from-"+state.At(), commit)
	if err != nil {
		t.Fatal(err)
	}
	who := repository.Signature{Name: "Ada", Email: "ada@example.com", When: noon}
	tip, steps := commit, 0
	for back, ok := state.Back(); ok; back, ok = state.Back() {
		made, err := source.Make(state, back)
		if err != nil {
			t.Fatal(err)
		}
		tip, err = chain.Add(context.Background(), repository.Change{Name: made.Path, After: made.After, Message: made.Message(), Settings: repository.Settings{Author: who, Committer: who}})
		if err != nil {
			t.Fatal(err)
		}
		state, steps = state.Take(back), steps+1
		if _, forward := state.Next(); forward && back.Direction == step.Return {
			t.Errorf("a forward phase may follow %s of the rollback", back.To)
		}
	}
	t.Logf("%d steps back from %s to %s", steps, commit.String()[:10], state.At())
	if end := state.At(); end != overlay.None && !state.Returning() {
		t.Errorf("the way back ends in phase %s", end)
	}
	same := func(ctx context.Context, _ *repository.Snapshot) (tree.Tree, error) {
		return treeOf(t, freight), ctx.Err()
	}
	if commits, findings, err := edge.Check(context.Background(), r, commit, tip, same); err != nil || len(findings) > 0 || len(commits) != steps {
		t.Errorf("check: %d commits of %d, %v, %v", len(commits), steps, findings, err)
	}
}

func TestASeriesNeedsABranchOfItsOwn(t *testing.T) {
	dir := begin(t, small, "")
	_, err := gitops.Series(context.Background(), placeAt(dir), "main")
	if found := finding.From(err); len(found) != 1 || found[0].Rule != "branch-exists" {
		t.Error(err)
	}
	for _, name := range []string{"-x", "a..b", "a b", "x.lock"} {
		_, err := gitops.Series(context.Background(), placeAt(dir), name)
		if found := finding.From(err); len(found) != 1 || found[0].Rule != "branch-name" {
			t.Error(fmt.Sprintf("branch %q:", name), err)
		}
	}
}
