package migration

// Rollback says what the ordered rollback does, once a batch has written to the target.
type Rollback struct {
	// ReverseMirror brings back to the source what a batch wrote to the target, before the
	// batch starts there again. Without it those records stay on the target.
	ReverseMirror bool `yaml:"reverseMirror,omitempty" json:"reverseMirror,omitempty"`
}
