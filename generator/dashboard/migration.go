package dashboard

import (
	"fmt"
	"slices"
)

// ownTopics leaves out Kafka's own topics, which begin with two underscores.
const ownTopics = `topic!~"__.+"`

// migration shows source and target side by side, and the mirror between them. Both have a
// datasource of their own: they may be watched by two instances of Prometheus, and
// OpenShift's answers for one namespace at a time.
func migration() Dashboard {
	mirrorChoice := choice("mirror", "Mirror", "strimzi_io_cluster", "target_datasource",
		watched("KafkaMirrorMaker2", `namespace="$target_namespace",`))
	return Dashboard{
		Name: "migration", Title: "Migration",
		Description: "Source beside target, and the mirror between them. The queries rest on the recording rules of the chart monitoring.",
		Variables:   append(slices.Concat(side("source", "Source"), side("target", "Target")), mirrorChoice),
		Annotations: []Annotation{
			sourceScope.phases("Phases of the source", "blue"), targetScope.phases("Phases of the target", "purple"),
		},
		Rows: []Row{
			standing(), progress(), trafficRow(), offsetRow(), groupRow(), volumeRow(),
		},
	}
}

// left is how many records the mirror has still to read.
func left() string { return mirrorScope.total("cutover:mirror_read_lag:sum") }

// standing says in one line where the migration stands.
func standing() Row {
	pace := fmt.Sprintf("sum(%s)", mirrorScope.series("cutover:mirror_records:rate5m"))
	shrinking := fmt.Sprintf("sum(-deriv(%s[15m]) > 0)", mirrorScope.series("cutover:mirror_read_lag:sum"))
	panels := []Panel{
		sourceScope.number("Source's phase", "Number of the last phase that the source's tree was given.", None,
			"max("+sourceScope.series("cutover:phase")+")"),
		targetScope.number("Target's phase", "Number of the last phase that the target's tree was given.", None,
			"max("+targetScope.series("cutover:phase")+")"),
		mirrorScope.number("Records left", "What the mirror's consumers have still to read from the source.", Count, left()),
		mirrorScope.number("Time left", "Records left, divided by what the mirror copies each second: the time it takes when nothing more is written to the source.",
			Seconds, left()+" / ("+pace+" > 0)"),
		mirrorScope.number("Caught up at", "When the mirror has caught up if the records left go on shrinking as in the last 15 minutes, with what is still being written. Empty while they do not shrink.",
			Moment, "1000 * (time() + "+left()+" / "+shrinking+")"),
		mirrorScope.alarm("Failed tasks", "Tasks of the mirror that have failed. None starts again by itself.",
			mirrorScope.total("cutover:mirror_failed_tasks")),
	}
	return Row{Title: "Where the migration stands", Panels: panels}
}

// progress shows topic by topic how far the mirror is.
func progress() Row {
	beside := Panel{
		Title: "Topics: source beside target", Kind: Table, Unit: Count, Datasource: mixed, Key: "topic",
		Description: "Messages are the distance between the first and the last offset: an upper bound, since compaction and transactions leave holes. Topics that retention cuts on both sides need not agree.",
		Targets: []Target{
			{Expr: sourceScope.sum("topic", "cutover:partition_log_end_offset", ownTopics), Legend: "Source: log end offset", Datasource: "source_datasource"},
			{Expr: targetScope.sum("topic", "cutover:partition_log_end_offset", ownTopics), Legend: "Target: log end offset", Datasource: "target_datasource"},
			{Expr: sourceScope.sum("topic", "cutover:topic_messages", ownTopics), Legend: "Source: messages", Datasource: "source_datasource"},
			{Expr: targetScope.sum("topic", "cutover:topic_messages", ownTopics), Legend: "Target: messages", Datasource: "target_datasource"},
		},
		Differences: []Difference{{"Not on the target", 2, 3}},
	}
	m := mirrorScope
	return Row{Title: "Mirror", Panels: []Panel{
		beside,
		m.chart("Records left, by topic", "What the mirror has still to read. Its consumers write the dots of a topic as underscores.", Count,
			m.sum("topic", "cutover:mirror_read_lag"), "{{topic}}"),
		m.chart("Records copied", "Records written to the target each second, by topic.", PerSecond,
			m.sum("topic", "cutover:mirror_records:rate5m"), "{{topic}}"),
		m.chart("Age of records", "Age of the oldest record copied within the metric's window when it arrived. It keeps its last value on an idle topic and proves nothing alone.", Milliseconds,
			m.highest("topic", "cutover:mirror_record_age_ms:max"), "{{topic}}"),
		m.chart("Replication latency", "Time between a record's timestamp and its arrival on the target. It keeps its last value on an idle topic.", Milliseconds,
			m.highest("topic", "cutover:mirror_replication_latency_ms:max"), "{{topic}}"),
		m.chart("Bytes copied", "Bytes written to the target each second, by topic.", BytesPerSec,
			m.sum("topic", "cutover:mirror_bytes:rate5m"), "{{topic}}"),
	}}
}

