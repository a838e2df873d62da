// Package account holds what groups processed against what was produced, on both clusters
// together: what was lost, what came twice, what came out of order.
package account

import (
	"cmp"
	"fmt"
	"slices"

	"cutover/e2e/kafka/journal"
)

// Subscription is a group that must process every record of a topic, exactly once.
type Subscription struct {
	Group, Topic string
	// Compacted says that a record may be gone once the topic has a newer one of its key.
	Compacted bool
}

// Row is one subscription's account. All fields count records.
type Row struct {
	Subscription
	// Produced were acknowledged, and their transaction committed; on Source and on Target.
	Produced, Source, Target int
	// Processed were worked on at least once.
	Processed int
	// Lost were produced and never processed.
	Lost int
	// Superseded were not processed, and need not be: the topic is compacted and a newer
	// record of their key was processed.
	Superseded int
	// Duplicated counts each processing beyond the first of a record that came from another
	// place: another cluster, partition or offset.
	Duplicated int
	// Redelivered counts each further processing of the same record from the same place: the
	// group's own at-least-once, no doing of a migration.
	Redelivered int
	// Disordered were first processed after a newer one of their key.
	Disordered int
	// Phantom were processed and may not exist: their transaction was aborted, or nobody
	// ever meant to write them.
	Phantom int
	// Uncertain were meant to be written by a process that was killed before it knew whether
	// they were, and were not processed.
	Uncertain int
	// Examples name the first of the records that are wrong.
	Examples []string
}

// Right tells that every record was processed exactly once and in order.
func (r Row) Right() bool {
	return r.Lost+r.Duplicated+r.Disordered+r.Phantom == 0
}

// Report is the account of a run.
type Report struct {
	Rows []Row
	// Handovers tell how long each group stood still between the clusters.
	Handovers []Handover
}

// Right tells that all rows are right.
func (r Report) Right() bool {
	return !slices.ContainsFunc(r.Rows, func(row Row) bool { return !row.Right() })
}

// Open counts the records that still may come: those that are lost if the run is over.
func (r Report) Open() int {
	n := 0
	for _, row := range r.Rows {
		n += row.Lost
	}
	return n
}

// record names a record of one topic.
type record struct {
	key      string
	sequence int64
}

// place is where a record was read.
type place struct {
	cluster   string
	partition int32
	offset    int64
}

// examples is how many wrong records a row names.
const examples = 5

// Take makes the account of all journals' entries.
func Take(entries []journal.Entry, subscriptions []Subscription) Report {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b journal.Entry) int { return cmp.Compare(a.Time, b.Time) })
	written := make(map[string]map[record]*fate)
	processed := make(map[[2]string][]journal.Entry)
	for _, e := range entries {
		if e.Event == journal.Processed {
			id := [2]string{e.Group, e.Topic}
			processed[id] = append(processed[id], e)
			continue
		}
		if written[e.Topic] == nil {
			written[e.Topic] = make(map[record]*fate)
		}
		id := record{e.Key, e.Sequence}
		if written[e.Topic][id] == nil {
			written[e.Topic][id] = &fate{}
		}
		written[e.Topic][id].note(e)
	}
	var report Report
	for _, s := range subscriptions {
		report.Rows = append(report.Rows, row(s, written[s.Topic], processed[[2]string{s.Group, s.Topic}]))
	}
	report.Handovers = handovers(entries, subscriptions)
	return report
}

// fate is what became of a record that somebody meant to write.
type fate struct {
	source, target, aborted bool
}

func (f *fate) note(e journal.Entry) {
	switch {
	case e.Event == journal.Aborted:
		f.aborted = true
	case e.Event == journal.Produced && e.Cluster == "target":
		f.target = true
	case e.Event == journal.Produced:
		f.source = true
	}
}

func (f *fate) produced() bool { return f.source || f.target }

func row(s Subscription, written map[record]*fate, processed []journal.Entry) Row {
	r := Row{Subscription: s}
	seen := make(map[record]map[place]bool)
	newest := make(map[string]int64)
	for _, e := range processed {
		id, from := record{e.Key, e.Sequence}, place{e.Cluster, e.Partition, e.Offset}
		if places, again := seen[id]; again {
			if places[from] {
				r.Redelivered++
			} else {
				r.Duplicated++
				r.example("twice", id, from)
				places[from] = true
			}
			continue
		}
		seen[id] = map[place]bool{from: true}
		if f := written[id]; f == nil || f.aborted && !f.produced() {
			r.Phantom++
			r.example("phantom", id, from)
			continue
		}
		r.Processed++
		if e.Sequence < newest[e.Key] {
			r.Disordered++
			r.example("late", id, from)
		}
		newest[e.Key] = max(newest[e.Key], e.Sequence)
	}
	r.missing(written, seen, newest)
	return r
}

// missing counts what was written and not processed.
func (r *Row) missing(written map[record]*fate, seen map[record]map[place]bool, newest map[string]int64) {
	for _, id := range sorted(written) {
		f := written[id]
		if f.produced() {
			r.Produced++
		}
		if f.source {
			r.Source++
		}
		if f.target {
			r.Target++
		}
		switch {
		case seen[id] != nil || f.aborted && !f.produced():
		case !f.produced():
			r.Uncertain++
		case r.Compacted && newest[id.key] > id.sequence:
			r.Superseded++
		default:
			r.Lost++
			r.example("lost", id, place{})
		}
	}
}

func (r *Row) example(what string, id record, from place) {
	if len(r.Examples) == examples {
		return
	}
	text := fmt.Sprintf("%s: group %s, %s, key %s, sequence %d", what, r.Group, r.Topic, id.key, id.sequence)
	if from.cluster != "" {
		text += fmt.Sprintf(", read on the %s, partition %d, offset %d", from.cluster, from.partition, from.offset)
	}
	r.Examples = append(r.Examples, text)
}

func sorted(written map[record]*fate) []record {
	ids := make([]record, 0, len(written))
	for id := range written {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b record) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.sequence, b.sequence))
	})
	return ids
}
