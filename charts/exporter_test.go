package charts_test

import (
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// exporterRule is one rule of the Prometheus JMX exporter.
type exporterRule struct {
	Pattern string            `yaml:"pattern"`
	Name    string            `yaml:"name"`
	Type    string            `yaml:"type"`
	Value   string            `yaml:"value"`
	Labels  map[string]string `yaml:"labels"`
}

// exporterConfig is a configuration of the Prometheus JMX exporter.
type exporterConfig struct {
	LowercaseOutputName       bool           `yaml:"lowercaseOutputName"`
	LowercaseOutputLabelNames bool           `yaml:"lowercaseOutputLabelNames"`
	Rules                     []exporterRule `yaml:"rules"`
}

// series is what the exporter makes of one attribute, written "domain<properties><>name: value":
// the first rule wins, its pattern may begin anywhere unless it is anchored, and what a
// metric may not be called becomes an underscore. "" is an attribute no rule takes.
func (config exporterConfig) series(t *testing.T, attribute string) string {
	t.Helper()
	for _, rule := range config.Rules {
		pattern, err := regexp.Compile("^.*(?:" + rule.Pattern + ").*$")
		if err != nil {
			t.Fatalf("pattern %s: %v", rule.Pattern, err)
		}
		if !pattern.MatchString(attribute) {
			continue
		}
		expand := func(template string) string {
			// Go reads $1_x as a group called "1_x"; Java, and so the exporter, does not.
			template = regexp.MustCompile(`\$(\d)`).ReplaceAllString(template, "$${$1}")
			return pattern.ReplaceAllString(attribute, template)
		}
		name := safe(expand(rule.Name))
		if config.LowercaseOutputName {
			name = strings.ToLower(name)
		}
		labels := make([]string, 0, len(rule.Labels))
		for key, value := range rule.Labels {
			label := safe(expand(key))
			if config.LowercaseOutputLabelNames {
				label = strings.ToLower(label)
			}
			labels = append(labels, fmt.Sprintf("%s=%s", label, expand(value)))
		}
		sort.Strings(labels)
		return name + "{" + strings.Join(labels, ", ") + "}"
	}
	return ""
}

// safe is a metric or label name as Prometheus allows it, without repeated underscores.
func safe(name string) string {
	return regexp.MustCompile(`[^a-zA-Z0-9:_]+|_+`).ReplaceAllString(name, "_")
}

func TestExporterRulesGiveTheNamesThatRulesAndDashboardsAskFor(t *testing.T) {
	cases := []struct{ file, attribute, want string }{
		{"kafka", "kafka.server<type=BrokerTopicMetrics, name=BytesInPerSec, topic=freight.orders><>Count: 1",
			"kafka_server_brokertopicmetrics_bytesin_total{topic=freight.orders}"},
		{"kafka", "kafka.server<type=BrokerTopicMetrics, name=MessagesInPerSec><>Count: 1",
			"kafka_server_brokertopicmetrics_messagesin_total{}"},
		{"kafka", "kafka.server<type=BrokerTopicMetrics, name=BytesInPerSec, topic=freight.orders><>OneMinuteRate: 1", ""},
		{"kafka", "kafka.server<type=BrokerTopicMetrics, name=ReplicationBytesInPerSec><>Count: 1",
			"kafka_server_brokertopicmetrics_replicationbytesin_total{}"},
		{"kafka", "kafka.server<type=BrokerTopicMetrics, name=TotalFetchRequestsPerSec, topic=a><>Count: 1",
			"kafka_server_brokertopicmetrics_totalfetchrequests_total{topic=a}"},
		{"kafka", "kafka.log<type=Log, name=Size, topic=freight.orders, partition=7><>Value: 1",
			"kafka_log_log_size{partition=7, topic=freight.orders}"},
		{"kafka", "kafka.log<type=Log, name=LogEndOffset, topic=a, partition=0><>Value: 1",
			"kafka_log_log_logendoffset{partition=0, topic=a}"},
		{"kafka", "kafka.server<type=ReplicaManager, name=UnderReplicatedPartitions><>Value: 0",
			"kafka_server_replicamanager_underreplicatedpartitions{}"},
		{"kafka", "kafka.server<type=ReplicaManager, name=UnderMinIsrPartitionCount><>Value: 0",
			"kafka_server_replicamanager_underminisrpartitioncount{}"},
		{"kafka", "kafka.server<type=ReplicaManager, name=LeaderCount><>Value: 9", "kafka_server_replicamanager_leadercount{}"},
		{"kafka", "kafka.controller<type=KafkaController, name=ActiveControllerCount><>Value: 1",
			"kafka_controller_kafkacontroller_activecontrollercount{}"},
		{"kafka", "kafka.controller<type=KafkaController, name=OfflinePartitionsCount><>Value: 0",
			"kafka_controller_kafkacontroller_offlinepartitionscount{}"},
		{"kafka", "kafka.log<type=LogManager, name=OfflineLogDirectoryCount><>Value: 0", "kafka_log_logmanager_offlinelogdirectorycount{}"},
		{"kafka", "kafka.server<type=KafkaRequestHandlerPool, name=RequestHandlerAvgIdlePercent><>MeanRate: 1",
			"kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent{}"},
		{"kafka", "kafka.network<type=RequestMetrics, name=TotalTimeMs, request=Produce><>99thPercentile: 4",
			"kafka_network_requestmetrics_totaltimems{quantile=0.99, request=Produce}"},
		{"kafka", "kafka.network<type=RequestMetrics, name=RequestsPerSec, request=Fetch, version=11><>Count: 4",
			"kafka_network_requestmetrics_requests_total{request=Fetch, version=11}"},
		{"kafka", "kafka.server<type=socket-server-metrics, listener=TLS-9093, networkProcessor=4><>connection-count: 3",
			"kafka_server_socket_server_metrics_connection_count{listener=TLS-9093, networkProcessor=4}"},
		{"kafka", "kafka.server<type=FetcherLagMetrics, name=ConsumerLag, clientId=ReplicaFetcherThread-0-1, topic=a, partition=3><>Value: 0",
			"kafka_server_fetcherlagmetrics_consumerlag{clientId=ReplicaFetcherThread-0-1, partition=3, topic=a}"},
		{"kafka", "java.lang<type=Memory><HeapMemoryUsage>used: 1", ""},
		{"zookeeper", "org.apache.ZooKeeperService<name0=ReplicatedServer_id1, name1=replica.1, name2=Follower><>AvgRequestLatency: 1",
			"zookeeper_avgrequestlatency{memberType=Follower, replicaId=1}"},
		{"zookeeper", "org.apache.ZooKeeperService<name0=ReplicatedServer_id3, name1=replica.3, name2=Leader><>OutstandingRequests: 1",
			"zookeeper_outstandingrequests{memberType=Leader, replicaId=3}"},
		{"zookeeper", "org.apache.ZooKeeperService<name0=ReplicatedServer_id1><>QuorumSize: 3", "zookeeper_quorumsize{}"},
		{"zookeeper", "org.apache.ZooKeeperService<name0=ReplicatedServer_id1, name1=replica.1, name2=Leader, name3=InMemoryDataTree><>NodeCount: 9",
			"zookeeper_inmemorydatatree_nodecount{memberType=Leader, replicaId=1}"},
		{"cruise-control", "kafka.cruisecontrol<name=AnomalyDetector.balancedness-score><>Value: 88",
			"kafka_cruisecontrol_anomalydetector_balancedness_score_value{}"},
		{"cruise-control", "kafka.cruisecontrol<name=LoadMonitor.valid-windows><>Value: 5", "kafka_cruisecontrol_loadmonitor_valid_windows_value{}"},
		{"mirror-maker2", "kafka.connect.mirror<type=MirrorSourceConnector, target=new, topic=freight.orders, partition=3><>record-count: 5",
			"kafka_connect_mirror_mirrorsourceconnector_record_count{partition=3, target=new, topic=freight.orders}"},
		{"mirror-maker2", "kafka.connect.mirror<type=MirrorSourceConnector, target=new, topic=a, partition=0><>replication-latency-ms-max: 5",
			"kafka_connect_mirror_mirrorsourceconnector_replication_latency_ms_max{partition=0, target=new, topic=a}"},
		{"mirror-maker2", "kafka.connect.mirror<type=MirrorSourceConnector, target=new, topic=a, partition=0><>record-age-ms-max: 5",
			"kafka_connect_mirror_mirrorsourceconnector_record_age_ms_max{partition=0, target=new, topic=a}"},
		{"mirror-maker2", "kafka.connect.mirror<type=MirrorCheckpointConnector, source=old, target=new, group=billing, topic=a, partition=0><>checkpoint-latency-ms: 5",
			"kafka_connect_mirror_mirrorcheckpointconnector_checkpoint_latency_ms{group=billing, partition=0, source=old, target=new, topic=a}"},
		{"mirror-maker2", `kafka.connect.mirror<type=MirrorCheckpointConnector, source=old, target=new, group="a,b", topic=a, partition=0><>checkpoint-latency-ms-avg: 5`,
			`kafka_connect_mirror_mirrorcheckpointconnector_checkpoint_latency_ms_avg{group="a,b", partition=0, source=old, target=new, topic=a}`},
		{"mirror-maker2", "kafka.consumer<type=consumer-fetch-manager-metrics, client-id=c-1, topic=freight_orders, partition=3><>records-lag: 5",
			"kafka_consumer_fetch_manager_records_lag{clientid=c-1, partition=3, topic=freight_orders}"},
		{"mirror-maker2", "kafka.consumer<type=consumer-fetch-manager-metrics, client-id=c-1, topic=freight_orders, partition=3><>records-lag-max: 9",
			"kafka_consumer_fetch_manager_records_lag_max{clientid=c-1, partition=3, topic=freight_orders}"},
		{"mirror-maker2", "kafka.consumer<type=consumer-fetch-manager-metrics, client-id=c-1, topic=a, partition=3><>records-lag-avg: 9",
			"kafka_consumer_fetch_manager_records_lag_avg{clientid=c-1, partition=3, topic=a}"},
		{"mirror-maker2", `kafka.connect<type=connector-task-metrics, connector="old->new.MirrorSourceConnector", task=2><>status: failed`,
			`kafka_connect_connector_status{connector="old->new.MirrorSourceConnector", status=failed, task=2}`},
		{"mirror-maker2", `kafka.connect<type=task-error-metrics, connector="old->new.MirrorSourceConnector", task=2><>total-record-failures: 1`,
			`kafka_connect_task_error_total_record_failures{connector="old->new.MirrorSourceConnector", task=2}`},
		{"mirror-maker2", `kafka.connect<type=source-task-metrics, connector="old->new.MirrorSourceConnector", task=2><>source-record-active-count: 1`,
			`kafka_connect_source_task_source_record_active_count{connector="old->new.MirrorSourceConnector", task=2}`},
		{"mirror-maker2", `kafka.connect<type=connect-worker-metrics, connector="old->new.MirrorSourceConnector"><>connector-failed-task-count: 0`,
			`kafka_connect_worker_connector_failed_task_count{connector="old->new.MirrorSourceConnector"}`},
		{"mirror-maker2", "kafka.connect<type=connect-worker-metrics><>task-count: 4", "kafka_connect_worker_task_count{}"},
		{"mirror-maker2", "kafka.connect<type=connect-metrics, client-id=connect-1><>incoming-byte-total: 4",
			"kafka_connect_incoming_byte_total{clientid=connect-1}"},
	}
	files := exporterFiles()
	for _, test := range cases {
		t.Run(test.attribute, func(t *testing.T) {
			config := exporterRules(t, files[test.file])
			if got := config.series(t, test.attribute); got != test.want {
				t.Errorf("series is\n\t%s\nwant\n\t%s", got, test.want)
			}
		})
	}
}

func TestEveryExporterRuleIsAnchoredAndAsksForLowerCaseNames(t *testing.T) {
	for _, file := range exporterFiles() {
		config := exporterRules(t, file)
		if !config.LowercaseOutputName {
			t.Errorf("%s: lowercaseOutputName is not set", file)
		}
		for _, rule := range config.Rules {
			if !strings.HasPrefix(rule.Pattern, "^") || !regexp.MustCompile(`:( .+)?$`).MatchString(rule.Pattern) {
				t.Errorf("%s: pattern %s is open at one end", file, rule.Pattern)
			}
		}
	}
}

// exporterFiles are the files of JMX exporter rules, by what they are for.
func exporterFiles() map[string]string {
	return map[string]string{
		"kafka": "kafka/files/kafka-rules.yaml", "zookeeper": "kafka/files/zookeeper-rules.yaml", "cruise-control": "kafka/files/cruise-control-rules.yaml",
		"mirror-maker2": "mirror-maker2/files/mirror-maker2-rules.yaml", "connect": "monitoring/files/jmx/connect-rules.yaml",
	}
}

// exporterRules reads one file of rules.
func exporterRules(t *testing.T, file string) exporterConfig {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var config exporterConfig
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return config
}
