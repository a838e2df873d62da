package inventory_test

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
)

func route(name, host string) string {
	return fmt.Sprintf("apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: %s, namespace: kafka, labels: {strimzi.io/cluster: freight}}\nspec: {host: %s}\n", name, host)
}

func TestListenersOfBothFormsAreRead(t *testing.T) {
	status := func(listeners string) string { return "status: {listeners: [" + listeners + "]}\n" }
	tests := map[string]struct {
		kafka, status string
		texts         []string
		want          []inventory.Listener
	}{
		"the object form, ports and TLS by Strimzi's defaults": {
			kafka: "listeners: {plain: {}, tls: {authentication: {type: tls}}, external: {type: loadbalancer}}",
			status: status("{type: plain, addresses: [{host: freight-kafka-bootstrap.kafka.svc, port: 9092}]}," +
				"{type: external, addresses: [{host: lb.example.com, port: 9094}]}"),
			want: []inventory.Listener{
				{Name: "external", Port: 9094, Type: "loadbalancer", TLS: true, Addresses: []string{"lb.example.com:9094"}},
				{Name: "plain", Port: 9092, Type: "internal", Addresses: []string{"freight-kafka-bootstrap.kafka.svc:9092"}},
				{Name: "tls", Port: 9093, Type: "internal", TLS: true, Authentication: "tls"},
			},
		},
		"a node port without TLS": {
			kafka: "listeners: {external: {type: nodeport, tls: false, authentication: {type: scram-sha-512}}}",
			want:  []inventory.Listener{{Name: "external", Port: 9094, Type: "nodeport", Authentication: "scram-sha-512"}},
		},
		"a route is never without TLS, and its host comes from the Route": {
			kafka: "listeners: {external: {type: route, tls: false}}",
			texts: []string{route("freight-kafka-bootstrap", "b.example.com"), route("freight-kafka-0", "b0.example.com")},
			want:  []inventory.Listener{{Name: "external", Port: 9094, Type: "route", TLS: true, Addresses: []string{"b.example.com:443"}}},
		},
		"the array form": {
			kafka:  "listeners: [{name: plain, port: 9092, type: internal, tls: false}, {name: ext, port: 9095, type: route, tls: true, authentication: {type: tls}}]",
			status: status("{type: plain, bootstrapServers: 'a.kafka.svc:9092,b.kafka.svc:9092'}, {name: ext, type: external, addresses: [{host: e.example.com, port: 443}]}"),
			texts:  []string{route("freight-kafka-ext-bootstrap", "e.example.com"), route("freight-kafka-bootstrap", "x.example.com")},
			want: []inventory.Listener{
				{Name: "ext", Port: 9095, Type: "route", TLS: true, Authentication: "tls", Addresses: []string{"e.example.com:443"}},
				{Name: "plain", Port: 9092, Type: "internal", Addresses: []string{"a.kafka.svc:9092", "b.kafka.svc:9092"}},
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, _ := read(t, append([]string{cluster("freight", "kafka", test.kafka) + test.status}, test.texts...)...)
			if !reflect.DeepEqual(inv.Kafka.Listeners, test.want) {
				t.Errorf("got  %+v\nwant %+v", inv.Kafka.Listeners, test.want)
			}
		})
	}
}

func TestAListenerWithoutAPortIsAnError(t *testing.T) {
	f := only(t, refuse(t, cluster("freight", "kafka", "listeners:\n- {name: plain, port: 9092}\n- {name: tls}")), "listener-incomplete")
	if f.Position() != "a.yaml:10" {
		t.Errorf("got %+v", f)
	}
}

