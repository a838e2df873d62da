package plan_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/plan"
	"cutover/generator/strimzi"
	"cutover/generator/strimzi/v1beta2"
)

// declared is a migration without fault, in two batches. Tests change it by replacing parts.
const declared = `apiVersion: cutover/v1alpha1
kind: Migration
metadata:
  name: freight
source:
  cluster: old
  namespace: kafka
  platform: openshift-3.11
  bootstrapServers: kafka.example:443
  tls:
    trustedCertificates:
    - {secretName: old-ca, certificate: ca.crt}
  authentication:
    type: scram-sha-512
    username: mirror
target:
  cluster: new
  namespace: streams
  distribution: amq-streams
  version: "1.8"
  platform: openshift-4.8
  storageClass: fast
  olm: {channel: amq-streams-1.8.x, startingCSV: amqstreams.v1.8.4}
mirror: {}
workloads:
- name: gateway
  tier: ingest
  produces: [orders]
  source: {kind: Deployment, namespace: apps}
- name: ticker
  tier: upstream
  produces: [ticks]
  source: {kind: CronJob, namespace: apps}
- name: validator
  tier: upstream
  consumes: [orders, ticks]
  produces: [accepted]
  groups: [validator]
  source: {kind: DeploymentConfig, namespace: apps}
- name: release
  tier: dam
  consumes: [accepted]
  produces: [released]
  groups: [release]
  source: {kind: StatefulSet, namespace: apps}
- name: notifier
  tier: downstream
  consumes: [released]
  groups: [notifier]
  source: {kind: Deployment, namespace: apps}
- name: ledger-source
  tier: ingest
  produces: [ledger]
  source: {kind: KafkaConnector}
- name: invoices
  tier: downstream
  consumes: [ledger]
  groups: [invoices]
  source: {kind: Deployment, namespace: billing}
batches:
- name: operations
  workloads: [gateway, ticker, validator, release, notifier]
- name: billing
  workloads: [ledger-source, invoices]
accept:
- {rule: connector-offsets, reason: the team copies it}
`

const kafkaSpec = `
kafka:
  version: 2.4.0
  replicas: 3
  listeners:
    plain: {}
    tls:
      authentication: {type: scram-sha-512}
    external:
      type: route
      overrides:
        bootstrap: {host: kafka.example}
        brokers:
        - {broker: 0, host: b0.example, advertisedHost: a0.example, advertisedPort: 443}
      configuration:
        brokerCertChainAndKey: {secretName: cert, certificate: tls.crt, key: tls.key}
  authorization: {type: simple, superUsers: [CN=root]}
  config:
    log.retention.hours: 72
    offsets.topic.replication.factor: 3
    transaction.state.log.replication.factor: 3
    transaction.state.log.min.isr: 2
    inter.broker.protocol.version: "2.4"
    log.message.format.version: "2.4"
  storage:
    type: jbod
    volumes:
    - {id: 0, type: persistent-claim, size: 100Gi, class: gp2, deleteClaim: false, selector: {disk: ssd}}
    - {id: 1, type: persistent-claim, size: 100Gi, overrides: [{broker: 0, class: gp3}]}
  metrics: {lowercaseOutputName: true}
zookeeper:
  replicas: 3
  storage: {type: persistent-claim, size: 10Gi, class: gp2}
entityOperator:
  topicOperator: {}
  userOperator: {}
`

