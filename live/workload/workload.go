// Package workload starts and stops workloads by their one field, on API servers that have
// no server-side apply to do it with.
package workload

import (
	"context"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// Change is what became of a workload.
type Change struct {
	// Was is the value of the field before; the API's default where it was not set.
	Was any
	// Changed tells that it is, or in a dry run would be, another one now.
	Changed bool
}

// Set gives a workload's field its value, unless it has it. Nothing else of the object is
// touched. With dry, nothing is at all.
func Set(ctx context.Context, client dynamic.Interface, scale overlay.Scale, dry bool) (Change, error) {
	version, err := schema.ParseGroupVersion(scale.APIVersion)
	resource := plan.Resource(scale.Kind)
	if err != nil || resource == "" {
		return Change{}, failed(scale, fmt.Errorf("%s %s is no workload that can be scaled", scale.APIVersion, scale.Kind), "generate the tree again")
	}
	objects := client.Resource(version.WithResource(resource)).Namespace(scale.Namespace)
	object, err := objects.Get(ctx, scale.Name, metav1.GetOptions{})
	if err != nil {
		return Change{}, failed(scale, err, hint(err))
	}
	change := Change{Was: present(object, scale.Field)}
	if change.Changed = number(change.Was) != number(scale.Value); dry || !change.Changed {
		return change, nil
	}
	patch, err := json.Marshal(map[string]any{"spec": map[string]any{scale.Field: scale.Value}})
	if err != nil {
		return change, failed(scale, err, "generate the tree again")
	}
	if _, err := objects.Patch(ctx, scale.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: "cutover"}); err != nil {
		return change, failed(scale, err, hint(err))
	}
	return change, nil
}

// present gives the field's value, or what the API takes where it is missing: one replica,
// not suspended, not paused.
func present(object *unstructured.Unstructured, field string) any {
	value, found, err := unstructured.NestedFieldNoCopy(object.Object, "spec", field)
	switch {
	case found && err == nil && value != nil:
		return value
	case field == "replicas":
		return int64(1)
	}
	return false
}

// number makes counts of any width the same.
func number(value any) string { return fmt.Sprint(value) }

func failed(scale overlay.Scale, err error, hint string) error {
	return finding.Finding{Rule: "scale", Severity: finding.Error, Object: scale.String(),
		Message: fmt.Sprintf("its %s could not be set to %v: %v", scale.Field, scale.Value, err), Hint: hint}
}

func hint(err error) string {
	switch {
	case apierrors.IsNotFound(err):
		return "correct its name or namespace in migration.yaml, or take it out, and generate again"
	case apierrors.IsForbidden(err):
		return "the role cutover-MIGRATION-scale in its namespace has to allow get and patch on it; see charts/gates"
	}
	return "look at the object and its events, then sync again: what was set already stays as it should be"
}
