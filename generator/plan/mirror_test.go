package plan_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/plan"
	"cutover/generator/strimzi"
)

func mirrorOf(t testing.TB, text string, inv inventory.Inventory) plan.Mirror {
	t.Helper()
	p, _ := decide(t, text, inv)
	return p.Mirror
}

// copies tells whether MirrorMaker 2 of Kafka 2.4 to 2.8 would copy a topic: its patterns are
// joined to one alternation that must match the whole name, and its replication policy
// passes over internal names whatever they say.
func copies(m plan.Mirror, topic string) bool {
	matches := func(list string) bool {
		return regexp.MustCompile("^(?:" + strings.ReplaceAll(list, ",", "|") + ")$").MatchString(topic)
	}
	return matches(m.TopicsPattern) && !matches(m.TopicsExclude) && strimzi.NotMirrored(topic) == ""
}

func TestTheMirrorCopiesExactlyTheTopicsThatMove(t *testing.T) {
	for name, topics := range map[string]string{
		"all":                         "{}",
		"some included":               "{include: ['orders(\\..*)?', accepted, released, ticks, ledger]}",
		"some excluded":               "{exclude: ['.*\\.dlq', 'loadXtest']}",
		"included and excluded":       "{include: ['orders.*', 'l.*', accepted, released, ticks], exclude: ['orders\\.dlq']}",
		"an alternative in a pattern": "{include: ['orders|ledger', accepted, released, ticks]}",
		"anchors in a pattern":        "{include: ['^orders$', accepted, released, ticks, ledger]}",
	} {
		t.Run(name, func(t *testing.T) {
			inv := found(t)
			inv.Connects = []inventory.Connect{{Kind: "KafkaConnect", Name: "c", InternalTopics: []string{"connect.offsets", "a+b"}}}
			for _, topicName := range []string{"connect.offsets", "connectXoffsets", "a+b", "aab", "orders.dlq", "orders-dlq", "load.test", "loadXtest", "heartbeats",
				"strimzi.cruisecontrol.metrics", "strimzi.cruisecontrolXmetrics", "planning-internal", ".legacy", "__ours", "connect-cluster-configs"} {
				inv.Topics = append(inv.Topics, topic(topicName))
			}
			p, _ := decide(t, change(t, "mirror: {}\n", "mirror: {}\ntopics: "+topics+"\n"), inv)
			planned := make(map[string]bool)
			for _, topic := range p.Topics {
				planned[topic.Name] = topic.NotMirrored == ""
			}
			for _, topic := range inv.Topics {
				if got := copies(p.Mirror, topic.Name); got != planned[topic.Name] {
					t.Errorf("%s: the mirror copies it: %t, and the plan wants it copied: %t", topic.Name, got, planned[topic.Name])
				}
			}
		})
	}
}

func TestExcludePatternsRepeatTheDefaults(t *testing.T) {
	m := mirrorOf(t, change(t, "mirror: {}\n", "mirror: {groupsExclude: ['lake-.*']}\ntopics: {exclude: [load]}\n"), found(t))
	for _, want := range append(strimzi.DefaultTopicsExclude(), "load") {
		if !slices.Contains(strings.Split(m.TopicsExclude, ","), want) {
			t.Errorf("topics exclude %s, want %s among them", m.TopicsExclude, want)
		}
	}
	groups := strings.Split(m.GroupsExclude, ",")
	for _, want := range []string{"console-consumer-.*", "__.*", "lake-.*"} {
		if !slices.Contains(groups, want) {
			t.Errorf("groups exclude %v, want %s among them", groups, want)
		}
	}
	if slices.Contains(groups, "connect-.*") {
		t.Error("groups of sink connectors would stay behind")
	}
}

