package inventory

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// direction is what a setting says about the topics or groups that it names.
type direction int

const (
	unrelated  direction = iota
	undirected           // it names topics, but not which way records go
	produces
	consumes
	inGroup
	asUser
	guarantees // Kafka Streams' processing.guarantee
	transacts  // it makes the producer transactional
)

// rule tells the direction of settings whose canonical key it matches.
type rule struct {
	key       *regexp.Regexp
	direction direction
}

// namedSettings are settings that a framework gives a meaning to: Kafka's own clients and
// Streams, Spring for Kafka and Cloud Stream, MicroProfile Reactive Messaging, Quarkus.
// The first that matches a canonical key counts.
func namedSettings() []rule {
	table := []struct {
		pattern   string
		direction direction
	}{
		{`(^|\.)group\.id$|(^|\.)groupid$|(^|\.)consumer\.group(\.name)?$`, inGroup},
		{`^spring\.cloud\.stream\.bindings\..+\.group$|^spring\.cloud\.stream\.default\.group$`, inGroup},
		{`(^|\.)(kafka|streams)\.(.+\.)?application\.id$|^application\.id$`, inGroup},
		{`^spring\.cloud\.stream\.bindings\.(.+\.)?(in\.[0-9]+|input)\.destination$`, consumes},
		{`^spring\.cloud\.stream\.bindings\.(.+\.)?(out\.[0-9]+|output)\.destination$`, produces},
		{`^mp\.messaging\.incoming\..+\.topics?$`, consumes},
		{`^mp\.messaging\.outgoing\..+\.topics?$`, produces},
		{`(^|\.)transactional\.id$|(^|\.)transaction\.id\.prefix$`, transacts},
		{`(^|\.)processing\.guarantee$`, guarantees},
		{`(^|\.)(sasl|kafka)\.(.+\.)?user(name)?$|(^|\.)sasl\.jaas\.config$`, asUser},
	}
	rules := make([]rule, len(table))
	for i, row := range table {
		rules[i] = rule{regexp.MustCompile(row.pattern), row.direction}
	}
	return rules
}

// word gives the direction that a word in a key stands for, as people name variables:
// OUTPUT_TOPIC, orders.sink, INPUT, consumer.topics. It counts only for settings whose
// value is a topic of the cluster.
func word(word string) direction {
	switch word {
	case "output", "outputs", "out", "produce", "produces", "producer", "producers", "publish", "publisher",
		"sink", "destination", "dest", "target", "outgoing", "egress", "write", "writes", "result", "results",
		"dlq", "dlt", "deadletter", "deadletters":
		return produces
	case "input", "inputs", "in", "consume", "consumes", "consumer", "consumers", "subscribe", "subscription",
		"subscriptions", "source", "src", "incoming", "ingress", "read", "reads", "listen", "listener":
		return consumes
	case "topic", "topics":
		return undirected
	}
	return unrelated
}

// classify gives the direction of a key: that of a named setting, else that of its last
// word with one.
func classify(key string, named []rule) direction {
	canonical := canonicalKey(key)
	for _, rule := range named {
		if rule.key.MatchString(canonical) {
			return rule.direction
		}
	}
	found := unrelated
	words := strings.Split(strings.ReplaceAll(canonical, "dead.letter", "deadletter"), ".")
	for _, w := range slices.Backward(words) {
		switch d := word(w); {
		case d == produces || d == consumes:
			return d
		case d == undirected:
			found = undirected
		}
	}
	return found
}

var separators = regexp.MustCompile(`[^a-z0-9]+`)

// canonicalKey writes KAFKA_GROUP_ID, kafka.group-id and kafkaGroupId alike.
func canonicalKey(key string) string {
	var out strings.Builder
	previous := ' '
	for _, r := range key {
		if unicode.IsUpper(r) && unicode.IsLower(previous) {
			out.WriteByte('.')
		}
		out.WriteRune(unicode.ToLower(r))
		previous = r
	}
	return strings.Trim(separators.ReplaceAllString(out.String(), "."), ".")
}

// channel gives the topic of a MicroProfile channel that names none: the channel's name
// (SmallRye's Kafka connector), under the key that would name it.
func channel(s setting) (setting, bool) {
	parts := strings.Split(s.key, ".")
	if len(parts) < 5 || s.value != "smallrye-kafka" || !strings.HasPrefix(s.key, "mp.messaging.") || parts[len(parts)-1] != "connector" {
		return setting{}, false
	}
	name := strings.Trim(strings.Join(parts[3:len(parts)-1], "."), `"`)
	return setting{s.where, strings.TrimSuffix(s.key, "connector") + "topic", name}, true
}
