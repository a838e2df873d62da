package overlay_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// both are phases of two batches with their rollback, in the order of the tree. The first
// phase of each batch on the target may still be reverted.
func both() []overlay.PhaseRef {
	ref := func(folder string, side plan.Side, back string) overlay.PhaseRef {
		return overlay.PhaseRef{Folder: folder, Side: side, Gate: overlay.Gate{Returns: strings.Contains(folder, "return"), Back: plan.Back{Kind: back}}}
	}
	return []overlay.PhaseRef{
		ref("095-hold", plan.Source, plan.RevertBack),
		ref("100-stop", plan.Source, plan.RevertBack), ref("130-align", plan.Target, plan.RevertBack), ref("140-start", plan.Target, plan.SequenceBack), ref("150-start", plan.Target, plan.SequenceBack),
		ref("200-stop", plan.Source, plan.RevertBack), ref("240-start", plan.Target, plan.SequenceBack),
		ref("900-end", plan.Target, plan.RevertBack),
		ref("280-return-stop", plan.Target, plan.RevertBack), ref("286-return-start", plan.Source, plan.NoBack),
		ref("180-return-stop", plan.Target, plan.RevertBack), ref("182-return-stop", plan.Target, plan.RevertBack), ref("186-return-start", plan.Source, plan.NoBack),
	}
}

func listed(phases []overlay.PhaseRef) map[plan.Side][]string {
	lists := make(map[plan.Side][]string)
	for _, phase := range phases {
		lists[phase.Side] = append(lists[phase.Side], phase.Folder)
	}
	return lists
}

func ids(phases []overlay.PhaseRef) string {
	var all []string
	for _, phase := range phases {
		all = append(all, phase.ID())
	}
	return strings.Join(all, " ")
}

func TestTheWayBackIsThatOfTheBatchAndOfThoseBefore(t *testing.T) {
	want := map[string]string{"140-start": "180 182 186", "150-start": "180 182 186", "240-start": "280 286 180 182 186"}
	for _, phase := range both() {
		t.Run(phase.Folder, func(t *testing.T) {
			if got := ids(overlay.WayBack(both(), phase)); got != want[phase.Folder] {
				t.Errorf("got %q, want %q", got, want[phase.Folder])
			}
		})
	}
}

func TestEveryBeginningOfARollbackIsTaken(t *testing.T) {
	tried := 0
	forward := overlay.Forward(both())
	for i, from := range forward {
		way := overlay.WayBack(both(), from)
		for n := range len(way) + 1 {
			reached := slices.Concat(forward[:i+1], way[:n])
			if found := overlay.CheckPrefix(both(), listed(reached)); len(found) > 0 {
				t.Errorf("%s: got %v", ids(reached), found)
			}
			if got := overlay.Course(both(), listed(reached)); n > 0 && ids(got) != ids(slices.Concat(forward[:i+1], way)) || n == 0 && ids(got) != ids(forward) {
				t.Errorf("%s: the course is %s", ids(reached), ids(got))
			}
			tried++
		}
	}
	if tried != 8+3+3+5 {
		t.Errorf("%d states were tried", tried)
	}
}

