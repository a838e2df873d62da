package kafka_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cutover/e2e/kafka/dashboard"
	"cutover/e2e/kafka/prometheus"
)

// exception is a series that cannot be there in this test.
type exception struct {
	// why it cannot.
	why string
	// with is a part of the selector's matchers, where only some of the series are missing.
	with string
	// metrics are the names.
	metrics []string
}

const (
	noKubelet    = "no kubelet runs here, and so no volumes of pods"
	noState      = "kube-state-metrics needs kubelets and pods that run"
	noOperator   = "Strimzi's operators do not run here: the harness does their work"
	noCruise     = "Cruise Control is an image of its own, which the harness does not have"
	beforeOne3   = "the source's Strimzi 0.17 has Kafka Exporter 1.2, which counts no members; the alert goes by commits as well"
	secondBatch  = "the groups of the second batch commit on the target when it moves; until then the rule goes by their members"
	jmxOfVersion = "the JMX exporter names it so from 1.0.0 on; here 0.12.0 runs, and queries ask for both names"
)

// exceptions are all series that rules, panels and the list of names ask for and that are
// missing here. One that is there after all fails the test.
var exceptions = []exception{
	{why: noKubelet, metrics: []string{"kubelet_volume_stats_used_bytes", "kubelet_volume_stats_capacity_bytes", "kubelet_volume_stats_available_bytes"}},
	{why: noState, metrics: []string{"kube_pod_container_status_restarts_total", "kube_statefulset_replicas", "kube_statefulset_status_replicas_ready"}},
	{why: noOperator, metrics: []string{"strimzi_resources", "strimzi_reconciliations_total", "strimzi_reconciliations_failed_total",
		"strimzi_reconciliations_locked_total", "strimzi_reconciliations_duration_seconds_max"}},
	{why: noOperator, with: `strimzi_io_kind="cluster-operator"`, metrics: []string{"up"}},
	{why: noOperator, with: `container="topic-operator"`, metrics: []string{"up"}},
	{why: noOperator, with: `container="user-operator"`, metrics: []string{"up"}},
	{why: noOperator, with: `strimzi_io_name="ferry-entity-operator"`, metrics: []string{"up"}},
	{why: noCruise, metrics: []string{"kafka_cruisecontrol_anomalydetector_balancedness_score_value", "kafka_cruisecontrol_executor_ongoing_execution_non_kafka_assigner_value",
		"kafka_cruisecontrol_loadmonitor_monitored_partitions_percentage_value", "kafka_cruisecontrol_loadmonitor_valid_windows_value"}},
	{why: noCruise, with: `strimzi_io_name="ferry-cruise-control"`, metrics: []string{"up", "jvm_memory_bytes_used", "jvm_gc_collection_seconds_sum", "process_cpu_seconds_total"}},
	{why: beforeOne3, with: `namespace="ferry-kafka"`, metrics: []string{"kafka_consumergroup_members"}},
	{why: secondBatch, with: `namespace="ferry-streams",strimzi_io_cluster="ferry",consumergroup=~"alert-desk"`, metrics: []string{"kafka_consumergroup_current_offset"}},
	{why: secondBatch, with: `namespace="ferry-streams",strimzi_io_cluster="ferry",consumergroup=~"gate-monitor"`, metrics: []string{"kafka_consumergroup_current_offset"}},
	{why: jmxOfVersion, metrics: []string{"jvm_memory_used_bytes"}},
}

// quiet are the panels that show nothing although all their series are there, and why.
var quiet = map[string]string{
	"Caught up at": "it is empty while the records left do not shrink, and the mirror of this test is never behind for as long as a scrape",
}

// of is the exception for people.
func (e exception) of(metric string) string {
	if e.with == "" {
		return metric
	}
	return metric + "{" + e.with + "}"
}

// data knows which series were there over a span.
type data struct {
	ask      func(expression string) ([]string, error)
	recorded map[string][]string // selectors of the rules that record a name
	there    map[string]bool     // by selector
	used     map[string]int      // exceptions that were needed, by name
}

// has tells whether an expression gave anything.
func (d *data) has(expression string) (bool, error) {
	if there, known := d.there[expression]; known {
		return there, nil
	}
	series, err := d.ask(expression)
	d.there[expression] = len(series) > 0
	return d.there[expression], err
}

