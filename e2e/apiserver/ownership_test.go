package apiserver_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// argoAnnotations is how the annotations begin by which a rendered object tells
// Argo CD how to treat it. Of a workload they are the only thing, beside its one
// field, that the rendered object may bring.
const argoAnnotations = "argocd.argoproj.io/"

// owned returns the fields that the manager gave by server-side apply.
func owned(live *unstructured.Unstructured, manager string) (*fieldpath.Set, error) {
	for _, entry := range live.GetManagedFields() {
		if entry.Manager != manager || entry.Operation != metav1.ManagedFieldsOperationApply {
			continue
		}
		set := &fieldpath.Set{}
		if err := set.FromJSON(bytes.NewReader(entry.FieldsV1.Raw)); err != nil {
			return nil, fmt.Errorf("managedFields of %s: %w", manager, err)
		}
		return set, nil
	}
	return fieldpath.NewSet(), nil
}

// intrusions lists what is wrong with a workload after the rendered partial
// object was applied over the team's: every field that the deployer owns or the
// team lost, and every value that changed, other than spec.FIELD and Argo CD's
// annotations.
func intrusions(before, after *unstructured.Unstructured, field string) ([]string, error) {
	var wrong []string
	the := fieldpath.MakePathOrDie("spec", field)

	deployer, err := owned(after, deployer.Name)
	if err != nil {
		return nil, err
	}
	deployer.Leaves().Iterate(func(path fieldpath.Path) {
		if !path.Equals(the) && !isArgoAnnotation(path) {
			wrong = append(wrong, "the deployer owns "+path.String())
		}
	})

	had, err := owned(before, pipeline.Name)
	if err != nil {
		return nil, err
	}
	has, err := owned(after, pipeline.Name)
	if err != nil {
		return nil, err
	}
	if had.Empty() {
		wrong = append(wrong, "the team's pipeline owned nothing before")
	}
	had.Difference(has).Leaves().Iterate(func(path fieldpath.Path) {
		if !path.Equals(the) {
			wrong = append(wrong, "the team's pipeline lost "+path.String())
		}
	})

	wrong = append(wrong, changes("", theirs(before, field), theirs(after, field))...)
	slices.Sort(wrong)
	return wrong, nil
}

// changes lists where two values of one object differ, each by its path.
func changes(path string, before, after any) []string {
	a, isMap := before.(map[string]any)
	b, areMaps := after.(map[string]any)
	if !isMap || !areMaps {
		if reflect.DeepEqual(before, after) {
			return nil
		}
		return []string{fmt.Sprintf("%s changed from %v to %v", path, before, after)}
	}
	keys := map[string]bool{}
	for key := range a {
		keys[key] = true
	}
	for key := range b {
		keys[key] = true
	}
	var result []string
	for key := range keys {
		result = append(result, changes(path+"."+key, a[key], b[key])...)
	}
	return result
}

func isArgoAnnotation(path fieldpath.Path) bool {
	return len(path) == 3 &&
		path[:2].Equals(fieldpath.MakePathOrDie("metadata", "annotations")) &&
		path[2].FieldName != nil && strings.HasPrefix(*path[2].FieldName, argoAnnotations)
}

// theirs is the object without the field that is not the team's, and without
// what every write changes.
func theirs(live *unstructured.Unstructured, field string) map[string]any {
	object := live.DeepCopy()
	for _, written := range []string{"managedFields", "resourceVersion", "generation"} {
		unstructured.RemoveNestedField(object.Object, "metadata", written)
	}
	unstructured.RemoveNestedField(object.Object, "spec", field)
	annotations := object.GetAnnotations()
	for key := range annotations {
		if strings.HasPrefix(key, argoAnnotations) {
			delete(annotations, key)
		}
	}
	object.SetAnnotations(annotations)
	return object.Object
}

func TestIntrusions(t *testing.T) {
	const teamAll = `{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:replicas":{},"f:paused":{}}}`
	const teamRest = `{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:paused":{}}}`
	const argoReplicas = `{"f:metadata":{"f:annotations":{"f:argocd.argoproj.io/sync-options":{}}},"f:spec":{"f:replicas":{}}}`
	for _, c := range []struct {
		sentence   string
		team, argo string
		change     func(*unstructured.Unstructured)
		want       []string
	}{
		{sentence: "a taken replica count is none", team: teamRest, argo: argoReplicas},
		{sentence: "a shared replica count is none", team: teamAll, argo: argoReplicas},
		{sentence: "a field taken from the team is one", team: `{"f:spec":{"f:paused":{}}}`, argo: argoReplicas,
			want: []string{"the team's pipeline lost .metadata.labels.app"}},
		{sentence: "a label of the deployer's is one", team: teamRest, argo: `{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:replicas":{}}}`,
			want: []string{"the deployer owns .metadata.labels.app"}},
		{sentence: "an annotation that is not Argo CD's is one", team: teamRest, argo: `{"f:metadata":{"f:annotations":{"f:note":{}}},"f:spec":{"f:replicas":{}}}`,
			want: []string{"the deployer owns .metadata.annotations.note"}},
		{sentence: "a changed value is one", team: teamRest, argo: argoReplicas,
			change: func(o *unstructured.Unstructured) { o.SetLabels(map[string]string{"app": "b"}) },
			want:   []string{".metadata.labels.app changed from a to b"}},
		{sentence: "a new value is one", team: teamRest, argo: argoReplicas,
			change: func(o *unstructured.Unstructured) { o.SetFinalizers([]string{"f"}) },
			want:   []string{".metadata.finalizers changed from <nil> to [f]"}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			before, after := workloadOwnedBy(teamAll, ""), workloadOwnedBy(c.team, c.argo)
			if c.change != nil {
				c.change(after)
			}
			got, err := intrusions(before, after, "replicas")
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func workloadOwnedBy(team, argo string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"replicas": int64(1), "paused": true}}}
	object.SetLabels(map[string]string{"app": "a"})
	var entries []metav1.ManagedFieldsEntry
	for manager, fields := range map[string]string{pipeline.Name: team, deployer.Name: argo} {
		if fields != "" {
			entries = append(entries, metav1.ManagedFieldsEntry{
				Manager: manager, Operation: metav1.ManagedFieldsOperationApply,
				FieldsType: "FieldsV1", FieldsV1: &metav1.FieldsV1{Raw: []byte(fields)},
			})
		}
	}
	object.SetManagedFields(entries)
	return object
}
