package kafka_test

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"cutover/e2e/kafka/account"
)

// standstills is a table of how long each group stood still between the clusters, and how
// much of that each phase took: proving its gates, and reaching it.
func standstills(handovers []account.Handover, stages []stage) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "group\tstood still\tof which")
	for _, h := range handovers {
		if h.Gap() == 0 {
			continue
		}
		var parts []string
		for _, s := range stages {
			proving := overlap(h, s.asked, s.held)
			reaching := overlap(h, s.held, s.reached)
			if proving+reaching > 0 {
				parts = append(parts, fmt.Sprintf("%s %s (gates %s)", s.phase, rounded(proving+reaching), rounded(proving)))
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", h.Group, rounded(h.Gap()), strings.Join(parts, ", "))
	}
	_ = table.Flush() // into memory
	return text.String()
}

// overlap is how much of a span lies within a group's standstill.
func overlap(h account.Handover, from, to time.Time) time.Duration {
	if from.Before(h.LastSource) {
		from = h.LastSource
	}
	if to.After(h.FirstTarget) {
		to = h.FirstTarget
	}
	return max(0, to.Sub(from))
}

func rounded(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }
