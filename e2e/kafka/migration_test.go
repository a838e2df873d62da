package kafka_test

import (
	"testing"
	"time"

	"cutover/e2e/kafka/account"
	"cutover/e2e/kafka/connect"
)

// work is how long all workloads run before the first batch stops and after the last started.
const work = 20 * time.Second

func TestAMigrationLosesAndDoublesNothing(t *testing.T) {
	for _, version := range []string{"1.8", "1.7"} {
		t.Run("to AMQ Streams "+version, func(t *testing.T) {
			w := newWorld(t, version)
			report := w.migrate(t)
			t.Logf("the account of the whole migration:\n%s", report)
			t.Logf("how long each group stood still, and on what:\n%s", standstills(report.Handovers, w.stages))
			for _, row := range report.Rows {
				if !row.Right() || row.Redelivered > 0 || row.Uncertain > 0 {
					t.Errorf("group %s on %s: %+v", row.Group, row.Topic, row)
				}
			}
			writtenOnBoth(t, report)
		})
	}
}

// migrate is cutover's procedure: every phase, each once its gates hold.
func (w *world) migrate(t *testing.T) account.Report {
	t.Helper()
	w.start(t)
	phases, err := w.tree.Phases()
	check(t, err)
	for _, phase := range phases {
		if phase.Number == "090" {
			trim(t, w.source, "gate.readings", "gate-monitor")
		}
		w.step(t, phase)
		switch phase.Number {
		case "090":
			w.awaitMirror(t, connect.Running)
		case "095":
			w.estimate(t)
			time.Sleep(work)
		case "270":
			time.Sleep(work)
		}
	}
	w.withUsers(t).hold(t, "910", "traffic-parity")
	w.scale(t, w.target, w.ingest(), false)
	return w.settle(t, 3*time.Minute)
}

// estimate has cutover say what is left to mirror and until when, from two samples.
func (w *world) estimate(t *testing.T) {
	t.Helper()
	table, err := w.tree.Run(t.Context(), "estimate", append([]string{"--sample", "5s"}, w.connections(t)...)...)
	check(t, err)
	w.logf(t, "estimate\n%s", table)
}
