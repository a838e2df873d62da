package kafka_test

import (
	"fmt"
	"slices"

	"cutover/e2e/kafka/operator"
	"cutover/e2e/kafka/prometheus"
)

// targets are what exports metrics, with the labels that Strimzi gives pods and services.
func (w *watched) targets() []prometheus.Target {
	source := place{"ferry-kafka", "ferry"}
	target := place{"ferry-streams", "ferry"}
	all := append(w.kafka(w.source, source), w.kafka(w.target, target)...)
	if mirror := w.target.Mirror(forward); mirror != nil {
		for i, address := range mirror.Metrics() {
			all = append(all, place{target.namespace, forward}.pod("KafkaMirrorMaker2", "mirrormaker2", fmt.Sprintf("mirrormaker2-7d9c5-%d", i), service{}, address))
		}
	}
	return slices.DeleteFunc(all, func(t prometheus.Target) bool { return t.Address == "" })
}

// kafka are the pods of a Kafka resource.
func (w *watched) kafka(cluster *operator.Cluster, p place) []prometheus.Target {
	if cluster.Brokers == nil {
		return nil
	}
	var all []prometheus.Target
	for id, address := range cluster.Brokers.Metrics() {
		all = append(all, p.pod("Kafka", "kafka", fmt.Sprintf("kafka-%d", id), service{"kafka-bootstrap", "kafka"}, address))
	}
	all = append(all, p.pod("Kafka", "zookeeper", "zookeeper-0", service{"zookeeper-client", "zookeeper-client"}, cluster.Brokers.ZooKeeperMetrics()))
	if e := w.exporters[cluster]; e != nil {
		all = append(all, p.pod("Kafka", "kafka-exporter", "kafka-exporter-5b7f4-x", service{"kafka-exporter", "kafka-exporter"}, e.Address()))
	}
	return all
}

// place is where a Strimzi resource is.
type place struct{ namespace, resource string }

// service is one that has the metrics' port. Strimzi 0.17 labels the bootstrap service, which
// clients may discover, with the component's name, and others with their own.
type service struct{ name, label string }

// pod is one pod of a resource's component.
func (p place) pod(kind, component, name string, s service, address string) prometheus.Target {
	labels := func(name string) map[string]string {
		return map[string]string{"strimzi.io/cluster": p.resource, "strimzi.io/kind": kind, "strimzi.io/name": p.resource + "-" + name}
	}
	return prometheus.Target{
		Address: address, Namespace: p.namespace, Pod: p.resource + "-" + name, Container: component, Port: "tcp-prometheus",
		Labels: labels(component), Service: p.resource + "-" + s.name, ServiceLabels: labels(s.label),
	}
}
