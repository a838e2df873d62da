package gate_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/gate"
	"cutover/live/ledger"
	"cutover/live/position"
	"cutover/live/proof"
)

// clusters answers gates: those named in open do not hold.
type clusters struct {
	open  map[string]bool
	asked []string
	ends  ledger.Positions
	err   error
	begun ledger.Positions
}

// live is a request of a phase of the target, proven on clusters, with nothing to scale.
func live(c *clusters, phase string, holds ...plan.Gate) gate.Request {
	r, _ := request()
	r.Guard.Scale = nil
	r.Guard.Order, r.Guard.Gate = []string{phase}, overlay.Gate{Phase: phase, Name: "a", Cluster: plan.Target, Holds: holds}
	r.Now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r.Prove = func(_ context.Context, gates []plan.Gate, wait bool) []proof.Result {
		var results []proof.Result
		for _, g := range gates {
			c.asked = append(c.asked, fmt.Sprintf("%s %t", g.Name, wait))
			result := proof.Result{Gate: g.Name, Cluster: g.Side, Seen: "seen", Holds: !c.open[g.Name]}
			if c.open[g.Name] {
				result.Evidence, result.More = []string{"a", "b", strings.Repeat("ü", 150), "d"}, 3
			}
			results = append(results, result)
		}
		return results
	}
	r.Ends = func(_ context.Context, topics []string) (ledger.Positions, error) {
		ends := make(ledger.Positions)
		for _, topic := range topics {
			ends[topic] = c.ends[topic]
		}
		return ends, c.err
	}
	r.Seed = func(_ context.Context, begin ledger.Positions, dry bool) (position.Seeded, error) {
		if !dry {
			c.begun = begin
		}
		return position.Seeded{Written: begin.Partitions()}, c.err
	}
	return r
}

var (
	caughtUp = plan.Gate{Name: "mirror-caught-up", Side: plan.Target, Topics: []string{"orders", "bills"}}
	recorded = plan.Gate{Name: "positions-recorded", Side: plan.Target, Topics: []string{"orders"}}
	stopped  = plan.Gate{Name: "workloads-stopped", Side: plan.Target}
)

// line is what a report says of one thing.
func line(report gate.Report, name string) string {
	for _, check := range report.Checks {
		if check.Name == name {
			return check.Answer
		}
	}
	return ""
}

func TestWhereABatchMovedIsWhereItsReverseMirrorBegins(t *testing.T) {
	c := &clusters{ends: ledger.Positions{"orders": {7, 0}, "bills": {3}}}
	forth := live(c, "130", caughtUp)
	report, err := gate.Enter(t.Context(), forth)
	if err != nil || line(report, "positions") != "the log ends of 3 partitions are recorded, for a way back" {
		t.Fatalf("got %+v, %v", report, err)
	}
	back := live(c, "184", recorded, stopped)
	back.Ledger = forth.Ledger
	back.Guard.Gate.Positions, back.Guard.Gate.Returns = plan.RecordedPositions, true
	if report, err = gate.Enter(t.Context(), back); err != nil {
		t.Fatalf("got %+v, %v", report, err)
	}
	if want := (ledger.Positions{"orders": {7, 0}}); !reflect.DeepEqual(c.begun, want) {
		t.Errorf("it begins at %v, want %v", c.begun, want)
	}
	if want := []string{"mirror-caught-up true", "workloads-stopped true", "positions-recorded false"}; !reflect.DeepEqual(c.asked, want) {
		t.Errorf("asked were %v, want %v: what the action brings about comes last", c.asked, want)
	}
	noted, err := back.Ledger.Noted(t.Context(), "184")
	if err != nil || len(noted) != 2 || !noted[0].Holds || noted[0].At != "2026-01-02T03:04:05Z" {
		t.Errorf("noted are %+v, %v", noted, err)
	}
}

func TestNoPositionIsStoredWhileAnotherGateIsOpen(t *testing.T) {
	c := &clusters{ends: ledger.Positions{"orders": {7}}, open: map[string]bool{"workloads-stopped": true}}
	forth := live(c, "130", caughtUp)
	if _, err := gate.Enter(t.Context(), forth); err != nil {
		t.Fatal(err)
	}
	back := live(c, "184", recorded, stopped)
	back.Ledger, back.Guard.Gate.Positions = forth.Ledger, plan.RecordedPositions
	_, err := gate.Enter(t.Context(), back)
	if refusal := (ledger.Refusal{}); !errors.As(err, &refusal) || c.begun != nil {
		t.Errorf("got %v, and it begins at %v", err, c.begun)
	}
	noted, err := back.Ledger.Noted(t.Context(), "184")
	if err != nil || len(noted) != 1 || noted[0].Holds || len(noted[0].Evidence) != 4 || noted[0].Evidence[3] != "and 4 more" || len(noted[0].Evidence[2]) > 210 {
		t.Errorf("noted are %+v, %v", noted, err)
	}
}

