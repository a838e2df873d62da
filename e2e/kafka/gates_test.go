package kafka_test

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/operator"
	"cutover/e2e/kafka/process"
)

// Each gate is asked once where it must not hold, on the way to where it must. On the way the
// mirror is killed, which makes it copy records twice; the gate sees that, and the batch goes
// back to the source before anything was written to the target.
func TestGatesHoldOnlyWhereTheyMust(t *testing.T) {
	t.Run("to AMQ Streams 1.8", func(t *testing.T) {
		w := newWorld(t, "1.8")
		w.start(t)
		w.refuseWhilePreparing(t)
		w.refuseWhileMirroring(t)
		w.refuseWhileDraining(t)
		w.refuseCopiesMadeTwice(t)
		w.revertBatch(t)
	})
}

func (w *world) refuseWhilePreparing(t *testing.T) {
	t.Helper()
	w.steps(t, "000")
	w.refuse(t, w.phase(t, "030"), "operator-ready", "no Deployment of a cluster operator")
	w.steps(t, "020")
	w.refuse(t, w.phase(t, "040"), "kafka-ready", "ferry-streams/ferry")
	w.steps(t, "030", "040")
	w.refuse(t, w.phase(t, "070"), "topics-ready", "KafkaTopic ferry-streams/tickets.sold does not exist")
	w.steps(t, "050")

	w.alterTopic(t, w.target, "tickets.sold", kadm.AlterConfig{Op: kadm.SetConfig, Name: "retention.ms", Value: kadm.StringPtr("3600000")})
	w.refuse(t, w.phase(t, "070"), "retention-parity", "tickets.sold")
	w.alterTopic(t, w.target, "tickets.sold", kadm.AlterConfig{Op: kadm.DeleteConfig, Name: "retention.ms"})

	w.refuseUsers(t)
	w.refuse(t, w.phase(t, "080"), "workloads-ready", "is to have 2 replicas")
	w.steps(t, "070")
	w.refuse(t, w.phase(t, "090"), "workloads-stopped", "has pod boarding-control-0 left")
	w.steps(t, "080")

	w.commit(t, w.target, "ticket-office", "tickets.requested", 0, 1)
	w.refuse(t, w.phase(t, "090"), "groups-not-ahead", "ticket-office")
	w.forget(t, w.target, "ticket-office", "tickets.requested", 0)
	w.steps(t, "090")
	w.awaitMirror(t, connect.Running)
}

func (w *world) refuseWhileMirroring(t *testing.T) {
	t.Helper()
	// What a consumer is not configured with at all ends its task as it starts.
	check(t, w.target.Mirror(forward).Configure(t.Context(), 0, "consumer.max.poll.records", "-1"))
	w.await(t, "a task that failed", func(ctx context.Context) bool {
		all, err := w.target.Mirror(forward).Status(ctx)
		return err == nil && len(all[0].Tasks) > 0 && all[0].Tasks[0].State == connect.Failed
	})
	time.Sleep(2 * time.Second) // until the status of the resource tells of it
	w.refuse(t, w.phase(t, "100"), "mirror-running", "FAILED")
	w.mirrorAs(t, "090", connect.Running)

	w.refuse(t, w.phase(t, "900"), "source-quiet", "its log end went from")
	w.steps(t, "095")
	time.Sleep(work)
	w.killWorker(t)
	w.steps(t, "100")
}

func (w *world) refuseWhileDraining(t *testing.T) {
	t.Helper()
	w.refuse(t, w.phase(t, "120"), "drained", "sales-report")

	w.prove(t, w.phase(t, "120"))

	// A producer left behind: its count says 0, and it runs.
	check(t, w.source.Scale(t.Context(), "ticket-gateway", 1))
	w.refuse(t, w.phase(t, "130"), "workloads-stopped", "has pod ticket-gateway-0 left")
	w.refuse(t, w.phase(t, "120"), "drained", "tickets.")
	check(t, w.source.Scale(t.Context(), "ticket-gateway", 0))
	w.steps(t, "120")

	at := w.forget(t, w.source, "ticket-office", "tickets.requested", 0)
	w.refuse(t, w.phase(t, "120"), "drained", "ticket-office")
	w.commit(t, w.source, "ticket-office", "tickets.requested", 0, at)
}

