package parity

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"cutover/generator/inventory"
	"cutover/generator/plan"
	"cutover/generator/strimzi"
)

const existence = "existence"

// present is the value of an object's existence.
func present(exists bool) Value {
	if !exists {
		return Value{}
	}
	return Text("exists")
}

// topics compares every topic of either cluster.
func (r *Report) topics(p *plan.Plan) {
	overrides := newTopicOverrides(p.Migration.Topics.Overrides)
	moving := make(map[string]*plan.Topic, len(p.Topics))
	for i := range p.Topics {
		moving[p.Topics[i].Name] = &p.Topics[i]
	}
	left := reasons(p.Left)
	known := make(map[string]*inventory.Topic, len(p.Inventory.Topics))
	for i := range p.Inventory.Topics {
		known[p.Inventory.Topics[i].Name] = &p.Inventory.Topics[i]
	}
	for _, name := range names(known, moving) {
		source, target := known[name], moving[name]
		row := Row{What: Topic, Object: name, Field: existence, Source: present(source != nil), Target: present(target != nil)}
		r.add(row, func() cause { return stays(left, name) })
		if source != nil && target != nil {
			r.topic(*source, *target, overrides)
		}
	}
}

// stays gives the reason for which something is left behind.
func stays(left map[string]string, name string) cause {
	if because := left[name]; because != "" {
		return cause{because, true}
	}
	return nobody()
}

func (r *Report) topic(source inventory.Topic, target plan.Topic, overrides topicOverrides) {
	row := func(field string, was, is Value) Row {
		return Row{Topic, target.Name, field, was, is, false, "", false}
	}
	r.add(row("KafkaTopic", notEmpty(source.Resource), notEmpty(target.Resource)), func() cause {
		if source.Resource == "" && target.Resource == strimzi.ResourceName(target.Name) {
			return cause{"the source has no KafkaTopic for it; named as Strimzi's Topic Operator names one", true}
		}
		return nobody()
	})
	r.add(row("partitions", count(source.Partitions), count(target.Partitions)), nobody)
	r.add(row("replicas", count(source.Replicas), count(target.Replicas)), func() cause {
		if because, ok := overrides.replicas(target.Name, target.Replicas); ok {
			return because
		}
		return nobody()
	})
	for _, key := range names(source.Config, target.Config) {
		was, is := lookup(source.Config, key), lookup(target.Config, key)
		r.add(row("config."+key, was, is), func() cause { return topicCause(overrides, target.Name, key, is) })
	}
	for _, key := range names(source.Labels, target.Labels) {
		r.add(row("labels."+key, lookup(source.Labels, key), lookup(target.Labels, key)), nobody)
	}
}

const formatVersion = "message.format.version"

// topicCause says why a topic's own setting differs.
func topicCause(overrides topicOverrides, topic, key string, target Value) cause {
	because, ok := overrides.config(topic, key, target)
	switch {
	case ok:
		return because
	case key == formatVersion && !target.set:
		return cause{"format version dropped: a new topic has the format of its brokers, and a pin costs a conversion a fetch", true}
	}
	return nobody()
}

// names gives the sorted union of the keys of two mappings.
func names[A, B any](a map[string]A, b map[string]B) []string {
	all := make([]string, 0, len(a)+len(b))
	all = slices.AppendSeq(all, maps.Keys(a))
	for key := range b {
		if _, both := a[key]; !both {
			all = append(all, key)
		}
	}
	slices.SortFunc(all, strings.Compare)
	return all
}

func reasons(left []plan.Left) map[string]string {
	because := make(map[string]string, len(left))
	for _, l := range left {
		because[l.Name] = l.Because
	}
	return because
}

func lookup(config map[string]string, key string) Value {
	text, set := config[key]
	return Value{text, set}
}

func notEmpty(text string) Value { return Value{text, text != ""} }

func count(n int32) Value { return Text(strconv.Itoa(int(n))) }
