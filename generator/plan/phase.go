package plan

import "fmt"

// Phase is one step of the migration: one commit, which changes one cluster.
type Phase struct {
	Number int
	Name   string
	Side   Side
	// Batch is the name of the batch, "" for what concerns all or for the only batch.
	Batch string
	// Step says in a few words what happens.
	Step string
	// Gates must hold before the step is taken.
	Gates []Gate
	// Back is the way back from this phase.
	Back Back
	// PastReturn tells that producers have begun to write to the target, in this phase or
	// before: the migration as a whole has no way back but the ordered rollback.
	PastReturn bool
	// Returns tells that the phase belongs to the ordered rollback of its batch.
	Returns bool
	// Releases are those whose objects the phase adds.
	Releases []string
	// Scalings are the workloads that the phase starts or stops. In a phase that returns, what
	// they come from is not known, and From is nil.
	Scalings []Scaling
	// Mirror is what the phase does to the running mirror: "", pause or remove.
	Mirror MirrorChange
	// Retires tells that the phase takes the mirror's user off the source.
	Retires bool
	// Offsets are the groups that the phase sets to proven offsets.
	Offsets []GroupOffsets
	// Positions says where a mirror that the phase starts begins to read, where that is not
	// the first record.
	Positions Positions
}

// Positions says where a mirror begins to read.
type Positions string

// RecordedPositions are the log ends on the target that gate mirror-caught-up proved when
// the batch moved: what stands before them is the source's own history.
const RecordedPositions Positions = "recorded"

// ID is the phase's number in three digits.
func (p Phase) ID() string { return fmt.Sprintf("%03d", p.Number) }

// Folder is the name of the phase's folder under overlays.
func (p Phase) Folder() string { return p.ID() + "-" + p.Name }

// Template is the name of the folder among the phase templates: a phase of the second
// batch has the template of the first.
func (p Phase) Template() string {
	if p.Number >= firstBatch && p.Number < afterBatches {
		return fmt.Sprintf("%03d-%s", firstBatch+p.Number%100, p.Name)
	}
	return p.Folder()
}

const (
	firstBatch   = 100
	afterBatches = 900
)

// Scaling starts or stops one workload by its one field.
type Scaling struct {
	Workload string
	Runner   Runner
	From, To any
}

// MirrorChange is what a phase does to the mirror.
type MirrorChange string

// The changes that a running mirror goes through.
const (
	PauseMirror  MirrorChange = "pause"
	RemoveMirror MirrorChange = "remove"
)

// GroupOffsets is a group and the topics on which its offsets are set.
type GroupOffsets struct {
	Group  string   `yaml:"group"`
	Topics []string `yaml:"topics"`
}

// Gate is a condition that must be proven before a phase.
type Gate struct {
	// Name is the gate's kind.
	Name string `yaml:"gate"`
	// Side is the cluster that is asked.
	Side Side `yaml:"cluster"`
	// Asks is the question in words.
	Asks string `yaml:"asks"`
	// Topics, Groups and Workloads are what it speaks of; empty means all that move.
	Topics    []string `yaml:"topics,omitempty"`
	Groups    []string `yaml:"groups,omitempty"`
	Workloads []string `yaml:"workloads,omitempty"`
}

// Back is the way back from a phase.
type Back struct {
	// Kind is revert (take the commit back), sequence (the ordered rollback) or none.
	Kind string `yaml:"kind"`
	// Text says what it does.
	Text string `yaml:"text"`
}

func revert(text string) Back { return Back{RevertBack, text} }
