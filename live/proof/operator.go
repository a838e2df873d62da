package proof

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

// globalOperators is where OLM installs operators that watch all namespaces on OpenShift.
const globalOperators = "openshift-operators"

// operatorReady asks whether the cluster operator is available, and whether the API server
// serves Strimzi's kinds in v1beta2, which it does once their CRDs are established.
func operatorReady(ctx context.Context, q *question) error {
	client, err := q.objects(q.gate.Side)
	if err != nil {
		return err
	}
	namespace := q.Scope.Target.Namespace
	served := 0
	kinds := []string{"kafkas", "kafkatopics", "kafkausers", "kafkamirrormaker2s"}
	for _, kind := range kinds {
		_, err := list(ctx, client.Resource(strimziResource(kind)).Namespace(namespace), "")
		switch {
		case apierrors.IsNotFound(err):
			q.against("the API server does not serve %s.%s in v1beta2", kind, strimziGroup)
		case err != nil:
			q.doubt("%v", apiError("the list of "+kind+" in "+namespace, err))
		default:
			served++
		}
	}
	name, err := q.operator(ctx, client, namespace)
	if err != nil {
		return err
	}
	q.Seen = fmt.Sprintf("%s; %d of %d kinds served", name, served, len(kinds))
	q.measure("kinds", int64(served))
	return nil
}

// operator finds the Deployment of the cluster operator, and says how it is.
func (q *question) operator(ctx context.Context, client dynamic.Interface, namespace string) (string, error) {
	deployments := schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	var looked []string
	for _, where := range []string{namespace, globalOperators} {
		all, err := list(ctx, client.Resource(deployments).Namespace(where), "")
		if err != nil && where == globalOperators && apierrors.IsForbidden(err) {
			continue // most are not allowed to look there, and have theirs at home
		}
		if err != nil {
			return "", apiError("the list of Deployments in "+where, err)
		}
		looked = append(looked, where)
		for _, deployment := range all {
			if isOperator(deployment) {
				return q.available(deployment), nil
			}
		}
	}
	q.against("no Deployment of a cluster operator in %s", strings.Join(looked, " or "))
	return "no operator", nil
}

// isOperator knows the cluster operator by Strimzi's label, or by its name, to which OLM
// appends a version.
func isOperator(deployment *unstructured.Unstructured) bool {
	inner, _, _ := unstructured.NestedStringMap(deployment.Object, "spec", "template", "metadata", "labels")
	return slices.Contains([]string{inner["strimzi.io/kind"], deployment.GetLabels()["strimzi.io/kind"]}, "cluster-operator") ||
		strings.HasPrefix(deployment.GetName(), "strimzi-cluster-operator") || strings.HasPrefix(deployment.GetName(), "amq-streams-cluster-operator")
}

func (q *question) available(deployment *unstructured.Unstructured) string {
	name := "Deployment " + deployment.GetNamespace() + "/" + deployment.GetName()
	if err := current(deployment); err != nil {
		q.against("%v", err)
		return name + " is changing"
	}
	conditions, _, _ := unstructured.NestedSlice(deployment.Object, "status", "conditions")
	for _, one := range conditions {
		if condition, _ := one.(map[string]any); condition["type"] == "Available" && condition["status"] == "True" {
			return name + " is available"
		}
	}
	q.against("%s is not available", name)
	return name + " is not available"
}
