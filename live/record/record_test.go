package record_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/live/record"
)

func cluster(t *testing.T, options ...kfake.Opt) (*kfake.Cluster, func(...kgo.Opt) *kgo.Client) {
	t.Helper()
	fake, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(3)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	return fake, func(options ...kgo.Opt) *kgo.Client {
		client, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(fake.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner())}, options...)...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		return client
	}
}

func produce(t *testing.T, client *kgo.Client, topic string, partition int32, values ...string) {
	t.Helper()
	for _, value := range values {
		if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Partition: partition, Value: []byte(value)}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

// transact writes values in one transaction, and ends it.
func transact(t *testing.T, client *kgo.Client, end kgo.TransactionEndTry, topic string, values ...string) {
	t.Helper()
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	produce(t, client, topic, 0, values...)
	if err := client.EndTransaction(t.Context(), end); err != nil {
		t.Fatal(err)
	}
}

// read gives the values of a range.
func read(t *testing.T, client *kgo.Client, ranges map[record.Partition]record.Range) ([]string, map[record.Partition]error) {
	t.Helper()
	var values []string
	failed, err := record.Reader{Client: client}.Read(t.Context(), ranges, func(r *kgo.Record) bool {
		values = append(values, fmt.Sprintf("%s-%d@%d=%s", r.Topic, r.Partition, r.Offset, r.Value))
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(values)
	return values, failed
}

func TestReadGivesCommittedDataOfTheRangeAndNothingElse(t *testing.T) {
	_, connect := cluster(t, kfake.SeedTopics(1, "orders"))
	client, transactions := connect(), connect(kgo.TransactionalID("tests"))
	produce(t, client, "orders", 0, "a", "b")                        // 0, 1
	transact(t, transactions, kgo.TryCommit, "orders", "c")          // 2, marker 3
	transact(t, transactions, kgo.TryAbort, "orders", "never", "so") // 4, 5, marker 6
	produce(t, client, "orders", 0, "d")                             // 7
	transact(t, transactions, kgo.TryAbort, "orders", "nor this")    // 8, marker 9
	for name, test := range map[string]struct {
		from, to int64
		want     []string
	}{
		"the whole log":                     {0, 10, []string{"orders-0@0=a", "orders-0@1=b", "orders-0@2=c", "orders-0@7=d"}},
		"a stretch within":                  {1, 3, []string{"orders-0@1=b", "orders-0@2=c"}},
		"a marker alone":                    {3, 4, nil},
		"aborted records and their marker":  {4, 7, nil},
		"an aborted transaction at the end": {8, 10, nil},
		"nothing":                           {5, 5, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, failed := read(t, client, map[record.Partition]record.Range{{Topic: "orders"}: {From: test.from, To: test.to}})
			if !slices.Equal(got, test.want) || len(failed) > 0 {
				t.Errorf("got %q and %v, want %q", got, failed, test.want)
			}
		})
	}
}

func TestReadFetchesManyPartitionsTogether(t *testing.T) {
	fake, connect := cluster(t, kfake.SeedTopics(40, "orders", "returns"))
	client := connect()
	ranges := make(map[record.Partition]record.Range)
	var want []string
	for partition := range int32(40) {
		produce(t, client, "orders", partition, "first", "last")
		produce(t, client, "returns", partition, "only")
		ranges[record.Partition{Topic: "orders", Number: partition}] = record.Range{From: 1, To: 2}
		ranges[record.Partition{Topic: "returns", Number: partition}] = record.Range{From: 0, To: 1}
		want = append(want, fmt.Sprintf("orders-%d@1=last", partition), fmt.Sprintf("returns-%d@0=only", partition))
	}
	slices.Sort(want)
	fetches := 0
	fake.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		fetches++
		return nil, nil, false
	})
	got, failed := read(t, client, ranges)
	if !slices.Equal(got, want) || len(failed) > 0 {
		t.Errorf("got %q and %v", got, failed)
	}
	if fetches > 9 {
		t.Errorf("%d fetches for 80 partitions on 3 brokers", fetches)
	}
}

