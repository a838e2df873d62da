package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cutover/gitops"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

func newAdvance(s streams, p printer) *cobra.Command {
	var move gitops.Move
	command := &cobra.Command{
		Use:   "advance [DIR]",
		Short: "Take the one step to the next phase",
		Long: `advance adds the next phase to the pointer of its cluster: one line of one file. With
--commit that is the commit, with a message that tells what changes, what must hold before
and the way back; without, it prints the message for you to use.

It refuses a folder that is not clean, that somebody edited by hand, or that is not what
migration.yaml and inventory.yaml generate; and a --to that is not the next phase. After an
error the repository is as it was. Commits are signed and hooks run as Git is configured.`,
		Example: `  cutover advance
  cutover advance freight-migration --to 090 --branch freight-090 --commit`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			p.progress("checking %s …", folder(args))
			moved, err := gitops.Advance(command.Context(), place(args), move)
			if err != nil {
				return err
			}
			return printMoved(s, p, moved)
		},
	}
	addMove(command, &move)
	return command
}

// place is the folder that a command works on, with the machine around it.
func place(args []string) gitops.Place {
	return gitops.Place{Dir: folder(args), Disk: repository.OS{}, Getenv: os.Getenv, Now: time.Now()}
}

func addMove(command *cobra.Command, move *gitops.Move) {
	command.Flags().StringVar(&move.To, "to", "", "the phase expected to be in afterwards; any other is refused")
	command.Flags().StringVar(&move.Branch, "branch", "", "make this branch and check it out first")
	command.Flags().BoolVar(&move.Commit, "commit", false, "commit the step")
}

// printMoved tells what was written, and what to do with it.
func printMoved(s streams, p printer, moved gitops.Moved) error {
	p.findings(moved.Open)
	for _, reason := range moved.Handover {
		p.printf("git itself made the commit: %s\n", reason)
	}
	var out bytes.Buffer
	if moved.Commit == "" {
		fmt.Fprintf(&out, "%s\nwrote %s; next: git commit it alone, with the message above\n", moved.Step.Message(), moved.File)
		return s.result(out.Bytes())
	}
	fmt.Fprintf(&out, "%s %s\n", moved.Commit[:10], moved.Step.Subject())
	fmt.Fprintf(&out, "  changes   %s on %s\n", moved.Step.Count(), moved.Step.Phase.Side)
	if gates := moved.Step.Trailers().Gates; len(gates) > 0 {
		fmt.Fprintf(&out, "  must hold %s\n", strings.Join(gates, ", "))
	}
	fmt.Fprintf(&out, "  way back  %s\n", moved.Step.WayBack())
	fmt.Fprintf(&out, "next: push it and open a pull request; %s writes its text\n", pullCommand(moved.Step))
	return s.result(out.Bytes())
}

// pullCommand is the command that writes a step's pull request. That of a revert is its
// commit message, since the phase is not ahead any more.
func pullCommand(s step.Step) string {
	if s.Direction == step.Revert {
		return "git show"
	}
	return "cutover pr --phase " + s.Phase.ID()
}
