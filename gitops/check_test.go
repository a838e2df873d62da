package gitops_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/tree"
	"cutover/gitops"
	"cutover/gitops/audit"
	"cutover/gitops/edge"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

// history is a repository that grows by hand, as people grow one.
type history struct {
	t   *testing.T
	dir string
	git *git.Repository
}

func newHistory(t *testing.T) *history {
	t.Helper()
	dir := begin(t, small, "")
	opened, err := git.PlainOpen(dir)
	if err != nil {
		t.Fatal(err)
	}
	return &history{t, dir, opened}
}

func (h *history) read(name string) string {
	h.t.Helper()
	content, err := os.ReadFile(filepath.Join(h.dir, name))
	if err != nil {
		h.t.Fatal(err)
	}
	return string(content)
}

func (h *history) write(name, content string) {
	h.t.Helper()
	if err := os.WriteFile(filepath.Join(h.dir, name), []byte(content), 0o644); err != nil {
		h.t.Fatal(err)
	}
}

// commit commits everything as it lies there.
func (h *history) commit(message string, parents ...plumbing.Hash) plumbing.Hash {
	h.t.Helper()
	checkout, err := h.git.Worktree()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := checkout.AddWithOptions(&git.AddOptions{All: true}); err != nil {
		h.t.Fatal(err)
	}
	who := &object.Signature{Name: "Ada", Email: "ada@example.com", When: noon}
	hash, err := checkout.Commit(message, &git.CommitOptions{Author: who, Committer: who, Parents: parents, AllowEmptyCommits: true})
	if err != nil {
		h.t.Fatal(err)
	}
	return hash
}

func (h *history) source() *step.Source {
	h.t.Helper()
	folder, err := tree.Open(h.dir)
	if err != nil {
		h.t.Fatal(err)
	}
	source, err := step.Open(folder)
	if err != nil {
		h.t.Fatal(err)
	}
	return source
}

// advance writes the next step, and gives its message; the commit is the caller's.
func (h *history) advance() string {
	h.t.Helper()
	source := h.source()
	state := source.State()
	next, _ := state.Next()
	made, err := source.Make(state, next)
	if err != nil {
		h.t.Fatal(err)
	}
	h.write(made.Path, string(made.After))
	return made.Message()
}

func (h *history) head() plumbing.Hash {
	h.t.Helper()
	head, err := h.git.Head()
	if err != nil {
		h.t.Fatal(err)
	}
	return head.Hash()
}

var target, source = overlay.PointerPath(plan.Target), overlay.PointerPath(plan.Source)

