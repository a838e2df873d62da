package workload

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/e2e/kafka/journal"
)

// batchRecords is how many records are processed between two commits.
const batchRecords = 50

// consumeAll runs a member of each of the workload's groups.
func (w *work) consumeAll(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error, len(w.Groups))
	for _, group := range w.Groups {
		go func() { errs <- w.consume(ctx, group) }()
	}
	var all error
	for range w.Groups {
		err := <-errs
		if err != nil {
			cancel()
		}
		all = errors.Join(all, err)
	}
	return all
}

// consume is one member of one group: it polls, processes, writes down, and then commits.
func (w *work) consume(ctx context.Context, group string) error {
	client, err := w.client(
		kgo.ConsumerGroup(group), kgo.ConsumeTopics(w.Inputs...), kgo.DisableAutoCommit(), kgo.BlockRebalanceOnPoll(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.FetchMaxWait(500*time.Millisecond), kgo.SessionTimeout(30*time.Second),
		kgo.OnPartitionsAssigned(func(context.Context, *kgo.Client, map[string][]int32) { w.tellReady() }),
	)
	if err != nil {
		return err
	}
	// Leaves the group, so that the next member need not wait for a session to end.
	defer client.CloseAllowingRebalance()
	for ctx.Err() == nil {
		fetches := client.PollRecords(ctx, batchRecords)
		fetches.EachError(func(topic string, partition int32, err error) {
			if ctx.Err() == nil {
				fmt.Fprintf(os.Stderr, "fetch %s-%d: %v\n", topic, partition, err)
			}
		})
		done, err := w.process(ctx, client, group, fetches.Records())
		if err != nil {
			return err
		}
		w.commit(ctx, client, done)
		client.AllowRebalance()
	}
	return nil
}

// process works through the records until ctx ends, and returns those that it did.
func (w *work) process(ctx context.Context, client *kgo.Client, group string, records []*kgo.Record) ([]*kgo.Record, error) {
	var done []*kgo.Record
	var entries []journal.Entry
	var outputs []message
	for _, r := range records {
		if ctx.Err() != nil {
			break
		}
		time.Sleep(w.Delay)
		var m message
		if err := json.Unmarshal(r.Value, &m); err != nil {
			return nil, fmt.Errorf("%s-%d@%d: value %q: %w", r.Topic, r.Partition, r.Offset, r.Value, err)
		}
		if m.Topic != r.Topic || m.Key != string(r.Key) {
			return nil, fmt.Errorf("%s-%d@%d: key %q, and the value is of %s, key %q", r.Topic, r.Partition, r.Offset, r.Key, m.Topic, m.Key)
		}
		e := w.acknowledged(journal.Processed, m, r)
		e.Group = group
		entries = append(entries, e)
		done = append(done, r)
		for _, topic := range w.Outputs {
			// One output for each input, with its sequence: an input that is processed twice
			// is an output that is there twice.
			outputs = append(outputs, message{Topic: topic, Key: r.Topic + "/" + m.Key, Sequence: m.Sequence})
		}
	}
	if len(done) == 0 {
		return nil, nil
	}
	produced, err := w.forward(ctx, client, outputs)
	if err != nil {
		return nil, err
	}
	return done, w.journal.Append(append(produced, entries...)...)
}

// forward writes a pipe's outputs and returns once all are acknowledged.
func (w *work) forward(ctx context.Context, client *kgo.Client, outputs []message) ([]journal.Entry, error) {
	if len(outputs) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishLimit)
	defer cancel()
	intents := make([]journal.Entry, len(outputs))
	records := make([]*kgo.Record, len(outputs))
	for i, m := range outputs {
		var err error
		if records[i], err = m.record(); err != nil {
			return nil, err
		}
		intents[i] = w.entry(journal.Intended, m)
	}
	if err := w.journal.Append(intents...); err != nil {
		return nil, err
	}
	if err := client.ProduceSync(ctx, records...).FirstErr(); err != nil {
		return nil, fmt.Errorf("%s: %w", w.Name, err)
	}
	entries := make([]journal.Entry, len(outputs))
	for i, m := range outputs {
		entries[i] = w.acknowledged(journal.Produced, m, records[i])
	}
	return entries, nil
}

// commit commits what was processed. One that fails is told and not repeated: the records
// come again, and the journal shows it.
func (w *work) commit(ctx context.Context, client *kgo.Client, done []*kgo.Record) {
	if len(done) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishLimit)
	defer cancel()
	if err := client.CommitRecords(ctx, done...); err != nil {
		fmt.Fprintf(os.Stderr, "commit: %v\n", err)
	}
}
