package kafka_test

import (
	"context"
	"testing"
	"time"

	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/operator"
	"cutover/e2e/kafka/process"
)

// forward and back are the names of the mirror's resource and of the reverse mirror's of the
// first batch.
const (
	forward = "ferry-mirror"
	back    = "ferry-return-1"
)

// awaitMirror returns when all connectors and tasks of the mirror are in the state.
func (w *world) awaitMirror(t *testing.T, state connect.State) {
	t.Helper()
	w.awaitMirrorOf(t, forward, state)
}

func (w *world) awaitMirrorOf(t *testing.T, name string, state connect.State) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	mirror := w.target.Mirror(name)
	if mirror == nil {
		t.Fatalf("nothing asked for mirror %s", name)
	}
	check(t, mirror.AwaitState(ctx, state))
	w.logf(t, "mirror %s is %s", name, state)
}

// mirrorAs makes the mirror's resource what a phase says, before or after its time.
func (w *world) mirrorAs(t *testing.T, phase string, state connect.State) {
	t.Helper()
	objects, err := w.tree.Render(t.Context(), w.phase(t, phase))
	check(t, err)
	for _, object := range objects {
		if object.Kind != "KafkaMirrorMaker2" {
			continue
		}
		resource, err := connect.Read(object)
		check(t, err)
		check(t, w.target.Mirror(forward).Apply(t.Context(), resource))
	}
	w.awaitMirror(t, state)
}

func (w *world) killWorker(t *testing.T) {
	t.Helper()
	w.target.Mirror(forward).KillWorker(0)
	w.logf(t, "the Connect worker is killed")
	check(t, w.target.Mirror(forward).RestartWorker(t.Context(), 0))
	w.awaitMirror(t, connect.Running)
}

func (w *world) killBroker(t *testing.T) {
	t.Helper()
	w.source.Brokers.Kill(1)
	w.logf(t, "broker 1 of the source is killed")
	users := w.withUsers(t)
	users.refuse(t, users.phase(t, "010"), "source-reachable", "broker 1 does not answer")
	check(t, w.source.Brokers.Restart(t.Context(), 1))
	w.logf(t, "broker 1 of the source is back, all replicas in sync")
	w.awaitMirror(t, connect.Running)
}

// copies waits until a cluster has all that stands in the topics of the other, and nothing
// more, and counts the records that the mirror copied more than once. Nobody may write to the
// topics.
func (w *world) copies(t *testing.T, from, to *operator.Cluster, topics ...string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	twice := 0
	for _, topic := range topics {
		want, err := read(ctx, from, topic)
		check(t, err)
		copies := 0
		check(t, process.Await(ctx, topic+" on the "+to.Name, func(ctx context.Context) error {
			all, err := read(ctx, to, topic)
			if err != nil {
				return err
			}
			var got content
			got, copies = all.once()
			if err := got.startsWith(want); err != nil {
				return err
			}
			return want.startsWith(got) // nor may there be more
		}))
		w.logf(t, "%s: %d records on the %s, all on the %s; %d copied twice", topic, want.len(), from.Name, to.Name, copies)
		twice += copies
	}
	return twice
}
