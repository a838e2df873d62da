// Package position reads how far a mirror has come, as the workers of MirrorMaker 2 note it
// in Kafka Connect's offset topic on the cluster they write to.
package position

import (
	"encoding/json"

	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/live/record"
)

// SourceConnector is the last part of the name of the connector that copies records.
const SourceConnector = "MirrorSourceConnector"

// Heartbeats is a topic that a mirror copies whatever its patterns say, until Kafka 4.0
// (KAFKA-17534), if the cluster it reads has it. The forward mirror of a migration makes it
// on the target. Where it cannot be written on the other cluster, since it is not there or
// no ACL allows it, the task that has it fails, or waits forever with all its partitions.
const Heartbeats = "heartbeats"

// Connector gives the full name of one of a mirror's connectors, as Strimzi makes it.
func Connector(sourceAlias, targetAlias, kind string) string {
	return sourceAlias + "->" + targetAlias + "." + kind
}

// Note is what a worker notes of one partition of the cluster it reads. Of one partition all
// notes stand in one partition of the topic, in their order: the last one counts.
type Note struct {
	Partition record.Partition
	// Offset is that of the last record copied. Where Taken is true the note was taken away,
	// and there is none.
	Offset int64
	Taken  bool
}

// Read reads a note of the source connector between two aliases, whose key is
// ["SOURCE->TARGET.MirrorSourceConnector",{"cluster":…,"partition":…,"topic":…}] and whose
// value is {"offset":…}. Notes of others are not ok.
func Read(r *kgo.Record, sourceAlias, targetAlias string) (note Note, ok bool) {
	var parts []json.RawMessage
	var name string
	var of struct {
		Cluster   string `json:"cluster"`
		Partition *int32 `json:"partition"`
		Topic     string `json:"topic"`
	}
	if json.Unmarshal(r.Key, &parts) != nil || len(parts) != 2 || json.Unmarshal(parts[0], &name) != nil || json.Unmarshal(parts[1], &of) != nil {
		return Note{}, false
	}
	if name != Connector(sourceAlias, targetAlias, SourceConnector) || of.Cluster != sourceAlias || of.Partition == nil || of.Topic == "" {
		return Note{}, false
	}
	note.Partition = record.Partition{Topic: of.Topic, Number: *of.Partition}
	var at struct {
		Offset *int64 `json:"offset"`
	}
	if json.Unmarshal(r.Value, &at) != nil || at.Offset == nil {
		note.Taken = true
		return note, true
	}
	note.Offset = *at.Offset
	return note, true
}

// Keep gives what visits the records of the topic, and keeps in offsets what the last note of
// each partition says.
func Keep(offsets map[record.Partition]int64, sourceAlias, targetAlias string) func(*kgo.Record) (more bool) {
	return func(r *kgo.Record) bool {
		switch note, ok := Read(r, sourceAlias, targetAlias); {
		case !ok:
		case note.Taken:
			delete(offsets, note.Partition)
		default:
			offsets[note.Partition] = note.Offset
		}
		return true
	}
}