func TestTheKafkaVersionComesFromTheFirstThatKnows(t *testing.T) {
	stateful := "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: freight-kafka, namespace: kafka, labels: {strimzi.io/kind: Kafka, strimzi.io/cluster: freight}, annotations: {strimzi.io/kafka-version: 2.4.1}}\nspec: {template: {spec: {}}}\n"
	tests := map[string]struct {
		kafka, status string
		texts         []string
		want          string
	}{
		"the spec":        {"version: 2.4.0", "status: {kafkaVersion: 2.5.0}\n", []string{stateful}, "2.4.0"},
		"the status":      {"", "status: {kafkaVersion: 2.5.0}\n", []string{stateful}, "2.5.0"},
		"the StatefulSet": {"image: example.com/kafka:0.17.0-kafka-2.3.1", "", []string{stateful}, "2.4.1"},
		"the image":       {"image: example.com/kafka:0.17.0-kafka-2.3.1", "", nil, "2.3.1"},
		"nobody":          {"image: example.com/kafka:latest", "", nil, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, _ := read(t, append([]string{cluster("freight", "kafka", test.kafka) + test.status}, test.texts...)...)
			if inv.Kafka.Version != test.want {
				t.Errorf("got %q, want %q", inv.Kafka.Version, test.want)
			}
		})
	}
}

func TestDynamicBrokerConfigurationIsPutOnTop(t *testing.T) {
	inv, findings := read(t, cluster("freight", "kafka", "config: {a.b: 1, c.d: 1, e.f: 1}"),
		"Default configs for brokers in the cluster are:\n  c.d=2 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:c.d=2}\n"+
			"Dynamic configs for broker 0 are:\n  e.f=3 sensitive=false synonyms={}\n  g.h=4 sensitive=false synonyms={}\n"+
			"Dynamic configs for broker 1 are:\n  e.f=3 sensitive=false synonyms={}\n")
	want := map[string]string{"a.b": "1", "c.d": "2", "e.f": "3"}
	if !maps.Equal(inv.Kafka.Config, want) {
		t.Errorf("got %v, want %v", inv.Kafka.Config, want)
	}
	if f := only(t, findings, "broker-config-differs"); !strings.Contains(f.Message, "g.h") {
		t.Errorf("got %+v", f)
	}
}

func TestTheKafkaResourceLosesWhatTheServerAdded(t *testing.T) {
	inv, _ := readFreight(t)
	if _, ok := inv.Kafka.Spec["kafka"]; !ok || len(inv.Kafka.Spec) != 3 {
		t.Errorf("spec %v", inv.Kafka.Spec)
	}
	if inv.Kafka.Document.Describe() != "Kafka kafka/freight" || inv.Kafka.Document.Line() < 2 {
		t.Errorf("document %s at line %d", inv.Kafka.Document.Describe(), inv.Kafka.Document.Line())
	}
}

func TestAKafkaWithoutSpecIsAnError(t *testing.T) {
	only(t, refuse(t, "apiVersion: kafka.strimzi.io/v1beta1\nkind: Kafka\nmetadata: {name: x, namespace: y}\n"), "kafka-incomplete")
}

func TestAMissingLoggingConfigMapIsReported(t *testing.T) {
	kafka := cluster("freight", "kafka", "logging: {type: external, valueFrom: {configMapKeyRef: {name: a, key: k}}}\nmetricsConfig: {type: jmxPrometheusExporter, valueFrom: {configMapKeyRef: {name: b, key: k}}}") +
		"  entityOperator: {userOperator: {logging: {type: external, name: c}}, topicOperator: {logging: {type: inline, name: d}}}\n"
	configMap := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: kafka}\ndata: {k: v}\n"
	inv, findings := read(t, kafka, fmt.Sprintf(configMap, "a"), fmt.Sprintf(configMap, "c"), fmt.Sprintf(configMap, "z"))
	if len(inv.ConfigMaps) != 2 || inv.ConfigMaps[0].Name != "a" || inv.ConfigMaps[1].Name != "c" || inv.ConfigMaps[0].Data["k"] != "v" {
		t.Errorf("got %+v", inv.ConfigMaps)
	}
	if f := only(t, findings, "configmap-missing"); f.Severity != finding.Warning || !strings.Contains(f.Message, "ConfigMap b") {
		t.Errorf("got %+v", f)
	}
}

