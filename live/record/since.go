package record

import (
	"context"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Since gives for each partition the first offset from which on a record of this time, in
// milliseconds, or a later one stands; -1 where none does. No record of that time stands
// before it, in whatever order times are. Partitions that do not tell come back with the
// reason. The error is one of the connection.
func (r Reader) Since(ctx context.Context, times map[Partition]int64) (found map[Partition]int64, failed map[Partition]error, err error) {
	found, failed = make(map[Partition]int64, len(times)), make(map[Partition]error)
	request := kmsg.NewPtrListOffsetsRequest()
	request.ReplicaID = -1
	for _, partition := range slices.SortedFunc(maps.Keys(times), Partition.Compare) {
		if times[partition] < 0 {
			found[partition] = 0 // records without a time are in no index
			continue
		}
		if last := len(request.Topics) - 1; last < 0 || request.Topics[last].Topic != partition.Topic {
			topic := kmsg.NewListOffsetsRequestTopic()
			topic.Topic = partition.Topic
			request.Topics = append(request.Topics, topic)
		}
		one := kmsg.NewListOffsetsRequestTopicPartition()
		one.Partition, one.Timestamp = partition.Number, times[partition]
		topic := &request.Topics[len(request.Topics)-1]
		topic.Partitions = append(topic.Partitions, one)
	}
	if len(request.Topics) == 0 {
		return found, failed, nil
	}
	for _, shard := range r.Client.RequestSharded(ctx, request) {
		if shard.Err != nil {
			return nil, failed, shard.Err
		}
		for _, topic := range shard.Resp.(*kmsg.ListOffsetsResponse).Topics {
			for _, one := range topic.Partitions {
				partition := Partition{Topic: topic.Topic, Number: one.Partition}
				if err := kerr.ErrorForCode(one.ErrorCode); err != nil {
					failed[partition] = err
					continue
				}
				found[partition] = one.Offset
			}
		}
	}
	return found, failed, nil
}
