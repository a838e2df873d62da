package plan_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/plan"
)

// mirrored asks for the reverse mirror.
func mirrored(t testing.TB, text string) string {
	t.Helper()
	return strings.Replace(text, "mirror: {}\n", "mirror: {}\nrollback: {reverseMirror: true}\n", 1)
}

// eachShape plans every shape, with and without the reverse mirror.
func eachShape(t *testing.T, check func(t *testing.T, p *plan.Plan)) {
	t.Helper()
	for name, text := range shapes(t) {
		t.Run(name, func(t *testing.T) {
			p, _ := decide(t, text, found(t))
			check(t, p)
		})
		t.Run(name+", with a reverse mirror", func(t *testing.T) {
			p, _ := decide(t, mirrored(t, text), found(t))
			check(t, p)
		})
	}
}

func returning(p *plan.Plan) []string {
	var all []string
	for _, phase := range p.Returns {
		all = append(all, phase.Folder())
	}
	return all
}

func returnOf(t testing.TB, p *plan.Plan, folder string) plan.Phase {
	t.Helper()
	i := slices.IndexFunc(p.Returns, func(phase plan.Phase) bool { return phase.Folder() == folder })
	if i < 0 {
		t.Fatalf("there is no phase %s in %v", folder, returning(p))
	}
	return p.Returns[i]
}

