package inventory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
)

// files gives texts as a source; each is called a.yaml, b.yaml and so on unless it begins
// with "# NAME".
func files(texts ...string) inventory.Files {
	var all inventory.Files
	for i, text := range texts {
		name := string(rune('a'+i)) + ".yaml"
		if line, _, found := strings.Cut(text, "\n"); found && strings.HasPrefix(line, "# ") {
			name = strings.TrimPrefix(line, "# ")
			text = text[len(line)+1:]
		}
		all = append(all, inventory.File{Name: name, Content: []byte(text)})
	}
	return all
}

func read(t *testing.T, texts ...string) (inventory.Inventory, finding.List) {
	t.Helper()
	inv, findings, err := inventory.Read(t.Context(), files(texts...), inventory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return inv, findings
}

func refuse(t *testing.T, texts ...string) finding.List {
	t.Helper()
	inv, _, err := inventory.Read(t.Context(), files(texts...), inventory.Options{})
	if err == nil {
		t.Fatalf("no error, but %+v", inv)
	}
	return finding.From(err)
}

// only requires exactly one finding with a rule, and gives it.
func only(t *testing.T, findings finding.List, rule string) finding.Finding {
	t.Helper()
	findings = slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return f.Rule != rule })
	if len(findings) != 1 {
		t.Fatalf("%d findings of rule %s, want 1: %v", len(findings), rule, findings)
	}
	if findings[0].Hint == "" {
		t.Errorf("no hint: %+v", findings[0])
	}
	return findings[0]
}

// cluster is a Kafka resource, spec.kafka of which may be added to.
func cluster(name, namespace string, kafka ...string) string {
	text := fmt.Sprintf("apiVersion: kafka.strimzi.io/v1beta1\nkind: Kafka\nmetadata: {name: %s, namespace: %s}\nspec:\n  zookeeper: {replicas: 3}\n  kafka:\n    replicas: 3\n", name, namespace)
	for _, line := range kafka {
		text += "    " + strings.ReplaceAll(line, "\n", "\n    ") + "\n"
	}
	return text
}

func topic(name, spec string) string {
	return fmt.Sprintf("apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaTopic\nmetadata: {name: %s, namespace: kafka, labels: {strimzi.io/cluster: freight}}\nspec: {%s}\n", name, spec)
}

