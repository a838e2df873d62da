package rules_test

import (
	"maps"
	"slices"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"sigs.k8s.io/yaml"

	"cutover/e2e/monitoring/metric"
)

// expressions gives every expression of the chart's rules, by values file, with the names
// that the same values record.
func expressions(t *testing.T) (asked map[string][]string, recorded map[string]bool) {
	t.Helper()
	asked, recorded = make(map[string][]string), make(map[string]bool)
	for file, objects := range rendered(t) {
		for _, manifest := range objects {
			if header(t, manifest).Kind != "PrometheusRule" {
				continue
			}
			var rule monitoringv1.PrometheusRule
			if err := yaml.UnmarshalStrict(manifest, &rule); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			for _, group := range rule.Spec.Groups {
				for _, one := range group.Rules {
					asked[file] = append(asked[file], one.Expr.String())
					recorded[one.Record] = true
				}
			}
		}
	}
	return asked, recorded
}

func TestEveryExpressionParsesAndNamesWhatExists(t *testing.T) {
	asked, recorded := expressions(t)
	names, err := metric.Emitted("../../../charts/testdata/metrics.yaml")
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(names, recorded)
	// Recorded where a migration's phases say that something rests.
	for _, name := range []string{"cutover:drains", "cutover:group_rests", "cutover:topic_rests", "cutover:mirror_rests", "cutover:phase"} {
		names[name] = true
	}
	parse := parser.NewParser(parser.Options{})
	count := 0
	for _, file := range slices.Sorted(maps.Keys(asked)) {
		for _, text := range asked[file] {
			expression, err := parse.ParseExpr(text)
			if err != nil {
				t.Errorf("%s: %v\n\t%s", file, err, text)
				continue
			}
			parser.Inspect(expression, func(node parser.Node, _ []parser.Node) error {
				if selector, is := node.(*parser.VectorSelector); is {
					count++
					check(t, selector, names)
				}
				return nil
			})
		}
	}
	if count < 200 {
		t.Errorf("only %d selectors were seen", count)
	}
}

// check holds a selector to a series that exists, and to one namespace.
func check(t *testing.T, selector *parser.VectorSelector, names map[string]bool) {
	t.Helper()
	if !names[selector.Name] {
		t.Errorf("nothing emits or records %s", selector.Name)
	}
	if !slices.ContainsFunc(selector.LabelMatchers, func(m *labels.Matcher) bool { return m.Name == "namespace" && m.Value != "" }) {
		t.Errorf("%s is held to no namespace", selector)
	}
}
