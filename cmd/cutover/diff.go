package main

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"cutover/generator/overlay"
	"cutover/generator/render"
	"cutover/generator/tree"
)

func newDiff(s streams, p printer) *cobra.Command {
	var phase, format string
	var parity parityFlags
	command := &cobra.Command{
		Use:   "diff [DIR] --phase NNN | --parity",
		Short: "Show what one phase does to its cluster, or in what the clusters differ",
		Long: `diff --phase renders the phase's cluster before and after the phase, and prints a unified
diff of each object that is added, changed or removed. Nothing else changes in that phase,
on either cluster.

diff --parity compares source and target, from the migration's folder or from a generated
tree: topics, users, broker configuration, and the retention that topics have in effect.
It names the cause of each difference, and ends with exit code 2 where neither
migration.yaml nor a rule asks for one.`,
		Example: `  cutover diff build/freight --phase 090
  cutover diff --phase 100 -o json
  cutover diff build/freight --parity
  cutover diff build/freight --parity --all -o markdown`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := parity.check(phase); err != nil {
				return err
			}
			if parity.parity {
				return diffParity(command.Context(), s, p, folder(args), format, parity.all)
			}
			if err := checkFormat(format); err != nil {
				return err
			}
			if phase == "" {
				return usage("--phase is missing", "name the phase, such as --phase 090, or compare the clusters with --parity")
			}
			return printPhase(s, folder(args), phase, format)
		},
	}
	command.Flags().StringVar(&phase, "phase", "", "the phase, such as 090")
	command.Flags().StringVarP(&format, "output", "o", "text", "text or json; with --parity table (text), json or markdown")
	parity.add(command)
	return command
}

// printPhase shows what a phase of a generated tree does.
func printPhase(s streams, dir, phase, format string) error {
	opened, err := tree.Open(dir)
	if err != nil {
		return err
	}
	defer opened.Close() //nolint:errcheck // read only
	ref, differences, err := diffPhase(opened, phase)
	if err != nil {
		return err
	}
	if format == "json" {
		return s.json(map[string]any{"phase": ref.ID(), "folder": ref.Folder, "cluster": ref.Side, "differences": differences})
	}
	return s.result(diffText(ref, differences))
}

func diffPhase(files render.Files, phase string) (overlay.PhaseRef, []render.Difference, error) {
	repository, err := render.Open(files)
	if err != nil {
		return overlay.PhaseRef{}, nil, err
	}
	i := slices.IndexFunc(repository.Phases, func(p overlay.PhaseRef) bool { return p.ID() == phase })
	if i < 0 {
		_, err := repository.Until("", phase)
		return overlay.PhaseRef{}, nil, err
	}
	ref := repository.Phases[i]
	after, err := repository.Until(ref.Side, phase)
	if err != nil {
		return ref, nil, err
	}
	was, err := repository.Render(ref.Side, after[:len(after)-1])
	if err != nil {
		return ref, nil, err
	}
	is, err := repository.Render(ref.Side, after)
	if err != nil {
		return ref, nil, err
	}
	differences, err := render.Diff(was, is)
	return ref, differences, err
}

func diffText(ref overlay.PhaseRef, differences []render.Difference) []byte {
	count := map[string]int{}
	for _, d := range differences {
		count[d.Change]++
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "# phase %s on the %s: %d added, %d changed, %d removed\n", ref.Folder, ref.Side, count["added"], count["changed"], count["removed"])
	for _, d := range differences {
		out.WriteString(d.Text)
	}
	return out.Bytes()
}
