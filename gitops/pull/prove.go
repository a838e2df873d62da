package pull

import (
	"strings"

	"cutover/generator/plan"
	"cutover/gitops/step"
)

// proofs are the commands that show whether a gate holds, by its name. NS, GROUPS and
// TOPICS stand for what a gate speaks of.
func proofs() map[string][]string {
	const group = "bin/kafka-consumer-groups.sh --bootstrap-server $BOOTSTRAP --command-config client.properties --describe "
	const ends = "bin/kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list $BOOTSTRAP --time -1"
	return map[string][]string{
		"inventory-complete": {"cutover validate"},
		"source-reachable":   {"openssl s_client -connect $BOOTSTRAP -brief </dev/null"},
		"operator-ready":     {"oc get deployment,csv -A -l app.kubernetes.io/part-of=strimzi", "oc wait crd/kafkas.kafka.strimzi.io --for condition=Established"},
		"secrets-present":    {"oc get secret -n NS"},
		"kafka-ready":        {"oc get kafka -n NS -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.generation} {.status.observedGeneration} {.status.conditions}{\"\\n\"}{end}'"},
		"topics-ready":       {"oc wait kafkatopic --all -n NS --for condition=Ready --timeout=60s"},
		"users-ready":        {"oc wait kafkauser --all -n NS --for condition=Ready --timeout=60s"},
		"retention-parity":   {"cutover diff --parity"},
		"workloads-ready":    {"oc get deployment,statefulset,cronjob -A"},
		"workloads-stopped":  {"oc get deployment,statefulset,cronjob -A"},
		"groups-not-ahead":   {group + "GROUPS"},
		"drained":            {group + "GROUPS", ends},
		"source-quiet":       {ends + "   # twice, a minute apart: equal"},
		"tails-equal":        {ends + "   # on both clusters: equal"},
		"mirror-running":     {"oc get kafkamirrormaker2 -n NS -o jsonpath='{.items[*].status.connectors}'"},
		"mirror-caught-up":   {ends + "   # on both clusters: equal"},
		"mirror-paused":      {"oc get kafkamirrormaker2 -n NS -o jsonpath='{.items[*].status.connectors}'"},
		"offsets-aligned":    {group + "GROUPS"},
		"positions-recorded": {"oc get configmap -n NS -l app.kubernetes.io/name=cutover -o yaml"},
		"traffic-parity":     {ends + "   # on both clusters, at the hours you compare"},
	}
}

// commands gives the commands for one gate. One that nobody has a command for is left to
// its question.
func commands(s step.Step, gate plan.Gate) []string {
	groups := "--all-groups"
	if len(gate.Groups) > 0 {
		groups = "--group " + strings.Join(gate.Groups, " --group ")
	}
	namespace := "$NAMESPACE"
	for _, d := range s.Differences {
		// The marker changes in every step, and stands in the migration's own namespace.
		if d.Object.Kind == "ConfigMap" && d.Object.Name == "cutover-"+s.Migration && gate.Side == s.Phase.Side {
			namespace = d.Object.Namespace
		}
	}
	fill := strings.NewReplacer("GROUPS", groups, "NS", namespace)
	var filled []string
	for _, command := range proofs()[gate.Name] {
		filled = append(filled, fill.Replace(command))
	}
	return filled
}
