// Package kubernetes keeps the objects of one cluster in a real API server, and writes what
// the operators and kubelets of that cluster would write: the status of Strimzi's resources
// and of workloads, and a Pod for every process.
package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/kafka/manifest"
)

// Server is the API server of one cluster.
type Server struct {
	cluster *cluster.Cluster
}

// New keeps objects in an API server that runs, and has Strimzi's CRDs.
func New(c *cluster.Cluster) *Server { return &Server{c} }

// Kubeconfig is a file that reaches the server.
func (s *Server) Kubeconfig() string { return s.cluster.Kubeconfig() }

// kinds are what somebody here acts upon; the rest of a stream is for operators that do not run.
var kinds = []string{"Kafka", "KafkaTopic", "KafkaUser", "KafkaMirrorMaker2", "Deployment", "StatefulSet"}

// Apply applies what it knows of objects by server-side apply, as Argo CD does, and makes
// their namespaces.
func (s *Server) Apply(ctx context.Context, objects []manifest.Object, manager string) error {
	known := make(map[string]bool)
	for _, object := range objects {
		if !slices.Contains(kinds, object.Kind) {
			continue
		}
		if namespace := object.Metadata.Namespace; !known[namespace] {
			known[namespace] = true
			if err := s.Namespace(ctx, namespace); err != nil {
				return err
			}
		}
		if _, err := s.cluster.Apply(ctx, object.JSON(), cluster.Manager{Name: manager, Force: true}); err != nil {
			return err
		}
	}
	return nil
}

// Namespace makes a namespace, if it is not there.
func (s *Server) Namespace(ctx context.Context, name string) error {
	return s.put(ctx, map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}})
}

// Delete removes an object; that it is not there is no error.
func (s *Server) Delete(ctx context.Context, object manifest.Object) error {
	named := of(object)
	resource, err := s.cluster.Resource(named)
	if err != nil {
		return err
	}
	if err := resource.Delete(ctx, named.GetName(), metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("delete %s: %w", cluster.Identity(named), err)
	}
	return nil
}

// Report writes an object's status, as of its present generation.
func (s *Server) Report(ctx context.Context, object manifest.Object, status map[string]any) error {
	return s.report(ctx, of(object), status)
}

func (s *Server) report(ctx context.Context, named *unstructured.Unstructured, status map[string]any) error {
	resource, err := s.cluster.Resource(named)
	if err != nil {
		return err
	}
	live, err := resource.Get(ctx, named.GetName(), metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("report %s: %w", cluster.Identity(named), err)
	}
	status["observedGeneration"] = live.GetGeneration()
	patch, err := json.Marshal(map[string]any{"status": status})
	if err != nil {
		return fmt.Errorf("report %s: %w", cluster.Identity(named), err)
	}
	if _, err := resource.Patch(ctx, named.GetName(), types.MergePatchType, patch, metav1.PatchOptions{}, "status"); err != nil {
		return fmt.Errorf("report %s: %w", cluster.Identity(named), err)
	}
	return nil
}

// Ready is the status that an operator gives a resource which is what its spec says.
func Ready() map[string]any {
	return map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": "True", "lastTransitionTime": "2021-06-01T00:00:00Z"}}}
}

// Replicas is the status of a workload of which n replicas run.
func Replicas(n int) map[string]any {
	return map[string]any{"replicas": n, "readyReplicas": n, "updatedReplicas": n, "availableReplicas": n}
}

// Operator makes the Deployment of a cluster operator that is available, as OLM would for a
// Subscription.
func (s *Server) Operator(ctx context.Context, namespace, csv string) error {
	selector := map[string]any{"strimzi.io/kind": "cluster-operator"}
	deployment := map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": map[string]any{"name": "amq-streams-cluster-operator-" + csv, "namespace": namespace},
		"spec": map[string]any{"selector": map[string]any{"matchLabels": selector}, "template": map[string]any{
			"metadata": map[string]any{"labels": selector},
			"spec":     map[string]any{"containers": []any{map[string]any{"name": "operator", "image": "registry.example/operator:1"}}},
		}},
	}
	if err := s.Namespace(ctx, namespace); err != nil {
		return err
	}
	if err := s.put(ctx, deployment); err != nil {
		return err
	}
	status := Replicas(1)
	status["conditions"] = []any{map[string]any{"type": "Available", "status": "True"}}
	return s.report(ctx, &unstructured.Unstructured{Object: deployment}, status)
}

// Secret makes a Secret, as a person brings one.
func (s *Server) Secret(ctx context.Context, namespace, name string, values map[string]string) error {
	return s.put(ctx, map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": name, "namespace": namespace}, "stringData": values})
}

// Pod makes the Pod of a process, with the labels that its workload selects by.
func (s *Server) Pod(ctx context.Context, namespace, name string, labels map[string]string) error {
	return s.put(ctx, map[string]any{
		"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": name, "namespace": namespace, "labels": labels},
		"spec": map[string]any{"containers": []any{map[string]any{"name": "app", "image": "registry.example/app:1"}}},
	})
}

// Gone removes a Pod at once, as a kubelet does when its process has ended.
func (s *Server) Gone(ctx context.Context, namespace, name string) error {
	pod := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": name, "namespace": namespace}}}
	resource, err := s.cluster.Resource(pod)
	if err != nil {
		return err
	}
	now := int64(0)
	if err := resource.Delete(ctx, name, metav1.DeleteOptions{GracePeriodSeconds: &now}); err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("delete Pod %s/%s: %w", namespace, name, err)
	}
	return nil
}

// put applies an object that the harness itself makes.
func (s *Server) put(ctx context.Context, object map[string]any) error {
	text, err := json.Marshal(object)
	if err != nil {
		return fmt.Errorf("write object: %w", err)
	}
	_, err = s.cluster.Apply(ctx, text, cluster.Manager{Name: "harness", Force: true})
	return err
}

func of(object manifest.Object) *unstructured.Unstructured {
	named := &unstructured.Unstructured{}
	named.SetAPIVersion(object.APIVersion)
	named.SetKind(object.Kind)
	named.SetName(object.Metadata.Name)
	named.SetNamespace(object.Metadata.Namespace)
	return named
}
