package main

import (
	"bytes"
	"fmt"
	"text/tabwriter"

	"cutover/generator/finding"
	"cutover/live/offset"
)

// mostObstacles is how many obstacles a person is shown; JSON has all.
const mostObstacles = 20

// printAlignment prints what groups have and are to get, and why some cannot.
func printAlignment(s streams, p printer, format string, a offset.Alignment, obstacles finding.List) error {
	if format == "json" {
		if err := s.json(map[string]any{"settled": a.Settled(), "alignment": a, "findings": obstacles}); err != nil {
			return err
		}
	} else if err := s.result(alignmentText(a)); err != nil {
		return err
	}
	p.findings(obstacles[:min(len(obstacles), mostObstacles)])
	if more := len(obstacles) - mostObstacles; more > 0 {
		p.printf("%d more: see -o json\n", more)
	}
	counts := make(map[offset.State]int)
	for _, change := range a.Changes {
		counts[change.State]++
	}
	p.printf("%d offsets: %d aligned, %d due, %d ahead, %d of busy groups, %d unproven\n",
		len(a.Changes), counts[offset.Aligned], counts[offset.Due], counts[offset.Ahead], counts[offset.Busy], counts[offset.Refused])
	if len(obstacles) > 0 {
		return errFindings
	}
	return nil
}

// alignmentText has a line for each group and topic of which all partitions are settled, and
// one for each partition where they are not.
func alignmentText(a offset.Alignment) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "phase %s, groups on the %s\n", a.Phase, a.Cluster)
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GROUP\tTOPIC\tPARTITION\tLEAVES AT\tHAS\tPROVEN\tUNREAD\tSTATE\tBECAUSE")
	for changes := a.Changes; len(changes) > 0; {
		n, settled := alike(changes)
		if settled && n > 1 {
			fmt.Fprintf(table, "%s\t%s\tall %d\t\t\t\t\t%s\t\n", changes[0].Group, changes[0].Topic, n, offset.Aligned)
			changes = changes[n:]
			continue
		}
		for _, c := range changes[:n] {
			fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\t%s\t%d\t%s\t%s\n", c.Group, c.Topic, c.Partition,
				position(c.From), position(c.Before), position(c.Offset), c.Unread, c.State, c.Reason)
		}
		changes = changes[n:]
	}
	table.Flush() //nolint:errcheck,gosec // a buffer takes everything
	return out.Bytes()
}

// alike counts the changes of the first one's group and topic, and tells whether all are
// settled.
func alike(changes []offset.Change) (n int, settled bool) {
	settled = true
	for n < len(changes) && changes[n].Group == changes[0].Group && changes[n].Topic == changes[0].Topic {
		settled = settled && changes[n].State == offset.Aligned
		n++
	}
	return n, settled
}
