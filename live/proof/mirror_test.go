package proof_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/position"
	"cutover/live/proof"
)

// pair is a source and a target, the target with the mirror's own topic.
func pair(t *testing.T) (source, target *side) {
	t.Helper()
	return newSide(t, kfake.SeedTopics(1, "orders", "returns")), newSide(t, kfake.SeedTopics(1, "orders", "returns", "freight-mirror-offsets"))
}

func both(source, target *side) proof.Request {
	return proof.Request{Source: proof.Cluster{Kafka: source.kafka()}, Target: proof.Cluster{Kafka: target.kafka()}, Scope: overlay.Scope{Mirror: forward()}}
}

func TestMirrorCaughtUp(t *testing.T) {
	for name, test := range map[string]struct {
		arrange  func(source, target *side)
		topics   []string
		seen     string
		evidence []string
	}{
		"the stored position is that of the last record": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2")
				target.position(*forward(), "orders", 0, 0)
				target.position(*forward(), "orders", 0, 1)
			},
			seen: "1 of 1 partition copied to their end by their stored positions",
		},
		"one record behind": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2")
				target.position(*forward(), "orders", 0, 0)
			},
			seen:     "0 of 1 partition",
			evidence: []string{"orders-0: the stored position is 0, and the source has data from 1 to 2"},
		},
		"only markers and what was aborted stand behind the position": {
			arrange: func(source, target *side) {
				source.transact("commit", "orders", 0, "a1")
				source.transact("abort", "orders", 0, "b2")
				target.position(*forward(), "orders", 0, 0)
			},
			seen: "1 of 1 partition",
		},
		"a partition with records and no position": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1")
				target.position(*forward(), "returns", 0, 0)
			},
			evidence: []string{"orders-0: no position is stored, and the source has data from 0 to 1"},
		},
		"an empty partition without a position": {
			arrange: func(_, target *side) { target.position(*forward(), "returns", 0, 0) },
			seen:    "1 of 1 partition",
		},
		"a position that was taken away": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1")
				target.position(*forward(), "orders", 0, 0)
				target.forget(*forward(), "orders", 0)
			},
			evidence: []string{"orders-0: no position is stored"},
		},
		"a position behind the log: the topic was made anew": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1")
				target.position(*forward(), "orders", 0, 9)
			},
			evidence: []string{"orders-0: the mirror's position is 9, and the log on the source ends at 1: it is another topic"},
		},
		"the position of another mirror": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1")
				other := *forward()
				other.TargetAlias = "other"
				target.position(other, "orders", 0, 0)
			},
			evidence: []string{"orders-0: no position is stored"},
		},
		"a transaction is open on the source": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1")
				source.transact("open", "orders", 0, "b2")
				target.position(*forward(), "orders", 0, 0)
			},
			evidence: []string{"orders-0 on the source: a transaction is open from offset 1 on"},
		},
		"a topic that the source does not have": {
			arrange:  func(*side, *side) {},
			topics:   []string{"missing"},
			evidence: []string{"missing-0 on the source: UNKNOWN_TOPIC_OR_PARTITION"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := pair(t)
			test.arrange(source, target)
			if test.topics == nil {
				test.topics = []string{"orders"}
			}
			expect(t, ask(t, both(source, target), plan.Gate{Name: "mirror-caught-up", Side: plan.Target, Topics: test.topics}), test.seen, test.evidence...)
		})
	}
}

func TestWithoutPositionsTheLastRecordsAreCompared(t *testing.T) {
	source, target := pair(t)
	request := both(source, target)
	request.Scope.Mirror.Offsets = "not-there"
	gate := plan.Gate{Name: "mirror-caught-up", Side: plan.Target, Topics: []string{"orders"}}
	source.write("orders", 0, "a1", "a2")
	target.write("orders", 0, "a1")
	expect(t, ask(t, request, gate), "the last records were compared instead: 0 of 1 partition", "orders-0: its last records are not on the target")
	target.write("orders", 0, "a2")
	expect(t, ask(t, request, gate), "topic not-there cannot be read: UNKNOWN_TOPIC_OR_PARTITION")
}

