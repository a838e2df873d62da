package release_test

import (
	"testing"

	"cutover/generator/plan"
)

func TestArgoCDAppliesTheTargetInWaves(t *testing.T) {
	const wave, options = "argocd.argoproj.io/sync-wave", "argocd.argoproj.io/sync-options"
	const missing = "SkipDryRunOnMissingResource=true"
	all := releases(t, "workloads:\n", gitops+"workloads:\n")
	for name, objects := range map[string]map[string][2]any{
		plan.TargetKafka:     {"Kafka new": {"1", missing + ",Prune=false,Delete=false"}, "KafkaRebalance new-rebalance": {"2", missing}, "ConfigMap new-kafka-metrics": {"1", missing}},
		plan.TargetUsers:     {"KafkaUser app": {"3", missing + ",Prune=false,Delete=false"}},
		plan.TargetAccess:    {"KafkaUser mirror": {"3", missing}},
		plan.TargetMirror:    {"KafkaMirrorMaker2 small-mirror": {"4", missing}},
		plan.TargetWorkloads: {"Deployment app.v1": {"5", "ServerSideApply=true,Prune=false,Delete=false,Validate=false"}},
		plan.TargetOperator:  {"Subscription amq-streams": {nil, nil}},
		plan.SourceAccess:    {"KafkaUser mirror": {nil, nil}},
	} {
		got := rendered(t, all[name])
		for object, want := range objects {
			if got[object] == nil {
				t.Errorf("%s holds no %s", name, object)
			}
			for i, annotation := range []string{wave, options} {
				if value := at(got[object], "metadata", "annotations", annotation); value != want[i] {
					t.Errorf("%s of %s in %s is %v, want %v", annotation, object, name, value, want[i])
				}
			}
		}
	}
}

func TestArgoCDLeavesAloneWhatAGateJobScales(t *testing.T) {
	for name, test := range map[string]struct {
		pairs []string
		want  any
	}{
		"an API server without server-side apply, and gate Jobs": {[]string{"workloads:\n", gitops + "workloads:\n"}, "Skip"},
		"an API server with server-side apply, and gate Jobs":    {[]string{"workloads:\n", gitops + "workloads:\n", "openshift-3.11", "openshift-4.8"}, nil},
		"no gate Jobs": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			all := releases(t, test.pairs...)
			for _, release := range []string{plan.SourceWorkloads, plan.TargetWorkloads} {
				want := test.want
				if release == plan.TargetWorkloads {
					want = nil
				}
				object := rendered(t, all[release])["Deployment app.v1"]
				if got := at(object, "metadata", "annotations", "argocd.argoproj.io/hook"); object == nil || got != want {
					t.Errorf("hook of %v in %s is %v, want %v", object, release, got, want)
				}
			}
		})
	}
}
