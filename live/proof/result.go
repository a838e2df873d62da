package proof

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/plan"
)

// Result is the answer of one gate.
type Result struct {
	Gate string `json:"gate"`
	// Cluster is the one that was asked.
	Cluster plan.Side `json:"cluster"`
	// Asked is the question, Seen the answer in a few words.
	Asked string `json:"asked"`
	Seen  string `json:"seen"`
	// Evidence are lines of what stands in the way, and More how many were left out.
	Evidence []string `json:"evidence,omitempty"`
	More     int      `json:"more,omitempty"`
	Holds    bool     `json:"holds"`
	// Unknown tells that the question could not be answered; it never holds then.
	Unknown bool `json:"unknown,omitempty"`
	// Left is how much is in the way: records, partitions or objects, as Measured says; -1
	// where that is not known. Successive values give an estimate of when the gate holds.
	Left int64 `json:"left"`
	// Measured are the figures behind Seen, by name.
	Measured map[string]int64 `json:"measured,omitempty"`
	// Groups are the figures of single groups, sorted by name.
	Groups []GroupLag `json:"groups,omitempty"`
}

// GroupLag is how far a group is behind.
type GroupLag struct {
	Group string `json:"group"`
	// Lag is the sum of log end minus committed offset over its partitions, as Kafka's
	// kafka-consumer-groups.sh counts it: markers of transactions included.
	Lag int64 `json:"lag"`
	// Partitions are those with a committed offset, Uncommitted those without that hold
	// records.
	Partitions  int `json:"partitions"`
	Uncommitted int `json:"uncommitted,omitempty"`
}

// maxEvidence is how many lines of evidence a result keeps, hints aside.
const maxEvidence = 8

// question is one gate on the way to its result.
type question struct {
	Request
	gate plan.Gate
	Result
	// offenders and doubts are what stands in the way: what was seen, and what was not. hints
	// are what a person can do about it.
	offenders, doubts, hints map[string]bool
}

// against notes that something does not hold.
func (q *question) against(format string, args ...any) { note(&q.offenders, format, args...) }

// doubt notes that something could not be found out, and, where an error among the arguments
// is one that a person can do something about, what that is.
func (q *question) doubt(format string, args ...any) {
	note(&q.doubts, format, args...)
	for _, arg := range args {
		if err, ok := arg.(error); ok {
			q.advise(err)
		}
	}
}

func note(set *map[string]bool, format string, args ...any) {
	if *set == nil {
		*set = make(map[string]bool)
	}
	(*set)[fmt.Sprintf(format, args...)] = true
}

// unknown ends a question that cannot be answered.
func (q *question) unknown(err error) {
	q.Seen = "cannot be told"
	q.Unknown = true
	for _, line := range strings.Split(err.Error(), "\n") {
		q.doubt("%s", line)
	}
	for _, found := range finding.From(err) {
		if found.Hint != "" {
			note(&q.hints, "hint: %s", found.Hint)
		}
	}
}

// measure keeps a figure.
func (q *question) measure(name string, value int64) {
	if q.Measured == nil {
		q.Measured = make(map[string]int64)
	}
	q.Measured[name] = value
}

// done decides: a gate holds where nothing stands against it and nothing is in doubt.
func (q *question) done() Result {
	lines := slices.Sorted(maps.Keys(q.offenders))
	lines = append(lines, slices.Sorted(maps.Keys(q.doubts))...)
	q.Holds = len(lines) == 0
	q.Unknown = q.Unknown || len(q.offenders) == 0 && len(q.doubts) > 0
	if len(lines) > maxEvidence {
		q.More = len(lines) - maxEvidence
		lines = lines[:maxEvidence]
	}
	q.Evidence = lines
	switch {
	case q.Holds:
		q.Left = 0
		return q.Result
	case q.Left == 0:
		q.Left = -1
	}
	q.Evidence = append(q.Evidence, slices.Sorted(maps.Keys(q.hints))...)
	return q.Result
}

// Hold tells whether all hold.
func Hold(results []Result) bool {
	return !slices.ContainsFunc(results, func(r Result) bool { return !r.Holds })
}

// count writes a number with its noun: "1 partition", "2 partitions".
func count[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