func TestTheMirrorsConfigurationProtectsWhatItCopies(t *testing.T) {
	m := mirrorOf(t, declared, found(t))
	const policy = "io.strimzi.kafka.connect.mirror.IdentityReplicationPolicy"
	for _, test := range []struct {
		name, key string
		config    map[string]any
		want      any
	}{
		{"the source connector keeps names", "replication.policy.class", m.SourceConfig, policy},
		{"the checkpoint connector keeps names", "replication.policy.class", m.CheckpointConfig, policy},
		{"the heartbeat connector keeps names", "replication.policy.class", m.HeartbeatConfig, policy},
		{"the consumer begins with the first record", "consumer.auto.offset.reset", m.SourceConfig, "earliest"},
		{"aborted records are not copied", "consumer.isolation.level", m.SourceConfig, "read_committed"},
		{"ACLs are not synchronised", "sync.topic.acls.enabled", m.SourceConfig, "false"},
		{"configuration is not synchronised", "sync.topic.configs.enabled", m.SourceConfig, "false"},
		{"offsets are not synchronised", "sync.group.offsets.enabled", m.CheckpointConfig, "false"},
		{"a lost acknowledgement writes nothing twice", "producer.enable.idempotence", m.WorkerConfig, "true"},
		{"every replica acknowledges", "producer.acks", m.WorkerConfig, "all"},
		{"mirrored topics have three replicas", "replication.factor", m.SourceConfig, int64(3)},
		{"so has the topic on the source", "offset-syncs.topic.replication.factor", m.SourceConfig, int64(3)},
		{"so have checkpoints", "checkpoints.topic.replication.factor", m.CheckpointConfig, int64(3)},
		{"so have heartbeats", "heartbeats.topic.replication.factor", m.HeartbeatConfig, int64(3)},
		{"so has the workers' storage", "offset.storage.replication.factor", m.WorkerConfig, int64(3)},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.config[test.key]; got != test.want {
				t.Errorf("%s is %v, want %v", test.key, got, test.want)
			}
		})
	}
	if _, ok := m.SourceConfig["auto.offset.reset"]; ok {
		t.Error("a key that nobody reads is set")
	}
}

func TestTwoMigrationsShareNothing(t *testing.T) {
	one, other := mirrorOf(t, declared, found(t)), mirrorOf(t, change(t, "name: freight", "name: parcels"), found(t))
	of := func(m plan.Mirror) []string {
		return []string{m.Name, m.SourceAlias, m.TargetAlias, m.OffsetSyncsTopic(), m.StorageTopic("configs"), m.StorageTopic("offsets"), m.StorageTopic("status")}
	}
	seen := make(map[string]bool)
	for _, name := range append(of(one), of(other)...) {
		if seen[name] {
			t.Errorf("%s is used twice", name)
		}
		seen[name] = true
	}
}

