package broker_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/e2e/kafka/broker"
	"cutover/e2e/kafka/java"
)

func TestAClusterOutlivesABroker(t *testing.T) {
	runtime, ok := java.FromEnvironment()
	if !ok {
		t.Skip("CUTOVER_KAFKA is not set: ../run sets it")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	began := time.Now()
	cluster, err := broker.Start(ctx, broker.Options{
		Name: "test", Java: runtime, Version: "2.4.0", Brokers: 3, Folder: t.TempDir(),
		JVM: []string{"-Xmx192m"}, ZooKeeperJVM: []string{"-Xmx96m"},
		Config: map[string]string{"min.insync.replicas": "2", "default.replication.factor": "3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Stop)
	t.Logf("three brokers of %s after %s", cluster.Module(), time.Since(began).Round(time.Millisecond))
	topic := broker.Topic{Name: "a", Partitions: 3, Replicas: 3, Config: map[string]string{"retention.ms": "100000"}}
	for range 2 { // a topic that is there is left as it is
		if err := cluster.Create(ctx, []broker.Topic{topic}); err != nil {
			t.Fatal(err)
		}
	}
	client, err := cluster.Client(kgo.DefaultProduceTopic("a"), kgo.ConsumeTopics("a"))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	write := func(from, to int) {
		for i := from; i < to; i++ {
			if err := client.ProduceSync(ctx, kgo.StringRecord(fmt.Sprint(i))).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(0, 5)
	cluster.Kill(1)
	write(5, 10) // two of three replicas are enough
	if err := cluster.Restart(ctx, 1); err != nil {
		t.Fatal(err)
	}
	t.Logf("the broker is back after %s", time.Since(began).Round(time.Millisecond))
	write(10, 15)
	seen := make(map[string]int)
	for len(seen) < 15 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%v: seen %v", err, seen)
		}
		fetches.EachRecord(func(r *kgo.Record) { seen[string(r.Value)]++ })
	}
	for value, n := range seen {
		if n != 1 {
			t.Errorf("record %s was read %d times", value, n)
		}
	}
}
