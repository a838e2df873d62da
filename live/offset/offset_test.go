package offset_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/plan"
	"cutover/live/offset"
	"cutover/live/record"
)

// side is one cluster of a test, with topic orders of two partitions.
type side struct {
	t      *testing.T
	fake   *kfake.Cluster
	client *kgo.Client
	admin  *kadm.Client
}

func newSide(t *testing.T) side {
	t.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(2), kfake.SeedTopics(2, "orders"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	s := side{t: t, fake: fake}
	s.client = s.connect()
	s.admin = kadm.NewClient(s.client)
	return s
}

func (s side) connect(options ...kgo.Opt) *kgo.Client {
	s.t.Helper()
	client, err := kgo.NewClient(append(options, kgo.SeedBrokers(s.fake.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.RetryTimeout(5*time.Second))...)
	s.must(err)
	s.t.Cleanup(client.Close)
	return client
}

func (s side) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// write produces values to partition 0, each a millisecond after the one before.
func (s side) write(client *kgo.Client, from, to int) {
	s.t.Helper()
	for i := from; i < to; i++ {
		s.must(client.ProduceSync(s.t.Context(), value(i)).FirstErr())
	}
}

func value(i int) *kgo.Record {
	return &kgo.Record{Topic: "orders", Key: fmt.Append(nil, i%3), Value: fmt.Append(nil, i), Timestamp: time.UnixMilli(int64(1_600_000_000_000 + i)),
		Headers: []kgo.RecordHeader{{Key: "n", Value: fmt.Append(nil, i)}}}
}

// transact writes in a transaction, which leaves a marker, and aborts it or not.
func (s side) transact(id string, end kgo.TransactionEndTry, from, to int) {
	s.t.Helper()
	client := s.connect(kgo.TransactionalID(id))
	s.must(client.BeginTransaction())
	s.write(client, from, to)
	s.must(client.EndTransaction(s.t.Context(), end))
}

// mirror copies committed data as MirrorMaker 2 does, from an offset of the source on.
func (s side) mirror(to side, from int64) {
	s.t.Helper()
	var copies []*kgo.Record
	for _, r := range s.read(from) {
		copies = append(copies, &kgo.Record{Topic: r.Topic, Partition: r.Partition, Key: r.Key, Value: r.Value, Headers: r.Headers, Timestamp: r.Timestamp})
	}
	s.must(to.client.ProduceSync(s.t.Context(), copies...).FirstErr())
}

func (s side) commit(group string, partition int32, at int64) {
	s.t.Helper()
	var offsets kadm.Offsets
	offsets.Add(kadm.Offset{Topic: "orders", Partition: partition, At: at, Metadata: "AQAA"})
	s.must(s.admin.CommitAllOffsets(s.t.Context(), group, offsets))
}

// committed gives the offset of partition 0, -1 where there is none.
func (s side) committed(group string) int64 {
	s.t.Helper()
	got, err := s.admin.FetchOffsets(s.t.Context(), group)
	if errors.Is(err, kerr.GroupIDNotFound) {
		return -1
	}
	s.must(err)
	if one, ok := got.Lookup("orders", 0); ok {
		return one.At
	}
	return -1
}

// read gives what a consumer with read_committed gets of partition 0 from an offset on.
func (s side) read(from int64) []*kgo.Record {
	s.t.Helper()
	ends, err := s.admin.ListEndOffsets(s.t.Context(), "orders")
	s.must(err)
	end, _ := ends.Lookup("orders", 0)
	var records []*kgo.Record
	_, err = record.Reader{Client: s.client}.Read(s.t.Context(), map[record.Partition]record.Range{{Topic: "orders"}: {From: from, To: end.Offset}}, func(r *kgo.Record) bool {
		records = append(records, r)
		return true
	})
	s.must(err)
	return records
}

// log shows the values of what it reads.
func (s side) log(from int64) string {
	s.t.Helper()
	var values []string
	for _, r := range s.read(from) {
		values = append(values, string(r.Value))
	}
	return strings.Join(values, " ")
}

// prove finds where group billing goes on in topics of the target.
func (s side) prove(target side, topics ...string) []offset.Proof {
	s.t.Helper()
	proofs, err := offset.Prover{From: s.client, To: target.client}.Prove(s.t.Context(), plan.GroupOffsets{Group: "billing", Topics: topics})
	s.must(err)
	return proofs
}

func TestAGroupGoesOnWhereItStopped(t *testing.T) {
	tests := map[string]struct {
		prepare func(source, target side)
		// reads is what the group gets on the target; "" with kind unproven for nothing.
		reads  string
		kind   offset.Kind
		reason string
	}{
		"drained, with a marker at the end": {func(s, to side) {
			s.write(s.client, 0, 3)
			s.transact("a", kgo.TryCommit, 3, 6)
			s.mirror(to, 0)
			s.commit("billing", 0, 7)
		}, "", offset.Drained, "record 5"},
		"drained up to the last record, before the marker": {func(s, to side) {
			s.transact("a", kgo.TryCommit, 0, 6)
			s.mirror(to, 0)
			s.commit("billing", 0, 6)
		}, "", offset.Drained, "record 5"},
		"drained, and the rest is aborted": {func(s, to side) {
			s.write(s.client, 0, 3)
			s.transact("a", kgo.TryAbort, 3, 6)
			s.mirror(to, 0)
			s.commit("billing", 0, 3)
		}, "", offset.Drained, "record 2"},
		"lagging behind aborted records and markers": {func(s, to side) {
			s.transact("a", kgo.TryAbort, 0, 4)
			s.write(s.client, 4, 8)
			s.transact("b", kgo.TryCommit, 8, 10)
			s.mirror(to, 0)
			s.commit("billing", 0, 7)
		}, "6 7 8 9", offset.Lagging, "record 7 is the first of 4"},
		"drained, and the target is written to already": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			to.write(to.client, 100, 103)
			s.commit("billing", 0, 5)
		}, "100 101 102", offset.Drained, "3 records behind it"},
		"lagging, and the target is written to already": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			to.write(to.client, 100, 102)
			s.commit("billing", 0, 3)
		}, "3 4 100 101", offset.Lagging, "2 records were written"},
		"retention has deleted what it had not read": {func(s, to side) {
			s.write(s.client, 0, 8)
			s.mirror(to, 0)
			s.commit("billing", 0, 2)
			s.deleteBefore(4)
		}, "4 5 6 7", offset.Lagging, "retention"},
		"drained, and the mirror has copied the last twice": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			s.mirror(to, 3)
			s.commit("billing", 0, 5)
		}, "", offset.Drained, "record 4"},
		"lagging, and the mirror has copied some twice": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			s.mirror(to, 1)
			s.commit("billing", 0, 3)
		}, "3 4", offset.Lagging, "record 3 is"},
		"lagging, and only what it has read is copied twice": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			s.write(s.client, 5, 6)
			s.mirror(to, 4)
			s.commit("billing", 0, 4)
		}, "4 5", offset.Lagging, "record 4 is"},
		"a partition nobody ever wrote to": {func(_, to side) { to.write(to.client, 100, 102) }, "100 101", offset.Empty, "nothing was ever"},
		"the mirror lacks the last record": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			s.write(s.client, 5, 6)
			s.commit("billing", 0, 6)
		}, "", offset.Unproven, "expected"},
		"the mirror is at it again from the start": {func(s, to side) {
			s.write(s.client, 0, 200)
			s.mirror(to, 0)
			to.write(to.client, 0, 20) // byte for byte the first of the source
			s.commit("billing", 0, 200)
		}, "", offset.Unproven, "copied records twice"},
		"what was written on the target stands among the copies": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			to.write(to.client, 100, 101)
			s.write(s.client, 5, 6)
			s.mirror(to, 5)
			s.commit("billing", 0, 6)
		}, "", offset.Unproven, "no offset is right for both"},
		"a group that has never committed": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
		}, "", offset.Unproven, "never committed"},
		"a commit past the log end": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			s.commit("billing", 0, 9)
		}, "", offset.Unproven, "the log ends at 5"},
		"a transaction that is open": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			client := s.connect(kgo.TransactionalID("open"))
			s.must(client.BeginTransaction())
			s.write(client, 5, 6)
			s.commit("billing", 0, 5)
		}, "", offset.Unproven, "a transaction is open from offset 5"},
		"records that only the target still has": {func(s, to side) {
			s.write(s.client, 0, 5)
			s.mirror(to, 0)
			s.commit("billing", 0, 5)
			s.deleteBefore(5)
		}, "", offset.Unproven, "cannot be told"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := newSide(t), newSide(t)
			test.prepare(source, target)
			proofs := source.prove(target, "orders")
			if len(proofs) != 2 || proofs[0].Partition != 0 || proofs[1].Kind != offset.Empty {
				t.Fatalf("got %+v", proofs)
			}
			got := proofs[0]
			if got.Kind != test.kind || !strings.Contains(got.Reason, test.reason) {
				t.Fatalf("got %s: %s", got.Kind, got.Reason)
			}
			if got.Proven() != (got.Offset >= 0) || got.Offset > got.End {
				t.Fatalf("got %+v", got)
			}
			if got.Proven() && target.log(got.Offset) != test.reads {
				t.Errorf("from %d on it reads %q, want %q", got.Offset, target.log(got.Offset), test.reads)
			}
		})
	}
}

