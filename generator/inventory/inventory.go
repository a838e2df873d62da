// Package inventory is the normalised picture of a source cluster: what runs on it,
// under which settings, and which evidence says so. It holds no secret value and no
// timestamp, and its order is stable, so that it can live in Git and be compared.
package inventory

import (
	"fmt"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// APIVersion and Kind head every inventory file.
const (
	APIVersion = "cutover/v1alpha1"
	Kind       = "Inventory"
)

// Inventory is the content of inventory.yaml.
type Inventory struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	// Evidence lists the kinds of evidence that were read, sorted.
	Evidence []Evidence `yaml:"evidence"`
	// Kafka is the source cluster.
	Kafka Kafka `yaml:"kafka"`
	// Topics are sorted by Kafka name, internal ones included.
	Topics []Topic `yaml:"topics"`
	// Users are sorted by name.
	Users []User `yaml:"users"`
	// Groups are sorted by name; empty unless the groups were described.
	Groups []Group `yaml:"groups,omitempty"`
	// Connects are the Kafka Connect, MirrorMaker and Bridge clusters, sorted by kind and name.
	Connects []Connect `yaml:"connects,omitempty"`
	// Connectors are the KafkaConnectors, sorted by Connect cluster and name.
	Connectors []Connector `yaml:"connectors,omitempty"`
	// Workloads are what was found to use the cluster, sorted by namespace, kind and name.
	Workloads []Workload `yaml:"workloads,omitempty"`
	// Secrets are sorted by namespace and name. Values are never kept.
	Secrets []Secret `yaml:"secrets,omitempty"`
	// ConfigMaps are those that the Kafka resource refers to, sorted by name.
	ConfigMaps []ConfigMap `yaml:"configMaps,omitempty"`
	// Gaps are the gates that stay unprovable because a running cluster did not show all,
	// sorted.
	Gaps []Gap `yaml:"gaps,omitempty"`
	// Findings are what reading the evidence found, sorted.
	Findings finding.List `yaml:"findings,omitempty"`
}

// Evidence is a kind of evidence that an inventory rests on.
type Evidence string

// The kinds of evidence, in the words of inventory.yaml.
const (
	Manifests      Evidence = "manifests"       // oc get … -o yaml
	TopicsDescribe Evidence = "topics-describe" // kafka-topics.sh --describe
	ConfigDescribe Evidence = "config-describe" // kafka-configs.sh --describe
	GroupsDescribe Evidence = "groups-describe" // kafka-consumer-groups.sh --describe --all-groups
	LiveAPI        Evidence = "live-api"        // a Kubernetes API server
	LiveKafka      Evidence = "live-kafka"      // the Kafka protocol
)

// Kafka is the Kafka resource of the source cluster.
type Kafka struct {
	Name      string `yaml:"name"`
	Namespace string `yaml:"namespace"`
	// APIVersion is the API version of Spec, as it was exported.
	APIVersion string `yaml:"apiVersion"`
	// Version is the Kafka version: spec.kafka.version, else the one the status or the
	// brokers tell, else "".
	Version string `yaml:"version,omitempty"`
	// Brokers and ZooKeepers count the nodes.
	Brokers    int32 `yaml:"brokers"`
	ZooKeepers int32 `yaml:"zookeepers"`
	// Listeners are sorted by name, with the addresses that status or routes tell.
	Listeners []Listener `yaml:"listeners"`
	// Config is the broker configuration: spec.kafka.config, and what kafka-configs.sh
	// describes as dynamic on top of it. Values are kept as text, exactly.
	Config map[string]string `yaml:"config,omitempty"`
	// Spec is the resource's spec as it was exported.
	Spec map[string]any `yaml:"spec"`
	// Document is the resource as it was read, with its lines; it is not written.
	Document document.Document `yaml:"-"`
}

// Resource gives the Kafka resource as a document: the one that was read, or, where the
// inventory was made otherwise, one made of Spec.
func (k Kafka) Resource() (document.Document, error) {
	if k.Document.Root != nil {
		return k.Document, nil
	}
	root, err := document.FromValue(map[string]any{
		"apiVersion": k.APIVersion, "kind": "Kafka",
		"metadata": map[string]any{"name": k.Name, "namespace": k.Namespace}, "spec": k.Spec,
	})
	if err != nil {
		return document.Document{}, fmt.Errorf("read Kafka %s/%s: %w", k.Namespace, k.Name, err)
	}
	return document.Document{File: "inventory.yaml", Root: root}, nil
}

