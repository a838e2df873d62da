package capture

import (
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/generator/inventory"
)

// transactionLog is where brokers keep the state of transactions; it is made with the
// first of them.
const transactionLog = "__transaction_state"

// transactions finds topics that transactional producers write to. Brokers tell of
// producers since Kafka 2.8 (KIP-664), and only to who may read the topic; an open
// transaction shows on all of them as a last stable offset before the log end.
func (r *reader) transactions(ctx context.Context) error {
	for i := range r.Topics {
		r.Topics[i].Transactional = slices.ContainsFunc(r.Topics[i].Partitions, func(p Partition) bool { return p.Stable >= 0 && p.Stable < p.End })
	}
	if r.neverTransacted() {
		return nil
	}
	if !r.has(kmsg.NewPtrDescribeProducersRequest()) {
		r.hidden.add("transactional producers", inventory.Unseen{Because: "the brokers do not list producers (Kafka 2.8 and later do)", Hint: "mark the topics with topics.overrides: transactional: true where workloads and ACLs do not tell"})
		return nil
	}
	asked := make(kadm.TopicsSet)
	for _, topic := range r.Topics {
		for _, partition := range topic.Partitions {
			if !topic.Internal {
				asked.Add(topic.Name, partition.Number)
			}
		}
	}
	if len(asked) == 0 {
		return nil
	}
	described, err := r.admin.DescribeProducers(ctx, asked)
	if err != nil && !forbidden(err) {
		return err
	}
	var refused []string
	for i := range r.Topics {
		topic := &r.Topics[i]
		if _, ok := asked[topic.Name]; !ok {
			continue
		}
		for _, partition := range topic.Partitions {
			one, ok := described[topic.Name].Partitions[partition.Number]
			if !ok || one.Err != nil {
				refused = append(refused, topic.Name)
			}
			topic.Transactional = topic.Transactional || transacts(one.ActiveProducers)
		}
	}
	if refused = distinct(refused); len(refused) > 0 {
		r.hidden.add("producers of "+few(refused), inventory.Unseen{Because: "the brokers tell of producers only to who may Read the topic", Hint: "mark transactional topics with topics.overrides where workloads and ACLs do not tell"})
	}
	return nil
}

// transacts tells whether one of the producers is transactional: only then has a
// transaction coordinator written a marker, or is a transaction open.
func transacts(producers kadm.DescribedProducers) bool {
	for _, producer := range producers {
		if producer.CoordinatorEpoch >= 0 || producer.CurrentTxnStartOffset >= 0 {
			return true
		}
	}
	return false
}

// neverTransacted tells whether the cluster has provably never had a transaction: its log
// is there for us to see, and nothing was ever written to it.
func (r *reader) neverTransacted() bool {
	i := slices.IndexFunc(r.Topics, func(t Topic) bool { return t.Name == transactionLog })
	return i >= 0 && !slices.ContainsFunc(r.Topics[i].Partitions, func(p Partition) bool { return p.End != 0 })
}
