package manifest

import "testing"

func TestParseReadsDocumentsAndLists(t *testing.T) {
	objects, err := Parse([]byte(`
apiVersion: v1
kind: List
items:
- apiVersion: kafka.strimzi.io/v1beta1
  kind: KafkaTopic
  metadata: {name: a, namespace: n}
  spec:
    partitions: 3
    config: {retention.ms: 9223372036854775807, ratio: "0.01", size: 5242880, compact: true}
---
---
kind: Deployment
metadata: {name: b}
`))
	if err != nil {
		t.Fatal(err)
	}
	if len(objects) != 2 || objects[0].Kind != "KafkaTopic" || objects[0].Metadata.Namespace != "n" || objects[1].Metadata.Name != "b" {
		t.Fatalf("objects are %+v", objects)
	}
	var topic struct {
		Spec struct {
			Config map[string]Field `json:"config"`
		} `json:"spec"`
	}
	if err := objects[0].Decode(&topic); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]Field{"retention.ms": "9223372036854775807", "ratio": "0.01", "size": "5242880", "compact": "true"} {
		if got := topic.Spec.Config[key]; got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

func TestParseRefusesWhatIsNoYAML(t *testing.T) {
	for _, text := range []string{"a: [", "kind: List\nitems: 3\n", "- a\n"} {
		if objects, err := Parse([]byte(text)); err == nil {
			t.Errorf("Parse(%q) gave %+v", text, objects)
		}
	}
}