// both gives the same panel for the source, on the left, and the target, on the right.
func both(title, description string, unit Unit, legend string, expr func(scope) string) []Panel {
	return []Panel{
		sourceScope.chart("Source: "+title, description, unit, expr(sourceScope), legend),
		targetScope.chart("Target: "+title, description, unit, expr(targetScope), legend),
	}
}

func trafficRow() Row {
	return Row{Title: "Traffic", Panels: slices.Concat(
		both("messages in", "Messages written each second. After a producer was stopped its topics stay at zero on the source.", PerSecond, "{{topic}}",
			func(s scope) string { return s.sum("topic", "cutover:topic_messages_in:rate5m", ownTopics) }),
		both("bytes in", "Bytes written each second. On the target the mirror's own are among them.", BytesPerSec, "{{topic}}",
			func(s scope) string { return s.sum("topic", "cutover:topic_bytes_in:rate5m", ownTopics) }),
		both("bytes out", "Bytes read each second. On the source the mirror's own are among them.", BytesPerSec, "{{topic}}",
			func(s scope) string { return s.sum("topic", "cutover:topic_bytes_out:rate5m", ownTopics) }),
	)}
}

func offsetRow() Row {
	return Row{Title: "Offsets and messages", Panels: slices.Concat(
		both("log end offsets", "Sum of the log end offsets of all partitions. The sides differ by what the source had deleted before the mirror began.", Count, "{{topic}}",
			func(s scope) string { return s.sum("topic", "cutover:partition_log_end_offset", ownTopics) }),
		both("messages", "Messages that a topic holds: an upper bound, since compaction and transactions leave holes.", Count, "{{topic}}",
			func(s scope) string { return s.sum("topic", "cutover:topic_messages", ownTopics) }),
	)}
}

func groupRow() Row {
	return Row{Title: "Consumer groups", Panels: slices.Concat(
		both("lag", "Records that a group has still to read. Partitions without a commit are not in it; they are counted below.", Count, "{{consumergroup}}",
			func(s scope) string { return s.sum("consumergroup", "cutover:group_lag") }),
		both("partitions of unknown lag", "Partitions that a group reads and has committed nothing on. While there is one, the group's lag says nothing.", Count, "{{consumergroup}}",
			func(s scope) string { return s.sum("consumergroup", "cutover:group_lag_unknown_partitions") }),
		both("messages out", "What groups have committed each second: brokers count no messages going out.", PerSecond, "{{consumergroup}}",
			func(s scope) string { return s.sum("consumergroup", "cutover:group_messages_out:rate5m") }),
	)}
}

func volumeRow() Row {
	return Row{Title: "Volumes", Panels: slices.Concat(
		both("volumes used", "Used bytes of each volume of brokers and ZooKeeper.", Bytes, "{{persistentvolumeclaim}}",
			func(s scope) string { return s.highest("persistentvolumeclaim", "cutover:volume_used_bytes") }),
		both("volumes used of their size", "Used share of each volume. A broker stops when its volume is full.", Share, "{{persistentvolumeclaim}}", usedShare),
	)}
}

// usedShare is how much of each volume is used, from 0 to 1.
func usedShare(s scope) string {
	return s.highest("persistentvolumeclaim", "cutover:volume_used_bytes") + " / " +
		s.highest("persistentvolumeclaim", "cutover:volume_capacity_bytes")
}
