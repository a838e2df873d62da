package ledger_test

import (
	"errors"
	"strings"
	"testing"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/ledger"
)

// guard is that of phase 100 on a source with phases 010, 095, 100, 110, 120 and, to go back,
// 186; records may be on the target once 120 is done.
func guard() overlay.Guard {
	return overlay.Guard{
		Migration: "freight",
		Order:     []string{"010", "095", "100", "110", "120", "186"},
		Edges: []overlay.Edge{
			{From: "095", Direction: overlay.Advance, Peer: []string{"090"}},
			{From: "110", Direction: overlay.Revert, Peer: []string{"090"}},
		},
		Gate: overlay.Gate{Phase: "100", Name: "ingest-stop", Cluster: plan.Source},
	}
}

func at(done string) ledger.Ledger { return ledger.Ledger{Done: done} }

func TestAPhaseIsEnteredByItsEdgesAlone(t *testing.T) {
	for _, test := range []struct {
		name, done string
		want       overlay.Direction
	}{
		{"from the phase before", "095", overlay.Advance},
		{"again, where it is done already", "100", ledger.Again},
		{"back from the phase after", "110", overlay.Revert},
	} {
		t.Run(test.name, func(t *testing.T) {
			edge, err := ledger.Allows(at(test.done), guard())
			if err != nil || edge.Direction != test.want || edge.From != test.done {
				t.Errorf("got %+v and %v, want %s", edge, err, test.want)
			}
		})
	}
}

func TestARefusalSaysWhatTheLedgerSaysAndWhatToDo(t *testing.T) {
	returns := guard()
	returns.Gate.Phase, returns.Gate.Returns = "186", true
	returns.Edges = []overlay.Edge{{From: "120", Direction: overlay.Return, Peer: []string{"182"}}}
	for _, test := range []struct {
		name, done    string
		guard         overlay.Guard
		reason        ledger.Reason
		message, hint string
	}{
		{"one phase skipped", "010", guard(), ledger.Skipped, "says that 010 is done, so phase 095 would be skipped", "commits after cutover(095)"},
		{"all phases skipped", overlay.None, guard(), ledger.Skipped, "says that nothing is done, so phases 010, 095 would be skipped", "commits after cutover(010)"},
		{"two phases back at once", "120", guard(), ledger.NoWayBack, "says that 120 is done, and no plain way leads back", "bring back the commit of phase 120"},
		{"back from the rollback", "186", guard(), ledger.NoWayBack, "entered from 095, 110", "ordered rollback"},
		{"a rollback that comes too early", "110", returns, ledger.Skipped, "this rollback phase follows 120", "cutover status"},
		{"a phase of another migration", "075", guard(), ledger.Stranger, "075 is done, which is no phase of the source in migration freight", "another migration"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ledger.Allows(at(test.done), test.guard)
			var refusal ledger.Refusal
			if !errors.As(err, &refusal) || refusal.Reason != test.reason {
				t.Fatalf("got %v, want %s", err, test.reason)
			}
			f := refusal.Finding
			if f.Phase != test.guard.Gate.Phase || f.Rule != string(test.reason) || !strings.Contains(f.Message, test.message) || !strings.Contains(f.Hint, test.hint) || !strings.Contains(f.Hint, "--adopt") {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func TestTheOtherClusterIsAskedForWhatTheEdgeNames(t *testing.T) {
	edge := overlay.Edge{From: "095", Direction: overlay.Advance, Peer: []string{"090", "182"}}
	for _, done := range edge.Peer {
		if err := ledger.AllowsPeer(at(done), guard(), edge); err != nil {
			t.Errorf("%s: %v", done, err)
		}
	}
	err := ledger.AllowsPeer(at("080"), guard(), edge)
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != ledger.Apart {
		t.Fatalf("got %v", err)
	}
	if f := refusal.Finding; !strings.Contains(f.Message, "the target's ledger says that 080 is done") || !strings.Contains(f.Message, "090 or 182") || !strings.Contains(f.Hint, "has synced the target") {
		t.Errorf("got %+v", f)
	}
	if err := ledger.AllowsPeer(at("170"), guard(), overlay.Edge{From: "100", Direction: ledger.Again}); err != nil {
		t.Errorf("again: %v", err)
	}
}
