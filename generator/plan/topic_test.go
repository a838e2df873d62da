package plan_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/plan"
	"cutover/generator/strimzi"
)

func TestTopicsTravelAsTheyAre(t *testing.T) {
	inv := found(t)
	inv.Topics = append(inv.Topics, inventory.Topic{
		Name: "Zoll_Anmeldung", Partitions: 12, Replicas: 2, Transactional: true, Labels: map[string]string{"team": "zoll"},
		Config: map[string]string{"retention.ms": "9223372036854775807", "cleanup.policy": "compact", "min.insync.replicas": "2"},
	})
	p, _ := decide(t, declared, inv)
	got := topicNamed(t, p, "Zoll_Anmeldung")
	if got.Partitions != 12 || got.Replicas != 2 || !got.Transactional || got.Labels["team"] != "zoll" {
		t.Errorf("got %+v", got)
	}
	if want := inv.Topics[len(inv.Topics)-1].Config; !maps.Equal(got.Config, want) {
		t.Errorf("got %v, want %v", got.Config, want)
	}
	if want := strimzi.ResourceName("Zoll_Anmeldung"); got.Resource != want || !strings.HasPrefix(want, "zoll-anmeldung---") {
		t.Errorf("its KafkaTopic is called %s, want %s", got.Resource, want)
	}
}

func TestAKafkaTopicKeepsTheNameItHasOnTheSource(t *testing.T) {
	inv := found(t)
	inv.Topics[3].Resource = "orders-of-the-house"
	p, _ := decide(t, declared, inv)
	if got := topicNamed(t, p, "orders").Resource; got != "orders-of-the-house" {
		t.Errorf("got %s", got)
	}
}

func TestTopicsThatStayBehindSayWhy(t *testing.T) {
	inv := found(t)
	inv.Connects = []inventory.Connect{{Kind: "KafkaConnect", Name: "billing", InternalTopics: []string{"billing-configs", "billing-offsets"}}}
	for _, name := range []string{
		"__transaction_state", "__strimzi_store_topic", "strimzi.cruisecontrol.metrics", "mm2-offset-syncs.x.internal", "a.checkpoints.internal",
		"heartbeats", "billing-configs", "billing-offsets", "connect-cluster-status", "load.test", "events.debug", "other",
	} {
		inv.Topics = append(inv.Topics, topic(name))
	}
	p, _ := decide(t, change(t, "mirror: {}\n", "mirror: {}\ntopics:\n  include: [accepted, ledger, orders, released, ticks, 'load\\..*', 'events\\..*']\n  exclude: ['load\\..*', '.*\\.debug']\n"), inv)
	why := make(map[string]string)
	for _, left := range p.Left {
		why[left.Name] = left.Because
	}
	for name, want := range map[string]string{
		"__consumer_offsets": "internal to Kafka", "__transaction_state": "internal to Kafka", "__strimzi_store_topic": "Topic Operator",
		"strimzi.cruisecontrol.metrics": "Cruise Control", "mm2-offset-syncs.x.internal": "MirrorMaker 2", "a.checkpoints.internal": "MirrorMaker 2", "heartbeats": "MirrorMaker 2",
		"billing-configs": "KafkaConnect billing", "billing-offsets": "KafkaConnect billing", "connect-cluster-status": "Kafka Connect",
		"load.test": "excluded", "events.debug": "excluded", "other": "not included",
	} {
		if !strings.Contains(why[name], want) {
			t.Errorf("%s stays behind because %q, want %q", name, why[name], want)
		}
	}
	if len(why) != 13 || len(p.Topics) != 5 {
		t.Errorf("%d stay behind and %d move, want 13 and 5: %v", len(why), len(p.Topics), why)
	}
}

func TestAPatternMatchesWholeNames(t *testing.T) {
	inv := found(t)
	inv.Topics = append(inv.Topics, topic("orders.dlq"), topic("old-orders"))
	p, _ := decide(t, change(t, "mirror: {}\n", "mirror: {}\ntopics: {exclude: ['old-orders|dlq']}\n"), inv)
	topicNamed(t, p, "orders.dlq")
	if left := (plan.Left{Name: "old-orders", Because: "excluded by migration.yaml"}); !slices.Contains(p.Left, left) {
		t.Errorf("got %v, want %v among them", p.Left, left)
	}
}

func TestOverridesChangeTheTopicsTheyName(t *testing.T) {
	inv := found(t)
	inv.Topics[3].Config = map[string]string{"retention.ms": "1000", "segment.bytes": "5"}
	overrides := `mirror: {}
topics:
  overrides:
  - pattern: orders|ticks
    replicas: 2
    config: {retention.ms: 9223372036854775807, segment.bytes: null}
  - name: orders
    transactional: true
    config: {cleanup.policy: compact, unclean.leader.election.enable: false}
`
	p, _ := decide(t, change(t, "mirror: {}\n", overrides), inv)
	orders, ticks, accepted := topicNamed(t, p, "orders"), topicNamed(t, p, "ticks"), topicNamed(t, p, "accepted")
	if want := map[string]string{"retention.ms": "9223372036854775807", "cleanup.policy": "compact", "unclean.leader.election.enable": "false"}; !maps.Equal(orders.Config, want) {
		t.Errorf("got %v, want %v", orders.Config, want)
	}
	if orders.Replicas != 2 || !orders.Transactional || ticks.Replicas != 2 || ticks.Transactional {
		t.Errorf("got %+v and %+v", orders, ticks)
	}
	if accepted.Replicas != 3 || len(accepted.Config) != 0 {
		t.Errorf("an override reached a topic that it does not name: %+v", accepted)
	}
	if inv.Topics[3].Config["segment.bytes"] != "5" {
		t.Error("the inventory was changed")
	}
}

