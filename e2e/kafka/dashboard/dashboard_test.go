package dashboard_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/e2e/kafka/dashboard"
	"cutover/e2e/kafka/prometheus"
)

const board = `{"title": "T", "templating": {"list": [
	{"name": "datasource", "type": "datasource", "query": "prometheus"},
	{"name": "namespace", "type": "query", "query": {"query": "query_result(count by (namespace) (up{a=\"b\"}))"}, "regex": "/namespace=\"([^\"]+)\"/"},
	{"name": "topic", "type": "query", "query": {"query": "query_result(x{namespace=\"$namespace\"})"}, "regex": "/topic=\"([^\"]+)\"/", "includeAll": true, "allValue": ".+"}]},
	"annotations": {"list": [{"name": "phases", "expr": "p{namespace=\"$namespace\"}"}]},
	"panels": [{"type": "row", "title": "R"}, {"type": "stat", "title": "P", "targets": [{"expr": "rate(y{namespace=\"$namespace\",topic=~\"$topic\"}[$__rate_interval])"}]}]}`

func TestEveryChoiceOfVariablesIsAsked(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "t.json"), []byte(board), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := dashboard.ReadFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	queries, err := all[0].Queries(func(expression string) ([]string, error) {
		switch {
		case strings.HasPrefix(expression, "count"):
			return []string{`{namespace="n1"}`, `{namespace="n2"}`}, nil
		case strings.Contains(expression, "n1"):
			return []string{`x{topic="t1"}`, `x{topic="t2"}`}, nil
		}
		return nil, nil // n2 has no topics
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, q := range queries {
		got = append(got, q.Where+": "+q.Expr)
	}
	want := []string{
		`t, variable namespace: count by (namespace) (up{a="b"})`,
		`t (n1), variable topic: x{namespace="n1"}`,
		`t (n2), variable topic: x{namespace="n2"}`,
		`t (n1/.+), annotation phases: p{namespace="n1"}`,
		`t (n1/.+), panel P: rate(y{namespace="n1",topic=~".+"}[80s])`,
		`t (n2/nothing), annotation phases: p{namespace="n2"}`,
		`t (n2/nothing), panel P: rate(y{namespace="n2",topic=~"nothing"}[80s])`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("asked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSelectorsAreFoundWithTheirMatchers(t *testing.T) {
	got := prometheus.Selectors(`sum(rate(a:b{x="}\"{",y=~"(a|b){2}"}[5m])) / on () c{} or vector(0) > a:b{x="}\"{",y=~"(a|b){2}"}`)
	if want := []string{`a:b{x="}\"{",y=~"(a|b){2}"}`, `c{}`}; !slices.Equal(got, want) {
		t.Errorf("Selectors are %q, want %q", got, want)
	}
	if got := prometheus.Metric(`a:b{c="d"}`); got != "a:b" {
		t.Errorf("Metric is %q", got)
	}
}

func TestTheDashboardsOfTheChartAreRead(t *testing.T) {
	all, err := dashboard.ReadFolder("../../../charts/monitoring/files/dashboards")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		queries, err := d.Queries(func(string) ([]string, error) {
			return []string{`{namespace="n",strimzi_io_cluster="c",topic="t",consumergroup="g"}`}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range queries {
			if strings.Contains(q.Expr, "$") {
				t.Errorf("%s: a variable is left in %s", q.Where, q.Expr)
			}
			if len(prometheus.Selectors(q.Expr)) == 0 {
				t.Errorf("%s: no selector in %s", q.Where, q.Expr)
			}
		}
	}
}
