package proof

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"cutover/generator/plan"
)

// strimziGroup is the API group of Strimzi's resources.
const strimziGroup = "kafka.strimzi.io"

// strimziResource is one of Strimzi's resources as the target serves it.
func strimziResource(name string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: strimziGroup, Version: "v1beta2", Resource: name}
}

// objects gives the API client of one side, or why there is none.
func (r Request) objects(side plan.Side) (dynamic.Interface, error) {
	cluster := r.cluster(side)
	switch {
	case cluster.Objects != nil:
		return cluster.Objects, nil
	case cluster.ObjectsErr != nil:
		return nil, cluster.ObjectsErr
	}
	return nil, fmt.Errorf("the %s's API server is not reached: name it in the file of --connections, or by --%s-kubeconfig", side, side)
}

// page is how many objects a request asks for.
const page = 500

// list gives all objects of a namespace by their names, page by page. A list that took
// longer than the server keeps its past begins anew, whole.
func list(ctx context.Context, from dynamic.ResourceInterface, selector string) (map[string]*unstructured.Unstructured, error) {
	all := make(map[string]*unstructured.Unstructured)
	options := metav1.ListOptions{Limit: page, FieldSelector: selector}
	for {
		objects, err := from.List(ctx, options)
		if apierrors.IsResourceExpired(err) && options.Continue != "" {
			clear(all)
			options.Limit, options.Continue = 0, ""
			continue
		}
		if err != nil {
			return nil, err
		}
		for i := range objects.Items {
			all[objects.Items[i].GetName()] = &objects.Items[i]
		}
		if options.Continue = objects.GetContinue(); options.Continue == "" {
			return all, nil
		}
	}
}

// strimzi lists one kind of Strimzi's resources in the newest version that the server has:
// v1beta2 since Strimzi 0.22, v1beta1 before.
func strimzi(ctx context.Context, client dynamic.Interface, resource, namespace string) (map[string]*unstructured.Unstructured, error) {
	var first error
	for _, version := range []string{"v1beta2", "v1beta1", "v1alpha1"} {
		all, err := list(ctx, client.Resource(schema.GroupVersionResource{Group: strimziGroup, Version: version, Resource: resource}).Namespace(namespace), "")
		if err == nil || !apierrors.IsNotFound(err) {
			return all, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// current refuses an object whose status speaks of an earlier generation.
func current(object *unstructured.Unstructured) error {
	observed, found, _ := unstructured.NestedInt64(object.Object, "status", "observedGeneration")
	if !found || observed < object.GetGeneration() {
		return fmt.Errorf("%s %s/%s: its status is of generation %d, the object of %d: the operator has not looked at it yet", object.GetKind(), object.GetNamespace(), object.GetName(), observed, object.GetGeneration())
	}
	return nil
}

// ready tells whether an object's Ready condition is True in its present generation; if not,
// what is known of it.
func ready(object *unstructured.Unstructured) (bool, string) {
	if err := current(object); err != nil {
		return false, err.Error()
	}
	name := fmt.Sprintf("%s %s/%s", object.GetKind(), object.GetNamespace(), object.GetName())
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, one := range conditions {
		condition, _ := one.(map[string]any)
		if condition["type"] == "Ready" && condition["status"] == "True" {
			return true, ""
		}
		if condition["type"] == "NotReady" || condition["type"] == "Ready" {
			return false, fmt.Sprintf("%s is not ready: %v %v", name, or(condition["reason"]), or(condition["message"]))
		}
	}
	return false, name + " has no condition Ready"
}

func or(text any) any {
	if text == nil {
		return ""
	}
	return text
}

// apiError says what an error of the API server means.
func apiError(what string, err error) error {
	switch {
	case apierrors.IsNotFound(err):
		return fmt.Errorf("%s does not exist", what)
	case apierrors.IsForbidden(err):
		return fmt.Errorf("%s may not be read: the role of this user has to allow get and list", what)
	}
	return fmt.Errorf("%s cannot be read: %w", what, err)
}
