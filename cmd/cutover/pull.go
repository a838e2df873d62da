package main

import (
	"github.com/spf13/cobra"

	"cutover/gitops"
)

func newPull(s streams) *cobra.Command {
	var phase string
	var back bool
	command := &cobra.Command{
		Use:   "pr [DIR]",
		Short: "Print the text of the pull request that carries a phase",
		Long: `pr prints Markdown for the pull request of a phase: what changes, the gates as a list to
tick with the commands that prove each, how many objects it touches and which it deletes,
the way back, and each object before and after. It fits into what GitHub takes.`,
		Example: `  cutover pr
  cutover pr freight-migration --phase 090 > body.md
  cutover pr --back > body.md`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if back && phase != "" {
				return usage("--back and --phase say different things", "name a phase, or ask for the step back from here")
			}
			text, err := gitops.PullRequest(place(args), phase, back)
			if err != nil {
				return err
			}
			return s.result([]byte(text))
		},
	}
	command.Flags().StringVar(&phase, "phase", "", "the phase, such as 090 (default: the next)")
	command.Flags().BoolVar(&back, "back", false, "the step back from here, before it is committed")
	return command
}
