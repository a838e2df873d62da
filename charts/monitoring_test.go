package charts_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// rules lists the rules of all PrometheusRules.
func rules(objects []map[string]any) []map[string]any {
	var all []map[string]any
	for _, object := range objects {
		groups, _ := at(object, "spec", "groups").([]any)
		for _, group := range groups {
			for i := range at(group, "rules").([]any) {
				all = append(all, at(group, "rules", i).(map[string]any))
			}
		}
	}
	return all
}

func TestEveryRuleIsHeldToOneCluster(t *testing.T) {
	selector := regexp.MustCompile(`([a-z_:0-9]+)\{([^}]*)\}`)
	scope := regexp.MustCompile(`strimzi_io_cluster="(freight|bridge)"|strimzi_io_kind="cluster-operator"|` +
		`persistentvolumeclaim=~"data(\(-\[0-9\]\+\)\?)?-freight-|pod=~"(freight-|bridge-mirrormaker2-)|statefulset="freight-`)
	for _, rule := range rules(render(t, "monitoring", inPhase("target", "150"))) {
		expression := rule["expr"].(string)
		if expression == "vector(150)" {
			continue // the phase: its labels are given
		}
		selectors := selector.FindAllStringSubmatch(expression, -1)
		if len(selectors) == 0 {
			t.Errorf("no selector in %s", expression)
		}
		for _, found := range selectors {
			metric, matchers := found[1], found[2]
			operator := metric == "strimzi_reconciliations_failed_total" || strings.Contains(matchers, "cluster-operator")
			home := map[bool]string{true: "streams", false: "freight"}[operator]
			if !strings.Contains(matchers, fmt.Sprintf("namespace=%q", home)) {
				t.Errorf("%s is not held to namespace %s in %s", metric, home, expression)
			}
			if metric != "strimzi_reconciliations_failed_total" && !scope.MatchString(matchers) {
				t.Errorf("%s is not held to one cluster in %s", metric, expression)
			}
		}
	}
}

func TestEveryAlertSaysHowBadItIsAndWhatItMeans(t *testing.T) {
	severities := map[any]bool{"critical": true, "major": true, "warning": true, "info": true}
	leftover := regexp.MustCompile(`\$(operatorNamespace|namespace|cluster|mirror)\b`)
	seen := map[any]bool{}
	for _, rule := range rules(render(t, "monitoring", inPhase("target", "150"))) {
		if leftover.MatchString(fmt.Sprint(rule)) {
			t.Errorf("a name was not put in: %v", rule)
		}
		if at(rule, "labels", "cutover_role") != "target" {
			t.Errorf("no role on %v", rule)
		}
		name, alert := rule["alert"]
		if !alert {
			name = rule["record"]
			if at(rule, "labels", "team") != nil {
				t.Errorf("%v is no alert, yet it has the alerts' labels", name)
			}
		}
		if name == "cutover:group_rests" {
			continue // one for each set of groups
		}
		if seen[name] {
			t.Errorf("%v is defined twice", name)
		}
		seen[name] = true
		if !alert {
			continue
		}
		if !severities[at(rule, "labels", "severity")] || at(rule, "labels", "team") != "platform" {
			t.Errorf("%v has the labels %v", name, rule["labels"])
		}
		for _, text := range []string{"summary", "description", "action", "runbook_url"} {
			if value, _ := at(rule, "annotations", text).(string); len(value) < 20 {
				t.Errorf("%v has the %s %q", name, text, value)
			}
		}
	}
}

func TestIndicatorsOfTheMigrationAreRecorded(t *testing.T) {
	recorded := map[any]bool{}
	for _, rule := range rules(render(t, "monitoring", inPhase("target", "150"))) {
		recorded[rule["record"]] = true
	}
	for _, name := range []string{
		"cutover:group_current_offset", "cutover:partition_log_end_offset", "cutover:group_lag", "cutover:group_lag_unknown_partitions",
		"cutover:topic_bytes_in:rate5m", "cutover:topic_bytes_out:rate5m", "cutover:topic_messages_in:rate5m",
		"cutover:group_messages_out:rate5m", "cutover:topic_messages", "cutover:partition_messages", "cutover:partition_bytes",
		"cutover:balancedness_score", "cutover:volume_used_bytes", "cutover:volume_capacity_bytes", "cutover:mirror_records:rate5m",
		"cutover:mirror_bytes:rate5m", "cutover:mirror_record_age_ms:max", "cutover:mirror_replication_latency_ms:max",
		"cutover:mirror_failed_tasks", "cutover:partition_log_start_offset", "cutover:topic_disk_bytes", "cutover:volume_seconds_to_full",
		"cutover:mirror_read_lag", "cutover:mirror_checkpoint_latency_ms:max", "cutover:phase",
	} {
		if !recorded[name] {
			t.Errorf("%s is not recorded", name)
		}
	}
}

