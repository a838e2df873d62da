package inventory

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/inventory/transcript"
)

// merger brings the KafkaTopics of a cluster and what its brokers say together, by the
// names that Kafka knows.
type merger struct {
	*assembly
	topics   map[string]*Topic
	sources  map[string]topicResource
	inherits inheritance
	exact    map[string]described[transcript.Entity] // kafka-configs.sh, by topic
	deleting map[string]bool
}

// mergedTopics gives every topic of the cluster, sorted by name. Where a KafkaTopic and
// the brokers contradict each other the brokers are right, since they are what clients
// see, and a warning says so.
func (a *assembly) mergedTopics(broker map[string]string) []Topic {
	m := merger{
		assembly: a, inherits: inheritance(broker),
		topics: make(map[string]*Topic), sources: make(map[string]topicResource),
		exact: make(map[string]described[transcript.Entity]), deleting: make(map[string]bool),
	}
	for _, entity := range a.describedConfigs {
		if entity.item.Type == "topic" {
			m.exact[entity.item.Name] = entity
		}
	}
	m.declared()
	for _, topic := range a.describedTopics {
		m.observed(topic.file, topic.evidence, topic.item)
	}
	m.configured()
	m.incomplete()
	all := make([]Topic, 0, len(m.topics))
	for _, name := range slices.Sorted(maps.Keys(m.topics)) {
		topic := m.topics[name]
		slices.Sort(topic.Seen)
		topic.Seen = slices.Compact(topic.Seen)
		if len(topic.Config) == 0 {
			topic.Config = nil
		}
		all = append(all, *topic)
	}
	return all
}

// declared takes in the KafkaTopics that the cluster's Topic Operator looks after.
func (m *merger) declared() {
	resources := slices.SortedStableFunc(slices.Values(m.assembly.export.topics), func(x, y topicResource) int {
		return cmp.Or(cmp.Compare(x.namespace, y.namespace), cmp.Compare(x.resource, y.resource))
	})
	for _, resource := range resources {
		if resource.cluster != m.cluster || !together(resource.namespace, m.topicsIn) {
			m.passed["KafkaTopic"]++
			continue
		}
		name := resource.topic.Name
		if first, ok := m.sources[name]; ok {
			m.findings.Add(resource.origin.finding(finding.Error, "topic-declared-twice",
				fmt.Sprintf("Kafka topic %s is also declared by %s at %s", name, first.origin.object, first.origin.position()),
				"delete one of the two KafkaTopics on the source and export again"))
			continue
		}
		topic := resource.topic
		topic.Config = maps.Clone(topic.Config)
		topic.Seen = slices.Clone(resource.seen)
		m.sources[name], m.topics[name] = resource, &topic
	}
}

// observed takes in what kafka-topics.sh says of a topic.
func (m *merger) observed(file string, evidence Evidence, seen transcript.Topic) {
	if seen.Deleting {
		m.deleting[seen.Name] = true
		m.findings.Add(finding.Finding{
			Rule: "topic-deleting", Severity: finding.Warning, File: file, Line: seen.Line, Object: "topic " + seen.Name,
			Message: "the topic is marked for deletion and left out", Hint: "export again when it is gone",
		})
		delete(m.topics, seen.Name)
		return
	}
	topic, known := m.topics[seen.Name]
	if !known {
		m.topics[seen.Name] = &Topic{
			Name: seen.Name, Partitions: seen.Partitions, Replicas: seen.Replicas,
			Config: m.inherits.without(seen.Config), Seen: []Evidence{evidence},
		}
		return
	}
	m.count(topic, "partitions", &topic.Partitions, seen.Partitions, file, seen.Line)
	m.count(topic, "replicas", &topic.Replicas, seen.Replicas, file, seen.Line)
	if _, exact := m.exact[seen.Name]; !exact && topic.Resource != "" && seen.Config != nil {
		actual := m.inherits.without(seen.Config)
		for key := range topic.Config {
			if value, ok := seen.Config[key]; ok {
				actual[key] = value
			}
		}
		m.reconcile(topic, actual, file, seen.Line)
	}
	topic.Seen = append(topic.Seen, evidence)
}

func (m *merger) count(topic *Topic, what string, have *int32, actual int32, file string, line int) {
	if *have != actual && *have != 0 {
		m.contradiction(topic, fmt.Sprintf("%d %s, the brokers have %d (%s)", *have, what, actual, position(file, line)))
	}
	*have = actual
}

// configured takes in what kafka-configs.sh says of topics: exactly what is set on them.
func (m *merger) configured() {
	for _, name := range slices.Sorted(maps.Keys(m.exact)) {
		entity := m.exact[name]
		topic, known := m.topics[name]
		switch {
		case known && topic.Resource == "":
			topic.Config = entity.item.Config
		case known:
			m.reconcile(topic, entity.item.Config, entity.file, entity.item.Line)
		case m.deleting[name]:
			continue
		default:
			m.findings.Add(finding.Finding{
				Rule: "topic-unknown", Severity: finding.Warning, File: entity.file, Line: entity.item.Line, Object: "topic " + name,
				Message: "only its configuration is known, not its partitions; it is left out",
				Hint:    "add the output of kafka-topics.sh --describe",
			})
			continue
		}
		topic.Seen = append(topic.Seen, entity.evidence)
	}
}

// reconcile puts the configuration that the brokers have in place of the declared one.
func (m *merger) reconcile(topic *Topic, actual map[string]string, file string, line int) {
	var differing []string
	for _, key := range unique(slices.Concat(slices.Collect(maps.Keys(actual)), slices.Collect(maps.Keys(topic.Config)))) {
		value, set := actual[key]
		declared, wanted := topic.Config[key]
		switch {
		case set && wanted && value != declared:
			differing = append(differing, fmt.Sprintf("%s %s (brokers: %s)", key, declared, value))
		case set && !wanted:
			differing = append(differing, fmt.Sprintf("no %s (brokers: %s)", key, value))
		case wanted && !set:
			differing = append(differing, fmt.Sprintf("%s %s (brokers: not set)", key, declared))
		}
	}
	if len(differing) > 0 {
		m.contradiction(topic, fmt.Sprintf("%s, by %s", strings.Join(differing, ", "), position(file, line)))
		topic.Config = maps.Clone(actual)
	}
}

func (m *merger) contradiction(topic *Topic, what string) {
	resource, declared := m.sources[topic.Name]
	if !declared {
		m.findings.Add(finding.Finding{
			Rule: "topic-contradiction", Severity: finding.Warning, Object: "topic " + topic.Name,
			Message: "an earlier description says " + what + "; the later one is kept", Hint: "give one description of each topic",
		})
		return
	}
	m.findings.Add(resource.origin.finding(finding.Warning, "topic-contradiction",
		"the KafkaTopic says "+what+"; the brokers' word is kept",
		"see on the source why the Topic Operator does not bring the two together"))
}

// incomplete reports topics that nothing says the size of: v1beta2 allows KafkaTopics that
// leave it to the brokers' defaults.
func (m *merger) incomplete() {
	for name, topic := range m.topics {
		if topic.Partitions == 0 || topic.Replicas == 0 {
			m.findings.Add(m.sources[name].origin.finding(finding.Warning, "topic-size-unknown",
				"the KafkaTopic leaves partitions or replicas to the brokers' defaults",
				"add the output of kafka-topics.sh --describe"))
		}
	}
}
