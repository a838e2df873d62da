package step_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/gitops/step"
)

// phase makes a phase: "100 source revert", and "180 target none returns" for one of the
// ordered rollback.
func phase(text string) overlay.PhaseRef {
	words := strings.Fields(text)
	ref := overlay.PhaseRef{Folder: words[0] + "-name", Side: plan.Side(words[1])}
	ref.Gate = overlay.Gate{Phase: words[0], Name: "name", Cluster: ref.Side, Back: plan.Back{Kind: words[2]}, PastReturn: words[2] == plan.SequenceBack, Returns: len(words) > 3}
	return ref
}

func phases() []overlay.PhaseRef {
	var all []overlay.PhaseRef
	for _, text := range []string{
		"000 source revert", "090 target revert",
		"100 source revert", "140 target sequence", "170 target sequence",
		"200 source revert", "240 target sequence", "900 target revert",
		"180 target none returns", "186 source none returns", "280 target none returns", "286 source none returns",
	} {
		all = append(all, phase(text))
	}
	return all
}

// taken gives the state in which the phases of these numbers are reached.
func taken(t *testing.T, ids string) step.State {
	t.Helper()
	reached := make(map[plan.Side][]string)
	for _, id := range strings.Fields(ids) {
		i := slices.IndexFunc(phases(), func(p overlay.PhaseRef) bool { return p.ID() == id })
		p := phases()[i]
		reached[p.Side] = append(reached[p.Side], p.Folder)
	}
	return step.New(phases(), reached)
}

const all = "000 090 100 140 170 200 240 900"

func upTo(id string) string { before, _, _ := strings.Cut(all, id); return before + id }

func TestEveryStateHasItsEdges(t *testing.T) {
	tests := map[string]struct{ reached, at, next, back, returns string }{
		"at the start":                         {"", "none", "advance 000", "", ""},
		"in the first phase":                   {"000", "000", "advance 090", "revert none", ""},
		"before the point of no return":        {upTo("100"), "100", "advance 140", "revert 090", ""},
		"past it":                              {upTo("140"), "140", "advance 170", "return 180", "return 180"},
		"at the end of a batch":                {upTo("170"), "170", "advance 200", "return 180", "return 180"},
		"in the next batch, before its own":    {upTo("200"), "200", "advance 240", "revert 170", ""},
		"past the next batch's":                {upTo("240"), "240", "advance 900", "return 280", "return 280"},
		"at the end":                           {all, "900", "", "revert 240", ""},
		"in the rollback of the last batch":    {upTo("240") + " 280", "280", "", "return 286", "return 286"},
		"at its end, the batch before follows": {upTo("240") + " 280 286", "286", "", "return 180", "return 180"},
		"in the rollback of the first batch":   {upTo("170") + " 180", "180", "", "return 186", "return 186"},
		"rolled back whole":                    {upTo("240") + " 280 286 180 186", "186", "", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := taken(t, test.reached)
			for _, asked := range []struct {
				what string
				edge func() (step.Edge, bool)
				want string
			}{{"next", s.Next, test.next}, {"back", s.Back, test.back}, {"return", s.Return, test.returns}} {
				edge, ok := asked.edge()
				got := strings.TrimSpace(string(edge.Direction) + " " + edge.To)
				if got != asked.want || ok != (asked.want != "") || (ok && edge.From != s.At()) {
					t.Errorf("%s: got %q from %q, want %q", asked.what, got, edge.From, asked.want)
				}
				if ok && s.Take(edge).At() != edge.To {
					t.Errorf("%s leads to %s, not to %s", asked.what, s.Take(edge).At(), edge.To)
				}
			}
			if s.At() != test.at || s.Returning() != strings.Contains(test.reached, "80") {
				t.Errorf("at %s, returning %t", s.At(), s.Returning())
			}
		})
	}
}

func TestTakingAnEdgeLeavesTheStateAlone(t *testing.T) {
	s := taken(t, upTo("100"))
	next, _ := s.Next()
	back, _ := s.Back()
	forward, reverted := s.Take(next), s.Take(back)
	if s.At() != "100" || forward.At() != "140" || reverted.At() != "090" || s.On(plan.Target) != "090" || reverted.On(plan.Source) != "000" {
		t.Errorf("%s %s %s", s.At(), forward.At(), reverted.At())
	}
	var to []string
	for _, edge := range s.Remaining() {
		to = append(to, edge.To)
	}
	if got := strings.Join(to, " "); got != "140 170 200 240 900" {
		t.Errorf("remaining: %s", got)
	}
}

