package gate

import (
	"context"
	"fmt"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/ledger"
	"cutover/live/proof"
)

// Unproven is the reason of a [ledger.Refusal] for a gate that does not hold.
const Unproven ledger.Reason = "gate-does-not-hold"

// asks tells whether the gates of a phase are asked on an edge: on the way on, and in the
// ordered rollback. A sync that finds its phase done must not fail because what held before
// the phase no longer does after it, and nothing may keep a person from taking a phase back.
func asks(direction overlay.Direction) bool {
	return direction == overlay.Advance || direction == overlay.Return
}

// prove asks the gates, reports each, and keeps their answers for the Job that writes the
// phase down. It refuses the phase unless all hold.
func (r Request) prove(ctx context.Context, report *Report, edge overlay.Edge) error {
	if r.Prove == nil || !asks(edge.Direction) {
		var answers []ledger.Answer
		for _, gate := range r.Guard.Gate.Holds {
			report.add("gate "+gate.Name, "the "+string(gate.Side), notAsked)
			answers = append(answers, answerOf(nil, gate))
		}
		if r.Prove == nil || edge.Direction == ledger.Again {
			return nil
		}
		return r.note(ctx, answers)
	}
	results := r.Prove(ctx)
	var answers []ledger.Answer
	var open []string
	for _, result := range results {
		verdict := verdictOf(result)
		report.Checks = append(report.Checks, Check{"gate " + result.Gate, "the " + string(result.Cluster), verdict + ": " + result.Seen, result.Holds})
		for _, line := range result.Evidence {
			report.Checks = append(report.Checks, Check{"", "", "- " + line, result.Holds})
		}
		if result.More > 0 {
			report.Checks = append(report.Checks, Check{"", "", fmt.Sprintf("- and %d more", result.More), result.Holds})
		}
		answers = append(answers, ledger.Answer{Gate: result.Gate, Cluster: string(result.Cluster), Answer: verdict + ": " + result.Seen})
		if !result.Holds {
			open = append(open, result.Gate)
		}
	}
	if len(open) > 0 {
		return ledger.Refusal{Reason: Unproven, Finding: finding.Finding{Rule: string(Unproven), Severity: finding.Error, Phase: r.Guard.Gate.Phase,
			Message: "nothing was changed: these gates do not hold: " + strings.Join(open, ", "),
			Hint:    "see the lines under each gate, set right what they name, and sync again; `cutover verify --phase " + r.Guard.Gate.Phase + " --wait 30m` watches them"}}
	}
	return r.note(ctx, answers)
}

func (r Request) note(ctx context.Context, answers []ledger.Answer) error {
	if r.Dry {
		return nil
	}
	return r.Ledger.Note(ctx, r.Guard.Gate.Phase, answers)
}

func verdictOf(result proof.Result) string {
	switch {
	case result.Holds:
		return "holds"
	case result.Unknown:
		return "cannot be told"
	}
	return "does not hold"
}

// answerOf gives what was answered to a gate, or that it was not asked.
func answerOf(noted []ledger.Answer, gate plan.Gate) ledger.Answer {
	for _, answer := range noted {
		if answer.Gate == gate.Name && answer.Cluster == string(gate.Side) {
			return answer
		}
	}
	return ledger.Answer{Gate: gate.Name, Cluster: string(gate.Side), Answer: notAsked}
}
