package release

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// read is something that gates read of an API server: by its name, or a whole list.
type read struct{ namespace, group, resource, name string }

// strimziGroup is the API group of Strimzi's resources.
const strimziGroup = "kafka.strimzi.io"

// asks has for each gate the cluster whose API server it asks, and what it reads there. Gates
// that are missing ask brokers only.
func asks() map[string]func(p *plan.Plan, phase plan.Phase, gate plan.Gate) (plan.Side, []read) {
	lists := func(resources ...string) func(*plan.Plan, plan.Phase, plan.Gate) (plan.Side, []read) {
		return func(p *plan.Plan, _ plan.Phase, gate plan.Gate) (plan.Side, []read) {
			var all []read
			for _, resource := range resources {
				all = append(all, read{p.Namespace(gate.Side), strimziGroup, resource, ""})
			}
			return gate.Side, all
		}
	}
	return map[string]func(*plan.Plan, plan.Phase, plan.Gate) (plan.Side, []read){
		"operator-ready":    readsOfOperator,
		"secrets-present":   readsOfSecrets,
		"kafka-ready":       readsOfKafka,
		"topics-ready":      lists("kafkatopics"),
		"users-ready":       lists("kafkausers"),
		"workloads-ready":   readsOfWorkloads,
		"workloads-stopped": readsOfWorkloads,
		"mirror-running":    readsOfMirror,
		"mirror-paused":     readsOfMirror,
	}
}

// gateReads lists what the gates of one cluster's phases read of a cluster's API server.
func gateReads(p *plan.Plan, of, from plan.Side) []any {
	set := make(map[read]bool)
	for _, phase := range slices.Concat(p.Phases, p.Returns) {
		for _, gate := range phase.Gates {
			ask := asks()[gate.Name]
			if ask == nil || phase.Side != of {
				continue
			}
			side, reads := ask(p, phase, gate)
			for _, one := range reads {
				set[one] = set[one] || side == from
			}
		}
	}
	maps.DeleteFunc(set, func(_ read, here bool) bool { return !here })
	return readValues(slices.SortedFunc(maps.Keys(set), func(a, b read) int {
		return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.group, b.group), cmp.Compare(a.resource, b.resource), cmp.Compare(a.name, b.name))
	}))
}

// readValues joins the names of one resource; lists come before names.
func readValues(reads []read) []any {
	var values []any
	for i := 0; i < len(reads); {
		value := map[string]any{"namespace": reads[i].namespace, "apiGroup": reads[i].group, "resource": reads[i].resource}
		first := reads[i]
		var names []string
		for ; i < len(reads) && (read{reads[i].namespace, reads[i].group, reads[i].resource, ""} == read{first.namespace, first.group, first.resource, ""}) && (reads[i].name == "") == (first.name == ""); i++ {
			names = append(names, reads[i].name)
		}
		if first.name != "" {
			value["names"] = names
		}
		values = append(values, value)
	}
	return values
}

// readsOfOperator: Strimzi's kinds, to see that they are served, and the operator's Deployment,
// which OLM puts elsewhere when it watches all namespaces.
func readsOfOperator(p *plan.Plan, _ plan.Phase, gate plan.Gate) (plan.Side, []read) {
	namespace := p.Namespace(gate.Side)
	reads := []read{{namespace, "apps", "deployments", ""}}
	for _, resource := range []string{"kafkas", "kafkatopics", "kafkausers", "kafkamirrormaker2s"} {
		reads = append(reads, read{namespace, strimziGroup, resource, ""})
	}
	if olm := p.Migration.Target.OLM; olm != nil && olm.AllNamespaces && p.TargetPlatform.OpenShift {
		reads = append(reads, read{"openshift-operators", "apps", "deployments", ""})
	}
	return gate.Side, reads
}

// readsOfSecrets are the Secrets of the phase one by one, of whichever cluster's phase it is.
func readsOfSecrets(p *plan.Plan, phase plan.Phase, _ plan.Gate) (plan.Side, []read) {
	var reads []read
	for _, need := range overlay.ScopeOf(p, phase).Secrets {
		reads = append(reads, read{need.Namespace, "", "secrets", need.Name})
	}
	return plan.Target, reads
}

func readsOfKafka(p *plan.Plan, _ plan.Phase, gate plan.Gate) (plan.Side, []read) {
	name := p.Kafka.Name
	if gate.Side == plan.Source {
		name = p.Migration.Source.Cluster
	}
	return gate.Side, []read{{p.Namespace(gate.Side), strimziGroup, "kafkas", name}}
}

// readsOfMirror: the KafkaMirrorMaker2 runs on the target, whatever cluster the gate names.
func readsOfMirror(p *plan.Plan, _ plan.Phase, _ plan.Gate) (plan.Side, []read) {
	return plan.Target, []read{{p.Kafka.Namespace, strimziGroup, "kafkamirrormaker2s", p.Mirror.Name}}
}

// readsOfWorkloads are lists of their kinds and, to see that none is left, of pods.
func readsOfWorkloads(p *plan.Plan, phase plan.Phase, gate plan.Gate) (plan.Side, []read) {
	var reads []read
	for _, w := range overlay.ScopeOf(p, phase).Workloads {
		named := len(gate.Workloads) == 0 || slices.Contains(gate.Workloads, w.Workload)
		if w.Cluster != gate.Side || !named {
			continue
		}
		group, _, _ := strings.Cut(w.APIVersion, "/")
		reads = append(reads, read{w.Namespace, group, plan.Resource(w.Kind), ""})
		if gate.Name == "workloads-stopped" {
			reads = append(reads, read{w.Namespace, "", "pods", ""})
		}
	}
	return gate.Side, reads
}
