package offset_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/generator/plan"
	"cutover/live/offset"
)

func orders(group string) plan.GroupOffsets {
	return plan.GroupOffsets{Group: group, Topics: []string{"orders"}}
}

// moved is a source with group billing at 7 of 10, and its mirror, whose offsets are 2 less.
func moved(t *testing.T) (source, target side, prover offset.Prover) {
	t.Helper()
	source, target = newSide(t), newSide(t)
	source.transact("a", kgo.TryAbort, 100, 101)
	source.write(source.client, 0, 8)
	source.mirror(target, 0)
	source.commit("billing", 0, 7)
	return source, target, offset.Prover{From: source.client, To: target.client}
}

func align(t *testing.T, prover offset.Prover) offset.Alignment {
	t.Helper()
	alignment, err := prover.Align(t.Context(), orders("billing"))
	if err != nil {
		t.Fatal(err)
	}
	return alignment
}

func TestAnAlignmentIsAppliedOnceAndUndone(t *testing.T) {
	source, target, prover := moved(t)
	target.commit("billing", 0, 1)
	path := filepath.Join(t.TempDir(), "130.json")
	first := align(t, prover)
	if first.Settled() || first.Changes[0].State != offset.Due || first.Changes[0].Before != 1 || first.Changes[0].Offset != 5 {
		t.Fatalf("got %+v", first.Changes[0])
	}
	source.must(offset.Write(path, first))
	applied, err := offset.Apply(t.Context(), target.client, first, false)
	source.must(err)
	if !applied.Settled() || target.committed("billing") != 5 || source.committed("billing") != 7 {
		t.Fatalf("got %+v, target %d, source %d", applied, target.committed("billing"), source.committed("billing"))
	}
	got, err := target.admin.FetchOffsets(t.Context(), "billing")
	source.must(err)
	if one, _ := got.Lookup("orders", 0); one.Metadata != "AQAA" {
		t.Errorf("the metadata of the source's commit, Kafka Streams' time, became %q", one.Metadata)
	}

	second := align(t, prover)
	if !second.Settled() {
		t.Fatalf("a second run finds %+v", second.Changes)
	}
	source.must(offset.Write(path, second))
	kept, err := offset.Read(path)
	source.must(err)
	if kept.Changes[0].Before != 1 || kept.Changes[1].Before != -1 {
		t.Errorf("the file has forgotten what was before: %+v", kept.Changes)
	}

	steps, findings, err := offset.Undoing(t.Context(), target.client, kept, false)
	source.must(err)
	if len(findings) > 0 || len(steps) != 2 {
		t.Fatalf("got %+v, %v", steps, findings)
	}
	source.must(offset.Undo(t.Context(), target.client, steps))
	if target.committed("billing") != 1 {
		t.Errorf("undone to %d", target.committed("billing"))
	}
	if steps, _, err = offset.Undoing(t.Context(), target.client, kept, false); err != nil || len(steps) > 0 {
		t.Errorf("undone again: %+v, %v", steps, err)
	}
}

func TestUndoingTakesAwayWhatWasNotThere(t *testing.T) {
	source, target, prover := moved(t)
	before := align(t, prover)
	_, err := offset.Apply(t.Context(), target.client, before, false)
	source.must(err)
	steps, _, err := offset.Undoing(t.Context(), target.client, before, false)
	source.must(err)
	source.must(offset.Undo(t.Context(), target.client, steps))
	if target.committed("billing") != -1 {
		t.Errorf("%d is left", target.committed("billing"))
	}
}

func TestUndoingAsksWhereTheGroupHasMovedOn(t *testing.T) {
	source, target, prover := moved(t)
	before := align(t, prover)
	_, err := offset.Apply(t.Context(), target.client, before, false)
	source.must(err)
	target.commit("billing", 0, 6)
	_, findings, err := offset.Undoing(t.Context(), target.client, before, false)
	source.must(err)
	if len(findings) != 1 || findings[0].Rule != "offset-moved" {
		t.Errorf("got %v", findings)
	}
	if _, findings, err = offset.Undoing(t.Context(), target.client, before, true); err != nil || len(findings) > 0 {
		t.Errorf("with force got %v, %v", findings, err)
	}
}

func TestNothingIsSetWhereOneGroupCannotBe(t *testing.T) {
	tests := map[string]struct {
		prepare func(source, target side)
		rule    string
		forced  bool // force sets it all the same
	}{
		"a group that would go backwards": {func(_, target side) { target.commit("billing", 0, 6) }, "offset-ahead", true},
		"a group with members on the target": {func(_, target side) {
			target.join("billing")
		}, "offset-busy", false},
		"a group with members on the source": {func(source, _ side) {
			source.join("billing")
		}, "offset-busy", false},
		"a group without a commit": {func(source, _ side) {
			source.must(source.client.ProduceSync(source.t.Context(), &kgo.Record{Topic: "orders", Partition: 1}).FirstErr())
		}, "offset-unproven", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target, prover := moved(t)
			source.commit("other", 0, 9)
			test.prepare(source, target)
			before := target.committed("billing")
			alignment, err := prover.Align(t.Context(), orders("other"), orders("billing"))
			source.must(err)
			findings := alignment.Obstacles(false)
			if len(findings) == 0 || findings[0].Rule != test.rule || findings[0].Hint == "" {
				t.Fatalf("got %v", findings)
			}
			if _, err := offset.Apply(t.Context(), target.client, alignment, false); err == nil {
				t.Error("applied all the same")
			}
			if target.committed("billing") != before || target.committed("other") != -1 {
				t.Error("something was set")
			}
			applied, err := offset.Apply(t.Context(), target.client, alignment, true)
			if (err == nil) != test.forced || test.forced && (!applied.Settled() || target.committed("billing") != 5) {
				t.Errorf("with force: %v, at %d", err, target.committed("billing"))
			}
		})
	}
}

// join has a member in a group, which has not committed anything.
func (s side) join(group string) {
	s.t.Helper()
	client := s.connect(kgo.ConsumerGroup(group), kgo.ConsumeTopics("orders"), kgo.DisableAutoCommit(), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err := client.PollRecords(s.t.Context(), 1).Err0(); err != nil {
		s.t.Fatal(err)
	}
}

func TestAFileOfAnotherPhaseIsNotOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	a := offset.Alignment{APIVersion: offset.APIVersion, Kind: offset.FileKind, Migration: "freight", Phase: "130", Cluster: plan.Target}
	if err := offset.Write(path, a); err != nil {
		t.Fatal(err)
	}
	b := a
	b.Phase = "230"
	if err := offset.Write(path, b); err == nil || !strings.Contains(err.Error(), "phase 130") {
		t.Errorf("got %v", err)
	}
	for name, content := range map[string]string{"an unknown field": `{"offset": 5}`, "another kind": `{"apiVersion":"cutover/v1alpha1","kind":"Gate"}`, "no JSON": "phase: 130"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := offset.Write(path, a); err == nil {
			t.Errorf("%s was overwritten", name)
		}
		if left, _ := os.ReadFile(path); cmp.Diff(content, string(left)) != "" {
			t.Errorf("%s became %s", name, left)
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}