func TestPositionsAreRecordedOnlyOnTheWayForth(t *testing.T) {
	source := plan.Gate{Name: "mirror-caught-up", Side: plan.Source, Topics: []string{"orders"}}
	for name, change := range map[string]func(*gate.Request){
		"on the way back":                    func(r *gate.Request) { r.Guard.Edges[0].Direction = overlay.Revert },
		"in the rollback":                    func(r *gate.Request) { r.Guard.Edges[0].Direction = overlay.Return },
		"in a dry run":                       func(r *gate.Request) { r.Dry = true },
		"without a way to the clusters":      func(r *gate.Request) { r.Prove, r.Ends = nil, nil },
		"of the source, by a reverse mirror": func(r *gate.Request) { r.Guard.Gate.Holds = []plan.Gate{source} },
	} {
		t.Run(name, func(t *testing.T) {
			r := live(&clusters{ends: ledger.Positions{"orders": {7}, "bills": {1}}}, "130", caughtUp)
			change(&r)
			if _, err := gate.Enter(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if found, err := r.Ledger.Recorded(t.Context(), "1"); err != nil || found != nil {
				t.Errorf("recorded are %v, %v", found, err)
			}
		})
	}
}

func TestPositionsThatNoConfigMapHoldsStopNothingOnTheWayForth(t *testing.T) {
	many := make([]int64, 200_000)
	for i := range many {
		many[i] = 1_000_000
	}
	r := live(&clusters{ends: ledger.Positions{"orders": many, "bills": {1}}}, "130", caughtUp)
	report, err := gate.Enter(t.Context(), r)
	if err != nil || !strings.HasPrefix(line(report, "positions"), "not recorded: the positions of 200001 partitions make it 15") {
		t.Errorf("got %s, %v", line(report, "positions"), err)
	}
}

func TestPositionsThatCannotBeToldStopThePhase(t *testing.T) {
	r := live(&clusters{err: errors.New("no broker")}, "130", caughtUp)
	if _, err := gate.Enter(t.Context(), r); err == nil || !strings.Contains(err.Error(), "no broker") {
		t.Errorf("got %v", err)
	}
}

func TestADryRunOfAReverseMirrorStoresNothing(t *testing.T) {
	c := &clusters{ends: ledger.Positions{"orders": {7}}}
	forth := live(c, "130", caughtUp)
	if _, err := gate.Enter(t.Context(), forth); err != nil {
		t.Fatal(err)
	}
	back := live(c, "184", recorded)
	back.Ledger, back.Dry, back.Guard.Gate.Positions = forth.Ledger, true, plan.RecordedPositions
	report, err := gate.Enter(t.Context(), back)
	if err != nil || c.begun != nil || !strings.Contains(line(report, "positions"), "1 would be stored") || line(report, "gate positions-recorded") != "not asked (dry run)" {
		t.Errorf("got %+v, %v; it begins at %v", report, err, c.begun)
	}
}

func TestWhatNobodyRecordedIsForTheGateToTell(t *testing.T) {
	c := &clusters{open: map[string]bool{"positions-recorded": true}}
	r := live(c, "184", recorded)
	r.Guard.Gate.Positions = plan.RecordedPositions
	report, err := gate.Enter(t.Context(), r)
	if refusal := (ledger.Refusal{}); !errors.As(err, &refusal) || line(report, "positions") != "none were recorded when the batch moved" {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestAJobOfTheSourceLeavesTheTargetsNetworkToAPerson(t *testing.T) {
	c := &clusters{}
	reachable := plan.Gate{Name: "source-reachable", Side: plan.Source}
	r := live(c, "010", reachable)
	r.Guard.Gate.Cluster = plan.Source
	report, err := gate.Enter(t.Context(), r)
	if err != nil || len(c.asked) > 0 || !strings.Contains(line(report, "gate source-reachable"), "not in the target's network") {
		t.Errorf("got %+v, %v, asked %v", report, err, c.asked)
	}
	r = live(c, "030", reachable)
	if _, err := gate.Enter(t.Context(), r); err != nil || len(c.asked) != 1 {
		t.Errorf("a Job of the target asked %v, %v", c.asked, err)
	}
}

// An answer that an earlier run got must not stand for one that nobody asked again.
func TestAnAnswerIsForgottenWhenNobodyAsksAgain(t *testing.T) {
	c := &clusters{open: map[string]bool{"workloads-stopped": true}}
	r := live(c, "130", stopped)
	if _, err := gate.Enter(t.Context(), r); err == nil {
		t.Fatal("it was let in")
	}
	r.Prove = nil
	if _, err := gate.Enter(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if noted, err := r.Ledger.Noted(t.Context(), "130"); err != nil || len(noted) != 1 || noted[0].Answer != "not asked" {
		t.Errorf("noted are %+v, %v", noted, err)
	}
}

func TestDamagedPositionsAreNotGuessed(t *testing.T) {
	c := &clusters{ends: ledger.Positions{"orders": {7}}}
	forth := live(c, "130", caughtUp)
	if _, err := gate.Enter(t.Context(), forth); err != nil {
		t.Fatal(err)
	}
	configMap, err := forth.Ledger.ConfigMaps.Get(t.Context(), "cutover-small-positions", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	configMap.Data["130"] = `{"orders":[7`
	if _, err := forth.Ledger.ConfigMaps.Update(t.Context(), configMap, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	back := live(c, "184", recorded)
	back.Ledger, back.Guard.Gate.Positions = forth.Ledger, plan.RecordedPositions
	if _, err := gate.Enter(t.Context(), back); err == nil || !strings.Contains(err.Error(), "cutover-small-positions") || c.begun != nil {
		t.Errorf("got %v, and it begins at %v", err, c.begun)
	}
}
