// Package dashboard_test holds the dashboards' queries to the real parser of Prometheus, and
// to the series that exporters and recording rules make.
package dashboard_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"cutover/charts"
	"cutover/e2e/monitoring/metric"
	"cutover/generator/dashboard"
)

// query is one expression of a dashboard, and where it stands.
type query struct{ where, text string }

// queries lists those of all panels, annotations and variables.
func queries() (held, choices []query) {
	for _, d := range dashboard.All() {
		for _, row := range d.Rows {
			for _, panel := range row.Panels {
				for _, target := range panel.Targets {
					held = append(held, query{d.Name + ", " + panel.Title, target.Expr})
				}
			}
		}
		for _, annotation := range d.Annotations {
			held = append(held, query{d.Name + ", annotation " + annotation.Name, annotation.Expr})
		}
		for _, variable := range d.Variables {
			if variable.Query != "" {
				choices = append(choices, query{d.Name + ", variable " + variable.Name, variable.Query})
			}
		}
	}
	return held, choices
}

// selectors parses a query as Prometheus gets it, and lists what it selects.
func selectors(t *testing.T, q query) []*parser.VectorSelector {
	t.Helper()
	parse := parser.NewParser(parser.Options{})
	expression, err := parse.ParseExpr(strings.ReplaceAll(q.text, "$__rate_interval", "5m"))
	if err != nil {
		t.Errorf("%s: %v\n\t%s", q.where, err, q.text)
		return nil
	}
	var found []*parser.VectorSelector
	parser.Inspect(expression, func(node parser.Node, _ []parser.Node) error {
		if selector, is := node.(*parser.VectorSelector); is {
			found = append(found, selector)
		}
		return nil
	})
	if len(found) == 0 {
		t.Errorf("%s selects nothing: %s", q.where, q.text)
	}
	return found
}

// matches tells whether a selector has an equality matcher of a label with one of the values.
func matches(selector *parser.VectorSelector, label string, values ...string) bool {
	return slices.ContainsFunc(selector.LabelMatchers, func(m *labels.Matcher) bool {
		return m.Type == labels.MatchEqual && m.Name == label && slices.Contains(values, m.Value)
	})
}

func TestEveryQueryParsesAndIsHeldToOneCluster(t *testing.T) {
	held, choices := queries()
	if len(held) < 100 || len(choices) < 15 {
		t.Fatalf("only %d queries and %d choices", len(held), len(choices))
	}
	for _, q := range held {
		for _, selector := range selectors(t, q) {
			operator := matches(selector, "namespace", "$operator_namespace") && matches(selector, "strimzi_io_kind", "cluster-operator")
			one := matches(selector, "namespace", "$namespace") && matches(selector, "strimzi_io_cluster", "$cluster")
			source := matches(selector, "namespace", "$source_namespace") && matches(selector, "strimzi_io_cluster", "$source_cluster")
			target := matches(selector, "namespace", "$target_namespace") && matches(selector, "strimzi_io_cluster", "$target_cluster", "$mirror")
			if !operator && !one && !source && !target {
				t.Errorf("%s: %s is held to no cluster", q.where, selector)
			}
		}
	}
	for _, q := range choices {
		selectors(t, q)
	}
}

// existing gives the names that exporters emit, by the chart's list, and that rules record.
func existing(t *testing.T) map[string]bool {
	t.Helper()
	names, err := metric.Emitted("../../../charts/testdata/metrics.yaml")
	if err != nil {
		t.Fatal(err)
	}
	record := regexp.MustCompile(`record: (cutover:\S+)`)
	err = fs.WalkDir(charts.FS, "monitoring", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := charts.FS.ReadFile(path)
		for _, found := range record.FindAllSubmatch(content, -1) {
			names[string(found[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestEveryQueryNamesSeriesThatExist(t *testing.T) {
	names := existing(t)
	held, choices := queries()
	for _, q := range slices.Concat(held, choices) {
		for _, selector := range selectors(t, q) {
			if !names[selector.Name] {
				t.Errorf("%s: nothing emits or records %s", q.where, selector.Name)
			}
		}
	}
}
