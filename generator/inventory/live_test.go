package inventory_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/strimzi/v1beta2"
)

// objects gives what an API server serves of texts.
func objects(t *testing.T, unseen []inventory.Unseen, texts ...string) inventory.Live {
	return inventory.Live{Objects: func(_ context.Context, add func(document.Document)) ([]inventory.Unseen, error) {
		documents, err := document.Read("served", strings.NewReader(strings.Join(texts, "---\n")), document.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range documents {
			add(d)
		}
		return unseen, nil
	}}
}

func readLive(t *testing.T, live inventory.Live, texts ...string) (inventory.Inventory, finding.List) {
	t.Helper()
	var files inventory.Files
	for _, text := range texts {
		files = append(files, inventory.File{Name: "export.yaml", Content: []byte(text)})
	}
	inv, findings, err := inventory.ReadLive(context.Background(), live, files, inventory.Options{Cluster: "freight", Namespace: "kafka"})
	if err != nil {
		t.Fatal(err)
	}
	return inv, findings
}

// found gives the findings of a rule.
func found(findings finding.List, rule string) finding.List {
	return slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return f.Rule != rule })
}

func sized(name, partitions string) string {
	return "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaTopic\nmetadata: {name: " + name + ", namespace: kafka, labels: {strimzi.io/cluster: freight}}\nspec: {partitions: " + partitions + ", replicas: 1, config: {retention.ms: 1}}\n"
}

func TestARunningClusterCountsMoreThanItsExport(t *testing.T) {
	inv, findings := readLive(t, objects(t, nil, cluster("freight", "kafka"), sized("orders", "6")), sized("orders", "3"), sized("older", "1"))
	got := make(map[string]inventory.Topic)
	for _, one := range inv.Topics {
		got[one.Name] = one
	}
	if got["orders"].Partitions != 6 || !slices.Equal(got["orders"].Seen, []inventory.Evidence{inventory.LiveAPI, inventory.Manifests}) {
		t.Errorf("got %+v", got["orders"])
	}
	if !slices.Equal(got["older"].Seen, []inventory.Evidence{inventory.Manifests}) {
		t.Errorf("got %+v", got["older"])
	}
	if !slices.Equal(inv.Evidence, []inventory.Evidence{inventory.LiveAPI, inventory.Manifests}) {
		t.Errorf("got %v", inv.Evidence)
	}
	differing := found(findings, "object-differs")
	if len(differing) != 1 || differing[0].Severity != finding.Warning || !strings.Contains(differing[0].Message, "stands at live-api") {
		t.Errorf("got %+v", findings)
	}
}

func TestAnObjectThatIsServedTwiceIsOne(t *testing.T) {
	inv, findings := readLive(t, objects(t, nil, cluster("freight", "kafka"), sized("orders", "6"), sized("orders", "7")))
	if len(inv.Topics) != 1 || inv.Topics[0].Partitions != 6 || len(found(findings, "object-differs")) > 0 {
		t.Errorf("got %+v, %v", inv.Topics, findings)
	}
}

func TestWhatWasNotSeenLeavesItsGatesUnprovable(t *testing.T) {
	unseen := []inventory.Unseen{
		{What: "secrets", Because: "the API server forbids it", Gates: []string{inventory.GateUsersReady}, Hint: "ask"},
		{What: "quotas", Because: "the brokers are too old", Hint: "look"},
	}
	inv, findings := readLive(t, objects(t, unseen, cluster("freight", "kafka")))
	told := found(findings, "not-seen")
	if len(told) != 2 || told[0].Severity != finding.Warning || told[0].Object != "secrets" || told[1].Severity != finding.Note {
		t.Errorf("got %+v", told)
	}
	gap := inventory.Gap{Gate: inventory.GateUsersReady, Because: "secrets: the API server forbids it"}
	if !slices.Equal(inv.Gaps, []inventory.Gap{gap}) || !slices.Contains(inventory.Unprovable(inv), gap) {
		t.Errorf("got %+v", inv.Gaps)
	}
}

func TestTheBrokersWordOfTopicsIsKept(t *testing.T) {
	brokers := &inventory.Brokers{Version: "2.4", Count: 3, Topics: []inventory.BrokerTopic{
		{Name: "hidden", Partitions: 6, Replicas: 1},
		{Name: "orders", Partitions: 6, Replicas: 1, Config: map[string]string{"retention.ms": "2"}, Transactional: true},
		{Name: "undeclared", Partitions: 2, Replicas: 3, Config: map[string]string{"cleanup.policy": "compact"}},
	}, Configs: []inventory.BrokerConfig{{Broker: "", Config: map[string]string{"log.retention.ms": "5"}}, {Broker: "0", Config: map[string]string{}}},
		Groups: []inventory.Group{{Name: "billing", State: "Empty", Topics: []string{"orders"}}}}
	inv, findings := readLive(t, inventory.Live{Brokers: brokers}, cluster("freight", "kafka"), sized("orders", "3"), sized("hidden", "6"),
		"Topic: orders\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n")
	got := make(map[string]inventory.Topic)
	for _, one := range inv.Topics {
		got[one.Name] = one
	}
	if orders := got["orders"]; orders.Partitions != 6 || orders.Config["retention.ms"] != "2" || !orders.Transactional || !slices.Contains(orders.Seen, inventory.LiveKafka) {
		t.Errorf("got %+v", orders)
	}
	if hidden := got["hidden"]; hidden.Config["retention.ms"] != "1" {
		t.Errorf("a configuration that was not shown replaces the declared one: %+v", hidden)
	}
	if undeclared := got["undeclared"]; undeclared.Resource != "" || undeclared.Config["cleanup.policy"] != "compact" || !slices.Equal(undeclared.Seen, []inventory.Evidence{inventory.LiveKafka}) {
		t.Errorf("got %+v", undeclared)
	}
	if inv.Kafka.Config["log.retention.ms"] != "5" || len(inv.Groups) != 1 || inv.Kafka.Version != "2.4" {
		t.Errorf("got %+v, %+v", inv.Kafka, inv.Groups)
	}
	if len(found(findings, "topic-contradiction")) == 0 {
		t.Error("nothing tells that the KafkaTopic says otherwise")
	}
}

