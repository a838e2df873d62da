package exporter_test

import (
	"io/fs"
	"strings"
	"testing"

	"cutover/charts"
	"cutover/generator/exporter"
	"cutover/generator/finding"
	"cutover/generator/inventory"
)

const bytesIn = "kafka.server<type=BrokerTopicMetrics, name=BytesInPerSec, topic=a><>Count: 1"

func TestTheFirstRuleThatMatchesNamesTheSeries(t *testing.T) {
	for _, test := range []struct {
		name, rules, want string
		uncertain         bool
	}{
		{"a name with groups", "{lowercaseOutputName: true, rules: [{pattern: 'kafka.(\\w+)<type=(\\w+), name=(\\w+)PerSec.*><>Count', name: kafka_$1_$2_$3_total}]}",
			"kafka_server_brokertopicmetrics_bytesin_total", false},
		{"upper case stays where nobody asks", "{rules: [{pattern: 'kafka.(\\w+)<', name: kafka_$1_A}]}", "kafka_server_A", false},
		{"the middle of a name is enough", "{rules: [{pattern: BytesIn, name: in}, {pattern: Bytes, name: late}]}", "in", false},
		{"signs that no name may have", "{rules: [{pattern: 'topic=(\\w)', name: a-b.$1}]}", "a_b_a", false},
		{"a group that is not there", "{rules: [{pattern: kafka, name: a$9}]}", "a", false},
		{"no rule matches", "{rules: [{pattern: zookeeper, name: a}]}", "", false},
		{"a rule without a name", "{rules: [{pattern: kafka}]}", "", false},
		{"no rules", "{}", "", false},
		{"a pattern that only Java knows", "{rules: [{pattern: '(?!a)b', name: a}]}", "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			rules, err := exporter.Read(test.rules)
			if err != nil {
				t.Fatal(err)
			}
			if got, known := rules.Series(bytesIn); got != test.want || known == test.uncertain {
				t.Errorf("got %q, known %v, want %q", got, known, test.want)
			}
		})
	}
}

// source is a source with the chart's own rules, and a Kafka Exporter.
func source(t *testing.T) inventory.Inventory {
	t.Helper()
	text := func(name string) string {
		content, err := fs.ReadFile(charts.FS, "kafka/files/"+name+"-rules.yaml")
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	reference := func(key string) map[string]any {
		return map[string]any{"metricsConfig": map[string]any{"valueFrom": map[string]any{"configMapKeyRef": map[string]any{"name": "rules", "key": key}}}}
	}
	return inventory.Inventory{
		Kafka:      inventory.Kafka{Spec: map[string]any{"kafka": reference("kafka"), "zookeeper": reference("zookeeper"), "kafkaExporter": map[string]any{}}},
		ConfigMaps: []inventory.ConfigMap{{Name: "rules", Data: map[string]string{"kafka": text("kafka"), "zookeeper": text("zookeeper")}}},
	}
}

func TestTheSourceIsToldWhatItDoesNotShow(t *testing.T) {
	for _, test := range []struct {
		name     string
		change   func(*inventory.Inventory)
		object   string
		mentions string
	}{
		{"nothing is missing", func(*inventory.Inventory) {}, "", ""},
		{"no rules at all", func(i *inventory.Inventory) { i.Kafka.Spec["kafka"] = map[string]any{} }, "spec.kafka", "exports no metrics"},
		{"a ConfigMap that was not exported", func(i *inventory.Inventory) { i.ConfigMaps = nil; i.Kafka.Spec["zookeeper"] = nil }, "spec.kafka", "exports no metrics"},
		{"inline rules that leave series out", func(i *inventory.Inventory) {
			i.Kafka.Spec["zookeeper"] = map[string]any{"metrics": map[string]any{"lowercaseOutputName": true,
				"rules": []any{map[string]any{"pattern": `name2=(\w+)><>(AvgRequestLatency)`, "name": "zookeeper_$2"}}}}
		}, "spec.zookeeper.metrics", "do not make zookeeper_outstandingrequests:"},
		{"rules that are none", func(i *inventory.Inventory) { i.ConfigMaps[0].Data["kafka"] = "rules: [" }, "spec.kafka.metrics", "cannot be read"},
		{"no Kafka Exporter", func(i *inventory.Inventory) { delete(i.Kafka.Spec, "kafkaExporter") }, "spec.kafkaExporter", "no Kafka Exporter"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := source(t)
			test.change(&inv)
			findings := exporter.Source(inv)
			if test.object == "" {
				if len(findings) > 0 {
					t.Errorf("got %v", findings)
				}
				return
			}
			if len(findings) != 1 || findings[0].Object != test.object || !strings.Contains(findings[0].Message, test.mentions) ||
				findings[0].Severity != finding.Note || findings[0].Hint == "" {
				t.Errorf("got %v, want one on %s with %q", findings, test.object, test.mentions)
			}
		})
	}
}

func TestWithoutAKafkaResourceNothingIsSaid(t *testing.T) {
	if findings := exporter.Source(inventory.Inventory{}); len(findings) > 0 {
		t.Errorf("got %v", findings)
	}
}