func kafkaUser(name, spec string) string {
	return fmt.Sprintf("apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaUser\nmetadata: {name: %s, namespace: kafka, labels: {strimzi.io/cluster: freight}}\nspec: %s\n", name, spec)
}

func TestUsersKeepTheirSpec(t *testing.T) {
	prefixed := cluster("freight", "kafka") + "  entityOperator: {userOperator: {secretPrefix: kafka-}}\n"
	inv, findings := read(t, prefixed,
		kafkaUser("scram", "{authentication: {type: scram-sha-512}, quotas: {producerByteRate: 9007199254740993}}"),
		kafkaUser("outside", "{authentication: {type: tls-external}}"), kafkaUser("anyone", "{}"))
	if len(inv.Users) != 3 || inv.Users[2].Secret != "kafka-scram" || inv.Users[0].Secret != "" || inv.Users[1].Secret != "" {
		t.Errorf("got %+v", inv.Users)
	}
	if rate := inv.Users[2].Spec.Quotas.ProducerByteRate; *rate != 9007199254740993 {
		t.Errorf("rate %d", *rate)
	}
	if len(findings) != 0 {
		t.Errorf("findings %v", findings)
	}
}

func TestUnknownFieldsOfAUserAreNamedAndTheRestIsKept(t *testing.T) {
	inv, findings := read(t, cluster("freight", "kafka"),
		kafkaUser("u", "{authentication: {type: scram-sha-512, password: {valueFrom: x}}, quotas: {consumerByteRate: 5}}"))
	f := only(t, findings, "unknown-field")
	if f.Severity != finding.Warning || f.Object != "KafkaUser kafka/u" || !strings.Contains(f.Message, "authentication.password") || f.Position() != "b.yaml:4" {
		t.Errorf("got %+v", f)
	}
	if user := inv.Users[0]; user.Spec.Authentication.Type != "scram-sha-512" || *user.Spec.Quotas.ConsumerByteRate != 5 {
		t.Errorf("got %+v", user)
	}
}

func TestAUserWithValuesOfAWrongTypeIsAnError(t *testing.T) {
	f := only(t, refuse(t, cluster("freight", "kafka"), kafkaUser("u", "{quotas: {producerByteRate: fast}}")), "user-malformed")
	if f.Position() != "b.yaml:4" {
		t.Errorf("got %+v", f)
	}
}

func TestGroupsOfSeveralTextsAreMerged(t *testing.T) {
	inv, _ := read(t, cluster("freight", "kafka"),
		"GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID\nb t 0 1 1 0 - - -\na u 0 1 1 0 - - -\n",
		"GROUP COORDINATOR (ID) ASSIGNMENT-STRATEGY STATE #MEMBERS\nb h:9092 (0) range Stable 1\n",
		"Consumer group 'gone' does not exist.\n")
	want := []inventory.Group{{Name: "a", State: "Empty", Topics: []string{"u"}}, {Name: "b", State: "Stable", Topics: []string{"t"}}}
	if !reflect.DeepEqual(inv.Groups, want) {
		t.Errorf("got %+v", inv.Groups)
	}
}

