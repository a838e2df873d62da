package kafka_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"cutover/e2e/kafka/account"
	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/manifest"
)

const (
	// ahead is how long the guide's mirror runs before the cut-over: two rounds of its
	// checkpoints and two of its group sync, each of which comes once a minute.
	ahead = 150 * time.Second
	// guideMirror is the name of the resource in testdata/guide.
	guideMirror = "guide"
)

// One command for both procedures, each with clusters of its own, the same topics and the
// same workloads: docs/guide-beside-cutover.md tells of a run.
func TestTheGuideBesideCutover(t *testing.T) {
	var theirs, ours account.Report
	t.Run("the guide", func(t *testing.T) {
		theirs = guide{world: newWorld(t, "1.8")}.migrate(t)
		t.Logf("the account of the guide's procedure:\n%s", theirs)
		if theirs.Right() {
			t.Error("the guide's procedure lost and doubled nothing")
		}
		writtenOnBoth(t, theirs)
	})
	t.Run("cutover", func(t *testing.T) {
		w := newWorld(t, "1.8")
		ours = w.migrate(t)
		t.Logf("the account of cutover's procedure:\n%s", ours)
		if !ours.Right() {
			t.Error("cutover's procedure is not right")
		}
		writtenOnBoth(t, ours)
	})
	if len(theirs.Rows) == 0 || len(theirs.Rows) != len(ours.Rows) {
		return // one was not asked for, or did not come to its end
	}
	t.Logf("both accounts, row by row:\n%s", beside(theirs, ours))
}

// writtenOnBoth sees to it that a walk was one: each topic was written before it and after.
func writtenOnBoth(t *testing.T, r account.Report) {
	t.Helper()
	for _, row := range r.Rows {
		if row.Source == 0 || row.Target == 0 {
			t.Errorf("%s was written on one cluster only: %d records on the source, %d on the target", row.Topic, row.Source, row.Target)
		}
	}
}

// beside is a table of what each procedure got wrong, and one of how long groups stood still.
func beside(theirs, ours account.Report) string {
	var text strings.Builder
	text.WriteString("| group | topic | | produced | lost | duplicated | late | phantom |\n|---|---|---|---:|---:|---:|---:|---:|\n")
	for i := range theirs.Rows {
		for _, each := range []struct {
			whose string
			row   account.Row
		}{{"guide", theirs.Rows[i]}, {"cutover", ours.Rows[i]}} {
			r := each.row
			fmt.Fprintf(&text, "| %s | %s | %s | %d | %d | %d | %d | %d |\n", r.Group, r.Topic, each.whose, r.Produced, r.Lost, r.Duplicated, r.Disordered, r.Phantom)
		}
	}
	text.WriteString("\n| group stood still | guide | cutover |\n|---|---:|---:|\n")
	for i, h := range theirs.Handovers {
		fmt.Fprintf(&text, "| %s | %s | %s |\n", h.Group, rounded(h.Gap()), rounded(ours.Handovers[i].Gap()))
	}
	return text.String()
}

// guide is a world in which the guide's procedure is walked, in the reading of
// docs/guide-beside-cutover.md.
type guide struct {
	*world
}

func (g guide) migrate(t *testing.T) account.Report {
	t.Helper()
	g.start(t)
	phases, err := g.tree.Phases()
	check(t, err)
	for _, phase := range phases {
		if phase.Number < "070" { // Kafka and topics like ours: these are not what is compared
			g.reach(t, phase)
		}
	}
	g.spinUp(t)
	trim(t, g.source, "gate.readings", "gate-monitor")
	g.startMirror(t)
	g.cutOver(t)
	time.Sleep(work)
	g.scale(t, g.target, g.ingest(), false)
	// Whoever reads all of it again takes as long again.
	g.awaitDrained(t, g.target, 10*time.Minute)
	return g.settle(t, time.Minute)
}

// spinUp starts the apps on the target and stops them again, so that each group has the
// offset 0. Ingestion stays at the source: what it wrote here, the source would not have.
func (g guide) spinUp(t *testing.T) {
	t.Helper()
	apps := slices.Concat(g.tier(t, "upstream"), g.tier(t, "dam"), g.tier(t, "downstream"))
	g.scale(t, g.target, apps, true)
	g.scale(t, g.target, apps, false)
	admin, err := g.target.Brokers.Admin()
	check(t, err)
	defer admin.Close()
	for _, s := range g.subscriptions {
		ends, err := admin.ListEndOffsets(t.Context(), s.Topic)
		check(t, err)
		// The apps here commit what they have processed. One that commits by itself, as
		// Java's do, also commits the 0 of a partition that is empty.
		offsets := make(kadm.Offsets)
		ends.Each(func(o kadm.ListedOffset) { offsets.AddOffset(o.Topic, o.Partition, 0, -1) })
		check(t, admin.CommitAllOffsets(t.Context(), s.Group, offsets))
	}
	g.logf(t, "all apps were up and are down; every group is at offset 0")
}

func (g guide) startMirror(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile("testdata/guide/mirror.yaml")
	check(t, err)
	mirror, err := manifest.Parse(text)
	check(t, err)
	check(t, g.target.Apply(t.Context(), mirror))
	g.awaitMirrorOf(t, guideMirror, connect.Running)
	time.Sleep(ahead)
	g.awaitTails(t)
	g.awaitMirrorOf(t, guideMirror, connect.Running)
}

// cutOver is the guide's order: ingestion moves, the source drains and stops, the target's
// tiers start one after the other, the mirror is stopped.
func (g guide) cutOver(t *testing.T) {
	t.Helper()
	g.scale(t, g.source, g.ingest(), false)
	g.scale(t, g.target, g.ingest(), true)
	g.logf(t, "ingestion has moved to the target")
	g.awaitDrained(t, g.source, 6*time.Minute)
	for _, tier := range []string{"upstream", "dam", "downstream"} {
		g.scale(t, g.source, g.tier(t, tier), false)
	}
	g.awaitTails(t)
	g.logf(t, "the source has stopped; the target's groups are at\n%s", g.positions(t, g.target))
	for _, tier := range []string{"upstream", "dam", "downstream"} {
		g.scale(t, g.target, g.tier(t, tier), true)
		g.logf(t, "%s runs on the target", tier)
	}
	g.awaitTails(t)
	g.awaitMirrorOf(t, guideMirror, connect.Running)
	check(t, g.target.Apply(t.Context(), nil))
	g.logf(t, "the mirror has stopped")
}
