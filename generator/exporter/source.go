package exporter

import (
	"fmt"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/inventory"
)

// need is a series that the source's alerts and indicators ask for, and an attribute that
// it is made of.
type need struct{ series, attribute string }

// needs are those of each component. How they come about is Kafka's and ZooKeeper's MBeans,
// and the names are those of Strimzi's examples since 0.17.
func needs(component string) []need {
	if component == "zookeeper" {
		const server = "org.apache.ZooKeeperService<name0=ReplicatedServer_id1, name1=replica.1, name2=Follower><>"
		return []need{{"zookeeper_avgrequestlatency", server + "AvgRequestLatency: 1"}, {"zookeeper_outstandingrequests", server + "OutstandingRequests: 1"}}
	}
	return []need{
		{"kafka_controller_kafkacontroller_activecontrollercount", "kafka.controller<type=KafkaController, name=ActiveControllerCount><>Value: 1"},
		{"kafka_controller_kafkacontroller_offlinepartitionscount", "kafka.controller<type=KafkaController, name=OfflinePartitionsCount><>Value: 0"},
		{"kafka_log_log_size", "kafka.log<type=Log, name=Size, topic=a, partition=0><>Value: 1"},
		{"kafka_log_logmanager_offlinelogdirectorycount", "kafka.log<type=LogManager, name=OfflineLogDirectoryCount><>Value: 0"},
		{"kafka_server_brokertopicmetrics_bytesin_total", "kafka.server<type=BrokerTopicMetrics, name=BytesInPerSec, topic=a><>Count: 1"},
		{"kafka_server_brokertopicmetrics_bytesout_total", "kafka.server<type=BrokerTopicMetrics, name=BytesOutPerSec, topic=a><>Count: 1"},
		{"kafka_server_brokertopicmetrics_messagesin_total", "kafka.server<type=BrokerTopicMetrics, name=MessagesInPerSec, topic=a><>Count: 1"},
		{"kafka_server_replicamanager_leadercount", "kafka.server<type=ReplicaManager, name=LeaderCount><>Value: 1"},
		{"kafka_server_replicamanager_underminisrpartitioncount", "kafka.server<type=ReplicaManager, name=UnderMinIsrPartitionCount><>Value: 0"},
		{"kafka_server_replicamanager_underreplicatedpartitions", "kafka.server<type=ReplicaManager, name=UnderReplicatedPartitions><>Value: 0"},
	}
}

// Source says what a source does not let anybody see: a component without rules, rules that
// leave a series out, a missing Kafka Exporter. They are notes: the source is not cutover's
// to change, and the gates ask Kafka itself.
func Source(inv inventory.Inventory) finding.List {
	var findings finding.List
	note := func(path, message, hint string) {
		findings.Add(finding.Finding{Rule: "source-metrics", Severity: finding.Note, Object: path, Message: message, Hint: hint})
	}
	for _, component := range []string{"kafka", "zookeeper"} {
		path := "spec." + component
		config, there := inv.Kafka.Spec[component].(map[string]any)
		if !there {
			continue
		}
		value, found := rulesOf(config, inv.ConfigMaps)
		if !found {
			note(path, "the source exports no metrics of this component that are known: its alerts and indicators stay without data",
				"set "+path+".metrics to the rules in charts/kafka/files/"+component+"-rules.yaml; that restarts its pods one by one")
			continue
		}
		rules, err := Read(value)
		if err != nil {
			note(path+".metrics", "its rules cannot be read: "+err.Error(), "correct them")
			continue
		}
		if missing := missing(rules, needs(component)); len(missing) > 0 {
			note(path+".metrics", fmt.Sprintf("the source's rules do not make %s: what asks for these has no data there", strings.Join(missing, ", ")),
				"put the rules in charts/kafka/files/"+component+"-rules.yaml behind them; that restarts the pods one by one")
		}
	}
	if inv.Kafka.Spec != nil && inv.Kafka.Spec["kafkaExporter"] == nil {
		note("spec.kafkaExporter", "the source has no Kafka Exporter: offsets and lag of its groups are in no metric, and their alerts are left out",
			`add spec.kafkaExporter: {topicRegex: ".*", groupRegex: ".*"}; it is a pod of its own, and restarts nothing`)
	}
	return findings
}

// missing gives the series that rules are known not to make.
func missing(rules Rules, needs []need) []string {
	var all []string
	for _, need := range needs {
		if series, known := rules.Series(need.attribute); known && series != need.series {
			all = append(all, need.series)
		}
	}
	return all
}

// rulesOf gives a component's rules: inline until v1beta1, in a ConfigMap since v1beta2.
func rulesOf(config map[string]any, configMaps []inventory.ConfigMap) (any, bool) {
	if metrics := config["metrics"]; metrics != nil {
		return metrics, true
	}
	reference, _ := config["metricsConfig"].(map[string]any)
	from, _ := reference["valueFrom"].(map[string]any)
	key, _ := from["configMapKeyRef"].(map[string]any)
	for _, configMap := range configMaps {
		if name, _ := key["name"].(string); configMap.Name == name {
			field, _ := key["key"].(string)
			text, there := configMap.Data[field]
			return text, there
		}
	}
	return nil, false
}