func TestConnectClustersTellTheirInternalTopics(t *testing.T) {
	connect := "apiVersion: kafka.strimzi.io/v1beta1\nkind: %s\nmetadata: {name: c, namespace: kafka, annotations: {strimzi.io/use-connector-resources: 'true'}}\nspec: {%s}\n"
	tests := map[string]struct {
		kind, spec string
		want       inventory.Connect
	}{
		"Connect with Strimzi's defaults": {"KafkaConnect", "bootstrapServers: 'freight-kafka-bootstrap:9092'",
			inventory.Connect{Replicas: 3, GroupID: "connect-cluster", InternalTopics: []string{"connect-cluster-configs", "connect-cluster-offsets", "connect-cluster-status"}}},
		"Connect with source to image": {"KafkaConnectS2I", "replicas: 0, bootstrapServers: 'freight-kafka-bootstrap:9092', config: {group.id: g, config.storage.topic: a, offset.storage.topic: b, status.storage.topic: c}",
			inventory.Connect{GroupID: "g", InternalTopics: []string{"a", "b", "c"}}},
		"MirrorMaker, reading here": {"KafkaMirrorMaker", "replicas: 1, consumer: {groupId: g, bootstrapServers: 'freight-kafka-bootstrap:9092'}, producer: {bootstrapServers: 'x:9092'}",
			inventory.Connect{Replicas: 1, GroupID: "g"}},
		"MirrorMaker, writing here": {"KafkaMirrorMaker", "replicas: 1, consumer: {groupId: g, bootstrapServers: 'x:9092'}, producer: {bootstrapServers: 'freight-kafka-bootstrap:9092', authentication: {type: scram-sha-512, username: m}}",
			inventory.Connect{Replicas: 1, User: "m"}},
		"MirrorMaker 2, writing here": {"KafkaMirrorMaker2", "replicas: 1, connectCluster: here, clusters: [{alias: there, bootstrapServers: 'x:9092'}, {alias: here, bootstrapServers: 'freight-kafka-bootstrap:9092'}], mirrors: [{sourceCluster: there, targetCluster: here}]",
			inventory.Connect{Replicas: 1, GroupID: "mirrormaker2-cluster", InternalTopics: []string{"heartbeats", "mirrormaker2-cluster-configs", "mirrormaker2-cluster-offsets", "mirrormaker2-cluster-status", "there.checkpoints.internal"}}},
		"the Bridge": {"KafkaBridge", "bootstrapServers: 'freight-kafka-bootstrap:9092'", inventory.Connect{Replicas: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, findings := read(t, cluster("freight", "kafka"), fmt.Sprintf(connect, test.kind, test.spec))
			test.want.Kind, test.want.Name, test.want.Namespace = test.kind, "c", "kafka"
			test.want.Bootstrap = "freight-kafka-bootstrap:9092"
			if len(inv.Connects) != 1 || !reflect.DeepEqual(inv.Connects[0], test.want) {
				t.Errorf("got  %+v\nwant %+v", inv.Connects, test.want)
			}
			if len(findings) != 0 {
				t.Errorf("findings %v", findings)
			}
		})
	}
}

func TestConnectorsManagedOverRESTAreReported(t *testing.T) {
	_, findings := read(t, cluster("freight", "kafka"),
		"apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaConnect\nmetadata: {name: c, namespace: kafka}\nspec: {bootstrapServers: 'freight-kafka-bootstrap:9092'}\n")
	only(t, findings, "connectors-unknown")
}

func TestMissingEvidenceLeavesGatesUnprovable(t *testing.T) {
	gates := func(inv inventory.Inventory) string {
		var names []string
		for _, gap := range inventory.Unprovable(inv) {
			if gap.Because == "" {
				t.Errorf("gate %s without a reason", gap.Gate)
			}
			names = append(names, gap.Gate)
		}
		return strings.Join(names, " ")
	}
	user := inventory.User{Name: "u", Secret: "u"}
	tests := map[string]struct {
		inventory inventory.Inventory
		want      string
	}{
		"manifests alone": {inventory.Inventory{Evidence: []inventory.Evidence{inventory.Manifests}}, "groups-not-ahead drained topics-ready retention-parity"},
		"all texts":       {inventory.Inventory{Evidence: []inventory.Evidence{inventory.TopicsDescribe, inventory.ConfigDescribe, inventory.GroupsDescribe}}, ""},
		"a live Kafka":    {inventory.Inventory{Evidence: []inventory.Evidence{inventory.LiveKafka}}, ""},
		"no Secrets":      {inventory.Inventory{Evidence: []inventory.Evidence{inventory.LiveKafka}, Users: []inventory.User{user}}, "users-ready"},
		"its Secret":      {inventory.Inventory{Evidence: []inventory.Evidence{inventory.LiveKafka}, Users: []inventory.User{user}, Secrets: []inventory.Secret{{Name: "u"}}}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := gates(test.inventory); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
