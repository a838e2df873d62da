package kafka_test

import (
	"strings"
	"testing"
	"time"

	"cutover/e2e/kafka/account"
	"cutover/e2e/kafka/connect"
)

// A batch has moved, its producers have written to the target, and it goes back to the
// source by the ordered rollback. A broker dies on the way.
func TestABatchReturnsPastThePointOfNoReturn(t *testing.T) {
	t.Run("from AMQ Streams 1.8", func(t *testing.T) {
		w := newWorld(t, "1.8")
		w.start(t)
		w.steps(t, "000", "020", "030", "040", "050", "070", "080", "090")
		w.awaitMirror(t, connect.Running)
		w.steps(t, "095")
		w.killBroker(t)
		time.Sleep(work)
		w.steps(t, "100", "120", "130")
		w.refuseAGroupAhead(t)
		users := w.withUsers(t)
		users.refuse(t, users.phase(t, "910"), "traffic-parity", "none on the target since")
		w.steps(t, "140", "150", "160", "170")
		time.Sleep(work)

		w.steps(t, "180", "182", "186", "187", "188", "189")
		w.returned(t)
	})
}

// The same with a reverse mirror, which brings back what was written to the target, and with
// the hook Jobs, which prove the gates, set the offsets, and record where the batch moved.
func TestABatchReturnsByAReverseMirror(t *testing.T) {
	t.Run("from AMQ Streams 1.8", func(t *testing.T) {
		w := newWorld(t, "1.8")
		w.amend(t, liveGates)
		w.start(t)
		w.syncs(t, "000", "020", "030", "040", "050", "070", "080", "090")
		w.awaitMirror(t, connect.Running)
		w.syncs(t, "095")
		time.Sleep(work)
		w.syncs(t, "100", "120", "130", "140", "150", "160", "170")
		time.Sleep(work)

		w.refuse(t, w.phase(t, "184"), "mirror-paused", "is RUNNING")
		w.syncs(t, "180", "182")
		w.refuse(t, w.phase(t, "184"), "positions-recorded", "has no stored position")
		w.syncs(t, "184")
		w.hold(t, "184", "positions-recorded")
		w.awaitMirrorOf(t, back, connect.Running)
		w.syncs(t, "185")
		if twice := w.copies(t, w.target, w.source, "tickets.requested", "tickets.sold", "Boarding_Passes", "payments.settled"); twice > 0 {
			t.Errorf("the reverse mirror brought %d records that the source had", twice)
		}
		w.syncs(t, "186", "187", "188", "189")
		w.returned(t)
	})
}

// returned holds the account once the batch works on the source again.
func (w *world) returned(t *testing.T) {
	t.Helper()
	for _, row := range w.backOnTheSource(t).Rows {
		if sales := !strings.HasPrefix(row.Topic, "gate."); sales != (row.Target > 0) {
			t.Errorf("%s has %d records that were written to the target", row.Topic, row.Target)
		}
	}
}

// backOnTheSource lets the source work again for a while, and gives the account, which has to
// be right.
func (w *world) backOnTheSource(t *testing.T) account.Report {
	t.Helper()
	time.Sleep(work)
	w.scale(t, w.source, w.ingest(), false)
	report := w.settle(t, 3*time.Minute)
	t.Logf("the account after the way back:\n%s", report)
	if !report.Right() {
		t.Error("after the way back the account is not right")
	}
	return report
}

// refuseAGroupAhead puts a group of the target one record ahead, sees the gate and the
// command refuse it, and has it set back by force.
func (w *world) refuseAGroupAhead(t *testing.T) {
	t.Helper()
	at := w.forget(t, w.target, "ticket-office", "tickets.requested", 0)
	w.commit(t, w.target, "ticket-office", "tickets.requested", 0, at+1)
	w.refuse(t, w.phase(t, "140"), "offsets-aligned", "ticket-office")
	if output, err := w.offsets(t, w.phase(t, "130")); err == nil || !strings.Contains(err.Error(), "ticket-office") {
		t.Errorf("offsets apply set a group back that is ahead: %v\n%s", err, output)
	}
	output, err := w.offsets(t, w.phase(t, "130"), "--force")
	check(t, err)
	w.logf(t, "ticket-office was one ahead, and is set back\n%s", output)
}