func TestCheckTellsWhatIsWrongWithARange(t *testing.T) {
	tests := map[string]struct {
		grow  func(h *history)
		rules []string
	}{
		"nothing: two steps":                {func(h *history) { h.commit(h.advance()); h.commit(h.advance()) }, nil},
		"nothing: a commit that is no step": {func(h *history) { h.write("NOTES", "ours\n"); h.commit("notes") }, nil},
		"a skipped phase": {func(h *history) {
			h.advance()
			h.commit(h.advance())
		}, []string{"not-an-edge"}},
		"a step with other trailers": {func(h *history) { h.commit(strings.Replace(h.advance(), "Cutover-Phase: ", "Cutover-Phase: 9", 1)) }, []string{"commit-message"}},
		"a step with another count":  {func(h *history) { h.commit(strings.Replace(h.advance(), " added, ", "0 added, ", 1)) }, []string{"commit-message"}},
		"a step without trailers":    {func(h *history) { h.advance(); h.commit("onwards") }, []string{"commit-message"}},
		"a plain revert without trailers": {func(h *history) {
			was := h.read(source)
			h.commit(h.advance())
			h.write(source, was)
			h.commit("Revert \"onwards\"")
		}, []string{"commit-message"}},
		"a step that changes more than its line": {func(h *history) {
			message := h.advance()
			h.write(source, strings.Replace(h.read(source), "The state", "the state", 1))
			h.commit(message)
		}, []string{"one-line"}},
		"a step with something else": {func(h *history) {
			message := h.advance()
			h.write("NOTES", "by the way\n")
			h.commit(message)
		}, []string{"mixed"}},
		"both pointers at once": {func(h *history) {
			for range 3 {
				h.advance()
			}
			h.commit("a leap")
		}, []string{"mixed"}},
		"a message that tells of no step": {func(h *history) {
			message := h.advance()
			h.write(source, string(overlay.NewPointer(plan.Source)))
			h.commit(message)
		}, []string{"no-step"}},
		"a phase out of order": {func(h *history) {
			h.write(target, h.read(target)+"- ../../overlays/030-target-kafka\n")
			h.commit("early")
		}, []string{"phase-order"}},
		"a pointer that is cut short": {func(h *history) { h.write(target, "kind: Kustomization\n"); h.commit("oops") }, []string{"pointer"}},
		"a generated file edited by hand": {func(h *history) {
			h.write("releases/target-kafka/values.yaml", h.read("releases/target-kafka/values.yaml")+"# mine\n")
			h.commit("tune")
		}, []string{"stale"}},
		"one edited and taken back": {func(h *history) {
			was := h.read("README.md")
			h.write("README.md", "mine\n")
			h.commit("mine")
			h.write("README.md", was)
			h.commit("theirs")
		}, []string{"stale"}},
		"a generated file that is gone": {func(h *history) {
			os.Remove(filepath.Join(h.dir, "releases/target-kafka/values.yaml"))
			h.commit("tidy")
		}, []string{"file-missing"}},
		"a phase of somebody's own": {func(h *history) {
			os.MkdirAll(filepath.Join(h.dir, "overlays/035-mine"), 0o755)
			h.write("overlays/035-mine/gate.yaml", "x: 1\n")
			h.commit("mine")
		}, []string{"stray"}},
		"a merge": {func(h *history) {
			base := h.head()
			side := h.commit("side", base)
			h.commit("merge", base, side)
		}, []string{"merge-commit"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHistory(t)
			base := h.head()
			test.grow(h)
			same := func(context.Context, *repository.Snapshot) (tree.Tree, error) { return treeOf(t, small), nil }
			_, findings, err := edge.Check(context.Background(), open(t, h.dir), base, h.head(), same)
			if err != nil {
				t.Fatal(err)
			}
			var rules []string
			for _, f := range findings {
				rules = append(rules, f.Rule)
				if f.Hint == "" || !strings.HasPrefix(f.Object, "commit ") {
					t.Errorf("%+v names no commit or no way on", f)
				}
			}
			for _, rule := range test.rules {
				if !slices.Contains(rules, rule) {
					t.Errorf("got %v, want %s", findings, rule)
				}
			}
			if len(test.rules) == 0 && len(rules) > 0 {
				t.Errorf("got %v, want none", findings)
			}
		})
	}
}

func TestCheckNeedsItsBase(t *testing.T) {
	h := newHistory(t)
	_, _, err := checkRange(h, "nowhere", "HEAD")
	if found := finding.From(err); len(found) != 1 || found[0].Rule != "unknown-revision" || found[0].Hint == "" {
		t.Error(err)
	}
}

func checkRange(h *history, base, head string) ([]edge.Commit, finding.List, error) {
	return gitops.Check(context.Background(), placeAt(h.dir), base, head)
}

// TestTheLogBelievesNobody reads a history in which some commits do not do what they say.
func TestTheLogBelievesNobody(t *testing.T) {
	h := newHistory(t)
	h.commit(h.advance())
	h.advance()
	h.commit("no trailers")
	h.commit(strings.Replace(h.advance(), "Cutover-Phase: ", "Cutover-Phase: 9", 1))
	message := h.advance()
	h.commit(message)
	h.commit(message)
	h.write("NOTES", "x\n")
	h.commit("no step at all")
	squashed := h.advance()
	h.commit(squashed + "\n" + squashed)
	entries, err := audit.Log(open(t, h.dir), h.head(), "yard")
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(entries)
	want := []string{"", "no trailers tell", "the pointers gained", "", "no pointer changed", "several steps"}
	if len(entries) != len(want) {
		t.Fatalf("%d entries: %+v", len(entries), entries)
	}
	for i, entry := range entries {
		if (want[i] == "") != (entry.Problem == "") || !strings.Contains(entry.Problem, want[i]) {
			t.Errorf("entry %d: %q, want %q", i, entry.Problem, want[i])
		}
	}
}
