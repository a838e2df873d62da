package charts_test

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestMetricsConfigMapHoldsTheChartsRulesOrTheGivenOnes(t *testing.T) {
	cases := []struct {
		name, chart, values, object, key, mention string
	}{
		{"the chart's broker rules", "kafka", "name: freight", "ConfigMap/freight-kafka-metrics", "kafka-metrics-config.yml", "kafka_$1_$2_$3_total"},
		{"the chart's ZooKeeper rules", "kafka", "name: freight", "ConfigMap/freight-kafka-metrics", "zookeeper-metrics-config.yml", "zookeeper_$1"},
		{"the chart's Cruise Control rules", "kafka", "name: freight", "ConfigMap/freight-kafka-metrics", "cruise-control-metrics-config.yml", "kafka_cruisecontrol_$1_$2"},
		{"broker rules that travel", "kafka", "{name: freight, metrics: {kafka: {rules: [{pattern: a.+b, name: mine}]}}}",
			"ConfigMap/freight-kafka-metrics", "kafka-metrics-config.yml", "name: mine"},
		{"the chart's mirror rules", "mirror-maker2", "name: m", "ConfigMap/m-metrics", "metrics-config.yml", "kafka_connect_mirror_$1_$5"},
		{"the Connect rules", "monitoring", "connectMetrics: {create: true}", "ConfigMap/try-connect-metrics", "metrics-config.yml", "kafka_connect_connector_state"},
		{"mirror rules that were given", "mirror-maker2", "{name: m, metrics: {rules: {rules: [{pattern: a.+b, name: mine}]}}}",
			"ConfigMap/m-metrics", "metrics-config.yml", "name: mine"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			text, _ := at(find(t, render(t, test.chart, test.values), test.object), "data", test.key).(string)
			if !strings.Contains(text, test.mention) {
				t.Errorf("%s does not mention %q:\n%s", test.key, test.mention, text)
			}
			var config exporterConfig
			if err := yaml.Unmarshal([]byte(text), &config); err != nil || len(config.Rules) == 0 {
				t.Errorf("%s is no exporter configuration (%v):\n%s", test.key, err, text)
			}
		})
	}
}

func TestMetricsConfigRefersToAKeyThatIsThere(t *testing.T) {
	cases := []struct {
		chart, values, object string
		paths                 [][]any
	}{
		{"kafka", "name: freight", "Kafka/freight", [][]any{{"spec", "kafka"}, {"spec", "zookeeper"}, {"spec", "cruiseControl"}}},
		{"mirror-maker2", "name: m", "KafkaMirrorMaker2/m", [][]any{{"spec"}}},
	}
	for _, test := range cases {
		objects := render(t, test.chart, test.values)
		for _, path := range test.paths {
			reference := at(at(find(t, objects, test.object), path...), "metricsConfig", "valueFrom", "configMapKeyRef")
			name, _ := at(reference, "name").(string)
			key, _ := at(reference, "key").(string)
			if text, _ := at(find(t, objects, "ConfigMap/"+name), "data", key).(string); text == "" {
				t.Errorf("%s %v refers to %s, key %s, which is empty", test.object, path, name, key)
			}
		}
	}
}

func TestNoMetricsConfigMapMeansNoReference(t *testing.T) {
	for _, test := range []struct{ chart, object, component string }{
		{"kafka", "Kafka/a", "kafka"}, {"mirror-maker2", "KafkaMirrorMaker2/a", ""},
	} {
		objects := render(t, test.chart, "{name: a, metrics: {create: false}}")
		section := at(find(t, objects, test.object), "spec")
		if test.component != "" {
			section = at(section, test.component)
		}
		if at(section, "metricsConfig") != nil || strings.Contains(strings.Join(kinds(objects), " "), "ConfigMap/") {
			t.Errorf("%s: metrics are switched off, yet there is %v and %v", test.chart, kinds(objects), at(section, "metricsConfig"))
		}
	}
}