func TestTheKafkaClusterIsChosen(t *testing.T) {
	three := []string{cluster("freight", "kafka"), cluster("freight", "test"), cluster("audit", "kafka")}
	tests := map[string]struct {
		texts   []string
		options inventory.Options
		want    string // namespace/name, or part of the error
	}{
		"the only one":                         {three[:1], inventory.Options{}, "kafka/freight"},
		"by its unique name":                   {three, inventory.Options{Cluster: "audit"}, "kafka/audit"},
		"by name and namespace":                {three, inventory.Options{Cluster: "freight", Namespace: "test"}, "test/freight"},
		"by the only one in a namespace":       {three, inventory.Options{Namespace: "test"}, "test/freight"},
		"several, none asked for":              {three, inventory.Options{}, "the export holds several Kafka clusters: kafka/audit, kafka/freight, test/freight"},
		"one name in two namespaces":           {three, inventory.Options{Cluster: "freight"}, "the export holds several Kafka clusters: kafka/freight, test/freight"},
		"one that is not there":                {three[:1], inventory.Options{Cluster: "fright"}, "the export holds no Kafka cluster fright, but: kafka/freight"},
		"one that is in another namespace":     {three[:1], inventory.Options{Cluster: "freight", Namespace: "x"}, "the export holds no Kafka cluster x/freight, but: kafka/freight"},
		"none at all":                          {nil, inventory.Options{}, "the export holds no Kafka resource"},
		"Knative's Kafka is none of Strimzi's": {[]string{"apiVersion: sources.knative.dev/v1\nkind: Kafka\nmetadata: {name: x}\n"}, inventory.Options{}, "the export holds no Kafka resource"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, _, err := inventory.Read(t.Context(), files(test.texts...), test.options)
			got := inv.Kafka.Namespace + "/" + inv.Kafka.Name
			if err != nil {
				got = err.Error()
				if len(finding.From(err)) != 1 {
					t.Errorf("the error carries no finding: %v", err)
				}
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestANamespaceThatTheExportLeftOutIsTheOneAskedFor(t *testing.T) {
	text := "apiVersion: kafka.strimzi.io/v1beta1\nkind: Kafka\nmetadata: {name: freight}\nspec: {kafka: {replicas: 1}, zookeeper: {replicas: 1}}\n"
	inv, _, err := inventory.Read(t.Context(), files(text), inventory.Options{Namespace: "kafka"})
	if err != nil || inv.Kafka.Namespace != "kafka" {
		t.Errorf("namespace %q, %v", inv.Kafka.Namespace, err)
	}
}

func TestObjectsAreFoundInEveryForm(t *testing.T) {
	tests := map[string]string{
		"a document of a stream":   "---\n# a comment\n---\n" + topic("orders", "partitions: 1, replicas: 1") + "---\n",
		"a List":                   "apiVersion: v1\nkind: List\nitems:\n- " + strings.ReplaceAll(strings.TrimSpace(topic("orders", "partitions: 1, replicas: 1")), "\n", "\n  ") + "\n",
		"a typed list":             "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaTopicList\nitems:\n- metadata: {name: orders, namespace: kafka, labels: {strimzi.io/cluster: freight}}\n  spec: {partitions: 1, replicas: 1}\n",
		"JSON":                     `{"apiVersion":"kafka.strimzi.io/v1beta1","kind":"KafkaTopic","metadata":{"name":"orders","namespace":"kafka","labels":{"strimzi.io/cluster":"freight"}},"spec":{"partitions":1,"replicas":1}}`,
		"JSON with tabs":           "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"List\",\n\t\"items\": [\n\t\t{\"apiVersion\":\"kafka.strimzi.io/v1beta1\",\"kind\":\"KafkaTopic\",\"metadata\":{\"name\":\"orders\",\"labels\":{\"strimzi.io/cluster\":\"freight\"}},\"spec\":{\"partitions\":1,\"replicas\":1}}\n\t]\n}\n",
		"v1alpha1":                 strings.ReplaceAll(topic("orders", "partitions: 1, replicas: 1"), "v1beta1", "v1alpha1"),
		"v1beta2":                  strings.ReplaceAll(topic("orders", "partitions: 1, replicas: 1"), "v1beta1", "v1beta2"),
		"a List within no items":   topic("orders", "partitions: 1, replicas: 1") + "---\napiVersion: v1\nkind: List\nitems: []\n---\napiVersion: v1\nkind: List\nitems: null\n",
		"next to unknown kinds":    topic("orders", "partitions: 1, replicas: 1") + "---\napiVersion: example.com/v1\nkind: Unknown\nmetadata: {name: on}\n",
		"exported twice unchanged": topic("orders", "partitions: 1, replicas: 1") + "---\n" + topic("orders", "partitions: 1, replicas: 1"),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			inv, findings := read(t, cluster("freight", "kafka"), text)
			if len(inv.Topics) != 1 || inv.Topics[0].Name != "orders" || inv.Topics[0].Partitions != 1 {
				t.Errorf("topics %+v", inv.Topics)
			}
			if len(findings) != 0 {
				t.Errorf("findings %v", findings)
			}
		})
	}
}

func TestWhatIsWrongIsAnErrorWithItsPlace(t *testing.T) {
	tests := map[string]struct{ text, rule, position, message string }{
		"YAML syntax":            {"a: b\nc: d: e\n", "yaml-syntax", "b.yaml:2", ""},
		"duplicate keys":         {topic("orders", "partitions: 1, partitions: 2"), "yaml-duplicate-key", "b.yaml:4", "partitions"},
		"a boolean as a name":    {topic("on", "partitions: 1, replicas: 1"), "yaml-boolean-name", "b.yaml:3", "on"},
		"a number as a name":     {topic("1e3", "partitions: 1, replicas: 1"), "yaml-boolean-name", "b.yaml:3", "1e3"},
		"a boolean as topicName": {topic("x", "topicName: no, partitions: 1, replicas: 1"), "yaml-boolean-name", "b.yaml:4", "topicName"},
		"no name":                {"apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaTopic\nmetadata: {}\n", "object-incomplete", "b.yaml:3", "metadata.name"},
		"no kind":                {"apiVersion: kafka.strimzi.io/v1beta1\nmetadata: {name: x}\n", "object-incomplete", "b.yaml:1", "kind"},
		"no version":             {"kind: KafkaTopic\nmetadata: {name: x}\n", "object-incomplete", "b.yaml:1", "apiVersion"},
		"no object":              {"- a\n- b\n", "not-an-object", "b.yaml:1", ""},
		"a text in YAML's place": {"error: the server has no such resource\n  really: x\n", "yaml-syntax", "b.yaml:2", ""},
		"no partitions":          {topic("orders", "partitions: 0, replicas: 1"), "topic-count", "b.yaml:4", "spec.partitions"},
		"half a replica":         {topic("orders", "partitions: 1, replicas: 1.5"), "topic-count", "b.yaml:4", "spec.replicas"},
		"a list as a setting":    {topic("orders", "partitions: 1, replicas: 1, config: {cleanup.policy: [compact]}"), "config-not-text", "b.yaml:4", "cleanup.policy"},
		"two versions of one":    {topic("orders", "partitions: 1, replicas: 1") + "---\n" + topic("orders", "partitions: 2, replicas: 1"), "object-differs", "b.yaml:6", "b.yaml:1"},
		"another Kafka resource": {cluster("freight", "kafka", "version: 2.4.0"), "object-differs", "b.yaml:1", "a.yaml:1"},
		"two topics for one":     {topic("orders", "partitions: 1, replicas: 1") + "---\n" + topic("orders-2", "topicName: orders, partitions: 1, replicas: 1"), "topic-declared-twice", "b.yaml:6", "b.yaml:1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := only(t, refuse(t, cluster("freight", "kafka"), test.text), test.rule)
			if f.Position() != test.position || !strings.Contains(f.Message, test.message) {
				t.Errorf("got %s: %s, want %s with %q", f.Position(), f.Message, test.position, test.message)
			}
		})
	}
}

func TestAllErrorsAreToldAtOnce(t *testing.T) {
	found := refuse(t, cluster("freight", "kafka"), topic("on", ""), "x: [\n", topic("orders", "partitions: none"))
	if len(found) != 3 {
		t.Errorf("%d findings, want 3: %v", len(found), found)
	}
}

func TestATextOfAnotherSortIsPassedOverWithAWarning(t *testing.T) {
	_, findings := read(t, cluster("freight", "kafka"), "# notes.txt\nexported last week\n", "# empty.txt\n\n")
	only(t, findings, "text-not-recognised")
	found := refuse(t, cluster("freight", "kafka"), "# manifests.txt\napiVersion: v1\n  kind: broken\n")
	only(t, found, "yaml-syntax")
}

func TestADocumentThatIsNoObjectIsPassedOverWithAWarning(t *testing.T) {
	_, findings := read(t, cluster("freight", "kafka"), "values:\n  a: b\n")
	if f := only(t, findings, "not-kubernetes"); f.Severity != finding.Warning || f.Position() != "b.yaml:1" {
		t.Errorf("got %+v", f)
	}
}

func TestAnObjectThatWasExportedTwiceAndDiffersIsReported(t *testing.T) {
	deployment := "apiVersion: %s\nkind: Deployment\nmetadata: {name: app, namespace: kafka}\nspec:\n  replicas: %d\n  template: {spec: {containers: [{name: app, env: [{name: B, value: 'freight-kafka-bootstrap:9092'}]}]}}\n"
	inv, findings := read(t, cluster("freight", "kafka"), fmt.Sprintf(deployment, "apps/v1", 2), fmt.Sprintf(deployment, "extensions/v1beta1", 2))
	if len(findings) != 0 || len(inv.Workloads) != 1 {
		t.Errorf("the same in two versions: %v, %+v", findings, inv.Workloads)
	}
	inv, findings = read(t, cluster("freight", "kafka"), fmt.Sprintf(deployment, "apps/v1", 2), fmt.Sprintf(deployment, "apps/v1", 5))
	f := only(t, findings, "object-differs")
	if f.Severity != finding.Warning || f.Position() != "c.yaml:1" || inv.Workloads[0].Replicas != 2 {
		t.Errorf("got %+v and %+v", f, inv.Workloads)
	}
}

func TestAStreamBeyondItsLimitIsRefused(t *testing.T) {
	limits := document.Limits{Bytes: 2000, Nodes: 100}
	for name, text := range map[string]string{
		"manifests":        cluster("freight", "kafka") + "# " + strings.Repeat("x", 3000),
		"a tool's output":  strings.Repeat("Topic: a PartitionCount: 1 ReplicationFactor: 1\n", 100),
		"a bomb of alises": "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c]\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := inventory.Read(t.Context(), files(text), inventory.Options{Limits: limits})
			if found := finding.From(err); len(found) != 1 || found[0].Rule != "file-too-large" && found[0].Rule != "yaml-alias" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := inventory.Read(ctx, files(cluster("freight", "kafka")), inventory.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestOtherClustersAreCountedInANote(t *testing.T) {
	other := strings.ReplaceAll(topic("orders", "partitions: 1, replicas: 1"), "cluster: freight", "cluster: other")
	user := "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaUser\nmetadata: {name: u, namespace: test, labels: {strimzi.io/cluster: freight}}\nspec: {}\n"
	inv, findings := read(t, cluster("freight", "kafka"), other, strings.ReplaceAll(other, "orders", "billing"), user)
	if len(inv.Topics)+len(inv.Users) != 0 {
		t.Errorf("taken in: %+v %+v", inv.Topics, inv.Users)
	}
	var notes []string
	for _, f := range findings.Of(finding.Note) {
		notes = append(notes, f.Message)
	}
	want := []string{"1 KafkaUser of other clusters or namespaces passed over", "2 KafkaTopic of other clusters or namespaces passed over"}
	if !slices.Equal(notes, want) {
		t.Errorf("got %q", notes)
	}
}
