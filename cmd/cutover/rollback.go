package main

import (
	"github.com/spf13/cobra"

	"cutover/gitops"
)

func newRollback(s streams, p printer) *cobra.Command {
	var move gitops.Move
	command := &cobra.Command{
		Use:   "rollback [DIR]",
		Short: "Take the one step back",
		Long: `rollback leads back, one step at a time. Before the point of no return it takes the last
phase off its pointer. Past it, when producers have written to the target, it adds the next
phase of the ordered rollback: close ingestion on the target, stop its producers, drain,
stop its consumers, start the source's tiers. After the first of these no forward phase may
follow.

--to names the phase to be in afterwards, and refuses any other. Everything else is as with
advance.`,
		Example: `  cutover rollback
  cutover rollback freight-migration --to 080 --commit`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			p.progress("checking %s …", folder(args))
			moved, err := gitops.Rollback(command.Context(), place(args), move)
			if err != nil {
				return err
			}
			return printMoved(s, p, moved)
		},
	}
	addMove(command, &move)
	return command
}
