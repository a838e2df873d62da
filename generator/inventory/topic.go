package inventory

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// topicResource is what an inventory needs of a KafkaTopic. Clusters have tens of
// thousands of them, so that their trees are not kept.
type topicResource struct {
	origin    origin
	cluster   string // label strimzi.io/cluster
	namespace string
	resource  string
	topic     Topic
	seen      []Evidence
}

// origin is where an object stands, for messages.
type origin struct {
	file   string
	line   int
	object string
}

func (o origin) position() string { return position(o.file, o.line) }

// position is FILE:LINE, or the name of a running cluster, which has no lines.
func position(file string, line int) string {
	return finding.Finding{File: file, Line: line}.Position()
}

// standsAt gives where an object stands.
func standsAt(d document.Document) string { return position(d.File, d.Line()) }

func (o origin) finding(severity finding.Severity, rule, message, hint string) finding.Finding {
	return finding.Finding{Rule: rule, Severity: severity, File: o.file, Line: o.line, Object: o.object, Message: message, Hint: hint}
}

// same tells whether two resources of one name say the same.
func (t topicResource) same(other topicResource) bool {
	return t.cluster == other.cluster && t.topic.Name == other.topic.Name &&
		t.topic.Partitions == other.topic.Partitions && t.topic.Replicas == other.topic.Replicas &&
		maps.Equal(t.topic.Config, other.topic.Config) && maps.Equal(t.topic.Labels, other.topic.Labels)
}

// addTopic takes in a KafkaTopic.
func (e *export) addTopic(d document.Document) {
	topic, ok := e.parseTopic(d)
	if !ok {
		return
	}
	id := identityOf(d)
	if i, seen := e.seenCRs[id]; seen {
		first := &e.topics[i]
		if !slices.Contains(first.seen, e.reading) {
			first.seen = append(first.seen, e.reading)
		}
		if !first.same(topic) && !live(d) {
			f := d.Finding("object-differs",
				fmt.Sprintf("the object also stands at %s, with other content", first.origin.position()),
				"keep the newer of the two exports")
			if first.origin.file == apiFile {
				f.Severity = finding.Warning
				f.Message += "; the first one counts"
			}
			e.findings.Add(f)
		}
		return
	}
	e.seenCRs[id] = len(e.topics)
	e.topics = append(e.topics, topic)
}

func (e *export) parseTopic(d document.Document) (topicResource, bool) {
	topic := Topic{Name: d.Name(), Resource: d.Name(), Labels: ownLabels(d)}
	spec, departures := shapes.topic.Decode(d, "spec")
	for _, departure := range departures {
		rule := "topic-malformed"
		if where := departure.Where(); where == "spec.partitions" || where == "spec.replicas" {
			rule = "topic-count"
		}
		e.findings.Add(departed(d, departure, rule))
	}
	if name := document.At(d.Root, "spec", "topicName"); document.Text(name) != "" {
		if document.Ambiguous(name) {
			e.findings.Add(d.Finding("yaml-boolean-name",
				fmt.Sprintf("spec.topicName is written as %s, which YAML 1.1 readers take for a boolean or a number", name.Value),
				fmt.Sprintf("quote it: topicName: %q", name.Value), "spec", "topicName"))
			return topicResource{}, false
		}
		topic.Name = name.Value
	}
	for _, count := range []struct {
		key   string
		given *int32
		into  *int32
	}{{"partitions", spec.Partitions, &topic.Partitions}, {"replicas", spec.Replicas, &topic.Replicas}} {
		if count.given == nil {
			continue
		}
		if *count.given < 1 {
			e.findings.Add(d.Finding("topic-count", fmt.Sprintf("spec.%s is no whole number above zero", count.key),
				"correct it to the count that kafka-topics.sh --describe prints", "spec", count.key))
			return topicResource{}, false
		}
		*count.into = *count.given
	}
	config, refused := settings(document.At(d.Root, "spec", "config"))
	if len(refused) > 0 {
		e.findings.Add(d.Finding("config-not-text", "spec.config holds lists or mappings, which Kafka cannot take: "+strings.Join(refused, ", "),
			"write them as one text, separated by commas: cleanup.policy: compact,delete", "spec", "config"))
		return topicResource{}, false
	}
	topic.Config = config
	return topicResource{
		origin: origin{d.File, d.Line(), d.Describe()}, cluster: d.Label("strimzi.io/cluster"),
		namespace: d.Namespace(), resource: d.Name(), topic: topic, seen: []Evidence{e.reading},
	}, true
}

// ownLabels gives an object's labels without those that Strimzi, Helm and Argo CD steer
// by: on the target they would claim what others own.
func ownLabels(d document.Document) map[string]string {
	labels, _ := settings(document.At(d.Root, "metadata", "labels"))
	helm := labels["heritage"] == "Helm" || labels["heritage"] == "Tiller"
	maps.DeleteFunc(labels, func(key, _ string) bool {
		switch key {
		case "app.kubernetes.io/managed-by", "app.kubernetes.io/instance", "helm.sh/chart":
			return true
		case "heritage", "release", "chart":
			return helm
		}
		return strings.HasPrefix(key, "strimzi.io/") || strings.HasPrefix(key, "argocd.argoproj.io/")
	})
	if len(labels) == 0 {
		return nil
	}
	return labels
}
