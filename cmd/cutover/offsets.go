package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cutover/generator/plan"
	"cutover/live/connection"
	"cutover/live/offset"
)

// offsetFlags are what the commands about offsets take.
type offsetFlags struct {
	connections  connectionFlags
	phase, file  string
	format       string
	force, dry   bool
	fileRequired bool
}

func newOffsets(s streams, p printer) *cobra.Command {
	command := &cobra.Command{
		Use:   "offsets",
		Short: "Set consumer groups to where they go on after they have moved",
		Long: `offsets finds, for each group of a phase and each partition, the offset on the other
cluster from which the group reads what it has not read, once, and nothing else. It compares
both logs record by record, so that transactions, compaction, retention and copies that the
mirror made twice do no harm. Where no offset is surely right it says why, and sets nothing.`,
		Example: `  cutover offsets plan --phase 130 --connections connections.yaml
  cutover offsets apply --phase 130 --connections connections.yaml --file offsets-130.json
  cutover offsets check --phase 130 --connections connections.yaml
  cutover offsets undo --connections connections.yaml --file offsets-130.json`,
		Args: cobra.ArbitraryArgs, RunE: subcommand,
	}
	command.AddCommand(newOffsetsPlan(s, p), newOffsetsApply(s, p), newOffsetsCheck(s, p), newOffsetsUndo(s, p))
	return command
}

func newOffsetsPlan(s streams, p printer) *cobra.Command {
	var f offsetFlags
	command := &cobra.Command{
		Use:   "plan [DIR] --phase NNN",
		Short: "Say which offsets a phase would set, and why",
		Long: `plan changes nothing. It ends with exit code 2 where an offset cannot be proven, a group is
in use, or one would go backwards.`,
		Example: `  cutover offsets plan --phase 130 --connections connections.yaml
  cutover offsets plan freight-migration --phase 130 --source-bootstrap old:9092 --target-bootstrap new:9092 -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return withAlignment(command.Context(), folder(args), f, func(_ context.Context, a aligned) error {
				return printAlignment(s, p, f.format, a.Alignment, a.Obstacles(false))
			})
		},
	}
	f.addTo(command)
	return command
}

func newOffsetsCheck(s streams, p printer) *cobra.Command {
	var f offsetFlags
	command := &cobra.Command{
		Use:   "check [DIR] --phase NNN",
		Short: "Say whether the groups of a phase are at their proven offsets",
		Long:  `check changes nothing. It ends with exit code 2 unless every group is at its proven offset.`,
		Example: `  cutover offsets check --phase 130 --connections connections.yaml
  cutover offsets check freight-migration --phase 130 --connections connections.yaml -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return withAlignment(command.Context(), folder(args), f, func(_ context.Context, a aligned) error {
				if err := printAlignment(s, p, f.format, a.Alignment, a.Obstacles(false)); err != nil || a.Settled() {
					return err
				}
				return errFindings
			})
		},
	}
	f.addTo(command)
	return command
}

func newOffsetsApply(s streams, p printer) *cobra.Command {
	f := offsetFlags{fileRequired: true}
	command := &cobra.Command{
		Use:   "apply [DIR] --phase NNN --file FILE",
		Short: "Set the offsets of a phase",
		Long: `apply writes what is committed, and what is to be, into a file, and then sets all groups of
the phase; or none, and ends with exit code 2, where an offset cannot be proven, a group is in
use, or one would go backwards. Run again, it changes nothing, and the file keeps what was
committed first.`,
		Example: `  cutover offsets apply --phase 130 --connections connections.yaml --file offsets-130.json
  cutover offsets apply freight-migration --phase 130 --connections connections.yaml --file offsets-130.json --dry-run`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return withAlignment(command.Context(), folder(args), f, func(ctx context.Context, a aligned) error {
				return applyOffsets(ctx, s, p, f, a)
			})
		},
	}
	f.addTo(command)
	f.addWriting(command)
	return command
}

func (f *offsetFlags) addTo(command *cobra.Command) {
	f.connections.addTo(command)
	command.Flags().StringVar(&f.phase, "phase", "", "the phase that sets offsets, such as 130 (required)")
	addFormat(command, &f.format)
}

// addWriting adds the flags of a command that changes a cluster.
func (f *offsetFlags) addWriting(command *cobra.Command) {
	command.Flags().StringVar(&f.file, "file", "", "file of what was committed before, and after (required)")
	command.Flags().BoolVar(&f.force, "force", false, "let groups go backwards")
	command.Flags().BoolVar(&f.dry, "dry-run", false, "change nothing, and write no file")
}

// aligned is an alignment, and where it is to be set.
type aligned struct {
	offset.Alignment
	to kafkaSide
}

// withAlignment proves the offsets of a phase, and hands them on.
func withAlignment(ctx context.Context, dir string, f offsetFlags, then func(context.Context, aligned) error) error {
	switch {
	case f.phase == "":
		return usage("--phase is missing", "name the phase that sets offsets, such as --phase 130")
	case f.fileRequired && f.file == "":
		return usage("--file is missing", "name a file for what was committed before, outside of the repository: --file offsets-"+f.phase+".json")
	}
	if err := checkFormat(f.format); err != nil {
		return err
	}
	connections, err := f.connections.connections()
	if err != nil {
		return err
	}
	decided, phase, err := offsetsPhase(ctx, dir, f.phase)
	if err != nil {
		return err
	}
	from, err := openKafka(ctx, connections, phase.Side.Other())
	if err != nil {
		return err
	}
	defer from.client.Close()
	to, err := openKafka(ctx, connections, phase.Side)
	if err != nil {
		return err
	}
	defer to.client.Close()
	prover := offset.Prover{From: from.client, To: to.client, Unwritten: decided.Unwritten(phase)}
	alignment, err := prover.Align(ctx, phase.Offsets...)
	if err != nil {
		return to.explain(from, err)
	}
	alignment.Migration, alignment.Phase, alignment.Cluster = decided.Migration.Metadata.Name, phase.ID(), phase.Side
	return then(ctx, aligned{alignment, to})
}

// offsetsPhase finds a phase that sets offsets.
func offsetsPhase(ctx context.Context, dir, id string) (*plan.Plan, plan.Phase, error) {
	decided, phase, err := phaseOf(ctx, dir, id)
	if err != nil || len(phase.Offsets) > 0 {
		return decided, phase, err
	}
	var setting []string
	for _, other := range slices.Concat(decided.Phases, decided.Returns) {
		if len(other.Offsets) > 0 {
			setting = append(setting, other.ID())
		}
	}
	return nil, phase, usage("phase "+id+" sets no offsets", "those that do are "+strings.Join(setting, ", "))
}

func applyOffsets(ctx context.Context, s streams, p printer, f offsetFlags, a aligned) error {
	if obstacles := a.Obstacles(f.force); len(obstacles) > 0 || f.dry {
		return printAlignment(s, p, f.format, a.Alignment, obstacles)
	}
	if err := offset.Write(f.file, a.Alignment); err != nil {
		return err
	}
	applied, err := offset.Apply(ctx, a.to.client, a.Alignment, f.force)
	if err != nil {
		return a.to.kafka.Explain(err)
	}
	p.printf("%s has what was committed before: cutover offsets undo --file %s takes it back\n", f.file, f.file)
	return printAlignment(s, p, f.format, applied, nil)
}

// explain gives what an error of either cluster means; which of them it came from, its text
// does not say.
func (k kafkaSide) explain(other kafkaSide, err error) error {
	both := connection.Kafka{Bootstrap: other.kafka.Bootstrap + " or " + k.kafka.Bootstrap}
	return both.Explain(err)
}
