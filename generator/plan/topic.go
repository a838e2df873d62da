package plan

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/strimzi"
)

// Topic is one KafkaTopic of the target.
type Topic struct {
	// Name is the Kafka name, Resource metadata.name.
	Name, Resource string
	Partitions     int32
	Replicas       int32
	// Config holds every value as text, exactly.
	Config map[string]string
	Labels map[string]string
	// Transactional tells that transactional producers are known to write to it.
	Transactional bool
	// NotMirrored is the reason for which MirrorMaker 2 passes it over, or "".
	NotMirrored string
	// Source is the topic as the inventory found it.
	Source inventory.Topic
}

// Left is a topic or a user of the source that is not created on the target.
type Left struct {
	Name, Because string
}

func (p *Plan) decideTopics() finding.List {
	var findings finding.List
	filter := newFilter(p.Migration.Topics.Include, p.Migration.Topics.Exclude)
	internal := p.connectTopics()
	byResource := make(map[string]string)
	overrides := newOverrides(p.Migration.Topics.Overrides)
	for _, source := range p.Inventory.Topics {
		if because := leftBehind(source.Name, internal, filter); because != "" {
			p.Left = append(p.Left, Left{source.Name, because})
			continue
		}
		topic, found := p.planTopic(source, overrides)
		findings.Add(found...)
		if other, ok := byResource[topic.Resource]; ok {
			findings.Add(finding.Finding{Rule: "topic-resource-twice", Severity: finding.Error, Object: "topic " + topic.Name,
				Message: fmt.Sprintf("its KafkaTopic would be called %s, as that of topic %s", topic.Resource, other),
				Hint:    "rename one of the KafkaTopics on the source, or exclude one topic"})
		}
		byResource[topic.Resource] = topic.Name
		p.Topics = append(p.Topics, topic)
	}
	findings.Add(p.checkWorkloadTopics()...)
	findings.Add(p.checkOverridesHit()...)
	return findings
}

func leftBehind(name string, connect map[string]string, filter filter) string {
	if owner := strimzi.InternalOwner(name); owner != "" {
		return "internal to " + owner
	}
	if owner := connect[name]; owner != "" {
		return "internal to " + owner
	}
	return filter.refuses(name)
}

// connectTopics maps the storage topics of Connect, MirrorMaker and Bridge clusters to
// their owners.
func (p *Plan) connectTopics() map[string]string {
	owners := make(map[string]string)
	for _, connect := range p.Inventory.Connects {
		for _, topic := range connect.InternalTopics {
			owners[topic] = connect.Kind + " " + connect.Name
		}
	}
	return owners
}

func (p *Plan) planTopic(source inventory.Topic, overrides overrides) (Topic, finding.List) {
	topic := Topic{
		Name: source.Name, Resource: source.Resource, Partitions: source.Partitions, Replicas: source.Replicas,
		Config: maps.Clone(source.Config), Labels: source.Labels, Transactional: source.Transactional,
		NotMirrored: strimzi.NotMirrored(source.Name), Source: source,
	}
	if topic.Resource == "" {
		topic.Resource = strimzi.ResourceName(topic.Name)
	}
	findings := p.dropFormatVersion(&topic)
	overrides.apply(&topic)
	return topic, append(findings, p.checkTopic(topic)...)
}

// dropFormatVersion takes away a topic's pin to an older message format: on a fresh cluster
// no client is older than the brokers' own format, and the pin costs a conversion a fetch.
func (p *Plan) dropFormatVersion(topic *Topic) finding.List {
	format, pinned := topic.Config["message.format.version"]
	if !pinned {
		return nil
	}
	delete(topic.Config, "message.format.version")
	return finding.List{{Rule: "topic-format-version", Severity: finding.Note, Object: "topic " + topic.Name,
		Message: fmt.Sprintf("message.format.version %s does not travel; the target's topics use %s", format, p.Version.Protocol),
		Hint:    "set it under topics.overrides if a client older than that reads the topic"}}
}