// parse reads YAML as plain values.
func parse(t testing.TB, text string) map[string]any {
	t.Helper()
	value, err := document.ParseValue("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	object, _ := value.(map[string]any)
	return object
}

func withSpec(t testing.TB, text string) inventory.Kafka {
	t.Helper()
	return inventory.Kafka{
		Name: "old", Namespace: "kafka", APIVersion: "kafka.strimzi.io/v1beta1", Version: "2.4.0", Brokers: 3, ZooKeepers: 3,
		Config: map[string]string{"log.retention.hours": "72"}, Spec: parse(t, text),
	}
}

func topic(name string, config ...string) inventory.Topic {
	t := inventory.Topic{Name: name, Resource: strimzi.ResourceName(name), Partitions: 6, Replicas: 3, Config: map[string]string{}}
	for i := 0; i < len(config); i += 2 {
		t.Config[config[i]] = config[i+1]
	}
	return t
}

func scram(name string) inventory.User {
	return inventory.User{Name: name, Secret: name, Spec: v1beta2.KafkaUserSpec{Authentication: &v1beta2.KafkaUserAuthentication{Type: "scram-sha-512"}}}
}

func runs(kind, namespace, name string, replicas int32) inventory.Workload {
	return inventory.Workload{Kind: kind, Namespace: namespace, Name: name, Replicas: replicas, Because: []string{"env BOOTSTRAP"}}
}

// found is the inventory that declared speaks of.
func found(t testing.TB) inventory.Inventory {
	t.Helper()
	return inventory.Inventory{
		APIVersion: inventory.APIVersion, Kind: inventory.Kind, Kafka: withSpec(t, kafkaSpec),
		Topics: []inventory.Topic{topic("__consumer_offsets"), topic("accepted"), topic("ledger"), topic("orders"), topic("released"), topic("ticks")},
		Users:  []inventory.User{scram("gateway"), scram("validator")},
		Workloads: []inventory.Workload{
			runs("CronJob", "apps", "ticker", 1), runs("Deployment", "apps", "gateway", 2), runs("Deployment", "apps", "notifier", 4),
			runs("DeploymentConfig", "apps", "validator", 3), runs("StatefulSet", "apps", "release", 1),
			runs("Deployment", "billing", "invoices", 2), runs("KafkaConnector", "kafka", "ledger-source", 1),
		},
	}
}

func load(t testing.TB, text string) *migration.Migration {
	t.Helper()
	m, _, err := migration.Load("migration.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// change replaces parts of declared, which must be there.
func change(t testing.TB, pairs ...string) string {
	t.Helper()
	text := declared
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the migration has no %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// decide makes a plan that must be free of errors.
func decide(t testing.TB, text string, inv inventory.Inventory) (*plan.Plan, finding.List) {
	t.Helper()
	p, findings, err := plan.New(load(t, text), inv)
	if err != nil {
		t.Fatal(err)
	}
	return p, findings
}

// refuse makes a plan that must be refused, and gives the errors.
func refuse(t testing.TB, text string, inv inventory.Inventory) finding.List {
	t.Helper()
	_, _, err := plan.New(load(t, text), inv)
	if err == nil {
		t.Fatal("it is taken without an error")
	}
	errs := finding.From(err)
	if len(errs) == 0 {
		t.Fatalf("the error carries no finding: %v", err)
	}
	return errs
}

// about gives the findings of a rule on an object.
func about(findings finding.List, rule, object string) finding.List {
	var all finding.List
	for _, f := range findings {
		if f.Rule == rule && f.Object == object {
			all = append(all, f)
		}
	}
	return all
}

func wantOne(t testing.TB, findings finding.List, rule, object string, severity finding.Severity) finding.Finding {
	t.Helper()
	all := about(findings, rule, object)
	if len(all) != 1 {
		t.Fatalf("got %d findings %s on %q, want one: %v", len(all), rule, object, findings)
	}
	if all[0].Severity != severity || all[0].Message == "" || all[0].Hint == "" {
		t.Errorf("got %+v, want severity %s, a message and a hint", all[0], severity)
	}
	return all[0]
}

func topicNamed(t testing.TB, p *plan.Plan, name string) plan.Topic {
	t.Helper()
	i := slices.IndexFunc(p.Topics, func(topic plan.Topic) bool { return topic.Name == name })
	if i < 0 {
		t.Fatalf("the plan has no topic %s", name)
	}
	return p.Topics[i]
}

// at follows keys into plain values.
func at(value any, keys ...string) any {
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

func TestThePlanOfTheseTestsHasNothingOpen(t *testing.T) {
	_, findings := decide(t, declared, found(t))
	if open := findings.Open(); len(open) > 0 {
		t.Errorf("got %v", open)
	}
}

func specOf(t testing.TB, conversion strimzi.Conversion) map[string]any {
	t.Helper()
	resource := conversion.Objects[len(conversion.Objects)-1]
	spec, ok := document.Value(document.Child(resource.Root, "spec")).(map[string]any)
	if !ok {
		t.Fatal("the converted resource has no spec")
	}
	return spec
}
