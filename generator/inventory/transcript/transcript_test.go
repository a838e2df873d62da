package transcript_test

import (
	"encoding/binary"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"cutover/generator/finding"
	"cutover/generator/inventory/transcript"
)

func TestRecognise(t *testing.T) {
	tests := map[string]struct {
		text string
		want []transcript.Form
	}{
		"topics of Kafka 2.4":                 {"Topic: a\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: \n", []transcript.Form{transcript.TopicsForm}},
		"topics of Kafka 2.3":                 {"Topic:a\tPartitionCount:3\tReplicationFactor:3\tConfigs:\n", []transcript.Form{transcript.TopicsForm}},
		"topics behind a warning of Java":     {"OpenJDK 64-Bit Server VM warning: x\nTopic: a PartitionCount: 3 ReplicationFactor: 3\n", []transcript.Form{transcript.TopicsForm}},
		"broker configuration of Kafka 2.4":   {"Configs for broker 0 are:\n", []transcript.Form{transcript.ConfigsForm}},
		"topic configuration over ZooKeeper":  {"Configs for topic 'a' are retention.ms=1\n", []transcript.Form{transcript.ConfigsForm}},
		"the default of brokers of Kafka 2.8": {"Default configs for brokers in the cluster are:\n", []transcript.Form{transcript.ConfigsForm}},
		"groups":                              {"\nGROUP  TOPIC  PARTITION  CURRENT-OFFSET\n", []transcript.Form{transcript.GroupsForm}},
		"the states of groups":                {"GROUP     COORDINATOR (ID)   ASSIGNMENT-STRATEGY  STATE  #MEMBERS\n", []transcript.Form{transcript.GroupsForm}},
		"an empty group alone":                {"Consumer group 'g' has no active members.\n", []transcript.Form{transcript.GroupsForm}},
		"all in one file": {
			"Topic: a PartitionCount: 3 ReplicationFactor: 3\nDynamic configs for topic a are:\nGROUP TOPIC PARTITION\n",
			[]transcript.Form{transcript.ConfigsForm, transcript.GroupsForm, transcript.TopicsForm},
		},
		"manifests are none of them":               {"apiVersion: v1\nkind: List\nitems: []\n", nil},
		"a text inside of a manifest is not meant": {"kind: ConfigMap\ndata:\n  x: |\n    Topic: a PartitionCount: 3\n", nil},
		"users' credentials are not meant":         {"Configs for user-principal 'a' are SCRAM-SHA-512=salt=x\n", nil},
		"nothing":                                  {"", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := transcript.Recognise([]byte(test.text)); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestTopics(t *testing.T) {
	tests := map[string]struct {
		text string
		want transcript.Topic
	}{
		"Kafka 2.4 to 2.7": {
			"Topic: orders\tPartitionCount: 12\tReplicationFactor: 3\tConfigs: min.insync.replicas=2,segment.bytes=1\n\tTopic: orders\tPartition: 0\tLeader: 2\tReplicas: 2,0,1\tIsr: 2,0,1\n",
			transcript.Topic{Name: "orders", Partitions: 12, Replicas: 3, Config: map[string]string{"min.insync.replicas": "2", "segment.bytes": "1"}, Line: 1},
		},
		"Kafka 2.2 and 2.3 without blanks": {
			"Topic:orders\tPartitionCount:12\tReplicationFactor:3\tConfigs:retention.ms=5\n",
			transcript.Topic{Name: "orders", Partitions: 12, Replicas: 3, Config: map[string]string{"retention.ms": "5"}, Line: 1},
		},
		"Kafka 2.8 with an id": {
			"Topic: orders\tTopicId: r7mFHLM1RNGzSBSTEfBxgA\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n",
			transcript.Topic{Name: "orders", Partitions: 1, Replicas: 1, Config: map[string]string{}, Line: 1},
		},
		"pasted with blanks for tabs, and Windows line ends": {
			"\r\nTopic: orders    PartitionCount: 2    ReplicationFactor: 1    Configs: cleanup.policy=compact\r\n",
			transcript.Topic{Name: "orders", Partitions: 2, Replicas: 1, Config: map[string]string{"cleanup.policy": "compact"}, Line: 2},
		},
		"values that hold commas": {
			"Topic: o\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: cleanup.policy=compact,delete,follower.replication.throttled.replicas=0:1,1:2,preallocate=true,retention.ms=-1\n",
			transcript.Topic{Name: "o", Partitions: 1, Replicas: 1, Line: 1, Config: map[string]string{
				"cleanup.policy": "compact,delete", "follower.replication.throttled.replicas": "0:1,1:2", "preallocate": "true", "retention.ms": "-1",
			}},
		},
		"marked for deletion, with nothing set": {
			"Topic: o\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \tMarkedForDeletion: true\n",
			transcript.Topic{Name: "o", Partitions: 1, Replicas: 1, Config: map[string]string{}, Deleting: true, Line: 1},
		},
		"marked for deletion": {
			"Topic: o\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: retention.ms=1\tMarkedForDeletion: true\n",
			transcript.Topic{Name: "o", Partitions: 1, Replicas: 1, Config: map[string]string{"retention.ms": "1"}, Deleting: true, Line: 1},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := transcript.Topics("topics.txt", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || !reflect.DeepEqual(got[0], test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestATopicThatCannotBeReadIsAFindingWithItsLine(t *testing.T) {
	for name, line := range map[string]string{
		"no number":         "Topic: b PartitionCount: many ReplicationFactor: 3",
		"no partition":      "Topic: b PartitionCount: 0 ReplicationFactor: 3",
		"cut":               "Topic: b PartitionCount: 3 Replica",
		"beyond 32 bits":    "Topic: b PartitionCount: 4294967297 ReplicationFactor: 3",
		"a negative factor": "Topic: b PartitionCount: 3 ReplicationFactor: -1",
	} {
		t.Run(name, func(t *testing.T) {
			topics, err := transcript.Topics("t.txt", []byte("Topic: a PartitionCount: 1 ReplicationFactor: 1\n"+line+"\n"))
			found := finding.From(err)
			if len(found) != 1 || found[0].Position() != "t.txt:2" || found[0].Hint == "" {
				t.Errorf("got %v", found)
			}
			if len(topics) != 1 {
				t.Errorf("the readable topic is lost: %v", topics)
			}
		})
	}
}

func TestConfigs(t *testing.T) {
	tests := map[string]struct {
		text string
		want []transcript.Entity
	}{
		"dynamic entries of a topic, Kafka 2.5 to 2.8": {
			"Dynamic configs for topic orders are:\n  cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=delete}\n",
			[]transcript.Entity{{Type: "topic", Name: "orders", Config: map[string]string{"cleanup.policy": "compact,delete"}, Line: 1}},
		},
		"of all entries only the topic's own": {
			"All configs for topic orders are:\n" +
				"  retention.ms=1 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=1, STATIC_BROKER_CONFIG:log.retention.ms=2}\n" +
				"  segment.bytes=7 sensitive=false synonyms={STATIC_BROKER_CONFIG:log.segment.bytes=7, DEFAULT_CONFIG:log.segment.bytes=1}\n" +
				"  flush.ms=8 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:log.flush.interval.ms=8}\n",
			[]transcript.Entity{{Type: "topic", Name: "orders", Config: map[string]string{"retention.ms": "1"}, Line: 1}},
		},
		"a broker of Kafka 2.4": {
			"Configs for broker 0 are:\n  log.cleaner.threads=2 sensitive=false synonyms={DYNAMIC_BROKER_CONFIG:log.cleaner.threads=2, DEFAULT_CONFIG:log.cleaner.threads=1}\n",
			[]transcript.Entity{{Type: "broker", Name: "0", Config: map[string]string{"log.cleaner.threads": "2"}, Line: 1}},
		},
		"the default of Kafka 2.4": {
			"Default config for brokers in the cluster are:\n  background.threads=9 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:background.threads=9}\n",
			[]transcript.Entity{{Type: "broker", Config: map[string]string{"background.threads": "9"}, Line: 1}},
		},
		"over ZooKeeper": {
			"Configs for topic 'orders' are cleanup.policy=compact,delete,max.message.bytes=5\nConfigs for brokers '1' are background.threads=9\nConfigs for default brokers are num.io.threads=4\n",
			[]transcript.Entity{
				{Type: "topic", Name: "orders", Config: map[string]string{"cleanup.policy": "compact,delete", "max.message.bytes": "5"}, Line: 1},
				{Type: "broker", Name: "1", Config: map[string]string{"background.threads": "9"}, Line: 2},
				{Type: "broker", Config: map[string]string{"num.io.threads": "4"}, Line: 3},
			},
		},
		"a topic with nothing set": {
			"Dynamic configs for topic orders are:\n",
			[]transcript.Entity{{Type: "topic", Name: "orders", Config: map[string]string{}, Line: 1}},
		},
		"users, clients and loggers are passed over": {
			"Dynamic configs for topic a are:\nQuota configs for user-principal 'x' are producer_byte_rate=1.0\nDynamic configs for broker-logger 0 are:\n  kafka.controller=INFO sensitive=false synonyms={}\n",
			[]transcript.Entity{{Type: "topic", Name: "a", Config: map[string]string{}, Line: 1}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := transcript.Configs("configs.txt", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestNoSensitiveEntryIsKept(t *testing.T) {
	entities, err := transcript.Configs("c.txt", []byte("Configs for broker 0 are:\n"+
		"  listener.name.tls-9093.ssl.keystore.password=hunter2 sensitive=true synonyms={DYNAMIC_BROKER_CONFIG:listener.name.tls-9093.ssl.keystore.password=hunter2}\n"+
		"  ssl.key.password=hunter2\n"+
		"Configs for brokers '1' are background.threads=9,listener.name.external-9094.ssl.truststore.password=hunter2,hunter2,password.encoder.secret=hunter2\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entity := range entities {
		for key, value := range entity.Config {
			if strings.Contains(key+value, "hunter2") || strings.Contains(key, "password") {
				t.Errorf("kept %s=%s", key, value)
			}
		}
	}
	if len(entities) != 2 || entities[1].Config["background.threads"] != "9" {
		t.Errorf("the plain entry is lost: %+v", entities)
	}
}

func TestABrokenConfigurationEntryIsAFindingWithItsLine(t *testing.T) {
	_, err := transcript.Configs("c.txt", []byte("Configs for broker 0 are:\n  log.cleaner.threads\n"))
	if found := finding.From(err); len(found) != 1 || found[0].Position() != "c.txt:2" {
		t.Errorf("got %v", found)
	}
}

const table = "GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID\n"

func TestGroups(t *testing.T) {
	tests := map[string]struct {
		text string
		want []transcript.Group
	}{
		"a group with members": {
			"\n" + table + "billing         orders          0          5               7               2               c-1-af          /10.0.0.1       c-1\n" +
				"billing         audit           1          -               7               -               c-1-af          /10.0.0.1       c-1\n",
			[]transcript.Group{{Name: "billing", State: "Stable", Topics: []string{"audit", "orders"}, Line: 3}},
		},
		"an empty group, told by a notice": {
			"\nConsumer group 'billing' has no active members.\n\n" + table + "billing         orders          0          5               7               2               -               -               -\n",
			[]transcript.Group{{Name: "billing", State: "Empty", Topics: []string{"orders"}, Line: 2}},
		},
		"an empty group, the notice being lost with standard error": {
			table + "billing         orders          0          5               7               2               -               -               -\n",
			[]transcript.Group{{Name: "billing", State: "Empty", Topics: []string{"orders"}, Line: 2}},
		},
		"several groups in tables of their own": {
			table + "a   t   0   1   1   0   m   /h   c\n\n" + table + "b   t   0   1   1   0   -   -   -\n",
			[]transcript.Group{{Name: "a", State: "Stable", Topics: []string{"t"}, Line: 2}, {Name: "b", State: "Empty", Topics: []string{"t"}, Line: 5}},
		},
		"names with blanks, negative lag, a member without partitions": {
			table + "my group   t   0   3   1   -2   m-1   /h   my client\nmy group   -   -   -   -   -   m-2   /h   c\n",
			[]transcript.Group{{Name: "my group", State: "Stable", Topics: []string{"t"}, Line: 2}},
		},
		"a group that is rebalancing": {
			"Warning: Consumer group 'a' is rebalancing.\n\n" + table + "a   t   0   1   1   0   -   -   -\n",
			[]transcript.Group{{Name: "a", State: "PreparingRebalance", Topics: []string{"t"}, Line: 1}},
		},
		"a table of states": {
			"GROUP                     COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE           #MEMBERS\n" +
				"billing                   kafka-0.example:9092 (0)  range                Stable          3\n" +
				"audit                     kafka-1.example:9092 (1)                       Empty           0\n",
			[]transcript.Group{{Name: "billing", State: "Stable", Line: 2}, {Name: "audit", State: "Empty", Line: 3}},
		},
		"noise within a table": {
			table + "[2021-03-01 10:00:00,000] WARN something (org.apache.kafka.clients.NetworkClient)\na   t   0   1   1   0   m   /h   c\n",
			[]transcript.Group{{Name: "a", State: "Stable", Topics: []string{"t"}, Line: 3}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := transcript.Groups("groups.txt", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestABrokenGroupRowIsAFindingWithItsLine(t *testing.T) {
	_, err := transcript.Groups("g.txt", []byte(table+"billing   orders   zero   1\n"))
	if found := finding.From(err); len(found) != 1 || found[0].Position() != "g.txt:2" {
		t.Errorf("got %v", found)
	}
}

func TestTextOfPowerShellIsRead(t *testing.T) {
	units := utf16.Encode([]rune("\ufeffTopic: a\tPartitionCount: 3\tReplicationFactor: 2\tConfigs: \r\n"))
	for name, order := range map[string]binary.AppendByteOrder{"little-endian": binary.LittleEndian, "big-endian": binary.BigEndian} {
		t.Run(name, func(t *testing.T) {
			var text []byte
			for _, unit := range units {
				text = order.AppendUint16(text, unit)
			}
			topics, err := transcript.Topics("t.txt", text)
			if err != nil || len(topics) != 1 || topics[0].Partitions != 3 {
				t.Errorf("got %+v, %v", topics, err)
			}
		})
	}
}

func FuzzTopicsAreWithinBounds(f *testing.F) {
	f.Add("Topic: orders\tPartitionCount: 12\tReplicationFactor: 3\tConfigs: cleanup.policy=compact,delete,retention.ms=1\n")
	f.Add("Topic:a\tPartitionCount:1\tReplicationFactor:1\tConfigs:\tMarkedForDeletion: true\n")
	f.Fuzz(func(t *testing.T, text string) {
		topics, err := transcript.Topics("f", []byte(text))
		for _, topic := range topics {
			if topic.Name == "" || strings.ContainsAny(topic.Name, " \t") || topic.Partitions < 1 || topic.Replicas < 1 || topic.Line < 1 {
				t.Errorf("impossible topic %+v", topic)
			}
		}
		positioned(t, err)
	})
}

func FuzzConfigsKeepNoSecret(f *testing.F) {
	f.Add("Dynamic configs for topic a are:\n  retention.ms=1 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=1}\n")
	f.Add("Configs for brokers '1' are a.b=1,ssl.key.password=x,y\nDefault configs for brokers in the cluster are:\n  x.y=z sensitive=true synonyms={}\n")
	f.Fuzz(func(t *testing.T, text string) {
		entities, err := transcript.Configs("f", []byte(text))
		for _, entity := range entities {
			if entity.Type != "topic" && entity.Type != "broker" || entity.Config == nil {
				t.Errorf("impossible entity %+v", entity)
			}
			for key := range entity.Config {
				if strings.Contains(strings.ToLower(key), "password") {
					t.Errorf("kept %s", key)
				}
			}
		}
		positioned(t, err)
	})
}

func FuzzGroupsAreNamedOnce(f *testing.F) {
	f.Add(table + "a   t   0   1   1   0   m   /h   c\n")
	f.Add("Consumer group 'a' has no active members.\n" + table + "a   -   -   -   -   -   m   /h   c\n")
	f.Add("GROUP COORDINATOR (ID) ASSIGNMENT-STRATEGY STATE #MEMBERS\na h:1 (0) range Stable 1\n")
	f.Fuzz(func(t *testing.T, text string) {
		groups, err := transcript.Groups("f", []byte(text))
		seen := make(map[string]bool)
		for _, group := range groups {
			if seen[group.Name] || !slices.IsSorted(group.Topics) {
				t.Errorf("impossible groups %+v", groups)
			}
			seen[group.Name] = true
		}
		positioned(t, err)
	})
}

func positioned(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	found := finding.From(err)
	if len(found) == 0 {
		t.Errorf("an error without a finding: %v", err)
	}
	for _, f := range found {
		if f.Line < 1 || f.File == "" || f.Hint == "" {
			t.Errorf("a finding without a place or a hint: %+v", f)
		}
	}
}
