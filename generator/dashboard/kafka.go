package dashboard

// kafka shows the brokers of one cluster.
func kafka() Dashboard {
	s := single
	return Dashboard{
		Name: "kafka", Title: "Kafka",
		Description: "Brokers of one Kafka cluster: their health, what goes in and out, how requests fare, and the volumes.",
		Variables:   one("Kafka", "Cluster"),
		Annotations: []Annotation{s.phases("Phases", "blue")},
		Rows:        []Row{kafkaHealth(s), kafkaTraffic(s), kafkaRequests(s), kafkaReplication(s), kafkaVolumes(s), s.resident(`strimzi_io_name="$cluster-kafka"`)},
	}
}

func kafkaHealth(s scope) Row {
	return Row{Title: "Health", Panels: []Panel{
		s.number("Brokers", "Brokers whose metrics arrive.", Count,
			"count("+s.series("kafka_server_replicamanager_leadercount")+")"),
		s.number("Active controllers", "Exactly one broker is the controller of a healthy cluster.", Count,
			s.total("kafka_controller_kafkacontroller_activecontrollercount")),
		s.alarm("Partitions without a leader", "They can be neither read nor written.",
			s.total("kafka_controller_kafkacontroller_offlinepartitionscount")),
		s.alarm("Under min.insync.replicas", "Partitions on which producers with acks=all are refused.",
			s.total("kafka_server_replicamanager_underminisrpartitioncount")),
		s.alarm("Under-replicated partitions", "Partitions of which a replica is behind. Do not start a step of the cut-over while there are any.",
			s.total("kafka_server_replicamanager_underreplicatedpartitions")),
		s.alarm("Log directories offline", "Disks that failed or are full.",
			s.total("kafka_log_logmanager_offlinelogdirectorycount")),
	}}
}

func kafkaTraffic(s scope) Row {
	return Row{Title: "Traffic", Panels: []Panel{
		s.chart("Messages in", "Messages written each second, by topic.", PerSecond, s.sum("topic", "cutover:topic_messages_in:rate5m"), "{{topic}}"),
		s.chart("Bytes in", "Bytes that producers write each second, by topic.", BytesPerSec, s.sum("topic", "cutover:topic_bytes_in:rate5m"), "{{topic}}"),
		s.chart("Bytes out", "Bytes that consumers read each second, by topic, without replication.", BytesPerSec, s.sum("topic", "cutover:topic_bytes_out:rate5m"), "{{topic}}"),
		s.chart("Bytes in, by broker", "Bytes written to each broker each second. Uneven bars ask for a rebalance.", BytesPerSec,
			s.rate("kubernetes_pod_name", "kafka_server_brokertopicmetrics_bytesin_total", `topic!=""`), "{{kubernetes_pod_name}}"),
	}}
}

func kafkaRequests(s scope) Row {
	return Row{Title: "Requests", Panels: []Panel{
		s.chart("Produce requests", "Requests each second to write, by broker.", Requests,
			s.rate("kubernetes_pod_name", "kafka_server_brokertopicmetrics_totalproducerequests_total", `topic!=""`), "{{kubernetes_pod_name}}"),
		s.chart("Fetch requests", "Requests each second to read, by broker. Those of followers are not among them.", Requests,
			s.rate("kubernetes_pod_name", "kafka_server_brokertopicmetrics_totalfetchrequests_total", `topic!=""`), "{{kubernetes_pod_name}}"),
		s.chart("Time of requests", "99th percentile of the time of produce and consumer fetch requests, on the slowest broker. A fetch waits for fetch.min.bytes, up to fetch.max.wait.ms.", Milliseconds,
			s.highest("request", "kafka_network_requestmetrics_totaltimems", `request=~"Produce|FetchConsumer"`, `quantile="0.99"`), "{{request}}"),
		s.chart("Idle request handlers", "Share of the time that request handlers are idle. Below 0.3 the broker is overloaded.", Share,
			s.highest("kubernetes_pod_name", "kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent"), "{{kubernetes_pod_name}}"),
		s.chart("Idle network threads", "Share of the time that network threads are idle. Below 0.3 the broker is overloaded.", Share,
			s.highest("kubernetes_pod_name", "kafka_network_socketserver_networkprocessoravgidle_percent"), "{{kubernetes_pod_name}}"),
		s.chart("Connections", "Open connections by listener: who still talks to this cluster.", Count,
			s.sum("listener", "kafka_server_socket_server_metrics_connection_count"), "{{listener}}"),
	}}
}

func kafkaReplication(s scope) Row {
	return Row{Title: "Replication", Panels: []Panel{
		s.chart("Leaders", "Partitions that each broker leads.", Count,
			s.highest("kubernetes_pod_name", "kafka_server_replicamanager_leadercount"), "{{kubernetes_pod_name}}"),
		s.chart("Partitions", "Replicas of partitions on each broker.", Count,
			s.highest("kubernetes_pod_name", "kafka_server_replicamanager_partitioncount"), "{{kubernetes_pod_name}}"),
		s.chart("In-sync replicas lost", "Replicas that fell behind, each second, by the leader's broker.", PerSecond,
			s.rate("kubernetes_pod_name", "kafka_server_replicamanager_isrshrinks_total"), "{{kubernetes_pod_name}}"),
		s.chart("Replicas behind", "Records that the slowest follower on each broker is behind its leader.", Count,
			s.highest("kubernetes_pod_name", "kafka_server_replicafetchermanager_maxlag", `clientId="Replica"`), "{{kubernetes_pod_name}}"),
	}}
}

func kafkaVolumes(s scope) Row {
	return Row{Title: "Volumes", Panels: []Panel{
		s.chart("Size of topics", "Bytes of one replica of each topic.", Bytes, s.sum("topic", "cutover:partition_bytes"), "{{topic}}"),
		s.chart("Logs on brokers", "Bytes of all logs on each broker.", Bytes,
			s.sum("kubernetes_pod_name", "kafka_log_log_size"), "{{kubernetes_pod_name}}"),
		s.chart("Volumes used", "Used bytes of each volume of brokers and ZooKeeper.", Bytes,
			s.highest("persistentvolumeclaim", "cutover:volume_used_bytes"), "{{persistentvolumeclaim}}"),
		s.chart("Volumes used of their size", "Used share of each volume. A broker stops when its volume is full.", Share,
			usedShare(s), "{{persistentvolumeclaim}}"),
	}}
}
