package inventory_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
)

func TestSettingsAreKeptAsTheTextThatKafkaReads(t *testing.T) {
	tests := map[string]struct{ yaml, want string }{
		"an integer":                        {"604800000", "604800000"},
		"the largest":                       {"9223372036854775807", "9223372036854775807"},
		"beyond 64 bits":                    {"92233720368547758070", "92233720368547758070"},
		"beyond 2^53":                       {"9007199254740993", "9007199254740993"},
		"a negative integer":                {"-1", "-1"},
		"a boolean":                         {"false", "false"},
		"a boolean in capitals":             {"True", "true"},
		"a quoted boolean":                  {`"false"`, "false"},
		"a text with a comma":               {"'compact,delete'", "compact,delete"},
		"an old boolean is a text":          {"on", "on"},
		"a fraction":                        {"0.50", "0.50"},
		"an exponent is written out":        {"6.048e+08", "604800000"},
		"hexadecimal is written out":        {"0x10", "16"},
		"a quoted exponent is left":         {`"6.048e+08"`, "6.048e+08"},
		"an exponent beyond 2^53 is left":   {"1e300", "1e300"},
		"an empty text":                     {`""`, ""},
		"a version that looks like a float": {`"2.4"`, "2.4"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, _ := read(t, cluster("freight", "kafka", "config: {log.x: "+test.yaml+", gone: null}"),
				topic("orders", "partitions: 1, replicas: 1, config: {x: "+test.yaml+", gone: null}"))
			want := map[string]string{"x": test.want}
			if got := inv.Topics[0].Config; !maps.Equal(got, want) {
				t.Errorf("topic: got %q, want %q", got, want)
			}
			if got := inv.Kafka.Config; !maps.Equal(got, map[string]string{"log.x": test.want}) {
				t.Errorf("broker: got %q", got)
			}
		})
	}
}

func describeTopic(name string, partitions, replicas int, config string) string {
	return fmt.Sprintf("Topic: %s\tPartitionCount: %d\tReplicationFactor: %d\tConfigs: %s\n", name, partitions, replicas, config)
}