func (s side) deleteBefore(at int64) {
	s.t.Helper()
	var offsets kadm.Offsets
	offsets.AddOffset("orders", 0, at, -1)
	_, err := s.admin.DeleteRecords(s.t.Context(), offsets)
	s.must(err)
}

func TestWhatTheMirrorAloneHasWrittenNeedsNoComparison(t *testing.T) {
	source, target := newSide(t), newSide(t)
	source.write(source.client, 0, 5)
	source.mirror(target, 0)
	source.commit("billing", 0, 5)
	source.deleteBefore(5)
	prover := offset.Prover{From: source.client, To: target.client, Unwritten: map[string]bool{"orders": true}}
	proofs, err := prover.Prove(t.Context(), plan.GroupOffsets{Group: "billing", Topics: []string{"orders"}})
	source.must(err)
	if proofs[0].Kind != offset.Drained || proofs[0].Offset != 5 {
		t.Errorf("got %+v", proofs[0])
	}
}

func TestManyGroupsAreProvenAtOnce(t *testing.T) {
	source, target := newSide(t), newSide(t)
	source.transact("a", kgo.TryCommit, 0, 50)
	source.write(source.client, 50, 100)
	source.mirror(target, 0)
	var groups []plan.GroupOffsets
	want := make(map[string]int64)
	for i := range 30 {
		name := fmt.Sprintf("group-%02d", i)
		groups = append(groups, plan.GroupOffsets{Group: name, Topics: []string{"orders"}})
		source.commit(name, 0, int64(51+i))
		want[name] = int64(50 + i)
	}
	fetches := 0
	for _, fake := range []*kfake.Cluster{source.fake, target.fake} {
		fake.ControlKey(kmsg.Fetch.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
			fake.KeepControl()
			fetches++
			return nil, nil, false
		})
	}
	proofs, err := offset.Prover{From: source.client, To: target.client}.Prove(t.Context(), groups...)
	source.must(err)
	got := make(map[string]int64)
	for _, proof := range proofs {
		if proof.Partition == 0 {
			got[proof.Group] = proof.Offset
		}
	}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Error(difference)
	}
	if fetches > 12 {
		t.Errorf("%d fetches for %d groups on one partition", fetches, len(groups))
	}
}

