package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/live/ledger"
)

var ref = overlay.LedgerRef{Namespace: "kafka", Name: "cutover-freight-ledger"}

func store(objects ...runtime.Object) (ledger.Store, *fake.Clientset) {
	client := fake.NewClientset(objects...)
	return ledger.Store{ConfigMaps: client.CoreV1().ConfigMaps(ref.Namespace), Ref: ref, Migration: "freight"}, client
}

func configMap(data map[string]string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: ref.Namespace, Name: ref.Name}, Data: data}
}

func entry(phase, from string, direction overlay.Direction) ledger.Entry {
	return ledger.Entry{Phase: phase, Name: "a", At: "2026-01-01T0" + phase[:1] + ":00:00Z", From: from, Direction: direction, Digest: "sha256:" + phase, Gates: []ledger.Answer{}}
}

// complete writes a phase and fails the test where that does not succeed.
func complete(t testing.TB, s ledger.Store, e ledger.Entry) ledger.Ledger {
	t.Helper()
	after, err := s.Change(context.Background(), func(l ledger.Ledger) (ledger.Ledger, error) { return l.Complete(e) })
	if err != nil {
		t.Fatal(err)
	}
	return after
}

func writes(client *fake.Clientset) int {
	n := 0
	for _, action := range client.Actions() {
		if action.GetVerb() != "get" {
			n++
		}
	}
	return n
}

func TestAClusterWithoutALedgerHasCompletedNothing(t *testing.T) {
	s, client := store()
	got, err := s.Read(context.Background())
	if err != nil || got.Done != overlay.None {
		t.Errorf("got %v and %v", got, err)
	}
	if writes(client) != 0 {
		t.Errorf("reading wrote: %v", client.Actions())
	}
}

