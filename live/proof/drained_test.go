package proof_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/proof"
)

func TestDrained(t *testing.T) {
	for name, test := range map[string]struct {
		arrange  func(*side)
		gate     plan.Gate
		scope    overlay.Scope
		seen     string
		evidence []string
	}{
		"everything read and committed": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1", "a2")
				s.commit("billing", "orders", 0, 2)
			},
			seen: "lag 0 over 1 group and 2 partitions; 0 log ends moved",
		},
		"one record behind": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1", "a2")
				s.commit("billing", "orders", 0, 1)
			},
			seen:     "lag 1 ",
			evidence: []string{"group billing is 1 behind on orders-0: committed 1, log end 2"},
		},
		"only the marker of a committed transaction is behind": {
			arrange: func(s *side) {
				s.transact("commit", "orders", 0, "a1")
				s.commit("billing", "orders", 0, 1)
			},
			seen: "lag 0 ",
		},
		"only an aborted transaction is behind": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1")
				s.transact("abort", "orders", 0, "b2", "b3")
				s.commit("billing", "orders", 0, 1)
			},
			seen: "lag 0 ",
		},
		"a record between two markers is behind": {
			arrange: func(s *side) {
				s.transact("commit", "orders", 0, "a1") // 0, marker 1
				s.write("orders", 0, "a2")              // 2
				s.transact("abort", "orders", 0, "b3")  // 3, marker 4
				s.commit("billing", "orders", 0, 1)
			},
			seen:     "lag 4 ",
			evidence: []string{"group billing is 4 behind on orders-0: committed 1, log end 5"},
		},
		"a transaction is open behind what was committed": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1")
				s.transact("open", "orders", 0, "b2")
				s.commit("billing", "orders", 0, 2)
			},
			evidence: []string{"orders-0: what stands from offset 1 to the log end at 2 is not committed: a transaction is open, or somebody writes at this moment"},
		},
		"a partition with records and without a commit": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1")
				s.write("orders", 1, "a1", "a2")
				s.commit("billing", "orders", 0, 1)
			},
			seen:     "lag 2 ",
			evidence: []string{"group billing has no committed offset on orders-1, which holds records from 0 to 2"},
		},
		"a partition without a commit that holds markers alone": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1")
				s.transact("abort", "orders", 1, "b1")
				s.commit("billing", "orders", 0, 1)
			},
			seen: "lag 0 ",
		},
		"a topic that the group reads by the migration, and never committed on": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1")
				s.write("returns", 0, "a1")
				s.commit("billing", "orders", 0, 1)
			},
			scope:    overlay.Scope{Groups: []plan.GroupOffsets{{Group: "billing", Topics: []string{"orders", "returns"}}}},
			evidence: []string{"group billing has no committed offset on returns-0"},
		},
		"one of two groups of a partition is behind": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1", "a2", "a3")
				s.commit("billing", "orders", 0, 3)
				s.commit("audit", "orders", 0, 1)
			},
			gate:     plan.Gate{Groups: []string{"billing", "audit"}},
			seen:     "lag 2 over 2 groups",
			evidence: []string{"group audit is 2 behind on orders-0"},
		},
		"a group nobody knows": {
			arrange:  func(s *side) { s.write("orders", 0, "a1") },
			gate:     plan.Gate{Groups: []string{"nobody"}, Topics: []string{"orders"}},
			evidence: []string{"group nobody is not known to the source: what it has processed is unknown"},
		},
		"a group ahead of the log": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1")
				s.commit("billing", "orders", 0, 7)
			},
			evidence: []string{"group billing is ahead of orders-0: committed 7, log end 1"},
		},
		"a topic that is not there": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1")
				s.commit("billing", "orders", 0, 1)
			},
			gate:     plan.Gate{Groups: []string{"billing"}, Topics: []string{"missing"}},
			evidence: []string{"missing-0 on the source: UNKNOWN_TOPIC_OR_PARTITION"},
		},
		"records that retention has deleted were not read by anyone, and are not left": {
			arrange: func(s *side) {
				s.write("orders", 0, "a1", "a2", "a3")
				s.commit("billing", "orders", 0, 1)
				s.deleteTo("orders", 0, 3)
			},
			seen: "lag 0 ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSide(t, kfake.SeedTopics(2, "orders"), kfake.SeedTopics(1, "returns"))
			test.arrange(s)
			gate := test.gate
			gate.Name = "drained"
			if gate.Groups == nil {
				gate.Groups = []string{"billing"}
			}
			expect(t, ask(t, proof.Request{Source: proof.Cluster{Kafka: s.kafka()}, Scope: test.scope}, gate), test.seen, test.evidence...)
		})
	}
}

func TestDrainedWaitsForLogEndsToStandStill(t *testing.T) {
	s := newSide(t, kfake.SeedTopics(1, "orders"))
	s.write("orders", 0, "a1")
	s.commit("billing", "orders", 0, 1)
	o := options()
	o.Pause = func(context.Context, time.Duration) error { s.write("orders", 0, "a2"); return nil }
	got := ask(t, proof.Request{Source: proof.Cluster{Kafka: s.kafka()}, Options: o}, plan.Gate{Name: "drained", Groups: []string{"billing"}})
	expect(t, got, "1 log end moved", "orders-0: its log end went from 1 to 2 within 10s")
}

