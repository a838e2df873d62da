package proof_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/connection"
	"cutover/live/proof"
)

// side is one Kafka cluster of a test.
type side struct {
	t    *testing.T
	fake *kfake.Cluster
	// client writes to the partition that a record names; proof.Kafka has one of its own.
	client *kgo.Client
	admin  *kadm.Client
}

func newSide(t *testing.T, options ...kfake.Opt) *side {
	t.Helper()
	fake, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(2)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	s := &side{t: t, fake: fake}
	s.client = s.connect()
	s.admin = kadm.NewClient(s.client)
	return s
}

func (s *side) connect(options ...kgo.Opt) *kgo.Client {
	s.t.Helper()
	all := []kgo.Opt{kgo.SeedBrokers(s.fake.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.RetryTimeout(2 * time.Second), kgo.MetadataMinAge(10 * time.Millisecond)}
	client, err := kgo.NewClient(append(all, options...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.Close)
	return client
}

func (s *side) kafka() *proof.Kafka {
	return &proof.Kafka{Client: s.connect(), Explain: connection.Kafka{Bootstrap: "kafka.example:9092"}.Explain}
}

// began is when the first record of every test was written.
var began = time.UnixMilli(1_600_000_000_000)

// write appends records to a partition: "key=value" or "value", each a second later than the
// text before. A mirror's copy of a record has its text, and so its time.
func (s *side) write(topic string, partition int32, texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.must(s.client.ProduceSync(s.t.Context(), newRecord(topic, partition, text)).FirstErr())
	}
}

func newRecord(topic string, partition int32, text string) *kgo.Record {
	r := &kgo.Record{Topic: topic, Partition: partition, Value: []byte(text)}
	if key, value, keyed := strings.Cut(text, "="); keyed {
		r.Key, r.Value = []byte(key), []byte(value)
	}
	var second int
	fmt.Sscanf(strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyz="), "%d", &second) // a text without a number is of second 0
	r.Timestamp = began.Add(time.Duration(second) * time.Second)
	return r
}

// transact writes records in a transaction, and ends it unless it is to stay open.
func (s *side) transact(end string, topic string, partition int32, texts ...string) {
	s.t.Helper()
	client := s.connect(kgo.TransactionalID("tests-" + end + topic + fmt.Sprint(partition) + strings.Join(texts, "")))
	s.must(client.BeginTransaction())
	for _, text := range texts {
		s.must(client.ProduceSync(s.t.Context(), newRecord(topic, partition, text)).FirstErr())
	}
	if end != "open" {
		s.must(client.EndTransaction(s.t.Context(), kgo.TransactionEndTry(end == "commit")))
	}
}

// commit sets a group's offset.
func (s *side) commit(group, topic string, partition int32, offset int64) {
	s.t.Helper()
	all := make(kadm.Offsets)
	all.Add(kadm.Offset{Topic: topic, Partition: partition, At: offset, LeaderEpoch: -1})
	s.must(s.admin.CommitAllOffsets(s.t.Context(), group, all))
}

// position has a mirror's worker store how far it has copied a partition.
func (s *side) position(m overlay.ScopeMirror, topic string, partition int32, offset int64) {
	s.t.Helper()
	key := fmt.Sprintf(`["%s->%s.MirrorSourceConnector",{"cluster":%q,"partition":%d,"topic":%q}]`, m.SourceAlias, m.TargetAlias, m.SourceAlias, partition, topic)
	s.must(s.client.ProduceSync(s.t.Context(), &kgo.Record{Topic: m.Offsets, Key: []byte(key), Value: fmt.Appendf(nil, `{"offset":%d}`, offset)}).FirstErr())
}

// set gives a topic a setting of its own.
func (s *side) set(topic, key, value string) {
	s.t.Helper()
	_, err := s.admin.AlterTopicConfigs(s.t.Context(), []kadm.AlterConfig{{Name: key, Value: &value}}, topic)
	s.must(err)
}

// refuse has the brokers answer one kind of request by closing the connection.
func (s *side) refuse(request kmsg.Request) {
	s.fake.ControlKey(request.Key(), func(kmsg.Request) (kmsg.Response, error, bool) {
		s.fake.KeepControl()
		return nil, fmt.Errorf("closed"), true
	})
}

func (s *side) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// forward is the mirror of all tests.
func forward() *overlay.ScopeMirror {
	return &overlay.ScopeMirror{Namespace: "streams", Name: "freight-mirror", Reads: plan.Source, SourceAlias: "freight-source", TargetAlias: "freight-target", Offsets: "freight-mirror-offsets"}
}

// options wait for nothing.
func options() proof.Options {
	o := proof.DefaultOptions()
	o.Pause = func(context.Context, time.Duration) error { return nil }
	return o
}

// ask evaluates one gate.
func ask(t *testing.T, r proof.Request, gate plan.Gate) proof.Result {
	t.Helper()
	if r.Options.Tail == 0 {
		r.Options = options()
	}
	if gate.Side == "" {
		gate.Side = plan.Source
	}
	r.Gates = []plan.Gate{gate}
	return proof.Prove(t.Context(), r)[0]
}

// expect is how a gate has to answer: it holds where no evidence is wanted, and else has the
// evidence, each line of it by a part.
func expect(t *testing.T, got proof.Result, seen string, evidence ...string) {
	t.Helper()
	if got.Holds != (len(evidence) == 0) {
		t.Errorf("holds is %v: %+v", got.Holds, got)
	}
	if !strings.Contains(got.Seen, seen) {
		t.Errorf("seen is %q, want %q", got.Seen, seen)
	}
	text := strings.Join(got.Evidence, "\n")
	for _, part := range evidence {
		if !strings.Contains(text, part) {
			t.Errorf("the evidence lacks %q:\n%s", part, text)
		}
	}
	if len(got.Evidence) > len(evidence) && got.More == 0 && len(evidence) > 0 {
		t.Errorf("there is more evidence than %q:\n%s", evidence, text)
	}
}

// deleteTo has a log start at an offset, as retention does.
func (s *side) deleteTo(topic string, partition int32, offset int64) {
	s.t.Helper()
	all := make(kadm.Offsets)
	all.Add(kadm.Offset{Topic: topic, Partition: partition, At: offset})
	answers, err := s.admin.DeleteRecords(s.t.Context(), all)
	s.must(err)
	s.must(answers.Error())
}

// forget has a mirror's worker take a stored position away.
func (s *side) forget(m overlay.ScopeMirror, topic string, partition int32) {
	s.t.Helper()
	key := fmt.Sprintf(`["%s->%s.MirrorSourceConnector",{"cluster":%q,"partition":%d,"topic":%q}]`, m.SourceAlias, m.TargetAlias, m.SourceAlias, partition, topic)
	s.must(s.client.ProduceSync(s.t.Context(), &kgo.Record{Topic: m.Offsets, Key: []byte(key)}).FirstErr())
}
