// Package estimate says how long a mirror has to copy, and what keeps it from being faster:
// out of what two looks at both clusters saw.
package estimate

import (
	"cmp"
	"math"
	"slices"
	"time"

	"cutover/live/record"
)

// Look is what was seen of both clusters at one moment.
type Look struct {
	At   time.Time
	Logs map[record.Partition]Log
}

// Log is one partition. What was not seen is -1.
type Log struct {
	// Start and End bound the source's log, Bytes is its size on its largest replica.
	Start, End, Bytes int64
	// Next is the source's offset that the mirror copies next, as its workers last noted it;
	// -1 where it has not begun.
	Next int64
	// Recent is the source's offset of the first record that is younger than the mirror's
	// note may be old, its log end where there is none.
	Recent int64
	// TargetStart and TargetEnd bound the target's log.
	TargetStart, TargetEnd int64
}

// Topic is a topic that is mirrored.
type Topic struct {
	Name       string
	Partitions int32
	// Retention is how long the source keeps a record, and RetentionBytes how much of a
	// partition: negative for no limit, 0 where it is not known.
	Retention      time.Duration
	RetentionBytes int64

	endless bool // it is compacted, and no record is deleted for its age
}

// Input is what an estimate is made of.
type Input struct {
	Topics []Topic
	// First and Second are looks, nil where no cluster is asked.
	First, Second *Look
	// Tasks is tasks.max of the mirror's source connector.
	Tasks int32
	// Quota is what the mirror's user may move, in bytes a second over all brokers, 0 for no
	// limit that is known.
	Quota float64
	// Assumed is a rate in bytes a second for a mirror that does not run yet, 0 for none.
	Assumed float64
}

// Rate is how much goes by in a second.
type Rate struct {
	Messages float64 `json:"messagesPerSecond"`
	Bytes    float64 `json:"bytesPerSecond"`
}

func (r Rate) plus(o Rate) Rate { return Rate{r.Messages + o.Messages, r.Bytes + o.Bytes} }

// Load is what is to be copied, and how fast it grows and goes.
type Load struct {
	// Messages and Bytes are to be mirrored. Messages are offsets: markers of transactions
	// and what compaction removed count too.
	Messages int64 `json:"messages"`
	Bytes    int64 `json:"bytes"`
	// Ingest is what is written to the source, Mirror what the mirror copies.
	Ingest Rate `json:"ingest"`
	Mirror Rate `json:"mirror"`
	// Seconds is the time until caught up: 0 for now, -1 for never at these rates, and nil
	// where it cannot be known.
	Seconds *float64 `json:"seconds"`
}

// TopicLoad is the load of one topic.
type TopicLoad struct {
	Topic      string `json:"topic"`
	Partitions int32  `json:"partitions"`
	Load
}

// Report is an estimate.
type Report struct {
	Load
	// Seen tells that brokers were asked: else messages and bytes are 0 for want of any.
	Seen bool `json:"seen"`
	// Measured tells that rates were seen, Assumed that the mirror's was given.
	Measured bool `json:"measured"`
	Assumed  bool `json:"assumed,omitempty"`
	// Topics are sorted: what takes longest stands first.
	Topics []TopicLoad `json:"topics"`
	// Limits are what the time comes from.
	Limits []string `json:"limits"`
	// Unknown is what could not be seen.
	Unknown []string `json:"unknown"`
	// Lost are the topics of which the source deletes data before it is mirrored.
	Lost []Loss `json:"lost"`

	behind Load // the partitions that have something to copy: what keeps up has no say in when
}

// Loss is a topic whose retention is shorter than the time until it is mirrored.
type Loss struct {
	Topic string `json:"topic"`
	// Because names the setting and both figures.
	Because string `json:"because"`
}

const never = -1

// Of makes an estimate. It is a pure function of what was seen.
func Of(in Input) Report {
	report := Report{Seen: in.Second != nil, Topics: []TopicLoad{}, Limits: []string{}, Unknown: []string{}, Lost: []Loss{}}
	partitions := make(map[record.Partition]Load)
	if in.Second != nil {
		partitions, report.Measured = in.loads()
	}
	for _, topic := range in.Topics {
		load := TopicLoad{Topic: topic.Name, Partitions: topic.Partitions}
		for number := range topic.Partitions {
			one := partitions[record.Partition{Topic: topic.Name, Number: number}]
			load.add(one)
			if one.Messages > 0 {
				report.behind.add(one)
			}
			load.Seconds = slower(load.Seconds, one.Seconds)
		}
		report.add(load.Load)
		report.Topics = append(report.Topics, load)
	}
	in.settle(&report)
	slices.SortStableFunc(report.Topics, func(x, y TopicLoad) int {
		return cmp.Or(cmp.Compare(order(y.Seconds), order(x.Seconds)), cmp.Compare(y.Bytes, x.Bytes), cmp.Compare(y.Messages, x.Messages), cmp.Compare(x.Topic, y.Topic))
	})
	in.limits(&report, partitions)
	in.losses(&report)
	in.unknown(&report)
	return report
}

func (l *Load) add(o Load) {
	l.Messages += o.Messages
	l.Bytes += o.Bytes
	l.Ingest, l.Mirror = l.Ingest.plus(o.Ingest), l.Mirror.plus(o.Mirror)
}

// order puts never last, and what is not known first.
func order(seconds *float64) float64 {
	switch {
	case seconds == nil:
		return -1
	case *seconds == never:
		return math.Inf(1)
	}
	return *seconds
}

func slower(x, y *float64) *float64 {
	if order(y) > order(x) {
		return y
	}
	return x
}

// settle says how long everything takes: as long as all that is behind takes together, and
// at least as long as its slowest partition.
func (in Input) settle(r *Report) {
	if r.Mirror.Bytes == 0 && r.Mirror.Messages == 0 && in.Assumed > 0 && in.Second != nil {
		r.Assumed = true
		r.Seconds = seconds(float64(r.Bytes), in.Assumed, r.Ingest.Bytes)
		for i := range r.Topics {
			r.Topics[i].Seconds = r.Seconds // which topic comes first is not known
		}
		return
	}
	if !r.Measured || r.stalled() {
		return
	}
	r.Seconds = r.together()
	for _, topic := range r.Topics {
		r.Seconds = slower(r.Seconds, topic.Seconds)
	}
}

// together is how long all that is behind takes at the rate at which it is copied, or, where
// it all waits for its turn, at the mirror's.
func (r *Report) together() *float64 {
	out := r.behind.Mirror.Messages
	if out == 0 {
		out = r.Mirror.Messages
	}
	return seconds(float64(r.behind.Messages), out, r.behind.Ingest.Messages)
}

// stalled tells that there is something to copy, and nothing was.
func (l Load) stalled() bool { return l.Messages > 0 && l.Mirror.Messages == 0 }

// seconds is how long it takes to bring an amount down to nothing.
func seconds(amount, out, in float64) *float64 {
	value := float64(never)
	switch {
	case amount <= 0:
		value = 0
	case out > in:
		value = amount / (out - in)
	}
	return &value
}
