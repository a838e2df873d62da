package inventory

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

const strimziGroup = "kafka.strimzi.io"

// groups gives the API groups under which a kind is read; none for kinds that an
// inventory has no use for. OpenShift served its own kinds in the core group at first.
func groups(kind string) []string {
	switch kind {
	case "Kafka", "KafkaTopic", "KafkaUser", "KafkaConnect", "KafkaConnectS2I", "KafkaConnector",
		"KafkaMirrorMaker", "KafkaMirrorMaker2", "KafkaBridge":
		return []string{strimziGroup}
	case "Secret", "ConfigMap", "Service":
		return []string{""}
	case "Deployment", "StatefulSet", "DaemonSet":
		return []string{"apps", "extensions"}
	case "CronJob":
		return []string{"batch"}
	case "DeploymentConfig":
		return []string{"apps.openshift.io", ""}
	case "Route":
		return []string{"route.openshift.io", ""}
	}
	return nil
}

// ObjectKind is a kind of object that an inventory reads, and the API groups it is read under: of
// those that an API server serves, the first.
type ObjectKind struct {
	Name   string
	Groups []string
}

// ObjectKinds gives the kinds that an inventory reads, in a fixed order.
func ObjectKinds() []ObjectKind {
	var all []ObjectKind
	for _, name := range []string{
		"Kafka", "KafkaTopic", "KafkaUser", "KafkaConnect", "KafkaConnectS2I", "KafkaConnector", "KafkaMirrorMaker", "KafkaMirrorMaker2", "KafkaBridge",
		"Secret", "ConfigMap", "Service", "Route", "Deployment", "StatefulSet", "DaemonSet", "DeploymentConfig", "CronJob",
	} {
		all = append(all, ObjectKind{name, groups(name)})
	}
	return all
}

func wanted(d document.Document) bool { return slices.Contains(groups(d.Kind()), d.Group()) }

// trim takes out what the API server adds to an object, and its status unless it is the
// Kafka resource's, which knows addresses and the version.
func trim(d document.Document) {
	if d.Kind() != "Kafka" {
		document.Remove(d.Root, "status")
	}
	metadata := document.Child(d.Root, "metadata")
	for _, key := range []string{"managedFields", "resourceVersion", "uid", "selfLink", "generation", "creationTimestamp"} {
		document.Remove(metadata, key)
	}
	annotations := document.Child(metadata, "annotations")
	document.Remove(annotations, "kubectl.kubernetes.io/last-applied-configuration")
	document.Remove(annotations, "deployment.kubernetes.io/revision")
}

// same tells whether two trees say the same, in whatever order, style or, on the top
// level, API version: exports that overlap repeat objects.
func same(a, b *yaml.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || len(a.Content) != len(b.Content) {
		return false
	}
	switch a.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(a.Content); i += 2 {
			key := a.Content[i].Value
			if !document.Has(b, key) || (!same(a.Content[i+1], document.Child(b, key))) {
				return false
			}
		}
		return true
	case yaml.SequenceNode:
		return slices.EqualFunc(a.Content, b.Content, same)
	}
	return a.Tag == b.Tag && a.Value == b.Value
}

// repeats tells whether two objects of one name are the same but for status and version.
func repeats(a, b document.Document) bool {
	for _, key := range []string{"metadata", "spec", "data", "stringData", "type"} {
		if !same(document.Child(a.Root, key), document.Child(b.Root, key)) {
			return false
		}
	}
	return true
}