// excuse gives the reason why a selector may have no data, "" for none. What is recorded
// from nothing but exceptions is one as well.
func (d *data) excuse(selector string) string {
	metric := prometheus.Metric(selector)
	for _, e := range exceptions {
		if slices.Contains(e.metrics, metric) && strings.Contains(selector, e.with) {
			d.used[e.of(metric)]++
			return e.why
		}
	}
	for _, from := range d.recorded[metric] {
		if there, err := d.has(from); err == nil && !there {
			if why := d.excuse(from); why != "" {
				return why
			}
		}
	}
	return ""
}

// excuseAll gives the reason of the first selector of an expression that has one.
func (d *data) excuseAll(expression string) string {
	for _, selector := range prometheus.Selectors(expression) {
		if there, err := d.has(selector); err == nil && !there {
			if why := d.excuse(selector); why != "" {
				return why
			}
		}
	}
	return ""
}

// hasAll tells whether all selectors have data.
func (d *data) hasAll(selectors []string) bool {
	for _, selector := range selectors {
		if there, err := d.has(selector); err != nil || !there {
			return false
		}
	}
	return true
}

// compare asks Prometheus for everything that dashboards and rules ask for, and for every
// metric's name. Nothing may be without data but exceptions, and no exception be needless.
func (w *watched) compare(t *testing.T, span prometheus.Span) {
	t.Helper()
	d := &data{there: make(map[string]bool), used: make(map[string]int), recorded: make(map[string][]string)}
	d.ask = func(expression string) ([]string, error) {
		series, err := w.server.Range(t.Context(), expression, span)
		names := make([]string, len(series))
		for i, s := range series {
			names[i] = s.String()
		}
		return names, err
	}
	rules := w.rules(t)
	for _, r := range rules {
		if r.Record != "" {
			d.recorded[r.Record] = append(d.recorded[r.Record], prometheus.Selectors(r.Expr)...)
		}
	}
	asked := slices.Concat(w.dashboards(t, d), ofRules(rules))
	for _, name := range metricNames(t) {
		asked = append(asked, dashboard.Query{Where: "charts/testdata/metrics.yaml", Expr: name + "{}"})
	}
	t.Logf("what was asked, and what is without data:\n%s", d.table(t, asked))
	for _, e := range exceptions {
		for _, metric := range e.metrics {
			if d.used[e.of(metric)] == 0 {
				t.Errorf("the exception for %s is not needed", e.of(metric))
			}
		}
	}
}

// dashboards are the queries of all dashboards of the chart.
func (w *watched) dashboards(t *testing.T, d *data) []dashboard.Query {
	t.Helper()
	boards, err := dashboard.ReadFolder("../../charts/monitoring/files/dashboards")
	check(t, err)
	var all []dashboard.Query
	for _, board := range boards {
		queries, err := board.Queries(d.ask)
		check(t, err)
		all = append(all, queries...)
	}
	return all
}

// ofRules are the selectors of alerts, which themselves give nothing while all is well, and
// of recording rules.
func ofRules(rules []rule) []dashboard.Query {
	var all []dashboard.Query
	for _, r := range rules {
		where := "alert " + r.Alert
		if r.Record != "" {
			where = "recording " + r.Record
		}
		for _, selector := range prometheus.Selectors(r.Expr) {
			all = append(all, dashboard.Query{Where: where, Expr: selector})
		}
	}
	return all
}

// table is a line for each kind of asker, and one for each question without data.
func (d *data) table(t *testing.T, asked []dashboard.Query) string {
	t.Helper()
	counts, empty := make(map[string]int), make(map[string]int)
	var lines strings.Builder
	for _, query := range asked {
		by, _, _ := strings.Cut(query.Where, " ")
		by = strings.TrimSuffix(by, ",")
		counts[by]++
		there, err := d.has(query.Expr)
		if err != nil {
			t.Errorf("%s: %v", query.Where, err)
			continue
		}
		if there {
			continue
		}
		empty[by]++
		why := d.excuseAll(query.Expr)
		if query.Panel != nil && why == "" && d.hasAll(prometheus.Selectors(query.Expr)) {
			why = quiet[query.Panel.Title]
		}
		if why == "" {
			t.Errorf("%s has no data: %s", query.Where, query.Expr)
			why = "NO DATA"
		}
		fmt.Fprintf(&lines, "    %s\n        %s\n        %s\n", query.Where, query.Expr, why)
	}
	var head strings.Builder
	for _, by := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&head, "    %-30s %4d queries, %3d without data\n", by, counts[by], empty[by])
	}
	return head.String() + "  without data:\n" + lines.String()
}
