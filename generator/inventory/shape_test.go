package inventory_test

import (
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
)

const connect = "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaConnect\nmetadata: {name: c, namespace: kafka, annotations: {strimzi.io/use-connector-resources: \"true\"}}\nspec: {bootstrapServers: \"freight-kafka-bootstrap:9092\"}\n"

func runningConnector(spec string) string {
	return connect + "---\napiVersion: kafka.strimzi.io/v1alpha1\nkind: KafkaConnector\nmetadata: {name: one, namespace: kafka, labels: {strimzi.io/cluster: c}}\nspec: " + spec + "\n"
}

func TestFieldsThatTheAPILacksAreNamedAndTheRestIsKept(t *testing.T) {
	for _, test := range []struct{ name, text, object, field, position string }{
		{"of a topic", topic("orders", "partitions: 3, replicas: 2, partition: 4"), "KafkaTopic kafka/orders", "spec.partition", "b.yaml:4"},
		{"of a connector", runningConnector("{class: a.B, tasksMax: 3, pause: true, taskMax: 4}"), "KafkaConnector kafka/one", "spec.taskMax", "b.yaml:9"},
		{"of a user's template", kafkaUser("u", "{template: {secret: {metadata: {label: {}}}}}"), "KafkaUser kafka/u", "spec.template.secret.metadata.label", "b.yaml:4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv, findings := read(t, cluster("freight", "kafka", "listeners: {plain: {}}"), test.text)
			f := only(t, findings, "unknown-field")
			if f.Severity != finding.Warning || f.Object != test.object || !strings.Contains(f.Message, test.field+"; it does not travel") || f.Position() != test.position {
				t.Errorf("got %+v", f)
			}
			for _, topic := range inv.Topics {
				if topic.Name == "orders" && (topic.Partitions != 3 || topic.Replicas != 2) {
					t.Errorf("got %+v", topic)
				}
			}
			for _, connector := range inv.Connectors {
				if connector.Class != "a.B" || connector.TasksMax != 3 || !connector.Paused {
					t.Errorf("got %+v", connector)
				}
			}
			if len(inv.Topics)+len(inv.Connectors)+len(inv.Users) != 1 {
				t.Errorf("got %+v", inv)
			}
		})
	}
}

func TestAConnectorsValueOfAWrongTypeIsAnError(t *testing.T) {
	f := only(t, refuse(t, cluster("freight", "kafka", "listeners: {plain: {}}"), runningConnector("{class: a.B, tasksMax: many}")), "connector-malformed")
	if f.Severity != finding.Error || f.Position() != "b.yaml:9" || !strings.Contains(f.Message, "spec.tasksMax") {
		t.Errorf("got %+v", f)
	}
}

func TestAUsersSpecReadsBackAsItWasWritten(t *testing.T) {
	inv, _ := read(t, cluster("freight", "kafka"), kafkaUser("u",
		"{quotas: {producerByteRate: 9007199254740993, controllerMutationRate: 0.5}, authentication: {type: tls}, template: {secret: {metadata: {labels: {a: \"on\", b: 1}}}}}"))
	first, err := inventory.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := document.Read("inventory.yaml", strings.NewReader(string(first)), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	again, err := inventory.Load(documents[0])
	if err != nil {
		t.Fatal(err)
	}
	second, err := inventory.Marshal(again)
	if err != nil || string(first) != string(second) {
		t.Errorf("got\n%s\nwant\n%s\n%v", second, first, err)
	}
	const want = "  spec:\n    authentication:\n      type: tls\n    quotas:\n      producerByteRate: 9007199254740993\n      controllerMutationRate: 0.5\n" +
		"    template:\n      secret:\n        metadata:\n          labels:\n            a: \"on\"\n            b: 1\n"
	if !strings.Contains(string(first), want) {
		t.Errorf("got\n%s", first)
	}
}

func TestAUsersSpecInAnInventoryIsReadStrictly(t *testing.T) {
	inv, _ := read(t, cluster("freight", "kafka"), kafkaUser("u", "{quotas: {producerByteRate: 7}}"))
	content, err := inventory.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ old, new, rule string }{
		{"producerByteRate: 7", "producedByteRate: 7", "unknown-field"},
		{"producerByteRate: 7", "producerByteRate: fast", "wrong-type"},
	} {
		changed := strings.Replace(string(content), test.old, test.new, 1)
		documents, err := document.Read("inventory.yaml", strings.NewReader(changed), document.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		_, err = inventory.Load(documents[0])
		f := only(t, finding.From(err), test.rule)
		if want := 1 + strings.Count(above(changed, test.new), "\n"); f.Line != want || f.File != "inventory.yaml" {
			t.Errorf("got %+v, want line %d", f, want)
		}
	}
}

// above gives what stands before a part of a text.
func above(text, part string) string { before, _, _ := strings.Cut(text, part); return before }
