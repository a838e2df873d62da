package runbook_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"cutover/charts"
	"cutover/generator"
	"cutover/generator/finding"
	"cutover/generator/plan"
	"cutover/generator/release"
	"cutover/generator/runbook"
	"cutover/generator/workspace"
)

// read reads the freight example once: digests of its Secrets are slow by design.
var read = sync.OnceValues(func() (generator.Input, error) { return workspace.Load(context.Background(), freight, "") })

func planned(t testing.TB, dir string) (*plan.Plan, finding.List) {
	t.Helper()
	in, err := read()
	if dir != freight {
		in, err = workspace.Load(context.Background(), dir, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	p, findings, err := plan.New(in.Migration, in.Inventory)
	if err != nil {
		t.Fatal(err)
	}
	return p, findings
}

func write(t testing.TB, p *plan.Plan, findings finding.List) string {
	t.Helper()
	alerts, err := release.Alerts(charts.FS)
	if err != nil {
		t.Fatal(err)
	}
	content, err := runbook.Write(p, findings, alerts)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

const freight = "../../examples/freight"

func TestEveryAlertHasAHeadingThatItsLinkLeadsTo(t *testing.T) {
	p, findings := planned(t, freight)
	text := write(t, p, findings)
	alerts, err := release.Alerts(charts.FS)
	if err != nil || len(alerts) < 30 {
		t.Fatalf("the chart has %d alerts: %v", len(alerts), err)
	}
	for _, alert := range alerts {
		if n := strings.Count(text, "\n### "+alert.Name+"\n"); n != 1 {
			t.Errorf("%s has %d headings", alert.Name, n)
		}
		if alert.Severity == "" || !strings.Contains(text, alert.Summary) || !strings.Contains(text, "**Do:** "+alert.Action) || alert.Action == "" {
			t.Errorf("%+v is not told", alert)
		}
		if strings.ContainsAny(alert.Summary+alert.Description+alert.Action, "${}") {
			t.Errorf("%s has a variable left: %+v", alert.Name, alert)
		}
	}
}

func TestTheRunbookTellsEverythingThatMoves(t *testing.T) {
	p, findings := planned(t, freight)
	text := write(t, p, findings)
	var wanted []string
	for _, phase := range p.Phases {
		wanted = append(wanted, "| "+phase.ID()+" "+phase.Name+" |")
		for _, gate := range phase.Gates {
			wanted = append(wanted, "`"+gate.Name+"`")
		}
	}
	for _, phase := range p.Returns {
		wanted = append(wanted, "| "+phase.ID()+" "+phase.Name+" | "+string(phase.Side)+" |")
	}
	for _, topic := range p.Topics {
		wanted = append(wanted, "| `"+topic.Name+"` |")
	}
	for _, left := range p.Left {
		wanted = append(wanted, "| `"+left.Name+"` | "+left.Because+" |")
	}
	for _, user := range p.Users {
		wanted = append(wanted, "| `"+user.Name+"` |")
	}
	for _, w := range p.Workloads {
		wanted = append(wanted, "| "+w.Name+" | "+string(w.Tier)+" |")
	}
	for _, secret := range p.Secrets {
		wanted = append(wanted, "| `"+secret.Namespace+"/"+secret.Name+"` |")
	}
	for _, difference := range p.Kafka.Differences {
		wanted = append(wanted, "| `"+difference.Path+"` |")
	}
	for _, f := range findings {
		wanted = append(wanted, "| "+f.Rule+" |")
	}
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("it does not tell %q", want)
		}
	}
}

func TestTheRunbookNamesThePointOfNoReturnAndTheWayBack(t *testing.T) {
	p, findings := planned(t, freight)
	text := write(t, p, findings)
	for _, want := range []string{"**Phase 140 ingest-start is the point of no return**", "== point of no return ==> p140", "It begins at any phase whose way back is `sequence`", "`cutover diff --phase 280`", "never delete the Strimzi CRDs"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
}

func TestTheRunbookTellsWhatBecomesOfRecordsOnTheWayBack(t *testing.T) {
	const stays, mirrored = "What was written to the target since stays there", "A reverse mirror brings back what a batch wrote"
	p, findings := planned(t, freight)
	if text := write(t, p, findings); !strings.Contains(text, stays) || strings.Contains(text, mirrored) {
		t.Error("without a reverse mirror it does not say that the records stay")
	}
	m := *p.Migration
	m.Rollback.ReverseMirror = true
	p, findings, err := plan.New(&m, p.Inventory)
	if err != nil {
		t.Fatal(err)
	}
	text := write(t, p, findings)
	for _, want := range []string{mirrored, "KAFKA-13988", "never while the forward mirror runs", "| `freight-return-1` |", "`freight-return-2-offsets`", "`freight-streams/freight-return-2-source`"} {
		if !strings.Contains(text, want) {
			t.Errorf("with a reverse mirror it does not say %q", want)
		}
	}
	if strings.Contains(text, stays) {
		t.Error("with a reverse mirror it says that the records stay")
	}
}

var escapedBar = strings.NewReplacer(`\|`, "")

func TestEveryTableOfTheRunbookIsWellFormed(t *testing.T) {
	p, findings := planned(t, freight)
	p.Workloads[0].Name = `pipe|and "quotes"`
	p.Kafka.Differences = append(p.Kafka.Differences, plan.Difference{Path: "a|b", Source: "one\ntwo|three`four", Target: map[string]any{"x": "y|z"}, Reason: "because|of"})
	findings.Add(finding.Finding{Rule: "r", Severity: finding.Warning, Object: "a|b", Message: "one\ntwo", Hint: "a|b"})
	columns, rows := 0, 0
	for number, line := range strings.Split(write(t, p, findings), "\n") {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		bars := strings.Count(escapedBar.Replace(line), "|")
		if columns == 0 {
			columns = bars
		}
		if rows++; bars != columns || !strings.HasSuffix(line, "|") {
			t.Errorf("line %d has %d bars, its table %d: %s", number+1, bars, columns, line)
		}
	}
	if rows < 100 {
		t.Errorf("only %d rows", rows)
	}
}

var mermaid = regexp.MustCompile("(?s)```mermaid\n(.*?)```")

func TestThePicturesNameEveryNodeOnce(t *testing.T) {
	p, findings := planned(t, freight)
	pictures := mermaid.FindAllStringSubmatch(write(t, p, findings), -1)
	if len(pictures) != 2 {
		t.Fatalf("got %d pictures, want 2", len(pictures))
	}
	node := regexp.MustCompile(`(?m)^ +([pwt]\d+)[\[(]`)
	edge := regexp.MustCompile(`(?m)^ +([pwt]\d+) .*?> ([pwt]\d+)$`)
	for i, picture := range pictures {
		var nodes []string
		for _, match := range node.FindAllStringSubmatch(picture[1], -1) {
			if slices.Contains(nodes, match[1]) {
				t.Errorf("picture %d names %s twice", i, match[1])
			}
			nodes = append(nodes, match[1])
		}
		edges := edge.FindAllStringSubmatch(picture[1], -1)
		if len(edges) < 10 {
			t.Errorf("picture %d has only %d edges", i, len(edges))
		}
		for _, match := range edges {
			if !slices.Contains(nodes, match[1]) || !slices.Contains(nodes, match[2]) {
				t.Errorf("picture %d: %s joins what it does not name", i, match[0])
			}
		}
	}
}

func TestAPictureIsNotBrokenByANameWithQuotes(t *testing.T) {
	p, findings := planned(t, freight)
	p.Workloads[0].Name = "say \"hi\"\nthere"
	if text := write(t, p, findings); !strings.Contains(text, `w0["say #quot;hi#quot; there"]`) {
		t.Error("the label is not made safe")
	}
}

func TestOpenAndAcceptedFindingsAreToldApart(t *testing.T) {
	p, _ := planned(t, freight)
	text := write(t, p, finding.List{
		{Rule: "one", Severity: finding.Warning, Message: "m", Hint: "decide this"},
		{Rule: "two", Severity: finding.Warning, Message: "m", Hint: "hidden", Accepted: "it is empty"},
	})
	if !strings.Contains(text, "| warning | one |  | m | decide this |") || !strings.Contains(text, "| warning, accepted | two |  | m | accepted: it is empty |") {
		t.Errorf("got:\n%s", text[max(strings.Index(text, "## Findings"), 0):])
	}
	if text := write(t, p, nil); !strings.HasSuffix(text, "## Findings\n\nNone.\n") {
		t.Errorf("without findings it ends with %q", text[len(text)-40:])
	}
}

func TestAMigrationWithNothingButTheClusterHasARunbook(t *testing.T) {
	p, findings := planned(t, "../testdata/small")
	p.Workloads, p.Batches, p.Topics, p.Users, p.Left, p.Secrets = nil, nil, nil, nil, nil, nil
	text := write(t, p, findings)
	if !strings.Contains(text, "0 topics, 0 users and 0 workloads") || strings.Contains(text, "<no value>") || strings.Contains(text, "<nil>") {
		t.Errorf("got:\n%s", text)
	}
}

func TestTheRunbookIsTheSameEachTime(t *testing.T) {
	p, findings := planned(t, freight)
	first := write(t, p, findings)
	for range 3 {
		if again := write(t, p, findings); again != first {
			t.Fatal("it differs")
		}
	}
	if bytes.Contains([]byte(first), []byte("%!")) || strings.Contains(first, "<no value>") {
		t.Errorf("a value could not be written:\n%s", fmt.Sprint(first))
	}
}