// returning is a source and a target with a reverse mirror, and topics as it finds them.
func returning(t *testing.T) (source, target *side, request proof.Request) {
	t.Helper()
	back := &overlay.ScopeMirror{Reads: plan.Target, SourceAlias: "freight-target", TargetAlias: "freight-return", Offsets: "freight-return-offsets"}
	source, target = newSide(t, kfake.SeedTopics(1, "orders", "freight-return-offsets")), newSide(t, kfake.SeedTopics(1, "orders", position.Heartbeats))
	return source, target, proof.Request{Source: proof.Cluster{Kafka: source.kafka()}, Target: proof.Cluster{Kafka: target.kafka()}, Scope: overlay.Scope{Return: back}}
}

func TestTheReverseMirrorsPositionsStandOnTheSource(t *testing.T) {
	source, target, request := returning(t)
	back := request.Scope.Return
	recorded := plan.Gate{Name: "positions-recorded", Side: plan.Target, Topics: []string{"orders"}}
	caughtUp := plan.Gate{Name: "mirror-caught-up", Side: plan.Source, Topics: []string{"orders"}}
	target.write("orders", 0, "a1", "a2")
	expect(t, ask(t, request, recorded), "0 of 1 partition", "orders-0 has no stored position, and its log on the target ends at 2")
	source.position(*back, "orders", 0, 0)
	expect(t, ask(t, request, recorded), "1 of 1 partition with a position within the log")
	expect(t, ask(t, request, caughtUp), "0 of 1", "orders-0: the stored position is 0, and the target has data from 1 to 2")
	source.position(*back, "orders", 0, 1)
	expect(t, ask(t, request, caughtUp), "1 of 1")
	source.position(*back, "orders", 0, 5)
	expect(t, ask(t, request, recorded), "0 of 1", "orders-0: the stored position is 5, and its log on the target goes from 0 to 2")
}

func TestAReverseMirrorHasToPassOverTheHeartbeatsOfTheForwardOne(t *testing.T) {
	source, target, request := returning(t)
	back := request.Scope.Return
	recorded := plan.Gate{Name: "positions-recorded", Side: plan.Target, Topics: []string{"orders"}}
	source.position(*back, "orders", 0, 0)
	target.write("orders", 0, "a1")
	expect(t, ask(t, request, recorded), "1 of 1")
	target.write(position.Heartbeats, 0, "h1")
	expect(t, ask(t, request, recorded), "1 of 1", "heartbeats-0 has no stored position, and its log on the target ends at 1: the mirror copies it unasked")
	source.position(*back, position.Heartbeats, 0, 0)
	expect(t, ask(t, request, recorded), "1 of 1")
	target.write(position.Heartbeats, 0, "h2")
	expect(t, ask(t, request, recorded), "1 of 1", "heartbeats-0: the stored position is 0, and its log on the target ends at 2: another MirrorMaker 2 writes it")
}

