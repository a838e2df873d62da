package proof

import (
	"context"
	"encoding/base64"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"cutover/generator/plan"
)

// secretsPresent asks whether every Secret that the phase needs is on the target, with a
// value under each of its keys. Values are looked at for their length alone.
func secretsPresent(ctx context.Context, q *question) error {
	if len(q.Scope.Secrets) == 0 {
		q.Seen = "no Secret is needed"
		return nil
	}
	client, err := q.objects(plan.Target)
	if err != nil {
		return err
	}
	listed := make(map[string]map[string]*unstructured.Unstructured)
	good := 0
	for _, need := range q.Scope.Secrets {
		name := need.Namespace + "/" + need.Name
		secret, err := secret(ctx, client, listed, need.Namespace, need.Name)
		if err != nil {
			q.doubt("%v", apiError("Secret "+name, err))
			continue
		}
		if secret == nil {
			q.against("Secret %s does not exist", name)
			continue
		}
		missing := 0
		for _, key := range need.Keys {
			if value, _, _ := unstructured.NestedString(secret.Object, "data", key); base64.StdEncoding.DecodedLen(len(value)) == 0 {
				missing++
				q.against("Secret %s has nothing under %s", name, key)
			}
		}
		if missing == 0 {
			good++
		}
	}
	q.measure("secrets", int64(len(q.Scope.Secrets)))
	q.measure("present", int64(good))
	q.Left = int64(len(q.Scope.Secrets) - good)
	q.Seen = fmt.Sprintf("%d of %s there, with their keys", good, count(len(q.Scope.Secrets), "Secret"))
	return nil
}

// secret gives one Secret, nil where there is none: from the list of its namespace, or by
// its name where lists are forbidden.
func secret(ctx context.Context, client dynamic.Interface, listed map[string]map[string]*unstructured.Unstructured, namespace, name string) (*unstructured.Unstructured, error) {
	resource := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "secrets"}).Namespace(namespace)
	all, known := listed[namespace]
	if !known {
		var err error
		all, err = list(ctx, resource, "type!=kubernetes.io/service-account-token,type!=helm.sh/release.v1")
		if err != nil && !apierrors.IsForbidden(err) {
			return nil, err
		}
		listed[namespace] = all
	}
	if all != nil {
		return all[name], nil
	}
	one, err := resource.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return one, err
}
