package parity_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cutover/generator/inventory"
	"cutover/generator/parity"
	"cutover/generator/plan"
	"cutover/generator/workspace"
)

var update = flag.Bool("update", false, "write the golden files anew")

// renderings are the forms of a report, by the name of their golden file.
func renderings() map[string]func(parity.Report, bool) ([]byte, error) {
	return map[string]func(parity.Report, bool) ([]byte, error){
		"txt": parity.Report.Table, "json": parity.Report.JSON, "md": parity.Report.Markdown,
	}
}

func TestReportsAreAsTheGoldenFilesSay(t *testing.T) {
	for _, c := range []struct {
		name   string
		all    bool
		report func(t testing.TB) parity.Report
	}{
		{"freight", false, freight},
		{"depot", false, depot},
		{"depot-all", true, depot},
	} {
		report := c.report(t)
		for extension, render := range renderings() {
			t.Run(c.name+"."+extension, func(t *testing.T) {
				got, err := render(report, c.all)
				if err != nil {
					t.Fatal(err)
				}
				golden(t, c.name+"."+extension, got)
			})
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the report says (%v): go test ./generator/parity -update", path, err)
	}
}

// freight is the parity of the example that the README runs.
func freight(t testing.TB) parity.Report {
	t.Helper()
	dir := filepath.Join("..", "..", "examples", "freight")
	input, err := workspace.Load(t.Context(), dir, dir)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := plan.New(input.Migration, input.Inventory)
	if err != nil {
		t.Fatal(err)
	}
	return parity.Compare(p)
}

// depot has a difference of every kind, and one that nobody asked for: its plan forgets a pin.
func depot(t testing.TB) parity.Report {
	t.Helper()
	s := source{
		kafka: "2.4.0", config: map[string]string{"log.retention.hours": "72"}, dynamic: map[string]string{"log.cleaner.threads": "2"},
		topics: []inventory.Topic{topic("__consumer_offsets"), topic("arrivals", "message.format.version", "2.3"), topic("moves", "retention.ms", "1000")},
		users:  []inventory.User{user("billing", allow("Read", "moves")), user("load-test")},
	}
	return parity.Compare(unpin(t, decide(t, s, `  kafka: {kafka: {config: {log.retention.hours: 48}}}
topics: {overrides: [{name: moves, replicas: 2, config: {max.message.bytes: 2000000}}]}
users: {exclude: [load-test], overrides: [{name: billing, spec: {quotas: {producerByteRate: 1048576}}}]}
`)))
}

func TestFreightHasNothingThatNobodyAskedFor(t *testing.T) {
	report := freight(t)
	if got := unintended(report); len(got) > 0 {
		t.Errorf("got %v", got)
	}
	if len(report.Findings()) > 0 {
		t.Errorf("got %v", report.Findings())
	}
}

func TestCountsAreOfAllRows(t *testing.T) {
	report := depot(t)
	compared, different, notIntended := 0, 0, 0
	for _, count := range report.Counts() {
		compared, different, notIntended = compared+count.Compared, different+count.Different, notIntended+count.NotIntended
	}
	if compared != len(report.Rows) || different != len(report.Differences()) || notIntended != len(unintended(report)) {
		t.Errorf("got %d, %d and %d of %d rows", compared, different, notIntended, len(report.Rows))
	}
	if notIntended == 0 {
		t.Error("the example shows no difference that nobody asked for")
	}
}

func TestJSONTellsNothingFromEmptyText(t *testing.T) {
	p := decide(t, source{topics: []inventory.Topic{topic("orders", "follower.replication.throttled.replicas", "")}}, "")
	delete(p.Topics[0].Config, "follower.replication.throttled.replicas")
	content, err := parity.Compare(p).JSON(false)
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ Rows []map[string]any }
	if err := json.Unmarshal(content, &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Rows) != 1 || report.Rows[0]["source"] != "" || report.Rows[0]["target"] != nil || report.Rows[0]["equal"] != false || report.Rows[0]["intended"] != false {
		t.Errorf("got %v", report.Rows)
	}
}

func TestValuesOfAClusterDoNotBreakTheReport(t *testing.T) {
	hostile := "a|b\tc\nd\x1b[31m`" + strings.Repeat("e", 100)
	p := decide(t, source{topics: []inventory.Topic{topic("orders", "x", hostile)}}, "")
	delete(p.Topics[0].Config, "x")
	report := parity.Compare(p)
	for name, render := range renderings() {
		content, err := render(report, false)
		if err != nil {
			t.Fatal(err)
		}
		if name == "json" {
			continue
		}
		if bytes.ContainsAny(content, "\x1b\t") {
			t.Errorf("%s: a control character came through", name)
		}
		lines := 0
		for line := range strings.Lines(string(content)) {
			if strings.Contains(line, "orders") {
				lines++
			}
		}
		if lines != 1 {
			t.Errorf("%s: the row has %d lines", name, lines)
		}
	}
	markdown, err := report.Markdown(false)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(markdown), `a\|b c d [31m'`) {
		t.Errorf("got %s", markdown)
	}
}

func TestFindingsNameWhatDiffersAlikeOnce(t *testing.T) {
	s := source{kafka: "2.4.0"}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		s.topics = append(s.topics, topic(name))
	}
	findings := parity.Compare(unpin(t, decide(t, s, ""))).Findings()
	if len(findings) != 1 {
		t.Fatalf("got %v", findings)
	}
	got := findings[0]
	if got.Object != "topic a, topic b, topic c and 2 more" || got.Rule != parity.AcceptRule || got.Hint == "" {
		t.Errorf("got %+v", got)
	}
	if !strings.Contains(got.Message, "max.message.bytes is 1000012 on the source and 1048588 on the target") {
		t.Errorf("got %s", got.Message)
	}
}
