package capture

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
)

// Discoverer knows which kinds an API server serves. A client of client-go's discovery is one.
type Discoverer interface {
	// ServerPreferredResources gives the kinds of each group in the version that the server
	// prefers, as `oc get` would choose it. The error may be partial.
	ServerPreferredResources() ([]*metav1.APIResourceList, error)
}

// Kubernetes reads the objects of one API server. It asks for nothing that Kubernetes 1.11
// does not have.
type Kubernetes struct {
	Kinds   Discoverer
	Objects dynamic.Interface
	// Namespace is read where listing in all namespaces is forbidden; it may be "".
	Namespace string
	// Alone has only Namespace read, even where all may be.
	Alone bool
}

// served is a kind as the API server serves it.
type served struct {
	kind     string
	resource schema.GroupVersionResource
}

// Each gives the objects of every kind that an inventory reads and the server has, kind by
// kind, and then what it does not show.
func (k Kubernetes) Each(ctx context.Context, add func(document.Document)) ([]inventory.Unseen, error) {
	var hidden unseen
	kinds, err := k.kinds(&hidden)
	if err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		if err := k.each(ctx, kind, &hidden, add); err != nil {
			return nil, err
		}
	}
	return hidden.all, nil
}

// kinds asks what the server has of what an inventory reads.
func (k Kubernetes) kinds(hidden *unseen) ([]served, error) {
	lists, err := k.Kinds.ServerPreferredResources()
	broken, partial := discovery.GroupDiscoveryFailedErrorGroups(err)
	if err != nil && !partial {
		return nil, unreachable(err)
	}
	var all []served
	for _, kind := range inventory.ObjectKinds() {
		if resource, ok := find(lists, kind); ok {
			all = append(all, served{kind.Name, resource})
			continue
		}
		for group := range broken {
			if slices.Contains(kind.Groups, group.Group) {
				hidden.add(kind.Name, inventory.Unseen{Because: "the API server does not say how it serves the kind", Gates: gates(kind.Name), Hint: "see the API services that do not answer with: kubectl get apiservices"})
				break
			}
		}
	}
	return all, nil
}

// find looks a kind up in the groups it is read under, the first that has it.
func find(lists []*metav1.APIResourceList, kind inventory.ObjectKind) (schema.GroupVersionResource, bool) {
	for _, group := range kind.Groups {
		for _, list := range lists {
			version, err := schema.ParseGroupVersion(list.GroupVersion)
			if err != nil || version.Group != group {
				continue
			}
			for _, resource := range list.APIResources {
				if resource.Kind == kind.Name && slices.Contains(resource.Verbs, "list") && !strings.Contains(resource.Name, "/") {
					return version.WithResource(resource.Name), true
				}
			}
		}
	}
	return schema.GroupVersionResource{}, false
}

// each lists one kind in all namespaces, or in the one that may be read.
func (k Kubernetes) each(ctx context.Context, kind served, hidden *unseen, add func(document.Document)) error {
	if !k.Alone {
		err := list(ctx, k.Objects.Resource(kind.resource), kind, add)
		if err == nil || !apierrors.IsForbidden(err) {
			return k.explained(kind, err)
		}
		if k.Namespace == "" {
			hidden.add(kind.resource.Resource, inventory.Unseen{Because: "the API server forbids to list them in all namespaces", Gates: gates(kind.kind), Hint: "name the namespace with -n, or ask for list in all namespaces"})
			return nil
		}
		if workload(kind.kind) {
			hidden.add(kind.resource.Resource, inventory.Unseen{Because: "outside namespace " + k.Namespace + " the API server forbids to list them", Gates: []string{inventory.GateComplete}, Hint: "ask for list in all namespaces, or add an export of the others with -f"})
		}
	}
	err := list(ctx, k.Objects.Resource(kind.resource).Namespace(k.Namespace), kind, add)
	if apierrors.IsForbidden(err) {
		hidden.add(kind.resource.Resource, inventory.Unseen{Because: "the API server forbids to list them in namespace " + k.Namespace, Gates: gates(kind.kind), Hint: "ask for a Role with the verb list, or add an export with -f"})
		return nil
	}
	return k.explained(kind, err)
}

func (k Kubernetes) explained(kind served, err error) error {
	switch {
	case err == nil || apierrors.IsNotFound(err): // the server has it no more
		return nil
	case apierrors.IsUnauthorized(err) || apierrors.ReasonForError(err) == metav1.StatusReasonUnknown:
		return unreachable(err)
	}
	return finding.Finding{Rule: "live-api", Severity: finding.Error, Object: kind.resource.Resource, Message: "listing fails: " + err.Error(), Hint: "try again, or give an export with -f"}
}

// unreachable is an API server that does not answer, or not to us.
func unreachable(err error) error {
	f := finding.Finding{Rule: "live-api", Severity: finding.Error, Message: fmt.Sprintf("the API server does not answer: %v", err), Hint: "check the address and the context in the kubeconfig with: kubectl --kubeconfig FILE cluster-info"}
	if apierrors.IsUnauthorized(err) {
		f.Message, f.Hint = "the API server refuses the credentials", "log in again (oc login), or name another kubeconfig or context"
	}
	return f
}

// workload tells of a kind that applications run as, wherever they are.
func workload(kind string) bool {
	return slices.Contains([]string{"Deployment", "StatefulSet", "DaemonSet", "DeploymentConfig", "CronJob", "KafkaConnector"}, kind)
}

// gates gives what is unprovable without a kind.
func gates(kind string) []string {
	switch {
	case kind == "KafkaTopic":
		return []string{inventory.GateTopicsReady, inventory.GateRetentionParity}
	case kind == "KafkaUser" || kind == "Secret":
		return []string{inventory.GateUsersReady}
	case workload(kind) || strings.HasPrefix(kind, "Kafka"):
		return []string{inventory.GateComplete}
	}
	return nil
}
