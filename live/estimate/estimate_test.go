package estimate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cutover/live/estimate"
	"cutover/live/record"
)

// look is one at a number of seconds, of topic orders, with a log for each partition.
func look(seconds int, logs ...estimate.Log) *estimate.Look {
	all := make(map[record.Partition]estimate.Log)
	for i, log := range logs {
		all[record.Partition{Topic: "orders", Number: int32(i)}] = log
	}
	return &estimate.Look{At: time.Unix(int64(seconds), 0), Logs: all}
}

// log has records of 100 bytes, of which the mirror has copied some.
func log(end, copied int64) estimate.Log {
	return estimate.Log{End: end, Bytes: 100 * end, Next: copied, Recent: end, TargetEnd: copied}
}

func orders(partitions int32, retention time.Duration, bytes int64) []estimate.Topic {
	return []estimate.Topic{{Name: "orders", Partitions: partitions, Retention: retention, RetentionBytes: bytes}}
}

func TestAnEstimateFollowsFromTwoLooks(t *testing.T) {
	tests := map[string]struct {
		in       estimate.Input
		messages int64
		bytes    int64
		until    string
		limits   string // a part of one of them, "" for none
		lost     string
	}{
		"the mirror is faster than the ingest": {estimate.Input{Topics: orders(1, time.Hour, -1), Tasks: 12,
			First: look(0, log(100000, 1000)), Second: look(10, log(101000, 11000))}, 90000, 9000000, "1m40s", "", ""},
		"it has caught up, and its note is old": {estimate.Input{Topics: orders(1, time.Hour, -1), Tasks: 12,
			First:  look(0, estimate.Log{End: 1000, Bytes: 1000, Next: 900, Recent: 800, TargetEnd: 1000}),
			Second: look(10, estimate.Log{End: 1100, Bytes: 1100, Next: 900, Recent: 850, TargetEnd: 1100})}, 0, 0, "now", "", ""},
		"it has caught up, and half of what is written are markers of transactions": {estimate.Input{Topics: orders(1, time.Hour, -1), Tasks: 12,
			First:  look(0, estimate.Log{End: 1000, Bytes: 1000, Next: 900, Recent: 800, TargetEnd: 500}),
			Second: look(10, estimate.Log{End: 1100, Bytes: 1100, Next: 900, Recent: 850, TargetEnd: 550})}, 0, 0, "now", "", ""},
		"one partition has caught up, the other has not": {estimate.Input{Topics: orders(2, time.Hour, -1), Tasks: 12,
			First:  look(0, estimate.Log{End: 1000, Bytes: 100000, Next: 900, Recent: 800, TargetEnd: 500}, log(10000, 1000)),
			Second: look(10, estimate.Log{End: 1100, Bytes: 110000, Next: 900, Recent: 850, TargetEnd: 510}, log(10000, 2000))}, 8000, 800000, "1m20s", "", ""},
		"one partition has caught up, the other has a marker left": {estimate.Input{Topics: orders(2, time.Hour, -1), Tasks: 12,
			First:  look(0, estimate.Log{End: 1000, Bytes: 100000, Next: 900, Recent: 800, TargetEnd: 990}, log(10000, 9999)),
			Second: look(10, estimate.Log{End: 1100, Bytes: 110000, Next: 900, Recent: 850, TargetEnd: 1090}, log(10000, 9999))}, 1, 100, "1s", "", ""},
		"its records look young for a clock that is ahead": {estimate.Input{Topics: orders(1, -1, -1), Tasks: 12,
			First:  look(0, estimate.Log{End: 100000, Bytes: 100000, Next: 900, Recent: 0, TargetEnd: 900}),
			Second: look(10, estimate.Log{End: 100100, Bytes: 100100, Next: 900, Recent: 0, TargetEnd: 1900})}, 99200, 99200, "18m22s", "", ""},
		"as much is written as is copied": {estimate.Input{Topics: orders(1, time.Hour, -1), Tasks: 12,
			First: look(0, log(100000, 1000)), Second: look(10, log(110000, 2000))}, 108000, 10800000, "never", "never catches up", "retention.ms keeps records for 1h0m, and it is caught up never"},
		"it takes longer than retention": {estimate.Input{Topics: orders(1, time.Minute, -1), Tasks: 12,
			First: look(0, log(100000, 1000)), Second: look(10, log(101000, 11000))}, 90000, 9000000, "1m40s", "", "keeps records for 1m0s"},
		"more is written than retention.bytes keeps": {estimate.Input{Topics: orders(1, -1, 900000), Tasks: 12,
			First: look(0, log(100000, 1000)), Second: look(10, log(101000, 11000))}, 90000, 9000000, "1m40s", "", "retention.bytes keeps 878.9 KiB"},
		"one partition is hot": {estimate.Input{Topics: orders(3, -1, -1), Tasks: 12,
			First:  look(0, log(100, 0), log(100, 0), log(100000, 1000)),
			Second: look(10, log(100, 100), log(100, 100), log(100000, 1100))}, 98900, 9890000, "2h44m", "orders-2 takes longest", ""},
		"tasks are fewer than partitions": {estimate.Input{Topics: orders(3, -1, -1), Tasks: 2,
			First:  look(0, log(1000, 0), log(1000, 0), log(1000, 0)),
			Second: look(10, log(1000, 100), log(1000, 100), log(1000, 100))}, 2700, 270000, "1m30s", "2 tasks share 3 partitions", ""},
		"the quota is reached": {estimate.Input{Topics: orders(1, -1, -1), Tasks: 2, Quota: 1000,
			First: look(0, log(1000, 0)), Second: look(10, log(1000, 90))}, 910, 91000, "1m41s", "may move 1000 B/s", ""},
		"the mirror does not run": {estimate.Input{Topics: orders(1, time.Minute, -1), Tasks: 2,
			First: look(0, log(1000, 100)), Second: look(10, log(1100, 100))}, 1000, 100000, "?", "copied nothing", ""},
		"the mirror is taken to copy so much": {estimate.Input{Topics: orders(1, time.Minute, -1), Tasks: 2, Assumed: 2000,
			First: look(0, log(1000, 100)), Second: look(10, log(1100, 100))}, 1000, 100000, "1m40s", "", "caught up in 1m40s"},
		"there was one look alone": {estimate.Input{Topics: orders(1, time.Minute, -1), Tasks: 2,
			Second: look(10, log(1100, 100))}, 1000, 100000, "?", "", ""},
		"the mirror has made no note": {estimate.Input{Topics: orders(1, -1, -1), Tasks: 2,
			First:  look(0, estimate.Log{Start: 50, End: 1050, Bytes: 1000, Next: -1, TargetEnd: 100}),
			Second: look(10, estimate.Log{Start: 50, End: 1050, Bytes: 1000, Next: -1, TargetEnd: 200})}, 800, 800, "1m20s", "", ""},
		"retention has passed the mirror": {estimate.Input{Topics: orders(1, -1, -1), Tasks: 2,
			Second: look(10, estimate.Log{Start: 500, End: 1000, Bytes: 50000, Next: 100})}, 500, 50000, "?", "", ""},
		"sizes are not told": {estimate.Input{Topics: orders(1, -1, -1), Tasks: 2,
			First:  look(0, estimate.Log{End: 1000, Bytes: -1, Next: 0, TargetEnd: 0}),
			Second: look(10, estimate.Log{End: 1000, Bytes: -1, Next: 100, TargetEnd: 100})}, 900, 0, "1m30s", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := estimate.Of(test.in)
			if got.Messages != test.messages || got.Bytes != test.bytes || estimate.In(got.Seconds) != test.until {
				t.Errorf("got %d messages, %d bytes, caught up %s", got.Messages, got.Bytes, estimate.In(got.Seconds))
			}
			if limits := strings.Join(got.Limits, "; "); !strings.Contains(limits, test.limits) || (test.limits == "") != (limits == "") {
				t.Errorf("limits are %q", limits)
			}
			if lost := fmt.Sprint(got.Lost); !strings.Contains(lost, test.lost) || (test.lost == "") != (len(got.Lost) == 0) {
				t.Errorf("lost are %s", lost)
			}
		})
	}
}