func (p *Plan) checkTopic(topic Topic) finding.List {
	var findings finding.List
	object := "topic " + topic.Name
	if topic.Replicas > p.Brokers() {
		f := p.Migration.Finding("topic-replicas", fmt.Sprintf("it has %d replicas, the target %d brokers", topic.Replicas, p.Brokers()),
			"raise target.replicas, or set replicas for it under topics.overrides", "target", "replicas")
		f.Object = object
		findings.Add(f)
	}
	if topic.Partitions < 1 || topic.Replicas < 1 {
		findings.Add(finding.Finding{Rule: "topic-incomplete", Severity: finding.Error, Object: object,
			Message: fmt.Sprintf("the inventory tells %d partitions and %d replicas", topic.Partitions, topic.Replicas),
			Hint:    "add the output of kafka-topics.sh --describe to the export"})
	}
	if isr, err := strconv.Atoi(topic.Config["min.insync.replicas"]); err == nil && topic.Replicas > 0 && int32(isr) > topic.Replicas { //nolint:gosec // a small number
		f := p.Migration.Finding("topic-min-insync", fmt.Sprintf("min.insync.replicas %d exceeds its %d replicas: no acks=all write would succeed", isr, topic.Replicas),
			"set min.insync.replicas for it under topics.overrides", "topics", "overrides")
		f.Object = object
		findings.Add(f)
	}
	if topic.NotMirrored != "" {
		findings.Add(finding.Finding{Rule: "topic-not-mirrored", Severity: finding.Warning, Object: object,
			Message: "MirrorMaker 2 never copies it, since " + topic.NotMirrored + "; it is created on the target, empty",
			Hint:    "exclude it, or accept the finding with how its content gets across"})
	}
	if topic.Config["message.timestamp.type"] == "LogAppendTime" {
		findings.Add(finding.Finding{Rule: "topic-log-append-time", Severity: finding.Warning, Object: object,
			Message: "with LogAppendTime the mirror's writes get new timestamps: retention begins anew and history loses its times",
			Hint:    "override message.timestamp.type to CreateTime until the mirror has stopped, or accept the finding"})
	}
	return findings
}

func (p *Plan) checkWorkloadTopics() finding.List {
	known := make(map[string]bool, len(p.Topics))
	for _, topic := range p.Topics {
		known[topic.Name] = true
	}
	left := make(map[string]string, len(p.Left))
	for _, topic := range p.Left {
		left[topic.Name] = topic.Because
	}
	var findings finding.List
	for i, w := range p.Migration.Workloads {
		for _, topic := range slices.Concat(w.Produces, w.Consumes) {
			if known[topic] {
				continue
			}
			message := fmt.Sprintf("workload %s uses topic %s, which the inventory does not know", w.Name, topic)
			if because := left[topic]; because != "" {
				message = fmt.Sprintf("workload %s uses topic %s, which stays behind: %s", w.Name, topic, because)
			}
			f := p.Migration.Warning("workload-topic", message, "correct the name, include the topic, or read a newer export", "workloads", strconv.Itoa(i))
			f.Object = "topic " + topic
			findings.Add(f)
		}
	}
	return findings
}

func (p *Plan) checkOverridesHit() finding.List {
	var findings finding.List
	for i, override := range p.Migration.Topics.Overrides {
		matches := newMatcher(override.Name, override.Pattern)
		if !slices.ContainsFunc(p.Topics, func(t Topic) bool { return matches(t.Name) }) {
			findings.Add(p.Migration.Warning("override-without-topic",
				fmt.Sprintf("topics.overrides names %s%s, which no topic that moves matches", override.Name, override.Pattern),
				"correct or drop the override", "topics", "overrides", strconv.Itoa(i)))
		}
	}
	return findings
}

// overrides apply the topic overrides of a migration in their order.
type overrides []struct {
	matches  func(string) bool
	override migration.TopicOverride
}

func newOverrides(list []migration.TopicOverride) overrides {
	var all overrides
	for _, override := range list {
		all = append(all, struct {
			matches  func(string) bool
			override migration.TopicOverride
		}{newMatcher(override.Name, override.Pattern), override})
	}
	return all
}

func (o overrides) apply(topic *Topic) {
	for _, entry := range o {
		if !entry.matches(topic.Name) {
			continue
		}
		if entry.override.Replicas > 0 {
			topic.Replicas = entry.override.Replicas
		}
		if entry.override.Transactional != nil {
			topic.Transactional = *entry.override.Transactional
		}
		for key, value := range entry.override.Config {
			if value == nil {
				delete(topic.Config, key)
				continue
			}
			if topic.Config == nil {
				topic.Config = make(map[string]string)
			}
			topic.Config[key] = fmt.Sprint(value)
		}
	}
}

func newMatcher(name, pattern string) func(string) bool {
	if pattern == "" {
		return func(candidate string) bool { return candidate == name }
	}
	return whole(pattern).MatchString
}

// whole compiles a pattern that has to match a whole name; the migration's check has
// already refused those that do not compile.
func whole(pattern string) *regexp.Regexp { return regexp.MustCompile("^(?:" + pattern + ")$") }

// filter is a pair of include and exclude lists over whole names.
type filter struct {
	include, exclude []*regexp.Regexp
}

func newFilter(include, exclude []string) filter {
	var f filter
	for _, pattern := range include {
		f.include = append(f.include, whole(pattern))
	}
	for _, pattern := range exclude {
		f.exclude = append(f.exclude, whole(pattern))
	}
	return f
}

// refuses gives the reason for which a name stays behind, or "".
func (f filter) refuses(name string) string {
	matches := func(r *regexp.Regexp) bool { return r.MatchString(name) }
	if len(f.include) > 0 && !slices.ContainsFunc(f.include, matches) {
		return "not included by migration.yaml"
	}
	if slices.ContainsFunc(f.exclude, matches) {
		return "excluded by migration.yaml"
	}
	return ""
}
