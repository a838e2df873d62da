package ledger

import (
	"fmt"
	"slices"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/overlay"
)

// Reason is why a ledger does not let a cluster into a phase.
type Reason string

// The reasons of a [Refusal].
const (
	// Skipped: phases between the one done and the one wanted were never entered.
	Skipped Reason = "phase-skipped"
	// NoWayBack: the phase wanted lies behind, and no declared edge leads back to it.
	NoWayBack Reason = "no-way-back"
	// Stranger: the phase done is none of this cluster's in this migration.
	Stranger Reason = "phase-unknown"
	// Apart: the other cluster has not completed what the edge asks of it.
	Apart Reason = "other-cluster"
)

// Refusal tells that the ledger does not let a cluster into a phase: why, and what to do.
type Refusal struct {
	Reason  Reason
	Finding finding.Finding
}

// Error gives the finding in one line.
func (r Refusal) Error() string { return r.Finding.Error() }

// Unwrap gives the finding.
func (r Refusal) Unwrap() error { return r.Finding }

// Again is the direction of a sync that finds its phase completed already.
const Again overlay.Direction = "again"

// Allows gives the edge by which a cluster enters the phase of its guard, or a [Refusal].
// A phase that is done already may be entered [Again].
func Allows(ledger Ledger, guard overlay.Guard) (overlay.Edge, error) {
	if ledger.Done == guard.Gate.Phase {
		return overlay.Edge{From: ledger.Done, Direction: Again}, nil
	}
	for _, edge := range guard.Edges {
		if edge.From == ledger.Done {
			return edge, nil
		}
	}
	return overlay.Edge{}, refuse(ledger, guard)
}

// AllowsPeer tells whether the other cluster has completed what an edge asks of it, or gives
// a [Refusal]. Nothing is asked [Again].
func AllowsPeer(peer Ledger, guard overlay.Guard, edge overlay.Edge) error {
	if edge.Direction == Again || slices.Contains(edge.Peer, peer.Done) {
		return nil
	}
	other := guard.Gate.Cluster.Other()
	return Refusal{Apart, finding.Finding{Rule: string(Apart), Severity: finding.Error, Phase: guard.Gate.Phase,
		Message: fmt.Sprintf("the %s's ledger says %s, and this phase is entered once it says %s", other, said(peer.Done), strings.Join(edge.Peer, " or ")),
		Hint: fmt.Sprintf("wait until Argo CD has synced the %[1]s, then sync the %[2]s again; if the %[1]s does not sync, its own gate says why",
			other, guard.Gate.Cluster)}}
}

func refuse(ledger Ledger, guard overlay.Guard) Refusal {
	phase, side := guard.Gate.Phase, guard.Gate.Cluster
	done, wanted := slices.Index(guard.Order, ledger.Done), slices.Index(guard.Order, phase)
	f := finding.Finding{Severity: finding.Error, Phase: phase}
	var reason Reason
	switch {
	case done < 0 && ledger.Done != overlay.None:
		reason = Stranger
		f.Message = fmt.Sprintf("the %s's ledger says %s, which is no phase of the %s in migration %s", side, said(ledger.Done), side, guard.Migration)
		f.Hint = "the tree is of another migration, or was generated anew with other phases: compare migration.yaml with the commit of that phase. " + adopt(guard)
	case done < wanted && guard.Gate.Returns:
		reason = Skipped
		f.Message = fmt.Sprintf("the %s's ledger says %s, and this rollback phase follows %s", side, said(ledger.Done), froms(guard))
		f.Hint = "take the rollback one commit at a time, in order: `cutover status` names the next. " + adopt(guard)
	case done < wanted:
		reason = Skipped
		missing := guard.Order[done+1 : wanted]
		f.Message = fmt.Sprintf("the %s's ledger says %s, so %s would be skipped", side, said(ledger.Done), counted(missing))
		f.Hint = fmt.Sprintf("Argo CD goes to the newest commit. Take the commits after cutover(%[1]s) back on the branch (git revert), let it sync phase %[1]s, then bring the others again one at a time. ", missing[0]) + adopt(guard)
	default:
		reason = NoWayBack
		f.Message = fmt.Sprintf("the %s's ledger says %s, and no plain way leads back from there; this phase is entered from %s", side, said(ledger.Done), froms(guard))
		f.Hint = "bring back the commit of phase " + ledger.Done + ", then go back one phase at a time with `cutover rollback`: past the point of no return it takes the ordered rollback. " + adopt(guard)
	}
	f.Rule = string(reason)
	return Refusal{reason, f}
}

func adopt(guard overlay.Guard) string {
	return fmt.Sprintf("Only if the %s truly is in another phase than its ledger says: `cutover gate --done --adopt REASON` with that phase's gate.yaml", guard.Gate.Cluster)
}

func said(done string) string {
	if done == overlay.None {
		return "that nothing is done"
	}
	return "that " + done + " is done"
}

func froms(guard overlay.Guard) string {
	list := make([]string, 0, len(guard.Edges))
	for _, edge := range guard.Edges {
		list = append(list, edge.From)
	}
	return strings.Join(list, ", ")
}

func counted(phases []string) string {
	if len(phases) == 1 {
		return "phase " + phases[0]
	}
	return "phases " + strings.Join(phases, ", ")
}
