package release

import (
	"strconv"

	"cutover/generator/plan"
)

// waves gives the sync wave of each chart's objects on the target: Argo CD goes on to the
// next one when all objects of one are healthy. The operator is in wave 0, where the objects
// of the upstream chart are.
func waves() map[string]int {
	return map[string]int{"kafka": 1, "topics": 3, "users": 3, "mirror-maker2": 4, "workloads": 5}
}

// rebalanceWave is behind Kafka's: a KafkaRebalance that finds no Cruise Control becomes
// NotReady, and stays so until somebody annotates it.
const rebalanceWave = 2

// wave gives the annotation of a sync wave.
func wave(number int) map[string]any {
	return map[string]any{"argocd.argoproj.io/sync-wave": strconv.Itoa(number)}
}

// annotate tells Argo CD when to apply a release's objects. On the source nothing waits for
// another: its operator and Kafka are there. Where the operator is in the same tree, its kinds
// are unknown to the API server when Argo CD makes its dry run, and no dry run may ask for them.
func annotate(values map[string]any, b builder) {
	number, waits := waves()[b.chart]
	if b.side != plan.Target || !waits {
		return
	}
	annotations := wave(number)
	if b.chart != "workloads" {
		annotations["argocd.argoproj.io/sync-options"] = "SkipDryRunOnMissingResource=true"
	}
	values["annotations"] = annotations
}