func TestBrokersAndResourcesAreMerged(t *testing.T) {
	tests := map[string]struct {
		kafka    string
		texts    []string
		want     inventory.Topic
		messages []string
	}{
		"a resource alone": {
			texts: []string{topic("orders", "partitions: 3, replicas: 2")},
			want:  inventory.Topic{Name: "orders", Resource: "orders", Partitions: 3, Replicas: 2, Seen: []inventory.Evidence{"manifests"}},
		},
		"a resource whose topic has another name": {
			texts: []string{topic("orders---ab", "topicName: Orders, partitions: 3, replicas: 2"), describeTopic("Orders", 3, 2, "")},
			want:  inventory.Topic{Name: "Orders", Resource: "orders---ab", Partitions: 3, Replicas: 2, Seen: []inventory.Evidence{"manifests", "topics-describe"}},
		},
		"a topic without a resource": {
			texts: []string{describeTopic("orders", 3, 2, "retention.ms=5")},
			want: inventory.Topic{Name: "orders", Partitions: 3, Replicas: 2, Config: map[string]string{"retention.ms": "5"},
				Seen: []inventory.Evidence{"topics-describe"}},
		},
		"what a topic inherits is not its own": {
			kafka: "config: {log.retention.hours: 1, min.insync.replicas: 2, log.segment.bytes: 7, log.cleanup.policy: 'compact, delete', message.max.bytes: 9}",
			texts: []string{describeTopic("orders", 3, 2, "retention.ms=3600000,min.insync.replicas=2,segment.bytes=8,cleanup.policy=compact,delete,max.message.bytes=9,message.format.version=2.4-IV1")},
			want: inventory.Topic{Name: "orders", Partitions: 3, Replicas: 2, Config: map[string]string{"segment.bytes": "8"},
				Seen: []inventory.Evidence{"topics-describe"}},
		},
		"what the resource sets is its own, also where the brokers say the same": {
			kafka: "config: {min.insync.replicas: 2}",
			texts: []string{topic("orders", "partitions: 3, replicas: 2, config: {min.insync.replicas: 2}"), describeTopic("orders", 3, 2, "min.insync.replicas=2")},
			want: inventory.Topic{Name: "orders", Resource: "orders", Partitions: 3, Replicas: 2, Config: map[string]string{"min.insync.replicas": "2"},
				Seen: []inventory.Evidence{"manifests", "topics-describe"}},
		},
		"the brokers win over the resource": {
			texts: []string{topic("orders", "partitions: 3, replicas: 2, config: {retention.ms: 1, segment.ms: 1}"), describeTopic("orders", 6, 3, "retention.ms=2,flush.ms=4")},
			want: inventory.Topic{Name: "orders", Resource: "orders", Partitions: 6, Replicas: 3, Config: map[string]string{"retention.ms": "2", "flush.ms": "4"},
				Seen: []inventory.Evidence{"manifests", "topics-describe"}},
			messages: []string{
				"the KafkaTopic says 2 replicas, the brokers have 3 (c.yaml:1); the brokers' word is kept",
				"the KafkaTopic says 3 partitions, the brokers have 6 (c.yaml:1); the brokers' word is kept",
				"the KafkaTopic says no flush.ms (brokers: 4), retention.ms 1 (brokers: 2), segment.ms 1 (brokers: not set), by c.yaml:1; the brokers' word is kept",
			},
		},
		"kafka-configs.sh is more exact than kafka-topics.sh": {
			texts: []string{describeTopic("orders", 3, 2, "retention.ms=5,segment.bytes=1"),
				"Dynamic configs for topic orders are:\n  retention.ms=5 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=5}\n"},
			want: inventory.Topic{Name: "orders", Partitions: 3, Replicas: 2, Config: map[string]string{"retention.ms": "5"},
				Seen: []inventory.Evidence{"config-describe", "topics-describe"}},
		},
		"kafka-configs.sh wins over the resource": {
			texts: []string{topic("orders", "partitions: 3, replicas: 2, config: {retention.ms: 1}"),
				"Configs for topic 'orders' are retention.ms=5\n"},
			want: inventory.Topic{Name: "orders", Resource: "orders", Partitions: 3, Replicas: 2, Config: map[string]string{"retention.ms": "5"},
				Seen: []inventory.Evidence{"config-describe", "manifests"}},
			messages: []string{"the KafkaTopic says retention.ms 1 (brokers: 5), by c.yaml:1; the brokers' word is kept"},
		},
		"v1beta2 may leave the size to the brokers": {
			texts: []string{topic("orders", "config: {}"), describeTopic("orders", 3, 2, "")},
			want: inventory.Topic{Name: "orders", Resource: "orders", Partitions: 3, Replicas: 2,
				Seen: []inventory.Evidence{"manifests", "topics-describe"}},
		},
		"a size that nobody tells": {
			texts:    []string{topic("orders", "config: {}")},
			want:     inventory.Topic{Name: "orders", Resource: "orders", Seen: []inventory.Evidence{"manifests"}},
			messages: []string{"the KafkaTopic leaves partitions or replicas to the brokers' defaults"},
		},
		"two descriptions of one topic": {
			texts: []string{describeTopic("orders", 3, 2, ""), describeTopic("orders", 4, 2, "")},
			want:  inventory.Topic{Name: "orders", Partitions: 4, Replicas: 2, Seen: []inventory.Evidence{"topics-describe"}},
			messages: []string{
				"an earlier description says 3 partitions, the brokers have 4 (c.yaml:1); the later one is kept",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, findings := read(t, append([]string{cluster("freight", "kafka", test.kafka)}, test.texts...)...)
			if len(inv.Topics) != 1 || fmt.Sprintf("%+v", inv.Topics[0]) != fmt.Sprintf("%+v", test.want) {
				t.Errorf("got  %+v\nwant %+v", inv.Topics, test.want)
			}
			var messages []string
			for _, f := range findings {
				messages = append(messages, f.Message)
				if f.Severity != finding.Warning || f.Object == "" {
					t.Errorf("finding %+v", f)
				}
			}
			slices.Sort(messages)
			if !slices.Equal(messages, test.messages) {
				t.Errorf("messages\n%s", strings.Join(messages, "\n"))
			}
		})
	}
}

