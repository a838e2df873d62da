// Package gitops moves a migration through its Git history: one commit a phase, forward or
// back, each checked before it is made. It joins the repository (the thin end towards Git)
// with the arithmetic of steps; what the commands print is theirs.
package gitops

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"cutover/generator"
	"cutover/generator/finding"
	"cutover/generator/invariant"
	"cutover/generator/render"
	"cutover/generator/tree"
	"cutover/generator/workspace"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

// Place is where and when something is done: a migration's folder and its surroundings.
type Place struct {
	// Dir is the folder that `cutover generate` wrote, within a Git repository.
	Dir string
	// Disk is what the checkout is changed through.
	Disk repository.Disk
	// Getenv is the environment, for Git's configuration and the author's name.
	Getenv func(string) string
	// Now is the time of new commits.
	Now time.Time
}

func (p Place) open() (*repository.Repository, error) {
	return repository.Open(p.Dir, p.Disk, p.Getenv)
}

// checked is a migration whose folder is clean and is what it generates.
type checked struct {
	repository *repository.Repository
	source     *step.Source
	// open are the findings of the migration that nobody has answered yet.
	open finding.List
}

// check holds the folder against everything that must be so before a step. The error
// carries all that is not.
func (p Place) check(ctx context.Context) (*checked, error) {
	c := &checked{}
	var err error
	if c.repository, err = p.open(); err != nil {
		return nil, err
	}
	if c.repository.Bare() {
		return nil, finding.Finding{Rule: "bare", Severity: finding.Error, File: p.Dir, Message: "a bare repository has no checkout to work in", Hint: "git clone it, or git worktree add"}
	}
	found, err := c.repository.Clean()
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		return nil, found.Err()
	}
	folder, err := tree.Open(p.Dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close() //nolint:errcheck // read only
	files := &memory{files: folder, read: make(map[string]content)}
	output, err := generate(ctx, p.Dir)
	if err != nil {
		return nil, err
	}
	c.open = output.Findings.Open()
	if err := invariant.Check(files, output.Tree).Err(); err != nil {
		return nil, err
	}
	c.source, err = step.Open(files)
	return c, err
}

// generate generates what the migration in a folder asks for, without writing it.
func generate(ctx context.Context, dir string) (generator.Output, error) {
	input, err := workspace.Load(ctx, dir, dir)
	if err != nil {
		return generator.Output{}, err
	}
	return generator.Generate(input)
}

// generateAt generates what the migration in a commit asks for, from a copy on disk: the
// inputs are files of many kinds, which their own readers know how to find.
func (p Place) generateAt(ctx context.Context, at *repository.Snapshot) (tree.Tree, error) {
	dir, remove, err := unpack(at)
	if err != nil {
		return nil, err
	}
	defer remove()
	output, err := generate(ctx, dir)
	if err == nil {
		return output.Tree, nil
	}
	found := finding.From(err)
	for i := range found {
		if relative, err := filepath.Rel(dir, found[i].File); err == nil && filepath.IsLocal(relative) {
			found[i].File = filepath.ToSlash(relative)
		}
	}
	if len(found) > 0 {
		return nil, found.Err()
	}
	return nil, fmt.Errorf("generate the migration: %w", err)
}

// memory reads each file once, however often it is asked for: the bulk of a migration is
// large, and validating and rendering both want it.
type memory struct {
	files render.Files
	read  map[string]content
}

type content struct {
	bytes []byte
	err   error
}

// ReadFile implements [render.Files].
func (m *memory) ReadFile(name string) ([]byte, error) {
	found, ok := m.read[name]
	if !ok {
		found.bytes, found.err = m.files.ReadFile(name)
		m.read[name] = found
	}
	return found.bytes, found.err
}

// List implements [render.Files].
func (m *memory) List(folder string) ([]string, error) { return m.files.List(folder) }
