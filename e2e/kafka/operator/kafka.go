package operator

import (
	"context"
	"fmt"

	"cutover/e2e/kafka/broker"
	"cutover/e2e/kafka/java"
	"cutover/e2e/kafka/manifest"
)

// kafka is what runs of a Kafka resource.
type kafka struct {
	Spec struct {
		Kafka struct {
			Version    string                    `json:"version"`
			Replicas   int                       `json:"replicas"`
			Config     map[string]manifest.Field `json:"config"`
			JVMOptions map[string]any            `json:"jvmOptions"`
			exporter
		} `json:"kafka"`
		ZooKeeper struct {
			JVMOptions map[string]any `json:"jvmOptions"`
			exporter
		} `json:"zookeeper"`
	} `json:"spec"`
}

// applyKafka starts the cluster's Kafka the first time that it is applied. That a later
// phase changes it would be an error of the phases, which no test here makes.
func (c *Cluster) applyKafka(ctx context.Context, objects, configMaps []manifest.Object) error {
	if len(objects) == 0 || c.Brokers != nil {
		return nil
	}
	if len(objects) > 1 {
		return fmt.Errorf("%d Kafka, want one", len(objects))
	}
	var k kafka
	if err := objects[0].Decode(&k); err != nil {
		return err
	}
	rules, err := c.rules(k.Spec.Kafka.exporter, configMaps)
	if err != nil {
		return err
	}
	zooKeeperRules, err := c.rules(k.Spec.ZooKeeper.exporter, configMaps)
	if err != nil {
		return err
	}
	brokers, err := broker.Start(ctx, broker.Options{
		Name: c.Name, Java: c.settings.Java, Version: k.Spec.Kafka.Version, Brokers: k.Spec.Kafka.Replicas,
		Config: texts(k.Spec.Kafka.Config), JVM: java.Options(k.Spec.Kafka.JVMOptions),
		ZooKeeperJVM: java.Options(k.Spec.ZooKeeper.JVMOptions), Folder: c.kafkaFolder(),
		Rules: rules, ZooKeeperRules: zooKeeperRules,
	})
	c.Brokers = brokers
	return err
}

// applyTopics does what the Topic Operator does with new KafkaTopics.
func (c *Cluster) applyTopics(ctx context.Context, objects []manifest.Object) error {
	if len(objects) == 0 {
		return nil
	}
	if c.Brokers == nil {
		return fmt.Errorf("%d KafkaTopics, and no Kafka for them", len(objects))
	}
	topics := make([]broker.Topic, 0, len(objects))
	for _, object := range objects {
		topic, err := ReadTopic(object)
		if err != nil {
			return err
		}
		topics = append(topics, topic)
	}
	return c.Brokers.Create(ctx, topics)
}

// ReadTopic reads a KafkaTopic; its name in Kafka is spec.topicName, where that is given.
func ReadTopic(object manifest.Object) (broker.Topic, error) {
	var content struct {
		Spec struct {
			TopicName  string                    `json:"topicName"`
			Partitions int32                     `json:"partitions"`
			Replicas   int16                     `json:"replicas"`
			Config     map[string]manifest.Field `json:"config"`
		} `json:"spec"`
	}
	if err := object.Decode(&content); err != nil {
		return broker.Topic{}, err
	}
	topic := broker.Topic{Name: content.Spec.TopicName, Partitions: content.Spec.Partitions, Replicas: content.Spec.Replicas, Config: texts(content.Spec.Config)}
	if topic.Name == "" {
		topic.Name = object.Metadata.Name
	}
	return topic, nil
}

func texts(fields map[string]manifest.Field) map[string]string {
	all := make(map[string]string, len(fields))
	for key, value := range fields {
		all[key] = string(value)
	}
	return all
}
