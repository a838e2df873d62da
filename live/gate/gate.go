// Package gate is what the two hook Jobs of a cluster do: before a sync it holds the phase
// against the ledger and scales what Argo CD cannot; after it, it writes the phase down.
package gate

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"k8s.io/client-go/dynamic"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/ledger"
	"cutover/live/offset"
	"cutover/live/position"
	"cutover/live/proof"
	"cutover/live/workload"
)

// Request is one run of a Job.
type Request struct {
	// Guard is what gate.yaml says, and Digest the sha256 of its bytes.
	Guard  overlay.Guard
	Digest string
	// Ledger is this cluster's; Peer is the other cluster's, nil where it is not asked.
	Ledger ledger.Store
	Peer   *ledger.Store
	// Objects reach this cluster's workloads.
	Objects dynamic.Interface
	// Prove evaluates gates on the running clusters, again and again where wait says so; nil
	// where it has no way to them, and they are not asked.
	Prove func(ctx context.Context, gates []plan.Gate, wait bool) []proof.Result
	// Align sets the offsets of the phase's groups to what is proven, or with dry tells what it
	// would set; nil where there are none, or no way to the clusters.
	Align func(ctx context.Context, dry bool) (offset.Alignment, error)
	// Ends gives the log ends of topics on the cluster that the phase changes, and Seed has the
	// reverse mirror of the phase's batch begin at positions, or with dry tells what it would
	// do; nil where there is no way to the clusters.
	Ends func(ctx context.Context, topics []string) (ledger.Positions, error)
	Seed func(ctx context.Context, begin ledger.Positions, dry bool) (position.Seeded, error)
	// Dry has nothing changed in the cluster.
	Dry bool
	// Adopt, where it is not empty, is the reason for which a phase is written down whatever
	// the ledger says.
	Adopt string
	Now   time.Time
}

// Read reads a gate.yaml, which must be that of the phase: three digits.
func Read(path string, content []byte, phase string) (Request, error) {
	guard, err := overlay.ReadGuard(path, content)
	if err != nil {
		return Request{}, err
	}
	if guard.Gate.Phase != phase {
		return Request{}, finding.Finding{Rule: "gate-phase", Severity: finding.Error, File: path, Phase: phase,
			Message: "the file is of phase " + guard.Gate.Phase, Hint: "sync again: the Job and its ConfigMap must come from the same commit"}
	}
	return Request{Guard: guard, Digest: fmt.Sprintf("sha256:%x", sha256.Sum256(content))}, nil
}

// Check is one line of a report.
type Check struct {
	// Name is what was looked at, and Object what it was looked at on.
	Name   string `json:"check"`
	Object string `json:"object,omitempty"`
	Answer string `json:"answer"`
	// Holds is false for a check that stops the phase, and for none else.
	Holds bool `json:"holds"`
}

// Report is what a run found and did.
type Report struct {
	Migration string            `json:"migration"`
	Phase     string            `json:"phase"`
	Name      string            `json:"name"`
	Cluster   string            `json:"cluster"`
	Direction overlay.Direction `json:"direction,omitempty"`
	Checks    []Check           `json:"checks"`
}

const (
	notAsked = "not asked"
	dryRun   = " (dry run)"
)

// report begins a report.
func (r Request) report() Report {
	gate := r.Guard.Gate
	return Report{Migration: r.Guard.Migration, Phase: gate.Phase, Name: gate.Name, Cluster: string(gate.Cluster)}
}

func (p *Report) add(name, object, answer string) {
	p.Checks = append(p.Checks, Check{name, object, answer, true})
}

// Enter is the PreSync run. The report tells how far it came, also where it is refused: the
// error is then a [ledger.Refusal], and nothing was changed but the gates' answers in the
// ledger.
func Enter(ctx context.Context, r Request) (Report, error) {
	report := r.report()
	edge, err := r.order(ctx, &report)
	if err != nil {
		return report, err
	}
	if err := r.peer(ctx, &report, edge); err != nil {
		return report, err
	}
	if err := r.prove(ctx, &report, edge); err != nil {
		return report, err
	}
	if err := r.record(ctx, &report, edge); err != nil {
		return report, err
	}
	if err := r.align(ctx, &report, edge); err != nil {
		return report, err
	}
	return report, r.scale(ctx, &report)
}

// order holds the phase against this cluster's ledger.
func (r Request) order(ctx context.Context, report *Report) (overlay.Edge, error) {
	done, err := r.Ledger.Read(ctx)
	if err != nil {
		return overlay.Edge{}, err
	}
	edge, err := ledger.Allows(done, r.Guard)
	if err != nil {
		report.Checks = append(report.Checks, Check{"order", r.Ledger.String(), "refused: " + done.Done + " is done", false})
		return edge, err
	}
	report.Direction = edge.Direction
	report.add("order", r.Ledger.String(), answer(edge))
	return edge, nil
}

