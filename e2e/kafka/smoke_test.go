package kafka_test

import (
	"context"
	"testing"
	"time"

	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/process"
)

// topics are those of testdata/ferry, but for the compacted one.
var topics = []string{"tickets.requested", "tickets.sold", "Boarding_Passes", "payments.settled", "gate.readings", "gate.alerts"}

const compactedTopic = "timetable.current"

func TestTheHarnessRunsAMigrationsClusters(t *testing.T) {
	for _, version := range []string{"1.8", "1.7"} {
		t.Run("to AMQ Streams "+version, func(t *testing.T) {
			w := newWorld(t, version)
			w.start(t)
			w.reachAll(t, "000", "080")
			trim(t, w.source, "gate.readings", "gate-monitor")
			w.reachAll(t, "090", "095")
			w.awaitMirror(t, connect.Running)
			w.awaitCopied(t)

			w.pauseAndResume(t)
			w.killWorker(t)
			w.killBroker(t)

			w.reach(t, w.phase(t, "100"))
			// The other batch's valve: phase 200 comes after what consumes here has stopped.
			check(t, w.source.Scale(t.Context(), "gate-sensors", 0))
			report := w.settle(t, 3*time.Minute)
			w.logf(t, "drained:\n%s", report)
			// 200 holds 120 too, which by itself would let the other batch's valve open again.
			w.reach(t, w.phase(t, "200"))
			w.reach(t, w.phase(t, "220"))
			if !report.Right() {
				t.Error("on the source alone, without a cut-over, the account is not right")
			}
			for workload, replicas := range w.source.Replicas() {
				if replicas != 0 {
					t.Errorf("%s still runs %d replicas on the source", workload, replicas)
				}
			}
			w.compareClusters(t)
		})
	}
}

// awaitMirror returns when all connectors and tasks are in the state.
func (w *world) awaitMirror(t *testing.T, state connect.State) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	check(t, w.target.Mirror.AwaitState(ctx, state))
	w.logf(t, "mirror is %s", state)
}

// awaitCopied takes what every topic of the source has now, and waits until the target has
// exactly that, record for record, before anything newer.
func (w *world) awaitCopied(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for _, topic := range topics {
		want, err := read(ctx, w.source, topic)
		check(t, err)
		if want.len() == 0 {
			t.Errorf("%s is empty on the source", topic)
		}
		check(t, process.Await(ctx, topic+" on the target", func(ctx context.Context) error {
			got, err := read(ctx, w.target, topic)
			if err != nil {
				return err
			}
			return got.startsWith(want)
		}))
		w.logf(t, "%s: the first %d records are on both clusters", topic, want.len())
	}
}

// pauseAndResume changes the mirror's resource as phase 900 does, and back.
func (w *world) pauseAndResume(t *testing.T) {
	t.Helper()
	for _, step := range []struct {
		phase string
		state connect.State
	}{{"900", connect.Paused}, {"090", connect.Running}} {
		objects, err := w.tree.Render(t.Context(), w.phase(t, step.phase))
		check(t, err)
		for _, object := range objects {
			if object.Kind != "KafkaMirrorMaker2" {
				continue
			}
			resource, err := connect.Read(object)
			check(t, err)
			check(t, w.target.Mirror.Apply(t.Context(), resource))
		}
		w.awaitMirror(t, step.state)
	}
}

func (w *world) killWorker(t *testing.T) {
	t.Helper()
	w.target.Mirror.KillWorker(0)
	w.logf(t, "the Connect worker is killed")
	check(t, w.target.Mirror.RestartWorker(t.Context(), 0))
	w.awaitMirror(t, connect.Running)
}

func (w *world) killBroker(t *testing.T) {
	t.Helper()
	w.source.Brokers.Kill(1)
	w.logf(t, "broker 1 of the source is killed")
	check(t, w.source.Brokers.Restart(t.Context(), 1))
	w.logf(t, "broker 1 of the source is back, all replicas in sync")
	w.awaitMirror(t, connect.Running)
}

// compareClusters holds the target against the source, which nobody writes to any more.
// MirrorMaker 2, which was killed, may have copied records twice: that is counted, not
// forgiven; a cut-over must see it.
func (w *world) compareClusters(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for _, topic := range append([]string{compactedTopic}, topics...) {
		want, err := read(ctx, w.source, topic)
		check(t, err)
		copies := 0
		err = process.Await(ctx, topic+" on the target", func(ctx context.Context) error {
			all, err := read(ctx, w.target, topic)
			if err != nil {
				return err
			}
			var got content
			got, copies = all.once()
			if topic == compactedTopic {
				got, want = all.newest(), want.newest()
			}
			if err := got.startsWith(want); err != nil {
				return err
			}
			return want.startsWith(got) // nor may there be more
		})
		if err != nil {
			t.Error(err)
		}
		w.logf(t, "%s: %d records on the source, all on the target; %d copied twice", topic, want.len(), copies)
	}
}
