package inventory

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// topicKeys are the connector settings that name topics literally.
func topicKeys() []string {
	return []string{"topics", "topic", "kafka.topic", "database.history.kafka.topic"}
}

// connectors gives the KafkaConnectors of the cluster's Connect clusters, sorted by
// Connect cluster and name.
func (a *assembly) connectors(connects []Connect) []Connector {
	var all []Connector
	for _, d := range a.sorted("KafkaConnector") {
		if _, ok := runsOn(d.Label("strimzi.io/cluster"), d.Namespace(), connects); !ok {
			a.passed["KafkaConnector"]++
			continue
		}
		all = append(all, a.connector(d))
	}
	slices.SortStableFunc(all, func(x, y Connector) int {
		return cmp.Or(cmp.Compare(x.Cluster, y.Cluster), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Namespace, y.Namespace))
	})
	return all
}

func (a *assembly) connector(d document.Document) Connector {
	spec, departures := shapes.connector.Decode(d, "spec")
	// Strimzi 0.38 has a state in the place of pause.
	state := textAt(d.Root, "spec", "state")
	for _, departure := range departures {
		if departure.Where() != "spec.state" {
			a.findings.Add(departed(d, departure, "connector-malformed"))
		}
	}
	connector := Connector{
		Name: d.Name(), Cluster: d.Label("strimzi.io/cluster"), Namespace: d.Namespace(), Class: spec.Class,
		Paused: state == "paused" || state == "stopped",
		Topics: connectorTopics(document.At(d.Root, "spec", "config"), topicKeys()...),
	}
	if spec.TasksMax != nil {
		connector.TasksMax = *spec.TasksMax
	}
	if spec.Pause != nil && *spec.Pause {
		connector.Paused = true
	}
	return connector
}

// runsOn finds the Connect cluster that a connector's label names.
func runsOn(cluster, namespace string, connects []Connect) (Connect, bool) {
	for _, connect := range connects {
		if (connect.Kind == "KafkaConnect" || connect.Kind == "KafkaConnectS2I") &&
			connect.Name == cluster && together(connect.Namespace, namespace) {
			return connect, true
		}
	}
	return Connect{}, false
}

// connectorTopics gives the topics that settings name, sorted.
func connectorTopics(config *yaml.Node, keys ...string) []string {
	var topics []string
	for _, key := range keys {
		for _, topic := range strings.Split(textAt(config, key), ",") {
			topics = append(topics, strings.TrimSpace(topic))
		}
	}
	return unique(topics)
}
