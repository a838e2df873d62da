package position_test

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/live/position"
	"cutover/live/record"
)

func seedTopic() position.Topic {
	return position.Topic{Name: "freight-return-offsets", SourceAlias: "freight-target", TargetAlias: "freight-return"}
}

func start(t *testing.T, options ...kfake.Opt) *kgo.Client {
	t.Helper()
	fake, err := kfake.NewCluster(append(options, kfake.NumBrokers(2))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	client, err := kgo.NewClient(append(position.Options(), kgo.SeedBrokers(fake.ListenAddrs()...), kgo.MetadataMinAge(10*time.Millisecond))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// stored reads all records of the topic, by key, with their partitions.
func stored(t *testing.T, client *kgo.Client) map[string]*kgo.Record {
	t.Helper()
	ends, err := kadm.NewClient(client).ListEndOffsets(t.Context(), seedTopic().Name)
	if err != nil {
		t.Fatal(err)
	}
	ranges := make(map[record.Partition]record.Range)
	ends.Each(func(o kadm.ListedOffset) {
		ranges[record.Partition{Topic: o.Topic, Number: o.Partition}] = record.Range{To: o.Offset}
	})
	found := make(map[string]*kgo.Record)
	if _, err := (record.Reader{Client: client}).Read(t.Context(), ranges, func(r *kgo.Record) bool {
		found[string(r.Key)] = r
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

func orders(number int32) record.Partition { return record.Partition{Topic: "orders", Number: number} }

const (
	zero = `["freight-target->freight-return.MirrorSourceConnector",{"cluster":"freight-target","partition":0,"topic":"orders"}]`
	one  = `["freight-target->freight-return.MirrorSourceConnector",{"cluster":"freight-target","partition":1,"topic":"orders"}]`
)

func TestAMirrorBeginsWhereItIsTold(t *testing.T) {
	client := start(t)
	begin := map[record.Partition]int64{orders(0): 7, orders(1): 0, orders(2): 1}
	dry, err := seedTopic().Seed(t.Context(), client, begin, true)
	if err != nil || dry != (position.Seeded{Written: 2, Empty: 1, Made: true}) {
		t.Fatalf("the dry run gave %+v, %v", dry, err)
	}
	if topics, err := kadm.NewClient(client).ListTopics(t.Context(), seedTopic().Name); err != nil || topics[seedTopic().Name].Err == nil {
		t.Errorf("the dry run made the topic: %v, %v", topics, err)
	}
	got, err := seedTopic().Seed(t.Context(), client, begin, false)
	if err != nil || got != dry {
		t.Fatalf("got %+v, %v", got, err)
	}
	records := stored(t, client)
	if len(records) != 2 || string(records[zero].Value) != `{"offset":6}` {
		t.Errorf("stored are %v", records)
	}
	configs, err := kadm.NewClient(client).DescribeTopicConfigs(t.Context(), seedTopic().Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, config := range configs[0].Configs {
		if config.Key == "cleanup.policy" && (config.Value == nil || *config.Value != "compact") {
			t.Errorf("the topic has cleanup.policy %v: Connect refuses it", config.Value)
		}
	}
	again, err := seedTopic().Seed(t.Context(), client, begin, false)
	if err != nil || again != (position.Seeded{Kept: 2, Empty: 1}) {
		t.Errorf("again it gave %+v, %v", again, err)
	}
}

func TestAPositionThatIsThereStaysButForHeartbeats(t *testing.T) {
	client := start(t)
	heartbeats := record.Partition{Topic: position.Heartbeats}
	for _, test := range []struct {
		begin map[record.Partition]int64
		want  position.Seeded
	}{
		{map[record.Partition]int64{orders(0): 7, heartbeats: 3}, position.Seeded{Written: 2, Made: true}},
		{map[record.Partition]int64{orders(0): 9, heartbeats: 3}, position.Seeded{Kept: 2}},
		{map[record.Partition]int64{orders(0): 9, heartbeats: 5}, position.Seeded{Written: 1, Kept: 1}},
	} {
		if got, err := seedTopic().Seed(t.Context(), client, test.begin, false); err != nil || got != test.want {
			t.Errorf("%v gave %+v, %v, want %+v", test.begin, got, err, test.want)
		}
	}
}

// What murmur2 of Kafka's default partitioner makes of these keys, of 25 partitions: a worker
// writes its next note there, and reads the last one of a key only in its order.
func TestANoteStandsInTheWorkersPartition(t *testing.T) {
	client := start(t, kfake.SeedTopics(25, seedTopic().Name))
	if _, err := seedTopic().Seed(t.Context(), client, map[record.Partition]int64{orders(0): 7, orders(1): 9}, false); err != nil {
		t.Fatal(err)
	}
	for key, r := range stored(t, client) {
		if want := int32(murmur2([]byte(key))&0x7fffffff) % 25; r.Partition != want {
			t.Errorf("%s stands in partition %d, want %d", key, r.Partition, want)
		}
	}
}

// murmur2 is org.apache.kafka.common.utils.Utils.murmur2, as its documentation tells it.
func murmur2(data []byte) uint32 {
	const m, r = uint32(0x5bd1e995), 24
	h := uint32(0x9747b28c) ^ uint32(len(data))
	for ; len(data) >= 4; data = data[4:] {
		k := uint32(data[0]) | uint32(data[1])<<8 | uint32(data[2])<<16 | uint32(data[3])<<24
		k *= m
		k ^= k >> r
		h = h*m ^ k*m
	}
	for i := len(data) - 1; i >= 0; i-- {
		h ^= uint32(data[i]) << (8 * i)
	}
	if len(data) > 0 {
		h *= m
	}
	h ^= h >> 13
	h *= m
	return h ^ h>>15
}

func TestAPositionThatIsThereIsKept(t *testing.T) {
	client := start(t, kfake.SeedTopics(25, seedTopic().Name))
	for _, r := range []*kgo.Record{
		{Topic: seedTopic().Name, Key: []byte(zero), Value: []byte(`{"offset":3}`)},
		{Topic: seedTopic().Name, Key: []byte(one), Value: []byte(`{"offset":3}`)},
		{Topic: seedTopic().Name, Key: []byte(one)}, // taken away
	} {
		if err := client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	got, err := seedTopic().Seed(t.Context(), client, map[record.Partition]int64{orders(0): 7, orders(1): 8}, false)
	if err != nil || got != (position.Seeded{Written: 1, Kept: 1}) {
		t.Fatalf("got %+v, %v", got, err)
	}
	records := stored(t, client)
	if string(records[zero].Value) != `{"offset":3}` || string(records[one].Value) != `{"offset":7}` {
		t.Errorf("stored are %s and %s", records[zero].Value, records[one].Value)
	}
}

func TestBrokersThatAreGoneMakeNoPositions(t *testing.T) {
	client := start(t, kfake.SeedTopics(1, seedTopic().Name))
	client.Close()
	if _, err := seedTopic().Seed(t.Context(), client, map[record.Partition]int64{orders(0): 7}, false); err == nil {
		t.Error("no error")
	}
}
