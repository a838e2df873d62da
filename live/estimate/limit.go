package estimate

import (
	"fmt"
	"maps"
	"slices"

	"cutover/live/record"
)

// limits says what the time comes from.
func (in Input) limits(r *Report, partitions map[record.Partition]Load) {
	total := 0
	for _, topic := range in.Topics {
		total += int(topic.Partitions)
	}
	if in.Tasks > 0 && int(in.Tasks) < total {
		r.limit("%d tasks share %d partitions: more tasks (mirror.tasksMax) copy more at once, as long as the workers have processors for them", in.Tasks, total)
	}
	if in.Quota > 0 && max(r.Mirror.Bytes, in.Assumed) >= nearQuota*in.Quota {
		r.limit("the mirror's user may move %s/s, and it comes close to that: raise its quota", Size(in.Quota))
	}
	if !r.Measured {
		return
	}
	switch {
	case r.Assumed:
		return
	case r.stalled() && r.Ingest.Messages == 0:
		r.limit("nothing was written and nothing copied: the mirror does not run, or all that is left are markers of transactions")
		return
	case r.stalled():
		r.limit("the mirror copied nothing while it was watched: start it, or say with --rate what it is taken to copy")
		return
	case *r.together() == never:
		r.limit("where it is behind, as much is written (%.0f messages/s) as is copied (%.0f messages/s): it never catches up", r.behind.Ingest.Messages, r.behind.Mirror.Messages)
	}
	r.hottest(partitions)
}

const (
	nearQuota = 0.8
	// hot is by how much one partition takes longer than all take together.
	hot = 1.5
)

// hottest names the partition that all others wait for. One partition is copied by one task.
func (r *Report) hottest(partitions map[record.Partition]Load) {
	together := seconds(float64(r.behind.Messages), r.Mirror.Messages, r.behind.Ingest.Messages)
	if len(partitions) < 2 || *together <= 0 {
		return
	}
	var slowest record.Partition
	var longest *float64
	for _, at := range slices.SortedFunc(maps.Keys(partitions), record.Partition.Compare) {
		if load := partitions[at]; order(load.Seconds) > order(longest) {
			slowest, longest = at, load.Seconds
		}
	}
	if order(longest) > hot**together {
		r.limit("%s takes longest (%s): one task copies a partition, and more tasks do not help", slowest, In(longest))
	}
}

func (r *Report) limit(format string, args ...any) {
	r.Limits = append(r.Limits, fmt.Sprintf(format, args...))
}

// losses finds topics of which data is deleted before it is mirrored. What is written now is
// mirrored when all is; until then the source has to keep it.
func (in Input) losses(r *Report) {
	settings := make(map[string]Topic)
	for _, topic := range in.Topics {
		settings[topic.Name] = topic
	}
	for _, load := range r.Topics {
		left := load.Seconds
		if left == nil {
			left = r.Seconds // it waits for its turn
		}
		if load.Messages == 0 || left == nil || settings[load.Topic].endless {
			continue
		}
		topic, eternal := settings[load.Topic], *left == never
		until := *left
		switch {
		case topic.Retention > 0 && (eternal || until > topic.Retention.Seconds()):
			r.lose(load.Topic, "retention.ms keeps records for %s, and it is caught up %s", round(topic.Retention), when(left))
		case topic.RetentionBytes > 0 && load.Ingest.Bytes > 0 && (eternal || load.Ingest.Bytes*until > float64(topic.RetentionBytes)*float64(topic.Partitions)):
			r.lose(load.Topic, "retention.bytes keeps %s of a partition, and until it is caught up, %s, more is written", Size(float64(topic.RetentionBytes)), when(left))
		}
	}
}

func (r *Report) lose(topic, format string, args ...any) {
	r.Lost = append(r.Lost, Loss{topic, fmt.Sprintf(format, args...)})
}

// unknown says what was not there to be seen.
func (in Input) unknown(r *Report) {
	if in.Second == nil {
		r.Unknown = append(r.Unknown, "messages, bytes and rates: no brokers were asked; name them with --connections, or --source-bootstrap and --target-bootstrap")
		return
	}
	var offsets, sizes, notes, targets, logs int
	for _, log := range in.Second.Logs {
		logs++
		offsets += count(log.End < 0)
		sizes += count(log.Bytes < 0)
		notes += count(log.Next < 0)
		targets += count(log.TargetEnd < 0)
	}
	for _, missing := range []struct {
		n    int
		text string
	}{
		{offsets, "log ends on the source: its brokers do not tell them"},
		{sizes, "sizes on the source: its brokers do not tell them (Describe on the cluster is needed); messages count alone"},
		{targets, "log ends on the target, so that the mirror's rate is not measured"},
		{notes, "the mirror's own note of its position: what is left is what the source has more than the target"},
	} {
		if missing.n > 0 {
			r.Unknown = append(r.Unknown, fmt.Sprintf("%d of %d partitions: %s", missing.n, logs, missing.text))
		}
	}
	if in.First == nil {
		r.Unknown = append(r.Unknown, "rates, and with them the time: there was one look alone")
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
