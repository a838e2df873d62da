package strimzi

import (
	"fmt"
	"slices"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// kafkaVersions gives the Kafka versions that each target's operator has images of. A
// version of two numbers stands for all of its line. Sources: kafka-versions.yaml of
// Strimzi 0.22.1 and 0.24.0; STRIMZI_KAFKA_IMAGES of AMQ Streams 1.7.0 and 1.8.4, which are
// narrower.
func kafkaVersions() map[Distribution]map[string][]string {
	return map[Distribution]map[string][]string{
		AMQStreams: {"1.7": {"2.6", "2.7.0"}, "1.8": {"2.7.0", "2.8.0"}},
		Strimzi:    {"0.22": {"2.5.0", "2.5.1", "2.6.0", "2.6.1", "2.7.0"}, "0.24": {"2.7.0", "2.7.1", "2.8.0"}},
	}
}

// kafkaVersion finds a version of Kafka that the target's operator refuses to run. No
// schema tells it: the resource is accepted and stays NotReady.
func (l *linter) kafkaVersion() {
	path := "spec.version"
	switch l.kind {
	case "Kafka":
		path = "spec.kafka.version"
	case "KafkaConnect", "KafkaConnectS2I", "KafkaMirrorMaker", "KafkaMirrorMaker2":
	default:
		return
	}
	runs := tables.kafkaVersions[l.to.Distribution][l.to.Name]
	given, ok := find(l.doc.Root, path)
	if !ok || given.empty() {
		return
	}
	version := document.Text(given.value)
	if slices.ContainsFunc(runs, func(known string) bool {
		return version == known || strings.HasPrefix(version, known+".") && strings.Count(known, ".") == 1
	}) {
		return
	}
	l.add(finding.Warning, "kafka-version", given.value,
		fmt.Sprintf("%s is %s, and %s runs %s", path, version, l.to, strings.Join(runs, ", ")),
		fmt.Sprintf("set %s, or remove the field to have the operator's own default; its message format and protocol stay what config says", l.to.Kafka))
}
