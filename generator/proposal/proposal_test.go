package proposal_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/plan"
	"cutover/generator/proposal"
	"cutover/generator/strimzi"
)

func newest() strimzi.Version {
	versions := strimzi.Versions()
	return versions[slices.IndexFunc(versions, func(v strimzi.Version) bool { return v.Distribution == strimzi.AMQStreams && v.Name == "1.8" })]
}

func propose(t testing.TB, inv inventory.Inventory) string {
	t.Helper()
	content, err := proposal.Write(inv, "export", newest())
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func freight(t testing.TB) inventory.Inventory {
	t.Helper()
	inv, _, err := inventory.Read(context.Background(), inventory.Paths{Names: []string{"../../examples/freight/export"}}, inventory.Options{Cluster: "freight", Namespace: "freight-kafka"})
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// decided fills in what a person has to.
func decided(text string) string {
	return strings.NewReplacer(`channel: ""`, "channel: amq-streams-1.8.x", `startingCSV: ""`, "startingCSV: amqstreams.v1.8.4", `storageClass: ""`, "storageClass: fast", `version: ""`, "version: 2.4.0").Replace(text)
}

func load(t testing.TB, text string) *migration.Migration {
	t.Helper()
	m, _, err := migration.Load("migration.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return m
}

// odd is an inventory with names that a careless template would break on.
func odd() inventory.Inventory {
	return inventory.Inventory{
		Kafka: inventory.Kafka{Name: "on", Namespace: "1e3", Brokers: 3, Listeners: []inventory.Listener{
			{Name: "plain", Type: "internal", Addresses: []string{"on-kafka-bootstrap.x.svc:9092"}},
		}},
		Workloads: []inventory.Workload{
			{Kind: "Deployment", Name: "no", Namespace: "yes", Produces: []string{"on", "012", "a b"}, Because: []string{"env X: # of\ncontainer \"app\""}},
			{Kind: "CronJob", Name: "nightly", Namespace: "yes", Consumes: []string{"on"}, Groups: []string{"off"}, Because: []string{"args"}},
			{Kind: "Deployment", Name: "both", Namespace: "yes", Produces: []string{"a"}, Consumes: []string{"b"}, Because: []string{"x"}},
			{Kind: "Deployment", Name: "quiet", Namespace: "yes", Because: []string{"x"}},
			{Kind: "Deployment", Name: "quiet", Namespace: "other", Because: []string{"x"}},
		},
	}
}

func TestAProposalIsAMigrationOnceItsDecisionsAreTaken(t *testing.T) {
	m := load(t, decided(propose(t, freight(t))))
	if m.Source.Cluster != "freight" || m.Source.Namespace != "freight-kafka" || m.Source.Inventory.Path != "export" || m.Target.Version != "1.8" || m.Source.TLS == nil {
		t.Errorf("got %+v", m.Source)
	}
	if _, _, err := plan.New(m, freight(t)); err != nil {
		t.Errorf("it cannot be planned: %v", err)
	}
}

func TestAProposalSurvivesAwkwardNames(t *testing.T) {
	m := load(t, decided(propose(t, odd())))
	if m.Source.Cluster != "on" || m.Source.Namespace != "1e3" || m.Metadata.Name != "on" {
		t.Errorf("got %+v", m.Source)
	}
	w := m.Workloads[0]
	if w.Name != "no" || w.Source.Namespace != "yes" || !slices.Equal(w.Produces, []string{"on", "012", "a b"}) {
		t.Errorf("got %+v", w)
	}
	if m.Workloads[1].Groups[0] != "off" {
		t.Errorf("got %+v", m.Workloads[1])
	}
}

func TestNamesStayWhatOldYAMLReadersTakeForText(t *testing.T) {
	documents, err := document.Read("migration.yaml", strings.NewReader(propose(t, odd())), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range [][]string{{"metadata", "name"}, {"source", "cluster"}, {"source", "namespace"}, {"target", "cluster"}, {"target", "version"}} {
		if node := document.At(documents[0].Root, path...); document.Ambiguous(node) {
			t.Errorf("%s is written as %s", strings.Join(path, "."), node.Value)
		}
	}
}

func TestWithoutItsDecisionsAProposalIsRefused(t *testing.T) {
	if _, _, err := migration.Load("migration.yaml", []byte(propose(t, freight(t)))); err == nil {
		t.Error("nobody would notice the open decisions")
	}
}

// lines gives the lines that ask for a decision, by the field they stand at.
func asked(text string) []string {
	var all []string
	for _, line := range strings.Split(text, "\n") {
		if before, _, ok := strings.Cut(line, "# decide: "); ok {
			all = append(all, strings.TrimSpace(before))
		}
	}
	return all
}

func TestEveryOpenDecisionIsMarked(t *testing.T) {
	all := asked(propose(t, odd()))
	for _, want := range []string{
		"name: on", "platform: openshift-3.11", `version: ""`, "bootstrapServers:", `version: "1.8"`, "platform: openshift-4.8",
		`storageClass: ""`, `channel: ""`, `startingCSV: ""`, "mode: openshift-user-workload", "batches: []", "tier: ingest", "tier: downstream", "consumes: []", "produces: []",
	} {
		if !slices.ContainsFunc(all, func(line string) bool { return strings.HasPrefix(strings.ReplaceAll(line, `"on"`, "on"), want) }) {
			t.Errorf("nothing asks at %s: %q", want, all)
		}
	}
}

func TestTheClaimsOfMissingEvidenceAreMarked(t *testing.T) {
	text := propose(t, inventory.Inventory{Kafka: inventory.Kafka{Name: "a", Namespace: "b", Brokers: 3}})
	for _, gap := range inventory.Unprovable(inventory.Inventory{}) {
		if !strings.Contains(text, "# decide: gate "+gap.Gate+" cannot be proven") {
			t.Errorf("the gap of gate %s is not told", gap.Gate)
		}
	}
	if !strings.Contains(text, "workloads: [] # decide:") {
		t.Error("nobody is asked where the workloads are")
	}
	if !strings.Contains(text, "no address was in the evidence") || !strings.Contains(text, "a-kafka-bootstrap.b.svc:9093") {
		t.Error("the guessed address is not told to be one")
	}
}

func TestTiersAreGuessedFromWhatIsReadAndWritten(t *testing.T) {
	m := load(t, decided(propose(t, odd())))
	got := make(map[string]migration.Tier)
	for _, w := range m.Workloads {
		got[w.Name] = w.Tier
	}
	for name, want := range map[string]migration.Tier{"no": migration.Ingest, "both": migration.Upstream, "nightly": migration.Downstream, "quiet": migration.Downstream} {
		if got[name] != want {
			t.Errorf("%s is %s, want %s", name, got[name], want)
		}
	}
}

func TestWorkloadsOfOneNameAreToldApart(t *testing.T) {
	m := load(t, decided(propose(t, odd())))
	var names []string
	for _, w := range m.Workloads {
		names = append(names, w.Name)
	}
	if want := []string{"no", "nightly", "both", "quiet", "other-quiet"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

// A kind apart is another object too: a Deployment and a CronJob may share name and namespace.
func TestWorkloadsOfOneNameAndNamespaceAreToldApart(t *testing.T) {
	inv := odd()
	inv.Workloads = nil
	for _, kind := range []string{"CronJob", "Deployment", "StatefulSet"} {
		inv.Workloads = append(inv.Workloads, inventory.Workload{Kind: kind, Name: "same", Namespace: "n", Produces: []string{"t"}, Because: []string{"x"}})
	}
	load(t, decided(propose(t, inv)))
}

// What cutover cannot scale, such as a DaemonSet, must not make the proposal unreadable.
func TestAProposalOfEveryKindThatAnInventoryHoldsIsReadable(t *testing.T) {
	for _, kind := range []string{"Deployment", "StatefulSet", "DaemonSet", "DeploymentConfig", "CronJob", "KafkaConnector"} {
		t.Run(kind, func(t *testing.T) {
			inv := odd()
			inv.Workloads = []inventory.Workload{{Kind: kind, Name: "w", Namespace: "n", Produces: []string{"t"}, Because: []string{"x"}}}
			load(t, decided(propose(t, inv)))
		})
	}
}

func TestTheListenerThatIsReachableFromOutsideIsTaken(t *testing.T) {
	for _, test := range []struct {
		name      string
		listeners []inventory.Listener
		want      string
		tls       bool
		auth      string
	}{
		{"a route before an internal one", []inventory.Listener{
			{Type: "internal", TLS: true, Addresses: []string{"in:9093"}}, {Type: "route", TLS: true, Authentication: "scram-sha-512", Addresses: []string{"out:443"}}}, "out:443", true, "scram-sha-512"},
		{"TLS before plain", []inventory.Listener{{Type: "internal", Addresses: []string{"in:9092"}}, {Type: "internal", TLS: true, Authentication: "tls", Addresses: []string{"in:9093"}}}, "in:9093", true, "tls"},
		{"none without an address", []inventory.Listener{{Type: "route", TLS: true}, {Type: "internal", Addresses: []string{"in:9092"}}}, "in:9092", false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := odd()
			inv.Kafka.Listeners = test.listeners
			m := load(t, decided(propose(t, inv)))
			auth := ""
			if m.Source.Authentication != nil {
				auth = m.Source.Authentication.Type
			}
			if m.Source.BootstrapServers != test.want || (m.Source.TLS != nil) != test.tls || auth != test.auth {
				t.Errorf("got %s, TLS %t, authentication %q", m.Source.BootstrapServers, m.Source.TLS != nil, auth)
			}
		})
	}
}

// The mirror cannot have a KafkaUser on a listener with OAuth.
func TestAListenerThatNoKafkaUserCanUseGivesNoAuthentication(t *testing.T) {
	inv := odd()
	inv.Kafka.Listeners = []inventory.Listener{{Type: "route", TLS: true, Authentication: "oauth", Addresses: []string{"out:443"}}}
	m := load(t, decided(propose(t, inv)))
	if a := m.Source.Authentication; a != nil && a.Type != "scram-sha-512" && a.Type != "tls" {
		t.Errorf("got %+v, which the schema refuses", a)
	}
}

func TestTheSameInventoryGivesTheSameProposal(t *testing.T) {
	first, err := proposal.Write(odd(), "export", newest())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		again, err := proposal.Write(odd(), "export", newest())
		if err != nil || !bytes.Equal(again, first) {
			t.Fatalf("got another one: %v", err)
		}
	}
}

func TestAClusterNameThatIsNoDNSLabelIsNotProposedAsTheMigrationsName(t *testing.T) {
	for _, name := range []string{"my.cluster", strings.Repeat("a", 50)} {
		t.Run(name, func(t *testing.T) {
			inv := odd()
			inv.Kafka.Name = name
			m := load(t, decided(propose(t, inv)))
			if m.Source.Cluster != name {
				t.Errorf("got %s", fmt.Sprint(m.Source.Cluster))
			}
		})
	}
}
