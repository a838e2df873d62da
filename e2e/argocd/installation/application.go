package installation

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// patience is how long a sync may take on a slow machine.
const patience = 2 * time.Minute

// State is what an Application's status says.
type State struct {
	// Sync is Synced, OutOfSync or Unknown, as of Revision.
	Sync, Revision string
	// Health is Healthy, Progressing, Degraded, Suspended, Missing or Unknown.
	Health string
	// Operation is the phase of the last sync: Running, Succeeded, Failed or Error;
	// OperationRevision is what it synced and Message what it said.
	Operation, OperationRevision, Message string
	// Conditions are the messages of the Application's conditions, errors among them.
	Conditions []string
	// Results are the messages of the last sync's objects, by kind and name.
	Results map[string]string
}

func (s State) String() string {
	return fmt.Sprintf("sync %s at %.8s, health %s, operation %s at %.8s: %s; conditions %q; results %v",
		s.Sync, s.Revision, s.Health, s.Operation, s.OperationRevision, s.Message, s.Conditions, s.Results)
}

// Settled tells that Argo CD has seen the revision, and that no sync runs or has failed.
func (s State) Settled(revision string) bool {
	return s.Revision == revision && s.Operation == "Succeeded"
}

// Applied tells that a sync of the revision has succeeded. Objects that Git has no more and
// that must not be pruned leave such an Application OutOfSync.
func (s State) Applied(revision string) bool {
	return s.Revision == revision && s.Operation == "Succeeded" && s.OperationRevision == revision
}

// Synced tells that a sync of the revision has succeeded and nothing differs from it.
func (s State) Synced(revision string) bool {
	return s.Applied(revision) && s.Sync == "Synced"
}

// Failed tells that a sync of the revision has failed, for good or so that Argo CD will try
// it again: between two attempts it calls the sync running.
func (s State) Failed(revision string) bool {
	over := s.Operation == "Failed" || s.Operation == "Error" || strings.Contains(s.Message, "Retrying attempt")
	return over && s.OperationRevision == revision
}

// State reads an Application's status.
func (i *Installation) State(ctx context.Context, application string) (State, error) {
	object, err := i.Get(ctx, "Application", application)
	if err != nil {
		return State{}, err
	}
	text := func(fields ...string) string {
		value, _, _ := unstructured.NestedString(object.Object, append([]string{"status"}, fields...)...)
		return value
	}
	s := State{
		Sync: text("sync", "status"), Revision: text("sync", "revision"), Health: text("health", "status"),
		Operation: text("operationState", "phase"), OperationRevision: text("operationState", "syncResult", "revision"),
		Message: text("operationState", "message"), Results: map[string]string{},
	}
	// A sync that was asked for and has not begun.
	if _, waiting := object.Object["operation"]; waiting {
		s.Operation = "Running"
	}
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, entry := range conditions {
		c, _ := entry.(map[string]any)
		s.Conditions = append(s.Conditions, fmt.Sprintf("%v: %v", c["type"], c["message"]))
	}
	results, _, _ := unstructured.NestedSlice(object.Object, "status", "operationState", "syncResult", "resources")
	for _, entry := range results {
		r, _ := entry.(map[string]any)
		if r["hookPhase"] != "Succeeded" && r["status"] != "Synced" {
			s.Results[fmt.Sprintf("%v %v", r["kind"], r["name"])] = fmt.Sprintf("%v%v %v", r["status"], r["hookPhase"], r["message"])
		}
	}
	return s, nil
}

// Refresh has Argo CD look at Git now instead of some minutes later, as a webhook would.
func (i *Installation) Refresh(t testing.TB, application string) {
	t.Helper()
	object, err := i.Get(t.Context(), "Application", application)
	if err != nil {
		t.Fatal(err)
	}
	resource, err := i.home.Resource(object)
	if err != nil {
		t.Fatal(err)
	}
	patch := []byte(`{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}`)
	if _, err := resource.Patch(t.Context(), application, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
}

// Await returns the Application's state once it is as wanted; the test fails, with the last
// state, when that takes too long.
func (i *Installation) Await(t testing.TB, application string, wanted func(State) bool) State {
	t.Helper()
	var last State
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		state, err := i.State(t.Context(), application)
		if err != nil {
			t.Fatal(err)
		}
		if wanted(state) {
			return state
		}
		last = state
	}
	t.Fatalf("application %s is not as wanted: %v", application, last)
	return last
}

// Terminate ends a sync that runs, as `argocd app terminate-op` does.
func (i *Installation) Terminate(t testing.TB, application string) {
	t.Helper()
	object, err := i.Get(t.Context(), "Application", application)
	if err != nil {
		t.Fatal(err)
	}
	if phase, _, _ := unstructured.NestedString(object.Object, "status", "operationState", "phase"); phase != "Running" {
		return
	}
	resource, err := i.home.Resource(object)
	if err != nil {
		t.Fatal(err)
	}
	patch := []byte(`{"status":{"operationState":{"phase":"Terminating"}}}`)
	if _, err := resource.Patch(t.Context(), application, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
}
