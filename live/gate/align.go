package gate

import (
	"context"
	"errors"
	"fmt"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/live/ledger"
	"cutover/live/offset"
)

// align sets the offsets of the groups that the phase speaks of. A sync that finds its phase
// done leaves them alone: their workloads may be at work.
func (r Request) align(ctx context.Context, report *Report, edge overlay.Edge) error {
	groups := len(r.Guard.Gate.Offsets)
	if groups == 0 {
		return nil
	}
	object := fmt.Sprintf("%d groups on the %s", groups, r.Guard.Gate.Cluster)
	if r.Align == nil || !asks(edge.Direction) {
		report.add("offsets", object, "not set")
		return nil
	}
	alignment, err := r.Align(ctx, r.Dry)
	if found := finding.From(err); err != nil && len(found) > 0 {
		report.Checks = append(report.Checks, Check{"offsets", object, "refused: nothing was set", false})
		if len(alignment.Changes) > 0 {
			return errors.Join(ledger.Refusal{Reason: Unproven, Finding: finding.Finding{Rule: "offsets", Severity: finding.Error, Phase: r.Guard.Gate.Phase,
				Message: fmt.Sprintf("no offset was set: %d of %d stand in the way", len(found), len(alignment.Changes)), Hint: "`cutover offsets plan` shows all of them"}}, err)
		}
	}
	if err != nil {
		return err
	}
	for _, change := range alignment.Changes {
		text := fmt.Sprintf("%d, was %d: %s", change.Offset, change.Before, change.Reason)
		switch {
		case change.State != offset.Aligned:
			text = "would be " + text + dryRun
		case change.Before == change.Offset:
			text = fmt.Sprintf("%d already: %s", change.Offset, change.Reason)
		}
		report.add("offsets", fmt.Sprintf("group %s on %s-%d", change.Group, change.Topic, change.Partition), text)
	}
	return nil
}
