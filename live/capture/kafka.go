package capture

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/inventory"
)

// reader takes a snapshot, part by part; each part may find that it may not.
type reader struct {
	client *kgo.Client
	admin  *kadm.Client
	serves kadm.BrokersApiVersions
	Snapshot
}

// Kafka takes a snapshot of a cluster: of what its user may see, and with a note of what it
// may not. Errors are those of the connection.
func Kafka(ctx context.Context, client *kgo.Client) (Snapshot, error) {
	r := reader{client: client, admin: kadm.NewClient(client)}
	for _, part := range []struct {
		name string
		read func(context.Context) error
	}{
		{"versions", r.versions}, {"topics", r.topics}, {"offsets", r.offsets}, {"topic configurations", r.topicConfigs},
		{"broker configurations", r.brokerConfigs}, {"groups", r.groups}, {"ACLs", r.readACLs}, {"quotas", r.readQuotas},
		{"SCRAM users", r.readPasswords}, {"transactions", r.transactions},
	} {
		if err := part.read(ctx); err != nil {
			return Snapshot{}, fmt.Errorf("read %s: %w", part.name, err)
		}
	}
	return r.Snapshot, nil
}

// versions asks what the brokers serve.
func (r *reader) versions(ctx context.Context) error {
	serves, err := r.admin.ApiVersions(ctx)
	if err != nil {
		return err
	}
	r.serves = serves
	for _, broker := range serves.Sorted() {
		if broker.Err != nil {
			return fmt.Errorf("broker %d: %w", broker.NodeID, broker.Err)
		}
		r.Brokers = append(r.Brokers, broker.NodeID)
		r.Version = version(broker.VersionGuess())
	}
	return nil
}

// has tells whether every broker serves a request.
func (r *reader) has(request kmsg.Request) bool {
	for _, broker := range r.serves {
		if _, _, ok := broker.KeyVersions(request.Key()); !ok {
			return false
		}
	}
	return true
}

// topics asks which topics there are. Brokers leave out without a word those that the user
// may not describe.
func (r *reader) topics(ctx context.Context) error {
	metadata, err := r.admin.Metadata(ctx)
	if err != nil {
		return err
	}
	for _, detail := range metadata.Topics.Sorted() {
		if detail.Err != nil {
			r.hidden.add("topic "+detail.Topic, inventory.Unseen{Because: "the brokers say: " + detail.Err.Error(), Gates: []string{inventory.GateTopicsReady}, Hint: "see it with: kafka-topics.sh --describe"})
			continue
		}
		topic := Topic{Name: detail.Topic, Internal: detail.IsInternal, Replicas: int32(detail.Partitions.NumReplicas())} //nolint:gosec // Kafka counts in 32 bits
		for _, number := range detail.Partitions.Numbers() {
			topic.Partitions = append(topic.Partitions, Partition{Number: number, Start: -1, End: -1, Stable: -1})
		}
		r.Topics = append(r.Topics, topic)
	}
	return nil
}

// offsets asks where the logs start and end, and what open transactions hold back.
func (r *reader) offsets(ctx context.Context) error {
	names := r.names()
	if len(names) == 0 {
		return nil
	}
	var missing []string
	for _, ask := range []struct {
		list func(context.Context, ...string) (kadm.ListedOffsets, error)
		into func(*Partition) *int64
	}{
		{r.admin.ListStartOffsets, func(p *Partition) *int64 { return &p.Start }},
		{r.admin.ListEndOffsets, func(p *Partition) *int64 { return &p.End }},
		{r.admin.ListCommittedOffsets, func(p *Partition) *int64 { return &p.Stable }},
	} {
		listed, err := ask.list(ctx, names...)
		if err != nil && !forbidden(err) {
			return err
		}
		for i := range r.Topics {
			for j := range r.Topics[i].Partitions {
				partition := &r.Topics[i].Partitions[j]
				if offset, ok := listed.Lookup(r.Topics[i].Name, partition.Number); ok && offset.Err == nil {
					*ask.into(partition) = offset.Offset
				} else {
					missing = append(missing, r.Topics[i].Name)
				}
			}
		}
	}
	if missing = distinct(missing); len(missing) > 0 {
		r.hidden.add("log ends of "+few(missing), inventory.Unseen{Because: "not every partition tells where its log starts and ends", Gates: []string{inventory.GateDrained}, Hint: "see that every partition has a leader, and give the user Describe on the topics"})
	}
	return nil
}

func (r *reader) names() []string {
	var names []string
	for _, topic := range r.Topics {
		names = append(names, topic.Name)
	}
	return names
}

func distinct(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// forbidden tells an error of a request that the user may not make from one of the connection.
func forbidden(err error) bool {
	for _, code := range []*kerr.Error{kerr.ClusterAuthorizationFailed, kerr.TopicAuthorizationFailed, kerr.GroupAuthorizationFailed, kerr.TransactionalIDAuthorizationFailed} {
		if errors.Is(err, code) {
			return true
		}
	}
	var shards *kadm.ShardErrors
	if !errors.As(err, &shards) {
		return false
	}
	return len(shards.Errs) > 0 && !slices.ContainsFunc(shards.Errs, func(shard kadm.ShardError) bool { return !forbidden(shard.Err) })
}