func TestReadSaysWhyAPartitionCannotBeRead(t *testing.T) {
	_, connect := cluster(t, kfake.SeedTopics(1, "open", "good"))
	client, transactions := connect(), connect(kgo.TransactionalID("tests"))
	produce(t, client, "open", 0, "a")
	produce(t, client, "good", 0, "a")
	if err := transactions.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	produce(t, transactions, "open", 0, "b")
	got, failed := read(t, client, map[record.Partition]record.Range{
		{Topic: "open"}: {From: 0, To: 2}, {Topic: "good"}: {From: 0, To: 1}, {Topic: "good", Number: 7}: {From: 0, To: 1}, {Topic: "none"}: {From: 0, To: 1},
	})
	if want := []string{"good-0@0=a", "open-0@0=a"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if held := (record.Held{}); !errors.As(failed[record.Partition{Topic: "open"}], &held) || held.Offset != 1 {
		t.Errorf("the open transaction gives %v", failed[record.Partition{Topic: "open"}])
	}
	for _, partition := range []record.Partition{{Topic: "good", Number: 7}, {Topic: "none"}} {
		if !errors.Is(failed[partition], kerr.UnknownTopicOrPartition) {
			t.Errorf("%s gives %v", partition, failed[partition])
		}
	}
}

func TestReadFollowsALeaderThatMoved(t *testing.T) {
	fake, connect := cluster(t, kfake.SeedTopics(1, "orders"))
	client := connect()
	produce(t, client, "orders", 0, "a")
	refused := 0
	fake.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		refused++
		if err := fake.MoveTopicPartition("orders", 0, (fake.LeaderFor("orders", 0)+1)%3); err != nil {
			t.Error(err)
		}
		return nil, nil, false
	})
	if got, failed := read(t, client, map[record.Partition]record.Range{{Topic: "orders"}: {From: 0, To: 1}}); len(got) != 1 || len(failed) > 0 || refused == 0 {
		t.Errorf("got %q and %v after %d moves", got, failed, refused)
	}
}

func TestReadStopsWithItsContext(t *testing.T) {
	fake, connect := cluster(t, kfake.SeedTopics(1, "orders"))
	client := connect()
	produce(t, client, "orders", 0, "a")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	fake.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		return nil, errors.New("closed"), true
	})
	if _, err := (record.Reader{Client: client}).Read(ctx, map[record.Partition]record.Range{{Topic: "orders"}: {From: 0, To: 1}}, func(*kgo.Record) bool { return true }); err == nil {
		t.Error("it went on")
	}
}

func TestDigestsTellPartsApart(t *testing.T) {
	at := time.UnixMilli(1_600_000_000_000)
	base := kgo.Record{Key: []byte("k"), Value: []byte("v"), Timestamp: at, Headers: []kgo.RecordHeader{{Key: "h", Value: []byte("x")}}}
	same := base
	same.Offset, same.Partition = 9, 9
	if record.DigestOf(&base) != record.DigestOf(&same) {
		t.Error("an offset changes the digest")
	}
	for name, change := range map[string]func(*kgo.Record){
		"another key":                     func(r *kgo.Record) { r.Key = []byte("K") },
		"a byte goes from key to value":   func(r *kgo.Record) { r.Key, r.Value = nil, []byte("kv") },
		"a tombstone for an empty value":  func(r *kgo.Record) { r.Value = nil },
		"another time":                    func(r *kgo.Record) { r.Timestamp = at.Add(time.Millisecond) },
		"no header":                       func(r *kgo.Record) { r.Headers = nil },
		"a header without a value":        func(r *kgo.Record) { r.Headers = []kgo.RecordHeader{{Key: "h"}} },
		"headers in another order":        func(r *kgo.Record) { r.Headers = append([]kgo.RecordHeader{{Key: "a"}}, r.Headers...) },
		"no key, where it was an empty 1": func(r *kgo.Record) { r.Key = []byte{} },
	} {
		t.Run(name, func(t *testing.T) {
			other := base
			change(&other)
			if record.DigestOf(&base) == record.DigestOf(&other) {
				t.Error("the digest is the same")
			}
		})
	}
}