// Listener is one listener of the source cluster, old object form or new array form.
type Listener struct {
	Name           string   `yaml:"name"`
	Port           int32    `yaml:"port"`
	Type           string   `yaml:"type"` // internal, route, loadbalancer, nodeport, ingress
	TLS            bool     `yaml:"tls"`
	Authentication string   `yaml:"authentication,omitempty"` // "", tls, scram-sha-512, oauth
	Addresses      []string `yaml:"addresses,omitempty"`      // host:port, bootstrap
}

// Topic is one topic, whether a KafkaTopic exists for it or not.
type Topic struct {
	// Name is the name that Kafka knows.
	Name string `yaml:"name"`
	// Resource is metadata.name of the KafkaTopic, or "" when there is none.
	Resource   string `yaml:"resource,omitempty"`
	Partitions int32  `yaml:"partitions"`
	Replicas   int32  `yaml:"replicas"`
	// Config is the dynamic topic configuration. Values are kept as text, exactly.
	Config map[string]string `yaml:"config,omitempty"`
	// Labels are those of the KafkaTopic that are not Strimzi's, Helm's or Argo CD's own.
	Labels map[string]string `yaml:"labels,omitempty"`
	// Transactional tells that transactional producers write to it, where that is known.
	Transactional bool `yaml:"transactional,omitempty"`
	// Seen lists the evidence for the topic, sorted.
	Seen []Evidence `yaml:"seen"`
}

// Group is one consumer group.
type Group struct {
	Name string `yaml:"name"`
	// State is Kafka's word: Stable, Empty, Dead …; "" where unknown.
	State string `yaml:"state,omitempty"`
	// Topics are those it has committed offsets of or is assigned, sorted.
	Topics []string `yaml:"topics,omitempty"`
}

// Connect is a Kafka Connect, MirrorMaker 1 or 2, or Bridge cluster on the source.
type Connect struct {
	Kind      string `yaml:"kind"`
	Name      string `yaml:"name"`
	Namespace string `yaml:"namespace"`
	Replicas  int32  `yaml:"replicas"`
	// Bootstrap is the address it connects to.
	Bootstrap string `yaml:"bootstrap,omitempty"`
	// User is the KafkaUser it authenticates as.
	User string `yaml:"user,omitempty"`
	// GroupID is the worker group.
	GroupID string `yaml:"groupId,omitempty"`
	// InternalTopics are its config, offset and status storage topics, sorted.
	InternalTopics []string `yaml:"internalTopics,omitempty"`
}

// Connector is one KafkaConnector.
type Connector struct {
	Name string `yaml:"name"`
	// Cluster is the KafkaConnect it runs on, from its label strimzi.io/cluster.
	Cluster   string `yaml:"cluster"`
	Namespace string `yaml:"namespace"`
	Class     string `yaml:"class"`
	TasksMax  int32  `yaml:"tasksMax,omitempty"`
	Paused    bool   `yaml:"paused,omitempty"`
	// Topics are those its configuration names, sorted.
	Topics []string `yaml:"topics,omitempty"`
}

// Workload is something of a team's that uses the cluster.
type Workload struct {
	Kind       string `yaml:"kind"`
	APIVersion string `yaml:"apiVersion"`
	Name       string `yaml:"name"`
	Namespace  string `yaml:"namespace"`
	// Replicas is spec.replicas; 1 for what has none; 0 for a suspended CronJob or paused connector.
	Replicas int32 `yaml:"replicas"`
	// User is the KafkaUser whose Secret it mounts or reads, where one was found.
	User string `yaml:"user,omitempty"`
	// Produces, Consumes and Groups are what the evidence shows, sorted.
	Produces []string `yaml:"produces,omitempty"`
	Consumes []string `yaml:"consumes,omitempty"`
	Groups   []string `yaml:"groups,omitempty"`
	// Because says why it is listed, one reason a line: "env KAFKA_BOOTSTRAP_SERVERS of
	// container app names freight-kafka-bootstrap:9093".
	Because []string `yaml:"because"`
}

// Secret is a Secret's shape, without its values.
type Secret struct {
	Name      string      `yaml:"name"`
	Namespace string      `yaml:"namespace"`
	Type      string      `yaml:"type"`
	Keys      []SecretKey `yaml:"keys"`
}

// SecretKey is one key of a Secret. Digest is a salted, slow digest (PBKDF2) by which two
// clusters' Secrets can be compared; it cannot be turned back into the value.
type SecretKey struct {
	Name   string `yaml:"name"`
	Digest string `yaml:"digest"`
}

// ConfigMap is a ConfigMap that the Kafka resource refers to for logging or metrics.
type ConfigMap struct {
	Name string            `yaml:"name"`
	Data map[string]string `yaml:"data"`
}
