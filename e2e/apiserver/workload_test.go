package apiserver_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// switches names the one field of each kind of workload by which it is started
// and stopped.
var switches = map[string]string{
	"Deployment":       "replicas",
	"StatefulSet":      "replicas",
	"DeploymentConfig": "replicas",
	"CronJob":          "suspend",
	"KafkaConnector":   "pause",
}

// partial tells whether m is a workload of which it gives the switch and
// nothing else, and which field that is.
func partial(m manifest) (field string, ok bool) {
	field, known := switches[m.GetKind()]
	spec, _, _ := unstructured.NestedMap(m.Object, "spec")
	return field, known && slices.Equal(slices.Collect(maps.Keys(spec)), []string{field})
}

// running tells whether a workload with this value of its switch works.
func running(field string, value any) bool {
	if field == "replicas" {
		return value != int64(0)
	}
	return value == false
}

// teams returns the whole object that a team's pipeline applies for the
// workload that m is a part of: build tells one delivery from the next, and the
// switch is left out when the team leaves it to others.
func teams(m manifest, build int, withSwitch bool) ([]byte, error) {
	file := filepath.Join("testdata", "workloads", strings.ToLower(m.GetKind())+".yaml")
	template, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	text := strings.NewReplacer("NAMESPACE", m.GetNamespace(), "NAME", m.GetName()).Replace(string(template))
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &object.Object); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	object.SetAPIVersion(m.GetAPIVersion())
	annotations := object.GetAnnotations()
	annotations[buildAnnotation] = fmt.Sprint(build)
	object.SetAnnotations(annotations)
	if !withSwitch {
		unstructured.RemoveNestedField(object.Object, "spec", switches[m.GetKind()])
	}
	return yaml.Marshal(object.Object)
}

// buildAnnotation is on every object of the teams.
const buildAnnotation = "pipeline.example.com/build"

func TestPartial(t *testing.T) {
	for _, c := range []struct {
		sentence, text, field string
		want                  bool
	}{
		{"a replica count alone is partial", "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 0}}", "replicas", true},
		{"a suspension alone is partial", "{apiVersion: batch/v1, kind: CronJob, spec: {suspend: true}}", "suspend", true},
		{"a whole Deployment is not", "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 1, template: {}}}", "replicas", false},
		{"a Deployment without a count is not", "{apiVersion: apps/v1, kind: Deployment, spec: {template: {}}}", "replicas", false},
		{"a Kafka is not", "{apiVersion: kafka.strimzi.io/v1beta2, kind: Kafka, spec: {replicas: 1}}", "", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			got, err := parse([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if field, ok := partial(got[0]); field != c.field || ok != c.want {
				t.Errorf("got %q, %v", field, ok)
			}
		})
	}
}

func TestTeamsHaveAWholeObjectForEachKind(t *testing.T) {
	for kind, field := range switches {
		m := manifest{Unstructured: &unstructured.Unstructured{}}
		m.SetAPIVersion("example.com/v1")
		m.SetKind(kind)
		m.SetName("intake")
		m.SetNamespace("orders")
		for _, withSwitch := range []bool{true, false} {
			text, err := teams(m, 7, withSwitch)
			if err != nil {
				t.Fatal(err)
			}
			got, err := parse(text)
			if err != nil {
				t.Fatal(err)
			}
			spec := got[0].Object["spec"].(map[string]any)
			value, given := spec[field]
			if given != withSwitch || given && !running(field, value) {
				t.Errorf("%s: spec.%s is %v, %v", kind, field, value, given)
			}
			if got[0].GetKind() != kind || got[0].GetName() != "intake" || got[0].GetNamespace() != "orders" || got[0].GetAnnotations()[buildAnnotation] != "7" {
				t.Errorf("%s: got %v", kind, got[0].Object["metadata"])
			}
			if strings.Contains(string(text), "NAME") {
				t.Errorf("%s: a placeholder is left:\n%s", kind, text)
			}
		}
	}
}
