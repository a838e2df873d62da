package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cutover/generator/overlay"
	"cutover/gitops"
	"cutover/gitops/audit"
)

func newLog(s streams) *cobra.Command {
	var format string
	command := &cobra.Command{
		Use:   "log [DIR]",
		Short: "List the steps that were taken: phase, when, who, gates",
		Long: `log reads the steps from the trailers of the commits, the latest first, and holds each
against what its commit changed. A pointer that moved without trailers is listed too. With a
problem anywhere it ends with exit code 2.`,
		Example: `  cutover log
  cutover log freight-migration -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			migration, entries, err := gitops.Log(place(args))
			if err != nil {
				return err
			}
			if format == "json" {
				err = s.json(map[string]any{"migration": migration, "steps": entries})
			} else {
				err = s.result(logText(entries))
			}
			if err != nil {
				return err
			}
			for _, entry := range entries {
				if entry.Problem != "" {
					return errFindings
				}
			}
			return nil
		},
	}
	addFormat(command, &format)
	return command
}

func logText(entries []audit.Entry) []byte {
	var out bytes.Buffer
	for _, e := range entries {
		moves := fmt.Sprintf("%-7s %s from %s on %s", e.Direction, e.Phase, e.From, e.Cluster)
		if e.Direction == "" {
			moves = "unknown: " + e.Subject
		}
		fmt.Fprintf(&out, "%s  %s  %s  %s\n", e.Commit[:10], e.When.Format(time.RFC3339), moves, e.Author)
		if e.Committer != e.Author {
			fmt.Fprintf(&out, "            committed by %s\n", e.Committer)
		}
		gates := overlay.None
		if len(e.Gates) > 0 {
			gates = strings.Join(e.Gates, ", ")
		}
		fmt.Fprintf(&out, "            gates: %s; objects: %s\n", gates, e.Objects)
		if e.Problem != "" {
			fmt.Fprintf(&out, "            problem: %s\n", e.Problem)
		}
	}
	if len(entries) == 0 {
		out.WriteString("no step has been taken; next: cutover status\n")
	}
	return out.Bytes()
}
