package dashboard

import "slices"

// groups shows what the Kafka Exporter sees: topics, their partitions, and consumer groups.
func groups() Dashboard {
	s := single
	group, topic := `consumergroup=~"$group"`, `topic=~"$topic"`
	variables := append(slices.Clone(one("Kafka", "Cluster")),
		Variable{Name: "group", Label: "Group", Values: "consumergroup", Datasource: "datasource", All: true,
			Query: "count by (consumergroup) (" + s.series("kafka_consumergroup_lag") + ")"},
		Variable{Name: "topic", Label: "Topic", Values: "topic", Datasource: "datasource", All: true,
			Query: "count by (topic) (" + s.series("kafka_topic_partitions") + ")"})
	return Dashboard{
		Name: "consumer-groups", Title: "Consumer groups",
		Description: "What the Kafka Exporter sees of one cluster: topics, partitions, and how far groups have read. A group that has no series is unknown, not drained.",
		Variables:   variables,
		Annotations: []Annotation{s.phases("Phases", "blue")},
		Rows:        []Row{exporterHealth(s), groupLag(s, group, topic), topicOffsets(s, topic)},
	}
}

func exporterHealth(s scope) Row {
	return Row{Title: "Cluster", Panels: []Panel{
		s.number("Brokers", "Brokers that the exporter sees.", Count, "max("+s.series("kafka_brokers")+")"),
		s.number("Topics", "Topics that the exporter is told to watch.", Count, "count("+s.highest("topic", "kafka_topic_partitions")+")"),
		s.number("Partitions", "Partitions of these topics.", Count, "sum("+s.highest("topic", "kafka_topic_partitions")+")"),
		s.number("Groups", "Groups that the exporter sees.", Count, "count("+s.highest("consumergroup", "kafka_consumergroup_lag")+")"),
		s.alarm("Under-replicated partitions", "Partitions of which a replica is behind.", s.total("kafka_topic_partition_under_replicated_partition")),
		s.number("Not led by the preferred broker", "Partitions whose leader is not the first of their replicas.", Count,
			"count("+s.highest("topic,partition", "kafka_topic_partition_leader_is_preferred")+" < 1) or vector(0)"),
	}}
}

func groupLag(s scope, group, topic string) Row {
	table := Panel{
		Title: "Groups and topics", Kind: Table, Unit: Count, Datasource: s.datasource, Key: "consumergroup",
		Description: "Each group's lag, its partitions without a commit, and what it commits each second. A lag counts only where no partition is unknown.",
		Targets: []Target{
			{Expr: s.sum("consumergroup", "cutover:group_lag", group, topic), Legend: "Lag"},
			{Expr: s.sum("consumergroup", "cutover:group_lag_unknown_partitions", group, topic), Legend: "Unknown partitions"},
			{Expr: s.sum("consumergroup", "cutover:group_messages_out:rate5m", group, topic), Legend: "Messages each second", Unit: PerSecond},
			{Expr: s.sum("consumergroup", "cutover:group_current_offset", group, topic), Legend: "Sum of committed offsets"},
		},
	}
	return Row{Title: "Groups", Panels: []Panel{
		table,
		s.chart("Lag", "Records that a group has still to read, by topic. Partitions without a commit are not in it.", Count,
			s.sum("consumergroup,topic", "cutover:group_lag", group, topic), "{{consumergroup}} on {{topic}}"),
		s.chart("Partitions of unknown lag", "Partitions that a group reads and has committed nothing on.", Count,
			s.sum("consumergroup,topic", "cutover:group_lag_unknown_partitions", group, topic), "{{consumergroup}} on {{topic}}"),
		s.chart("Messages out", "What a group has committed each second: brokers count no messages going out.", PerSecond,
			s.sum("consumergroup,topic", "cutover:group_messages_out:rate5m", group, topic), "{{consumergroup}} on {{topic}}"),
		s.chart("Committed offsets", "Committed offset of each partition of each group.", Count,
			s.highest("consumergroup,topic,partition", "cutover:group_current_offset", group, topic), "{{consumergroup}} on {{topic}}-{{partition}}"),
	}}
}

func topicOffsets(s scope, topic string) Row {
	return Row{Title: "Topics", Panels: []Panel{
		s.chart("Log end offsets", "Log end offset of each partition.", Count,
			s.highest("topic,partition", "cutover:partition_log_end_offset", topic), "{{topic}}-{{partition}}"),
		s.chart("Messages", "Messages that each topic holds: an upper bound, since compaction and transactions leave holes.", Count,
			s.sum("topic", "cutover:topic_messages", topic), "{{topic}}"),
		s.chart("Messages, by partition", "Messages that each partition holds: an upper bound. Uneven lines mean uneven keys.", Count,
			s.highest("topic,partition", "cutover:partition_messages", topic), "{{topic}}-{{partition}}"),
		s.chart("Bytes, by partition", "Size of one replica of each partition.", Bytes,
			s.highest("topic,partition", "cutover:partition_bytes", topic), "{{topic}}-{{partition}}"),
		s.chart("In-sync replicas missing", "Replicas of each topic that are not in sync.", Count,
			s.sum("topic", "kafka_topic_partition_replicas", topic)+" - "+s.sum("topic", "kafka_topic_partition_in_sync_replica", topic), "{{topic}}"),
	}}
}
