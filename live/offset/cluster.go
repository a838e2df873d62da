package offset

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/live/record"
)

// cluster asks the brokers of one side.
type cluster struct{ client *kgo.Client }

func (c cluster) admin() *kadm.Client { return kadm.NewClient(c.client) }

// committed gives what groups have committed. One that the cluster does not know has
// committed nothing.
func (c cluster) committed(ctx context.Context, groups []string) (kadm.FetchOffsetsResponses, error) {
	if len(groups) == 0 {
		return nil, nil
	}
	all := c.admin().FetchManyOffsets(ctx, groups...)
	for name, one := range all {
		if errors.Is(one.Err, kerr.GroupIDNotFound) {
			one.Err = nil
			all[name] = one
		}
	}
	if all.AllFailed() {
		return nil, all.Error()
	}
	return all, nil
}

// bounds are where a log starts and ends, and where committed data ends.
type bounds struct {
	start, stable, end int64
	err                error
}

// bounds asks for all partitions of the topics. A topic that is not there has one partition
// 0, with the error.
func (c cluster) bounds(ctx context.Context, topics []string) (map[record.Partition]bounds, error) {
	all := make(map[record.Partition]bounds)
	if len(topics) == 0 {
		return all, nil
	}
	for _, ask := range []struct {
		list func(context.Context, ...string) (kadm.ListedOffsets, error)
		set  func(*bounds, int64)
	}{
		{c.admin().ListStartOffsets, func(b *bounds, o int64) { b.start = o }},
		{c.admin().ListCommittedOffsets, func(b *bounds, o int64) { b.stable = o }},
		// The end comes last: it is then not before the others.
		{c.admin().ListEndOffsets, func(b *bounds, o int64) { b.end = o }},
	} {
		listed, err := ask.list(ctx, topics...)
		if shards := (*kadm.ShardErrors)(nil); err != nil && (!errors.As(err, &shards) || len(listed) == 0) {
			return nil, record.Forbidden(ctx, c.client, topics, err)
		}
		listed.Each(func(o kadm.ListedOffset) {
			at := record.Partition{Topic: o.Topic, Number: max(o.Partition, 0)}
			b := all[at]
			ask.set(&b, o.Offset)
			b.err = errors.Join(b.err, o.Err)
			all[at] = b
		})
	}
	return all, nil
}

// since gives for each partition the first offset from which on a record of this time, in
// milliseconds, or a later one stands; -1 where none does. No record of that time stands
// before it, in whatever order times are.
func (c cluster) since(ctx context.Context, times map[record.Partition]int64) (map[record.Partition]int64, error) {
	request := kmsg.NewPtrListOffsetsRequest()
	request.ReplicaID = -1
	byTopic := make(map[string][]kmsg.ListOffsetsRequestTopicPartition)
	found := make(map[record.Partition]int64, len(times))
	for partition, millis := range times {
		if millis < 0 { // records without a time are not in the index
			found[partition] = 0
			continue
		}
		one := kmsg.NewListOffsetsRequestTopicPartition()
		one.Partition, one.Timestamp = partition.Number, millis
		byTopic[partition.Topic] = append(byTopic[partition.Topic], one)
	}
	for name, partitions := range byTopic {
		topic := kmsg.NewListOffsetsRequestTopic()
		topic.Topic, topic.Partitions = name, partitions
		request.Topics = append(request.Topics, topic)
	}
	if len(request.Topics) == 0 {
		return found, nil
	}
	for _, shard := range c.client.RequestSharded(ctx, request) {
		if shard.Err != nil {
			return nil, shard.Err
		}
		for _, topic := range shard.Resp.(*kmsg.ListOffsetsResponse).Topics {
			for _, partition := range topic.Partitions {
				if err := kerr.ErrorForCode(partition.ErrorCode); err != nil {
					return nil, fmt.Errorf("look up a time in %s-%d: %w", topic.Topic, partition.Partition, err)
				}
				found[record.Partition{Topic: topic.Topic, Number: partition.Partition}] = partition.Offset
			}
		}
	}
	return found, nil
}

// compacted gives the topics with cleanup.policy compact, alone or among others. Where the
// brokers do not show it the topic counts as one without.
func (c cluster) compacted(ctx context.Context, topics []string) (map[string]bool, error) {
	found := make(map[string]bool)
	for some := range slices.Chunk(topics, 1000) {
		configs, err := c.admin().DescribeTopicConfigs(ctx, some...)
		if err != nil && !errors.Is(err, kerr.TopicAuthorizationFailed) && !errors.Is(err, kerr.ClusterAuthorizationFailed) {
			return nil, err
		}
		for _, topic := range configs {
			for _, config := range topic.Configs {
				if config.Key == "cleanup.policy" && config.Value != nil {
					found[topic.Name] = policyHas(*config.Value, "compact")
				}
			}
		}
	}
	return found, nil
}
