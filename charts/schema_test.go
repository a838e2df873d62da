package charts_test

import (
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// openMaps are the values whose keys belong to somebody else: Kubernetes, Strimzi, Kafka,
// the JMX exporter, or the user.
func openMaps() []string {
	return []string{
		"annotations", "labels", "namespace.labels", "rules.labels",
		"resources", "approver.resources", "olm.config.resources",
		"podSecurityContext", "approver.podSecurityContext",
		"grafana.instanceLabels", "grafana.ingress.annotations", "grafana.resources", "grafana.oauthProxyResources", "grafana.podSecurityContext",
		"prometheus.resources", "prometheus.securityContext", "prometheus.alertmanager.resources",
		"spec", "rebalance.spec", "metrics.kafka", "metrics.zookeeper", "metrics.cruiseControl", "metrics.rules",
		"source.authentication", "source.config", "target.authentication", "target.config",
		"connectors.source.config", "connectors.checkpoint.config", "connectors.heartbeat.config",
		"jvmOptions", "template", "logging",
	}
}

func TestSchemaRefusesAnUnknownKeyAtEveryLevelOfTheValues(t *testing.T) {
	for _, name := range chartNames(t) {
		levels := []string{""}
		levels = append(levels, mappings("", load(t, name).Values)...)
		for _, level := range levels {
			within := func(open string) bool { return level == open || strings.HasPrefix(level, open+".") }
			if slices.ContainsFunc(openMaps(), within) {
				continue
			}
			values := map[string]any{"unheardOf": 1}
			if level != "" {
				for _, key := range slices.Backward(strings.Split(level, ".")) {
					values = map[string]any{key: values}
				}
			}
			text, err := yaml.Marshal(values)
			if err != nil {
				t.Fatal(err)
			}
			_, err = tryRender(t, name, string(text))
			if err == nil || !strings.Contains(err.Error(), "unheardOf") {
				t.Errorf("%s: unknown key below %q: error is %v", name, level, err)
			}
		}
	}
}

// mappings lists the paths of all mappings below a value.
func mappings(prefix string, value map[string]any) []string {
	var paths []string
	for key, child := range value {
		if mapping, is := child.(map[string]any); is {
			paths = append(paths, prefix+key)
			paths = append(paths, mappings(prefix+key+".", mapping)...)
		}
	}
	return paths
}

func TestSchemaRefusesValuesThatWouldGoWrong(t *testing.T) {
	cases := []struct{ name, chart, values, mention string }{
		{"a topic setting above 2^53 that is no string", "topics",
			"topics: [{name: a, partitions: 1, replicas: 1, config: {retention.ms: 9223372036854775807}}]", "maximum"},
		{"a broker setting above 2^53 that is no string", "kafka",
			"spec: {kafka: {config: {log.retention.ms: 9223372036854775807}}}", "maximum"},
		{"a topic whose name YAML took for a boolean", "topics",
			"topics: [{name: on, partitions: 1, replicas: 1}]", "name"},
		{"a topic name in upper case", "topics",
			"topics: [{name: Orders, partitions: 1, replicas: 1}]", "name"},
		{"a topic without partitions", "topics", "topics: [{name: a, replicas: 1}]", "partitions"},
		{"a topic with an unknown field", "topics", "topics: [{name: a, partitions: 1, replicas: 1, retention: 1}]", "retention"},
		{"a TLS user whose name is no common name", "users",
			"users: [{name: " + strings.Repeat("u", 65) + ", spec: {authentication: {type: tls}}}]", "maxLength"},
		{"a user spec with an unknown field", "users", "users: [{name: a, spec: {acls: []}}]", "acls"},
		{"AMQ Streams without a startingCSV", "operator", "olm: {startingCSV: ''}", "startingCSV"},
		{"AMQ Streams with startingCSV removed", "operator", "olm: {startingCSV: null}", "startingCSV"},
		{"an unknown distribution", "operator", "distribution: confluent", "distribution"},
		{"a bare consumer key, which reaches no consumer", "mirror-maker2",
			"connectors: {source: {config: {auto.offset.reset: earliest}}}", "auto.offset.reset"},
		{"trusted certificates while TLS is off", "mirror-maker2",
			"source: {tls: {enabled: false, trustedCertificates: [{secretName: a, certificate: ca.crt}]}}", "trustedCertificates"},
		{"a bootstrap address without a port", "mirror-maker2", "source: {bootstrapServers: kafka.example.com}", "bootstrapServers"},
		{"an authentication without a type", "mirror-maker2", "target: {authentication: {username: a}}", "type"},
		{"a replication factor of zero", "mirror-maker2", "storage: {replicationFactor: 0}", "replicationFactor"},
		{"replicas of a CronJob", "workloads",
			"workloads: [{name: a, kind: CronJob, apiVersion: batch/v1, suspend: true, replicas: 0}]", "replicas"},
		{"a CronJob without suspend", "workloads", "workloads: [{name: a, kind: CronJob, apiVersion: batch/v1}]", "suspend"},
		{"a Deployment without replicas", "workloads", "workloads: [{name: a, kind: Deployment, apiVersion: apps/v1}]", "replicas"},
		{"a suspended StatefulSet", "workloads",
			"workloads: [{name: a, kind: StatefulSet, apiVersion: apps/v1, replicas: 1, suspend: true}]", "suspend"},
		{"a paused Deployment", "workloads",
			"workloads: [{name: a, kind: Deployment, apiVersion: apps/v1, replicas: 1, pause: true}]", "pause"},
		{"replicas of a KafkaConnector", "workloads",
			"workloads: [{name: a, kind: KafkaConnector, apiVersion: kafka.strimzi.io/v1beta2, replicas: 1}]", "pause"},
		{"a DaemonSet, which has no count", "workloads",
			"workloads: [{name: a, kind: DaemonSet, apiVersion: apps/v1, replicas: 1}]", "kind"},
		{"a producer with two rates", "sample-apps",
			"apps: [{name: a, role: producer, topic: t, messagesPerSecond: 1, delayMs: 10}]", "not"},
		{"a consumer with a rate", "sample-apps",
			"apps: [{name: a, role: consumer, topic: t, group: g, messagesPerSecond: 1}]", "messagesPerSecond"},
		{"a consumer without a group", "sample-apps", "apps: [{name: a, role: consumer, topic: t}]", "group"},
		{"a cluster that is neither source nor target", "monitoring", "cluster: {role: both}", "role"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			_, err := tryRender(t, test.chart, test.values)
			if err == nil {
				t.Fatal("the schema let it through")
			}
			if !strings.Contains(err.Error(), test.mention) {
				t.Errorf("the error does not mention %q: %v", test.mention, err)
			}
		})
	}
}
