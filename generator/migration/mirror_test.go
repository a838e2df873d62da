package migration_test

import (
	"strings"
	"testing"
)

func TestMirrorKeysThatHaveNoEffectAreRefusedWithTheKeyThatWorks(t *testing.T) {
	for _, test := range []struct{ section, key, instead string }{
		{"sourceConfig", "auto.offset.reset", "consumer.auto.offset.reset"},
		{"sourceConfig", "receive.buffer.bytes", "consumer.receive.buffer.bytes"},
		{"sourceConfig", "send.buffer.bytes", "consumer.send.buffer.bytes"},
		{"sourceConfig", "fetch.max.bytes", "consumer.fetch.max.bytes"},
		{"sourceConfig", "fetch.min.bytes", "consumer.fetch.min.bytes"},
		{"sourceConfig", "max.poll.records", "consumer.max.poll.records"},
		{"sourceConfig", "max.partition.fetch.bytes", "consumer.max.partition.fetch.bytes"},
		{"sourceConfig", "isolation.level", "consumer.isolation.level"},
		{"sourceConfig", "session.timeout.ms", "consumer.session.timeout.ms"},
		{"sourceConfig", "request.timeout.ms", "consumer.request.timeout.ms"},
		{"sourceConfig", "acks", "workerConfig: producer.acks"},
		{"sourceConfig", "linger.ms", "workerConfig: producer.linger.ms"},
		{"sourceConfig", "max.request.size", "workerConfig: producer.max.request.size"},
		{"sourceConfig", "compression.type", "workerConfig: producer.compression.type"},
		{"sourceConfig", "producer.acks", "workerConfig: producer.acks"},
		{"sourceConfig", "producer.max.request.size", "workerConfig: producer.max.request.size"},
		{"sourceConfig", "producer.enable.idempotence", "workerConfig: producer.enable.idempotence"},
		{"sourceConfig", "refresh.groups.interval.seconds", "checkpointConfig: refresh.groups.interval.seconds"},
		{"sourceConfig", "offset.storage.replication.factor", "workerConfig: offset.storage.replication.factor"},
		{"checkpointConfig", "auto.offset.reset", "consumer.auto.offset.reset"},
		{"checkpointConfig", "max.poll.records", "consumer.max.poll.records"},
		{"checkpointConfig", "refresh.topics.interval.seconds", "sourceConfig: refresh.topics.interval.seconds"},
	} {
		t.Run(test.section+" "+test.key, func(t *testing.T) {
			refusal{change: []string{"  replicas: 3\n", "  " + test.section + ":\n    " + test.key + ": 5  # here\n"},
				rule: "mirror-dead-key", message: "mirror." + test.section + ": " + test.key + " would have no effect", hint: test.instead}.test(t)
		})
	}
}

// Facts: kafka-and-mirrormaker2 §1.2. None of these reaches the client that its name speaks of.
func TestFurtherKeysThatReachNoClientAreRefused(t *testing.T) {
	for _, test := range []struct{ section, key string }{
		{"workerConfig", "consumer.auto.offset.reset"},
		{"workerConfig", "auto.offset.reset"},
		{"sourceConfig", "producer.override.max.request.size"},
	} {
		t.Run(test.section+" "+test.key, func(t *testing.T) {
			_, _, err := load(change(t, "  replicas: 3\n", "  "+test.section+":\n    "+test.key+": 5\n"))
			if err == nil {
				t.Error("it is taken without a word")
			}
		})
	}
}

func TestMirrorKeysThatCutoverSetsAreRefused(t *testing.T) {
	for _, test := range []struct{ section, key string }{
		{"sourceConfig", "replication.policy.class"}, {"checkpointConfig", "replication.policy.class"}, {"heartbeatConfig", "replication.policy.class"},
		{"sourceConfig", "sync.topic.acls.enabled"}, {"sourceConfig", "sync.topic.configs.enabled"}, {"checkpointConfig", "sync.group.offsets.enabled"},
		{"sourceConfig", "consumer.auto.offset.reset"}, {"sourceConfig", "consumer.isolation.level"}, {"sourceConfig", "offset-syncs.topic.location"},
		{"workerConfig", "group.id"}, {"workerConfig", "config.storage.topic"}, {"workerConfig", "offset.storage.topic"}, {"workerConfig", "status.storage.topic"},
		{"workerConfig", "producer.enable.idempotence"},
	} {
		t.Run(test.section+" "+test.key, func(t *testing.T) {
			refusal{change: []string{"  replicas: 3\n", "  " + test.section + ":\n    " + test.key + ": x  # here\n"},
				rule: "mirror-owned-key", message: test.key + " is set by cutover", hint: "drop the key"}.test(t)
		})
	}
}

// A second way to the same client would undo what cutover sets.
func TestOwnedKeysAreRefusedUnderTheirOtherPrefixes(t *testing.T) {
	for _, test := range []struct{ section, key string }{
		{"sourceConfig", "source.consumer.auto.offset.reset"},
		{"sourceConfig", "source.consumer.isolation.level"},
		{"sourceConfig", "producer.override.enable.idempotence"},
		{"workerConfig", "producer.acks"},
	} {
		t.Run(test.section+" "+test.key, func(t *testing.T) {
			_, _, err := load(change(t, "  replicas: 3\n", "  "+test.section+":\n    "+test.key+": x\n"))
			if err == nil || !strings.Contains(err.Error(), test.key) {
				t.Errorf("got %v, want it refused", err)
			}
		})
	}
}

func TestKeysThatHaveTheirEffectAreTaken(t *testing.T) {
	for _, test := range []struct{ section, key string }{
		{"sourceConfig", "consumer.max.poll.records"}, {"sourceConfig", "consumer.fetch.max.bytes"}, {"sourceConfig", "refresh.topics.interval.seconds"},
		{"sourceConfig", "offset.lag.max"}, {"checkpointConfig", "emit.checkpoints.interval.seconds"}, {"checkpointConfig", "refresh.groups.interval.seconds"},
		{"heartbeatConfig", "emit.heartbeats.interval.seconds"}, {"workerConfig", "producer.compression.type"}, {"workerConfig", "producer.max.request.size"},
		{"workerConfig", "offset.flush.timeout.ms"},
	} {
		t.Run(test.section+" "+test.key, func(t *testing.T) {
			if _, findings, err := load(change(t, "  replicas: 3\n", "  "+test.section+":\n    "+test.key+": 5\n")); err != nil || len(findings) > 0 {
				t.Errorf("got %v and %v", err, findings)
			}
		})
	}
}