func TestWhatIsNoBeginningOfARollbackIsRefused(t *testing.T) {
	for _, test := range []struct {
		name, reached string
		where         plan.Side
		message, hint string
	}{
		{"no phase has been reached", "180", plan.Target, "180-return-stop is a phase of the rollback, and no phase has been reached", "advance"},
		{"the batch has not written to the target", "095 100 130 180", plan.Target, "180-return-stop is a phase of the rollback, which does not begin at 130-align", "take 130 back by reverting"},
		{"a later batch has begun", "095 100 130 140 150 200 180", plan.Target, "does not begin at 200-stop", "take 200 back by reverting"},
		{"the migration has ended", "095 100 130 140 150 200 240 900 280", plan.Target, "does not begin at 900-end", "take 900 back by reverting"},
		{"the rollback of a batch that has not moved", "095 100 130 140 280", plan.Target, "280-return-stop is a phase of the rollback, which does not begin at 140-start", "the rollback begins with 180-return-stop"},
		{"the batch that moved last is passed over", "095 100 130 140 150 200 240 180", plan.Target, "180-return-stop is listed, and 280-return-stop, which comes before, is not", "one phase at a time"},
		{"a phase of the rollback is skipped", "095 100 130 140 180 186", plan.Source, "186-return-start is listed, and 182-return-stop, which comes before, is not", "one phase at a time"},
		{"a phase of the rollback stands twice", "095 100 130 140 180 180", plan.Target, "180-return-stop is out of order or listed twice", "one phase at a time"},
		{"two phases of the rollback are exchanged", "095 100 130 140 182 180", plan.Target, "182-return-stop is listed, and 180-return-stop, which comes before, is not", "one phase at a time"},
		{"a batch goes back before the one after it is back", "095 100 130 140 150 200 240 280 180", plan.Target, "180-return-stop is listed, and 286-return-start", "one phase at a time"},
		{"a forward phase follows the rollback", "095 100 130 140 180 150", plan.Target, "150-start is listed after 180-return-stop, which belongs to the rollback", "a second attempt is a new migration"},
		{"a forward phase follows the rollback on the other cluster", "095 100 130 140 150 180 182 186 200", plan.Source, "200-stop is listed after 186-return-start", "a second attempt is a new migration"},
		{"a forward phase is missing below a rollback", "095 100 140 180", plan.Target, "140-start is listed, and 130-align, which comes before, is not", "one phase at a time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var reached []overlay.PhaseRef
			for id := range strings.FieldsSeq(test.reached) {
				i := slices.IndexFunc(both(), func(p overlay.PhaseRef) bool { return p.ID() == id })
				reached = append(reached, both()[i])
			}
			found := overlay.CheckPrefix(both(), listed(reached))
			if len(found) == 0 || found.Err() == nil {
				t.Fatal("it is taken")
			}
			f := found[0]
			if f.Rule != "phase-order" || f.File != overlay.PointerPath(test.where) || !strings.Contains(f.Message, test.message) || !strings.Contains(f.Hint, test.hint) {
				t.Errorf("got %+v, want %q and %q in the %s's pointer", f, test.message, test.hint, test.where)
			}
		})
	}
}

func TestAPhaseOfTheRollbackOnTheWrongClusterIsRefused(t *testing.T) {
	lists := listed(overlay.Forward(both())[:4])
	lists[plan.Source] = append(lists[plan.Source], "180-return-stop")
	found := overlay.CheckPrefix(both(), lists)
	if len(found) != 1 || !strings.Contains(found[0].Message, "180-return-stop is a phase of the target and is listed on the source") {
		t.Errorf("got %v", found)
	}
}

// No set of phases but the prefixes and their rollbacks may pass, whatever is left out or
// exchanged.
func FuzzNoOtherStatePassesThePrefixRule(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 10})
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12})
	f.Add([]byte{10, 3, 2, 1, 0})
	allowed := make(map[string]bool)
	key := func(lists map[plan.Side][]string) string {
		return strings.Join(lists[plan.Source], " ") + "|" + strings.Join(lists[plan.Target], " ")
	}
	forward := overlay.Forward(both())
	for i := range len(forward) + 1 {
		allowed[key(listed(forward[:i]))] = true
		if i == 0 {
			continue
		}
		way := overlay.WayBack(both(), forward[i-1])
		for n := range len(way) + 1 {
			allowed[key(listed(slices.Concat(forward[:i], way[:n])))] = true
		}
	}
	f.Fuzz(func(t *testing.T, picks []byte) {
		all := both()
		var reached []overlay.PhaseRef
		for _, pick := range picks {
			reached = append(reached, all[int(pick)%len(all)])
		}
		lists := listed(reached)
		if found := overlay.CheckPrefix(all, lists); (len(found) == 0) != allowed[key(lists)] {
			t.Errorf("%v: got %v, allowed: %t", lists, found, allowed[key(lists)])
		}
	})
}