func acl(operation string) v1beta2.ACLRule {
	return v1beta2.ACLRule{Operation: operation, Host: "*", Resource: v1beta2.ACLRuleResource{Type: "topic", Name: "orders", PatternType: "literal"}}
}

func principal(name, authentication string, acls ...v1beta2.ACLRule) inventory.BrokerUser {
	user := inventory.BrokerUser{Name: name}
	if authentication != "" {
		user.Spec.Authentication = &v1beta2.KafkaUserAuthentication{Type: authentication}
	}
	if len(acls) > 0 {
		user.Spec.Authorization = &v1beta2.KafkaUserAuthorization{Type: "simple", ACLs: acls}
	}
	return user
}

func TestUsersOfTheBrokersAreHeldAgainstKafkaUsers(t *testing.T) {
	declared := "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaUser\nmetadata: {name: alice, namespace: kafka, labels: {strimzi.io/cluster: freight}}\n" +
		"spec:\n  authentication: {type: scram-sha-512}\n  authorization: {type: simple, acls: [{operation: Read, resource: {type: topic, name: orders}}]}\n"
	password := principal("alice", "scram-sha-512", acl("Read"))
	password.Password = true
	tests := map[string]struct {
		brokers inventory.Brokers
		users   string
		rule    string
		text    string
	}{
		"they agree":               {inventory.Brokers{ACLsSeen: true, PasswordsSeen: true, Users: []inventory.BrokerUser{password}}, "alice", "", ""},
		"the brokers show nothing": {inventory.Brokers{}, "alice", "", ""},
		"an ACL that no KafkaUser has": {inventory.Brokers{ACLsSeen: true, Users: []inventory.BrokerUser{principal("alice", "scram-sha-512", acl("Read"), acl("Write"))}},
			"alice", "user-contradiction", "the brokers also have allow Write on topic orders"},
		"an ACL that the brokers lack": {inventory.Brokers{ACLsSeen: true}, "alice", "user-contradiction", "the brokers lack allow Read on topic orders"},
		"a password that the brokers lack": {inventory.Brokers{PasswordsSeen: true, Users: []inventory.BrokerUser{principal("alice", "scram-sha-512")}},
			"alice", "user-contradiction", "the brokers have no password of it"},
		"a user that no KafkaUser declares": {inventory.Brokers{Users: []inventory.BrokerUser{principal("bob", "tls", acl("Read"))}}, "alice bob", "user-undeclared", "is taken for a user of type tls"},
		"a name that can be no KafkaUser's": {inventory.Brokers{Users: []inventory.BrokerUser{principal("Bob_1", "scram-sha-512", acl("Read"))}}, "alice", "user-undeclared", "it does not travel"},
		"a principal from elsewhere":        {inventory.Brokers{Users: []inventory.BrokerUser{principal("CN=x,O=y", "", acl("Read"))}}, "alice", "user-undeclared", "it does not travel"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, findings := readLive(t, inventory.Live{Brokers: &test.brokers}, cluster("freight", "kafka"), declared)
			var users []string
			for _, user := range inv.Users {
				users = append(users, user.Name)
			}
			if got := strings.Join(users, " "); got != test.users {
				t.Errorf("got users %s", got)
			}
			told := append(found(findings, "user-contradiction"), found(findings, "user-undeclared")...)
			if test.rule == "" && len(told) > 0 || test.rule != "" && (len(told) != 1 || told[0].Rule != test.rule || !strings.Contains(told[0].Message, test.text)) {
				t.Errorf("got %+v", told)
			}
		})
	}
}

func TestBrokersAloneMakeAnInventoryThatCanBeReadAgain(t *testing.T) {
	brokers := &inventory.Brokers{Version: "2.4", Count: 3, Topics: []inventory.BrokerTopic{{Name: "orders", Partitions: 6, Replicas: 3, Config: map[string]string{}}}}
	inv, findings := readLive(t, inventory.Live{Brokers: brokers})
	if inv.Kafka.Name != "freight" || inv.Kafka.Namespace != "kafka" || inv.Kafka.Brokers != 3 || inv.Kafka.Version != "2.4" || len(inv.Topics) != 1 {
		t.Errorf("got %+v", inv)
	}
	only(t, findings, "no-kafka-resource")
	content, err := inventory.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := document.Read("inventory.yaml", strings.NewReader(string(content)), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inventory.Load(documents[0]); err != nil {
		t.Errorf("%v in\n%s", err, content)
	}
	_, _, err = inventory.ReadLive(context.Background(), inventory.Live{Brokers: brokers}, inventory.Files{}, inventory.Options{})
	if told := finding.From(err); len(told) != 1 || !strings.Contains(told[0].Hint, "--cluster") {
		t.Errorf("got %v", err)
	}
}

func TestEveryKindIsReadUnderAGroup(t *testing.T) {
	seen := make(map[string]bool)
	for _, kind := range inventory.ObjectKinds() {
		if len(kind.Groups) == 0 || seen[kind.Name] {
			t.Errorf("kind %s has no group, or stands twice", kind.Name)
		}
		seen[kind.Name] = true
	}
}
