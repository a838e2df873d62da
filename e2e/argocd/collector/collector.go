// Package collector stands in for the cluster's garbage collector: it lets go what was
// deleted in the foreground (Argo CD's way to delete hooks and what it prunes), after the
// Pods that the object owns.
package collector

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// Collector collects on one cluster.
type Collector struct {
	objects metadata.Interface
	client  *kubernetes.Clientset
	errs    chan error
}

// New prepares a collector for the cluster.
func New(config *rest.Config) (*Collector, error) {
	objects, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("garbage collector: %w", err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("garbage collector: %w", err)
	}
	return &Collector{objects: objects, client: client, errs: make(chan error, 1)}, nil
}

// Serve collects objects of every kind that the server serves at this moment, until ctx
// ends or something cannot be collected.
func (c *Collector) Serve(ctx context.Context) error {
	resources, err := deletable(c.client.Discovery())
	if err != nil {
		return fmt.Errorf("garbage collector: %w", err)
	}
	factory := metadatainformer.NewSharedInformerFactory(c.objects, 0)
	for _, resource := range resources {
		collect := func(object any) {
			if err := c.collect(ctx, resource, object); err != nil && ctx.Err() == nil {
				select {
				case c.errs <- fmt.Errorf("garbage collector: %s: %w", resource.Resource, err):
				default: // one is enough
				}
			}
		}
		handler := cache.ResourceEventHandlerFuncs{AddFunc: collect, UpdateFunc: func(_, object any) { collect(object) }}
		if _, err := factory.ForResource(resource).Informer().AddEventHandler(handler); err != nil {
			return fmt.Errorf("garbage collector: %w", err)
		}
	}
	factory.Start(ctx.Done())
	defer factory.Shutdown()
	select {
	case <-ctx.Done():
		return nil
	case err := <-c.errs:
		return err
	}
}

// deletable are the preferred resources that can be watched and deleted.
func deletable(client discovery.DiscoveryInterface) ([]schema.GroupVersionResource, error) {
	lists, err := discovery.ServerPreferredResources(client)
	if err != nil {
		return nil, err
	}
	var found []schema.GroupVersionResource
	for _, list := range discovery.FilteredBy(discovery.SupportsAllVerbs{Verbs: []string{"delete", "list", "watch", "patch"}}, lists) {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			return nil, err
		}
		for _, resource := range list.APIResources {
			if resource.Name != "events" {
				found = append(found, version.WithResource(resource.Name))
			}
		}
	}
	return found, nil
}

// collect deletes the Pods of an object that is being deleted in the foreground and then
// takes the finalizer off it.
func (c *Collector) collect(ctx context.Context, resource schema.GroupVersionResource, object any) error {
	given, ok := object.(*metav1.PartialObjectMetadata)
	if !ok || given.DeletionTimestamp == nil || !slices.Contains(given.Finalizers, metav1.FinalizerDeleteDependents) {
		return nil
	}
	if given.Namespace != "" {
		if err := c.deletePods(ctx, given); err != nil {
			return err
		}
	}
	kept := slices.DeleteFunc(slices.Clone(given.Finalizers), func(f string) bool { return f == metav1.FinalizerDeleteDependents })
	patch, err := finalizers(given.ResourceVersion, kept)
	if err != nil {
		return err
	}
	_, err = c.objects.Resource(resource).Namespace(given.Namespace).Patch(ctx, given.Name, types.MergePatchType, patch, metav1.PatchOptions{})
	// Changed or gone meanwhile: another event tells.
	if apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func (c *Collector) deletePods(ctx context.Context, owner *metav1.PartialObjectMetadata) error {
	pods, err := c.client.CoreV1().Pods(owner.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	at := int64(0)
	for _, pod := range pods.Items {
		if !slices.ContainsFunc(pod.OwnerReferences, func(r metav1.OwnerReference) bool { return r.UID == owner.UID }) {
			continue
		}
		err := c.client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{GracePeriodSeconds: &at})
		if err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// finalizers is a merge patch that leaves these finalizers and holds for one version.
func finalizers(version string, kept []string) ([]byte, error) {
	return json.Marshal(map[string]any{"metadata": map[string]any{"resourceVersion": version, "finalizers": kept}})
}
