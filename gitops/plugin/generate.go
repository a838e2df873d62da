package plugin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"cutover/generator/finding"
	"cutover/generator/invariant"
	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/generator/tree"
)

// DefaultTimeout is the time in which a stream must be made. Argo CD gives 60 seconds to
// fetching, packing, sending and generating together, and tells nothing but "deadline
// exceeded" after them.
const DefaultTimeout = 50 * time.Second

// Generate gives the stream of one cluster: the same bytes as cutover render, checked
// before a byte is given. When the context ends first, the error says so and the rendering
// is left to end with the process.
func Generate(ctx context.Context, files render.Files, parameters Parameters) ([]byte, error) {
	type outcome struct {
		stream []byte
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		stream, err := generate(files, parameters)
		done <- outcome{stream, err}
	}()
	select {
	case <-ctx.Done():
		return nil, interrupted(ctx)
	case result := <-done:
		if result.err == nil && ctx.Err() != nil {
			return nil, interrupted(ctx)
		}
		return result.stream, result.err
	}
}

func interrupted(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return finding.Finding{Rule: "plugin-timeout", Severity: finding.Error, Message: "the stream was not made in time, and nothing was given",
			Hint: "give the sidecar more CPU, or raise --timeout together with Argo CD's controller.repo.server.timeout.seconds and server.repo.server.timeout.seconds"}
	}
	return fmt.Errorf("stopped before the stream was whole; nothing was given: %w", ctx.Err())
}

func generate(files render.Files, parameters Parameters) ([]byte, error) {
	repository, err := render.Open(files)
	if err != nil {
		return nil, err
	}
	stream, err := repository.At(parameters.Cluster, parameters.Phase)
	if err != nil {
		return nil, err
	}
	if err := check(parameters.Cluster, stream); err != nil {
		return nil, err
	}
	return stream, nil
}

// check refuses a stream that no cluster may get: one with a Secret's value, or without
// any object, which Argo CD would take for a reason to prune.
func check(cluster plan.Side, stream []byte) error {
	objects, err := render.Objects(string(cluster), stream)
	if err != nil {
		return err
	}
	if len(objects) == 0 {
		return finding.Finding{Rule: "empty-stream", Severity: finding.Error, Message: fmt.Sprintf("the %s's stream holds no object", cluster),
			Hint: "run `cutover validate`; not even a migration that has not begun is empty"}
	}
	return invariant.CheckSecrets(cluster, stream).Err()
}

// IsTree tells whether a folder holds a generated tree: what Argo CD asks of discovery.
func IsTree(files render.Files) (bool, error) {
	_, err := files.ReadFile(tree.SumFile)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
