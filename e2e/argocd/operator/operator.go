// Package operator stands in for what makes objects ready on a cluster: Strimzi's operators,
// the controllers of Deployments and StatefulSets, OpenShift's of DeploymentConfigs, and
// OLM. It starts nothing: it sets the status that each would set once all is well, for the
// generation of the spec that it saw.
package operator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// strimzi is the group of Strimzi's resources.
const strimzi = "kafka.strimzi.io"

// paused is Strimzi's annotation for a resource that its operator leaves alone.
const paused = "strimzi.io/pause-reconciliation"

// Operator makes the objects of one cluster ready.
type Operator struct {
	client  dynamic.Interface
	kinds   discovery.DiscoveryInterface
	failure chan error
}

// New prepares an operator for the cluster.
func New(config *rest.Config) (*Operator, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("operator: %w", err)
	}
	kinds, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("operator: %w", err)
	}
	return &Operator{client: client, kinds: kinds, failure: make(chan error, 1)}, nil
}

// Serve makes objects ready until ctx ends or a status is refused. Kinds that the server
// does not serve at this moment are left out.
func (o *Operator) Serve(ctx context.Context) error {
	resources, err := o.resources()
	if err != nil {
		return fmt.Errorf("operator: %w", err)
	}
	factory := dynamicinformer.NewDynamicSharedInformerFactory(o.client, 0)
	for _, resource := range resources {
		see := func(object any) {
			if err := o.see(ctx, resource, object); err != nil && ctx.Err() == nil {
				select {
				case o.failure <- fmt.Errorf("operator: %w", err):
				default: // one is enough
				}
			}
		}
		handler := cache.ResourceEventHandlerFuncs{AddFunc: see, UpdateFunc: func(_, object any) { see(object) }}
		if _, err := factory.ForResource(resource).Informer().AddEventHandler(handler); err != nil {
			return fmt.Errorf("operator: %w", err)
		}
	}
	factory.Start(ctx.Done())
	defer factory.Shutdown()
	select {
	case <-ctx.Done():
		return nil
	case err := <-o.failure:
		return err
	}
}

// resources are those served, in the preferred version, whose status this package knows.
func (o *Operator) resources() ([]schema.GroupVersionResource, error) {
	lists, err := discovery.ServerPreferredResources(o.kinds)
	if err != nil {
		return nil, err
	}
	var found []schema.GroupVersionResource
	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			return nil, err
		}
		for _, resource := range list.APIResources {
			if !strings.Contains(resource.Name, "/") && statusOf(version.Group, resource.Kind) != nil {
				found = append(found, version.WithResource(resource.Name))
			}
		}
	}
	if len(found) == 0 {
		return nil, errors.New("the server serves no kind that becomes ready")
	}
	return found, nil
}

// see sets the status of an object that has none for its generation.
func (o *Operator) see(ctx context.Context, resource schema.GroupVersionResource, object any) error {
	given, ok := object.(*unstructured.Unstructured)
	if !ok || given.GetDeletionTimestamp() != nil || settled(given) {
		return nil
	}
	ready := statusOf(resource.Group, given.GetKind())(given)
	ready["observedGeneration"] = given.GetGeneration()
	changed := given.DeepCopy()
	changed.Object["status"] = ready
	_, err := o.client.Resource(resource).Namespace(given.GetNamespace()).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
	// Changed or gone meanwhile: another event tells.
	if apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// settled tells whether the status is of this generation, and of this state of the pause,
// which is an annotation and counts in no generation.
func settled(object *unstructured.Unstructured) bool {
	observed, found, _ := unstructured.NestedInt64(object.Object, "status", "observedGeneration")
	if !found || observed != object.GetGeneration() {
		return false
	}
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	if object.GroupVersionKind().Group != strimzi || len(conditions) == 0 {
		return true
	}
	first, _ := conditions[0].(map[string]any)
	return (first["type"] == "ReconciliationPaused") == (object.GetAnnotations()[paused] == "true")
}

func condition(kind, status, reason string) map[string]any {
	c := map[string]any{"type": kind, "status": status, "lastTransitionTime": time.Now().UTC().Format(time.RFC3339)}
	if reason != "" {
		c["reason"] = reason
	}
	return c
}