func TestATopicThatIsBeingDeletedIsLeftOut(t *testing.T) {
	inv, findings := read(t, cluster("freight", "kafka"), topic("orders", "partitions: 1, replicas: 1"),
		"Topic: orders\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \tMarkedForDeletion: true\n",
		"Configs for topic 'orders' are retention.ms=1\n")
	if len(inv.Topics) != 0 {
		t.Errorf("topics %+v", inv.Topics)
	}
	only(t, findings, "topic-deleting")
}

func TestATopicOfWhichOnlyTheConfigurationIsKnownIsReported(t *testing.T) {
	inv, findings := read(t, cluster("freight", "kafka"), "Configs for topic 'orders' are retention.ms=1\n")
	if len(inv.Topics) != 0 {
		t.Errorf("topics %+v", inv.Topics)
	}
	if f := only(t, findings, "topic-unknown"); f.Position() != "b.yaml:1" {
		t.Errorf("got %+v", f)
	}
}

func TestTheTopicOperatorsNamespaceDecides(t *testing.T) {
	kafka := cluster("freight", "kafka") + "  entityOperator: {topicOperator: {watchedNamespace: topics}}\n"
	inv, _ := read(t, kafka, topic("here", "partitions: 1, replicas: 1"),
		strings.ReplaceAll(topic("there", "partitions: 1, replicas: 1"), "namespace: kafka", "namespace: topics"))
	if len(inv.Topics) != 1 || inv.Topics[0].Name != "there" {
		t.Errorf("topics %+v", inv.Topics)
	}
}

func TestLabelsOfToolsAreDropped(t *testing.T) {
	text := strings.ReplaceAll(topic("orders", "partitions: 1, replicas: 1"), "labels: {",
		"labels: {team: a, app: b, heritage: Helm, release: r, chart: c-1, helm.sh/chart: c, app.kubernetes.io/managed-by: Helm, app.kubernetes.io/instance: i, app.kubernetes.io/part-of: p, ")
	inv, _ := read(t, cluster("freight", "kafka"), text)
	want := map[string]string{"team": "a", "app": "b", "app.kubernetes.io/part-of": "p"}
	if got := inv.Topics[0].Labels; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTopicsThatMayHoldTransactionsAreMarked(t *testing.T) {
	user := "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaUser\nmetadata: {name: u, namespace: kafka, labels: {strimzi.io/cluster: freight}}\nspec:\n  authorization:\n    type: simple\n    acls:\n" +
		"    - {operation: %s, resource: {type: transactionalId, name: u}}\n" +
		"    - {operation: Write, resource: {type: topic, name: orders}}\n" +
		"    - {operation: All, resource: {type: topic, name: pay, patternType: prefix}}\n" +
		"    - {operation: Read, resource: {type: topic, name: audit}}\n"
	topics := describeTopic("orders", 1, 1, "") + describeTopic("payments", 1, 1, "") + describeTopic("audit", 1, 1, "")
	for operation, want := range map[string][]string{"Write": {"orders", "payments"}, "Describe": nil} {
		inv, _ := read(t, cluster("freight", "kafka"), fmt.Sprintf(user, operation), topics)
		var marked []string
		for _, topic := range inv.Topics {
			if topic.Transactional {
				marked = append(marked, topic.Name)
			}
		}
		if !slices.Equal(marked, want) {
			t.Errorf("%s: marked %v, want %v", operation, marked, want)
		}
	}
}
