package kafka_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/e2e/kafka/operator"
)

// content is what a topic has for a reader that sees committed records only: for each
// partition, key and value of each record in order.
type content map[int32][]string

// read reads a topic from its log start to where its log ends now.
func read(ctx context.Context, c *operator.Cluster, topic string) (content, error) {
	client, err := c.Brokers.Client(kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(), kgo.FetchMaxWait(200*time.Millisecond))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	// Up to the last stable offset: what is beyond it may still be aborted.
	ends, err := kadm.NewClient(client).ListCommittedOffsets(ctx, topic)
	if err != nil {
		return nil, fmt.Errorf("ends of %s: %w", topic, err)
	}
	starts, err := kadm.NewClient(client).ListStartOffsets(ctx, topic)
	if err != nil {
		return nil, fmt.Errorf("starts of %s: %w", topic, err)
	}
	all := make(content)
	next := make(map[int32]int64)
	starts.Each(func(o kadm.ListedOffset) { all[o.Partition], next[o.Partition] = nil, o.Offset })
	for !reached(next, ends[topic]) {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return nil, fmt.Errorf("read %s: %w", topic, err)
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			for _, r := range p.Records {
				if end := ends[topic][p.Partition].Offset; r.Offset < end && !r.Attrs.IsControl() {
					all[p.Partition] = append(all[p.Partition], string(r.Key)+"="+string(r.Value))
				}
				next[p.Partition] = r.Offset + 1
			}
		})
	}
	return all, nil
}

// reached tells whether reading has come to every end. An aborted transaction's records are
// not given out, but the marker behind them is.
func reached(next map[int32]int64, ends map[int32]kadm.ListedOffset) bool {
	for partition, end := range ends {
		if next[partition] < end.Offset {
			return false
		}
	}
	return true
}

// startsWith tells in what a copy that is still growing differs from what was read before.
func (c content) startsWith(before content) error {
	for _, partition := range partitions(before) {
		for i, want := range before[partition] {
			if i >= len(c[partition]) {
				return fmt.Errorf("partition %d has %d records of %d", partition, len(c[partition]), len(before[partition]))
			}
			if got := c[partition][i]; got != want {
				return fmt.Errorf("partition %d, record %d is %s, want %s", partition, i, got, want)
			}
		}
	}
	return nil
}

// once gives the content with each record's first copy only, and how many others there were.
func (c content) once() (content, int) {
	all, copies := make(content), 0
	for partition, records := range c {
		seen := make(map[string]bool)
		for _, r := range records {
			if seen[r] {
				copies++
				continue
			}
			seen[r] = true
			all[partition] = append(all[partition], r)
		}
	}
	return all, copies
}

func (c content) len() int {
	n := 0
	for _, records := range c {
		n += len(records)
	}
	return n
}

func partitions(c content) []int32 {
	var all []int32
	for partition := range c {
		all = append(all, partition)
	}
	slices.Sort(all)
	return all
}

// trim deletes of a topic what a group has processed, as retention would.
func trim(t *testing.T, c *operator.Cluster, topic, group string) {
	t.Helper()
	admin, err := c.Brokers.Admin()
	check(t, err)
	defer admin.Close()
	committed, err := admin.FetchOffsets(t.Context(), group)
	check(t, err)
	offsets := make(kadm.Offsets)
	for _, o := range committed[topic] {
		offsets.Add(o.Offset)
	}
	deleted, err := admin.DeleteRecords(t.Context(), offsets)
	check(t, err)
	check(t, deleted.Error())
	if len(offsets[topic]) == 0 {
		t.Fatalf("group %s has processed nothing of %s", group, topic)
	}
}
