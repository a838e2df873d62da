// Package record reads the committed data records of many partitions at once: what a
// consumer with isolation.level=read_committed would be given, and neither the markers of
// transactions nor what was aborted. It fetches from each broker for all of its partitions
// together, joins no group and commits nothing.
package record

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cutover/live/clock"
)

// Partition names one partition of one topic.
type Partition struct {
	Topic  string
	Number int32
}

// String names it as "orders-3", as Kafka's own tools do.
func (p Partition) String() string { return fmt.Sprintf("%s-%d", p.Topic, p.Number) }

// Compare orders partitions by topic, then by number.
func (p Partition) Compare(other Partition) int {
	if order := strings.Compare(p.Topic, other.Topic); order != 0 {
		return order
	}
	return int(p.Number) - int(other.Number)
}

// Range is a stretch of a partition's log: From is the first offset of it, To the first
// behind it.
type Range struct{ From, To int64 }

// Held says that a transaction that is still open keeps what stands from Offset on from
// being committed data or nothing.
type Held struct{ Offset int64 }

// Error says so.
func (h Held) Error() string {
	return fmt.Sprintf("a transaction is open from offset %d on", h.Offset)
}

const (
	// maxWaitMillis is how long a broker may wait for data that is not there yet.
	maxWaitMillis = 250
	// maxBytes bounds one answer, and partitionBytes what it has of one partition, at first.
	// A batch that is larger comes only as the first of an answer (KIP-74), so that a
	// partition that gave nothing is asked for twice as much.
	maxBytes, partitionBytes = 32 << 20, 128 << 10
	// attempts is how often a partition that does not answer is asked anew: leaders move
	// within seconds of a broker's death.
	attempts = 12
	pause    = 500 * time.Millisecond
)

// Reader reads from one cluster.
type Reader struct{ Client *kgo.Client }

// Read gives each committed data record of the ranges to visit, those of a partition in
// their order, until visit says that it has seen enough of that partition. What comes back
// is why single partitions could not be read to the end of their range: [Held], or Kafka's
// errors. The error is one of the connection.
func (r Reader) Read(ctx context.Context, ranges map[Partition]Range, visit func(*kgo.Record) (more bool)) (map[Partition]error, error) {
	s := session{client: r.Client, visit: visit, stale: true, left: make(map[Partition]Range), failed: make(map[Partition]error), last: make(map[Partition]error), bytes: make(map[Partition]int32)}
	for partition, stretch := range ranges {
		if stretch.From < stretch.To {
			s.left[partition] = stretch
		}
	}
	for tried := 0; len(s.left) > 0; {
		progress, err := s.round(ctx)
		switch {
		case err != nil:
			return nil, err
		case progress:
			tried = 0
			continue
		}
		if tried++; tried == attempts {
			s.giveUp()
			break
		}
		if err := clock.Wait(ctx, pause); err != nil {
			return nil, err
		}
	}
	return s.failed, nil
}

// session is one reading.
type session struct {
	client  *kgo.Client
	visit   func(*kgo.Record) bool
	left    map[Partition]Range
	failed  map[Partition]error // given up
	last    map[Partition]error // to be tried again
	bytes   map[Partition]int32 // asked for, where more than at first
	details kadm.TopicDetails
	// stale asks for the leaders to be looked up anew before the next round.
	stale bool
}

// round asks every leader once, and tells whether any partition came further.
func (s *session) round(ctx context.Context) (bool, error) {
	if s.stale {
		if err := s.locate(ctx); err != nil {
			return false, err
		}
	}
	type answer struct {
		response *kmsg.FetchResponse
		asked    []Partition
		err      error
	}
	requests := s.requests()
	answers := make(chan answer, len(requests))
	for broker, asked := range requests {
		request := s.request(asked)
		go func() {
			response, err := s.client.Broker(int(broker)).RetriableRequest(ctx, request)
			fetched, _ := response.(*kmsg.FetchResponse)
			answers <- answer{fetched, asked, err}
		}()
	}
	progress := false
	for range requests {
		a := <-answers
		if a.err == nil {
			a.err = kerr.ErrorForCode(a.response.ErrorCode)
		}
		if a.err != nil {
			s.retry(a.err, a.asked...)
			continue
		}
		progress = s.take(a.response) || progress
	}
	return progress, ctx.Err()
}

// locate finds the leaders. Topics that are gone, or forbidden, are given up.
func (s *session) locate(ctx context.Context) error {
	metadata, err := kadm.NewClient(s.client).Metadata(ctx, s.topics()...)
	if err != nil {
		return err
	}
	s.details, s.stale = metadata.Topics, false
	for partition := range s.left {
		detail := s.details[partition.Topic]
		known, ok := detail.Partitions[partition.Number]
		switch {
		case detail.Err != nil && !kerr.IsRetriable(detail.Err), errors.Is(detail.Err, kerr.UnknownTopicOrPartition):
			s.giveUpOn(partition, detail.Err)
		case detail.Err != nil:
			s.last[partition] = detail.Err
		case !ok:
			s.giveUpOn(partition, kerr.UnknownTopicOrPartition)
		case known.Leader < 0:
			s.last[partition] = kerr.LeaderNotAvailable
		}
	}
	return nil
}