func TestSourceAndTargetAreRecordedInTheSameWords(t *testing.T) {
	recorded := make(map[string]map[string]bool)
	for _, side := range []string{"source", "target"} {
		recorded[side] = make(map[string]bool)
		for _, rule := range rules(render(t, "monitoring", inPhase(side, "150"))) {
			if name, is := rule["record"].(string); is {
				recorded[side][name] = true
			}
		}
	}
	// The mirror runs on the target, and so does Cruise Control, which a source may be too old for.
	ofOne := regexp.MustCompile(`^cutover:(mirror_.*|balancedness_score|topic_rests)$`)
	for _, sides := range [][2]string{{"source", "target"}, {"target", "source"}} {
		for name := range recorded[sides[0]] {
			if !recorded[sides[1]][name] && !ofOne.MatchString(name) {
				t.Errorf("%s is recorded on the %s alone", name, sides[0])
			}
		}
	}
}

func TestRulesCoverWhatIsThereAndNothingElse(t *testing.T) {
	cases := []struct{ name, values, absent string }{
		{"no mirror rules without a mirror", "", "MirrorMaker2|cutover:mirror"},
		{"no Cruise Control on a source", "cluster: {role: source}", "balancedness"},
		{"no operator rules where only services are scraped", "monitors: ServiceMonitor", "TopicOperator|UserOperator|ClusterOperator"},
		{"no operator rules for one that does not run", "entityOperator: [topic-operator]", "UserOperator"},
		{"no exporter rules without an exporter", "kafkaExporter: false", "KafkaExporter|KafkaGroup"},
		{"no phase outside of a migration", "", "cutover:phase|cutover:drains|_rests"},
		{"no operator rules when its monitor is switched off", "operatorMonitor: false", "ClusterOperator|Reconciliations"},
		{"no rules when they are switched off", "rules: {enabled: false}", "."},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			absent := regexp.MustCompile(test.absent)
			for _, rule := range rules(render(t, "monitoring", test.values)) {
				name := fmt.Sprint(rule["alert"], rule["record"])
				if absent.MatchString(name) {
					t.Errorf("there is a rule %s", name)
				}
			}
		})
	}
}

func TestMonitorsStandWherePrometheusLooks(t *testing.T) {
	cases := []struct {
		name, values string
		want         []string
		selector     any
	}{
		{"beside the operator on OpenShift, where selectors are ignored",
			"{platform: openshift-user-workload, operatorNamespace: streams}",
			[]string{"PodMonitor/try-kafka-resources freight", "PodMonitor/try-entity-operator freight", "PodMonitor/try-cluster-operator streams",
				"PrometheusRule/try-kafka freight", "PrometheusRule/try-cluster-operator streams"}, nil},
		{"in the release namespace elsewhere, with a selector", "operatorNamespace: streams",
			[]string{"PodMonitor/try-kafka-resources freight", "PodMonitor/try-entity-operator freight", "PodMonitor/try-cluster-operator freight",
				"PrometheusRule/try-kafka freight", "PrometheusRule/try-cluster-operator freight"},
			map[string]any{"matchNames": []any{"streams"}}},
		{"one service monitor where pod monitors are unknown", "monitors: ServiceMonitor",
			[]string{"PrometheusRule/try-kafka freight", "ServiceMonitor/try-kafka-resources freight"}, nil},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			objects := render(t, "monitoring", test.values)
			names := kinds(objects)
			for i, object := range objects {
				names[i] += " " + namespace(object)
				if strings.HasPrefix(names[i], "PodMonitor/try-cluster-operator") {
					if got := at(object, "spec", "namespaceSelector"); !reflect.DeepEqual(got, test.selector) {
						t.Errorf("namespaceSelector is %v, want %v", got, test.selector)
					}
				}
			}
			if !reflect.DeepEqual(names, test.want) {
				t.Errorf("rendered %v, want %v", names, test.want)
			}
		})
	}
}

func TestMonitorsSelectOnlyTheNamedResources(t *testing.T) {
	monitor := find(t, render(t, "monitoring", "{cluster: {name: freight}, mirror: {name: bridge}, connects: [cdc]}"), "PodMonitor/try-kafka-resources")
	want := []any{"freight", "bridge", "cdc"}
	if got := at(monitor, "spec", "selector", "matchExpressions", 1, "values"); !reflect.DeepEqual(got, want) {
		t.Errorf("clusters are %v, want %v", got, want)
	}
	labels := find(t, render(t, "monitoring", "labels: {release: prometheus}"), "PodMonitor/try-kafka-resources")
	if got := at(labels, "metadata", "labels", "release"); got != "prometheus" {
		t.Errorf("label release is %v", got)
	}
}