func answer(edge overlay.Edge) string {
	switch edge.Direction {
	case ledger.Again:
		return "done already"
	case overlay.Revert:
		return edge.From + " is done, and is taken back"
	case overlay.Return:
		return edge.From + " is done, and the rollback goes on from it"
	case overlay.Advance:
	}
	if edge.From == overlay.None {
		return "nothing is done, and this is the first phase"
	}
	return edge.From + " is done, and this phase follows"
}

// peer holds the edge against the other cluster's ledger.
func (r Request) peer(ctx context.Context, report *Report, edge overlay.Edge) error {
	object := "ConfigMap " + r.Guard.Peer.Namespace + "/" + r.Guard.Peer.Name + " of the " + string(r.Guard.Gate.Cluster.Other())
	if r.Peer == nil || edge.Direction == ledger.Again {
		report.add("order there", object, notAsked)
		return nil
	}
	there, err := r.Peer.Read(ctx)
	if err != nil {
		return fmt.Errorf("the %s's ledger: %w", r.Guard.Gate.Cluster.Other(), err)
	}
	if err := ledger.AllowsPeer(there, r.Guard, edge); err != nil {
		report.Checks = append(report.Checks, Check{"order there", object, "refused: " + there.Done + " is done", false})
		return err
	}
	report.add("order there", object, there.Done+" is done")
	return nil
}

// scale brings the workloads into the phase's state. All are looked at before it gives the
// first error, so that one that is missing keeps no other from stopping.
func (r Request) scale(ctx context.Context, report *Report) error {
	var findings finding.List
	for _, scale := range r.Guard.Scale {
		change, err := workload.Set(ctx, r.Objects, scale, r.Dry)
		text := fmt.Sprintf("%s is %v", scale.Field, scale.Value)
		switch {
		case err != nil:
			report.Checks = append(report.Checks, Check{"scale", scale.String(), "failed", false})
			findings.Add(finding.FromOr(err, finding.Finding{Rule: "scale", Severity: finding.Error, Object: scale.String()})...)
			continue
		case change.Changed && r.Dry:
			text = fmt.Sprintf("%s would go from %v to %v%s", scale.Field, change.Was, scale.Value, dryRun)
		case change.Changed:
			text = fmt.Sprintf("%s set to %v, was %v", scale.Field, scale.Value, change.Was)
		}
		report.add("scale", scale.String(), text)
	}
	return findings.Err()
}

// Complete is the PostSync run: it writes the phase into the ledger, by the same rule by
// which the phase was entered. Run again it changes nothing.
func Complete(ctx context.Context, r Request) (Report, error) {
	report := r.report()
	noted, err := r.Ledger.Noted(ctx, r.Guard.Gate.Phase)
	if err != nil {
		return report, err
	}
	change := func(before ledger.Ledger) (ledger.Ledger, error) {
		edge, err := ledger.Allows(before, r.Guard)
		if err != nil && r.Adopt == "" {
			report.Checks = []Check{{"ledger", r.Ledger.String(), "refused: " + before.Done + " is done", false}}
			return before, err
		}
		report.Direction = edge.Direction
		after, err := before.Complete(r.entry(before, edge, noted))
		text := strings.Join([]string{r.Guard.Gate.Phase, "written, was", before.Done}, " ")
		switch {
		case err == nil && after.Equal(before):
			text = r.Guard.Gate.Phase + " is written already"
		case r.Dry:
			text = fmt.Sprintf("%s would be written, is %s%s", r.Guard.Gate.Phase, before.Done, dryRun)
		}
		report.Checks = []Check{{"ledger", r.Ledger.String(), text, true}}
		return after, err
	}
	if r.Dry {
		before, err := r.Ledger.Read(ctx)
		if err == nil {
			_, err = change(before)
		}
		return report, err
	}
	_, err = r.Ledger.Change(ctx, change)
	return report, err
}

func (r Request) entry(before ledger.Ledger, edge overlay.Edge, noted []ledger.Answer) ledger.Entry {
	gate := r.Guard.Gate
	entry := ledger.Entry{
		Phase: gate.Phase, Name: gate.Name, At: r.Now.UTC().Format(time.RFC3339), From: before.Done, Direction: edge.Direction,
		Digest: r.Digest, Gates: []ledger.Answer{}, Adopted: r.Adopt,
	}
	for _, gate := range gate.Holds {
		entry.Gates = append(entry.Gates, answerOf(noted, gate))
	}
	return entry
}
