package inventory

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// kafka reads the Kafka resource, with what status, routes and tools know beside it.
func (a *assembly) kafka() Kafka {
	if a.root.Root == nil {
		return a.bare()
	}
	spec := document.Child(a.root.Root, "spec")
	if document.Child(spec, "kafka") == nil {
		a.findings.Add(a.root.Finding("kafka-incomplete", "spec.kafka is missing",
			"export the whole resource: oc get kafka -o yaml", "spec"))
		return Kafka{}
	}
	kafka := Kafka{Name: a.cluster, Namespace: a.namespace, APIVersion: a.root.APIVersion(), Version: a.version()}
	kafka.Brokers = a.nodes("kafka")
	kafka.ZooKeepers = a.nodes("zookeeper")
	kafka.Listeners = a.listeners()
	config, refused := settings(document.At(spec, "kafka", "config"))
	if len(refused) > 0 {
		a.warn(a.root, "config-not-text", "spec.kafka.config holds lists or mappings, which Kafka cannot take: "+strings.Join(refused, ", "),
			"write them as one text, separated by commas", "spec", "kafka", "config")
	}
	if kafka.Config = a.brokerConfig(config); len(kafka.Config) == 0 {
		kafka.Config = nil
	}
	kafka.Spec, _ = document.Value(spec).(map[string]any)
	kafka.Document = resource(a.root.File, kafka, spec)
	return kafka
}

// nodes counts the brokers or the ZooKeeper nodes.
func (a *assembly) nodes(component string) int32 {
	n, ok := integer(document.At(a.root.Root, "spec", component, "replicas"))
	if !ok || n < 1 {
		a.warn(a.root, "nodes-unknown", fmt.Sprintf("spec.%s.replicas is no count of nodes", component),
			"set target.replicas in the Migration, or correct the export", "spec", component, "replicas")
		return 0
	}
	return n
}

var imageVersion = regexp.MustCompile(`kafka-([0-9]+\.[0-9]+\.[0-9]+)$`)

// version gives the Kafka version: what the resource asks for, what its status reports,
// what the operator noted on the brokers' StatefulSet, or what its image says, in turn.
func (a *assembly) version() string {
	noted := ""
	for _, d := range a.sorted("StatefulSet") {
		if d.Name() == a.cluster+"-kafka" && together(d.Namespace(), a.namespace) {
			noted = cmp.Or(noted,
				textAt(d.Root, "metadata", "annotations", "strimzi.io/kafka-version"),
				textAt(d.Root, "spec", "template", "metadata", "annotations", "strimzi.io/kafka-version"))
		}
	}
	image := imageVersion.FindStringSubmatch(textAt(a.root.Root, "spec", "kafka", "image"))
	version := cmp.Or(textAt(a.root.Root, "spec", "kafka", "version"), textAt(a.root.Root, "status", "kafkaVersion"), noted)
	if version == "" && image != nil {
		version = image[1]
	}
	if version == "" && a.brokers != nil {
		return a.brokers.Version
	}
	return version
}

// brokerConfig puts what is set dynamically over what the resource says: the brokers'
// common default first, then what every described broker agrees on. Where they do not
// agree there is no one value to keep.
func (a *assembly) brokerConfig(config map[string]string) map[string]string {
	if config == nil {
		config = make(map[string]string)
	}
	brokers, ownValues := 0, make(map[string][]string)
	for _, entity := range a.describedConfigs {
		switch {
		case entity.item.Type != "broker":
		case entity.item.Name == "":
			maps.Copy(config, entity.item.Config)
		default:
			brokers++
			for key, value := range entity.item.Config {
				ownValues[key] = append(ownValues[key], value)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(ownValues)) {
		values := ownValues[key]
		if len(values) == brokers && len(unique(slices.Clone(values))) == 1 {
			config[key] = values[0]
			continue
		}
		a.findings.Add(finding.Finding{
			Rule: "broker-config-differs", Severity: finding.Warning, Object: a.root.Describe(),
			Message: "the brokers do not agree on the dynamic configuration " + key,
			Hint:    "set it alike on all brokers, or set it under target.kafka in the Migration; it is left out of the inventory",
		})
	}
	return config
}
