package main

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"

	"cutover/generator/plan"
	"cutover/live/proof"
)

// verification is the result of cutover verify.
type verification struct {
	Migration string         `json:"migration"`
	Phase     string         `json:"phase"`
	Name      string         `json:"name"`
	Cluster   plan.Side      `json:"cluster"`
	Holds     bool           `json:"holds"`
	Gates     []proof.Result `json:"gates"`
}

// print writes the table, or JSON, and ends with errFindings unless all gates hold.
func (v verification) print(s streams, format string) error {
	if format == "json" {
		if v.Gates == nil {
			v.Gates = []proof.Result{}
		}
		if err := s.json(v); err != nil {
			return err
		}
	} else {
		var out bytes.Buffer
		fmt.Fprintf(&out, "phase %s %s on the %s of %s: %s\n", v.Phase, v.Name, v.Cluster, v.Migration, v.summary())
		gateTable(&out, v.Gates)
		if err := s.result(out.Bytes()); err != nil {
			return err
		}
	}
	if !v.Holds {
		return errFindings
	}
	return nil
}

func (v verification) summary() string {
	if len(v.Gates) == 0 {
		return "nothing must hold before it"
	}
	held := 0
	for _, result := range v.Gates {
		if result.Holds {
			held++
		}
	}
	return fmt.Sprintf("%d of %d gates hold", held, len(v.Gates))
}

// gateTable writes a row for each gate, and under it what was asked and what stands in the
// way.
func gateTable(out *bytes.Buffer, results []proof.Result) {
	var rows bytes.Buffer
	table := tabwriter.NewWriter(&rows, 0, 0, 2, ' ', 0)
	for _, result := range results {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", result.Gate, result.Cluster, verdictOf(result), result.Seen)
	}
	table.Flush() //nolint:errcheck,gosec // a buffer takes everything
	lines := strings.SplitAfter(rows.String(), "\n")
	for i, result := range results {
		out.WriteString(lines[i])
		fmt.Fprintf(out, "      asked: %s\n", result.Asked)
		for _, line := range result.Evidence {
			fmt.Fprintf(out, "      - %s\n", line)
		}
		if result.More > 0 {
			fmt.Fprintf(out, "      - and %d more\n", result.More)
		}
	}
}

func verdictOf(result proof.Result) string {
	switch {
	case result.Holds:
		return "holds"
	case result.Unknown:
		return "unknown"
	}
	return "DOES NOT HOLD"
}