func TestWhatWasNotSeenIsSaid(t *testing.T) {
	offline := estimate.Of(estimate.Input{Topics: orders(3, 0, 0), Tasks: 2})
	if offline.Seen || len(offline.Unknown) != 1 || !strings.Contains(offline.Unknown[0], "no brokers were asked") || offline.Seconds != nil || len(offline.Limits) != 1 {
		t.Errorf("got %+v", offline)
	}
	blind := estimate.Log{Start: -1, End: -1, Bytes: -1, Next: -1, TargetStart: -1, TargetEnd: -1}
	got := estimate.Of(estimate.Input{Topics: orders(1, 0, 0), Second: look(10, blind)})
	for _, want := range []string{"log ends on the source", "sizes", "log ends on the target", "note of its position", "one look alone"} {
		if !strings.Contains(strings.Join(got.Unknown, "; "), want) {
			t.Errorf("%q is not among %q", want, got.Unknown)
		}
	}
}

func TestWhatTakesLongestStandsFirst(t *testing.T) {
	at := func(topic string) record.Partition { return record.Partition{Topic: topic} }
	first := &estimate.Look{At: time.Unix(0, 0), Logs: map[record.Partition]estimate.Log{at("done"): log(10, 10), at("slow"): log(9000, 10), at("fast"): log(9000, 100)}}
	second := &estimate.Look{At: time.Unix(10, 0), Logs: map[record.Partition]estimate.Log{at("done"): log(10, 10), at("slow"): log(9000, 20), at("fast"): log(9000, 8000)}}
	got := estimate.Of(estimate.Input{Topics: []estimate.Topic{{Name: "done", Partitions: 1}, {Name: "fast", Partitions: 1}, {Name: "slow", Partitions: 1}}, First: first, Second: second})
	var order []string
	for _, topic := range got.Topics {
		order = append(order, topic.Topic)
	}
	if strings.Join(order, " ") != "slow fast done" {
		t.Errorf("got %v", order)
	}
}
