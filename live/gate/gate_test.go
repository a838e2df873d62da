package gate_test

import (
	"context"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/kubernetes/fake"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/gate"
	"cutover/live/ledger"
)

func deployment(name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"namespace": "apps", "name": name}, "spec": map[string]any{"replicas": int64(2)},
	}}
}

// request is that of the first phase of a source, which stops three workloads of which the
// one in the middle is not there.
func request() (gate.Request, *dynamicfake.FakeDynamicClient) {
	objects := dynamicfake.NewSimpleDynamicClient(runtime.NewScheme(), deployment("a"), deployment("c"))
	guard := overlay.Guard{
		Migration: "small", Order: []string{"100"}, Edges: []overlay.Edge{{From: overlay.None, Direction: overlay.Advance, Peer: []string{overlay.None}}},
		Gate: overlay.Gate{Phase: "100", Name: "ingest-stop", Cluster: plan.Source},
	}
	for _, name := range []string{"a", "b", "c"} {
		guard.Scale = append(guard.Scale, overlay.Scale{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "apps", Name: name, Field: "replicas", Value: 0})
	}
	ref := overlay.LedgerRef{Namespace: "kafka", Name: "cutover-small-ledger"}
	return gate.Request{Guard: guard, Objects: objects, Ledger: ledger.Store{ConfigMaps: fake.NewClientset().CoreV1().ConfigMaps("kafka"), Ref: ref, Migration: "small"}}, objects
}

func TestAWorkloadThatIsMissingKeepsNoOtherFromStopping(t *testing.T) {
	r, objects := request()
	report, err := gate.Enter(context.Background(), r)
	if found := finding.From(err); len(found) != 1 || found[0].Object != "Deployment apps/b" {
		t.Errorf("got %v", err)
	}
	patched := 0
	for _, action := range objects.Actions() {
		if action.GetVerb() == "patch" {
			patched++
		}
	}
	if patched != 2 {
		t.Errorf("%d workloads were set, want 2", patched)
	}
	failed := 0
	for _, check := range report.Checks {
		if !check.Holds {
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d checks failed in %+v, want 1", failed, report.Checks)
	}
}

func TestAGateOfAnotherPhaseIsRefused(t *testing.T) {
	text := "apiVersion: cutover/v1alpha1\nkind: Guard\nledger: {namespace: a, name: b}\ngate: {phase: \"100\", cluster: source}\n"
	if r, err := gate.Read("gate.yaml", []byte(text), "100"); err != nil || !strings.HasPrefix(r.Digest, "sha256:") || len(r.Digest) != len("sha256:")+64 {
		t.Errorf("got %s and %v", r.Digest, err)
	}
	if _, err := gate.Read("gate.yaml", []byte(text), "110"); err == nil {
		t.Error("phase 110 took the gate of 100")
	}
}
