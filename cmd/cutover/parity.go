package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"cutover/generator/finding"
	"cutover/generator/parity"
	"cutover/generator/plan"
	"cutover/generator/workspace"
)

// parityFlags are the flags of diff that speak of the parity report.
type parityFlags struct{ parity, all bool }

func (f *parityFlags) add(command *cobra.Command) {
	command.Flags().BoolVar(&f.parity, "parity", false, "compare topics, users, broker configuration and retention of both clusters")
	command.Flags().BoolVar(&f.all, "all", false, "with --parity: what is equal, too")
}

// check refuses flags that do not go together.
func (f *parityFlags) check(phase string) error {
	switch {
	case f.parity && phase != "":
		return usage("--parity and --phase ask for two reports", "give one of them: --parity compares the clusters, --phase shows one step")
	case f.all && !f.parity:
		return usage("--all is missing --parity", "write cutover diff --parity --all")
	}
	return nil
}

// diffParity compares the clusters of a migration's folder, or of a generated tree. A
// difference that nobody asked for ends it with errFindings.
func diffParity(ctx context.Context, s streams, p printer, dir, format string, all bool) error {
	write, err := parityFormat(format)
	if err != nil {
		return err
	}
	input, err := workspace.Load(ctx, dir, dir)
	if err != nil {
		return err
	}
	decided, findings, err := plan.New(input.Migration, input.Inventory)
	if err != nil {
		p.findings(findings.Of(finding.Warning).Open())
		return err
	}
	report := parity.Compare(decided)
	content, err := write(report, all)
	if err != nil {
		return err
	}
	if err := s.result(content); err != nil {
		return err
	}
	if open := report.Findings(); len(open) > 0 {
		p.findings(open)
		return errFindings
	}
	return nil
}

// parityFormat finds what writes a format; text is the table.
func parityFormat(format string) (func(parity.Report, bool) ([]byte, error), error) {
	switch format {
	case "table", "text":
		return parity.Report.Table, nil
	case "json":
		return parity.Report.JSON, nil
	case "markdown":
		return parity.Report.Markdown, nil
	}
	return nil, usage(fmt.Sprintf("--output %q is unknown", format), "write -o table, -o json or -o markdown")
}
