package gitops

import (
	"context"
	"errors"
	"io/fs"

	"cutover/generator/finding"
	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/generator/tree"
	"cutover/generator/workspace"
	"cutover/gitops/repository"
	"cutover/gitops/step"
)

// Status is where a migration stands, from Git alone.
type Status struct {
	Migration string `json:"migration"`
	Branch    string `json:"branch,omitempty"`
	Commit    string `json:"commit"`
	// Phase is the one that the migration as a whole is in; Clusters, each cluster.
	Phase    string               `json:"phase"`
	Clusters map[plan.Side]string `json:"clusters"`
	// Taken and Phases count the forward phases reached and all of them.
	Taken  int `json:"phasesTaken"`
	Phases int `json:"phases"`
	// Next is the step forward, Back the step back; nil where there is none.
	Next *Way `json:"next"`
	Back *Way `json:"back"`
	// PastReturn tells that producers have written to the target; Returning, that the
	// ordered rollback has begun.
	PastReturn bool         `json:"pastReturn"`
	Returning  bool         `json:"returning"`
	Findings   finding.List `json:"findings"`
}

// Way is a step that may be taken.
type Way struct {
	Direction step.Direction `json:"direction"`
	// To is the phase that the migration is in afterwards, Folder the phase that the step
	// adds or takes off.
	To      string    `json:"to"`
	Folder  string    `json:"folder"`
	Cluster plan.Side `json:"cluster"`
	Step    string    `json:"step"`
	Gates   []Gate    `json:"gates"`
	// Back says how the step itself is undone.
	Back string `json:"back"`
	// PastReturn tells that with this step producers begin to write to the target.
	PastReturn bool `json:"pastReturn"`
}

// Gate must hold before a step.
type Gate struct {
	Name    string    `json:"gate"`
	Cluster plan.Side `json:"cluster"`
	Asks    string    `json:"asks"`
}

// StatusOf reads where a migration stands: from the folder on disk, or from HEAD of a bare
// repository.
func StatusOf(ctx context.Context, p Place) (Status, error) {
	r, err := p.open()
	if err != nil {
		return Status{}, err
	}
	head, err := r.Head()
	if err != nil {
		return Status{}, err
	}
	status := Status{Branch: head.Branch, Commit: head.Commit.String(), Findings: finding.List{}}
	files, closeFiles, err := p.files(r, head.Commit)
	if err != nil {
		return Status{}, err
	}
	defer closeFiles()
	source, err := step.Open(files)
	if err != nil {
		return Status{}, err
	}
	if err := status.find(ctx, p, r, files); err != nil {
		return Status{}, err
	}
	state := source.State()
	status.Migration, status.Phase = source.Migration(), state.At()
	status.Clusters = map[plan.Side]string{plan.Source: state.On(plan.Source), plan.Target: state.On(plan.Target)}
	status.PastReturn, status.Returning = state.PastReturn(), state.Returning()
	status.Taken, status.Phases = state.Progress()
	status.Next, status.Back = way(state.Next()), way(state.Back())
	if status.Next != nil {
		status.Next.PastReturn = status.Next.PastReturn && !status.PastReturn
	}
	return status, nil
}

// files gives the migration's files, each read once.
func (p Place) files(r *repository.Repository, head repository.Hash) (render.Files, func(), error) {
	if r.Bare() {
		at, err := r.At(head)
		return at, func() {}, err
	}
	folder, err := tree.Open(p.Dir)
	if err != nil {
		return nil, nil, err
	}
	return &memory{files: folder, read: make(map[string]content)}, func() { _ = folder.Close() }, nil
}

func way(edge step.Edge, ok bool) *Way {
	if !ok {
		return nil
	}
	s := step.Step{Edge: edge}
	w := &Way{Direction: edge.Direction, To: edge.To, Folder: edge.Phase.Folder, Cluster: edge.Phase.Side, Step: s.Says(), Gates: []Gate{}, Back: s.WayBack()}
	w.PastReturn = edge.Direction == step.Advance && edge.Phase.Gate.PastReturn
	for _, gate := range s.Gates() {
		w.Gates = append(w.Gates, Gate{gate.Name, gate.Side, gate.Asks})
	}
	return w
}

// find notes what stands in the way: a folder that is not clean, files edited by hand, and
// what the migration itself leaves open.
func (s *Status) find(ctx context.Context, p Place, r *repository.Repository, files render.Files) error {
	found, err := r.Clean()
	if err != nil {
		return err
	}
	s.Findings.Add(found...)
	edited, err := editedByHand(files)
	if err != nil {
		return err
	}
	s.Findings.Add(edited...)
	s.Findings.Add(undecided(ctx, p, r)...)
	s.Findings.Sort()
	return nil
}

// undecided gives the findings of the migration that nobody has answered. They come from
// the plan alone: nothing is rendered for them. A bare repository has no folder to plan from.
func undecided(ctx context.Context, p Place, r *repository.Repository) finding.List {
	if r.Bare() {
		return nil
	}
	input, err := workspace.Load(ctx, p.Dir, p.Dir)
	if err == nil {
		var found finding.List
		if _, found, err = plan.New(input.Migration, input.Inventory); err == nil {
			return found.Open()
		}
	}
	return finding.FromOr(err, finding.Finding{Rule: "unreadable", Severity: finding.Error, File: workspace.MigrationFile, Hint: "run cutover validate"})
}

// editedByHand holds every generated file against its digest.
func editedByHand(files render.Files) (finding.List, error) {
	recorded, err := files.ReadFile(tree.SumFile)
	if err != nil {
		return nil, err
	}
	sum, err := tree.ParseSum(recorded)
	if err != nil {
		return nil, err
	}
	var findings finding.List
	for name := range sum {
		f := finding.Finding{Rule: "edited-by-hand", Severity: finding.Error, File: name, Message: "the generated file was edited by hand or cut short",
			Hint: "say it in migration.yaml and run `cutover generate`, or take the file back from Git"}
		if name == workspace.MigrationFile || name == workspace.InventoryFile {
			f.Rule, f.Message, f.Hint = "stale", "it was changed, and the tree not generated again", "run `cutover generate`, and commit both"
		}
		content, err := files.ReadFile(name)
		switch ok, _ := sum.Check(name, content); {
		case errors.Is(err, fs.ErrNotExist):
			f.Rule, f.Message = "file-missing", "the generated file is missing"
			findings.Add(f)
		case err != nil:
			return nil, err
		case !ok:
			findings.Add(f)
		}
	}
	return findings, nil
}
