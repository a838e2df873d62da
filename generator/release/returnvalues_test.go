package release_test

import (
	"fmt"
	"strings"
	"testing"
)

const reverse = "rollback: {reverseMirror: true}\nretire: true\n"

func TestAReverseMirrorIsRenderedWithTheClustersExchanged(t *testing.T) {
	all := releases(t, "retire: true\n", reverse, "  authentication:\n", "  tls:\n    trustedCertificates:\n    - {secretName: old-ca, certificate: ca.crt}\n  authentication:\n")
	forward := mirrorSpec(t)
	object := rendered(t, all["target-return-mirror"])["KafkaMirrorMaker2 small-return"]
	spec := at(object, "spec")
	if at(object, "metadata", "namespace") != "streams" || at(spec, "connectCluster") != "small-return" || at(spec, "version") != "2.8.0" {
		t.Fatalf("got %v", object)
	}
	clusters, _ := at(spec, "clusters").([]any)
	forwardClusters, _ := forward["clusters"].([]any)
	if len(clusters) != 2 || len(forwardClusters) != 2 {
		t.Fatalf("got %v", clusters)
	}
	reads, writes, target := clusters[0], clusters[1], forwardClusters[1]
	for _, key := range []string{"alias", "bootstrapServers", "authentication", "tls"} {
		if got, want := fmt.Sprint(at(reads, key)), fmt.Sprint(at(target, key)); got != want {
			t.Errorf("it reads from %s %s, the forward mirror writes to %s", key, got, want)
		}
	}
	for keys, want := range map[string]any{
		"alias": "small-return", "bootstrapServers": "kafka.example:443", "authentication username": "small-return", "authentication passwordSecret secretName": "small-return-source",
		"config group.id": "small-return", "config offset.storage.topic": "small-return-offsets", "config producer.enable.idempotence": "true",
	} {
		if got := at(writes, strings.Split(keys, " ")...); got != want {
			t.Errorf("it writes with %s %v, want %v", keys, got, want)
		}
	}
	if got := fmt.Sprint(at(writes, "tls", "trustedCertificates")); got != "[map[certificate:ca.crt secretName:old-ca]]" {
		t.Errorf("the source is trusted by %s", got)
	}
	mirrors, _ := at(spec, "mirrors").([]any)
	if len(mirrors) != 1 || at(mirrors[0], "sourceCluster") != "small-target" || at(mirrors[0], "topicsPattern") != `on,orders\.eu` {
		t.Errorf("got %v", mirrors)
	}
	if at(mirrors[0], "checkpointConnector") != nil || at(mirrors[0], "heartbeatConnector") != nil || at(mirrors[0], "sourceConnector", "config", "consumer.auto.offset.reset") != "latest" {
		t.Errorf("its connectors are %v", mirrors[0])
	}
}

func TestTheReverseMirrorsUserBelongsToTheSource(t *testing.T) {
	user := rendered(t, releases(t, "retire: true\n", reverse)["source-return-access"])["KafkaUser small-return"]
	if at(user, "apiVersion") != "kafka.strimzi.io/v1beta1" || at(user, "metadata", "labels", "strimzi.io/cluster") != "old" || at(user, "metadata", "namespace") != "kafka" {
		t.Errorf("got %v", user)
	}
}

func TestWithoutARollbackMirrorItsReleasesAreNotWritten(t *testing.T) {
	for name := range releases(t) {
		if strings.Contains(name, "return") {
			t.Errorf("there is %s", name)
		}
	}
}
