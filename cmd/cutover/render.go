package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/generator/tree"
)

func newRender(s streams) *cobra.Command {
	var cluster, phase string
	command := &cobra.Command{
		Use:   "render [DIR]",
		Short: "Stream the objects of one cluster",
		Long: `render prints what one cluster has: in the phase that its pointer has reached, or,
with --phase, as it will be once that phase is reached. The objects are those of
kustomize build clusters/CLUSTER; the bulk of topics and users costs no more than reading.`,
		Example: `  cutover render build/freight --cluster target
  cutover render --cluster source --phase 120 | kubectl diff -f -`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			side, err := parseSide(cluster)
			if err != nil {
				return err
			}
			opened, err := tree.Open(folder(args))
			if err != nil {
				return err
			}
			defer opened.Close() //nolint:errcheck // read only
			content, err := renderSide(opened, side, phase)
			if err != nil {
				return err
			}
			return s.result(content)
		},
	}
	command.Flags().StringVar(&cluster, "cluster", "", "source or target (required)")
	command.Flags().StringVar(&phase, "phase", "", "render as of this phase, such as 090 (default: the phases reached)")
	return command
}

func renderSide(files render.Files, side plan.Side, phase string) ([]byte, error) {
	repository, err := render.Open(files)
	if err != nil {
		return nil, err
	}
	return repository.At(side, phase)
}

func parseSide(cluster string) (plan.Side, error) {
	for _, side := range plan.Sides() {
		if string(side) == cluster {
			return side, nil
		}
	}
	return "", usage(fmt.Sprintf("--cluster %q is unknown", cluster), "write --cluster source or --cluster target")
}
