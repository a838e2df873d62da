package pull_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/gitops/pull"
	"cutover/gitops/step"
)

func phase(back string, past bool) overlay.PhaseRef {
	return overlay.PhaseRef{Folder: "140-ingest-start", Side: plan.Target, Gate: overlay.Gate{
		Phase: "140", Name: "ingest-start", Cluster: plan.Target, Step: "tier ingest comes up", PastReturn: past,
		Holds: []plan.Gate{{Name: "drained", Side: plan.Source, Asks: "is lag 0?", Groups: []string{"billing"}}},
		Back:  plan.Back{Kind: back, Text: "close ingestion"},
	}}
}

func made(phase overlay.PhaseRef, differences ...render.Difference) step.Step {
	return step.Step{Edge: step.Edge{Direction: step.Advance, Phase: phase, From: "130", To: "140"}, Migration: "freight", Inventory: "sha256:00",
		Path: overlay.PointerPath(plan.Target), Differences: differences}
}

func difference(name, change, text string) render.Difference {
	return render.Difference{Object: overlay.Object{Kind: "Deployment", Namespace: "shop", Name: name}, Change: change, Text: text}
}

func text(t *testing.T, s step.Step) string {
	t.Helper()
	written, err := pull.Text(step.State{}, s)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

func TestTheTextTellsAReviewerEverything(t *testing.T) {
	got := text(t, made(phase(plan.SequenceBack, true), difference("a", "changed", "-replicas: 0\n+replicas: 2\n"), difference("old", "removed", "-old\n")))
	for name, want := range map[string]string{
		"the title":             "# cutover(140): open ingestion on target\n",
		"the banner":            "> [!CAUTION]\n> This is the point of no return",
		"who moves":             "**target**; nothing changes on source",
		"the gate":              "- [ ] **drained** on source: is lag 0? Groups: billing.\n",
		"its proof":             "--describe --group billing`",
		"the blast radius":      "0 added, 1 changed, 1 removed on target",
		"what is deleted":       "- `Deployment shop/old`\n",
		"the way back":          "The ordered rollback (cutover rollback), never a plain revert: close ingestion.",
		"the diff, folded":      "<details><summary>",
		"the diff of an object": "```diff\n-replicas: 0\n+replicas: 2\n-old\n```\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing: %q in\n%s", name, want, got)
		}
	}
}

func TestBeforeThePointOfNoReturnThereIsNoBanner(t *testing.T) {
	got := text(t, made(phase(plan.RevertBack, false), difference("a", "changed", "+x\n")))
	if strings.Contains(got, "CAUTION") || !strings.Contains(got, "Nothing is deleted.") || !strings.Contains(got, "Take this commit back (cutover rollback --to 130 --commit)") {
		t.Error(got)
	}
}

func TestTheTextFitsIntoAPullRequest(t *testing.T) {
	var many []render.Difference
	for i := range 3000 {
		many = append(many, difference(fmt.Sprint("topic-", i), "added", strings.Repeat("+é\n", 20)))
	}
	got := text(t, made(phase(plan.RevertBack, false), many...))
	if n := utf8.RuneCountInString(got); n > pull.Limit || n < pull.Limit-200 {
		t.Errorf("%d characters", n)
	}
	if !strings.Contains(got, "of 3000 objects are left out") || !strings.Contains(got, "cutover diff --phase 140") || !strings.HasSuffix(got, "</details>\n") {
		t.Error(got[len(got)-400:])
	}
}

func TestARemovalOfThousandsStillFits(t *testing.T) {
	var many []render.Difference
	for i := range 20000 {
		many = append(many, difference(fmt.Sprint("topic-", i), "removed", "-x\n"))
	}
	got := text(t, made(phase(plan.RevertBack, false), many...))
	if n := utf8.RuneCountInString(got); n > pull.Limit || !strings.Contains(got, "20000 Deployment removed") {
		t.Errorf("%d characters", n)
	}
}

func TestAFenceInTheDiffDoesNotEndIt(t *testing.T) {
	got := text(t, made(phase(plan.RevertBack, false), difference("a", "changed", "+```\n+````\n")))
	if !strings.Contains(got, "`````diff\n+```\n+````\n`````\n") {
		t.Error(got)
	}
}
