// Package estate is a large Kafka cluster that nobody works on: many topics with many
// partitions, many groups that have committed on them, and the migration that moves them.
package estate

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/e2e/kafka/broker"
)

// Estate says how large it is. Every partition gets Records records.
type Estate struct {
	Topics, Partitions, Groups int
	// Reads is how many topics each group reads.
	Reads   int
	Records int
	// Since is the time of the first record of each partition; each is a millisecond later
	// than the one before. Two clusters with the same are as if one were mirrored.
	Since time.Time
}

// Topic is the name of a topic, from 0 on.
func (e Estate) Topic(i int) string { return fmt.Sprintf("estate.%03d", i%e.Topics) }

// Group is the name of a group, from 0 on.
func (e Estate) Group(i int) string { return fmt.Sprintf("reader-%03d", i) }

// TopicsOf are the topics that a group reads: those after its own number, so that every
// topic is read by several groups.
func (e Estate) TopicsOf(group int) []string {
	topics := make([]string, e.Reads)
	for i := range topics {
		topics[i] = e.Topic(group*e.Reads/2 + i)
	}
	return topics
}

// transactional tells whether a topic is written in one transaction for all its partitions,
// so that each ends with a marker: one topic in ten.
func (e Estate) transactional(topic int) bool { return topic%10 == 1 }

// end is the offset behind the last data record of every partition.
func (e Estate) end() int64 { return int64(e.Records) }

// Create creates the topics.
func (e Estate) Create(ctx context.Context, cluster *broker.Cluster, replicas int16) error {
	topics := make([]broker.Topic, e.Topics)
	for i := range topics {
		topics[i] = broker.Topic{Name: e.Topic(i), Partitions: int32(e.Partitions), Replicas: replicas} //nolint:gosec // some hundreds
	}
	return cluster.Create(ctx, topics)
}

// Fill writes the records of all partitions.
func (e Estate) Fill(ctx context.Context, cluster *broker.Cluster) error {
	options := []kgo.Opt{kgo.RecordPartitioner(kgo.ManualPartitioner())}
	plain, err := cluster.Client(options...)
	if err != nil {
		return err
	}
	defer plain.Close()
	transactional, err := cluster.Client(append(options, kgo.TransactionalID("estate"))...)
	if err != nil {
		return err
	}
	defer transactional.Close()
	for i := range e.Topics {
		if !e.transactional(i) {
			err = e.write(ctx, plain, e.Topic(i))
		} else if err = transactional.BeginTransaction(); err == nil {
			if err = e.write(ctx, transactional, e.Topic(i)); err == nil {
				err = transactional.EndTransaction(ctx, kgo.TryCommit)
			}
		}
		if err != nil {
			return fmt.Errorf("fill %s: %w", e.Topic(i), err)
		}
	}
	return nil
}

func (e Estate) write(ctx context.Context, client *kgo.Client, topic string) error {
	records := make([]*kgo.Record, 0, e.Partitions*e.Records)
	for partition := range e.Partitions {
		for n := range e.Records {
			records = append(records, &kgo.Record{Topic: topic, Partition: int32(partition), Value: fmt.Appendf(nil, "%d", n), //nolint:gosec // some hundreds
				Timestamp: e.Since.Add(time.Duration(n) * time.Millisecond)})
		}
	}
	return client.ProduceSync(ctx, records...).FirstErr()
}

// Commits are what a group has committed of one partition; it commits nothing where known is
// false.
type Commits func(group, partition int, topic string) (behind int64, known bool)

// Commit commits for every group and partition.
func (e Estate) Commit(ctx context.Context, cluster *broker.Cluster, commits Commits) error {
	admin, err := cluster.Admin()
	if err != nil {
		return err
	}
	defer admin.Close()
	for group := range e.Groups {
		offsets := make(kadm.Offsets)
		for _, topic := range e.TopicsOf(group) {
			for partition := range e.Partitions {
				if behind, known := commits(group, partition, topic); known {
					offsets.AddOffset(topic, int32(partition), e.end()-behind, -1) //nolint:gosec // some hundreds
				}
			}
		}
		answered, err := admin.CommitOffsets(ctx, e.Group(group), offsets)
		if err == nil {
			err = answered.Error()
		}
		if err != nil {
			return fmt.Errorf("commit for %s: %w", e.Group(group), err)
		}
	}
	return nil
}
