package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/ledger"
)

// record keeps the log ends of the target at which a batch moves, once the mirror has copied
// everything and before producers start there: where a reverse mirror of the batch would
// begin. What is before them is the source's own history.
func (r Request) record(ctx context.Context, report *Report, edge overlay.Edge) error {
	gate := r.Guard.Gate
	i := slices.IndexFunc(gate.Holds, func(g plan.Gate) bool { return g.Name == "mirror-caught-up" && g.Side == plan.Target })
	if r.Ends == nil || edge.Direction != overlay.Advance || gate.Cluster != plan.Target || i < 0 || len(gate.Holds[i].Topics) == 0 {
		return nil
	}
	topics := gate.Holds[i].Topics
	object := fmt.Sprintf("%d topics on the %s", len(topics), gate.Cluster)
	ends, err := r.Ends(ctx, topics)
	if err != nil {
		report.Checks = append(report.Checks, Check{"positions", object, "failed", false})
		return fmt.Errorf("record where a reverse mirror would begin: %w", err)
	}
	if r.Dry {
		report.add("positions", object, fmt.Sprintf("the log ends of %d partitions would be recorded%s", ends.Partitions(), dryRun))
		return nil
	}
	err = r.Ledger.Record(ctx, gate.Phase, ends)
	if tooMany := (finding.Finding{}); errors.As(err, &tooMany) && tooMany.Rule == ledger.TooMany {
		// The way forth does not need them, and the reverse mirror's own gate will ask.
		report.add("positions", object, "not recorded: "+tooMany.Message)
		return nil
	}
	if err != nil {
		return err
	}
	report.add("positions", object, fmt.Sprintf("the log ends of %d partitions are recorded, for a way back", ends.Partitions()))
	return nil
}

// seed has the reverse mirror begin at what was recorded when the batch moved. Where nothing
// was, the gate that follows tells whether somebody else has seen to it. It tells whether there
// was anything to store.
func (r Request) seed(ctx context.Context, report *Report) (bool, error) {
	gate := r.Guard.Gate
	if gate.Positions != plan.RecordedPositions || r.Seed == nil {
		return false, nil
	}
	recorded, err := r.Ledger.Recorded(ctx, gate.Phase[:1])
	if err != nil {
		return false, err
	}
	begin := make(ledger.Positions)
	for _, g := range gate.Holds {
		for _, topic := range g.Topics {
			if offsets, known := recorded[topic]; known && settled(g) {
				begin[topic] = offsets
			}
		}
	}
	object := fmt.Sprintf("%d partitions of %d topics", begin.Partitions(), len(begin))
	if len(begin) == 0 {
		report.add("positions", object, "none were recorded when the batch moved")
		return false, nil
	}
	seeded, err := r.Seed(ctx, begin, r.Dry)
	if err != nil {
		report.Checks = append(report.Checks, Check{"positions", object, "failed", false})
		return false, fmt.Errorf("have the reverse mirror begin where the batch moved: %w", err)
	}
	text := fmt.Sprintf("%d stored for the reverse mirror, %d were there, %d begin at 0", seeded.Written, seeded.Kept, seeded.Empty)
	if r.Dry {
		text = fmt.Sprintf("%d would be stored for the reverse mirror, %d are there, %d begin at 0%s", seeded.Written, seeded.Kept, seeded.Empty, dryRun)
	}
	report.add("positions", object, text)
	return seeded.Written > 0, nil
}
