package overlay

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/plan"
)

// PointerPath is where the pointer of a cluster stands in the tree.
func PointerPath(side plan.Side) string { return "clusters/" + string(side) + "/kustomization.yaml" }

// PointerPaths are the files that hold the state of the migration; everything else in the
// tree is generated.
func PointerPaths() []string { return []string{PointerPath(plan.Source), PointerPath(plan.Target)} }

const (
	pointerHead = `# The state of the migration on the %s: the phases it has reached, in order.
# One more line is one more step: a commit of its own, reviewed like any other.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- phase.yaml
components:
`
	componentPrefix = "../../overlays/"
)

// NewPointer gives the pointer of a cluster that has reached the given phases, by folder.
func NewPointer(side plan.Side, folders ...string) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, pointerHead, side)
	for _, folder := range folders {
		fmt.Fprintf(&out, "- %s%s\n", componentPrefix, folder)
	}
	return out.Bytes()
}

// ReadPointer gives the folders of the phases that a pointer lists, in its order. It
// refuses a pointer that says anything else than [NewPointer] would.
func ReadPointer(path string, content []byte) ([]string, error) {
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		return nil, err
	}
	if len(documents) != 1 {
		return nil, pointerFinding(path, 1, "it is empty")
	}
	var p pointer
	if err := documents[0].Decode(&p); err != nil {
		return nil, err
	}
	switch {
	case p.APIVersion != "kustomize.config.k8s.io/v1beta1" || p.Kind != "Kustomization":
		return nil, pointerFinding(path, 1, "it is no Kustomization of kustomize.config.k8s.io/v1beta1")
	case !slices.Equal(p.Resources, []string{"phase.yaml"}):
		return nil, pointerFinding(path, documents[0].Line(), "resources lists something else than phase.yaml")
	}
	var folders []string
	for i, component := range p.Components {
		folder, ok := strings.CutPrefix(component, componentPrefix)
		if !ok || folder == "" || strings.Contains(folder, "/") {
			line := document.Child(documents[0].Root, "components").Content[i].Line
			return nil, pointerFinding(path, line, fmt.Sprintf("component %q is no folder under overlays", component))
		}
		folders = append(folders, folder)
	}
	return folders, nil
}

// pointer is the one form that a pointer has.
type pointer struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Resources  []string `yaml:"resources"`
	Components []string `yaml:"components"`
}

func pointerFinding(path string, line int, message string) finding.Finding {
	return finding.Finding{Rule: "pointer", Severity: finding.Error, File: path, Line: line, Message: message,
		Hint: "take it back from Git; it holds the phases reached and nothing else"}
}

// CheckPrefix tells whether the phases that both pointers list are, taken together, the
// first ones of all phases: nothing skipped, nothing twice, nothing out of order. all are
// the phases' folders in order, with the cluster of each.
func CheckPrefix(all []PhaseRef, reached map[plan.Side][]string) finding.List {
	var findings finding.List
	next := make(map[plan.Side]int)
	stopped := ""
	for _, phase := range all {
		list, i := reached[phase.Side], next[phase.Side]
		if i >= len(list) || list[i] != phase.Folder {
			if stopped == "" {
				stopped = phase.Folder
			}
			continue
		}
		next[phase.Side]++
		if stopped != "" {
			findings.Add(finding.Finding{Rule: "phase-order", Severity: finding.Error, File: PointerPath(phase.Side), Phase: phase.ID(),
				Message: fmt.Sprintf("%s is listed, and %s, which comes before, is not", phase.Folder, stopped), Hint: "advance one phase at a time, in order"})
		}
	}
	for _, side := range plan.Sides() {
		for _, folder := range reached[side][next[side]:] {
			findings.Add(strayPhase(all, side, folder))
		}
	}
	return findings
}

func strayPhase(all []PhaseRef, side plan.Side, folder string) finding.Finding {
	f := finding.Finding{Rule: "phase-order", Severity: finding.Error, File: PointerPath(side),
		Message: folder + " is out of order or listed twice", Hint: "advance one phase at a time, in order"}
	i := slices.IndexFunc(all, func(p PhaseRef) bool { return p.Folder == folder })
	switch {
	case i < 0:
		f.Rule, f.Message, f.Hint = "unknown-phase", folder+" is no phase of this migration", "take the pointer back from Git; a phase that was reached must not vanish from the plan"
	case all[i].Side != side:
		f.Message = fmt.Sprintf("%s is a phase of the %s and is listed on the %s", folder, all[i].Side, side)
	}
	return f
}

// PhaseRef names a phase by its folder, and the cluster that it changes.
type PhaseRef struct {
	Folder string
	Side   plan.Side
	// Gate is what the folder's gate.yaml says.
	Gate Gate
}

// ID is the phase's number in three digits.
func (p PhaseRef) ID() string { id, _, _ := strings.Cut(p.Folder, "-"); return id }

// MarkerFile is the ConfigMap that a cluster begins with, before its first phase.
func MarkerFile(p *plan.Plan, side plan.Side) ([]byte, error) {
	marker := markerOf(p, side)
	return document.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{
			"name": marker.Name, "namespace": marker.Namespace,
			"labels": map[string]any{"app.kubernetes.io/name": "cutover", "app.kubernetes.io/part-of": "cutover", "app.kubernetes.io/instance": p.Migration.Metadata.Name},
		},
		"data": map[string]any{"migration": p.Migration.Metadata.Name, "cluster": string(side), "phase": None, "step": "nothing has begun"},
	})
}