func TestDrainedLooksAtTopicsThatNoGroupReads(t *testing.T) {
	s := newSide(t, kfake.SeedTopics(1, "audit"))
	s.write("audit", 0, "a1")
	got := ask(t, proof.Request{Source: proof.Cluster{Kafka: s.kafka()}}, plan.Gate{Name: "drained", Topics: []string{"audit"}})
	expect(t, got, "lag 0 over 0 groups and 1 partition")
}

func TestDrainedSeesWhatMembersAreSubscribedTo(t *testing.T) {
	s := newSide(t, kfake.SeedTopics(1, "orders", "returns"))
	s.write("returns", 0, "a1")
	s.write("orders", 0, "a1")
	member := s.connect(kgo.ConsumerGroup("billing"), kgo.ConsumeTopics("orders", "returns"), kgo.DisableAutoCommit())
	for read := 0; read < 2; {
		read += member.PollFetches(t.Context()).NumRecords()
	}
	for _, r := range []*kgo.Record{{Topic: "orders", Offset: 0}} {
		s.must(member.CommitRecords(t.Context(), r))
	}
	got := ask(t, proof.Request{Source: proof.Cluster{Kafka: s.kafka()}}, plan.Gate{Name: "drained", Groups: []string{"billing"}})
	expect(t, got, "lag 1 ", "group billing has no committed offset on returns-0")
}

// A gate over many partitions asks each broker a few times, and no partition by itself.
func TestDrainedOfTenThousandPartitionsTakesAFewRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes 10,000 partitions")
	}
	const topics, partitions, groups = 100, 100, 200
	var names []string
	for i := range topics {
		names = append(names, fmt.Sprintf("topic-%03d", i))
	}
	s := newSide(t, kfake.SeedTopics(partitions, names...))
	var asked []string
	for g := range groups {
		group := fmt.Sprintf("group-%03d", g)
		asked = append(asked, group)
		topic := names[g%topics]
		s.commit(group, topic, 0, 0)
	}
	requests := 0
	s.fake.Control(func(kmsg.Request) (kmsg.Response, error, bool) {
		s.fake.KeepControl()
		requests++
		return nil, nil, false
	})
	start := time.Now()
	got := ask(t, proof.Request{Source: proof.Cluster{Kafka: s.kafka()}}, plan.Gate{Name: "drained", Groups: asked, Topics: names})
	expect(t, got, "lag 0 over 200 groups and 10000 partitions")
	t.Logf("%d requests in %s", requests, time.Since(start))
	if limit := groups + 60; requests > limit {
		t.Errorf("%d requests, more than %d", requests, limit)
	}
}

// kafkaGates are all gates that ask brokers, with a scope in which each has something to ask.
func kafkaGates() ([]plan.Gate, overlay.Scope) {
	orders, billing := []string{"orders"}, []string{"billing"}
	return []plan.Gate{
			{Name: "drained", Groups: billing, Topics: orders}, {Name: "source-quiet", Topics: orders}, {Name: "groups-not-ahead", Groups: billing},
			{Name: "mirror-caught-up", Side: plan.Target, Topics: orders}, {Name: "tails-equal", Topics: orders}, {Name: "traffic-parity", Topics: orders},
			{Name: "retention-parity", Topics: orders}, {Name: "source-reachable"}, {Name: "offsets-aligned", Side: plan.Target, Groups: billing},
			{Name: "positions-recorded", Side: plan.Target, Topics: orders},
		}, overlay.Scope{
			Mirror: forward(), Return: &overlay.ScopeMirror{Reads: plan.Target, SourceAlias: "a", TargetAlias: "b", Offsets: "freight-return-offsets"},
			Groups: []plan.GroupOffsets{{Group: "billing", Topics: orders}},
		}
}

func TestKafkaGatesThatCannotBeAnsweredDoNotHold(t *testing.T) {
	gates, scope := kafkaGates()
	for name, reach := range map[string]func(*testing.T) (proof.Cluster, time.Duration){
		"no brokers are named": func(*testing.T) (proof.Cluster, time.Duration) { return proof.Cluster{}, time.Minute },
		"the connection failed": func(*testing.T) (proof.Cluster, time.Duration) {
			return proof.Cluster{KafkaErr: errors.New("no broker can be reached")}, time.Minute
		},
		"the user may do nothing": func(t *testing.T) (proof.Cluster, time.Duration) {
			s := newSide(t, kfake.SeedTopics(1, "orders"), kfake.EnableSASL(), kfake.EnableACLs(), kfake.Superuser("PLAIN", "admin", "admin"), kfake.User("PLAIN", "nobody", "nobody"))
			return proof.Cluster{Kafka: &proof.Kafka{Client: s.connect(kgo.SASL(plain.Auth{User: "nobody", Pass: "nobody"}.AsMechanism()))}}, time.Minute
		},
		"the brokers die": func(t *testing.T) (proof.Cluster, time.Duration) {
			s := newSide(t, kfake.SeedTopics(1, "orders"))
			kafka := s.kafka()
			s.fake.Close()
			return proof.Cluster{Kafka: kafka}, 5 * time.Second
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster, limit := reach(t)
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			for _, got := range proof.Prove(ctx, proof.Request{Gates: gates, Scope: scope, Source: cluster, Target: cluster, Options: options()}) {
				if got.Gate == "source-reachable" && name == "the user may do nothing" {
					continue // anyone may ask for versions
				}
				if got.Holds || len(got.Evidence) == 0 || got.Seen == "" {
					t.Errorf("got %+v", got)
				}
			}
		})
	}
}
