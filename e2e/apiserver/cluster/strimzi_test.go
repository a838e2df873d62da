package cluster_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/apiserver/cluster/clustertest"
)

// sample is an object in testdata, perhaps with one change, and what a server
// with a release's CRDs says to it: nothing, or an error that holds refused.
type sample struct {
	sentence string
	file     string
	old, new string
	refused  string
}

var refusedInV1beta2 = []sample{
	{sentence: "a misspelt field is refused", file: "kafka-v1beta2.yaml",
		old: "    storage:\n      type: jbod", new: "    storge: {}\n    storage:\n      type: jbod", refused: ".spec.kafka.storge: field not declared in schema"},
	{sentence: "a repeated field is refused", file: "topic-v1beta2.yaml",
		old: "  partitions: 12\n", new: "  partitions: 12\n  partitions: 13\n", refused: `"partitions" already set`},
	{sentence: "a listener name with capitals is refused", file: "kafka-v1beta2.yaml",
		old: "name: plain", new: "name: Plain", refused: "should match '^[a-z0-9]{1,11}$'"},
	{sentence: "a probe timeout of zero is refused", file: "kafka-v1beta2.yaml",
		old: "    storage:\n      type: jbod", new: "    readinessProbe: {timeoutSeconds: 0}\n    storage:\n      type: jbod", refused: "should be greater than or equal to 1"},
	{sentence: "the inline metrics of v1beta1 are refused in v1beta2", file: "kafka-v1beta2.yaml",
		old: "    metricsConfig:", new: "    metrics:", refused: ".spec.kafka.metrics: field not declared in schema"},
	{sentence: "an unknown authentication type is refused", file: "user-v1beta2.yaml",
		old: "scram-sha-512", new: "plain", refused: `Unsupported value: "plain"`},
}

var releases = []struct {
	release string
	samples []sample
}{
	{"0.17.0", []sample{
		{sentence: "listeners as an object are accepted", file: "kafka-v1beta1.yaml"},
		{sentence: "a topic in v1beta1 is accepted", file: "topic-v1beta2.yaml", old: "v1beta2", new: "v1beta1"},
		{sentence: "a user in v1beta1 is accepted", file: "user-v1beta2.yaml", old: "v1beta2", new: "v1beta1"},
		{sentence: "a mirror in v1alpha1 is accepted", file: "mirror-maker2-v1alpha1.yaml"},
		{sentence: "v1beta2 is not served", file: "topic-v1beta2.yaml", refused: "no matches for kind"},
		{sentence: "metricsConfig is not known yet", file: "kafka-v1beta1.yaml",
			old: "    metrics:", new: "    metricsConfig:", refused: ".spec.kafka.metricsConfig: field not declared in schema"},
	}},
	{"0.22.1", append([]sample{
		{sentence: "listeners as an array are accepted", file: "kafka-v1beta2.yaml"},
		{sentence: "a topic with the greatest long is accepted", file: "topic-v1beta2.yaml"},
		{sentence: "a user is accepted", file: "user-v1beta2.yaml"},
		{sentence: "a connector is accepted", file: "connector-v1beta2.yaml"},
		{sentence: "a mirror with Blacklist patterns is accepted", file: "mirror-maker2-v1beta2.yaml"},
		{sentence: "listeners as an object are still accepted in v1beta1", file: "kafka-v1beta1.yaml",
			old: "name: freight", new: "name: older"},
		{sentence: "Exclude patterns are not known yet", file: "mirror-maker2-v1beta2.yaml",
			old: "topicsBlacklistPattern", new: "topicsExcludePattern", refused: ".spec.mirrors[0].topicsExcludePattern: field not declared in schema"},
		{sentence: "a quota of mutations is not known yet", file: "user-v1beta2.yaml",
			old: "producerByteRate", new: "controllerMutationRate", refused: ".spec.quotas.controllerMutationRate: field not declared in schema"},
		{sentence: "a topic without partitions is refused", file: "topic-v1beta2.yaml",
			old: "  partitions: 12\n  replicas: 3\n", new: "  replicas: 3\n", refused: "spec.partitions: Required value"},
	}, refusedInV1beta2...)},
	{"0.24.0", append([]sample{
		{sentence: "listeners as an array are accepted", file: "kafka-v1beta2.yaml"},
		{sentence: "a topic with the greatest long is accepted", file: "topic-v1beta2.yaml"},
		{sentence: "a topic without partitions is accepted", file: "topic-v1beta2.yaml",
			old: "  partitions: 12\n  replicas: 3\n", new: "  replicas: 3\n"},
		{sentence: "a user with a quota of mutations is accepted", file: "user-v1beta2.yaml",
			old: "producerByteRate", new: "controllerMutationRate"},
		{sentence: "a connector is accepted", file: "connector-v1beta2.yaml"},
		{sentence: "a mirror with Exclude patterns is accepted", file: "mirror-maker2-v1beta2.yaml",
			old: "topicsBlacklistPattern", new: "topicsExcludePattern"},
		{sentence: "Kafka in v1beta1 is not served", file: "kafka-v1beta1.yaml", refused: "no matches for kind"},
	}, refusedInV1beta2...)},
}

func TestServerWithStrimziCRDs(t *testing.T) {
	for _, release := range releases {
		t.Run(release.release, func(t *testing.T) {
			c := clustertest.Start(t)
			if err := c.InstallCRDs(t.Context(), clustertest.CRDs(t, release.release)); err != nil {
				t.Fatal(err)
			}
			namespace := "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: kafka\n"
			if _, err := c.Apply(t.Context(), []byte(namespace), cluster.Manager{Name: "test"}); err != nil {
				t.Fatal(err)
			}
			for _, s := range release.samples {
				t.Run(s.sentence, func(t *testing.T) { s.check(t, c) })
			}
		})
	}
}

func (s sample) check(t *testing.T, c *cluster.Cluster) {
	manifest := s.manifest(t)
	// Forced, for one sample may change what another one gave.
	live, err := c.Apply(t.Context(), manifest, cluster.Manager{Name: "test", Force: true})
	if s.refused != "" {
		if err == nil || !strings.Contains(err.Error(), s.refused) {
			t.Fatalf("want an error with %q, got %v", s.refused, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	want := &unstructured.Unstructured{}
	text, err := yaml.YAMLToJSON(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := want.UnmarshalJSON(text); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(live.Object["spec"], want.Object["spec"]) {
		t.Errorf("the server changed the spec\n got %v\nwant %v", live.Object["spec"], want.Object["spec"])
	}
}

func (s sample) manifest(t *testing.T) []byte {
	content, err := os.ReadFile(filepath.Join("testdata", s.file))
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	if s.old != "" {
		if n := strings.Count(text, s.old); n != 1 {
			t.Fatalf("%s holds %q %d times, want once", s.file, s.old, n)
		}
		text = strings.Replace(text, s.old, s.new, 1)
	}
	return []byte(text)
}
