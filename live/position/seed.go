package position

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/live/record"
)

// Topic is where the workers of one mirror note how far they have come.
type Topic struct {
	Name string
	// SourceAlias and TargetAlias are those of the mirror.
	SourceAlias, TargetAlias string
}

// Options are those of a client that notes positions. A key has to stand in the partition in
// which the workers' own client puts it, which takes Kafka's default hash of it; and without
// idempotence a user needs no right on the cluster (KIP-679): a note that is written twice
// says the same twice.
func Options() []kgo.Opt {
	return []kgo.Opt{kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)), kgo.RequiredAcks(kgo.AllISRAcks()), kgo.DisableIdempotentWrite()}
}

// Seeded is what became of the positions.
type Seeded struct {
	// Written are those that were noted, or in a dry run would be; Kept are partitions that had
	// a position, which is only changed for [Heartbeats] that the mirror is to pass over; Empty are those that begin at offset 0 anyway.
	Written, Kept, Empty int
	// Made tells that the topic was made.
	Made bool
}

// The shape of a topic that Kafka Connect makes itself: offset.storage.partitions, and the
// highest number of replicas that it is worth.
const (
	storagePartitions = 25
	storageReplicas   = 3
)

// Seed has a mirror begin at offsets: of each partition it notes the offset before as that of
// the last record copied, as a worker would. No worker may run. With dry it writes nothing.
func (t Topic) Seed(ctx context.Context, client *kgo.Client, begin map[record.Partition]int64, dry bool) (Seeded, error) {
	var seeded Seeded
	known, err := t.notes(ctx, client)
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		seeded.Made, err = true, t.make(ctx, client, dry)
	}
	if err != nil {
		return seeded, err
	}
	var records []*kgo.Record
	for _, partition := range slices.SortedFunc(maps.Keys(begin), record.Partition.Compare) {
		last, there := known[partition]
		switch passOver := partition.Topic == Heartbeats && last < begin[partition]-1; {
		case there && !passOver:
			seeded.Kept++
		case begin[partition] == 0:
			seeded.Empty++
		default:
			records = append(records, t.note(partition, begin[partition]-1))
		}
	}
	seeded.Written = len(records)
	if dry || len(records) == 0 {
		return seeded, nil
	}
	if err := client.ProduceSync(ctx, records...).FirstErr(); err != nil {
		return seeded, fmt.Errorf("write to topic %s: %w", t.Name, err)
	}
	return seeded, nil
}

// note is a record as a worker writes it: Connect finds a position by the bytes of its key.
func (t Topic) note(partition record.Partition, offset int64) *kgo.Record {
	key := fmt.Appendf(nil, `[%q,{"cluster":%q,"partition":%d,"topic":%q}]`,
		Connector(t.SourceAlias, t.TargetAlias, SourceConnector), t.SourceAlias, partition.Number, partition.Topic)
	return &kgo.Record{Topic: t.Name, Key: key, Value: fmt.Appendf(nil, `{"offset":%d}`, offset)}
}

// notes reads what is noted; kerr.UnknownTopicOrPartition where there is no topic.
func (t Topic) notes(ctx context.Context, client *kgo.Client) (map[record.Partition]int64, error) {
	admin := kadm.NewClient(client)
	start, err := admin.ListStartOffsets(ctx, t.Name)
	if err == nil {
		err = start.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("topic %s: %w", t.Name, err)
	}
	end, err := admin.ListEndOffsets(ctx, t.Name)
	if err == nil {
		err = end.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("topic %s: %w", t.Name, err)
	}
	ranges := make(map[record.Partition]record.Range)
	end.Each(func(o kadm.ListedOffset) {
		first, _ := start.Lookup(o.Topic, o.Partition)
		ranges[record.Partition{Topic: o.Topic, Number: o.Partition}] = record.Range{From: first.Offset, To: o.Offset}
	})
	found := make(map[record.Partition]int64)
	unread, err := record.Reader{Client: client}.Read(ctx, ranges, Keep(found, t.SourceAlias, t.TargetAlias))
	for partition, failed := range unread {
		err = errors.Join(err, fmt.Errorf("%s: %w", partition, failed))
	}
	return found, err
}

// make creates the topic as Kafka Connect would, which takes one that is there.
func (t Topic) make(ctx context.Context, client *kgo.Client, dry bool) error {
	if dry {
		return nil
	}
	admin := kadm.NewClient(client)
	brokers, err := admin.ListBrokers(ctx)
	if err != nil {
		return fmt.Errorf("topic %s: %w", t.Name, err)
	}
	compact := "compact"
	replicas := int16(min(storageReplicas, max(1, len(brokers)))) //nolint:gosec // storageReplicas at most
	_, err = admin.CreateTopic(ctx, storagePartitions, replicas, map[string]*string{"cleanup.policy": &compact}, t.Name)
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return fmt.Errorf("make topic %s: %w", t.Name, err)
	}
	return nil
}
