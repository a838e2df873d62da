package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"cutover/generator/finding"
	"cutover/gitops"
	"cutover/gitops/edge"
)

func newCheck(s streams, p printer) *cobra.Command {
	var base, head, format string
	command := &cobra.Command{
		Use:   "check [DIR] --base REF",
		Short: "Judge the commits of a pull request, for CI",
		Long: `check judges every commit after --base up to --head. Each is one edge of the migration
(forward, the same step taken back, or a step of the ordered rollback) in one line of one
file, with a message that tells the same; or it leaves the pointers alone, and what it
changes of the tree is what migration.yaml and inventory.yaml generate. No merges, nothing
skipped, nothing edited by hand. Otherwise it ends with exit code 2.`,
		Example: `  cutover check --base origin/main
  cutover check freight-migration --base origin/main --head HEAD -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			if base == "" {
				return usage("--base is missing", "name the branch that the pull request goes to, such as --base origin/main")
			}
			commits, findings, err := gitops.Check(command.Context(), place(args), base, head)
			if err != nil {
				return err
			}
			return printCheck(s, p, format, commits, findings)
		},
	}
	command.Flags().StringVar(&base, "base", "", "the commit to begin after (required)")
	command.Flags().StringVar(&head, "head", "HEAD", "the commit to end with")
	addFormat(command, &format)
	return command
}

func printCheck(s streams, p printer, format string, commits []edge.Commit, findings finding.List) error {
	var err error
	if format == "json" {
		err = s.json(map[string]any{"valid": len(findings) == 0, "commits": append([]edge.Commit{}, commits...), "findings": append(finding.List{}, findings...)})
	} else {
		p.findings(findings)
		err = s.result(checkText(commits, findings))
	}
	if err == nil && len(findings) > 0 {
		return errFindings
	}
	return err
}

func checkText(commits []edge.Commit, findings finding.List) []byte {
	var out bytes.Buffer
	for _, c := range commits {
		does := "does not move the migration"
		switch {
		case c.Edge != "" && c.Count != nil:
			does = fmt.Sprintf("%s, phase %s from %s on %s: %s", c.Edge, c.Phase, c.From, c.Cluster, c.Count)
		case c.Generated:
			does = "changes generated files"
		}
		fmt.Fprintf(&out, "%s %s\n", c.Hash[:10], does)
	}
	verdict := fmt.Sprintf("%d commits hold", len(commits))
	if len(findings) > 0 {
		verdict = fmt.Sprintf("%d findings in %d commits", len(findings), len(commits))
	}
	fmt.Fprintln(&out, verdict)
	return out.Bytes()
}
