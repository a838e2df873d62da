package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	positionsPath = "/api/v1/namespaces/kafka/configmaps/cutover-small-positions"
	returnScope   = `scope:
  source: {namespace: kafka, name: old}
  target: {namespace: streams, name: new}
  mirror: {namespace: streams, name: forth, reads: source, sourceAlias: small-source, targetAlias: small-target, offsets: forth-offsets}
  return: {namespace: streams, name: back, reads: target, sourceAlias: small-target, targetAlias: small-return, offsets: back-offsets}
gate:
`
)

func TestTheReverseMirrorBeginsWhereTheGateJobSawTheBatchMove(t *testing.T) {
	_, here := brokers(t)
	there, thereAt := brokers(t)
	connections := filepath.Join(t.TempDir(), "connections.yaml")
	content := fmt.Sprintf("apiVersion: cutover/v1alpha1\nkind: Connections\nsource:\n  kafka: {bootstrap: %q}\ntarget:\n  kafka: {bootstrap: %q}\n", here, thereAt)
	if err := os.WriteFile(connections, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	forth := strings.NewReplacer("gate:\n", returnScope, "cluster: source\n", "cluster: target\n", `scale:
- {apiVersion: apps/v1, kind: Deployment, namespace: apps, name: app, field: replicas, value: 0}
`, "", `{gate: mirror-running, cluster: target, asks: "does it run?"}`, `{gate: mirror-caught-up, cluster: target, asks: "is it copied?", topics: [orders.eu]}`).Replace(guard)
	s := pair("095", "090")
	gatedBy(t, s, forth, "--connections", connections).says(t, exitDone, "the log ends of 1 partitions are recorded", "")
	data, _ := s.objects[positionsPath]["data"].(map[string]any)
	if data["100"] != `{"orders.eu":[1]}` {
		t.Fatalf("recorded are %v", s.objects[positionsPath])
	}

	// The batch writes on the target, and then goes back.
	if err := there.ProduceSync(t.Context(), &kgo.Record{Topic: "orders.eu", Value: []byte("b")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	back := strings.NewReplacer("{gate: mirror-caught-up, ", "{gate: positions-recorded, ", "  pastReturn: false\n", "  returns: true\n  positions: recorded\n  pastReturn: true\n").Replace(forth)
	fresh := pair("095", "090") // where nobody recorded
	gatedBy(t, fresh, back, "--connections", connections).says(t, exitFindings, "orders.eu-0 has no stored position, and its log on the target ends at 2", "these gates do not hold: positions-recorded")
	gatedBy(t, s, back, "--connections", connections, "--dry-run").says(t, exitDone, "1 would be stored for the reverse mirror", "")
	gatedBy(t, s, back, "--connections", connections).says(t, exitDone, "1 stored for the reverse mirror, 0 were there, 0 begin at 0", "")
	gatedBy(t, s, back, "--connections", connections).says(t, exitDone, "holds: 1 of 1 partition with a position within the log", "")
	gatedBy(t, s, back, "--connections", connections).says(t, exitDone, "0 stored for the reverse mirror, 1 were there", "")

	// What the forward mirror has left on the target is passed over.
	if _, err := kadm.NewClient(there).CreateTopic(t.Context(), 1, 1, nil, "heartbeats"); err != nil {
		t.Fatal(err)
	}
	if err := there.ProduceSync(t.Context(), &kgo.Record{Topic: "heartbeats", Value: []byte("h")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	gatedBy(t, s, back, "--connections", connections).says(t, exitDone, "1 stored for the reverse mirror, 1 were there", "")
}

// Before phase 070 neither the Jobs' own user nor its Secrets need be there.
func TestBrokersThatNoGateAsksAreNotReached(t *testing.T) {
	connections := filepath.Join(t.TempDir(), "connections.yaml")
	content := "apiVersion: cutover/v1alpha1\nkind: Connections\ntarget:\n  kafka: {bootstrap: '127.0.0.1:1', sasl: {mechanism: scram-sha-512, username: u, passwordFile: not-yet}}\n"
	if err := os.WriteFile(connections, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	text := func(gate string) string {
		return strings.NewReplacer("gate:\n", returnScope, "mirror-running, cluster: target", gate).Replace(guard)
	}
	gatedBy(t, pair("095", "090"), text("inventory-complete, cluster: source"), "--connections", connections).says(t, exitDone, "0 gaps in the inventory", "")
	gatedBy(t, pair("095", "090"), text("retention-parity, cluster: target"), "--connections", connections).says(t, exitFindings, "cannot be told", "retention-parity")
}
