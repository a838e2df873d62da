package plan

import (
	"fmt"
	"math/big"
	"strconv"

	"cutover/generator/finding"
	"cutover/generator/strimzi"
)

const defaultMaxMessageBytes = 1_048_588 // message.max.bytes of Kafka 2.5 to 2.8

// setBrokerConfig drops what Strimzi owns, fits replication to the brokers, and adds what
// kafka-configs.sh found to be set beside the resource.
func setBrokerConfig(p *Plan, s *spec) finding.List {
	findings := p.addDynamicConfig(s)
	for _, key := range sortedKeys(s.object("kafka", "config")) {
		if strimzi.ReservedBrokerConfig(key) {
			s.drop("Strimzi sets it, and ignores or refuses it in config", "kafka", "config", key)
		}
	}
	brokers := int64(p.Brokers())
	for _, rule := range replicationConfig() {
		path := []string{"kafka", "config", rule.key}
		value, isSet := number(s.get(path...))
		switch {
		case isSet && brokers < int64(p.Inventory.Kafka.Brokers) && value > rule.most(brokers):
			s.set(fmt.Sprintf("fits %d brokers", brokers), rule.most(brokers), path...)
		case !isSet && rule.pin:
			s.set("explicit, so that it does not depend on a default", min(rule.most(brokers), rule.usual), path...)
		}
	}
	s.set("a client that starts early must not create a topic with other partitions than the source's", "false", "kafka", "config", "auto.create.topics.enable")
	return findings
}

// replicationConfig are the broker settings that must fit the number of brokers.
func replicationConfig() []struct {
	key   string
	usual int64
	pin   bool
	most  func(brokers int64) int64
} {
	all := func(brokers int64) int64 { return brokers }
	spare := func(brokers int64) int64 { return max(1, brokers-1) }
	return []struct {
		key   string
		usual int64
		pin   bool
		most  func(brokers int64) int64
	}{
		{"default.replication.factor", 3, true, all},
		{"offsets.topic.replication.factor", 3, true, all},
		{"transaction.state.log.replication.factor", 3, true, all},
		{"transaction.state.log.min.isr", 2, true, spare},
		{"min.insync.replicas", 2, false, spare},
	}
}

// addDynamicConfig carries over what was set on the brokers beside the resource, which a
// fresh cluster would not have.
func (p *Plan) addDynamicConfig(s *spec) finding.List {
	var findings finding.List
	inSpec := s.object("kafka", "config")
	for _, key := range sortedKeys(p.Inventory.Kafka.Config) {
		value := p.Inventory.Kafka.Config[key]
		if strimzi.ReservedBrokerConfig(key) || sameSetting(inSpec[key], value) || isVersionKey(key) {
			continue
		}
		s.set("set on the source's brokers by kafka-configs.sh, beside the resource", value, "kafka", "config", key)
		findings.Add(finding.Finding{Rule: "broker-config-beside-resource", Severity: finding.Note, Object: "broker config " + key,
			Message: "it was set with kafka-configs.sh and stands in no resource; the target's Kafka has it in spec", Hint: "keep it, or remove it under target.kafka"})
	}
	return findings
}

// sameSetting tells whether a resource's value and a broker's text mean the same.
func sameSetting(value any, text string) bool {
	if value == nil {
		return false
	}
	if fmt.Sprint(value) == text {
		return true
	}
	a, isNumber := new(big.Rat).SetString(fmt.Sprint(value))
	b, isNumberToo := new(big.Rat).SetString(text)
	return isNumber && isNumberToo && a.Cmp(b) == 0
}

func isVersionKey(key string) bool {
	return key == "inter.broker.protocol.version" || key == "log.message.format.version"
}

// inheritedDefault is the default of a broker setting that decides how long records live, or
// how large they may be.
type inheritedDefault struct {
	key string
	// since maps the Kafka version from which on a default holds to the default, oldest first.
	since []struct{ version, value string }
}

// inheritedDefaults are from KafkaConfig.scala of Kafka 0.10 to 2.8; offsets.retention.minutes
// was a day until 2.0 (KIP-186), message.max.bytes 1000012 until 2.5 (KAFKA-4203).
func inheritedDefaults() []inheritedDefault {
	return []inheritedDefault{
		{"log.retention.hours", []struct{ version, value string }{{"0.8", "168"}}},
		{"log.retention.bytes", []struct{ version, value string }{{"0.8", "-1"}}},
		{"log.cleanup.policy", []struct{ version, value string }{{"0.8", "delete"}}},
		{"log.segment.bytes", []struct{ version, value string }{{"0.8", "1073741824"}}},
		{"log.cleaner.delete.retention.ms", []struct{ version, value string }{{"0.8", "86400000"}}},
		{"message.max.bytes", []struct{ version, value string }{{"0.8", "1000012"}, {"2.5", "1048588"}}},
		{"offsets.retention.minutes", []struct{ version, value string }{{"0.9", "1440"}, {"2.0", "10080"}}},
	}
}

func (d inheritedDefault) at(kafka string) string {
	value := ""
	for _, entry := range d.since {
		if !strimzi.Older(kafka, entry.version) {
			value = entry.value
		}
	}
	return value
}

// setRetention keeps records on the target as long as on the source: what the source set
// has travelled with its config; what it left to a default is pinned where the target's
// default is another.
func setRetention(p *Plan, s *spec) finding.List {
	if p.SourceKafkaVersion == "" {
		return finding.List{p.Migration.Warning("source-version", "the source's Kafka version is unknown, so its defaults are too",
			"set source.version", "source")}
	}
	for _, setting := range inheritedDefaults() {
		if s.get("kafka", "config", setting.key) != nil {
			continue
		}
		if was, is := setting.at(p.SourceKafkaVersion), setting.at(p.Version.Kafka); was != "" && was != is {
			s.set(fmt.Sprintf("the source's default; Kafka %s has %s", p.Version.Kafka, is), was, "kafka", "config", setting.key)
		}
	}
	return nil
}

// setMessageSize lets the brokers copy the largest record that any topic may hold.
func setMessageSize(p *Plan, s *spec) finding.List {
	largest := p.largestMessage()
	if largest <= defaultMaxMessageBytes {
		return nil
	}
	path := []string{"kafka", "config", "replica.fetch.max.bytes"}
	if value, ok := number(s.get(path...)); !ok || value < largest {
		s.set("a follower fetches the largest record that a topic may hold", largest, path...)
	}
	return nil
}

// largestMessage is the largest record batch in bytes that the brokers or a topic allow.
func (p *Plan) largestMessage() int64 {
	largest := int64(defaultMaxMessageBytes)
	consider := func(text string) {
		if value, err := strconv.ParseInt(text, 10, 64); err == nil {
			largest = max(largest, value)
		}
	}
	consider(p.Inventory.Kafka.Config["message.max.bytes"])
	for _, topic := range p.Topics {
		consider(topic.Config["max.message.bytes"])
	}
	return largest
}

func number(value any) (int64, bool) {
	switch value := value.(type) {
	case int64:
		return value, true
	case int:
		return int64(value), true
	case string:
		n, err := strconv.ParseInt(value, 10, 64)
		return n, err == nil
	}
	return 0, false
}