func TestTailsEqual(t *testing.T) {
	for name, test := range map[string]struct {
		arrange  func(source, target *side)
		seen     string
		evidence []string
	}{
		"the same records at other offsets": {
			arrange: func(source, target *side) {
				source.transact("commit", "orders", 0, "a1")
				source.write("orders", 0, "k=a2", "a3")
				target.write("orders", 0, "a1", "k=a2", "a3")
			},
			seen: "1 of 1 partition alike, by their last 3 records",
		},
		"nothing on either cluster": {
			arrange: func(*side, *side) {},
			seen:    "1 of 1 partition alike, by their last 0 records",
		},
		"records that the target wrote since": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2")
				target.write("orders", 0, "a1", "a2", "b3", "b4")
			},
			seen: "1 of 1",
		},
		"a record that the target lacks": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2")
				target.write("orders", 0, "a1")
			},
			evidence: []string{"orders-0: record 1 of the source is not on the target"},
		},
		"a record with another value": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "k=a1", "k=a2")
				target.write("orders", 0, "k=a1", "k=b2")
			},
			evidence: []string{"orders-0: record 1 of the source is not on the target"},
		},
		"records that were copied twice": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2", "a3")
				target.write("orders", 0, "a1", "a2", "a2", "a3")
			},
			evidence: []string{"orders-0: the source has 1 record of one content at its end, the target 2, the last at offset 2: copied twice"},
		},
		"records that the source itself has twice": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a1", "a2")
				target.write("orders", 0, "a1", "a1", "a2")
			},
			seen: "1 of 1",
		},
		"another order": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "b1", "a2")
				target.write("orders", 0, "b1", "a1", "a2")
			},
			evidence: []string{"orders-0: the last records of the source are in another order on the target"},
		},
		"the target holds nothing": {
			arrange:  func(source, _ *side) { source.write("orders", 0, "a1") },
			evidence: []string{"orders-0: its last records are not on the target"},
		},
		"what the source aborted is on the target": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1")
				source.transact("abort", "orders", 0, "b2")
				target.write("orders", 0, "a1")
			},
			seen: "1 of 1 partition alike, by their last 1 record",
		},
		"more records than a tail has, markers between": {
			arrange: func(source, target *side) {
				for _, text := range []string{"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"} {
					source.transact("commit", "orders", 0, text)
				}
				target.write("orders", 0, "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8")
			},
			seen: "1 of 1 partition alike, by their last 5 records",
		},
		"retention has taken the beginning on the target": {
			arrange: func(source, target *side) {
				source.write("orders", 0, "a1", "a2", "a3")
				target.write("orders", 0, "a1", "a2", "a3")
				target.deleteTo("orders", 0, 1)
			},
			seen: "1 of 1",
		},
		"compaction has taken what the target wrote anew": {
			arrange: func(source, target *side) {
				target.set("orders", "cleanup.policy", "compact")
				source.write("orders", 0, "k=a1", "l=a2")
				target.write("orders", 0, "l=a2", "k=b3")
			},
			seen: "1 of 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := pair(t)
			test.arrange(source, target)
			request := both(source, target)
			request.Options = options()
			request.Options.Tail = 5
			expect(t, ask(t, request, plan.Gate{Name: "tails-equal", Side: plan.Target, Topics: []string{"orders"}}), test.seen, test.evidence...)
		})
	}
}

// worker answers as Kafka Connect's REST interface does.
func worker(t *testing.T, states map[string][]string) *proof.Connect {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RequestURI() != "/connectors?expand=status" {
			http.NotFound(w, r)
			return
		}
		all := make(map[string]any)
		for name, list := range states {
			var tasks []any
			for id, state := range list[1:] {
				tasks = append(tasks, map[string]any{"id": id, "state": state, "worker_id": "w"})
			}
			all[name] = map[string]any{"status": map[string]any{"name": name, "connector": map[string]any{"state": list[0]}, "tasks": tasks}}
		}
		if err := json.NewEncoder(w).Encode(all); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return &proof.Connect{URL: server.URL, Client: server.Client()}
}

