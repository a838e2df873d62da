package parity_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/parity"
	"cutover/generator/plan"
	"cutover/generator/strimzi"
	"cutover/generator/strimzi/v1beta2"
)

// declared is a migration that asks for nothing special. Its mirror needs no user.
const declared = `apiVersion: cutover/v1alpha1
kind: Migration
metadata: {name: depot}
source:
  cluster: old
  namespace: kafka
  platform: openshift-3.11
  bootstrapServers: kafka.example:9092
target:
  cluster: new
  namespace: streams
  distribution: amq-streams
  version: "1.8"
  platform: openshift-4.8
  storageClass: fast
  olm: {channel: amq-streams-1.8.x, startingCSV: amqstreams.v1.8.4}
`

// settled is a source whose configuration is what the target's would be.
const settled = `
kafka:
  version: 2.8.0
  replicas: 3
  listeners:
    plain: {}
  config:
    auto.create.topics.enable: "false"
    default.replication.factor: 3
    offsets.topic.replication.factor: 3
    transaction.state.log.replication.factor: 3
    transaction.state.log.min.isr: 2
    inter.broker.protocol.version: "2.8"
    log.message.format.version: "2.8"
  storage: {type: ephemeral}
zookeeper:
  replicas: 3
  storage: {type: ephemeral}
entityOperator:
  topicOperator: {}
  userOperator: {}
`

// source is a cluster of one topic and one user, which parts change.
type source struct {
	kafka   string            // its version; 2.8.0 where empty
	config  map[string]string // added to spec.kafka.config
	dynamic map[string]string // set beside the resource
	topics  []inventory.Topic
	users   []inventory.User
}

func (s source) inventory(t testing.TB) inventory.Inventory {
	t.Helper()
	value, err := document.ParseValue("kafka.yaml", []byte(settled))
	if err != nil {
		t.Fatal(err)
	}
	spec := value.(map[string]any)
	kafka := spec["kafka"].(map[string]any)
	config := kafka["config"].(map[string]any)
	version := "2.8.0"
	if s.kafka != "" {
		version = s.kafka
	}
	if kafka["version"] = version; version == "untold" {
		version = ""
		delete(kafka, "version")
	}
	merged := make(map[string]string)
	for key, value := range s.config {
		config[key] = value
	}
	for key, value := range config {
		text, _ := value.(string)
		if number, ok := value.(int64); ok {
			text = map[int64]string{2: "2", 3: "3"}[number]
		}
		merged[key] = text
	}
	for key, value := range s.dynamic {
		merged[key] = value
	}
	return inventory.Inventory{
		APIVersion: inventory.APIVersion, Kind: inventory.Kind,
		Kafka: inventory.Kafka{Name: "old", Namespace: "kafka", APIVersion: "kafka.strimzi.io/v1beta1", Version: version,
			Brokers: 3, ZooKeepers: 3, Config: merged, Spec: spec},
		Topics: s.topics, Users: s.users,
	}
}

func topic(name string, config ...string) inventory.Topic {
	made := inventory.Topic{Name: name, Resource: strimzi.ResourceName(name), Partitions: 6, Replicas: 3, Config: map[string]string{}}
	for i := 0; i < len(config); i += 2 {
		made.Config[config[i]] = config[i+1]
	}
	return made
}

func user(name string, rules ...v1beta2.ACLRule) inventory.User {
	return inventory.User{Name: name, Spec: v1beta2.KafkaUserSpec{
		Authentication: &v1beta2.KafkaUserAuthentication{Type: "scram-sha-512"},
		Authorization:  &v1beta2.KafkaUserAuthorization{Type: "simple", ACLs: rules},
	}}
}

func allow(operation, topic string) v1beta2.ACLRule {
	return v1beta2.ACLRule{Operation: operation, Resource: v1beta2.ACLRuleResource{Type: "topic", Name: topic}}
}

// decide plans the move of a source; more is put at the end of migration.yaml.
func decide(t testing.TB, s source, more string) *plan.Plan {
	t.Helper()
	m, _, err := migration.Load("migration.yaml", []byte(declared+more))
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := plan.New(m, s.inventory(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rowOf finds the one row about a field.
func rowOf(t testing.TB, report parity.Report, what parity.What, object, field string) parity.Row {
	t.Helper()
	var found []parity.Row
	for _, row := range report.Rows {
		if row.What == what && row.Object == object && row.Field == field {
			found = append(found, row)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s %s has %d rows about %s, want one", what, object, len(found), field)
	}
	return found[0]
}

// want is what a test expects of a row: its values, and words of its cause.
type want struct {
	what           parity.What
	object, field  string
	source, target string
	cause          string
	intended       bool
}

func check(t *testing.T, report parity.Report, w want) {
	t.Helper()
	row := rowOf(t, report, w.what, w.object, w.field)
	if row.Source.String() != w.source || row.Target.String() != w.target {
		t.Errorf("got %s → %s, want %s → %s", row.Source, row.Target, w.source, w.target)
	}
	if equal := w.cause == ""; row.Equal != equal {
		t.Errorf("got equal %v, want %v", row.Equal, equal)
	}
	if row.Intended != w.intended || !strings.Contains(row.Cause, w.cause) || w.cause == "" && row.Cause != "" {
		t.Errorf("got cause %q, intended %v; want %q, %v", row.Cause, row.Intended, w.cause, w.intended)
	}
}

// unintended gives the subjects of all rows that nobody asked for.
func unintended(report parity.Report) []string {
	var subjects []string
	for _, row := range report.Rows {
		if !row.Intended {
			subjects = append(subjects, row.Subject()+": "+row.Field)
		}
	}
	return slices.Compact(subjects)
}

func decideInventory(t testing.TB, inv inventory.Inventory) *plan.Plan {
	t.Helper()
	m, _, err := migration.Load("migration.yaml", []byte(declared))
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := plan.New(m, inv)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
