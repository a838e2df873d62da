package inventory

import (
	"strconv"
	"strings"
)

// inheritance is the brokers' configuration, from which topics take what they do not set.
type inheritance map[string]string

// scaled is a broker setting that gives a topic setting in another unit.
type scaled struct {
	key    string
	factor int64
}

// brokerKeys names the broker settings behind a topic setting, the one that counts first
// (Kafka's LogConfig and KafkaConfig, 2.4 to 2.8). Most are log. and the topic's name.
func brokerKeys(topicKey string) []scaled {
	const minute, hour = 60_000, 3_600_000
	switch topicKey {
	case "retention.ms":
		return []scaled{{"log.retention.ms", 1}, {"log.retention.minutes", minute}, {"log.retention.hours", hour}}
	case "segment.ms":
		return []scaled{{"log.roll.ms", 1}, {"log.roll.hours", hour}}
	case "segment.jitter.ms":
		return []scaled{{"log.roll.jitter.ms", 1}, {"log.roll.jitter.hours", hour}}
	case "max.message.bytes":
		return []scaled{{"message.max.bytes", 1}}
	case "flush.messages":
		return []scaled{{"log.flush.interval.messages", 1}}
	case "flush.ms":
		return []scaled{{"log.flush.interval.ms", 1}}
	case "file.delete.delay.ms":
		return []scaled{{"log.segment.delete.delay.ms", 1}}
	case "index.interval.bytes":
		return []scaled{{"log.index.interval.bytes", 1}}
	case "segment.index.bytes":
		return []scaled{{"log.index.size.max.bytes", 1}}
	case "delete.retention.ms", "min.compaction.lag.ms", "max.compaction.lag.ms":
		return []scaled{{"log.cleaner." + topicKey, 1}}
	case "min.cleanable.dirty.ratio":
		return []scaled{{"log.cleaner.min.cleanable.ratio", 1}}
	case "compression.type", "min.insync.replicas", "unclean.leader.election.enable":
		return []scaled{{topicKey, 1}}
	}
	return []scaled{{"log." + topicKey, 1}}
}

// gives tells whether a topic has this value from the brokers.
func (i inheritance) gives(topicKey, value string) bool {
	for _, candidate := range brokerKeys(topicKey) {
		inherited, ok := i[candidate.key]
		if !ok {
			continue
		}
		if n, err := strconv.ParseInt(inherited, 10, 64); err == nil && candidate.factor != 1 {
			inherited = strconv.FormatInt(n*candidate.factor, 10)
		}
		return strings.ReplaceAll(inherited, " ", "") == value
	}
	return false
}

// without drops what kafka-topics.sh shows of a topic but what is the brokers' own. The
// message format is dropped in any case: Strimzi sets it on the brokers unasked, so that
// every topic shows it, and a topic must not keep an old format on a newer cluster.
func (i inheritance) without(config map[string]string) map[string]string {
	kept := make(map[string]string, len(config))
	for key, value := range config {
		if key != "message.format.version" && !i.gives(key, value) {
			kept[key] = value
		}
	}
	return kept
}
