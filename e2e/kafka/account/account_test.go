package account

import (
	"strings"
	"testing"

	"cutover/e2e/kafka/journal"
)

// did writes a journal in short: each word is EVENT CLUSTER KEY SEQUENCE@OFFSET, in order of
// time, all of topic t and group g.
func did(words ...string) []journal.Entry {
	events := map[byte]journal.Event{'i': journal.Intended, 'p': journal.Produced, 'a': journal.Aborted, 'c': journal.Processed}
	clusters := map[byte]string{'s': "source", 't': "target"}
	var entries []journal.Entry
	for i, word := range words {
		e := journal.Entry{Time: int64(i + 1), Event: events[word[0]], Cluster: clusters[word[1]], Topic: "t",
			Key: word[2:3], Sequence: int64(word[3] - '0'), Offset: int64(i)}
		if e.Event == journal.Processed {
			e.Group, e.Offset = "g", int64(word[5]-'0')
		}
		entries = append(entries, e)
	}
	return entries
}

func TestTheAccountOf(t *testing.T) {
	for name, test := range map[string]struct {
		did       string
		compacted bool
		want      Row
	}{
		"records that are each processed once": {did: "isk1 psk1 isk2 psk2 csk1@0 ctk2@7",
			want: Row{Produced: 2, Source: 2, Processed: 2}},
		"a record written on the target": {did: "psk1 csk1@0 ptk2 ctk2@1",
			want: Row{Produced: 2, Source: 1, Target: 1, Processed: 2}},
		"a record that nobody processes": {did: "psk1 psk2 csk1@0",
			want: Row{Produced: 2, Source: 2, Processed: 1, Lost: 1}},
		"a record that both clusters' groups process": {did: "psk1 csk1@0 ctk1@0",
			want: Row{Produced: 1, Source: 1, Processed: 1, Duplicated: 1}},
		"a record that the mirror copied twice": {did: "psk1 ctk1@0 ctk1@1",
			want: Row{Produced: 1, Source: 1, Processed: 1, Duplicated: 1}},
		"a record that its group reads again": {did: "psk1 csk1@0 csk1@0",
			want: Row{Produced: 1, Source: 1, Processed: 1, Redelivered: 1}},
		"records of a key in the wrong order": {did: "psk1 psk2 psj1 csk2@1 csj1@2 csk1@0",
			want: Row{Produced: 3, Source: 3, Processed: 3, Disordered: 1}},
		"keys that overtake each other": {did: "psk1 psj1 psk2 psj2 csk1@0 csk2@2 csj1@1 csj2@3",
			want: Row{Produced: 4, Source: 4, Processed: 4}},
		"an aborted record that nobody processes": {did: "isk1 ask1 isk2 psk2 csk2@2",
			want: Row{Produced: 1, Source: 1, Processed: 1}},
		"an aborted record that was mirrored as data": {did: "isk1 ask1 ctk1@0",
			want: Row{Phantom: 1}},
		"a record that nobody wrote": {did: "ctk1@0",
			want: Row{Phantom: 1}},
		"a killed producer's record that never came": {did: "isk1",
			want: Row{Uncertain: 1}},
		"a killed producer's record that came": {did: "isk1 csk1@0",
			want: Row{Processed: 1}},
		"a compacted record with a newer one": {did: "psk1 psk2 ctk2@0", compacted: true,
			want: Row{Produced: 2, Source: 2, Processed: 1, Superseded: 1}},
		"a key's newest record of a compacted topic": {did: "psk1 psk2 csk1@0", compacted: true,
			want: Row{Produced: 2, Source: 2, Processed: 1, Lost: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			subscription := Subscription{Group: "g", Topic: "t", Compacted: test.compacted}
			report := Take(did(strings.Fields(test.did)...), []Subscription{subscription})
			got := report.Rows[0]
			test.want.Subscription = subscription
			if got.Right() != test.want.Right() || report.Right() != test.want.Right() {
				t.Errorf("Right is %t", got.Right())
			}
			if wrong := got.Lost + got.Duplicated + got.Disordered + got.Phantom; wrong != len(got.Examples) {
				t.Errorf("%d records are wrong, and the examples are %q", wrong, got.Examples)
			}
			got.Examples = nil
			if !equal(got, test.want) {
				t.Errorf("the row is %+v, want %+v", got, test.want)
			}
		})
	}
}

func equal(a, b Row) bool {
	a.Examples, b.Examples = nil, nil
	return strings.Join(strings.Fields(Report{Rows: []Row{a}}.String()), " ") == strings.Join(strings.Fields(Report{Rows: []Row{b}}.String()), " ")
}

func TestTheStandstillIsFromTheLastOnTheSourceToTheFirstOnTheTarget(t *testing.T) {
	entries := did("psk1", "csk1@0", "psk2", "csk2@1", "ptk3", "ctk3@2", "ctk4@3")
	report := Take(entries, []Subscription{{Group: "g", Topic: "t"}, {Group: "other", Topic: "t"}})
	if got := report.Handovers[0].Gap(); got != 2 {
		t.Errorf("the gap is %d, want 2", got)
	}
	if got := report.Handovers[1].Gap(); got != 0 {
		t.Errorf("the gap of a group that did nothing is %d", got)
	}
}

func TestJournalsInAnyOrderGiveTheSameAccount(t *testing.T) {
	entries := did("psk1", "psk2", "csk1@0", "csk2@1")
	backwards := []journal.Entry{entries[3], entries[2], entries[1], entries[0]}
	subscriptions := []Subscription{{Group: "g", Topic: "t"}}
	if a, b := Take(entries, subscriptions).String(), Take(backwards, subscriptions).String(); a != b {
		t.Errorf("forwards:\n%sbackwards:\n%s", a, b)
	}
}
