package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutover/generator/finding"
)

// dropWhatStays removes what belongs to the source's own place: images of its version, and
// settings that only its operator reads.
func dropWhatStays(p *Plan, s *spec) finding.List {
	for _, path := range [][]string{
		{"kafka", "image"}, {"kafka", "brokerRackInitImage"}, {"zookeeper", "image"},
		{"entityOperator", "topicOperator", "image"}, {"entityOperator", "userOperator", "image"},
		{"entityOperator", "tlsSidecar", "image"}, {"cruiseControl", "image"}, {"cruiseControl", "tlsSidecar", "image"},
		{"kafkaExporter", "image"}, {"jmxTrans", "image"},
	} {
		s.drop("an image of the source's version; the target's operator brings its own", path...)
	}
	for _, path := range [][]string{
		{"entityOperator", "topicOperator", "watchedNamespace"}, {"entityOperator", "userOperator", "watchedNamespace"},
	} {
		s.drop("topics and users live in the namespace of the target's Kafka", path...)
	}
	if p.SourcePlatform.OpenShift {
		for _, component := range []string{"kafka", "zookeeper", "entityOperator", "kafkaExporter", "cruiseControl"} {
			s.drop("user and group ids are of the source's namespace range, and refused in another", component, "template", "pod", "securityContext")
		}
	}
	return nil
}

func setVersion(p *Plan, s *spec) finding.List {
	reason := fmt.Sprintf("the Kafka version of %s", p.Version)
	s.set(reason, p.Version.Kafka, "kafka", "version")
	protocol := "a fresh cluster speaks its own protocol; the source's would pin it to the past"
	s.set(protocol, p.Version.Protocol, "kafka", "config", "inter.broker.protocol.version")
	s.set(protocol, p.Version.Protocol, "kafka", "config", "log.message.format.version")
	return nil
}

func setSize(p *Plan, s *spec) finding.List {
	if brokers := int64(p.Brokers()); s.get("kafka", "replicas") != brokers {
		s.set("target.replicas of migration.yaml", brokers, "kafka", "replicas")
	}
	nodes, _ := s.get("zookeeper", "replicas").(int64)
	wanted := int64(p.Migration.Target.ZooKeeperReplicas)
	switch {
	case wanted > 0 && wanted != nodes:
		s.set("target.zookeeperReplicas of migration.yaml", wanted, "zookeeper", "replicas")
	case wanted == 0 && nodes%2 == 0:
		s.set("an even ensemble survives no more failures than one node less", nodes+1, "zookeeper", "replicas")
	}
	return nil
}

// setStorage gives every volume the target's class and drops what names the source's disks.
func setStorage(p *Plan, s *spec) finding.List {
	for _, component := range []string{"kafka", "zookeeper"} {
		storage := s.object(component, "storage")
		if storage == nil {
			continue
		}
		s.set("the target's storage class", p.targetStorage(storage), component, "storage")
	}
	if p.Migration.Target.StorageClass == "" {
		return finding.List{p.Migration.Warning("storage-class", "target.storageClass is empty: every volume takes the target's default class",
			"name the class; it cannot be changed later without new volumes", "target")}
	}
	return nil
}

func (p *Plan) targetStorage(storage map[string]any) map[string]any {
	moved, _ := deepCopy(storage).(map[string]any)
	if volumes, ok := moved["volumes"].([]any); ok {
		for i, volume := range volumes {
			if volume, ok := volume.(map[string]any); ok {
				volumes[i] = p.targetStorage(volume)
			}
		}
	}
	if moved["type"] != "persistent-claim" {
		return moved
	}
	delete(moved, "selector")
	delete(moved, "overrides")
	delete(moved, "class")
	if class := p.Migration.Target.StorageClass; class != "" {
		moved["class"] = class
	}
	return moved
}

