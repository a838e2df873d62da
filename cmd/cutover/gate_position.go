package main

import (
	"context"
	"errors"
	"maps"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/connection"
	"cutover/live/ledger"
	positions "cutover/live/position"
	"cutover/live/record"
)

// endsOn gives the log ends of topics on a cluster. All partitions have to tell theirs.
func endsOn(ctx context.Context, connections connection.Connections, cluster plan.Side, topics []string) (ledger.Positions, error) {
	side, err := openKafka(ctx, connections, cluster)
	if err != nil {
		return nil, err
	}
	defer side.client.Close()
	ends, err := endsOf(ctx, side.client, topics...)
	return ends, side.kafka.Explain(err)
}

// heartbeatsOn gives the log ends of the topic that a mirror of a cluster copies unasked,
// nothing where the cluster has none.
func heartbeatsOn(ctx context.Context, connections connection.Connections, cluster plan.Side) (ledger.Positions, error) {
	side, err := openKafka(ctx, connections, cluster)
	if err != nil {
		return nil, err
	}
	defer side.client.Close()
	ends, err := endsOf(ctx, side.client, positions.Heartbeats)
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return nil, nil
	}
	return ends, side.kafka.Explain(err)
}

func endsOf(ctx context.Context, client *kgo.Client, topics ...string) (ledger.Positions, error) {
	listed, err := kadm.NewClient(client).ListEndOffsets(ctx, topics...)
	if err == nil {
		err = listed.Error()
	}
	if err != nil {
		return nil, err
	}
	ends := make(ledger.Positions)
	for topic, partitions := range listed {
		ends[topic] = make([]int64, len(partitions))
		for number, one := range partitions {
			if int(number) >= len(partitions) {
				return nil, finding.Finding{Rule: "positions", Severity: finding.Error, Object: "topic " + topic, Message: "the brokers do not tell all of its partitions", Hint: "sync again"}
			}
			ends[topic][number] = one.Offset
		}
	}
	return ends, nil
}

// seedOn stores where a reverse mirror begins, in its workers' topic on the cluster that it
// writes to.
func seedOn(ctx context.Context, connections connection.Connections, mirror overlay.ScopeMirror, begin ledger.Positions, dry bool) (positions.Seeded, error) {
	side := connections.Target
	if mirror.Reads.Other() == plan.Source {
		side = connections.Source
	}
	if side.Kafka == nil {
		return positions.Seeded{}, usage("nothing says how the "+string(mirror.Reads.Other())+"'s brokers are reached", "name them in the file of --connections")
	}
	client, err := side.Kafka.Client(ctx, positions.Options()...)
	if err != nil {
		return positions.Seeded{}, err
	}
	defer client.Close()
	heartbeats, err := heartbeatsOn(ctx, connections, mirror.Reads)
	if err != nil {
		return positions.Seeded{}, err
	}
	begin = maps.Clone(begin)
	maps.Copy(begin, heartbeats)
	partitions := make(map[record.Partition]int64)
	for topic, offsets := range begin {
		for number, offset := range offsets {
			partitions[record.Partition{Topic: topic, Number: int32(number)}] = offset
		}
	}
	seeded, err := positions.Topic{Name: mirror.Offsets, SourceAlias: mirror.SourceAlias, TargetAlias: mirror.TargetAlias}.Seed(ctx, client, partitions, dry)
	if err != nil {
		return seeded, side.Kafka.Explain(err)
	}
	return seeded, nil
}
