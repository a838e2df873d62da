package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"cutover/generator/finding"
)

// Exit codes, as scripts and CI read them.
const (
	exitDone     = 0
	exitFailure  = 1 // wrong input, or something that could not be done
	exitFindings = 2 // findings are open, or a gate does not hold
	exitBug      = 3
)

// errFindings ends a command whose result is whole and whose findings are open.
var errFindings = errors.New("findings are open")

// streams are the command's standard streams. stdout carries the result alone, written once
// it is whole.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run executes one command line and gives its exit code.
func run(args []string, s streams, getenv func(string) string) (code int) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	p := newPrinter(s.err, getenv)
	defer func() {
		if bug := recover(); bug != nil {
			fmt.Fprintf(s.err, "cutover: this is a bug: %v\n%s\nplease report it with the command and the input\n", bug, debug.Stack())
			code = exitBug
		}
	}()
	root := newRoot(s, p, getenv)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFindings):
		return exitFindings
	}
	p.failure(err)
	return exitFailure
}

func newRoot(s streams, p printer, getenv func(string) string) *cobra.Command {
	root := &cobra.Command{
		Use:   "cutover",
		Short: "Turn the migration of a Kafka cluster into a Git history",
		Long: `cutover reads the inventory of an AMQ Streams (Strimzi) cluster and a declared
Migration, and writes a repository in which every cut-over step is one reviewed commit.`,
		Example: `  cutover inventory -f export/ > inventory.yaml
  cutover init -f inventory.yaml > migration.yaml
  cutover generate . --out ../freight-migration
  cutover diff ../freight-migration --phase 090`,
		SilenceUsage: true, SilenceErrors: true, Args: cobra.ArbitraryArgs, RunE: subcommand,
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.AddCommand(
		newInventory(s, p), newInit(s, p), newConvert(s, p), newGenerate(s, p),
		newRender(s), newDiff(s, p), newValidate(s, p), newVendor(s, p), newSchema(s),
		newStatus(s, p), newAdvance(s, p), newRollback(s, p), newSeries(s, p), newPull(s), newLog(s), newCheck(s, p), newGate(s, p), newVerify(s, p), newSecrets(s, p), newOffsets(s, p), newEstimate(s, p), newMonitoring(s),
		newCMP(s, p, getenv),
	)
	return root
}

// result writes what a command made, in one go.
func (s streams) result(content []byte) error {
	if _, err := s.out.Write(content); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// folder gives the folder that a command works on: its argument, or the present one.
func folder(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

// usage is a mistake in the command line, with what to write instead.
func usage(message, hint string) error {
	return finding.Finding{Rule: "usage", Severity: finding.Error, Message: message, Hint: hint}
}

// subcommand is what a command runs that only holds others: its help, or, for a name that
// none of them has, an error. Cobra would print the help and call that success.
func subcommand(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return command.Help()
	}
	hint := "`" + command.CommandPath() + " --help` lists them"
	command.SuggestionsMinimumDistance = 2
	if near := command.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return usage(fmt.Sprintf("%s has no command %q", command.CommandPath(), args[0]), hint)
}
