package account

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// String is the report as the run prints it: the table, the groups' standstill, and examples
// of what is wrong.
func (r Report) String() string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "group\ttopic\tproduced\ton source\ton target\tprocessed\tlost\tduplicated\tlate\tphantom\tsuperseded\tredelivered\tuncertain\t")
	for _, row := range r.Rows {
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", row.Group, row.Topic, row.Produced, row.Source,
			row.Target, row.Processed, row.Lost, row.Duplicated, row.Disordered, row.Phantom, row.Superseded, row.Redelivered, row.Uncertain)
	}
	_ = table.Flush() // into memory
	for _, h := range r.Handovers {
		if gap := h.Gap(); gap != 0 {
			fmt.Fprintf(&text, "group %s stood still for %s\n", h.Group, gap.Round(100*time.Millisecond))
		}
	}
	for _, row := range r.Rows {
		for _, example := range row.Examples {
			fmt.Fprintln(&text, example)
		}
	}
	return text.String()
}
