package workload

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/e2e/kafka/journal"
)

// produce writes records at an even pace, in transactions if the settings say so.
func (w *work) produce(ctx context.Context) error {
	var options []kgo.Opt
	if w.TransactionRecords > 0 {
		options = append(options, kgo.TransactionalID(fmt.Sprintf("%s-%d", w.Name, w.Replica)))
	}
	client, err := w.client(options...)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := client.Ping(ctx); err != nil {
		return fmt.Errorf("%s: %w", w.Name, err)
	}
	pace := time.NewTicker(time.Second / time.Duration(w.PerSecond))
	defer pace.Stop()
	w.tellReady()
	if w.TransactionRecords > 0 {
		return w.produceTransactions(ctx, client, pace.C)
	}
	return w.produceRecords(ctx, client, pace.C)
}

func (w *work) produceRecords(ctx context.Context, client *kgo.Client, pace <-chan time.Time) error {
	var sent outcome
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishLimit)
			defer cancel()
			return errors.Join(client.Flush(finish), sent.error())
		case <-pace:
		}
		if err := sent.error(); err != nil {
			return err
		}
		for _, topic := range w.Outputs {
			m, r, err := w.next(topic, i)
			if err != nil {
				return err
			}
			if err := w.journal.Append(w.entry(journal.Intended, m)); err != nil {
				return err
			}
			client.Produce(context.WithoutCancel(ctx), r, func(r *kgo.Record, err error) {
				if err == nil {
					err = w.journal.Append(w.acknowledged(journal.Produced, m, r))
				}
				sent.add(err)
			})
		}
	}
}

// produceTransactions writes one transaction after the other. One that ctx cuts short is
// ended with the records that it has.
func (w *work) produceTransactions(ctx context.Context, client *kgo.Client, pace <-chan time.Time) error {
	i := 0
	for number := 1; ctx.Err() == nil; number++ {
		if err := client.BeginTransaction(); err != nil {
			return fmt.Errorf("%s: %w", w.Name, err)
		}
		var batch []message
		var records []*kgo.Record
		for len(batch) < w.TransactionRecords && ctx.Err() == nil {
			select {
			case <-ctx.Done():
				continue
			case <-pace:
			}
			for _, topic := range w.Outputs {
				m, r, err := w.next(topic, i)
				if err != nil {
					return err
				}
				if err := w.journal.Append(w.entry(journal.Intended, m)); err != nil {
					return err
				}
				batch, records = append(batch, m), append(records, r)
				client.Produce(context.WithoutCancel(ctx), r, nil)
			}
			i++
		}
		abort := w.AbortEvery > 0 && number%w.AbortEvery == 0
		if err := w.endTransaction(ctx, client, batch, records, abort); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) endTransaction(ctx context.Context, client *kgo.Client, batch []message, records []*kgo.Record, abort bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishLimit)
	defer cancel()
	if err := client.Flush(ctx); err != nil {
		return fmt.Errorf("%s: flush: %w", w.Name, err)
	}
	event, end := journal.Produced, kgo.TryCommit
	if abort {
		event, end = journal.Aborted, kgo.TryAbort
	}
	if err := client.EndTransaction(ctx, end); err != nil {
		return fmt.Errorf("%s: end of transaction: %w", w.Name, err)
	}
	entries := make([]journal.Entry, len(batch))
	for i, m := range batch {
		entries[i] = w.acknowledged(event, m, records[i])
	}
	return w.journal.Append(entries...)
}

// next is the i-th record that this process writes to the topic. Keys are the replica's own;
// their sequences go on where the journal ends, on whichever cluster that was.
func (w *work) next(topic string, i int) (message, *kgo.Record, error) {
	id := message{Topic: topic, Key: fmt.Sprintf("%s-%d-%d", w.Name, w.Replica, i%w.Keys)}
	w.last[id]++
	m := id
	m.Sequence = w.last[id]
	r, err := m.record()
	return m, r, err
}

func (m message) record() (*kgo.Record, error) {
	value, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write a record: %w", err)
	}
	return &kgo.Record{Topic: m.Topic, Key: []byte(m.Key), Value: value}, nil
}

// outcome gathers the errors of records that are sent in the background.
type outcome struct {
	mutex sync.Mutex
	err   error
}

func (o *outcome) add(err error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.err = errors.Join(o.err, err)
}

func (o *outcome) error() error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.err
}
