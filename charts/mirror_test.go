package charts_test

import (
	"reflect"
	"testing"
)

func TestMirrorIsWhatTheValuesSay(t *testing.T) {
	cluster := func(i int) []any { return []any{"spec", "clusters", i} }
	mirror := []any{"spec", "mirrors", 0}
	policy := func(connector string) []any {
		return append(mirror[:3:3], connector, "config", "replication.policy.class")
	}
	cases := []struct {
		name, values string
		path         []any
		want         any
	}{
		{"the workers belong to the target", "target: {alias: new}", []any{"spec", "connectCluster"}, "new"},
		{"exclude fields by default", "topicsExcludePattern: a", append(mirror[:3:3], "topicsExcludePattern"), "a"},
		{"blacklist fields where nothing else is known", "{excludeFields: blacklist, topicsExcludePattern: a}",
			append(mirror[:3:3], "topicsBlacklistPattern"), "a"},
		{"never both", "{excludeFields: blacklist, groupsExcludePattern: a}", append(mirror[:3:3], "groupsExcludePattern"), nil},
		{"an empty exclude pattern is not written", "topicsExcludePattern: ''", append(mirror[:3:3], "topicsExcludePattern"), nil},
		{"Strimzi's identity policy before Kafka 3.0", "version: 2.7.0", policy("sourceConnector"),
			"io.strimzi.kafka.connect.mirror.IdentityReplicationPolicy"},
		{"Kafka's identity policy from 3.0", "version: 3.0.0", policy("checkpointConnector"),
			"org.apache.kafka.connect.mirror.IdentityReplicationPolicy"},
		{"another policy when it is given", "connectors: {heartbeat: {config: {replication.policy.class: com.example.Mine}}}",
			policy("heartbeatConnector"), "com.example.Mine"},
		{"no tls section without TLS", "", append(cluster(0), "tls"), nil},
		{"an empty tls section for the authorities of the image", "source: {tls: {enabled: true}}", append(cluster(0), "tls"), map[string]any{}},
		{"trusted certificates", "source: {tls: {enabled: true, trustedCertificates: [{secretName: ca, certificate: ca.crt}]}}",
			append(cluster(0), "tls"), map[string]any{"trustedCertificates": []any{map[string]any{"secretName": "ca", "certificate": "ca.crt"}}}},
		{"no authentication without one", "", append(cluster(1), "authentication"), nil},
		{"no config of the source without one", "", append(cluster(0), "config"), nil},
		{"the group of the workers", "{groupId: mine, target: {config: {group.id: theirs}}}", append(cluster(1), "config", "group.id"), "mine"},
		{"the offsets topic", "storage: {offsetsTopic: mine}", append(cluster(1), "config", "offset.storage.topic"), "mine"},
		{"the broker's replication factor", "storage: {replicationFactor: -1}", append(cluster(1), "config", "status.storage.replication.factor"), -1},
		{"idempotent writes", "", append(cluster(1), "config", "producer.enable.idempotence"), "true"},
		{"a pause is always written, so that a patch can test it", "", append(mirror[:3:3], "sourceConnector", "pause"), false},
		{"a pause that is asked for", "connectors: {source: {pause: true}}", append(mirror[:3:3], "sourceConnector", "pause"), true},
		{"no heartbeats when they are switched off", "connectors: {heartbeat: {enabled: false}}", append(mirror[:3:3], "heartbeatConnector"), nil},
		{"no empty resources", "", []any{"spec", "resources"}, nil},
		{"no empty template", "", []any{"spec", "template"}, nil},
		{"no empty logging", "", []any{"spec", "logging"}, nil},
		{"JVM options", "jvmOptions: {'-Xmx': 2g}", []any{"spec", "jvmOptions"}, map[string]any{"-Xmx": "2g"}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			object := find(t, render(t, "mirror-maker2", test.values), "KafkaMirrorMaker2/mirror")
			if got := at(object, test.path...); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%v is %#v, want %#v", test.path, got, test.want)
			}
		})
	}
}
