package offset

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

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

// since is [record.Reader.Since], where all partitions have to tell.
func (c cluster) since(ctx context.Context, times map[record.Partition]int64) (map[record.Partition]int64, error) {
	found, failed, err := record.Reader{Client: c.client}.Since(ctx, times)
	for partition, err := range failed {
		return nil, fmt.Errorf("look up a time in %s: %w", partition, err)
	}
	return found, err
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
