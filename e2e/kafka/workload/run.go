package workload

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/e2e/kafka/journal"
)

// finishLimit is how long a workload may take to finish what it has begun, once asked to end.
const finishLimit = 45 * time.Second

// Run does the workload's work until ctx ends, and then finishes what it has begun: what was
// sent is acknowledged, what was processed is committed.
func Run(ctx context.Context, s Settings) error {
	before, err := journal.Read(s.Journal)
	if err != nil {
		return err
	}
	writer, err := journal.Open(s.Journal)
	if err != nil {
		return err
	}
	w := &work{Settings: s, journal: writer}
	if s.Role != Producer {
		err = w.consumeAll(ctx)
	} else {
		w.last = lastSequences(before)
		err = w.produce(ctx)
	}
	return errors.Join(err, writer.Close())
}

// work is one running workload.
type work struct {
	Settings
	journal *journal.Writer
	// last is the highest sequence that was ever intended for a topic and key.
	last  map[message]int64
	ready sync.Once
}

// message names a record; its sequence is in Sequence, or 0 in a key of a map.
type message struct {
	Topic    string `json:"topic"`
	Key      string `json:"key"`
	Sequence int64  `json:"sequence"`
}

func lastSequences(entries []journal.Entry) map[message]int64 {
	last := make(map[message]int64)
	for _, e := range entries {
		if e.Event == journal.Intended {
			id := message{Topic: e.Topic, Key: e.Key}
			last[id] = max(last[id], e.Sequence)
		}
	}
	return last
}

func (w *work) entry(event journal.Event, m message) journal.Entry {
	return journal.Entry{Event: event, Time: time.Now().UnixNano(), Cluster: w.Cluster, Workload: w.Name,
		Topic: m.Topic, Key: m.Key, Sequence: m.Sequence, Partition: -1, Offset: -1}
}

// acknowledged is the entry of a record that the cluster gave a place.
func (w *work) acknowledged(event journal.Event, m message, r *kgo.Record) journal.Entry {
	e := w.entry(event, m)
	e.Partition, e.Offset = r.Partition, r.Offset
	return e
}

// client is a client of the workload's cluster. Keys go to partitions as Java's clients send
// them, so that a key keeps its partition from one cluster to the other.
func (w *work) client(options ...kgo.Opt) (*kgo.Client, error) {
	options = append([]kgo.Opt{
		kgo.SeedBrokers(strings.Split(w.Bootstrap, ",")...),
		kgo.ClientID(fmt.Sprintf("%s-%d", w.Name, w.Replica)),
		kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)),
		kgo.ProducerLinger(0),
		kgo.WithLogger(kgo.BasicLogger(os.Stderr, kgo.LogLevelWarn, func() string {
			return time.Now().Format("15:04:05.000 ")
		})),
	}, options...)
	client, err := kgo.NewClient(options...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.Name, err)
	}
	return client, nil
}

// tellReady writes the file that a readiness probe would look for.
func (w *work) tellReady() {
	if w.Ready == "" {
		return
	}
	w.ready.Do(func() {
		if err := os.WriteFile(w.Ready, []byte("ready\n"), 0o600); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	})
}