func TestMirrorRunningAndPaused(t *testing.T) {
	const copies, checkpoints, beats = "freight-source->freight-target.MirrorSourceConnector", "freight-source->freight-target.MirrorCheckpointConnector", "freight-source->freight-target.MirrorHeartbeatConnector"
	for name, test := range map[string]struct {
		gate     string
		states   map[string][]string
		records  int
		seen     string
		evidence []string
	}{
		"everything runs": {
			"mirror-running", map[string][]string{copies: {"RUNNING", "RUNNING", "RUNNING"}, checkpoints: {"RUNNING"}, beats: {"RUNNING", "RUNNING"}}, 3,
			"3 connectors and 3 tasks, 0 not RUNNING; lag 2 over 1 partition", nil,
		},
		"a task has failed under a connector that runs": {
			"mirror-running", map[string][]string{copies: {"RUNNING", "RUNNING", "FAILED"}, checkpoints: {"RUNNING", "RUNNING"}, beats: {"RUNNING", "RUNNING"}}, 1,
			"1 not RUNNING", []string{"task 1 of connector " + copies + " is FAILED"},
		},
		"a connector without tasks copies nothing": {
			"mirror-running", map[string][]string{copies: {"RUNNING"}, checkpoints: {"RUNNING"}}, 1,
			"2 connectors", []string{"connector " + copies + " has no task"},
		},
		"a connector is missing": {
			"mirror-running", map[string][]string{copies: {"RUNNING", "RUNNING"}}, 1,
			"1 connector ", []string{"connector " + checkpoints + " does not exist"},
		},
		"it is too far behind": {
			"mirror-running", map[string][]string{copies: {"RUNNING", "RUNNING"}, checkpoints: {"RUNNING"}}, 7,
			"lag 6 ", []string{"the mirror is 6 records behind, more than 5"},
		},
		"everything is paused": {
			"mirror-paused", map[string][]string{copies: {"PAUSED", "PAUSED"}, checkpoints: {"PAUSED", "PAUSED"}, beats: {"PAUSED", "PAUSED"}}, 1,
			"3 connectors and 3 tasks, 0 not PAUSED", nil,
		},
		"a task runs on in a paused connector": {
			"mirror-paused", map[string][]string{copies: {"PAUSED", "RUNNING"}, checkpoints: {"PAUSED"}}, 1,
			"1 not PAUSED", []string{"task 0 of connector " + copies + " is RUNNING"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := pair(t)
			for range test.records {
				source.write("orders", 0, "a1")
			}
			target.position(*forward(), "orders", 0, 0)
			request := both(source, target)
			request.Connect, request.Options = worker(t, test.states), options()
			request.Options.MaxLag = 5
			expect(t, ask(t, request, plan.Gate{Name: test.gate, Side: plan.Target}), test.seen, test.evidence...)
		})
	}
}

func TestGroupsNotAhead(t *testing.T) {
	for name, test := range map[string]struct {
		arrange  func(*side)
		evidence []string
	}{
		"a group that does not exist":    {func(*side) {}, nil},
		"a group at the beginning":       {func(s *side) { s.commit("billing", "orders", 0, 0) }, nil},
		"a group with an offset above 0": {func(s *side) { s.commit("billing", "orders", 0, 1) }, []string{"group billing has committed offset 1 on orders-0"}},
		"a group with a member": {
			func(s *side) {
				s.write("orders", 0, "a1")
				member := s.connect(kgo.ConsumerGroup("billing"), kgo.ConsumeTopics("orders"), kgo.DisableAutoCommit())
				member.PollFetches(s.t.Context())
			},
			[]string{"group billing is Stable, with 1 member"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSide(t, kfake.SeedTopics(1, "orders"))
			test.arrange(s)
			expect(t, ask(t, proof.Request{Target: proof.Cluster{Kafka: s.kafka()}}, plan.Gate{Name: "groups-not-ahead", Side: plan.Target, Groups: []string{"billing"}}), "", test.evidence...)
		})
	}
}

func TestSourceQuiet(t *testing.T) {
	for name, test := range map[string]struct {
		between  func(*side)
		mirror   bool
		seen     string
		evidence []string
	}{
		"nothing is written":         {func(*side) {}, false, "0 of 2 log ends moved in 10s", nil},
		"a producer was left behind": {func(s *side) { s.write("returns", 0, "a9") }, false, "1 of 2 log ends moved", []string{"returns-0: its log end went from 1 to 2 within 10s"}},
		"a topic is deleted meanwhile": {func(s *side) {
			_, err := s.admin.DeleteTopics(s.t.Context(), "returns")
			s.must(err)
		}, false, "", []string{"returns-0 on the source: UNKNOWN_TOPIC", "returns-0 on the source did not tell its log end a second time"}},
		"something was written since the mirror was paused": {func(*side) {}, true, "1 partition not copied", []string{"returns-0: no position is stored, and the source has data from 0 to 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := pair(t)
			source.write("orders", 0, "a1")
			source.write("returns", 0, "a1")
			target.position(*forward(), "orders", 0, 0)
			request := both(source, target)
			if !test.mirror {
				request.Scope.Mirror = nil
			}
			request.Options = options()
			request.Options.Pause = func(context.Context, time.Duration) error { test.between(source); return nil }
			expect(t, ask(t, request, plan.Gate{Name: "source-quiet", Topics: []string{"orders", "returns"}}), test.seen, test.evidence...)
		})
	}
}

