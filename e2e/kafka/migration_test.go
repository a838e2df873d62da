package kafka_test

import (
	"testing"
	"time"

	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/product"
)

// work is how long all workloads run before the first batch stops and after the last started.
const work = 20 * time.Second

func TestAMigrationLosesAndDoublesNothing(t *testing.T) {
	w := newWorld(t, "1.8")
	for _, command := range []string{"verify", "offsets"} {
		if !w.tree.Has(t.Context(), command) {
			t.Skipf("this cutover has no command %s, which the phases' gates and offsets need", command)
		}
	}
	w.start(t)
	phases, err := w.tree.Phases()
	check(t, err)
	for _, phase := range phases {
		if phase.Number == "090" {
			trim(t, w.source, "gate.readings", "gate-monitor")
		}
		w.verify(t, phase)
		if phase.Offsets {
			w.alignOffsets(t, phase)
		}
		w.reach(t, phase)
		switch phase.Number {
		case "090":
			w.awaitMirror(t, connect.Running)
		case "095", "270":
			time.Sleep(work)
		}
	}
	w.stopProducers(t)
	report := w.settle(t, 3*time.Minute)
	t.Logf("the account of the whole migration:\n%s", report)
	for _, row := range report.Rows {
		if !row.Right() || row.Redelivered > 0 || row.Uncertain > 0 {
			t.Errorf("group %s on %s: %+v", row.Group, row.Topic, row)
		}
		if row.Source == 0 || row.Target == 0 {
			t.Errorf("%s was written on one cluster only: %d records on the source, %d on the target", row.Topic, row.Source, row.Target)
		}
	}
}

// verify asks cutover whether the phase may start, and waits until it may.
func (w *world) verify(t *testing.T, phase product.Phase) {
	t.Helper()
	table, err := w.tree.Run(t.Context(), "verify", append([]string{"--phase", phase.Number, "--wait", "10m"}, w.connections()...)...)
	check(t, err)
	w.logf(t, "the gates of phase %s hold:\n%s", phase, table)
}

// alignOffsets has cutover set the groups of the phase to their proven offsets.
func (w *world) alignOffsets(t *testing.T, phase product.Phase) {
	t.Helper()
	table, err := w.tree.Run(t.Context(), "offsets", append([]string{"apply", "--phase", phase.Number}, w.connections()...)...)
	check(t, err)
	w.logf(t, "the offsets of phase %s are set:\n%s", phase, table)
}

// connections are the flags by which cutover reaches what runs now.
func (w *world) connections() []string {
	flags := []string{"--source-bootstrap", w.source.Brokers.Bootstrap()}
	if w.target.Brokers != nil {
		flags = append(flags, "--target-bootstrap", w.target.Brokers.Bootstrap())
	}
	if w.target.Mirror != nil && w.target.Mirror.URL() != "" {
		flags = append(flags, "--connect-url", w.target.Mirror.URL())
	}
	return flags
}

// stopProducers stops what only produces on the target, so that what is on its way comes to rest.
func (w *world) stopProducers(t *testing.T) {
	t.Helper()
	for _, template := range w.templates {
		if len(template.Subscriptions()) == 0 {
			check(t, w.target.Scale(t.Context(), template.Name, 0))
		}
	}
}
