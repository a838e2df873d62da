package rules_test

import (
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"sigs.k8s.io/yaml"
)

// typed gives an empty value of the operator's type for a kind.
func typed(kind string) any {
	return map[string]any{
		"PodMonitor": &monitoringv1.PodMonitor{}, "ServiceMonitor": &monitoringv1.ServiceMonitor{}, "PrometheusRule": &monitoringv1.PrometheusRule{},
		"Prometheus": &monitoringv1.Prometheus{}, "Alertmanager": &monitoringv1.Alertmanager{},
	}[kind]
}

func TestEveryObjectIsWhatThePrometheusOperatorsTypesKnow(t *testing.T) {
	seen := make(map[string]int)
	for file, objects := range rendered(t) {
		for _, manifest := range objects {
			o := header(t, manifest)
			if !ofOperator(o) {
				continue
			}
			into := typed(o.Kind)
			if into == nil || o.APIVersion != "monitoring.coreos.com/v1" {
				t.Errorf("%s: %s %s is not known", file, o.APIVersion, o)
				continue
			}
			if err := yaml.UnmarshalStrict(manifest, into); err != nil {
				t.Errorf("%s: %s: %v", file, o, err)
			}
			seen[o.Kind]++
		}
	}
	for _, kind := range []string{"PodMonitor", "ServiceMonitor", "PrometheusRule", "Prometheus", "Alertmanager"} {
		if seen[kind] == 0 {
			t.Errorf("no values file renders a %s", kind)
		}
	}
}
