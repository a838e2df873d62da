package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"cutover/generator/plan"
	"cutover/gitops"
	"cutover/gitops/step"
)

func newStatus(s streams, p printer) *cobra.Command {
	var format string
	command := &cobra.Command{
		Use:   "status [DIR]",
		Short: "Tell where the migration stands, from Git",
		Long: `status tells the phase that each cluster has reached, the next step, which cluster moves,
what must hold before, the way back, and what stands in the way. It reads the repository and
nothing else: no cluster is asked.`,
		Example: `  cutover status
  cutover status freight-migration -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			status, err := gitops.StatusOf(command.Context(), place(args))
			if err != nil {
				return err
			}
			if format == "json" {
				return s.json(status)
			}
			p.findings(status.Findings)
			return s.result(statusText(status))
		},
	}
	addFormat(command, &format)
	return command
}

func statusText(status gitops.Status) []byte {
	var out bytes.Buffer
	where := "branch " + status.Branch
	if status.Branch == "" {
		where = "a detached HEAD"
	}
	fmt.Fprintf(&out, "migration %s, phase %s (%d of %d), on %s at %s\n", status.Migration, status.Phase, status.Taken, status.Phases, where, status.Commit[:10])
	for _, side := range plan.Sides() {
		fmt.Fprintf(&out, "  %-9s phase %s\n", side, status.Clusters[side])
	}
	switch {
	case status.Returning:
		out.WriteString("  rollback  the ordered rollback has begun: no forward phase may follow\n")
	case status.PastReturn:
		out.WriteString("  return    the point of no return is passed\n")
	}
	writeWay(&out, "forward", status.Next)
	writeWay(&out, "back", status.Back)
	fmt.Fprintf(&out, "next: %s\n", nextCommand(status))
	return out.Bytes()
}

func writeWay(out *bytes.Buffer, label string, way *gitops.Way) {
	if way == nil {
		fmt.Fprintf(out, "  %-9s no step\n", label)
		return
	}
	verb := "to"
	if way.Direction == step.Revert {
		verb = "takes back"
	}
	fmt.Fprintf(out, "  %-9s %s %s, %s moves: %s\n", label, verb, way.Folder, way.Cluster, way.Step)
	if way.PastReturn {
		out.WriteString("            past the point of no return\n")
	}
	for _, gate := range way.Gates {
		fmt.Fprintf(out, "            must hold: %s on %s: %s\n", gate.Name, gate.Cluster, gate.Asks)
	}
}

func nextCommand(status gitops.Status) string {
	switch {
	case len(status.Findings.Open()) > 0:
		return "clear the findings above, then cutover validate"
	case status.Next != nil:
		return fmt.Sprintf("cutover advance --to %s --commit", status.Next.To)
	case status.Returning && status.Back != nil:
		return fmt.Sprintf("cutover rollback --to %s --commit", status.Back.To)
	case status.Returning:
		return "the migration is rolled back"
	}
	return "the migration is done"
}
