package main

import (
	"context"

	"cutover/generator"
	"cutover/generator/plan"
	"cutover/generator/workspace"
)

// generateFrom reads a migration's folder and generates its tree, without writing it.
func generateFrom(ctx context.Context, dir, out string) (generator.Output, error) {
	input, err := workspace.Load(ctx, dir, out)
	if err != nil {
		return generator.Output{}, err
	}
	return generator.Generate(input)
}

// decide plans the migration in a folder.
func decide(ctx context.Context, dir string) (*plan.Plan, error) {
	input, err := workspace.Load(ctx, dir, dir)
	if err != nil {
		return nil, err
	}
	decided, _, err := plan.New(input.Migration, input.Inventory)
	return decided, err
}
