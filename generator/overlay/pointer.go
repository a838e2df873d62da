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