func TestAnOverrideThatMatchesNothingIsAWarning(t *testing.T) {
	_, findings := decide(t, change(t, "mirror: {}\n", "mirror: {}\ntopics: {overrides: [{name: odrers, replicas: 2}]}\n"), found(t))
	wantOne(t, findings, "override-without-topic", "", finding.Warning)
}

func TestTopicsThatTheTargetCannotHaveAreErrors(t *testing.T) {
	for _, test := range []struct {
		name, rule string
		topic      inventory.Topic
	}{
		{"more replicas than brokers", "topic-replicas", inventory.Topic{Name: "t", Partitions: 1, Replicas: 4}},
		{"min.insync.replicas above its replicas", "topic-min-insync", topic("t", "min.insync.replicas", "4")},
		{"no partitions known", "topic-incomplete", inventory.Topic{Name: "t", Replicas: 3}},
		{"no replicas known", "topic-incomplete", inventory.Topic{Name: "t", Partitions: 3}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := found(t)
			inv.Topics = append(inv.Topics, test.topic)
			wantOne(t, refuse(t, declared, inv), test.rule, "topic t", finding.Error)
		})
	}
}

func TestMoreBrokersOrAnOverrideMakeRoomForReplicas(t *testing.T) {
	inv := found(t)
	inv.Topics = append(inv.Topics, inventory.Topic{Name: "t", Partitions: 1, Replicas: 4})
	for name, change := range map[string]string{
		"more brokers": change(t, "  storageClass: fast\n", "  storageClass: fast\n  replicas: 4\n"),
		"an override":  change(t, "mirror: {}\n", "mirror: {}\ntopics: {overrides: [{name: t, replicas: 3}]}\n"),
	} {
		t.Run(name, func(t *testing.T) { decide(t, change, inv) })
	}
}

func TestFewerBrokersThanReplicasAreAnErrorForEveryTopic(t *testing.T) {
	errs := refuse(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  replicas: 2\n"), found(t))
	if len(errs) != 5 {
		t.Errorf("got %d errors, want one for each of the 5 topics: %v", len(errs), errs)
	}
}

func TestTopicsThatNeedADecisionAreWarnings(t *testing.T) {
	for _, test := range []struct {
		name, rule string
		topic      inventory.Topic
	}{
		{"a name that ends with -internal", "topic-not-mirrored", topic("planning-internal")},
		{"a name that ends with .internal", "topic-not-mirrored", topic("planning.internal")},
		{"a name that begins with a dot", "topic-not-mirrored", topic(".legacy")},
		{"a name that begins with two underscores", "topic-not-mirrored", topic("__ours")},
		{"a name that the default excludes hold", "topic-not-mirrored", topic("orders.replica")},
		{"LogAppendTime", "topic-log-append-time", topic("t", "message.timestamp.type", "LogAppendTime")},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := found(t)
			inv.Topics = append(inv.Topics, test.topic)
			p, findings := decide(t, declared, inv)
			wantOne(t, findings, test.rule, "topic "+test.topic.Name, finding.Warning)
			topicNamed(t, p, test.topic.Name)
		})
	}
}

func TestAFindingThatTheMigrationAcceptsAsksForNothing(t *testing.T) {
	inv := found(t)
	inv.Topics = append(inv.Topics, topic(".legacy"), topic(".other"))
	_, findings := decide(t, declared+"- {rule: topic-not-mirrored, object: topic .legacy, reason: it is empty}\n", inv)
	if f := wantOne(t, findings, "topic-not-mirrored", "topic .legacy", finding.Warning); f.Accepted != "it is empty" {
		t.Errorf("got %+v", f)
	}
	if f := wantOne(t, findings, "topic-not-mirrored", "topic .other", finding.Warning); f.Accepted != "" {
		t.Errorf("an acceptance of another object reached it: %+v", f)
	}
}

func TestErrorsCannotBeAccepted(t *testing.T) {
	inv := found(t)
	inv.Topics = append(inv.Topics, topic("t", "min.insync.replicas", "4"))
	refuse(t, declared+"- {rule: topic-min-insync, reason: never mind}\n", inv)
}

func TestTwoTopicsOfOneResourceAreAnError(t *testing.T) {
	inv := found(t)
	clash := topic("Orders")
	clash.Resource = "orders"
	inv.Topics = append(inv.Topics, clash)
	f := wantOne(t, refuse(t, declared, inv), "topic-resource-twice", "topic Orders", finding.Error)
	if !strings.Contains(f.Message, "orders") {
		t.Errorf("the other topic is not named: %s", f.Message)
	}
}

func TestAPinnedMessageFormatStaysBehind(t *testing.T) {
	inv := found(t)
	inv.Topics[3].Config = map[string]string{"message.format.version": "1.0", "retention.ms": "5"}
	p, findings := decide(t, declared, inv)
	if got := topicNamed(t, p, "orders").Config; !maps.Equal(got, map[string]string{"retention.ms": "5"}) {
		t.Errorf("got %v", got)
	}
	wantOne(t, findings, "topic-format-version", "topic orders", finding.Note)
}

func TestWorkloadsThatUseNoTopicOfTheTargetAreWarnings(t *testing.T) {
	for name, topics := range map[string]string{"an unknown topic": "produces: [ordres]", "a topic that stays behind": "produces: [__consumer_offsets]"} {
		t.Run(name, func(t *testing.T) {
			_, findings := decide(t, change(t, "produces: [orders]", topics), found(t))
			object := "topic " + strings.Trim(strings.TrimPrefix(topics, "produces: "), "[]")
			wantOne(t, findings, "workload-topic", object, finding.Warning)
		})
	}
}