func TestACompletedPhaseIsWrittenWithItsEntry(t *testing.T) {
	s, client := store()
	complete(t, s, entry("095", overlay.None, overlay.Advance))
	complete(t, s, entry("100", "095", overlay.Advance))
	got, err := client.CoreV1().ConfigMaps(ref.Namespace).Get(context.Background(), ref.Name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"phase":"100","name":"a","at":"2026-01-01T01:00:00Z","from":"095","direction":"advance","digest":"sha256:100","gates":[]}`
	if got.Data["done"] != "100" || got.Data["100"] != want || got.Data["095"] == "" {
		t.Errorf("got %v", got.Data)
	}
	if got.Labels["app.kubernetes.io/instance"] != "freight" {
		t.Errorf("got the labels %v", got.Labels)
	}
}

func TestWritingTheSamePhaseTwiceChangesNothing(t *testing.T) {
	s, client := store()
	complete(t, s, entry("100", overlay.None, overlay.Advance))
	before := writes(client)
	later := entry("100", "100", ledger.Again)
	later.At = "2027-01-01T00:00:00Z"
	after := complete(t, s, later)
	if writes(client) != before {
		t.Errorf("it wrote again: %v", client.Actions())
	}
	if kept, _ := after.Entry("100"); kept.At != "2026-01-01T01:00:00Z" {
		t.Errorf("the time became %s", kept.At)
	}
}

func TestAPhaseGeneratedAnewKeepsWhereItWasEnteredFrom(t *testing.T) {
	s, _ := store()
	complete(t, s, entry("095", overlay.None, overlay.Advance))
	complete(t, s, entry("100", "095", overlay.Advance))
	again := entry("100", "100", ledger.Again)
	again.Digest = "sha256:other"
	got, _ := complete(t, s, again).Entry("100")
	if got.Digest != "sha256:other" || got.From != "095" || got.Direction != overlay.Advance {
		t.Errorf("got %+v", got)
	}
}

func TestAPhaseThatIsTakenBackKeepsItsEntryWithTheTime(t *testing.T) {
	s, _ := store()
	complete(t, s, entry("095", overlay.None, overlay.Advance))
	complete(t, s, entry("100", "095", overlay.Advance))
	after := complete(t, s, entry("095", "100", overlay.Revert))
	left, known := after.Entry("100")
	if after.Done != "095" || !known || left.RevertedAt != "2026-01-01T00:00:00Z" {
		t.Errorf("done is %s, the entry %+v", after.Done, left)
	}
	if now, _ := after.Entry("095"); now.From != "100" || now.RevertedAt != "" {
		t.Errorf("got %+v", now)
	}
}

func TestWhatOthersPutIntoTheLedgerStays(t *testing.T) {
	s, client := store(configMap(map[string]string{"done": "095", "note": "CHG-1042", "095": "damaged"}))
	complete(t, s, entry("100", "095", overlay.Advance))
	got, err := client.CoreV1().ConfigMaps(ref.Namespace).Get(context.Background(), ref.Name, metav1.GetOptions{})
	if err != nil || got.Data["note"] != "CHG-1042" || got.Data["095"] != "damaged" || got.Data["done"] != "100" {
		t.Errorf("got %v and %v", got.Data, err)
	}
}

func TestALedgerThatSaysNoPhaseIsAnErrorThatNamesIt(t *testing.T) {
	for name, data := range map[string]map[string]string{"nothing": nil, "words": {"done": "all"}, "a long number": {"done": "1000"}} {
		t.Run(name, func(t *testing.T) {
			s, _ := store(configMap(data))
			_, err := s.Read(context.Background())
			found := finding.From(err)
			if len(found) != 1 || found[0].Object != "ConfigMap kafka/cutover-freight-ledger" || !strings.Contains(found[0].Hint, "--adopt") {
				t.Errorf("got %+v", err)
			}
		})
	}
}

// racing has the first n writes of a kind fail as if somebody else had come first.
func racing(client *fake.Clientset, verb string, n int, err error) *int {
	tries := 0
	client.PrependReactor(verb, "configmaps", func(clienttesting.Action) (bool, runtime.Object, error) {
		tries++
		return tries <= n, nil, err
	})
	return &tries
}

func TestAnotherWriterIsReadBeforeWritingAgain(t *testing.T) {
	resource := schema.GroupResource{Resource: "configmaps"}
	for _, test := range []struct {
		name, verb string
		there      []runtime.Object
		err        error
	}{
		{"a conflict on update", "update", []runtime.Object{configMap(map[string]string{"done": "095"})}, apierrors.NewConflict(resource, ref.Name, errors.New("changed"))},
		{"a ledger that appeared meanwhile", "create", nil, apierrors.NewAlreadyExists(resource, ref.Name)},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, client := store(test.there...)
			tries, asked := racing(client, test.verb, 2, test.err), 0
			_, err := s.Change(context.Background(), func(l ledger.Ledger) (ledger.Ledger, error) {
				asked++
				return l.Complete(entry("100", l.Done, overlay.Advance))
			})
			if err != nil || *tries != 3 || asked != 3 {
				t.Errorf("after %d tries, asked %d times: %v", *tries, asked, err)
			}
		})
	}
}

func TestWhatTheServerRefusesIsToldWithTheLedger(t *testing.T) {
	forbidden := apierrors.NewForbidden(schema.GroupResource{Resource: "configmaps"}, ref.Name, errors.New("no rule"))
	for _, verb := range []string{"get", "create"} {
		t.Run(verb, func(t *testing.T) {
			s, client := store()
			tries := racing(client, verb, 100, forbidden)
			_, err := s.Change(context.Background(), func(l ledger.Ledger) (ledger.Ledger, error) {
				return l.Complete(entry("100", l.Done, overlay.Advance))
			})
			if !apierrors.IsForbidden(err) || !strings.Contains(fmt.Sprint(err), "kafka/cutover-freight-ledger") || *tries != 1 {
				t.Errorf("after %d tries: %v", *tries, err)
			}
		})
	}
}

func TestAChangeThatFailsWritesNothing(t *testing.T) {
	s, client := store()
	_, err := s.Change(context.Background(), func(l ledger.Ledger) (ledger.Ledger, error) { return l, errors.New("no") })
	if err == nil || writes(client) != 0 {
		t.Errorf("got %v and %v", err, client.Actions())
	}
}
