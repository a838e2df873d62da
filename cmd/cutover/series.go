package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"cutover/gitops"
)

func newSeries(s streams, p printer) *cobra.Command {
	var branch, format string
	command := &cobra.Command{
		Use:   "series [DIR] --branch NAME",
		Short: "Write all remaining phases as a chain of commits on a new branch",
		Long: `series writes one commit for each phase that is left, on a new branch that begins at HEAD,
so that a reviewer merges one at a time. The checkout is not touched. Each commit is read
back and rendered before the branch appears; if one fails, there is no branch.`,
		Example: `  cutover series --branch freight-phases
  cutover series freight-migration --branch freight-phases -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			if branch == "" {
				return usage("--branch is missing", "name the branch to make, such as --branch freight-phases")
			}
			p.progress("checking %s …", folder(args))
			chained, err := gitops.Series(command.Context(), place(args), branch)
			if err != nil {
				return err
			}
			p.findings(chained.Open)
			if chained.Unrun {
				p.printf("the repository's hooks did not run: they look at a checkout, and none was made\n")
			}
			if format == "json" {
				return s.json(chained)
			}
			return s.result(seriesText(chained))
		},
	}
	command.Flags().StringVar(&branch, "branch", "", "the branch to make (required)")
	addFormat(command, &format)
	return command
}

func seriesText(chained gitops.Chained) []byte {
	var out bytes.Buffer
	for _, link := range chained.Links {
		fmt.Fprintf(&out, "%s %s (%s)\n", link.Commit[:10], link.Subject, link.Objects)
	}
	fmt.Fprintf(&out, "%d commits on %s; next: push it, and merge one at a time: git merge --ff-only %s\n", len(chained.Links), chained.Branch, chained.Links[0].Commit[:10])
	return out.Bytes()
}