func TestReplicationOfTheMirrorFitsBothClusters(t *testing.T) {
	inv := found(t)
	inv.Kafka.Brokers = 2
	for i := range inv.Topics {
		inv.Topics[i].Replicas = 1
	}
	m := mirrorOf(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  replicas: 1\n"), inv)
	if m.ReplicationFactor != 1 || m.SourceConfig["replication.factor"] != int64(1) || m.SourceConfig["offset-syncs.topic.replication.factor"] != int64(2) {
		t.Errorf("got %d and %v", m.ReplicationFactor, m.SourceConfig)
	}
}

func TestMoreReplicasThanBrokersAreAnErrorOfTheMirrorToo(t *testing.T) {
	for name, mirror := range map[string]string{"on the target": "{replicationFactor: 5}", "on the source": "{offsetSyncsReplicationFactor: 5}"} {
		t.Run(name, func(t *testing.T) { refuse(t, change(t, "mirror: {}\n", "mirror: "+mirror+"\n"), found(t)) })
	}
}

func TestTheLargestRecordPassesTheMirror(t *testing.T) {
	for _, test := range []struct {
		name, topic, broker string
		want                any
	}{
		{"usual sizes need nothing", "1048588", "", nil},
		{"a large topic", "5242880", "", int64(5242880)},
		{"a larger broker limit", "5242880", "9000000", int64(9000000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := found(t)
			inv.Topics[3].Config["max.message.bytes"] = test.topic
			if test.broker != "" {
				inv.Kafka.Config["message.max.bytes"] = test.broker
			}
			m := mirrorOf(t, declared, inv)
			if got := m.WorkerConfig["producer.max.request.size"]; got != test.want {
				t.Errorf("the producer sends up to %v, want %v", got, test.want)
			}
			if got := m.SourceConfig["consumer.max.partition.fetch.bytes"]; got != test.want {
				t.Errorf("the consumer fetches up to %v, want %v", got, test.want)
			}
		})
	}
}

func TestTheMirrorsOwnKeysComeBesideThoseOfTheMigration(t *testing.T) {
	m := mirrorOf(t, change(t, "mirror: {}\n", "mirror:\n  replicas: 5\n  tasksMax: 9\n  sourceConfig: {consumer.max.poll.records: 100}\n  checkpointConfig: {emit.checkpoints.interval.seconds: 5}\n  workerConfig: {producer.compression.type: zstd}\n"), found(t))
	if m.Replicas != 5 || m.TasksMax != 9 || m.SourceConfig["consumer.max.poll.records"] != int64(100) || m.CheckpointConfig["emit.checkpoints.interval.seconds"] != int64(5) || m.WorkerConfig["producer.compression.type"] != "zstd" {
		t.Errorf("got %+v", m)
	}
	if m.SourceConfig["consumer.auto.offset.reset"] != "earliest" || m.WorkerConfig["producer.enable.idempotence"] != "true" {
		t.Errorf("what cutover sets is gone: %v", m)
	}
}

func TestTheMirrorTakesTheTargetsSafestInternalListener(t *testing.T) {
	const plain, tls, scramListener, oauth, route = "{name: plain, port: 9092, type: internal, tls: false}", "{name: tls, port: 9093, type: internal, tls: true, authentication: {type: tls}}",
		"{name: scram, port: 9094, type: internal, tls: false, authentication: {type: scram-sha-512}}", "{name: oauth, port: 9095, type: internal, tls: true, authentication: {type: oauth, validIssuerUri: x, jwksEndpointUri: y}}",
		"{name: out, port: 9096, type: route, tls: true}"
	for _, test := range []struct {
		name      string
		listeners []string
		want      string
		port      int
		user      string
	}{
		{"TLS before plain", []string{plain, tls}, "tls", 9093, "mirror"},
		{"authentication before none", []string{plain, scramListener}, "scram", 9094, "mirror"},
		{"TLS before authentication alone", []string{scramListener, "{name: enc, port: 9097, type: internal, tls: true}"}, "enc", 9097, ""},
		{"plain where there is nothing else", []string{plain, oauth, route}, "plain", 9092, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			for origin, build := range map[string]func() plan.Mirror{
				"declared": func() plan.Mirror {
					return mirrorOf(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  listeners: ["+strings.Join(test.listeners, ", ")+"]\n"), found(t))
				},
				"converted": func() plan.Mirror {
					inv := found(t)
					inv.Kafka = withSpec(t, kafkaSpec)
					kafka, _ := inv.Kafka.Spec["kafka"].(map[string]any)
					kafka["listeners"] = at(parse(t, "l: ["+strings.Join(test.listeners, ", ")+"]"), "l")
					return mirrorOf(t, declared, inv)
				},
			} {
				m := build()
				if want := fmt.Sprintf("new-kafka-bootstrap:%d", test.port); m.Listener.Name != test.want || m.Bootstrap != want || m.User != test.user {
					t.Errorf("%s: got %s at %s as %q, want %s at %s as %q", origin, m.Listener.Name, m.Bootstrap, m.User, test.want, want, test.user)
				}
			}
		})
	}
}

func TestATargetThatTheMirrorCannotReachIsAnError(t *testing.T) {
	errs := refuse(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  listeners: [{name: out, port: 9094, type: route, tls: true}]\n"), found(t))
	if errs[0].Rule != "mirror-listener" {
		t.Errorf("got %v", errs)
	}
}

func TestASourceWithoutAUserForTheMirrorIsAWarning(t *testing.T) {
	_, findings := decide(t, change(t, "  authentication:\n    type: scram-sha-512\n    username: mirror\n", ""), found(t))
	wantOne(t, findings, "source-without-user", "", finding.Warning)
}

func TestGroupsThatAWorkloadUsesAndTheMirrorLeavesOutAreWarnings(t *testing.T) {
	_, findings := decide(t, change(t, "mirror: {}\n", "mirror: {groupsExclude: ['not.*']}\n"), found(t))
	wantOne(t, findings, "group-not-mirrored", "group notifier", finding.Warning)
}

func TestTheMigrationIsNotChangedByPlanning(t *testing.T) {
	m := load(t, change(t, "mirror: {}\n", "mirror:\n  sourceConfig: {offset.lag.max: 5}\n  groupsExclude: [a]\ntopics: {exclude: [b]}\n"))
	for range 2 {
		if _, _, err := plan.New(m, found(t)); err != nil {
			t.Fatal(err)
		}
	}
	if fmt.Sprint(m.Mirror.SourceConfig) != "map[offset.lag.max:5]" || len(m.Mirror.GroupsExclude) != 1 || len(m.Topics.Exclude) != 1 {
		t.Errorf("got %+v and %+v", m.Mirror, m.Topics)
	}
}
