package cluster

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"
)

// Manager is who applies: the name under which the server records the fields
// the applier gave, and whether it takes over those that another one gave other
// values to. Argo CD applies as {"argocd-controller", true}.
type Manager struct {
	Name  string
	Force bool
}

// Apply sends one object, as YAML or JSON, by server-side apply with strict
// field validation, and returns what the server then holds. The text goes to
// the server as it is. An unknown or repeated field is an error, as is a field
// of another manager's unless m.Force; the error is the server's own, so that
// the functions of k8s.io/apimachinery/pkg/api/errors tell which.
func (c *Cluster) Apply(ctx context.Context, manifest []byte, m Manager) (*unstructured.Unstructured, error) {
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(manifest, &object.Object); err != nil {
		return nil, fmt.Errorf("apply: %w", err)
	}
	resource, err := c.Resource(object)
	if err != nil {
		return nil, err
	}
	live, err := resource.Patch(ctx, object.GetName(), types.ApplyPatchType, manifest, metav1.PatchOptions{
		FieldManager:    m.Name,
		Force:           &m.Force,
		FieldValidation: metav1.FieldValidationStrict,
	})
	if err != nil {
		return nil, fmt.Errorf("apply %s: %w", Identity(object), err)
	}
	return live, nil
}

// Resource is the client for objects of the kind, and in the namespace, of
// object. Of object it reads apiVersion, kind and metadata.namespace. An
// apiVersion or kind that the server does not serve is an error, and so is a
// namespaced object without a namespace, or the other way round.
func (c *Cluster) Resource(object *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	kind := object.GroupVersionKind()
	mapping, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) {
		// What was discovered may be older than the kind's definition.
		c.mapper.Reset()
		mapping, err = c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Identity(object), err)
	}
	namespaced := mapping.Scope.Name() == meta.RESTScopeNameNamespace
	switch namespace := object.GetNamespace(); {
	case namespaced && namespace == "":
		return nil, fmt.Errorf("%s: %s is namespaced and the object names no namespace", Identity(object), kind.Kind)
	case !namespaced && namespace != "":
		return nil, fmt.Errorf("%s: %s is cluster-scoped and the object names a namespace", Identity(object), kind.Kind)
	case namespaced:
		return c.client.Resource(mapping.Resource).Namespace(namespace), nil
	default:
		return c.client.Resource(mapping.Resource), nil
	}
}

// Identity names an object for a person: "apps/v1 Deployment orders/intake".
func Identity(object *unstructured.Unstructured) string {
	name := object.GetName()
	if namespace := object.GetNamespace(); namespace != "" {
		name = namespace + "/" + name
	}
	return fmt.Sprintf("%s %s %s", object.GetAPIVersion(), object.GetKind(), name)
}
