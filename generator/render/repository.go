// Package render turns a generated tree into the stream of objects that one cluster has
// in one phase: the same objects as stock kustomize build gives, without putting the bulk
// of topics and users through Kustomize, whose cost grows with their square.
package render

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/release"
	"cutover/generator/tree"
)

// Files is what rendering needs of a tree, on disk or in memory. Paths are slash-separated.
type Files interface {
	ReadFile(name string) ([]byte, error)
	List(folder string) ([]string, error)
}

// Repository is a generated tree, opened for rendering.
type Repository struct {
	files Files
	sum   tree.Sum
	// Phases are all phases in order: forward first, then those of the rollback, the batch that
	// moved last first.
	Phases []overlay.PhaseRef
	// Reached are the folders of the phases that each cluster has reached, in order.
	Reached map[plan.Side][]string
}

// Open reads phases and pointers, and refuses a tree whose pointers are no prefix of the
// phases.
func Open(files Files) (*Repository, error) {
	content, err := files.ReadFile(tree.SumFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, finding.Finding{Rule: "not-a-tree", Severity: finding.Error, File: tree.SumFile,
			Message: "the folder holds no generated tree", Hint: "run `cutover generate` first, and name the folder it wrote"}
	}
	if err != nil {
		return nil, err
	}
	r := &Repository{files: files, Reached: make(map[plan.Side][]string)}
	if r.sum, err = tree.ParseSum(content); err != nil {
		return nil, err
	}
	if err := r.readPhases(); err != nil {
		return nil, err
	}
	for _, side := range plan.Sides() {
		path := overlay.PointerPath(side)
		content, err := files.ReadFile(path)
		if err != nil {
			return nil, missing(path)
		}
		if r.Reached[side], err = overlay.ReadPointer(path, content); err != nil {
			return nil, err
		}
	}
	return r, overlay.CheckPrefix(r.Phases, r.Reached).Err()
}

func missing(path string) error {
	return finding.Finding{Rule: "file-missing", Severity: finding.Error, File: path, Message: "the file is missing or cannot be read",
		Hint: "take it back from Git, or run `cutover generate` again"}
}

func (r *Repository) readPhases() error {
	folders, err := r.files.List("overlays")
	if err != nil {
		return err
	}
	for _, folder := range folders {
		path := "overlays/" + folder + "/gate.yaml"
		content, err := r.read(path)
		if err != nil {
			return err
		}
		gate, err := overlay.ReadGate(path, content)
		if err != nil {
			return err
		}
		phase := overlay.PhaseRef{Folder: folder, Side: gate.Cluster, Gate: gate}
		if phase.ID() != gate.Phase {
			return finding.Finding{Rule: "gate", Severity: finding.Error, File: path, Message: "phase and cluster do not fit the folder", Hint: "run `cutover generate` again"}
		}
		r.Phases = append(r.Phases, phase)
	}
	overlay.SortPhases(r.Phases)
	return nil
}

// read gives a generated file and refuses one that is missing, cut short or edited by hand.
func (r *Repository) read(path string) ([]byte, error) {
	content, err := r.files.ReadFile(path)
	if err != nil {
		return nil, missing(path)
	}
	if ok, known := r.sum.Check(path, content); !ok {
		f := finding.Finding{Rule: "edited-by-hand", Severity: finding.Error, File: path, Message: "the generated file was edited by hand or cut short",
			Hint: "say it in migration.yaml and run `cutover generate`, or take the file back from Git"}
		if !known {
			f.Rule, f.Message = "not-ours", "the file was not written by cutover"
		}
		return nil, f
	}
	return content, nil
}

// description reads a release.yaml.
func (r *Repository) description(name string) (release.Description, error) {
	path := "releases/" + name + "/release.yaml"
	content, err := r.read(path)
	if err != nil {
		return release.Description{}, err
	}
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		return release.Description{}, err
	}
	var description release.Description
	if len(documents) != 1 {
		return description, missing(path)
	}
	if err := documents[0].Decode(&description); err != nil {
		return description, fmt.Errorf("%s: %w", path, err)
	}
	return description, nil
}