func TestWhatCannotBeSeenIsNotProven(t *testing.T) {
	tests := map[string]func(source, target side) []string{
		"a topic that is on neither cluster": func(side, side) []string { return []string{"nowhere"} },
		"a topic that the target lacks": func(source, _ side) []string {
			_, err := source.admin.CreateTopic(context.Background(), 2, 1, nil, "left")
			source.must(err)
			return []string{"left"}
		},
		"a partition that the target lacks": func(source, target side) []string {
			_, err := source.admin.CreateTopic(context.Background(), 2, 1, nil, "wide")
			source.must(err)
			_, err = target.admin.CreateTopic(context.Background(), 1, 1, nil, "wide")
			source.must(err)
			return []string{"wide"}
		},
		"a partition whose leader fails": func(_, target side) []string {
			target.fake.ControlKey(kmsg.ListOffsets.Int16(), func(request kmsg.Request) (kmsg.Response, error, bool) {
				target.fake.KeepControl()
				return fail(request.(*kmsg.ListOffsetsRequest)), nil, true
			})
			return []string{"orders"}
		},
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source, target := newSide(t), newSide(t)
			topics := prepare(source, target)
			proofs := source.prove(target, topics...)
			if len(proofs) == 0 || !slices.ContainsFunc(proofs, func(p offset.Proof) bool { return !p.Proven() && p.Reason != "" && p.Offset == -1 }) {
				t.Errorf("got %+v", proofs)
			}
		})
	}
}

func fail(request *kmsg.ListOffsetsRequest) *kmsg.ListOffsetsResponse {
	response := request.ResponseKind().(*kmsg.ListOffsetsResponse)
	for _, topic := range request.Topics {
		answer := kmsg.NewListOffsetsResponseTopic()
		answer.Topic = topic.Topic
		for _, partition := range topic.Partitions {
			one := kmsg.NewListOffsetsResponseTopicPartition()
			one.Partition, one.ErrorCode = partition.Partition, kerr.UnknownServerError.Code
			answer.Partitions = append(answer.Partitions, one)
		}
		response.Topics = append(response.Topics, answer)
	}
	return response
}
