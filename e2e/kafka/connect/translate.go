package connect

import (
	"fmt"
	"strconv"

	"cutover/e2e/kafka/manifest"
)

// Wanted is what a KafkaMirrorMaker2 asks for, in Connect's words.
type Wanted struct {
	// Version is Connect's, Workers how many run.
	Version string
	Workers int
	// JVM are the workers' jvmOptions.
	JVM map[string]any
	// Rules are the JMX exporter's, "" for none.
	Rules string
	// Worker is the workers' configuration, but for their REST addresses.
	Worker map[string]string
	// Connectors are those to run.
	Connectors []Connector
}

// Connector is a connector of Connect's.
type Connector struct {
	Name   string
	Config map[string]string
	Pause  bool
}

// Address gives the bootstrap servers that a listener's name stands for in this test.
type Address func(name string) (string, error)

// connectorPackage is where MirrorMaker 2's connector classes are.
const connectorPackage = "org.apache.kafka.connect.mirror"

// Translate does what KafkaMirrorMaker2AssemblyOperator, KafkaMirrorMaker2Configuration and
// kafka_connect_config_generator.sh of Strimzi 0.22 to 0.24 do, for listeners without TLS and
// authentication.
func Translate(r Resource, address Address) (Wanted, error) {
	clusters := make(map[string]ClusterSpec)
	for _, cluster := range r.Spec.Clusters {
		if cluster.TLS != nil || cluster.Authentication != nil {
			return Wanted{}, fmt.Errorf("cluster %s: only plain listeners without users run here", cluster.Alias)
		}
		servers, err := address(cluster.BootstrapServers)
		if err != nil {
			return Wanted{}, fmt.Errorf("cluster %s: %w", cluster.Alias, err)
		}
		cluster.BootstrapServers = servers
		clusters[cluster.Alias] = cluster
	}
	home, ok := clusters[r.Spec.ConnectCluster]
	if !ok {
		return Wanted{}, fmt.Errorf("connectCluster %s is none of the clusters", r.Spec.ConnectCluster)
	}
	wanted := Wanted{Version: r.Spec.Version, Workers: r.Spec.Replicas, JVM: r.Spec.JVMOptions, Rules: r.Spec.Rules, Worker: workerConfig(home)}
	for _, mirror := range r.Spec.Mirrors {
		source, from := clusters[mirror.SourceCluster]
		target, to := clusters[mirror.TargetCluster]
		if !from || !to {
			return Wanted{}, fmt.Errorf("mirror %s->%s: it names a cluster that is not there", mirror.SourceCluster, mirror.TargetCluster)
		}
		wanted.Connectors = append(wanted.Connectors, connectors(mirror, source, target)...)
	}
	return wanted, nil
}

// workerConfig is the workers' configuration: the operator's defaults, the connect cluster's own
// settings, and what no setting may change.
func workerConfig(cluster ClusterSpec) map[string]string {
	config := map[string]string{
		"group.id":             "mirrormaker2-cluster",
		"config.storage.topic": "mirrormaker2-cluster-configs",
		"offset.storage.topic": "mirrormaker2-cluster-offsets",
		"status.storage.topic": "mirrormaker2-cluster-status",
		"key.converter":        "org.apache.kafka.connect.converters.ByteArrayConverter",
		"value.converter":      "org.apache.kafka.connect.converters.ByteArrayConverter",
		"header.converter":     "org.apache.kafka.connect.converters.ByteArrayConverter",
	}
	put(config, "", cluster.Config)
	config["bootstrap.servers"] = cluster.BootstrapServers
	for _, client := range []string{"", "producer.", "consumer.", "admin."} {
		config[client+"security.protocol"] = "PLAINTEXT"
	}
	return config
}

func connectors(mirror MirrorSpec, source, target ClusterSpec) []Connector {
	var all []Connector
	for _, each := range []struct {
		class string
		spec  *ConnectorSpec
	}{
		{"MirrorSourceConnector", mirror.SourceConnector},
		{"MirrorCheckpointConnector", mirror.CheckpointConnector},
		{"MirrorHeartbeatConnector", mirror.HeartbeatConnector},
	} {
		if each.spec == nil {
			continue
		}
		config := make(map[string]string)
		put(config, "", each.spec.Config)
		side(config, "target.cluster.", target)
		side(config, "source.cluster.", source)
		for key, value := range map[string]string{
			"topics": mirror.TopicsPattern, "topics.exclude": either(mirror.TopicsExcludePattern, mirror.TopicsBlacklistPattern),
			"groups": mirror.GroupsPattern, "groups.exclude": either(mirror.GroupsExcludePattern, mirror.GroupsBlacklistPattern),
		} {
			if value != "" {
				config[key] = value
			}
		}
		config["connector.class"] = connectorPackage + "." + each.class
		if each.spec.TasksMax > 0 {
			config["tasks.max"] = strconv.Itoa(each.spec.TasksMax)
		}
		name := fmt.Sprintf("%s->%s.%s", mirror.SourceCluster, mirror.TargetCluster, each.class)
		config["name"] = name
		all = append(all, Connector{Name: name, Config: config, Pause: each.spec.Pause})
	}
	return all
}

// side puts what a connector needs to know of one cluster under its prefix; a cluster's own
// settings come last, as with the operator.
func side(config map[string]string, prefix string, cluster ClusterSpec) {
	config[prefix+"alias"] = cluster.Alias
	config[prefix+"bootstrap.servers"] = cluster.BootstrapServers
	put(config, prefix, cluster.Config)
}

func put(config map[string]string, prefix string, settings map[string]manifest.Field) {
	for key, value := range settings {
		config[prefix+key] = string(value)
	}
}

func either(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
