package estimate_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/inventory"
	"cutover/generator/plan"
	"cutover/live/estimate"
	"cutover/live/record"
)

func brokers(t *testing.T, topics ...string) (*kfake.Cluster, *kgo.Client) {
	t.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(2), kfake.SeedTopics(2, topics...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.RetryTimeout(3*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return fake, client
}

func produce(t *testing.T, client *kgo.Client, records ...*kgo.Record) {
	t.Helper()
	if err := client.ProduceSync(t.Context(), records...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func values(topic string, n int) []*kgo.Record {
	var all []*kgo.Record
	for i := range n {
		all = append(all, &kgo.Record{Topic: topic, Value: fmt.Append(nil, i)})
	}
	return all
}

// migration mirrors topic orders, and leaves topic left.
func migration() *plan.Plan {
	return &plan.Plan{
		Topics: []plan.Topic{{Name: "orders", Source: inventory.Topic{Partitions: 2}}, {Name: "left", NotMirrored: "it is internal", Source: inventory.Topic{Partitions: 2}}},
		Mirror: plan.Mirror{Name: "m", SourceAlias: "old", TargetAlias: "new"},
	}
}

func note(cluster, connector string, partition int, value string) *kgo.Record {
	record := &kgo.Record{Topic: "m-offsets", Partition: 1, Key: fmt.Appendf(nil, `[%q,{"cluster":%q,"partition":%d,"topic":"orders"}]`, connector, cluster, partition)}
	if value != "" {
		record.Value = []byte(value)
	}
	return record
}

func TestALookSeesBothClusters(t *testing.T) {
	_, source := brokers(t, "orders", "left")
	_, target := brokers(t, "orders", "m-offsets")
	old := values("orders", 12)
	for _, record := range old {
		record.Timestamp = time.Now().Add(-time.Hour)
	}
	produce(t, source, old...)
	produce(t, source, values("orders", 8)...)
	produce(t, target, values("orders", 8)...)
	const connector = "old->new.MirrorSourceConnector"
	produce(t, target, note("old", connector, 0, `{"offset":3}`), note("old", connector, 0, `{"offset":6}`), note("other", connector, 0, `{"offset":99}`),
		note("old", "other->new.MirrorSourceConnector", 0, `{"offset":99}`), note("old", connector, 1, `{"offset":2}`), note("old", connector, 1, ""),
		&kgo.Record{Topic: "m-offsets", Partition: 1, Key: []byte("no JSON"), Value: []byte("{}")})
	look, err := estimate.Clusters{Source: source, Target: target}.Look(t.Context(), migration())
	if err != nil {
		t.Fatal(err)
	}
	got := look.Logs[record.Partition{Topic: "orders"}]
	if got.Bytes <= 0 {
		t.Error("the size was not seen")
	}
	got.Bytes = 0
	if want := (estimate.Log{End: 20, Next: 7, Recent: 12, TargetEnd: 8}); got != want || len(look.Logs) != 2 {
		t.Errorf("got %+v of %d", got, len(look.Logs))
	}
	if other := look.Logs[record.Partition{Topic: "orders", Number: 1}]; other.Next != -1 || other.End != 0 {
		t.Errorf("a note that was taken away counts: %+v", other)
	}
}

func TestALookMakesDoWithLess(t *testing.T) {
	fake, source := brokers(t, "orders")
	produce(t, source, values("orders", 20)...)
	fake.ControlKey(kmsg.DescribeLogDirs.Int16(), func(request kmsg.Request) (kmsg.Response, error, bool) {
		fake.KeepControl()
		response := request.ResponseKind().(*kmsg.DescribeLogDirsResponse)
		response.ErrorCode = kerr.ClusterAuthorizationFailed.Code
		return response, nil, true
	})
	_, target := brokers(t) // without the mirrored topic, and without the mirror's
	for name, clusters := range map[string]estimate.Clusters{"no target": {Source: source}, "an empty target": {Source: source, Target: target}} {
		t.Run(name, func(t *testing.T) {
			look, err := clusters.Look(t.Context(), migration())
			if err != nil {
				t.Fatal(err)
			}
			if got, want := look.Logs[record.Partition{Topic: "orders"}], (estimate.Log{End: 20, Bytes: -1, Next: -1, TargetStart: -1, TargetEnd: -1}); got != want {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestRetentionIsThatInEffect(t *testing.T) {
	_, source := brokers(t)
	admin := kadm.NewClient(source)
	hour, size, compact := "3600000", "1048576", "compact"
	for topic, config := range map[string]map[string]*string{
		"short": {"retention.ms": &hour, "retention.bytes": &size}, "kept": {"cleanup.policy": &compact, "retention.ms": &hour}, "plain": nil,
	} {
		if _, err := admin.CreateTopic(t.Context(), 1, 1, config, topic); err != nil {
			t.Fatal(err)
		}
	}
	topics := []estimate.Topic{{Name: "kept", Partitions: 1}, {Name: "plain", Partitions: 1}, {Name: "short", Partitions: 1}}
	if err := (estimate.Clusters{Source: source}).Retention(t.Context(), topics); err != nil {
		t.Fatal(err)
	}
	if topics[2].Retention != time.Hour || topics[2].RetentionBytes != 1<<20 || topics[1].Retention != 7*24*time.Hour {
		t.Errorf("got %+v", topics)
	}
	first, second := look(0), look(10)
	for _, topic := range topics {
		at := record.Partition{Topic: topic.Name}
		first.Logs[at], second.Logs[at] = log(1<<30, 0), log(1<<30, 10)
	}
	report := estimate.Of(estimate.Input{Topics: topics, First: first, Second: second})
	if len(report.Lost) != 2 || report.Lost[0].Finding().Hint == "" {
		t.Errorf("of a compacted topic nothing is lost, got %+v", report.Lost)
	}
}
