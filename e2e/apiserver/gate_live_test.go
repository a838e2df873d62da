package apiserver_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
)

// may tells what an account may do: each request is sent, and only Forbidden counts as no.
func may(t *testing.T, kubeconfig, verb, group, version, resource, namespace, name string) bool {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	objects := client.Resource(schema.GroupVersionResource{Group: group, Version: version, Resource: resource}).Namespace(namespace)
	switch verb {
	case "list":
		_, err = objects.List(t.Context(), metav1.ListOptions{})
	case "get":
		_, err = objects.Get(t.Context(), name, metav1.GetOptions{})
	case "delete":
		err = objects.Delete(t.Context(), name, metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}})
	default:
		t.Fatalf("no verb %s", verb)
	}
	if err != nil && !apierrors.IsForbidden(err) && !apierrors.IsNotFound(err) {
		t.Fatalf("%s %s: %v", verb, resource, err)
	}
	return !apierrors.IsForbidden(err)
}

func TestTheAccountOfLiveGatesMayReadWhatItsGatesAskAndNothingElse(t *testing.T) {
	g := startGatedWith(t, liveSection, liveListeners)
	g.deploy(t)
	client, err := dynamic.NewForConfig(g.source.RESTConfig())
	if err != nil {
		t.Fatal(err)
	}
	g.sync(t, "000")
	account := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": map[string]any{"name": "cutover-yard-reader"}}}
	if _, err := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "serviceaccounts"}).Namespace("kafka").Create(t.Context(), account, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	reader := g.login(t, "cutover-yard-reader")
	for _, test := range []struct {
		verb, group, version, resource, namespace, name string
		gate, reader                                    bool
	}{
		{"list", "apps", "v1", "deployments", "apps", "", true, true},
		{"list", "apps.openshift.io", "v1", "deploymentconfigs", "apps", "", true, true},
		// Only the target's phases ask whether the source's workloads are stopped.
		{"list", "", "v1", "pods", "apps", "", false, true},
		{"get", "", "v1", "configmaps", "kafka", "cutover-yard-positions", true, false},
		{"list", "", "v1", "pods", "kafka", "", false, false},
		{"list", "apps", "v1", "deployments", "kafka", "", false, false},
		{"list", "", "v1", "secrets", "kafka", "", false, false},
		{"list", "", "v1", "secrets", "apps", "", false, false},
		{"get", "", "v1", "secrets", "kafka", "peer", false, false},
		{"list", "", "v1", "configmaps", "kafka", "", false, false},
		{"list", "kafka.strimzi.io", "v1beta2", "kafkas", "kafka", "", false, false},
		{"delete", "apps", "v1", "deployments", "apps", "gate", false, false},
	} {
		for account, want := range map[string]struct {
			file string
			may  bool
		}{"gate": {g.kubeconfig, test.gate}, "reader": {reader, test.reader}} {
			if got := may(t, want.file, test.verb, test.group, test.version, test.resource, test.namespace, test.name); got != want.may {
				t.Errorf("the %s may %s %s in %s: %t, want %t", account, test.verb, test.resource, test.namespace, got, want.may)
			}
		}
	}
}

// With its own rights alone the Job sees that the workloads are not ready, since nothing here
// runs them, and refuses the phase; the ledger keeps why.
func TestTheLiveGateIsProvenWithTheAccountsOwnRights(t *testing.T) {
	g := startGatedWith(t, liveSection, liveListeners)
	g.deploy(t)
	g.complete(t, "000")
	g.complete(t, "010")
	g.sync(t, "095")
	file := filepath.Join(t.TempDir(), "connections.yaml")
	content := fmt.Sprintf("apiVersion: cutover/v1alpha1\nkind: Connections\nsource:\n  kubernetes: {kubeconfig: %q}\n", g.kubeconfig)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	out := g.gate(t, 2, "095", "--connections", file)
	if !strings.Contains(out, "gate workloads-ready") || !strings.Contains(out, "0 of 3 workloads ready") || strings.Contains(out, "may not be read") {
		t.Errorf("got %s", out)
	}
	noted, _, _ := unstructured.NestedString(g.get(t, "v1", "ConfigMap", "kafka", ledgerName).Object, "data", "095.gates")
	if !strings.Contains(noted, `"holds":false`) || !strings.Contains(noted, "replicas ready") || g.done(t) != "010" {
		t.Errorf("the ledger keeps %s, and %s is done", noted, g.done(t))
	}
}
