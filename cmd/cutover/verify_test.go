package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// smallFolder is that of a migration with three workloads, of which two have a group.
const smallFolder = "../../generator/testdata/small"

// fakeBrokers gives a client of a cluster with topics of one partition, and its address.
func fakeBrokers(t *testing.T, topics ...string) (*kgo.Client, string) {
	t.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, topics...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client, fake.ListenAddrs()[0]
}

// brokers gives a cluster with the two topics of the small migration, a record in each, and
// a client of it.
func brokers(t *testing.T) (*kgo.Client, string) {
	t.Helper()
	client, address := fakeBrokers(t, "orders.eu", "on")
	for _, topic := range []string{"orders.eu", "on"} {
		if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Value: []byte("a"), Timestamp: time.UnixMilli(1_600_000_000_000)}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	return client, address
}

func commit(t *testing.T, client *kgo.Client, group, topic string, at int64) {
	t.Helper()
	all := make(kadm.Offsets)
	all.Add(kadm.Offset{Topic: topic, At: at, LeaderEpoch: -1})
	if err := kadm.NewClient(client).CommitAllOffsets(t.Context(), group, all); err != nil {
		t.Fatal(err)
	}
}

// committed gives what a group has committed on partition 0 of a topic, -1 for nothing.
func committed(t *testing.T, client *kgo.Client, group, topic string) int64 {
	t.Helper()
	offsets, err := kadm.NewClient(client).FetchOffsets(t.Context(), group)
	if one, ok := offsets.Lookup(topic, 0); err == nil && ok {
		return one.At
	}
	return -1
}

// verified runs cutover verify on the small migration.
func verified(args ...string) ran {
	return command(append([]string{"verify", smallFolder, "--quiet-for", "1ms"}, args...)...)
}

func TestVerifyTellsWhetherAPhaseMayStart(t *testing.T) {
	client, address := brokers(t)
	commit(t, client, "appxv1", "orders.eu", 1)
	commit(t, client, "nightly", "on", 0)
	verified("--phase", "120", "--source-bootstrap", address).says(t, exitFindings, "group nightly is 1 behind on on-0: committed 0, log end 1", "")
	commit(t, client, "nightly", "on", 1)
	verified("--phase", "120", "--source-bootstrap", address).says(t, exitDone, "phase 120 consumers-stop on the source of small: 1 of 1 gates hold\n  drained  source  holds  lag 0 over 2 groups and 2 partitions; 0 log ends moved\n", "")
}

func TestVerifyTellsMachinesInJSON(t *testing.T) {
	client, address := brokers(t)
	commit(t, client, "appxv1", "orders.eu", 0)
	commit(t, client, "nightly", "on", 1)
	got := verified("--phase", "120", "--source-bootstrap", address, "-o", "json")
	got.says(t, exitFindings, "", "")
	if !json.Valid([]byte(got.out)) {
		t.Fatal("this is no JSON")
	}
	path := filepath.Join("testdata", "verify.json")
	if *update {
		if err := os.WriteFile(path, []byte(got.out), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got.out != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got.out, want)
	}
}

func TestVerifyWaitsUntilTheGatesHold(t *testing.T) {
	client, address := brokers(t)
	commit(t, client, "appxv1", "orders.eu", 1)
	commit(t, client, "nightly", "on", 0)
	done := make(chan ran)
	go func() { done <- verified("--phase", "120", "--source-bootstrap", address, "--wait", "1m") }()
	commit(t, client, "nightly", "on", 1)
	got := <-done
	got.says(t, exitDone, "1 of 1 gates hold", "")
}

func TestVerifyRefusesWrongInput(t *testing.T) {
	for name, test := range map[string]struct {
		args   []string
		errors string
	}{
		"no phase":             {nil, "--phase is missing"},
		"a phase there is not": {[]string{"--phase", "121"}, `there is no phase "121"`},
		"no cluster":           {[]string{"--phase", "120"}, "no cluster is named"},
		"a wait for nothing":   {[]string{"--phase", "120", "--quiet-for", "0s"}, "--quiet-for, --window and --tail must be more than 0"},
		"a file of connections that is not there": {[]string{"--phase", "120", "--connections", "none.yaml"}, "none.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			verified(test.args...).says(t, exitFailure, "", test.errors)
		})
	}
}

func TestVerifyDoesNotWaitForWrongCredentials(t *testing.T) {
	got := verified("--phase", "120", "--source-bootstrap", "127.0.0.1:1", "--wait", "1h")
	got.says(t, exitFindings, "no broker can be reached", "")
	if !strings.Contains(got.out, "unknown  cannot be told") {
		t.Errorf("got\n%s", got.out)
	}
}

func TestAPhaseWithoutGatesNeedsNoCluster(t *testing.T) {
	verified("--phase", "180").says(t, exitDone, "nothing must hold before it", "")
}

