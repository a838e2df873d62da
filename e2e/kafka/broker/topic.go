package broker

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/e2e/kafka/process"
)

// Topic is a topic to create.
type Topic struct {
	Name       string
	Partitions int32
	Replicas   int16
	Config     map[string]string
}

// Create creates the topics that are not there yet, and returns when every partition of each
// has a leader and all its replicas in sync.
func (c *Cluster) Create(ctx context.Context, topics []Topic) error {
	client, err := c.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	names := make([]string, 0, len(topics))
	for _, topic := range topics {
		config := make(map[string]*string, len(topic.Config))
		for key, value := range topic.Config {
			config[key] = kadm.StringPtr(value)
		}
		_, err := kadm.NewClient(client).CreateTopic(ctx, topic.Partitions, topic.Replicas, config, topic.Name)
		if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s on %s: %w", topic.Name, c.options.Name, err)
		}
		names = append(names, topic.Name)
	}
	return c.awaitInSync(ctx, client, names)
}

// AwaitInSync returns when every partition of every topic, internal ones too, has a leader
// and all its replicas in sync.
func (c *Cluster) AwaitInSync(ctx context.Context) error {
	client, err := c.Client()
	if err != nil {
		return err
	}
	defer client.Close()
	return c.awaitInSync(ctx, client, nil)
}

func (c *Cluster) awaitInSync(ctx context.Context, client *kgo.Client, topics []string) error {
	return process.Await(ctx, "the partitions of cluster "+c.options.Name, func(ctx context.Context) error {
		response, err := metadata(ctx, client, topics)
		if err != nil {
			return err
		}
		for _, topic := range response.Topics {
			if err := kerr.ErrorForCode(topic.ErrorCode); err != nil {
				return fmt.Errorf("topic %s: %w", *topic.Topic, err)
			}
			for _, p := range topic.Partitions {
				if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
					return fmt.Errorf("%s-%d: %w", *topic.Topic, p.Partition, err)
				}
				if len(p.ISR) < len(p.Replicas) {
					return fmt.Errorf("%s-%d: %d of %d replicas in sync", *topic.Topic, p.Partition, len(p.ISR), len(p.Replicas))
				}
			}
		}
		return nil
	})
}

// metadata asks a broker, where kadm would answer from what it has heard before. nil asks for
// all topics, an empty list for the brokers alone.
func metadata(ctx context.Context, client *kgo.Client, topics []string) (*kmsg.MetadataResponse, error) {
	request := kmsg.NewPtrMetadataRequest()
	if topics != nil {
		request.Topics = []kmsg.MetadataRequestTopic{}
	}
	for _, topic := range topics {
		asked := kmsg.NewMetadataRequestTopic()
		asked.Topic = kmsg.StringPtr(topic)
		request.Topics = append(request.Topics, asked)
	}
	return request.RequestWith(ctx, client)
}