func TestAPhaseIsShownFromTheStateBeforeIt(t *testing.T) {
	tests := map[string]struct{ reached, phase, from string }{
		"one ahead":                            {"000", "200", "170"},
		"one behind":                           {all, "090", "000"},
		"the first":                            {all, "000", "none"},
		"a return, as after its whole batch":   {"000", "180", "170"},
		"a return from where the migration is": {upTo("140"), "180", "140"},
		"one after another batch's":            {upTo("240"), "180", "286"},
		"one of a rollback that has begun":     {upTo("140") + " 180", "186", "180"},
		"one of a rollback behind":             {upTo("140") + " 180 186", "186", "180"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before, edge, ok := taken(t, test.reached).Before(test.phase)
			if !ok || edge.To != test.phase || edge.From != test.from || before.At() != test.from {
				t.Errorf("got %+v from %s, %t", edge, before.At(), ok)
			}
		})
	}
	if _, _, ok := taken(t, all).Before("555"); ok {
		t.Error("phase 555 is none")
	}
}

func made() step.Step {
	p := phase("100 source revert")
	p.Gate.Name, p.Gate.Batch, p.Gate.Step = "ingest-stop", "one", "the ingestion valve closes"
	p.Gate.Holds = []plan.Gate{{Name: "mirror-running", Side: plan.Target, Asks: "do all connectors and tasks run, with lag within bound, and have they done so for an hour?"}}
	p.Gate.Back.Text = "the workloads start again"
	return step.Step{
		Edge: step.Edge{Direction: step.Advance, Phase: p, From: "090", To: "100"}, Migration: "freight", Inventory: "sha256:00",
		Differences: []render.Difference{
			{Object: overlay.Object{Kind: "Deployment", Name: "b"}, Change: "changed"}, {Object: overlay.Object{Kind: "ConfigMap", Name: "a"}, Change: "changed"},
			{Object: overlay.Object{Kind: "ConfigMap", Name: "new"}, Change: "added"}, {Object: overlay.Object{Kind: "Service", Name: "old"}, Change: "removed"},
		},
	}
}

const message = `cutover(100): close ingestion of batch one on source

The ingestion valve closes.

Changes on source: 1 added, 2 changed, 1 removed
  1 ConfigMap added
  1 ConfigMap changed
  1 Deployment changed
  1 Service removed
Nothing changes on target.

Must hold before:
- mirror-running on target: do all connectors and tasks run, with lag
  within bound, and have they done so for an hour?

Way back: take this commit back (cutover rollback --to 090 --commit);
the workloads start again.

Cutover-Migration: freight
Cutover-Phase: 100
Cutover-From: 090
Cutover-Cluster: source
Cutover-Gate: mirror-running on target
Cutover-Inventory: sha256:00
Cutover-Direction: advance
`

func TestAMessageTellsTheStep(t *testing.T) {
	if got := made().Message(); got != message {
		t.Errorf("got\n%s", got)
	}
	for name, text := range map[string]string{
		"as written": message, "with CR LF": strings.ReplaceAll(message, "\n", "\r\n"),
		"signed off": message + "Signed-off-by: Ada <ada@example.com>\n", "with a note below": message + "\nReviewed by all.\n",
	} {
		said, err := step.Parse(strings.ReplaceAll(text, "\r", ""))
		if err != nil {
			t.Fatal(name, err)
		}
		if want := made().Trailers(); !slices.Equal(said.Gates, want.Gates) || said.Phase != want.Phase || said.From != want.From || said.Inventory != want.Inventory || said.Count != made().Count() {
			t.Errorf("%s: %+v", name, said)
		}
	}
}

func TestARevertTellsWhereItLeads(t *testing.T) {
	s := made()
	s.Direction, s.From, s.To = step.Revert, "100", "090"
	text := s.Message()
	for _, want := range []string{"cutover(100): take back: close ingestion of batch one on source\n", "Cutover-Phase: 090\nCutover-From: 100\n", "Cutover-Gate: none\n", "Way back: advance to 100 again."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if said, err := step.Parse(text); err != nil || len(said.Gates) != 0 || said.Direction != step.Revert {
		t.Error(said, err)
	}
}

func TestAMessageThatTellsNoStepIsRefused(t *testing.T) {
	tests := map[string]string{
		"one without trailers":  "fix a typo\n",
		"one without a phase":   strings.Replace(message, "Cutover-Phase: 100\n", "", 1),
		"a squash of two steps": message + "\n" + message,
		"one without counts":    strings.Replace(message, "Changes on", "Objects on", 1),
		"one with huge counts":  strings.Replace(message, "2 changed", "99999999999999999999999 changed", 1),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			if said, err := step.Parse(text); err == nil {
				t.Errorf("got %+v", said)
			}
		})
	}
	if step.Is("fix\n\nCutover: x\n") || !step.Is("x\n\nCutover-Phase: 100") {
		t.Error("trailers are told from other text")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(message)
	f.Add("Cutover-Phase: \n\nCutover-Gate: none")
	f.Fuzz(func(t *testing.T, text string) {
		said, err := step.Parse(text)
		if err != nil {
			return
		}
		if !step.Is(text) || said.Count.Added < 0 || slices.Contains(said.Gates, overlay.None) {
			t.Errorf("%q was read as %+v", text, said)
		}
	})
}
