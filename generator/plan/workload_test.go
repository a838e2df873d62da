package plan_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/plan"
)

func group(name string, topics ...string) inventory.Group {
	return inventory.Group{Name: name, State: "Stable", Topics: topics}
}

func workload(t testing.TB, p *plan.Plan, name string) plan.Workload {
	t.Helper()
	i := slices.IndexFunc(p.Workloads, func(w plan.Workload) bool { return w.Name == name })
	if i < 0 {
		t.Fatalf("there is no workload %s", name)
	}
	return p.Workloads[i]
}

func TestWorkloadsRunAsTheInventoryFoundThem(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	for _, test := range []struct {
		name, workload string
		side           plan.Side
		want           plan.Runner
	}{
		{"a Deployment keeps its count", "gateway", plan.Source, plan.Runner{APIVersion: "apps/v1", Kind: "Deployment", Name: "gateway", Namespace: "apps", Field: "replicas", Running: int32(2), Stopped: int32(0)}},
		{"and has it on the target", "gateway", plan.Target, plan.Runner{APIVersion: "apps/v1", Kind: "Deployment", Name: "gateway", Namespace: "apps", Field: "replicas", Running: int32(2), Stopped: int32(0)}},
		{"a DeploymentConfig", "validator", plan.Source, plan.Runner{APIVersion: "apps.openshift.io/v1", Kind: "DeploymentConfig", Name: "validator", Namespace: "apps", Field: "replicas", Running: int32(3), Stopped: int32(0)}},
		{"becomes a Deployment", "validator", plan.Target, plan.Runner{APIVersion: "apps/v1", Kind: "Deployment", Name: "validator", Namespace: "apps", Field: "replicas", Running: int32(3), Stopped: int32(0)}},
		{"a CronJob in the source's version", "ticker", plan.Source, plan.Runner{APIVersion: "batch/v1beta1", Kind: "CronJob", Name: "ticker", Namespace: "apps", Field: "suspend", Running: false, Stopped: true}},
		{"and in the target's", "ticker", plan.Target, plan.Runner{APIVersion: "batch/v1", Kind: "CronJob", Name: "ticker", Namespace: "apps", Field: "suspend", Running: false, Stopped: true}},
		{"a connector in the source's version", "ledger-source", plan.Source, plan.Runner{APIVersion: "kafka.strimzi.io/v1alpha1", Kind: "KafkaConnector", Name: "ledger-source", Namespace: "kafka", Field: "pause", Running: false, Stopped: true}},
		{"and beside the target's Kafka", "ledger-source", plan.Target, plan.Runner{APIVersion: "kafka.strimzi.io/v1beta2", Kind: "KafkaConnector", Name: "ledger-source", Namespace: "streams", Field: "pause", Running: false, Stopped: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := workload(t, p, test.workload).Runner(test.side); got == nil || *got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestDeclaredCountsAndNamesWin(t *testing.T) {
	p, _ := decide(t, change(t, "  groups: [notifier]\n  source: {kind: Deployment, namespace: apps}\n",
		"  groups: [notifier]\n  source: {kind: Deployment, namespace: apps, replicas: 7}\n  target: {kind: StatefulSet, name: notify, namespace: other, replicas: 9}\n"), found(t))
	w := workload(t, p, "notifier")
	if w.Source.Running != int32(7) || w.Target.Running != int32(9) || w.Target.Kind != "StatefulSet" || w.Target.Name != "notify" || w.Target.Namespace != "other" {
		t.Errorf("got %+v and %+v", w.Source, w.Target)
	}
}

func TestAWorkloadAtZeroIsNeitherStoppedNorStarted(t *testing.T) {
	inv := found(t)
	inv.Workloads[1].Replicas = 0
	p, _ := decide(t, declared, inv)
	for _, phase := range p.Phases {
		for _, scaling := range phase.Scalings {
			if scaling.Workload == "gateway" {
				t.Errorf("%s takes it from %v to %v", phase.Folder(), scaling.From, scaling.To)
			}
		}
	}
}

// A CronJob that is suspended and a connector that is paused on the source must not begin
// to run because cutover takes their field over.
func TestWhatIsSuspendedOnTheSourceStaysSo(t *testing.T) {
	for name, i := range map[string]int{"ticker": 0, "ledger-source": 6} {
		t.Run(name, func(t *testing.T) {
			inv := found(t)
			if inv.Workloads[i].Name != name {
				t.Fatalf("workload %d is %s", i, inv.Workloads[i].Name)
			}
			inv.Workloads[i].Replicas = 0
			p, _ := decide(t, declared, inv)
			w := workload(t, p, name)
			if w.Source.Running != true || w.Target.Running != true {
				t.Errorf("it runs with %s: %v on the source and %v on the target, want true", w.Source.Field, w.Source.Running, w.Target.Running)
			}
		})
	}
}

func TestAWorkloadThatTheInventoryDoesNotHaveIsAWarning(t *testing.T) {
	inv := found(t)
	inv.Workloads = slices.DeleteFunc(inv.Workloads, func(w inventory.Workload) bool { return w.Name == "gateway" })
	_, findings := decide(t, declared, inv)
	f := wantOne(t, findings, "workload-not-in-inventory", "", finding.Warning)
	if !strings.Contains(f.Message, "Deployment apps/gateway") || f.Line == 0 {
		t.Errorf("got %+v", f)
	}
}

func TestWhatUsesTheClusterAndNobodyListsIsAWarning(t *testing.T) {
	inv := found(t)
	inv.Workloads = append(inv.Workloads, runs("Deployment", "apps", "shadow", 1))
	_, findings := decide(t, declared, inv)
	wantOne(t, findings, "workload-unlisted", "Deployment apps/shadow", finding.Warning)
}

func TestGroupsThatNobodyListsAreWarnings(t *testing.T) {
	inv := found(t)
	inv.Groups = []inventory.Group{group("validator", "orders"), group("shadow", "orders"), group("console-consumer-123", "orders"), group("lake-1", "orders")}
	_, findings := decide(t, change(t, "mirror: {}\n", "mirror: {groupsExclude: ['lake-.*']}\n"), inv)
	wantOne(t, findings, "group-unlisted", "group shadow", finding.Warning)
	for _, quiet := range []string{"validator", "console-consumer-123", "lake-1"} {
		if asked := about(findings, "group-unlisted", "group "+quiet); len(asked) > 0 {
			t.Errorf("got %v", asked)
		}
	}
}

func TestSourceConnectorsAskForTheirPosition(t *testing.T) {
	inv := found(t)
	inv.Connectors = []inventory.Connector{{Name: "ledger-source", Cluster: "big", Namespace: "kafka"}}
	inv.Connects = []inventory.Connect{{Kind: "KafkaConnect", Name: "big", Namespace: "kafka"}}
	_, findings := decide(t, declared, inv)
	f := wantOne(t, findings, "connector-offsets", "workload ledger-source", finding.Warning)
	if !strings.Contains(f.Message, "KafkaConnect big") || f.Accepted == "" {
		t.Errorf("got %+v", f)
	}
}

func TestBatchesHoldTheirWorkloads(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	if len(p.Batches) != 2 || p.Batches[0].Number != 1 || p.Batches[1].Number != 2 || len(p.Batches[0].Workloads) != 5 || len(p.Batches[1].Workloads) != 2 {
		t.Errorf("got %+v", p.Batches)
	}
	p, _ = decide(t, shapes(t)["no batches"], found(t))
	if len(p.Batches) != 1 || len(p.Batches[0].Workloads) != 7 || p.Batches[0].Name != "" {
		t.Errorf("got %+v", p.Batches)
	}
}

func TestTiersComeUpInTheirOrder(t *testing.T) {
	p, _ := decide(t, declared, found(t))
	var order []migration.Tier
	for _, phase := range p.Phases {
		if tier, ok := strings.CutSuffix(phase.Name, "-start"); ok && phase.Number > 100 && phase.Number < 200 {
			order = append(order, migration.Tier(tier))
		}
	}
	if !slices.Equal(order, migration.Tiers()) {
		t.Errorf("got %v, want %v", order, migration.Tiers())
	}
}