func TestTheRollbackStandsInItsOrderTheLastBatchFirst(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"without a reverse mirror", declared, []string{
			"280-return-ingest-stop", "282-return-consumers-stop", "286-return-ingest-start", "289-return-downstream-start",
			"180-return-ingest-stop", "181-return-producers-stop", "182-return-consumers-stop",
			"186-return-ingest-start", "187-return-upstream-start", "188-return-dam-start", "189-return-downstream-start",
		}},
		{"with a reverse mirror", mirrored(t, declared), []string{
			"280-return-ingest-stop", "282-return-consumers-stop", "283-return-access", "284-return-mirror-start", "285-return-offsets-align",
			"286-return-ingest-start", "289-return-downstream-start",
			"180-return-ingest-stop", "181-return-producers-stop", "182-return-consumers-stop", "183-return-access", "184-return-mirror-start", "185-return-offsets-align",
			"186-return-ingest-start", "187-return-upstream-start", "188-return-dam-start", "189-return-downstream-start",
		}},
		{"with a reverse mirror and no user on the source", mirrored(t, shapes(t)["no user"]), []string{
			"280-return-ingest-stop", "282-return-consumers-stop", "284-return-mirror-start", "285-return-offsets-align",
			"286-return-ingest-start", "289-return-downstream-start",
			"180-return-ingest-stop", "181-return-producers-stop", "182-return-consumers-stop", "184-return-mirror-start", "185-return-offsets-align",
			"186-return-ingest-start", "187-return-upstream-start", "188-return-dam-start", "189-return-downstream-start",
		}},
		{"without workloads", shapes(t)["no workloads"], nil},
		{"a batch of consumers moves first, and goes back last", consumersFirst(t), []string{
			"280-return-ingest-stop", "281-return-producers-stop", "282-return-consumers-stop",
			"286-return-ingest-start", "287-return-upstream-start", "288-return-dam-start", "289-return-downstream-start",
			"182-return-consumers-stop", "189-return-downstream-start",
		}},
		{"a batch of consumers moves last, and is taken back by reverting", consumersLast(t), []string{
			"180-return-ingest-stop", "181-return-producers-stop", "182-return-consumers-stop",
			"186-return-ingest-start", "187-return-upstream-start", "188-return-dam-start", "189-return-downstream-start",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, _ := decide(t, test.text, found(t))
			if got := returning(p); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func consumersFirst(t testing.TB) string {
	t.Helper()
	return change(t, "[gateway, ticker, validator, release, notifier]", "[notifier]", "[ledger-source, invoices]", "[ledger-source, invoices, gateway, ticker, validator, release]",
		"accept:\n", "accept:\n- {rule: topic-across-batches, reason: x}\n")
}

func consumersLast(t testing.TB) string {
	t.Helper()
	return change(t, "[gateway, ticker, validator, release, notifier]", "[gateway, ticker, validator, release, ledger-source, invoices]", "[ledger-source, invoices]", "[notifier]",
		"accept:\n", "accept:\n- {rule: topic-across-batches, reason: x}\n")
}

func TestEveryPhaseOfTheRollbackChangesOneClusterAndDoesSomething(t *testing.T) {
	eachShape(t, func(t *testing.T, p *plan.Plan) {
		numbers := make(map[int]bool)
		for _, phase := range p.Phases {
			numbers[phase.Number] = true
			if phase.Returns {
				t.Errorf("%s leads forward", phase.Folder())
			}
		}
		for _, phase := range p.Returns {
			if numbers[phase.Number] || phase.Number%100 < 80 || phase.Number%100 > 89 || phase.Number >= 900 {
				t.Errorf("the number of %s is taken, or none of its batch's", phase.Folder())
			}
			numbers[phase.Number] = true
			if !phase.Returns || !phase.PastReturn || phase.Step == "" || phase.Back.Kind == "" || phase.Back.Text == "" {
				t.Errorf("%+v is incomplete", phase)
			}
			if len(phase.Releases)+len(phase.Scalings)+len(phase.Offsets) == 0 {
				t.Errorf("%s does nothing", phase.Folder())
			}
			if got, want := phase.Template(), fmt.Sprintf("1%02d-%s", phase.Number%100, phase.Name); got != want {
				t.Errorf("%s has the template %s, want %s", phase.Folder(), got, want)
			}
			if batch := p.Batches[phase.Number/100-1]; batch.Name != phase.Batch {
				t.Errorf("%s is of batch %s, want %s", phase.Folder(), phase.Batch, batch.Name)
			}
			for _, release := range phase.Releases {
				if !strings.HasPrefix(release, string(phase.Side)+"-") {
					t.Errorf("%s is on the %s and adds %s", phase.Folder(), phase.Side, release)
				}
			}
		}
	})
}

// From every phase that only the rollback takes back, the rollback leaves each workload of
// the batches that moved as it was before the first of them.
func TestTheRollbackBringsEveryWorkloadBackFromWhereverItBegins(t *testing.T) {
	begins := 0
	eachShape(t, func(t *testing.T, p *plan.Plan) {
		now := beginning(p)
		for _, phase := range p.Phases {
			for _, scaling := range phase.Scalings {
				now[place{phase.Side, scaling.Workload}] = scaling.To
			}
			if phase.Back.Kind != plan.SequenceBack {
				continue
			}
			begins++
			after := make(map[place]any)
			for at, value := range now {
				after[at] = value
			}
			for _, back := range p.Returns {
				for _, scaling := range back.Scalings {
					if back.Number/100 <= phase.Number/100 {
						after[place{back.Side, scaling.Workload}] = scaling.To
					}
					if scaling.From != nil {
						t.Errorf("%s knows from where it takes %s", back.Folder(), scaling.Workload)
					}
				}
			}
			if want := beginning(p); !reflect.DeepEqual(after, want) {
				t.Errorf("from %s the workloads end at %v, want %v", phase.Folder(), after, want)
			}
		}
	})
	if begins < 50 {
		t.Errorf("only %d beginnings were tried", begins)
	}
}

type place struct {
	side plan.Side
	name string
}

// beginning is where every workload is before the first batch: running on the source, at
// zero on the target.
func beginning(p *plan.Plan) map[place]any {
	all := make(map[place]any)
	for _, w := range p.Workloads {
		if w.Source != nil {
			all[place{plan.Source, w.Name}] = w.Source.Running
		}
		if w.Target != nil {
			all[place{plan.Target, w.Name}] = w.Target.Stopped
		}
	}
	return all
}

func TestAWorkloadStopsOnTheTargetBeforeItStartsAgainOnTheSource(t *testing.T) {
	eachShape(t, func(t *testing.T, p *plan.Plan) {
		stopped := make(map[string]bool)
		for _, phase := range p.Returns {
			for _, scaling := range phase.Scalings {
				i := slices.IndexFunc(p.Workloads, func(w plan.Workload) bool { return w.Name == scaling.Workload })
				switch {
				case phase.Side == plan.Target:
					stopped[scaling.Workload] = true
				case p.Workloads[i].Target.Runs() && !stopped[scaling.Workload]:
					t.Errorf("%s starts %s, which still runs on the target", phase.Folder(), scaling.Workload)
				}
			}
		}
	})
}

// Once a phase has started anything on the source, or copied to it, a revert would leave
// records there that a second way forward would copy again.
func TestOnlyWhatHasNotTouchedTheSourceIsReverted(t *testing.T) {
	eachShape(t, func(t *testing.T, p *plan.Plan) {
		touched := make(map[int]bool)
		for _, phase := range p.Returns {
			batch := phase.Number / 100
			touched[batch] = touched[batch] || phase.Positions != "" || len(phase.Offsets) > 0 || phase.Side == plan.Source && len(phase.Scalings) > 0
			want := plan.RevertBack
			if touched[batch] {
				want = plan.NoBack
			}
			if phase.Back.Kind != want {
				t.Errorf("the way back from %s is %s, want %s", phase.Folder(), phase.Back.Kind, want)
			}
		}
	})
}

func TestTheWayBackOfAForwardPhaseNamesTheRollbacksPhases(t *testing.T) {
	for _, test := range []struct{ name, text, folder, want string }{
		{"without a reverse mirror", declared, "150-upstream-start", "phases 180 to 189: the batch closes and drains on the target, what was written to the target since stays there"},
		{"with one", mirrored(t, declared), "240-ingest-start", "phases 280 to 289: the batch closes and drains on the target, a reverse mirror brings back what was written since"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, _ := decide(t, test.text, found(t))
			if back := phaseOf(t, p, test.folder).Back; back.Kind != plan.SequenceBack || !strings.Contains(back.Text, test.want) {
				t.Errorf("got %+v, want %q", back, test.want)
			}
		})
	}
}

func TestTheRollbacksGatesAskTheRightCluster(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	withMirror, _ := decide(t, mirrored(t, declared), found(t))
	for _, test := range []struct {
		p      *plan.Plan
		folder string
		want   []string
	}{
		{p, "180-return-ingest-stop", nil},
		{p, "181-return-producers-stop", []string{"source-quiet target [orders]"}},
		{p, "182-return-consumers-stop", []string{"drained target [accepted orders released ticks] [notifier release validator]"}},
		{p, "186-return-ingest-start", []string{"workloads-stopped target [gateway notifier release ticker validator]", "drained target [accepted orders released ticks] [notifier release validator]"}},
		{p, "187-return-upstream-start", []string{"workloads-ready source [gateway]"}},
		{p, "188-return-dam-start", []string{"workloads-ready source [ticker validator]"}},
		{p, "289-return-downstream-start", []string{"workloads-ready source [ledger-source]"}},
		{withMirror, "283-return-access", []string{"workloads-stopped target [invoices ledger-source]"}},
		{withMirror, "284-return-mirror-start", []string{
			"workloads-stopped target [invoices ledger-source]", "drained target [ledger] [invoices]", "mirror-paused target",
			"positions-recorded target [ledger]", "users-ready source", "secrets-present target"}},
		{withMirror, "285-return-offsets-align", []string{"workloads-stopped source [invoices ledger-source]", "mirror-caught-up source [ledger]"}},
		{withMirror, "286-return-ingest-start", []string{"offsets-aligned source [invoices]"}},
	} {
		t.Run(test.folder, func(t *testing.T) {
			var got []string
			for _, gate := range returnOf(t, test.p, test.folder).Gates {
				text := gate.Name + " " + string(gate.Side)
				for _, list := range [][]string{gate.Topics, gate.Groups, gate.Workloads} {
					if len(list) > 0 {
						text += fmt.Sprintf(" %v", list)
					}
				}
				if gate.Asks == "" {
					t.Errorf("%s asks nothing", text)
				}
				got = append(got, text)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// The forward mirror is paused in a commit before the one that starts the reverse mirror.
func TestTheTwoMirrorsNeverRunTogether(t *testing.T) {
	eachShape(t, func(t *testing.T, p *plan.Plan) {
		paused := make(map[int]bool)
		for _, phase := range p.Returns {
			if phase.Positions != "" {
				if !paused[phase.Number/100] || phase.Mirror != "" {
					t.Errorf("%s starts the reverse mirror beside the forward one", phase.Folder())
				}
				if !slices.ContainsFunc(phase.Gates, func(g plan.Gate) bool { return g.Name == "mirror-paused" }) {
					t.Errorf("%s does not ask whether the forward mirror is paused", phase.Folder())
				}
			}
			paused[phase.Number/100] = paused[phase.Number/100] || phase.Mirror == plan.PauseMirror
		}
		if len(p.ReturnMirrors) == 0 && len(paused) > 0 && slices.ContainsFunc(p.Returns, func(phase plan.Phase) bool { return phase.Mirror != "" }) {
			t.Error("the forward mirror is paused for nothing")
		}
	})
}

func TestOffsetsAreAlignedOnTheSourceForEveryGroupOfTheBatch(t *testing.T) {
	p, _ := decide(t, mirrored(t, declared), found(t))
	want := []plan.GroupOffsets{{Group: "notifier", Topics: []string{"released"}}, {Group: "release", Topics: []string{"accepted"}}, {Group: "validator", Topics: []string{"orders", "ticks"}}}
	phase := returnOf(t, p, "185-return-offsets-align")
	if !reflect.DeepEqual(phase.Offsets, want) || phase.Side != plan.Source {
		t.Errorf("got %v on the %s, want %v", phase.Offsets, phase.Side, want)
	}
}

func TestATopicThatTwoBatchesProduceIsNotMirroredBack(t *testing.T) {
	text := mirrored(t, change(t, "  tier: downstream\n  consumes: [ledger]\n", "  tier: downstream\n  consumes: [ledger]\n  produces: [released]\n"))
	p, findings := decide(t, text, found(t))
	wantOne(t, findings, "return-topic-shared", "topic released", finding.Warning)
	for _, mirror := range p.ReturnMirrors {
		if slices.Contains(mirror.Topics, "released") {
			t.Errorf("%s brings it back all the same", mirror.Name)
		}
	}
	if _, findings := decide(t, strings.Replace(text, "rollback: {reverseMirror: true}\n", "", 1), found(t)); len(about(findings, "return-topic-shared", "topic released")) > 0 {
		t.Error("it is told though nothing is mirrored back")
	}
}
