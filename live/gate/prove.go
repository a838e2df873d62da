package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

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

// elsewhere says why a Job cannot ask a gate, "" where it can.
func elsewhere(gate plan.Gate, of plan.Side) string {
	if gate.Name == "source-reachable" && of == plan.Source {
		return notAsked + ": this Job is not in the target's network; `cutover verify` asks from there"
	}
	return ""
}

// settled tells a gate that the phase's own action brings about: it is asked behind it.
func settled(gate plan.Gate) bool { return gate.Name == "positions-recorded" }

// prove asks the gates, reports each, and keeps their answers for the Job that writes the
// phase down. It refuses the phase unless all hold.
func (r Request) prove(ctx context.Context, report *Report, edge overlay.Edge) error {
	if r.Prove == nil || !asks(edge.Direction) {
		return r.unasked(ctx, report, edge)
	}
	var before, behind []plan.Gate
	var answers []ledger.Answer
	for _, gate := range r.Guard.Gate.Holds {
		because := elsewhere(gate, r.Guard.Gate.Cluster)
		switch {
		case because != "":
			report.add("gate "+gate.Name, "the "+string(gate.Side), because)
			answers = append(answers, ledger.Answer{Gate: gate.Name, Cluster: string(gate.Side), Answer: because})
		case settled(gate):
			behind = append(behind, gate)
		default:
			before = append(before, gate)
		}
	}
	answers, err := r.ask(ctx, report, answers, before, true)
	if err == nil && len(behind) > 0 {
		answers, err = r.settle(ctx, report, answers, behind)
	}
	if noted := r.note(ctx, answers); err == nil {
		err = noted
	}
	return err
}

// settle does what the last gates rest on, and asks them. In a dry run nothing was done that
// they could see.
func (r Request) settle(ctx context.Context, report *Report, answers []ledger.Answer, gates []plan.Gate) ([]ledger.Answer, error) {
	seeds, err := r.seed(ctx, report)
	if err != nil {
		return answers, err
	}
	if seeds && r.Dry {
		for _, gate := range gates {
			report.add("gate "+gate.Name, "the "+string(gate.Side), notAsked+dryRun)
		}
		return answers, nil
	}
	return r.ask(ctx, report, answers, gates, false)
}

// unasked reports that nobody asked. What an earlier run noted is no longer true.
func (r Request) unasked(ctx context.Context, report *Report, edge overlay.Edge) error {
	var answers []ledger.Answer
	for _, gate := range r.Guard.Gate.Holds {
		report.add("gate "+gate.Name, "the "+string(gate.Side), notAsked)
		answers = append(answers, answerOf(nil, gate))
	}
	if edge.Direction == ledger.Again {
		return nil
	}
	if noted, err := r.Ledger.Noted(ctx, r.Guard.Gate.Phase); err != nil || len(noted) == 0 && r.Prove == nil {
		return err
	}
	return r.note(ctx, answers)
}

// ask evaluates gates, adds their answers, and refuses the phase unless all hold.
func (r Request) ask(ctx context.Context, report *Report, answers []ledger.Answer, gates []plan.Gate, wait bool) ([]ledger.Answer, error) {
	if len(gates) == 0 {
		return answers, nil
	}
	var open []string
	for _, result := range r.Prove(ctx, gates, wait) {
		report.result(result)
		answers = append(answers, r.short(result))
		if !result.Holds {
			open = append(open, result.Gate)
		}
	}
	if len(open) > 0 {
		changed := "nothing was changed"
		if !wait {
			changed = "nothing but the positions named above was changed"
		}
		return answers, ledger.Refusal{Reason: Unproven, Finding: finding.Finding{Rule: string(Unproven), Severity: finding.Error, Phase: r.Guard.Gate.Phase,
			Message: changed + ": these gates do not hold: " + strings.Join(open, ", "),
			Hint:    "see the lines under each gate, set right what they name, and sync again; `cutover verify --phase " + r.Guard.Gate.Phase + " --wait 30m` watches them"}}
	}
	return answers, nil
}

// result reports a gate, and under it what stands in the way.
func (p *Report) result(result proof.Result) {
	p.Checks = append(p.Checks, Check{"gate " + result.Gate, "the " + string(result.Cluster), verdictOf(result) + ": " + result.Seen, result.Holds})
	for _, line := range result.Evidence {
		p.Checks = append(p.Checks, Check{"", "", "- " + line, result.Holds})
	}
	if result.More > 0 {
		p.Checks = append(p.Checks, Check{"", "", fmt.Sprintf("- and %d more", result.More), result.Holds})
	}
}

const (
	// keptLines and keptLength bound what the ledger keeps of a gate's evidence: it holds the
	// answers of every phase, and the Job's log has all.
	keptLines, keptLength = 3, 200
)

// short is a gate's result as the ledger keeps it.
func (r Request) short(result proof.Result) ledger.Answer {
	answer := ledger.Answer{Gate: result.Gate, Cluster: string(result.Cluster), Answer: clipped(verdictOf(result) + ": " + result.Seen), Holds: result.Holds,
		At: r.Now.UTC().Format(time.RFC3339)}
	for _, line := range result.Evidence[:min(keptLines, len(result.Evidence))] {
		answer.Evidence = append(answer.Evidence, clipped(line))
	}
	if left := len(result.Evidence) + result.More - len(answer.Evidence); left > 0 {
		answer.Evidence = append(answer.Evidence, fmt.Sprintf("and %d more", left))
	}
	return answer
}

// clipped cuts a line between two characters.
func clipped(line string) string {
	if len(line) <= keptLength {
		return line
	}
	return strings.ToValidUTF8(line[:keptLength], "") + "…"
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
	i := slices.IndexFunc(noted, func(a ledger.Answer) bool { return a.Gate == gate.Name && a.Cluster == string(gate.Side) })
	if i < 0 {
		return ledger.Answer{Gate: gate.Name, Cluster: string(gate.Side), Answer: notAsked}
	}
	return noted[i]
}
