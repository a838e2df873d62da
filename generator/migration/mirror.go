package migration

import (
	"fmt"
	"regexp"
	"slices"

	"cutover/generator/finding"
)

// deadKey is a configuration key that reaches no client from where it was written.
type deadKey struct {
	section string
	key     *regexp.Regexp
	why     string
	instead string
}

// deadKeys lists where MirrorMaker 2 on Kafka 2.4 to 2.8 drops a key without a word.
// Sources: MirrorConnectorConfig.sourceConsumerConfig of those tags, Strimzi #3798 and
// #5738, KAFKA-10160.
func deadKeys() []deadKey {
	client := regexp.MustCompile(`^(auto\.offset\.reset|fetch\..*|max\.poll\..*|max\.partition\.fetch\.bytes|receive\.buffer\.bytes|send\.buffer\.bytes|isolation\.level|session\.timeout\.ms|request\.timeout\.ms)$`)
	producer := regexp.MustCompile(`^(acks|batch\.size|linger\.ms|compression\.type|max\.request\.size|buffer\.memory|enable\.idempotence)$`)
	return []deadKey{
		{"sourceConfig", client, "no client reads it without a prefix", "consumer.%s"},
		{"checkpointConfig", client, "no client reads it without a prefix", "consumer.%s"},
		{"sourceConfig", producer, "no client reads it without a prefix", "workerConfig: producer.%s"},
		{"sourceConfig", regexp.MustCompile(`^producer\.(acks|batch\.size|linger\.ms|compression\.type|max\.request\.size|buffer\.memory|enable\.idempotence)$`),
			"it reaches the offset-syncs producer only, not the data", "workerConfig: %s"},
		{"workerConfig", client, "only the workers' sink connectors would read it, and the mirror has none", "sourceConfig: consumer.%s"},
		{"workerConfig", regexp.MustCompile(`^consumer\..*$`), "only the workers' sink connectors would read it, and the mirror has none", "sourceConfig: %s"},
		{"sourceConfig", regexp.MustCompile(`^producer\.override\..*$`), "the workers let no connector override their clients (connector.client.config.override.policy is None before Kafka 3.0)", "the key without override. under workerConfig: %s"},
		{"checkpointConfig", regexp.MustCompile(`^refresh\.topics\.(enabled|interval\.seconds)$`), "only the source connector reads it", "sourceConfig: %s"},
		{"sourceConfig", regexp.MustCompile(`^refresh\.groups\.(enabled|interval\.seconds)$`), "only the checkpoint connector reads it", "checkpointConfig: %s"},
		{"sourceConfig", regexp.MustCompile(`^(config|offset|status)\.storage\.replication\.factor$`), "only the Connect workers read it", "workerConfig: %s"},
	}
}

// ownedKey is a setting that cutover makes; another value would break the argument that
// nothing is lost and nothing copied twice.
type ownedKey struct {
	key *regexp.Regexp
	why string
}

func ownedKeys() []ownedKey {
	return []ownedKey{
		{regexp.MustCompile(`^(source\.)?consumer\.auto\.offset\.reset$`), "history must be copied from its first record"},
		{regexp.MustCompile(`^(source\.)?consumer\.isolation\.level$`), "aborted records must not be copied"},
		{regexp.MustCompile(`^replication\.policy\.class$`), "topics keep their names"},
		{regexp.MustCompile(`^sync\.topic\.acls\.enabled$`), "the User Operator removes ACLs that no KafkaUser names, and the mirror drops ALLOW WRITE"},
		{regexp.MustCompile(`^sync\.topic\.configs\.enabled$`), "before Kafka 3.5 it resets what the KafkaTopics set"},
		{regexp.MustCompile(`^sync\.group\.offsets\.enabled$`), "phase offsets-align sets the groups, to proven offsets"},
		{regexp.MustCompile(`^offset-syncs\.topic\.location$`), "Kafka 2.7 and 2.8 know one location only, the source"},
		{regexp.MustCompile(`^(group\.id|(config|offset|status)\.storage\.topic)$`), "unique to this migration, and stable"},
		{regexp.MustCompile(`^producer\.(override\.)?(enable\.idempotence|acks)$`), "a lost acknowledgement must neither lose a record nor write it twice"},
	}
}

func (m *Migration) checkMirror() finding.List {
	var findings finding.List
	switch m.Mirror.OffsetReset {
	case "", "earliest":
	case "latest":
		findings.Add(m.Finding("offset-reset-latest",
			"mirror.offsetReset latest would leave history behind: on Kafka 2.8 it copies untrimmed topics whole and silently skips the backlog of trimmed ones (KAFKA-13988), on 2.7 it is not read at all",
			"write earliest", "mirror", "offsetReset"))
	default:
		findings.Add(m.Finding("offset-reset", fmt.Sprintf("mirror.offsetReset %q is unknown", m.Mirror.OffsetReset), "write earliest", "mirror", "offsetReset"))
	}
	sections := []struct {
		name   string
		config map[string]any
	}{
		{"sourceConfig", m.Mirror.SourceConfig}, {"checkpointConfig", m.Mirror.CheckpointConfig},
		{"heartbeatConfig", m.Mirror.HeartbeatConfig}, {"workerConfig", m.Mirror.WorkerConfig},
	}
	for _, section := range sections {
		for _, key := range sortedKeys(section.config) {
			findings.Add(m.checkMirrorKey(section.name, key)...)
		}
	}
	return findings
}

func (m *Migration) checkMirrorKey(section, key string) finding.List {
	where := []string{"mirror", section, key}
	for _, dead := range deadKeys() {
		if dead.section == section && dead.key.MatchString(key) {
			return finding.List{m.Finding("mirror-dead-key",
				fmt.Sprintf("mirror.%s: %s would have no effect: %s", section, key, dead.why),
				"write "+fmt.Sprintf(dead.instead, key), where...)}
		}
	}
	for _, owned := range ownedKeys() {
		if owned.key.MatchString(key) {
			return finding.List{m.Finding("mirror-owned-key", fmt.Sprintf("mirror.%s: %s is set by cutover: %s", section, key, owned.why), "drop the key", where...)}
		}
	}
	return nil
}

func sortedKeys(config map[string]any) []string {
	keys := make([]string, 0, len(config))
	for key := range config {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