// proven is the guard of phase 100 with a gate that asks brokers, and a file of connections.
func proven(t *testing.T, address string) (text, connections string) {
	t.Helper()
	dir := t.TempDir()
	connections = filepath.Join(dir, "connections.yaml")
	content := fmt.Sprintf("apiVersion: cutover/v1alpha1\nkind: Connections\nsource:\n  kafka: {bootstrap: %q}\n", address)
	if err := os.WriteFile(connections, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(
		"gate:\n", "scope:\n  source: {namespace: kafka, name: old}\n  target: {namespace: streams, name: new}\ngate:\n",
		`{gate: mirror-running, cluster: target, asks: "does it run?"}`, `{gate: drained, cluster: source, asks: "is it drained?", groups: [appxv1]}`,
	).Replace(guard), connections
}

func TestTheGateJobProvesItsGatesAndKeepsTheirAnswers(t *testing.T) {
	client, address := brokers(t)
	commit(t, client, "appxv1", "orders.eu", 0)
	text, connections := proven(t, address)
	s := pair("095", "090")
	args := []string{"--connections", connections, "--quiet-for", "1ms"}
	gatedBy(t, s, text, args...).says(t, exitFindings, "does not hold: lag 1 over 1 group and 1 partition", "nothing was changed: these gates do not hold: drained")
	if len(s.writes) != 1 || s.writes[0] != "PUT "+ledgerPath {
		t.Errorf("it wrote %v", s.writes)
	}
	refused, _ := s.objects[ledgerPath]["data"].(map[string]any)
	if text := fmt.Sprint(refused["100.gates"]); refused["done"] != "095" || !strings.Contains(text, `"holds":false`) || !strings.Contains(text, `"evidence":["group appxv1`) {
		t.Errorf("the ledger is %v", refused)
	}
	commit(t, client, "appxv1", "orders.eu", 1)
	gatedBy(t, s, text, args...).says(t, exitDone, "holds: lag 0 over 1 group and 1 partition", "")
	gatedBy(t, s, text, "--done").says(t, exitDone, "100 written, was 095", "")
	data, _ := s.objects[ledgerPath]["data"].(map[string]any)
	if !strings.Contains(fmt.Sprint(data["100"]), `"answer":"holds: lag 0 over 1 group and 1 partition; 0 log ends moved","holds":true,"at":"20`) {
		t.Errorf("the ledger is %v", data)
	}
	commit(t, client, "appxv1", "orders.eu", 0)
	gatedBy(t, s, text, args...).says(t, exitDone, "done already", "")
}

func TestTheGateJobAsksNothingOnTheWayBack(t *testing.T) {
	client, address := brokers(t)
	commit(t, client, "appxv1", "orders.eu", 0)
	text, connections := proven(t, address)
	gatedBy(t, pair("120", "090"), text, "--connections", connections, "--quiet-for", "1ms").says(t, exitDone, "not asked", "")
}

func TestTheGateJobRefusesAGateWithoutScope(t *testing.T) {
	_, connections := proven(t, "127.0.0.1:1")
	gated(t, pair("095", "090"), "--connections", connections).says(t, exitFailure, "", "it does not say what its gates speak of")
	gated(t, pair("095", "090"), "--wait", "1m").says(t, exitFailure, "", "--wait goes with --connections")
}

func TestTheGateJobSetsTheOffsetsOfItsPhase(t *testing.T) {
	there, thereAt := brokers(t)
	here, hereAt := brokers(t)
	commit(t, there, "appxv1", "orders.eu", 1)
	connections := filepath.Join(t.TempDir(), "connections.yaml")
	content := fmt.Sprintf("apiVersion: cutover/v1alpha1\nkind: Connections\nsource:\n  kafka: {bootstrap: %q}\ntarget:\n  kafka: {bootstrap: %q}\n", hereAt, thereAt)
	if err := os.WriteFile(connections, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(
		"gate:\n", "scope:\n  source: {namespace: kafka, name: old}\n  target: {namespace: streams, name: new}\ngate:\n",
		`  - {gate: mirror-running, cluster: target, asks: "does it run?"}`, `  - {gate: source-reachable, cluster: source, asks: "does it answer?"}`,
		"  pastReturn: false\n", "  offsets:\n  - {group: appxv1, topics: [orders.eu]}\n  pastReturn: false\n",
	).Replace(guard)
	gatedBy(t, pair("095", "090"), text, "--connections", connections, "--dry-run").says(t, exitDone, "would be 1, was -1: all read up to record 0", "")
	if at := committed(t, here, "appxv1", "orders.eu"); at != -1 {
		t.Errorf("the dry run committed %d", at)
	}
	gatedBy(t, pair("095", "090"), text, "--connections", connections).says(t, exitDone, " 1, was -1: all read up to record 0", "")
	if at := committed(t, here, "appxv1", "orders.eu"); at != 1 {
		t.Errorf("committed is %d, want 1", at)
	}
	commit(t, there, "appxv1", "orders.eu", 0)
	s := pair("095", "090")
	gatedBy(t, s, text, "--connections", connections).says(t, exitFindings, "refused: nothing was set", "no offset was set: 1 of 1 stand in the way")
	if at := committed(t, here, "appxv1", "orders.eu"); len(s.writes) > 1 || at != 1 {
		t.Errorf("it wrote %v, and committed is %d", s.writes, at)
	}
}
