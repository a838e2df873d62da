package overlay

import (
	"bytes"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/plan"
)

// Gate is the content of a gate.yaml: what its phase does, what must hold before, and the
// way back.
type Gate struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	// Phase is the number in three digits.
	Phase string `yaml:"phase"`
	Name  string `yaml:"name"`
	// Cluster is the one that the phase changes.
	Cluster plan.Side `yaml:"cluster"`
	Batch   string    `yaml:"batch,omitempty"`
	Step    string    `yaml:"step"`
	// Holds are the conditions that must be proven before the phase.
	Holds []plan.Gate `yaml:"holds"`
	// Offsets are the groups that the phase sets to proven offsets.
	Offsets    []plan.GroupOffsets `yaml:"offsets,omitempty"`
	PastReturn bool                `yaml:"pastReturn"`
	// Returns tells that the phase belongs to the ordered rollback of its batch.
	Returns bool `yaml:"returns,omitempty"`
	// Positions says where the mirror that the phase starts begins to read: recorded, or ""
	// for the first record.
	Positions plan.Positions `yaml:"positions,omitempty"`
	Back      plan.Back      `yaml:"back"`
}

// ReadGate reads a gate.yaml strictly.
func ReadGate(path string, content []byte) (Gate, error) {
	var gate Gate
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		return gate, err
	}
	if len(documents) != 1 {
		return gate, gateFinding(path, "it is empty")
	}
	if err := documents[0].Decode(&gate); err != nil {
		return gate, err
	}
	if gate.Kind != "Gate" || (gate.Cluster != plan.Source && gate.Cluster != plan.Target) {
		return gate, gateFinding(path, "it is no Gate of the source or the target")
	}
	return gate, nil
}

func gateFinding(path, message string) error {
	return finding.Finding{Rule: "gate", Severity: finding.Error, File: path, Message: message, Hint: "run `cutover generate` again"}
}
