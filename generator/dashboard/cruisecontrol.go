package dashboard

// cruiseControl shows the Cruise Control of one cluster. Sources older than Strimzi 0.18
// have none.
func cruiseControl() Dashboard {
	s := single
	return Dashboard{
		Name: "cruise-control", Title: "Cruise Control",
		Description: "Cruise Control of one Kafka cluster: how balanced it is, whether its model can be trusted, and whether a rebalance goes on.",
		Variables:   one("Kafka", "Cluster"),
		Annotations: []Annotation{s.phases("Phases", "blue")},
		Rows: []Row{
			{Title: "Balance", Panels: []Panel{
				s.number("Balancedness", "From 0 to 100, by the goals of anomaly detection; a KafkaRebalance may go by others.", Percent, "max("+s.series("cutover:balancedness_score")+")"),
				s.number("Valid windows", "Windows of measurements that the model rests on. Without enough of them no proposal is made.", Count,
					"max("+s.series("kafka_cruisecontrol_loadmonitor_valid_windows_value")+")"),
				s.number("Monitored partitions", "Share of the partitions that the model knows. Zero means that the metrics reporter's topics are not written.", Percent,
					"max("+s.series("kafka_cruisecontrol_loadmonitor_monitored_partitions_percentage_value")+")"),
				s.number("Rebalances that go on", "Executions in progress.", Count,
					"max("+s.series("kafka_cruisecontrol_executor_ongoing_execution_non_kafka_assigner_value")+")"),
				s.number("Up", "1 while Cruise Control can be scraped.", Count, "max("+s.series("up", `strimzi_io_name="$cluster-cruise-control"`)+")"),
			}},
			{Title: "History", Panels: []Panel{
				s.chart("Balancedness, over time", "From 0 to 100. It falls while new topics fill up, and rises with a rebalance.", Percent,
					s.highest("strimzi_io_cluster", "cutover:balancedness_score"), "balancedness"),
				s.chart("Monitored partitions, over time", "Share of the partitions that the model knows.", Percent,
					s.highest("strimzi_io_cluster", "kafka_cruisecontrol_loadmonitor_monitored_partitions_percentage_value"), "monitored"),
				s.chart("Bytes in, by broker", "Bytes written to each broker each second: what a rebalance evens out.", BytesPerSec,
					s.rate("kubernetes_pod_name", "kafka_server_brokertopicmetrics_bytesin_total", `topic!=""`), "{{kubernetes_pod_name}}"),
				s.chart("Leaders, by broker", "Partitions that each broker leads.", Count,
					s.highest("kubernetes_pod_name", "kafka_server_replicamanager_leadercount"), "{{kubernetes_pod_name}}"),
			}},
			s.resident(`strimzi_io_name="$cluster-cruise-control"`),
		},
	}
}
