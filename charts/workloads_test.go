package charts_test

import (
	"reflect"
	"testing"
)

func TestPartialObjectHoldsNothingButTheOwnedField(t *testing.T) {
	const options = "ServerSideApply=true,Prune=false,Delete=false,Validate=false"
	cases := []struct {
		kind, version, field string
		value                any
	}{
		{"Deployment", "apps/v1", "replicas: 0", map[string]any{"replicas": 0}},
		{"StatefulSet", "apps/v1", "replicas: 3", map[string]any{"replicas": 3}},
		{"DeploymentConfig", "apps.openshift.io/v1", "replicas: 1", map[string]any{"replicas": 1}},
		{"CronJob", "batch/v1beta1", "suspend: false", map[string]any{"suspend": false}},
		{"KafkaConnector", "kafka.strimzi.io/v1alpha1", "pause: true", map[string]any{"pause": true}},
	}
	for _, test := range cases {
		t.Run(test.kind, func(t *testing.T) {
			values := "workloads: [{name: a, namespace: team, kind: " + test.kind + ", apiVersion: " + test.version + ", " + test.field + "}]"
			want := []map[string]any{{
				"apiVersion": test.version,
				"kind":       test.kind,
				"metadata": map[string]any{
					"name": "a", "namespace": "team",
					"annotations": map[string]any{"argocd.argoproj.io/sync-options": options},
				},
				"spec": test.value,
			}}
			if got := render(t, "workloads", values); !reflect.DeepEqual(got, want) {
				t.Errorf("rendered %v, want %v", got, want)
			}
		})
	}
}

func TestFullObjectIsPrintedWithTheOwnedFieldSet(t *testing.T) {
	objects := render(t, "workloads", `workloads:
- name: tracking
  kind: Deployment
  apiVersion: apps/v1
  replicas: 0
  object:
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: tracking, labels: {app: tracking}, annotations: {team: freight}}
    spec: {replicas: 4, paused: false, selector: {matchLabels: {app: tracking}}}`)
	want := []map[string]any{{
		"apiVersion": "apps/v1",
		"kind":       "Deployment",
		"metadata": map[string]any{
			"name": "tracking", "namespace": "freight", "labels": map[string]any{"app": "tracking"},
			"annotations": map[string]any{"team": "freight", "argocd.argoproj.io/sync-options": "Prune=false,Delete=false"},
		},
		"spec": map[string]any{"replicas": 0, "paused": false, "selector": map[string]any{"matchLabels": map[string]any{"app": "tracking"}}},
	}}
	if !reflect.DeepEqual(objects, want) {
		t.Errorf("rendered %v, want %v", objects, want)
	}
}

func TestArgoCDLeavesAlonePartialObjectsThatAJobScales(t *testing.T) {
	objects := render(t, "workloads", `scaledByJob: true
workloads:
- {name: partial, kind: Deployment, apiVersion: apps/v1, replicas: 1}
- {name: whole, kind: Deployment, apiVersion: apps/v1, replicas: 1, object: {spec: {paused: false}}}`)
	for object, want := range map[string]any{"Deployment/partial": "Skip", "Deployment/whole": nil} {
		if got := at(find(t, objects, object), "metadata", "annotations", "argocd.argoproj.io/hook"); got != want {
			t.Errorf("%s has hook %v, want %v", object, got, want)
		}
	}
}

func TestTheRebalanceMayComeInALaterWave(t *testing.T) {
	objects := render(t, "kafka", "{name: freight, annotations: {wave: '1', team: a}, rebalance: {annotations: {wave: '2'}}}")
	for object, want := range map[string]map[string]any{"KafkaRebalance/freight-rebalance": {"wave": "2", "team": "a"}, "ConfigMap/freight-kafka-metrics": {"wave": "1", "team": "a"}} {
		if got := at(find(t, objects, object), "metadata", "annotations"); !reflect.DeepEqual(got, any(want)) {
			t.Errorf("%s has annotations %v, want %v", object, got, want)
		}
	}
}
