package proof_test

import (
	"testing"

	"cutover/generator/plan"
)

func TestCaughtUpAsksWhetherEachRecordWasCopiedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		arrange  func(source, target *side)
		anyone   bool // others than the mirror have written
		seen     string
		evidence []string
	}{
		"each once": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2", "a3")
				target.write("orders", 0, "a1", "a2", "a3")
				target.position(*forward(), "orders", 0, 2)
			},
			seen: "1 of 1 partition with records counted, each record once",
		},
		"some twice, far from the end": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2", "a3", "a4")
				target.write("orders", 0, "a1", "a2", "a1", "a2", "a3", "a4")
				target.position(*forward(), "orders", 0, 3)
			},
			seen:     "but in 1",
			evidence: []string{"orders-0: 2 records more than the original has: copied twice"},
		},
		"markers hide what was copied twice": {
			arrange: func(source, target *side) {
				source.transact("commit", "orders", 0, "a1") // 0, marker 1
				source.transact("abort", "orders", 0, "b2")  // 2, marker 3
				source.write("orders", 0, "a3")              // 4
				target.write("orders", 0, "a1", "a1", "a3")
				target.position(*forward(), "orders", 0, 4)
			},
			evidence: []string{"orders-0: 2 data records, and 3 copies of them: copied twice"},
		},
		"markers that were not copied": {
			arrange: func(source, target *side) {
				source.transact("commit", "orders", 0, "a1")
				source.write("orders", 0, "a3")
				target.write("orders", 0, "a1", "a3")
				target.position(*forward(), "orders", 0, 2)
			},
			seen: "1 of 1 partition with records counted",
		},
		"a record that was passed over": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2", "a3")
				target.write("orders", 0, "a1", "a3")
				target.position(*forward(), "orders", 0, 2)
			},
			evidence: []string{"orders-0: 3 data records, and 2 copies of them: records are missing"},
		},
		"retention has taken the beginning of the original": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2", "a3")
				target.write("orders", 0, "a1", "a2", "a3")
				source.deleteTo("orders", 0, 2)
				target.position(*forward(), "orders", 0, 2)
			},
			seen: "1 of 1 partition with records counted",
		},
		"retention has taken the beginning of the copy": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2", "a3")
				target.write("orders", 0, "a1", "a2", "a3")
				target.deleteTo("orders", 0, 2)
				target.position(*forward(), "orders", 0, 2)
			},
			seen: "0 of 1 partition with records counted",
		},
		"compaction makes the copy shorter": {
			arrange: func(source, target *side) {
				target.set("orders", "cleanup.policy", "compact")
				source.write("orders", 0, "k=a1", "l=a2", "l=a3")
				target.write("orders", 0, "k=a1", "l=a3")
				target.position(*forward(), "orders", 0, 2)
			},
			seen: "0 of 1 partition with records counted",
		},
		"a topic to which others write too is not counted": {
			anyone: true,
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1")
				target.write("orders", 0, "a1", "b2", "b3")
				target.position(*forward(), "orders", 0, 0)
			},
			seen: "1 of 1 partition copied to their end by their stored positions",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := pair(t)
			test.arrange(source, target)
			request := both(source, target)
			if !test.anyone {
				request.Scope.MirrorOnly = []string{"orders"}
			}
			expect(t, ask(t, request, plan.Gate{Name: "mirror-caught-up", Side: plan.Target, Topics: []string{"orders"}}), test.seen, test.evidence...)
		})
	}
}
