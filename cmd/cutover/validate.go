package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"cutover/generator/finding"
	"cutover/generator/invariant"
	"cutover/generator/tree"
	"cutover/generator/workspace"
)

func newValidate(s streams, p printer) *cobra.Command {
	var format string
	command := &cobra.Command{
		Use:   "validate [DIR]",
		Short: "Check every invariant of a generated repository",
		Long: `validate checks that the tree is what migration.yaml and inventory.yaml say and nobody
edited it by hand, that each phase changes one cluster and hits what it names, that the
phases reached are the first ones in order, that vendor/ is what was fetched, and that no
Secret value stands anywhere. Open findings end it with exit code 2.`,
		Example: `  cutover validate build/freight
  cutover validate -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			dir := folder(args)
			opened, err := tree.Open(dir)
			if err != nil {
				return err
			}
			defer opened.Close() //nolint:errcheck // read only
			p.progress("generating %s again and rendering its phases …", dir)
			output, err := generateFrom(command.Context(), dir, dir)
			findings := append(output.Findings.Of(finding.Warning), output.Findings.Of(finding.Note)...)
			findings.Add(finding.From(err)...)
			if err != nil && len(finding.From(err)) == 0 {
				return err
			}
			if err == nil {
				vendored, err := workspace.Vendored(dir)
				if err != nil {
					return err
				}
				findings.Add(vendored...)
			}
			findings.Add(invariant.Check(opened, output.Tree)...)
			findings.Sort()
			return report(s, p, format, dir, findings)
		},
	}
	addFormat(command, &format)
	return command
}

func report(s streams, p printer, format, dir string, findings finding.List) error {
	open := findings.Open()
	if format == "json" {
		if err := s.json(map[string]any{"valid": len(open) == 0, "findings": append(finding.List{}, findings...)}); err != nil {
			return err
		}
	} else {
		p.findings(findings)
		verdict := fmt.Sprintf("%s is valid: every invariant holds, no finding is open\n", dir)
		if len(open) > 0 {
			verdict = fmt.Sprintf("%s: %d findings are open\n", dir, len(open))
		}
		if err := s.result([]byte(verdict)); err != nil {
			return err
		}
	}
	if len(open) > 0 {
		return errFindings
	}
	return nil
}
