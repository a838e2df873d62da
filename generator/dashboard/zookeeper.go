package dashboard

// zooKeeper shows the servers of one cluster's ZooKeeper.
func zooKeeper() Dashboard {
	s, pod := single, "kubernetes_pod_name"
	return Dashboard{
		Name: "zookeeper", Title: "ZooKeeper",
		Description: "ZooKeeper servers of one Kafka cluster: quorum, latency, connections, and the tree they hold.",
		Variables:   one("Kafka", "Cluster"),
		Annotations: []Annotation{s.phases("Phases", "blue")},
		Rows: []Row{
			{Title: "Quorum", Panels: []Panel{
				s.number("Servers that answer", "Servers whose metrics arrive.", Count, "count("+s.highest(pod, "zookeeper_outstandingrequests")+")"),
				s.number("Size of the quorum", "Servers that the ensemble is made of. More than half of them have to be up.", Count, "max("+s.series("zookeeper_quorumsize")+")"),
				s.number("Leaders", "Exactly one server leads.", Count, "count("+s.highest(pod, "zookeeper_outstandingrequests", `memberType="Leader"`)+")"),
				s.number("Nodes of the tree", "Nodes that the largest server holds.", Count, "max("+s.series("zookeeper_inmemorydatatree_nodecount")+")"),
				s.number("Watches", "Watches on all servers.", Count, s.total("zookeeper_inmemorydatatree_watchcount")),
				s.number("Connections", "Open connections to all servers.", Count, s.total("zookeeper_numaliveconnections")),
			}},
			{Title: "Requests", Panels: []Panel{
				s.chart("Average latency", "Average time of a request since the server started. Above 10 ms brokers may lose their sessions.", Milliseconds,
					s.highest(pod, "zookeeper_avgrequestlatency"), "{{kubernetes_pod_name}}"),
				s.chart("Longest latency", "Longest time of a request since the server started.", Milliseconds,
					s.highest(pod, "zookeeper_maxrequestlatency"), "{{kubernetes_pod_name}}"),
				s.chart("Waiting requests", "Requests that wait at each server. A number that stays above 10 is an overloaded server.", Count,
					s.highest(pod, "zookeeper_outstandingrequests"), "{{kubernetes_pod_name}}"),
				s.chart("Packets received", "Packets that arrive each second at each server.", PerSecond,
					s.rate(pod, "zookeeper_packetsreceived"), "{{kubernetes_pod_name}}"),
				s.chart("Connections, by server", "Open connections to each server.", Count,
					s.highest(pod, "zookeeper_numaliveconnections"), "{{kubernetes_pod_name}}"),
			}},
			// Behind a ServiceMonitor it is the name of the Service, CLUSTER-zookeeper-client.
			s.resident(`strimzi_io_name=~"$cluster-zookeeper(-client)?"`),
		},
	}
}
