// Package parity compares the two clusters of a plan, side by side: topics, users, broker
// configuration, and the retention that a topic has in effect. It names each difference, its
// cause, and whether somebody asked for it.
//
// Settings are compared, not records: what the mirror copies is proven elsewhere. Listeners
// and the rest of the Kafka resource stand in the runbook's differences.
package parity

import (
	"encoding/json"
	"fmt"

	"cutover/generator/migration"
	"cutover/generator/plan"
)

// What is the kind of thing that a row compares.
type What string

// The kinds of rows, in the order in which a report has them.
const (
	Topic        What = "topic"
	User         What = "user"
	BrokerConfig What = "broker config"
	Retention    What = "retention"
)

// Whats lists all kinds of rows in a report's order.
func Whats() []What { return []What{Topic, User, BrokerConfig, Retention} }

// Value is what one cluster has: a text, or nothing. The zero Value is nothing.
type Value struct {
	text string
	set  bool
}

// Text makes the Value of a text, which may be empty.
func Text(text string) Value { return Value{text, true} }

// unknown is the value of a default of a Kafka version that nobody told.
const unknown = "unknown"

// String gives the text, or a dash for nothing.
func (v Value) String() string {
	if !v.set {
		return "–"
	}
	return v.text
}

// MarshalJSON gives the text, or null for nothing.
func (v Value) MarshalJSON() ([]byte, error) {
	if !v.set {
		return []byte("null"), nil
	}
	return json.Marshal(v.text)
}

// Row compares one field of one object.
type Row struct {
	What What `json:"what"`
	// Object is the topic's Kafka name, the user's name, "brokers", or "consumer groups".
	Object string `json:"object"`
	// Field is a dotted path such as config.cleanup.policy, or the setting's name.
	Field string `json:"field"`
	// Source and Target are what the clusters have; null where one has nothing.
	Source Value `json:"source"`
	Target Value `json:"target"`
	// Equal tells that both mean the same.
	Equal bool `json:"equal"`
	// Cause says why they differ, "" where they are equal.
	Cause string `json:"cause,omitempty"`
	// Intended tells that migration.yaml or a documented rule asks for the difference. It
	// holds for equal rows too.
	Intended bool `json:"intended"`
}

// Subject is the row's object in the words of findings: "topic orders", "KafkaUser billing",
// "broker config log.retention.hours".
func (r Row) Subject() string {
	switch {
	case r.What == User:
		return "KafkaUser " + r.Object
	case r.What == BrokerConfig:
		return "broker config " + r.Field
	case r.What == Retention && r.Object == groupsObject:
		return groupsObject
	}
	return "topic " + r.Object
}

// Cluster is one of the two clusters that are compared.
type Cluster struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Kafka is the version that runs, "" where unknown.
	Kafka string `json:"kafka,omitempty"`
}

func (c Cluster) String() string {
	version := c.Kafka
	if version == "" {
		version = unknown
	}
	return fmt.Sprintf("%s/%s, Kafka %s", c.Namespace, c.Name, version)
}

// Report is the whole comparison. Rows are sorted by kind, object and field.
type Report struct {
	Source, Target Cluster
	Rows           []Row
}

// Count says how many rows of a kind there are and how many differ.
type Count struct {
	What        What `json:"what"`
	Compared    int  `json:"compared"`
	Different   int  `json:"different"`
	NotIntended int  `json:"notIntended"`
}

// Compare compares the clusters of a plan that was made without errors.
func Compare(p *plan.Plan) Report {
	r := Report{
		Source: Cluster{p.Migration.Source.Namespace, p.Migration.Source.Cluster, p.SourceKafkaVersion},
		Target: Cluster{p.Kafka.Namespace, p.Kafka.Name, p.Version.Kafka},
	}
	brokers := newBrokers(p)
	r.Rows = make([]Row, 0, (len(p.Topics)+1)*(len(settings())+8))
	r.topics(p)
	r.users(p)
	r.brokerConfig(brokers)
	r.retention(p, brokers)
	r.accept(p.Migration.Accept)
	return r
}

// Counts gives one count for each kind, in a report's order.
func (r Report) Counts() []Count {
	whats := Whats()
	counts := make([]Count, len(whats))
	at := make(map[What]int, len(whats))
	for i, what := range whats {
		counts[i].What, at[what] = what, i
	}
	for _, row := range r.Rows {
		count := &counts[at[row.What]]
		count.Compared++
		if !row.Equal {
			count.Different++
		}
		if !row.Intended {
			count.NotIntended++
		}
	}
	return counts
}

// Differences is the report without its equal rows.
func (r Report) Differences() []Row {
	var rows []Row
	for _, row := range r.Rows {
		if !row.Equal {
			rows = append(rows, row)
		}
	}
	return rows
}

// cause is why something differs.
type cause struct {
	text string
	// intended tells that migration.yaml or a documented rule asks for it.
	intended bool
}

// nobody is the cause of what was neither declared nor follows from a rule.
func nobody() cause { return cause{"nothing in migration.yaml or the plan asks for it", false} }

// add compares two values. why is asked only if they differ.
func (r *Report) add(row Row, why func() cause) {
	row.Equal = row.Source.set == row.Target.set && (!row.Source.set || same(row.Source.text, row.Target.text))
	row.Intended = row.Equal
	if !row.Equal {
		because := why()
		row.Cause, row.Intended = because.text, because.intended
	}
	r.Rows = append(r.Rows, row)
}

// AcceptRule is the rule of the report's findings, by which migration.yaml accepts a
// difference: of one object, or of all.
const AcceptRule = "parity"

func (r *Report) accept(accepted []migration.Acceptance) {
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Intended {
			continue
		}
		for _, a := range accepted {
			if a.Rule == AcceptRule && (a.Object == "" || a.Object == row.Subject()) {
				row.Cause, row.Intended = row.Cause+"; accepted by migration.yaml: "+a.Reason, true
				break
			}
		}
	}
}