func TestOffsetsAligned(t *testing.T) {
	for name, test := range map[string]struct {
		arrange  func(source, target *side)
		evidence []string
	}{
		"at the proven offset": {func(source, target *side) {
			source.commit("billing", "orders", 0, 3)
			target.commit("billing", "orders", 0, 3)
		}, nil},
		"one ahead of the log": {func(source, target *side) {
			source.commit("billing", "orders", 0, 3)
			target.commit("billing", "orders", 0, 4)
		}, []string{"group billing has committed 4 on orders-0, outside the log, which ends at 3"}},
		"one behind": {func(source, target *side) {
			source.commit("billing", "orders", 0, 3)
			target.commit("billing", "orders", 0, 2)
		}, []string{"group billing has committed 2 on orders-0; proven is 3"}},
		"a group that was not drained, at its record": {func(source, target *side) {
			source.commit("billing", "orders", 0, 1)
			target.commit("billing", "orders", 0, 1)
		}, nil},
		"nothing is committed": {func(source, _ *side) {
			source.commit("billing", "orders", 0, 3)
		}, []string{"group billing has no committed offset on orders-0; proven is 3"}},
		"nothing was committed on the source": {func(_, target *side) {
			target.commit("billing", "orders", 0, 3)
		}, []string{"group billing on orders-0: no offset is proven: "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := pair(t)
			source.write("orders", 0, "a1", "a2", "a3")
			target.write("orders", 0, "a1", "a2", "a3")
			test.arrange(source, target)
			request := both(source, target)
			request.Scope.Groups = []plan.GroupOffsets{{Group: "billing", Topics: []string{"orders"}}}
			expect(t, ask(t, request, plan.Gate{Name: "offsets-aligned", Side: plan.Target, Groups: []string{"billing"}}), "", test.evidence...)
		})
	}
}

