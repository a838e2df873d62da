package step

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
)

// Step is an edge with everything that a reviewer has to know of it.
type Step struct {
	Edge
	// Migration is the migration's name.
	Migration string
	// Inventory is the digest of inventory.yaml, as "sha256:" and hexadecimal digits.
	Inventory string
	// Path is the pointer that changes; Before and After are its bytes, which differ in
	// one line.
	Path          string
	Before, After []byte
	// Differences are the objects that the step adds, changes and removes on its cluster.
	Differences []render.Difference
	// Stream is the cluster's stream after the step.
	Stream []byte
}

// Source makes steps from one tree. It keeps the last stream of each cluster, since the
// stream after a step is the one before the next.
type Source struct {
	files      render.Files
	repository *render.Repository
	migration  string
	inventory  string
	streams    map[plan.Side]stream
}

type stream struct {
	folders []string
	content []byte
}

// Open opens a tree for steps. An error carries findings when the tree is not whole.
func Open(files render.Files) (*Source, error) {
	repository, err := render.Open(files)
	if err != nil {
		return nil, err
	}
	s := &Source{files: files, repository: repository, streams: make(map[plan.Side]stream)}
	if s.migration, err = migrationName(files); err != nil {
		return nil, err
	}
	inventory, err := files.ReadFile("inventory.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the inventory: %w", err)
	}
	s.inventory = fmt.Sprintf("sha256:%x", sha256.Sum256(inventory))
	return s, nil
}

// Follow opens the tree of the next commit, which differs from this one in a pointer alone:
// what was rendered stays good.
func (s *Source) Follow(files render.Files) (*Source, error) {
	next, err := Open(files)
	if err == nil {
		next.streams = s.streams
	}
	return next, err
}

// migrationName reads the name from the source's marker, a small file that the tree's
// digests cover.
func migrationName(files render.Files) (string, error) {
	path := "clusters/" + string(plan.Source) + "/phase.yaml"
	content, err := files.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the marker: %w", err)
	}
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		return "", err
	}
	if len(documents) == 1 {
		if data := document.Child(documents[0].Root, "data"); data != nil {
			if name := document.Child(data, "migration"); name != nil && name.Value != "" {
				return name.Value, nil
			}
		}
	}
	return "", finding.Finding{Rule: "marker", Severity: finding.Error, File: path, Message: "the marker does not name its migration", Hint: "run `cutover generate` again"}
}

// Migration is the name of the tree's migration.
func (s *Source) Migration() string { return s.migration }

// State is where the tree's migration stands.
func (s *Source) State() State { return New(s.repository.Phases, s.repository.Reached) }

// Make renders the cluster before and after an edge from a state.
func (s *Source) Make(state State, edge Edge) (Step, error) {
	side := edge.Phase.Side
	made := Step{Edge: edge, Migration: s.migration, Inventory: s.inventory, Path: overlay.PointerPath(side)}
	folders := state.Folders(side)
	next := state.Take(edge).Folders(side)
	var err error
	if made.Before, err = s.pointer(side, folders); err != nil {
		return made, err
	}
	if made.After, err = pointerAfter(made, next); err != nil {
		return made, err
	}
	before, err := s.Render(side, folders)
	if err != nil {
		return made, err
	}
	if made.Stream, err = s.Render(side, next); err != nil {
		return made, err
	}
	made.Differences, err = render.Diff(before, made.Stream)
	return made, err
}

// Render gives the stream of a cluster after the phases of the given folders.
func (s *Source) Render(side plan.Side, folders []string) ([]byte, error) {
	if last, ok := s.streams[side]; ok && slices.Equal(last.folders, folders) {
		return last.content, nil
	}
	content, err := s.repository.Render(side, folders)
	if err != nil {
		return nil, err
	}
	s.streams[side] = stream{folders, content}
	return content, nil
}

// pointer gives the bytes of a cluster's pointer: those of the tree where they say what is
// asked for.
func (s *Source) pointer(side plan.Side, folders []string) ([]byte, error) {
	if slices.Equal(s.repository.Reached[side], folders) {
		return s.files.ReadFile(overlay.PointerPath(side))
	}
	return overlay.NewPointer(side, folders...), nil
}

// pointerAfter adds the edge's line at the end of the pointer, or takes it off there, and
// leaves every other byte as it is.
func pointerAfter(s Step, next []string) ([]byte, error) {
	line := bytes.TrimPrefix(overlay.NewPointer(s.Phase.Side, s.Phase.Folder), overlay.NewPointer(s.Phase.Side))
	after := slices.Concat(s.Before, line)
	if s.Direction == Revert {
		after = bytes.TrimSuffix(s.Before, line)
	}
	got, err := overlay.ReadPointer(s.Path, after)
	if err != nil || !bytes.HasSuffix(s.Before, []byte("\n")) || !slices.Equal(got, next) {
		return nil, finding.Finding{Rule: "pointer", Severity: finding.Error, File: s.Path, Phase: s.Phase.ID(),
			Message: "the pointer does not end with its list of phases", Hint: "take the pointer back from Git; it holds the phases reached and nothing else"}
	}
	return after, nil
}
