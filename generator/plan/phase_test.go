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

func folders(p *plan.Plan) []string {
	var all []string
	for _, phase := range p.Phases {
		all = append(all, phase.Folder())
	}
	return all
}

func phaseOf(t testing.TB, p *plan.Plan, folder string) plan.Phase {
	t.Helper()
	i := slices.IndexFunc(p.Phases, func(phase plan.Phase) bool { return phase.Folder() == folder })
	if i < 0 {
		t.Fatalf("there is no phase %s in %v", folder, folders(p))
	}
	return p.Phases[i]
}

func TestPhasesStandInTheOrderOfTheDesign(t *testing.T) {
	p, _ := decide(t, change(t, "mirror: {}\n", "mirror: {}\nretire: true\n"), found(t))
	want := []string{
		"000-source-monitoring", "010-source-access", "020-target-operator", "030-target-kafka", "040-target-monitoring", "050-target-topics", "060-target-users",
		"070-rehearse-start", "080-rehearse-stop", "090-mirror-start", "095-source-hold",
		"100-ingest-stop", "110-producers-stop", "120-consumers-stop", "130-offsets-align", "140-ingest-start", "150-upstream-start", "160-dam-start", "170-downstream-start",
		"200-ingest-stop", "220-consumers-stop", "230-offsets-align", "240-ingest-start", "270-downstream-start",
		"900-mirror-stop", "905-mirror-remove", "910-source-retire",
	}
	if got := folders(p); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// shapes are migrations of many forms.
func shapes(t testing.TB) map[string]string {
	t.Helper()
	alone, _, _ := strings.Cut(declared, "workloads:")
	return map[string]string{
		"two batches":                    declared,
		"no batches":                     change(t, declared[strings.Index(declared, "batches:"):strings.Index(declared, "accept:")], ""),
		"no workloads":                   alone,
		"one of each":                    change(t, "mirror: {}\n", "mirror: {}\nretire: true\nrehearsal: {skip: true}\n"),
		"nothing watched":                change(t, "mirror: {}\n", "mirror: {}\nmonitoring: {source: {skip: true}}\n"),
		"no user":                        change(t, "  authentication:\n    type: scram-sha-512\n    username: mirror\n", ""),
		"upstream Strimzi":               change(t, "amq-streams\n", "strimzi\n", `"1.8"`, `"0.24"`, "  olm: {channel: amq-streams-1.8.x, startingCSV: amqstreams.v1.8.4}\n", "  operatorChart: chart\n"),
		"a workload on the target alone": change(t, "batches:\n", "- name: fresh\n  tier: downstream\n  consumes: [orders]\n  groups: [fresh]\n  target: {kind: Deployment, replicas: 2}\nbatches:\n", "[ledger-source, invoices]", "[ledger-source, invoices, fresh]"),
		"eight batches": change(t, declared[strings.Index(declared, "batches:"):strings.Index(declared, "accept:")],
			"batches:\n- {name: a, workloads: [gateway]}\n- {name: b, workloads: [ticker]}\n- {name: c, workloads: [validator]}\n- {name: d, workloads: [release]}\n- {name: e, workloads: [notifier]}\n- {name: f, workloads: [ledger-source]}\n- {name: g, workloads: [invoices]}\n- {name: h, workloads: []}\n"),
	}
}

func everyShape(t *testing.T, check func(t *testing.T, p *plan.Plan)) {
	t.Helper()
	for name, text := range shapes(t) {
		t.Run(name, func(t *testing.T) {
			p, _ := decide(t, text, found(t))
			check(t, p)
		})
	}
}

func TestPhaseNumbersGrow(t *testing.T) {
	everyShape(t, func(t *testing.T, p *plan.Plan) {
		for i := 1; i < len(p.Phases); i++ {
			if p.Phases[i-1].Number >= p.Phases[i].Number {
				t.Errorf("%s stands before %s", p.Phases[i-1].Folder(), p.Phases[i].Folder())
			}
		}
		for _, phase := range p.Phases {
			if len(phase.ID()) != 3 || !strings.HasPrefix(phase.Folder(), phase.ID()+"-") {
				t.Errorf("%d has the id %s", phase.Number, phase.ID())
			}
		}
	})
}

func TestEveryPhaseChangesOneClusterAndDoesSomething(t *testing.T) {
	everyShape(t, func(t *testing.T, p *plan.Plan) {
		for _, phase := range p.Phases {
			if phase.Side != plan.Source && phase.Side != plan.Target {
				t.Errorf("%s is on %q", phase.Folder(), phase.Side)
			}
			if len(phase.Releases)+len(phase.Scalings)+len(phase.Offsets) == 0 && phase.Mirror == "" && !phase.Retires {
				t.Errorf("%s does nothing", phase.Folder())
			}
			if phase.Step == "" || phase.Back.Kind == "" || phase.Back.Text == "" {
				t.Errorf("%s has no step or no way back: %+v", phase.Folder(), phase)
			}
			for _, release := range phase.Releases {
				if !strings.HasPrefix(release, string(phase.Side)) && release != plan.StrimziOperator {
					t.Errorf("%s is on the %s and adds %s", phase.Folder(), phase.Side, release)
				}
			}
			for _, gate := range phase.Gates {
				if gate.Name == "" || gate.Asks == "" || (gate.Side != plan.Source && gate.Side != plan.Target) {
					t.Errorf("%s has an incomplete gate: %+v", phase.Folder(), gate)
				}
			}
		}
	})
}

func TestEveryReleaseIsAddedOnce(t *testing.T) {
	everyShape(t, func(t *testing.T, p *plan.Plan) {
		added := make(map[string]string)
		for _, phase := range p.Phases {
			for _, release := range phase.Releases {
				if before, ok := added[release]; ok {
					t.Errorf("%s is added by %s and %s", release, before, phase.Folder())
				}
				added[release] = phase.Folder()
			}
		}
	})
}

// A workload begins as its release has it: running on the source, stopped on the target.
// Each phase must find it as the one before left it, for its patch tests that.
func TestEveryScalingBeginsWhereTheLastOneEnded(t *testing.T) {
	everyShape(t, func(t *testing.T, p *plan.Plan) {
		type place struct {
			side plan.Side
			name string
		}
		now := make(map[place]any)
		for _, w := range p.Workloads {
			if w.Source != nil {
				now[place{plan.Source, w.Name}] = w.Source.Running
			}
			if w.Target != nil {
				now[place{plan.Target, w.Name}] = w.Target.Stopped
			}
		}
		released := make(map[plan.Side]bool)
		for _, phase := range p.Phases {
			for _, release := range phase.Releases {
				released[phase.Side] = released[phase.Side] || release == plan.SourceWorkloads || release == plan.TargetWorkloads
			}
			for _, scaling := range phase.Scalings {
				at := place{phase.Side, scaling.Workload}
				if !released[phase.Side] {
					t.Errorf("%s scales %s before anybody owns its replica count", phase.Folder(), scaling.Workload)
				}
				if scaling.From != now[at] || scaling.From == scaling.To {
					t.Errorf("%s takes %s from %v to %v, and it is at %v", phase.Folder(), scaling.Workload, scaling.From, scaling.To, now[at])
				}
				now[at] = scaling.To
			}
		}
		for _, w := range p.Workloads {
			if w.Source != nil && now[place{plan.Source, w.Name}] != w.Source.Stopped {
				t.Errorf("%s still runs on the source", w.Name)
			}
			if w.Target != nil && now[place{plan.Target, w.Name}] != w.Target.Running {
				t.Errorf("%s does not run on the target", w.Name)
			}
		}
	})
}

func TestAWorkloadStopsOnTheSourceBeforeItStartsOnTheTarget(t *testing.T) {
	everyShape(t, func(t *testing.T, p *plan.Plan) {
		stopped := make(map[string]bool)
		for _, phase := range p.Phases {
			for _, scaling := range phase.Scalings {
				i := slices.IndexFunc(p.Workloads, func(w plan.Workload) bool { return w.Name == scaling.Workload })
				if phase.Side == plan.Source {
					stopped[scaling.Workload] = true
				} else if phase.Number >= 100 && p.Workloads[i].Source != nil && !stopped[scaling.Workload] {
					t.Errorf("%s starts %s, which still runs on the source", phase.Folder(), scaling.Workload)
				}
			}
		}
	})
}

func scaled(phase plan.Phase) []string {
	var all []string
	for _, s := range phase.Scalings {
		all = append(all, fmt.Sprintf("%s %v-%v", s.Workload, s.From, s.To))
	}
	slices.Sort(all)
	return all
}

func TestEachPhaseOfABatchMovesItsOwnWorkloads(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	for folder, want := range map[string][]string{
		"070-rehearse-start":   {"invoices 0-2", "notifier 0-4", "release 0-1", "validator 0-3"},
		"080-rehearse-stop":    {"invoices 2-0", "notifier 4-0", "release 1-0", "validator 3-0"},
		"100-ingest-stop":      {"gateway 2-0"},
		"110-producers-stop":   {"ticker false-true"},
		"120-consumers-stop":   {"notifier 4-0", "release 1-0", "validator 3-0"},
		"140-ingest-start":     {"gateway 0-2"},
		"150-upstream-start":   {"ticker true-false", "validator 0-3"},
		"160-dam-start":        {"release 0-1"},
		"170-downstream-start": {"notifier 0-4"},
		"200-ingest-stop":      {"ledger-source false-true"},
		"220-consumers-stop":   {"invoices 2-0"},
		"240-ingest-start":     {"ledger-source true-false"},
		"270-downstream-start": {"invoices 0-2"},
	} {
		t.Run(folder, func(t *testing.T) {
			if got := scaled(phaseOf(t, p, folder)); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func gateNames(phase plan.Phase) []string {
	var all []string
	for _, gate := range phase.Gates {
		all = append(all, gate.Name)
	}
	return all
}

func TestGatesOfTheDesignAreThere(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	for folder, want := range map[string][]string{
		"000-source-monitoring": {"inventory-complete"},
		"010-source-access":     {"source-reachable"},
		"030-target-kafka":      {"operator-ready", "secrets-present"},
		"050-target-topics":     {"kafka-ready"},
		"060-target-users":      {"secrets-present"},
		"070-rehearse-start":    {"topics-ready", "users-ready", "retention-parity"},
		"080-rehearse-stop":     {"workloads-ready"},
		"090-mirror-start":      {"groups-not-ahead"},
		"100-ingest-stop":       {"mirror-running"},
		"110-producers-stop":    {"source-quiet"},
		"120-consumers-stop":    {"drained"},
		"130-offsets-align":     {"mirror-caught-up"},
		"140-ingest-start":      {"offsets-aligned"},
		"150-upstream-start":    {"workloads-ready"},
		"900-mirror-stop":       {"source-quiet", "tails-equal"},
	} {
		t.Run(folder, func(t *testing.T) {
			got := gateNames(phaseOf(t, p, folder))
			for _, name := range want {
				if !slices.Contains(got, name) {
					t.Errorf("got %v, want %s among them", got, name)
				}
			}
		})
	}
}

// An empty list of a gate stands for all that moves. Within a batch that would ask of
// workloads which are not to be stopped yet, and could never hold.
func TestGatesOfABatchSpeakOfTheBatch(t *testing.T) {
	everyShape(t, func(t *testing.T, p *plan.Plan) {
		for _, phase := range p.Phases {
			if phase.Number < 100 || phase.Number >= 900 || len(p.Batches) < 2 {
				continue
			}
			for _, gate := range phase.Gates {
				empty := len(gate.Topics)+len(gate.Groups)+len(gate.Workloads) == 0
				if empty && gate.Name != "mirror-running" {
					t.Errorf("%s of batch %s: gate %s speaks of everything", phase.Folder(), phase.Batch, gate.Name)
				}
			}
		}
	})
}

// A producer that comes up before the mirror has copied the last old record of its topics
// writes new records between old ones.
func TestNoTierStartsBeforeTheMirrorHasCaughtUp(t *testing.T) {
	everyShape(t, func(t *testing.T, p *plan.Plan) {
		caughtUp := make(map[string]bool)
		for _, phase := range p.Phases {
			if slices.Contains(gateNames(phase), "mirror-caught-up") {
				caughtUp[phase.Batch] = true
			}
			if strings.HasSuffix(phase.Name, "-start") && phase.Number >= 100 && !caughtUp[phase.Batch] {
				t.Errorf("%s of batch %s starts without asking whether the mirror has caught up", phase.Folder(), phase.Batch)
			}
		}
	})
}

func TestOffsetsAreAlignedForEveryGroupOfTheBatch(t *testing.T) {
	inv := found(t)
	inv.Groups = append(inv.Groups, group("validator", "orders", "elsewhere"))
	p, _ := decide(t, declared, inv)
	want := []plan.GroupOffsets{{Group: "notifier", Topics: []string{"released"}}, {Group: "release", Topics: []string{"accepted"}}, {Group: "validator", Topics: []string{"orders"}}}
	if got := phaseOf(t, p, "130-offsets-align").Offsets; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	want = []plan.GroupOffsets{{Group: "invoices", Topics: []string{"ledger"}}}
	if got := phaseOf(t, p, "230-offsets-align").Offsets; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestThePointOfNoReturnIsTheFirstProducerOnTheTarget(t *testing.T) {
	for _, test := range []struct{ name, text, first string }{
		{"an ingesting producer", declared, "140-ingest-start"},
		{"a batch of consumers first", change(t, "[gateway, ticker, validator, release, notifier]", "[notifier]", "[ledger-source, invoices]", "[ledger-source, invoices, gateway, ticker, validator, release]",
			"accept:\n", "accept:\n- {rule: topic-across-batches, reason: x}\n"), "240-ingest-start"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, _ := decide(t, test.text, found(t))
			past := false
			for _, phase := range p.Phases {
				past = past || phase.Folder() == test.first
				if phase.PastReturn != past {
					t.Errorf("%s is past the point of no return: %t, want %t", phase.Folder(), phase.PastReturn, past)
				}
			}
			if !past {
				t.Fatalf("there is no phase %s in %v", test.first, folders(p))
			}
			if back := phaseOf(t, p, test.first).Back; back.Kind != "sequence" {
				t.Errorf("its way back is %+v", back)
			}
			for _, phase := range p.Phases {
				if !phase.PastReturn && phase.Back.Kind != "revert" {
					t.Errorf("%s has the way back %+v, want a revert", phase.Folder(), phase.Back)
				}
			}
		})
	}
}

func TestTheRehearsalLeavesIngestionClosed(t *testing.T) {
	p, _ := decide(t, change(t, "  tier: dam\n", "  tier: dam\n  rehearse: false\n"), found(t))
	for _, scaling := range scaled(phaseOf(t, p, "070-rehearse-start")) {
		for _, closed := range []string{"gateway", "ledger-source", "release"} {
			if strings.HasPrefix(scaling, closed+" ") {
				t.Errorf("%s is rehearsed", closed)
			}
		}
	}
	p, _ = decide(t, change(t, "  tier: ingest\n", "  tier: ingest\n  rehearse: true\n"), found(t))
	if got := scaled(phaseOf(t, p, "070-rehearse-start")); !slices.Contains(got, "gateway 0-2") {
		t.Errorf("got %v, want the gateway, which asks for it", got)
	}
}

func TestWithoutARehearsalTheWorkloadsWaitAtZero(t *testing.T) {
	p, _ := decide(t, change(t, "mirror: {}\n", "mirror: {}\nrehearsal: {skip: true}\n"), found(t))
	if slices.Contains(folders(p), "070-rehearse-start") {
		t.Error("it is rehearsed all the same")
	}
	if got := phaseOf(t, p, "080-rehearse-stop").Releases; !slices.Equal(got, []string{plan.TargetWorkloads}) {
		t.Errorf("got %v", got)
	}
}

func TestPhasesWithNothingToDoAreLeftOut(t *testing.T) {
	inv := found(t)
	inv.Topics, inv.Users = nil, nil
	alone, _, _ := strings.Cut(declared, "workloads:")
	alone = strings.Replace(alone, "  authentication:\n    type: scram-sha-512\n    username: mirror\n", "", 1)
	alone = strings.Replace(alone, "mirror: {}\n", "mirror: {}\nmonitoring: {source: {skip: true}}\n", 1)
	alone = strings.Replace(alone, "  storageClass: fast\n", "  storageClass: fast\n  listeners: [{name: in, port: 9092, type: internal, tls: true}]\n", 1)
	p, _ := decide(t, alone, inv)
	want := []string{"020-target-operator", "030-target-kafka", "040-target-monitoring", "090-mirror-start", "900-mirror-stop", "905-mirror-remove"}
	if got := folders(p); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTheUpstreamChartIsARelease(t *testing.T) {
	p, _ := decide(t, shapes(t)["upstream Strimzi"], found(t))
	if got := phaseOf(t, p, "020-target-operator").Releases; !slices.Equal(got, []string{plan.TargetOperator, plan.StrimziOperator}) {
		t.Errorf("got %v", got)
	}
}

func TestAPhaseOfALaterBatchHasTheTemplateOfTheFirst(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	for folder, want := range map[string]string{"240-ingest-start": "140-ingest-start", "140-ingest-start": "140-ingest-start", "095-source-hold": "095-source-hold", "900-mirror-stop": "900-mirror-stop"} {
		if got := phaseOf(t, p, folder).Template(); got != want {
			t.Errorf("%s has the template %s, want %s", folder, got, want)
		}
	}
}

func TestAnInventoryOfAnotherClusterIsRefused(t *testing.T) {
	inv := found(t)
	inv.Kafka.Name = "other"
	errs := refuse(t, declared, inv)
	if len(errs) != 1 || errs[0].Rule != "wrong-inventory" || errs[0].Line == 0 || errs[0].Severity != finding.Error {
		t.Errorf("got %+v", errs)
	}
}
