package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"cutover/generator/proposal"
)

func newInit(s streams, p printer) *cobra.Command {
	var from evidence
	var to string
	command := &cobra.Command{
		Use:   "init -f PATH…",
		Short: "Propose a migration.yaml from an inventory or an export",
		Long: `init prints a first migration.yaml: the target's version, the workloads that were found
to use the cluster, their tiers guessed from what they produce and consume. Every decision
that the evidence leaves open is marked "# decide:".`,
		Example: `  cutover init -f inventory.yaml > migration.yaml
  cutover init -f export/ --cluster freight --to amq-streams-1.8`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			version, err := parseVersion(to)
			if err != nil {
				return err
			}
			read, err := from.read(command.Context(), s)
			if err != nil {
				return err
			}
			path := "inventory.yaml"
			if len(from.files) == 1 && from.files[0] != "-" {
				path = filepath.ToSlash(filepath.Base(from.files[0]))
			}
			content, err := proposal.Write(read, path, version)
			if err != nil {
				return err
			}
			p.printf("%s\n", decisions(content))
			return s.result(content)
		},
	}
	from.addTo(command)
	command.Flags().StringVar(&to, "to", "amq-streams-1.8", "proposed target: amq-streams-1.7, amq-streams-1.8, strimzi-0.22 or strimzi-0.24")
	return command
}

func decisions(content []byte) string {
	return fmt.Sprintf("%d decisions are open: look for \"# decide:\"", strings.Count(string(content), "# decide:"))
}