func TestRetentionParity(t *testing.T) {
	for name, test := range map[string]struct {
		source, target map[string]string
		intended       []overlay.ScopeSetting
		evidence       []string
	}{
		"the brokers' defaults":          {nil, nil, nil, nil},
		"longer on the target":           {map[string]string{"retention.ms": "1000"}, map[string]string{"retention.ms": "2000"}, nil, nil},
		"without bound on the target":    {map[string]string{"retention.ms": "1000"}, map[string]string{"retention.ms": "-1"}, nil, nil},
		"shorter on the target":          {map[string]string{"retention.ms": "2000"}, map[string]string{"retention.ms": "1000"}, nil, []string{"topic orders: retention.ms is 2000 on the source and 1000 on the target"}},
		"a bound on the target alone":    {map[string]string{"retention.bytes": "-1"}, map[string]string{"retention.bytes": "9"}, nil, []string{"retention.bytes is -1 on the source and 9 on the target"}},
		"deletion instead of compaction": {map[string]string{"cleanup.policy": "compact"}, map[string]string{"cleanup.policy": "delete"}, nil, []string{"cleanup.policy is compact on the source and delete"}},
		"policies in another order":      {map[string]string{"cleanup.policy": "compact,delete"}, map[string]string{"cleanup.policy": "delete,compact"}, nil, nil},
		"shorter, as migration.yaml asks": {map[string]string{"retention.ms": "2000"}, map[string]string{"retention.ms": "1000"},
			[]overlay.ScopeSetting{{Topic: "orders", Field: "retention.ms"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := pair(t)
			for key, value := range test.source {
				source.set("orders", key, value)
			}
			for key, value := range test.target {
				target.set("orders", key, value)
			}
			request := both(source, target)
			request.Scope.Topics, request.Scope.Retention = []string{"orders"}, test.intended
			expect(t, ask(t, request, plan.Gate{Name: "retention-parity", Side: plan.Target}), "", test.evidence...)
		})
	}
}

func TestTrafficParity(t *testing.T) {
	source, target := pair(t)
	request := both(source, target)
	request.Scope.Topics = []string{"orders", "returns"}
	request.Options = options()
	request.Options.Now = func() time.Time { return began.Add(48 * time.Hour) }
	gate := plan.Gate{Name: "traffic-parity", Side: plan.Target}
	expect(t, ask(t, request, gate), "nothing to compare", "no topic of the source has a record")
	source.write("orders", 0, "a1", "a2", "a7200")
	source.write("returns", 0, "a1")
	target.write("orders", 0, "a1", "a2", "a7200")
	expect(t, ask(t, request, gate), "0 of 1 busy topic carried", "topic orders: 1 written on the source in the 1h0m0s before 2020-09-13T14:26:40Z, none on the target since 2020-09-15T11:26:40Z")
	target.write("orders", 0, "b172000")
	expect(t, ask(t, request, gate), "1 of 1 busy topic carried; 1 offsets written since 2020-09-15T11:26:40Z, 1 on the source in its last 1h0m0s")
}

func TestCopiesOfTheMirrorAreNoTrafficOfTheTarget(t *testing.T) {
	source, target := newSide(t, kfake.SeedTopics(1, "orders")), newSide(t, kfake.SeedTopics(1, "orders"))
	request := proof.Request{Source: proof.Cluster{Kafka: source.kafka()}, Target: proof.Cluster{Kafka: target.kafka()}, Options: options()}
	request.Scope.Topics = []string{"orders"}
	request.Options.Now = func() time.Time { return began.Add(time.Minute) }
	gate := plan.Gate{Name: "traffic-parity", Side: plan.Target}
	source.write("orders", 0, "a1", "a2")
	target.write("orders", 0, "a1", "a2")
	expect(t, ask(t, request, gate), "0 of 1 busy topic carried", "topic orders: 2 written on the source")
	target.write("orders", 0, "b3")
	if got := ask(t, request, gate); !got.Holds {
		t.Errorf("got %+v", got)
	}
}

func TestRecordsOfTheFutureAreNoTraffic(t *testing.T) {
	source, target := newSide(t, kfake.SeedTopics(1, "orders", "returns")), newSide(t, kfake.SeedTopics(1, "orders", "returns"))
	request := proof.Request{Source: proof.Cluster{Kafka: source.kafka()}, Target: proof.Cluster{Kafka: target.kafka()}, Options: options()}
	request.Scope.Topics = []string{"orders", "returns"}
	request.Options.Now = func() time.Time { return began.Add(time.Minute) }
	gate := plan.Gate{Name: "traffic-parity", Side: plan.Target}
	source.write("orders", 0, "a90000")
	expect(t, ask(t, request, gate), "nothing to compare", "not later than this machine's time")
	source.write("returns", 0, "a1")
	target.write("orders", 0, "a90000", "b30")
	target.write("returns", 0, "a1", "b30")
	// That the source's one record of orders is new or old, nobody knows: it counts.
	expect(t, ask(t, request, gate), "1 of 2 busy topics carried", "topic orders: 1 written on the source",
		"hint: from offset 0 on, orders-0 on the target has records later than this machine's time: a clock is wrong")
}

func TestSourceReachable(t *testing.T) {
	s := newSide(t)
	request := proof.Request{Source: proof.Cluster{Kafka: s.kafka()}}
	expect(t, ask(t, request, plan.Gate{Name: "source-reachable"}), "2 of 2 brokers answered")
	s.refuse(kmsg.NewPtrApiVersionsRequest())
	if got := ask(t, proof.Request{Source: proof.Cluster{Kafka: &proof.Kafka{Client: s.connect()}}}, plan.Gate{Name: "source-reachable"}); got.Holds {
		t.Errorf("got %+v", got)
	}
}
