package dashboard

import (
	"fmt"
	"slices"
)

// operators shows the cluster operator, which serves several clusters, and the topic and
// user operators of one.
func operators() Dashboard {
	variables := append(slices.Clone(one("Kafka", "Cluster")), choice("operator_namespace", "Operator's namespace", "namespace", "datasource",
		watched("cluster-operator", "")))
	return Dashboard{
		Name: "operators", Title: "Operators",
		Description: "The cluster operator, and the topic and user operators of one cluster: what they reconcile, and what fails.",
		Variables:   variables,
		Annotations: []Annotation{single.phases("Phases", "blue")},
		Rows:        []Row{clusterOperator(), entityOperator()},
	}
}

// operator selects the series of the cluster operator, which belong to no cluster.
func operator(metric string) string {
	return metric + `{namespace="$operator_namespace",strimzi_io_kind="cluster-operator"}`
}

func clusterOperator() Row {
	s := single
	hourly := func(metric string) string { return fmt.Sprintf("sum(increase(%s[1h]))", operator(metric)) }
	byKind := func(metric string) string {
		return fmt.Sprintf("sum by (kind) (rate(%s[$__rate_interval]))", operator(metric))
	}
	return Row{Title: "Cluster operator", Panels: []Panel{
		s.number("Up", "Cluster operators that can be scraped.", Count, "sum("+operator("up")+")"),
		s.number("Custom resources", "Resources that the operator looks after.", Count, "sum("+operator("strimzi_resources")+")"),
		s.number("Reconciliations in the last hour", "How often resources were reconciled.", Count, hourly("strimzi_reconciliations_total")),
		s.alarm("Failed in the last hour", "Reconciliations that failed. Read the operator's log.", hourly("strimzi_reconciliations_failed_total")),
		s.number("Locked in the last hour", "Reconciliations that were left out because another one of the same resource went on.", Count, hourly("strimzi_reconciliations_locked_total")),
		s.number("Longest reconciliation", "Longest reconciliation of late. A rolling update of many brokers takes its time.", Seconds,
			"max("+operator("strimzi_reconciliations_duration_seconds_max")+")"),
		s.chart("Reconciliations", "Reconciliations each second, by kind.", PerSecond, byKind("strimzi_reconciliations_total"), "{{kind}}"),
		s.chart("Failed reconciliations", "Reconciliations that failed, each second, by kind.", PerSecond, byKind("strimzi_reconciliations_failed_total"), "{{kind}}"),
	}}
}

func entityOperator() Row {
	s, entity := single, `strimzi_io_name="$cluster-entity-operator"`
	return Row{Title: "Topic and user operator", Panels: []Panel{
		s.number("Containers up", "The topic operator and the user operator each count one.", Count, s.total("up", entity)),
		s.number("Topics and users", "Resources that both look after.", Count, s.total("strimzi_resources", entity)),
		s.alarm("Failed in the last hour", "Reconciliations of topics and users that failed: what is in Git is not what is in Kafka.",
			"sum(increase("+s.series("strimzi_reconciliations_failed_total", entity)+"[1h]))"),
		s.chart("Reconciliations", "Reconciliations each second, by kind.", PerSecond, s.rate("kind", "strimzi_reconciliations_total", entity), "{{kind}}"),
		s.chart("Failed reconciliations", "Reconciliations that failed, each second, by kind.", PerSecond, s.rate("kind", "strimzi_reconciliations_failed_total", entity), "{{kind}}"),
		s.chart("Time of reconciliations", "Longest reconciliation of late, by kind.", Seconds, s.highest("kind", "strimzi_reconciliations_duration_seconds_max", entity), "{{kind}}"),
	}}
}
