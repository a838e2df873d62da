package parity_test

import (
	"testing"

	"cutover/generator/inventory"
	"cutover/generator/parity"
)

func TestTheEffectiveValueFollowsKafkasPrecedence(t *testing.T) {
	for _, c := range []struct {
		name    string
		config  map[string]string
		topic   []string
		field   string
		effect  string
		unknown string
	}{
		{"the topic's own value comes first", map[string]string{"log.retention.ms": "1"}, []string{"retention.ms", "2"}, "retention.ms", "2", ""},
		{"milliseconds come before minutes and hours", map[string]string{"log.retention.ms": "1", "log.retention.minutes": "2", "log.retention.hours": "3"}, nil, "retention.ms", "1", ""},
		{"minutes come before hours", map[string]string{"log.retention.minutes": "2", "log.retention.hours": "3"}, nil, "retention.ms", "120000", ""},
		{"hours are counted in milliseconds", map[string]string{"log.retention.hours": "72"}, nil, "retention.ms", "259200000", ""},
		{"the largest number of hours is counted exactly", map[string]string{"log.retention.hours": "2147483647"}, nil, "retention.ms", "7730941129200000", ""},
		{"a negative retention has no limit", map[string]string{"log.retention.hours": "-2"}, nil, "retention.ms", "-1", ""},
		{"a topic's negative retention has no limit", nil, []string{"retention.ms", "-1"}, "retention.ms", "-1", ""},
		{"nothing set is Kafka's week", nil, nil, "retention.ms", "604800000", ""},
		{"hours beyond 64 bits are refused", map[string]string{"log.retention.hours": "9223372036854775807"}, nil, "retention.ms", "unknown", "is no number of that unit"},
		{"hours that are no number are refused", map[string]string{"log.retention.hours": "a week"}, nil, "retention.ms", "unknown", "is no number of that unit"},
		{"bytes are the brokers'", map[string]string{"log.retention.bytes": "9223372036854775807"}, nil, "retention.bytes", "9223372036854775807", ""},
		{"no bytes set is no limit", nil, nil, "retention.bytes", "-1", ""},
		{"the clean-up policy is the brokers'", map[string]string{"log.cleanup.policy": "compact"}, nil, "cleanup.policy", "compact", ""},
		{"the default clean-up policy deletes", nil, nil, "cleanup.policy", "delete", ""},
		{"a segment rolls after milliseconds first", map[string]string{"log.roll.ms": "5", "log.roll.hours": "1"}, nil, "segment.ms", "5", ""},
		{"a segment rolls after hours else", map[string]string{"log.roll.hours": "1"}, nil, "segment.ms", "3600000", ""},
		{"a segment's size is the brokers'", map[string]string{"log.segment.bytes": "100"}, nil, "segment.bytes", "100", ""},
		{"tombstones stay as long as the brokers say", map[string]string{"log.cleaner.delete.retention.ms": "7"}, nil, "delete.retention.ms", "7", ""},
		{"in-sync replicas are the brokers'", map[string]string{"min.insync.replicas": "2"}, nil, "min.insync.replicas", "2", ""},
		{"the default is one in-sync replica", nil, nil, "min.insync.replicas", "1", ""},
		{"the message size is the brokers'", map[string]string{"message.max.bytes": "5"}, nil, "max.message.bytes", "5", ""},
		{"the timestamp type is the brokers'", map[string]string{"log.message.timestamp.type": "LogAppendTime"}, nil, "message.timestamp.type", "LogAppendTime", ""},
		{"the compression is the brokers'", map[string]string{"compression.type": "zstd"}, nil, "compression.type", "zstd", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := parity.Compare(decide(t, source{config: c.config, topics: []inventory.Topic{topic("orders", c.topic...)}}, ""))
			check(t, report, want{parity.Retention, "orders", c.field, c.effect, c.effect, c.unknown, c.unknown == ""})
		})
	}
}

func TestOneValueFromTwoPlacesIsEqual(t *testing.T) {
	s := source{config: map[string]string{"log.retention.hours": "24", "log.cleanup.policy": "delete, compact"}, topics: []inventory.Topic{topic("orders")}}
	report := parity.Compare(decide(t, s, patched(`KAFKA: {kafka: {config: {log.retention.hours: null, log.retention.ms: 86400000, log.cleanup.policy: "compact,delete"}}}`)))
	check(t, report, want{parity.Retention, "orders", "retention.ms", "86400000", "86400000", "", true})
	check(t, report, want{parity.Retention, "orders", "cleanup.policy", "delete, compact", "compact,delete", "", true})
	check(t, report, want{parity.BrokerConfig, "brokers", "log.retention.hours", "24", "–", "target.kafka.kafka.config", true})
}

func TestNumbersAreComparedExactly(t *testing.T) {
	s := source{config: map[string]string{"log.flush.interval.messages": "9223372036854775807"}}
	p := decide(t, s, "")
	p.Inventory.Kafka.Config["log.flush.interval.messages"] = "9223372036854775806"
	check(t, parity.Compare(p), want{parity.BrokerConfig, "brokers", "log.flush.interval.messages", "9223372036854775806", "9223372036854775807", nobody, false})
}
