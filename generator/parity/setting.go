package parity

import (
	"strconv"
	"strings"
)

// setting is a topic setting with what it falls back to: broker settings, the first that is
// set, and then the default of the Kafka version.
type setting struct {
	// field is the topic's own name of it; "" for what only brokers have.
	field string
	// brokers are the broker settings behind it, the one that counts first.
	brokers []brokerSetting
	// defaults are Kafka's own, in the field's unit, oldest first.
	defaults []defaultValue
	// list tells that the value is a set of words.
	list bool
	// evidence is where the defaults were read.
	evidence string
}

// brokerSetting is a broker setting whose value times factor is in the topic setting's unit.
type brokerSetting struct {
	key    string
	factor int64
}

// defaultValue is a default of Kafka from a version on.
type defaultValue struct{ since, value string }

const (
	minute = 60_000 // in milliseconds, as hour
	hour   = 60 * minute
)

// The Kafka versions whose defaults the table below tells.
const oldestKnown, newestKnown = "0.10", "2.8"

// settings are the settings that decide how long records live, which are taken, and when they
// count as written. Keys and precedence are those of KafkaConfig.scala
// (getLogRetentionTimeMillis, logRollTimeMillis); defaults those of the topic configuration
// pages of Kafka's documentation, 0.10.2 to 2.8.
func settings() []setting {
	one := func(key string) []brokerSetting { return []brokerSetting{{key, 1}} }
	always := func(value string) []defaultValue { return []defaultValue{{oldestKnown, value}} }
	return []setting{
		{
			field:    "retention.ms",
			brokers:  []brokerSetting{{"log.retention.ms", 1}, {"log.retention.minutes", minute}, {"log.retention.hours", hour}},
			defaults: always("604800000"), evidence: "KafkaConfig.scala: log.retention.hours 168",
		},
		{field: "retention.bytes", brokers: one("log.retention.bytes"), defaults: always("-1"), evidence: "KafkaConfig.scala"},
		{field: "cleanup.policy", brokers: one("log.cleanup.policy"), defaults: always("delete"), list: true, evidence: "KafkaConfig.scala"},
		{field: "delete.retention.ms", brokers: one("log.cleaner.delete.retention.ms"), defaults: always("86400000"), evidence: "KafkaConfig.scala: a day"},
		{field: "segment.bytes", brokers: one("log.segment.bytes"), defaults: always("1073741824"), evidence: "KafkaConfig.scala: 1 GiB"},
		{
			field:    "segment.ms",
			brokers:  []brokerSetting{{"log.roll.ms", 1}, {"log.roll.hours", hour}},
			defaults: always("604800000"), evidence: "KafkaConfig.scala: log.roll.hours 168",
		},
		{field: "min.insync.replicas", brokers: one("min.insync.replicas"), defaults: always("1"), evidence: "KafkaConfig.scala"},
		{
			field: "max.message.bytes", brokers: one("message.max.bytes"),
			defaults: []defaultValue{{oldestKnown, "1000012"}, {"2.5", "1048588"}}, evidence: "KAFKA-4203",
		},
		{field: "message.timestamp.type", brokers: one("log.message.timestamp.type"), defaults: always("CreateTime"), evidence: "KIP-32"},
		{
			field: "message.timestamp.difference.max.ms", brokers: one("log.message.timestamp.difference.max.ms"),
			defaults: always("9223372036854775807"), evidence: "KIP-32",
		},
		{field: "compression.type", brokers: one("compression.type"), defaults: always("producer"), evidence: "KAFKA-1499"},
	}
}

// groupsObject is the object of rows about committed offsets.
const groupsObject = "consumer groups"

// offsetsRetention is how long the brokers keep the offsets of a group without members.
func offsetsRetention() setting {
	const key = "offsets.retention.minutes"
	return setting{
		brokers:  []brokerSetting{{key, 1}},
		defaults: []defaultValue{{oldestKnown, "1440"}, {"2.0", "10080"}}, evidence: "KIP-186",
	}
}

// at gives the default of a Kafka version, or false for a version that the table does not
// cover.
func (s setting) at(kafka string) (string, bool) {
	version, ok := release(kafka)
	if !ok || older(version, mustRelease(oldestKnown)) || older(mustRelease(newestKnown), version) {
		return "", false
	}
	value := ""
	for _, entry := range s.defaults {
		if !older(version, mustRelease(entry.since)) {
			value = entry.value
		}
	}
	return value, true
}

// release reads major and minor of a version such as 2.4.0.
func release(version string) (numbers [2]int, ok bool) {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return numbers, false
	}
	for i := range numbers {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 {
			return numbers, false
		}
		numbers[i] = n
	}
	return numbers, true
}

// mustRelease reads a version of the table above, which a test holds to be well-formed.
func mustRelease(version string) [2]int {
	numbers, _ := release(version)
	return numbers
}

func older(a, b [2]int) bool { return a[0] < b[0] || a[0] == b[0] && a[1] < b[1] }
