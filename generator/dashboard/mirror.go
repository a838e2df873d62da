package dashboard

// mirror shows one KafkaMirrorMaker2: its connectors, what they copy, its clients and
// workers. strimzi_io_cluster is the mirror's own name here.
func mirror() Dashboard {
	s := single
	return Dashboard{
		Name: "mirror-maker2", Title: "MirrorMaker 2",
		Description: "One KafkaMirrorMaker2: connectors and tasks, records copied, how far it is behind, its clients and workers.",
		Variables:   one("KafkaMirrorMaker2", "Mirror"),
		Rows:        []Row{mirrorTasks(s), mirrorRecords(s), mirrorClients(s), s.resident()},
	}
}

func mirrorTasks(s scope) Row {
	status := s.chart("Tasks, by state", "Tasks of each connector in each state. A failed task does not start again by itself.", Count,
		"count by (connector,status) ("+s.series("kafka_connect_connector_status")+")", "{{connector}} {{status}}")
	return Row{Title: "Connectors and tasks", Panels: []Panel{
		s.number("Workers", "Workers whose metrics arrive.", Count, "count("+s.series("kafka_connect_worker_task_count")+")"),
		s.number("Connectors", "Connectors on all workers.", Count, s.total("kafka_connect_worker_connector_count")),
		s.number("Tasks", "Tasks on all workers.", Count, s.total("kafka_connect_worker_task_count")),
		s.alarm("Failed tasks", "Tasks that have failed.", s.total("cutover:mirror_failed_tasks")),
		s.number("Records left", "What the mirror's consumers have still to read from the source.", Count, s.total("cutover:mirror_read_lag:sum")),
		s.alarm("Records that failed", "Records that tasks could not copy, since they started.", s.total("kafka_connect_task_error_total_record_failures")),
		status,
		s.chart("Rebalances", "Rebalances of the workers each second. Every one stops all tasks for a moment.", PerSecond,
			s.rate("kubernetes_pod_name", "kafka_connect_worker_rebalance_completed_rebalances_total"), "{{kubernetes_pod_name}}"),
	}}
}

func mirrorRecords(s scope) Row {
	return Row{Title: "Records", Panels: []Panel{
		s.chart("Records copied", "Records written to the target each second, by topic.", PerSecond, s.sum("topic", "cutover:mirror_records:rate5m"), "{{topic}}"),
		s.chart("Bytes copied", "Bytes written to the target each second, by topic.", BytesPerSec, s.sum("topic", "cutover:mirror_bytes:rate5m"), "{{topic}}"),
		s.chart("Records left, by topic", "What the mirror has still to read. Its consumers write the dots of a topic as underscores.", Count,
			s.sum("topic", "cutover:mirror_read_lag"), "{{topic}}"),
		s.chart("Records left, longest within the window", "Longest distance of each topic within the metric's window of 30 seconds.", Count,
			s.sum("topic", "kafka_consumer_fetch_manager_records_lag_max"), "{{topic}}"),
		s.chart("Age of records", "Age of the oldest record copied within the metric's window when it arrived. It keeps its last value on an idle topic.", Milliseconds,
			s.highest("topic", "cutover:mirror_record_age_ms:max"), "{{topic}}"),
		s.chart("Replication latency", "Time between a record's timestamp and its arrival on the target. It keeps its last value on an idle topic.", Milliseconds,
			s.highest("topic", "cutover:mirror_replication_latency_ms:max"), "{{topic}}"),
		s.chart("Age of checkpoints", "Time between a group's commit on the source and its checkpoint on the target.", Milliseconds,
			s.highest("group", "cutover:mirror_checkpoint_latency_ms:max"), "{{group}}"),
	}}
}

func mirrorClients(s scope) Row {
	return Row{Title: "Clients", Panels: []Panel{
		s.chart("Records polled", "Records that each connector's tasks read each second.", PerSecond,
			s.sum("connector", "kafka_connect_source_task_source_record_poll_rate"), "{{connector}}"),
		s.chart("Records in flight", "Records that were read and are not yet on the target.", Count,
			s.sum("connector", "kafka_connect_source_task_source_record_active_count"), "{{connector}}"),
		s.chart("Time to commit offsets", "Average time in which each connector writes down how far it has come. What is not written down is copied again after a restart.", Milliseconds,
			s.highest("connector", "kafka_connect_connector_task_offset_commit_avg_time_ms"), "{{connector}}"),
		s.chart("Errors of producers", "Records each second that producers could not write, by worker. Records that are too large for the target are among them.", PerSecond,
			s.rate("kubernetes_pod_name", "kafka_producer_record_error_total"), "{{kubernetes_pod_name}}"),
	}}
}
