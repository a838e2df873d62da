package proof

import (
	"context"
	"errors"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"cutover/generator/plan"
)

// kafkaReady asks whether the Kafka resource is Ready in its present generation.
func kafkaReady(ctx context.Context, q *question) error {
	client, err := q.objects(q.gate.Side)
	if err != nil {
		return err
	}
	of := q.Scope.Target
	if q.gate.Side == plan.Source {
		of = q.Scope.Source
	}
	object, err := client.Resource(strimziResource("kafkas")).Namespace(of.Namespace).Get(ctx, of.Name, metav1.GetOptions{})
	if err != nil {
		return apiError("Kafka "+of.Namespace+"/"+of.Name, err)
	}
	q.Seen = fmt.Sprintf("Kafka %s/%s is Ready in generation %d", of.Namespace, of.Name, object.GetGeneration())
	if ok, because := ready(object); !ok {
		q.Seen = fmt.Sprintf("Kafka %s/%s is not Ready", of.Namespace, of.Name)
		q.against("%s", because)
	}
	return nil
}

// topicsReady asks whether every KafkaTopic of the migration is Ready.
func topicsReady(ctx context.Context, q *question) error {
	return q.allReady(ctx, "kafkatopics", "KafkaTopic", q.Scope.KafkaTopics)
}

// usersReady asks whether the KafkaUsers that the phase needs are Ready.
func usersReady(ctx context.Context, q *question) error {
	if len(q.Scope.KafkaUsers) == 0 {
		q.Seen = "no user is needed"
		return nil
	}
	return q.allReady(ctx, "kafkausers", "KafkaUser", q.Scope.KafkaUsers)
}

func (q *question) allReady(ctx context.Context, resource, kind string, names []string) error {
	if len(names) == 0 {
		return errors.New("the migration names no " + kind)
	}
	client, err := q.objects(q.gate.Side)
	if err != nil {
		return err
	}
	namespace := q.Scope.Target.Namespace
	if q.gate.Side == plan.Source {
		namespace = q.Scope.Source.Namespace
	}
	objects, err := strimzi(ctx, client, resource, namespace)
	if err != nil {
		return apiError("the list of "+kind+"s in "+namespace, err)
	}
	good := 0
	for _, name := range names {
		object, there := objects[name]
		if !there {
			q.against("%s %s/%s does not exist", kind, namespace, name)
			continue
		}
		if ok, because := ready(object); !ok {
			q.against("%s", because)
			continue
		}
		good++
	}
	q.measure("objects", int64(len(names)))
	q.measure("ready", int64(good))
	q.Left = int64(len(names) - good)
	q.Seen = fmt.Sprintf("%d of %s Ready", good, count(len(names), kind))
	return nil
}