// refuseCopiesMadeTwice leaves the mirror behind the source first, and then lets it go on.
func (w *world) refuseCopiesMadeTwice(t *testing.T) {
	t.Helper()
	w.mirrorAs(t, "900", connect.Paused)
	check(t, w.source.Scale(t.Context(), "ticket-gateway", 1))
	time.Sleep(2 * time.Second)
	check(t, w.source.Scale(t.Context(), "ticket-gateway", 0))
	w.refuse(t, w.phase(t, "130"), "mirror-caught-up", "tickets.requested")
	w.refuse(t, w.phase(t, "900"), "tails-equal", "tickets.requested")
	w.mirrorAs(t, "090", connect.Running)

	copies := w.copies(t, w.source, w.target, "tickets.requested", "tickets.sold", "Boarding_Passes", "payments.settled")
	if copies == 0 {
		t.Fatal("the killed mirror made no copy twice: nothing is proven of the gate that must see it")
	}
	w.refuse(t, w.phase(t, "130"), "mirror-caught-up", "twice")
}

// revertBatch goes back commit by commit to where the batch had not begun, and the mirror
// with it, and holds the source's account.
func (w *world) revertBatch(t *testing.T) {
	t.Helper()
	for _, to := range []string{"100", "095", "080"} {
		w.reach(t, w.phase(t, to))
	}
	for _, row := range w.backOnTheSource(t).Rows {
		if row.Target > 0 {
			t.Errorf("%d records of %s were written to the target", row.Target, row.Topic)
		}
	}
}

// steps proves and reaches phases, one after the other.
func (w *world) steps(t *testing.T, numbers ...string) {
	t.Helper()
	for _, number := range numbers {
		w.step(t, w.phase(t, number))
	}
}

func (w *world) await(t *testing.T, what string, done func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	check(t, process.Await(ctx, what, func(ctx context.Context) error {
		if !done(ctx) {
			return context.DeadlineExceeded
		}
		return nil
	}))
}

func (w *world) admin(t *testing.T, c *operator.Cluster) *kadm.Client {
	t.Helper()
	admin, err := c.Brokers.Admin()
	check(t, err)
	t.Cleanup(admin.Close)
	return admin
}

func (w *world) alterTopic(t *testing.T, c *operator.Cluster, topic string, change kadm.AlterConfig) {
	t.Helper()
	responses, err := w.admin(t, c).AlterTopicConfigs(t.Context(), []kadm.AlterConfig{change}, topic)
	check(t, err)
	for _, response := range responses {
		check(t, response.Err)
	}
}

// commit sets one partition of a group that nobody uses.
func (w *world) commit(t *testing.T, c *operator.Cluster, group, topic string, partition int32, at int64) {
	t.Helper()
	offsets := make(kadm.Offsets)
	offsets.AddOffset(topic, partition, at, -1)
	check(t, w.admin(t, c).CommitAllOffsets(t.Context(), group, offsets))
}

// forget takes a group's commit on one partition away, and tells where it was.
func (w *world) forget(t *testing.T, c *operator.Cluster, group, topic string, partition int32) int64 {
	t.Helper()
	admin := w.admin(t, c)
	committed, err := admin.FetchOffsets(t.Context(), group)
	check(t, err)
	at, ok := committed.Lookup(topic, partition)
	if !ok {
		t.Fatalf("%s has committed nothing on %s/%d", group, topic, partition)
	}
	set := make(kadm.TopicsSet)
	set.Add(topic, partition)
	responses, err := admin.DeleteOffsets(t.Context(), group, set)
	check(t, err)
	check(t, responses.Error())
	return at.At
}
