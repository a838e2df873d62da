package main

import (
	"github.com/spf13/cobra"

	"cutover/generator/migration"
)

func newSchema(s streams) *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of migration.yaml",
		Long:    "schema prints the JSON Schema of migration.yaml, for editors and for CI.",
		Example: "  cutover schema > migration.schema.json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return s.result(migration.Schema()) },
	}
}
