package strimzi

import (
	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi/v1beta2"
)

// resource is an object of a kind whose spec is T. Metadata belongs to Kubernetes, and status
// to the operator, which writes it anew.
type resource[T any] struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   any    `json:"metadata"`
	Spec       T      `json:"spec"`
	Status     any    `json:"status"`
}

// check holds an object against the type of its kind.
type check func(document.Document, ...string) []document.Departure

// checks gives the check of every kind.
func checks() map[string]check {
	return map[string]check{
		"Kafka":             document.NewShape[resource[v1beta2.KafkaSpec]]().Departures,
		"KafkaBridge":       document.NewShape[resource[v1beta2.KafkaBridgeSpec]]().Departures,
		"KafkaConnect":      document.NewShape[resource[v1beta2.KafkaConnectSpec]]().Departures,
		"KafkaConnectS2I":   document.NewShape[resource[v1beta2.KafkaConnectS2ISpec]]().Departures,
		"KafkaConnector":    document.NewShape[resource[v1beta2.KafkaConnectorSpec]]().Departures,
		"KafkaMirrorMaker":  document.NewShape[resource[v1beta2.KafkaMirrorMakerSpec]]().Departures,
		"KafkaMirrorMaker2": document.NewShape[resource[v1beta2.KafkaMirrorMaker2Spec]]().Departures,
		"KafkaRebalance":    document.NewShape[resource[v1beta2.KafkaRebalanceSpec]]().Departures,
		"KafkaTopic":        document.NewShape[resource[v1beta2.KafkaTopicSpec]]().Departures,
		"KafkaUser":         document.NewShape[resource[v1beta2.KafkaUserSpec]]().Departures,
	}
}

// unknown finds what the API does not have, and values that its schema refuses by their type.
// What a rule, a table or a check of listeners has already told of is not told again.
func (l *linter) unknown() {
	depart, ok := tables.checks[l.kind]
	if !ok {
		return
	}
	for _, departure := range depart(l.doc) {
		switch {
		case l.told[departure.Node]:
		case departure.Unknown():
			l.add(finding.Warning, "field-unknown", departure.Node,
				"the API has no field "+departure.Where()+": the target's API drops it", departure.Hint)
		default:
			l.add(finding.Error, "value-wrong-type", departure.Node, departure.Message, departure.Hint)
		}
	}
}