// setPlacement spreads brokers and ZooKeeper nodes over hosts, one disruption at a time.
func setPlacement(p *Plan, s *spec) finding.List {
	for _, component := range []string{"kafka", "zookeeper"} {
		reason := "no two of a kind on one node, told apart by strimzi.io/name"
		s.set(reason, []any{map[string]any{
			"labelSelector": map[string]any{"matchExpressions": []any{map[string]any{
				"key": "strimzi.io/name", "operator": "In", "values": []any{p.Migration.Target.Cluster + "-" + component},
			}}},
			"topologyKey": "kubernetes.io/hostname",
		}}, component, "template", "pod", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
		s.drop("replaced by the required rule", component, "template", "pod", "affinity", "podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution")
		s.set("one pod at a time may be away", int64(1), component, "template", "podDisruptionBudget", "maxUnavailable")
	}
	return nil
}

// checkPlacement asks about labels and taints, which are of the source's nodes.
func checkPlacement(p *Plan, s *spec) finding.List {
	var findings finding.List
	for _, component := range []string{"kafka", "zookeeper", "entityOperator"} {
		for _, place := range []string{"affinity.nodeAffinity", "tolerations", "priorityClassName"} {
			path := append([]string{component, "template", "pod"}, strings.Split(place, ".")...)
			if s.get(path...) == nil || p.patches(path) {
				continue
			}
			f := p.Migration.Warning("placement",
				fmt.Sprintf("%s travels from the source, and names what the source's nodes or cluster have", strings.Join(path, ".")),
				"check that the target has the same, or remove it under target.kafka", "target")
			f.Object = strings.Join(path, ".")
			findings.Add(f)
		}
	}
	return findings
}

// patches tells whether target.kafka of the migration speaks of a path.
func (p *Plan) patches(path []string) bool {
	var value any = p.Migration.Target.Kafka
	for _, key := range path {
		object, _ := value.(map[string]any)
		child, ok := object[key]
		if !ok {
			return false
		}
		value = child
	}
	return true
}

// setMetrics has the target export the names that rules, dashboards and gates ask for.
func setMetrics(p *Plan, s *spec) finding.List {
	for _, component := range []struct{ name, key string }{
		{"kafka", "kafka-metrics-config.yml"}, {"zookeeper", "zookeeper-metrics-config.yml"}, {"cruiseControl", "cruise-control-metrics-config.yml"},
	} {
		s.set("cutover's own JMX rules, which export the names that alerts and gates ask for", map[string]any{
			"type": "jmxPrometheusExporter",
			"valueFrom": map[string]any{"configMapKeyRef": map[string]any{
				"name": p.Migration.Target.Cluster + "-kafka-metrics", "key": component.key,
			}},
		}, component.name, "metricsConfig")
	}
	return nil
}

// setCompanions adds what a migration is watched and balanced with.
func setCompanions(p *Plan, s *spec) finding.List {
	s.setDefault("offsets and lag as metrics", map[string]any{"topicRegex": ".*", "groupRegex": ".*"}, "kafkaExporter")
	s.setDefault("KafkaTopic and KafkaUser are managed on the target", map[string]any{}, "entityOperator", "topicOperator")
	s.setDefault("KafkaTopic and KafkaUser are managed on the target", map[string]any{}, "entityOperator", "userOperator")
	if p.Brokers() < 2 {
		s.drop("Cruise Control needs two brokers", "cruiseControl")
		return nil
	}
	s.reasons["cruiseControl"] = "the mirrored load is rebalanced over the new brokers"
	return nil
}

// checkAuthorities notes where the source signs with its own authorities: clients trust them.
func checkAuthorities(p *Plan, s *spec) finding.List {
	var findings finding.List
	for _, ca := range []string{"clusterCa", "clientsCa"} {
		if s.get(ca, "generateCertificateAuthority") == false {
			f := p.Migration.Warning("own-authority",
				fmt.Sprintf("the source brings its own %s; the target's operator refuses to start Kafka until both its Secrets are there", ca),
				"copy them before phase 030: see Secrets in the runbook", "target")
			f.Object = ca
			findings.Add(f)
		}
	}
	return findings
}

func sortedKeys[V any](object map[string]V) []string { return slices.Sorted(maps.Keys(object)) }
