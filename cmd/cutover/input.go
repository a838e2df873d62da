package main

import (
	"context"

	"cutover/generator"
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
