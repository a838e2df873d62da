package operator

import (
	"errors"
	"strings"
	"testing"

	"cutover/e2e/kafka/deployment"
	"cutover/e2e/kafka/manifest"
)

func apply(t *testing.T, stream string) (*Cluster, error) {
	t.Helper()
	objects, err := manifest.Parse([]byte(stream))
	if err != nil {
		t.Fatal(err)
	}
	c, err := New("target", Settings{Folder: t.TempDir(), Templates: []deployment.Template{{Name: "office"}}},
		func(string) (string, error) { return "", errors.New("nothing listens there") })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	return c, c.Apply(t.Context(), objects)
}

func TestWhatIsNoneOfKafkasIsPassedOver(t *testing.T) {
	c, err := apply(t, "kind: ConfigMap\nmetadata: {name: a}\n---\nkind: Deployment\nmetadata: {name: operator}\nspec: {replicas: 1}\n")
	if err != nil || len(c.Replicas()) != 0 {
		t.Errorf("Apply: %v, workloads %v", err, c.Replicas())
	}
}

func TestWhatCannotRunIsAnError(t *testing.T) {
	const kafka = "kind: Kafka\nmetadata: {name: k}\nspec: {kafka: {version: 2.8.0, replicas: 1}}\n"
	for stream, want := range map[string]string{
		"kind: KafkaTopic\nmetadata: {name: a}\nspec: {partitions: 1, replicas: 1}\n":                                                "no Kafka for them",
		"kind: Deployment\nmetadata: {name: office}\nspec: {replicas: 1}\n":                                                          "there is no Kafka for it",
		"kind: Deployment\nmetadata: {name: office}\nspec: {}\n":                                                                     "no replica count",
		"kind: KafkaMirrorMaker2\nmetadata: {name: m}\nspec: {connectCluster: a, clusters: [{alias: a, bootstrapServers: old:1}]}\n": "nothing listens there",
		kafka + "---\n" + kafka: "2 Kafka, want one",
		kafka:                   "0 folders kafka-2.8.*",
	} {
		if _, err := apply(t, stream); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v, want an error with %q", stream, err, want)
		}
	}
}

func TestATopicHasTheNameThatKafkaKnows(t *testing.T) {
	for stream, want := range map[string]string{
		"kind: KafkaTopic\nmetadata: {name: a-b}\nspec: {partitions: 2, replicas: 3, topicName: A_B}\n": "A_B",
		"kind: KafkaTopic\nmetadata: {name: a-b}\nspec: {partitions: 2, replicas: 3}\n":                 "a-b",
	} {
		objects, err := manifest.Parse([]byte(stream))
		if err != nil {
			t.Fatal(err)
		}
		topic, err := ReadTopic(objects[0])
		if err != nil || topic.Name != want || topic.Partitions != 2 || topic.Replicas != 3 {
			t.Errorf("the topic is %+v, %v; want the name %s", topic, err, want)
		}
	}
}