func (s *session) topics() []string {
	topics := make(map[string]bool)
	for partition := range s.left {
		topics[partition.Topic] = true
	}
	return slices.Sorted(maps.Keys(topics))
}

// requests gives what to ask of which broker. A partition without a leader waits for the
// next round, with new metadata.
func (s *session) requests() map[int32][]Partition {
	byLeader := make(map[int32][]Partition)
	for partition := range s.left {
		if leader := s.details[partition.Topic].Partitions[partition.Number].Leader; s.details[partition.Topic].Err == nil && leader >= 0 {
			byLeader[leader] = append(byLeader[leader], partition)
		} else {
			s.stale = true
		}
	}
	return byLeader
}

// request asks for committed data only.
func (s *session) request(asked []Partition) *kmsg.FetchRequest {
	slices.SortFunc(asked, Partition.Compare)
	request := kmsg.NewPtrFetchRequest()
	request.MaxWaitMillis, request.MinBytes, request.MaxBytes = maxWaitMillis, 1, maxBytes
	request.IsolationLevel, request.SessionEpoch = 1, -1
	for _, partition := range asked {
		if n := len(request.Topics); n == 0 || request.Topics[n-1].Topic != partition.Topic {
			topic := kmsg.NewFetchRequestTopic()
			topic.Topic, topic.TopicID = partition.Topic, s.details[partition.Topic].ID
			request.Topics = append(request.Topics, topic)
		}
		one := kmsg.NewFetchRequestTopicPartition()
		one.Partition, one.FetchOffset, one.PartitionMaxBytes = partition.Number, s.left[partition].From, max(s.bytes[partition], partitionBytes)
		topic := &request.Topics[len(request.Topics)-1]
		topic.Partitions = append(topic.Partitions, one)
	}
	return request
}

// take hands on what a broker sent, and tells whether any partition came further.
func (s *session) take(response *kmsg.FetchResponse) bool {
	progress := false
	for i := range response.Topics {
		topic := &response.Topics[i]
		name := topic.Topic
		if name == "" {
			name = s.named(topic.TopicID)
		}
		for j := range topic.Partitions {
			progress = s.takePartition(Partition{name, topic.Partitions[j].Partition}, &topic.Partitions[j]) || progress
		}
	}
	return progress
}

// named finds a topic by its id, which is all that a broker says from Kafka 3.1 on.
func (s *session) named(id kadm.TopicID) string {
	for name, detail := range s.details {
		if detail.ID == id {
			return name
		}
	}
	return ""
}

func (s *session) takePartition(partition Partition, sent *kmsg.FetchResponseTopicPartition) bool {
	stretch, asked := s.left[partition]
	if !asked {
		return false
	}
	options := kgo.ProcessFetchPartitionOpts{Offset: stretch.From, IsolationLevel: kgo.ReadCommitted(), Topic: partition.Topic, Partition: partition.Number}
	got, next := kgo.ProcessFetchPartition(options, sent, kgo.DefaultDecompressor(), nil)
	if got.Err != nil && !kerr.IsRetriable(got.Err) {
		s.giveUpOn(partition, got.Err)
		return true
	}
	if got.Err != nil {
		s.retry(got.Err, partition)
		return false
	}
	for _, record := range got.Records {
		if record.Offset >= stretch.From && record.Offset < stretch.To && !s.visit(record) {
			delete(s.left, partition)
			return true
		}
	}
	switch {
	case next >= stretch.To:
		delete(s.left, partition)
	case next > stretch.From:
		s.left[partition] = Range{next, stretch.To}
	case got.LastStableOffset >= 0 && got.LastStableOffset <= stretch.From && got.LastStableOffset < got.HighWatermark:
		s.giveUpOn(partition, Held{got.LastStableOffset})
	default:
		s.bytes[partition] = min(2*max(s.bytes[partition], partitionBytes), maxBytes)
		s.last[partition] = fmt.Errorf("nothing is sent from offset %d on", stretch.From)
		return false
	}
	return true
}

// retry has partitions asked again, once their leaders were looked up anew.
func (s *session) retry(err error, partitions ...Partition) {
	s.stale = true
	for _, partition := range partitions {
		s.last[partition] = err
	}
}

func (s *session) giveUpOn(partition Partition, err error) {
	s.failed[partition] = err
	delete(s.left, partition)
}

func (s *session) giveUp() {
	for partition := range s.left {
		err := s.last[partition]
		if err == nil {
			err = errors.New("the brokers leave it out of their answers")
		}
		s.giveUpOn(partition, err)
	}
}
