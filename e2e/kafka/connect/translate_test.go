package connect

import (
	"fmt"
	"strings"
	"testing"

	"cutover/e2e/kafka/manifest"
)

const resource = `
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaMirrorMaker2
metadata: {name: m}
spec:
  version: 2.8.0
  replicas: 2
  connectCluster: b
  clusters:
  - alias: a
    bootstrapServers: old:9092
  - alias: b
    bootstrapServers: new:9092
    config: {group.id: m, offset.flush.interval.ms: 10000, producer.acks: all}
  mirrors:
  - sourceCluster: a
    targetCluster: b
    topicsPattern: ".*"
    %s
    sourceConnector:
      tasksMax: 4
      pause: true
      config: {consumer.auto.offset.reset: earliest, replication.factor: 3}
    checkpointConnector:
      config: {}
`

func read(t *testing.T, text string) Resource {
	t.Helper()
	objects, err := manifest.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(objects[0])
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func loopback(name string) (string, error) {
	if !strings.HasSuffix(name, ":9092") {
		return "", fmt.Errorf("nothing is called %s", name)
	}
	return "127.0.0.1:1" + name[:3], nil
}

func TestConnectorsCarryNamesPrefixesAndPatterns(t *testing.T) {
	for _, exclude := range []string{`topicsExcludePattern: "__.*"`, `topicsBlacklistPattern: "__.*"`,
		`{topicsExcludePattern: "__.*", topicsBlacklistPattern: "x"}`} {
		exclude = strings.NewReplacer("{", "", "}", "", ", ", "\n    ").Replace(exclude)
		wanted, err := Translate(read(t, fmt.Sprintf(resource, exclude)), loopback)
		if err != nil {
			t.Fatal(err)
		}
		if len(wanted.Connectors) != 2 || wanted.Workers != 2 || wanted.Version != "2.8.0" {
			t.Fatalf("Translate gave %+v", wanted)
		}
		source := wanted.Connectors[0]
		if source.Name != "a->b.MirrorSourceConnector" || !source.Pause || wanted.Connectors[1].Pause {
			t.Errorf("the source connector is %+v", source)
		}
		for key, want := range map[string]string{
			"connector.class":              "org.apache.kafka.connect.mirror.MirrorSourceConnector",
			"tasks.max":                    "4",
			"source.cluster.alias":         "a",
			"target.cluster.alias":         "b",
			"target.cluster.group.id":      "m",
			"target.cluster.producer.acks": "all",
			"topics":                       ".*",
			"topics.exclude":               "__.*",
			"consumer.auto.offset.reset":   "earliest",
			"replication.factor":           "3",
		} {
			if got := source.Config[key]; got != want {
				t.Errorf("%s is %q, want %q", key, got, want)
			}
		}
		if _, ok := source.Config["groups"]; ok {
			t.Error("a pattern that was not given is set")
		}
	}
}

func TestWorkersTakeTheConnectClustersSettings(t *testing.T) {
	wanted, err := Translate(read(t, fmt.Sprintf(resource, "groupsPattern: g")), loopback)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"group.id": "m", "offset.flush.interval.ms": "10000", "producer.acks": "all",
		"config.storage.topic": "mirrormaker2-cluster-configs", "bootstrap.servers": "127.0.0.1:1new",
		"key.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
	} {
		if got := wanted.Worker[key]; got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

func TestTranslateRefusesWhatItCannotRun(t *testing.T) {
	plain := fmt.Sprintf(resource, "groupsPattern: g")
	for name, text := range map[string]string{
		"a listener with TLS":           strings.Replace(plain, "bootstrapServers: old:9092", "bootstrapServers: old:9092\n    tls: {}", 1),
		"a listener with users":         strings.Replace(plain, "bootstrapServers: old:9092", "bootstrapServers: old:9092\n    authentication: {type: tls}", 1),
		"an unknown address":            strings.Replace(plain, "old:9092", "old:443", 1),
		"an unknown connect cluster":    strings.Replace(plain, "connectCluster: b", "connectCluster: c", 1),
		"a mirror of an unknown source": strings.Replace(plain, "sourceCluster: a", "sourceCluster: c", 1),
	} {
		if _, err := Translate(read(t, text), loopback); err == nil {
			t.Errorf("%s is translated", name)
		}
	}
}
