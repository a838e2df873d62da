package charts_test

import (
	"reflect"
	"strings"
	"testing"
)

const ownPrometheus = `{operatorNamespace: streams, labels: {release: elsewhere}, prometheus: {create: true, storage: {size: 50Gi, className: fast},
  additionalScrapeConfigs: {secretName: kubelets}, alertmanager: {configSecret: pager}}}`

func TestAPrometheusIsBroughtOnlyWhenAskedFor(t *testing.T) {
	for _, object := range kinds(render(t, "monitoring", "")) {
		if !strings.HasPrefix(object, "PodMonitor/") && !strings.HasPrefix(object, "PrometheusRule/") {
			t.Errorf("nobody asked for %s", object)
		}
	}
	if _, err := tryRender(t, "monitoring", "{platform: openshift-user-workload, prometheus: {create: true}}"); err == nil || !strings.Contains(err.Error(), "brings its own") {
		t.Errorf("a second Prometheus beside user workload monitoring: error is %v", err)
	}
}

func TestThePrometheusSelectsTheMonitorsAndRulesOfItsReleaseAndNoOthers(t *testing.T) {
	objects := render(t, "monitoring", ownPrometheus)
	spec := at(find(t, objects, "Prometheus/try"), "spec")
	for _, field := range []string{"podMonitorSelector", "serviceMonitorSelector", "ruleSelector"} {
		wanted, _ := at(spec, field, "matchLabels").(map[string]any)
		if len(wanted) == 0 || wanted["app.kubernetes.io/instance"] != "try" {
			t.Fatalf("%s is %v, which selects more than this release", field, wanted)
		}
		for _, object := range objects {
			if kind := object["kind"]; kind != "PodMonitor" && kind != "PrometheusRule" {
				continue
			}
			for key, value := range wanted {
				if at(object, "metadata", "labels", key) != value || namespace(object) != "freight" {
					t.Errorf("%s selects by %s=%s in its own namespace, and misses %v in %s", field, key, value, kinds([]map[string]any{object}), namespace(object))
				}
			}
		}
	}
	for _, field := range []string{"podMonitorNamespaceSelector", "serviceMonitorNamespaceSelector", "ruleNamespaceSelector"} {
		if at(spec, field) != nil {
			t.Errorf("%s opens other namespaces", field)
		}
	}
	for path, want := range map[string]any{"retention": "30d", "serviceAccountName": "try-prometheus"} {
		if got := at(spec, path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if got := at(spec, "storage", "volumeClaimTemplate", "spec", "storageClassName"); got != "fast" {
		t.Errorf("storage class is %v", got)
	}
	if got := at(spec, "additionalScrapeConfigs"); !reflect.DeepEqual(got, map[string]any{"name": "kubelets", "key": "prometheus-additional.yaml"}) {
		t.Errorf("additionalScrapeConfigs is %v", got)
	}
	if got := at(spec, "alerting", "alertmanagers", 0, "namespace"); got != "freight" {
		t.Errorf("alerts go to namespace %v", got)
	}
	if got := at(find(t, objects, "Alertmanager/try"), "spec", "configSecret"); got != "pager" {
		t.Errorf("configSecret is %v", got)
	}
}

func TestThePrometheusMayLookAtPodsWhereItScrapesAndNowhereElse(t *testing.T) {
	var where []string
	for _, object := range render(t, "monitoring", ownPrometheus) {
		switch object["kind"] {
		case "ClusterRole", "ClusterRoleBinding":
			t.Errorf("%v reaches the whole cluster", kinds([]map[string]any{object}))
		case "Role":
			where = append(where, namespace(object))
			if got := at(object, "rules", 0, "verbs"); !reflect.DeepEqual(got, []any{"get", "list", "watch"}) || len(object["rules"].([]any)) != 1 {
				t.Errorf("the Role in %s allows %v", namespace(object), object["rules"])
			}
		case "RoleBinding":
			if got := at(object, "subjects", 0, "namespace"); got != "freight" {
				t.Errorf("the subject is in %v", got)
			}
		}
	}
	if !reflect.DeepEqual(where, []string{"freight", "streams"}) {
		t.Errorf("Roles are in %v", where)
	}
	alone := render(t, "monitoring", "{operatorMonitor: false, prometheus: {create: true, securityContext: null, alertmanager: {create: false}}}")
	for _, object := range alone {
		if namespace(object) != "freight" || object["kind"] == "Alertmanager" {
			t.Errorf("%v in %s", kinds([]map[string]any{object}), namespace(object))
		}
	}
	if spec := at(find(t, alone, "Prometheus/try"), "spec"); at(spec, "securityContext") != nil || at(spec, "alerting") != nil {
		t.Errorf("spec is %v", spec)
	}
}
