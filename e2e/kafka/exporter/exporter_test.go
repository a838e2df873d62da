package exporter_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/e2e/kafka/exporter"
)

func TestTheSeriesTellOfEndsCommitsAndWhatIsUnknown(t *testing.T) {
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, "a.b"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	for range 5 {
		if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "a.b", Value: []byte("x")}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	var commit kadm.Offsets
	commit.AddOffset("a.b", 0, 2, -1)
	if err := kadm.NewClient(client).CommitAllOffsets(t.Context(), "readers", commit); err != nil {
		t.Fatal(err)
	}
	for _, members := range []bool{false, true} {
		own, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...))
		if err != nil {
			t.Fatal(err)
		}
		e, err := exporter.Start(kadm.NewClient(own), exporter.Release{Members: members})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(e.Stop)
		text := scrape(t, e.Address())
		for _, want := range []string{
			`kafka_brokers 1`, `kafka_topic_partitions{topic="a.b"} 2`,
			`kafka_topic_partition_current_offset{topic="a.b",partition="0"} 5`,
			`kafka_topic_partition_oldest_offset{topic="a.b",partition="0"} 0`,
			`kafka_topic_partition_under_replicated_partition{topic="a.b",partition="1"} 0`,
			`kafka_consumergroup_current_offset{consumergroup="readers",topic="a.b",partition="0"} 2`,
			`kafka_consumergroup_lag{consumergroup="readers",topic="a.b",partition="0"} 3`,
			`kafka_consumergroup_lag{consumergroup="readers",topic="a.b",partition="1"} -1`,
		} {
			if !strings.Contains(text, want+"\n") {
				t.Errorf("there is no %s in\n%s", want, text)
			}
		}
		if got := strings.Contains(text, `kafka_consumergroup_members{consumergroup="readers"} 0`); got != members {
			t.Errorf("members are counted: %t, want %t", got, members)
		}
	}
}

func scrape(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get("http://" + address + "/metrics") //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v: %s", response.Status, err, text)
	}
	return string(text)
}
