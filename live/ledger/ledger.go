// Package ledger keeps, in each cluster, which phases of a migration that cluster has
// completed: the one thing that Git cannot know. Argo CD goes to the newest commit whatever
// lies between, so the ledger is what a gate holds a new phase against.
package ledger

import (
	"encoding/json"
	"fmt"
	"maps"

	"cutover/generator/overlay"
)

// Ledger is what one cluster has completed.
type Ledger struct {
	// Done is the phase that was completed last, three digits, or [overlay.None].
	Done string
	// entries are the phases' entries in JSON, by number. One that a person has damaged
	// stands in nobody's way: only Done decides.
	entries map[string]string
}

// Entry is what the ledger keeps of a completed phase.
type Entry struct {
	Phase string `json:"phase"`
	Name  string `json:"name"`
	// At is when the phase was completed, in UTC as of RFC 3339.
	At string `json:"at"`
	// From is the phase that was completed before it.
	From      string            `json:"from"`
	Direction overlay.Direction `json:"direction,omitempty"`
	// Digest is the sha256 of the gate.yaml by which it was entered.
	Digest string   `json:"digest"`
	Gates  []Answer `json:"gates"`
	// Adopted is the reason for which a person wrote the phase down by hand.
	Adopted string `json:"adopted,omitempty"`
	// RevertedAt is when the phase was taken back.
	RevertedAt string `json:"revertedAt,omitempty"`
}

// Answer is what is known of one gate of a phase.
type Answer struct {
	Gate    string `json:"gate"`
	Cluster string `json:"cluster"`
	// Answer is the verdict and what was seen, or why nobody asked.
	Answer string `json:"answer"`
	// Holds tells that the gate was asked, and held.
	Holds bool `json:"holds"`
	// Evidence are the first lines of what stood in the way.
	Evidence []string `json:"evidence,omitempty"`
	// At is when it was asked, in UTC as of RFC 3339.
	At string `json:"at,omitempty"`
}

// New gives the ledger of a cluster that has completed nothing.
func New() Ledger { return Ledger{Done: overlay.None, entries: make(map[string]string)} }

// Entry gives what is kept of a phase, if that can be read.
func (l Ledger) Entry(phase string) (Entry, bool) {
	var entry Entry
	text, known := l.entries[phase]
	return entry, known && json.Unmarshal([]byte(text), &entry) == nil
}

// Complete gives the ledger with a phase completed. A phase that is taken back by this keeps
// its entry, with the time. Where the phase is the last one already and was entered by the
// same gate.yaml, nothing changes.
func (l Ledger) Complete(entry Entry) (Ledger, error) {
	before, known := l.Entry(entry.Phase)
	again := l.Done == entry.Phase
	if again && known {
		if before.Digest == entry.Digest {
			return l, nil
		}
		entry.From, entry.Direction = before.From, before.Direction
	}
	next := Ledger{Done: entry.Phase, entries: maps.Clone(l.entries)}
	if next.entries == nil {
		next.entries = make(map[string]string)
	}
	if left, known := l.Entry(l.Done); known && !again && entry.Direction == overlay.Revert {
		left.RevertedAt = entry.At
		if err := next.put(left); err != nil {
			return l, err
		}
	}
	return next, next.put(entry)
}

func (l Ledger) put(entry Entry) error {
	text, err := json.Marshal(entry)
	if err != nil {
		return fmt.Errorf("entry of phase %s: %w", entry.Phase, err)
	}
	l.entries[entry.Phase] = string(text)
	return nil
}

// Equal tells whether two ledgers say the same.
func (l Ledger) Equal(other Ledger) bool {
	return l.Done == other.Done && maps.Equal(l.entries, other.entries)
}
