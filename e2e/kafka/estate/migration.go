package estate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Phases of the estate.
const (
	// Drained is the one whose only gate is that all groups are drained.
	Drained = "120"
	// Align is the one that sets all groups to their proven offsets.
	Align = "130"
	// Retire is the one whose only gate compares the traffic of both clusters.
	Retire = "910"
)

// Write writes the migration of the estate into folder: migration.yaml and the export of the
// cluster, its topics, and the workload of each group.
func (e Estate) Write(folder string) error {
	export := filepath.Join(folder, "export")
	if err := os.MkdirAll(export, 0o700); err != nil {
		return fmt.Errorf("write migration: %w", err)
	}
	for _, file := range []struct{ path, text string }{
		{filepath.Join(folder, "migration.yaml"), e.migration()},
		{filepath.Join(export, "kafka.yaml"), kafka},
		{filepath.Join(export, "topics.yaml"), e.topics()},
		{filepath.Join(export, "workloads.yaml"), e.workloads()},
	} {
		if err := os.WriteFile(file.path, []byte(file.text), 0o600); err != nil {
			return fmt.Errorf("write migration: %w", err)
		}
	}
	return nil
}

func (e Estate) migration() string {
	var text strings.Builder
	text.WriteString(head)
	for i := range e.Groups {
		fmt.Fprintf(&text, "- {name: %s, tier: downstream, consumes: [%s], groups: [%s], source: {kind: Deployment, namespace: estate-apps}}\n",
			e.Group(i), strings.Join(e.TopicsOf(i), ", "), e.Group(i))
	}
	return text.String()
}

func (e Estate) topics() string {
	var text strings.Builder
	for i := range e.Topics {
		fmt.Fprintf(&text, topic, e.Topic(i), e.Partitions)
	}
	return text.String()
}

func (e Estate) workloads() string {
	var text strings.Builder
	for i := range e.Groups {
		fmt.Fprintf(&text, workload, e.Group(i), e.Group(i), e.Group(i))
	}
	return text.String()
}

const head = `apiVersion: cutover/v1alpha1
kind: Migration
metadata:
  name: estate
source:
  cluster: estate
  namespace: estate-kafka
  platform: openshift-3.11
  inventory: export
  bootstrapServers: estate-kafka-bootstrap.source.example:9092
  authentication: {type: scram-sha-512, username: cutover-mirror}
target:
  cluster: estate
  namespace: estate-streams
  distribution: amq-streams
  version: "1.8"
  platform: openshift-4.8
  storageClass: standard
  olm: {channel: amq-streams-1.8.x, startingCSV: amqstreams.v1.8.4, source: redhat-operators, sourceNamespace: openshift-marketplace}
retire: true
workloads:
`

const kafka = `apiVersion: kafka.strimzi.io/v1beta1
kind: Kafka
metadata: {name: estate, namespace: estate-kafka}
spec:
  kafka:
    version: 2.4.0
    replicas: 3
    listeners: {plain: {authentication: {type: scram-sha-512}}}
    storage: {type: ephemeral}
  zookeeper: {replicas: 1, storage: {type: ephemeral}}
  entityOperator: {topicOperator: {}}
`

const topic = `---
apiVersion: kafka.strimzi.io/v1beta1
kind: KafkaTopic
metadata: {name: %s, namespace: estate-kafka, labels: {strimzi.io/cluster: estate}}
spec: {partitions: %d, replicas: 1}
`

const workload = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: %s, namespace: estate-apps}
spec:
  replicas: 1
  selector: {matchLabels: {app: %s}}
  template:
    metadata: {labels: {app: %s}}
    spec: {containers: [{name: app, image: registry.example/app:1}]}
`
