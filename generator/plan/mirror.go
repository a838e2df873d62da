package plan

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"cutover/generator/finding"
	"cutover/generator/strimzi"
	"cutover/generator/strimzi/v1beta2"
)

// Mirror is the KafkaMirrorMaker2 resource of the target.
type Mirror struct {
	Name string
	// SourceAlias and TargetAlias name connectors, offsets and internal topics: a change
	// copies the whole history again (Strimzi #5366).
	SourceAlias, TargetAlias string
	Replicas                 int32
	// Bootstrap is the target's own listener.
	Bootstrap string
	Listener  clientListener
	// TopicsPattern, TopicsExclude, GroupsPattern and GroupsExclude are lists of regular
	// expressions joined by commas, as MirrorMaker 2 reads them.
	TopicsPattern, TopicsExclude, GroupsPattern, GroupsExclude string
	// User is the KafkaUser on both clusters, "" where the target's listener asks for none.
	User string
	// TasksMax is tasks.max of the source connector.
	TasksMax int32
	// SourceConfig, CheckpointConfig, HeartbeatConfig and WorkerConfig are complete.
	SourceConfig, CheckpointConfig, HeartbeatConfig, WorkerConfig map[string]any
	// ReplicationFactor is that of the workers' own topics.
	ReplicationFactor int32
	// Resources and JVMOptions are those of a worker.
	Resources  corev1.ResourceRequirements
	JVMOptions v1beta2.JVMOptions
}

const (
	defaultMirrorUser = "cutover-mirror"
	// strimziIdentityPolicy is in Strimzi's images from 0.20 to 0.45; Kafka has its own
	// since 3.0 only (KAFKA-9726).
	strimziIdentityPolicy = "io.strimzi.kafka.connect.mirror.IdentityReplicationPolicy"
)

func (p *Plan) decideMirror() finding.List {
	m := p.Migration
	listener, ok := p.mirrorListener()
	if !ok {
		return finding.List{m.Finding("mirror-listener", "the target has no internal listener without authentication, or with scram-sha-512 or tls",
			"add one under target.listeners: the mirror runs beside the target's brokers", "target")}
	}
	mirror := Mirror{
		Name: m.Metadata.Name + "-mirror", SourceAlias: m.Metadata.Name + "-source", TargetAlias: m.Metadata.Name + "-target",
		Replicas: orDefault(m.Mirror.Replicas, 3), Listener: listener,
		Bootstrap:         fmt.Sprintf("%s-kafka-bootstrap:%d", m.Target.Cluster, listener.Port),
		GroupsPattern:     ".*",
		GroupsExclude:     strings.Join(append(strimzi.DefaultGroupsExclude(), m.Mirror.GroupsExclude...), ","),
		ReplicationFactor: orDefault(m.Mirror.ReplicationFactor, min(3, p.Brokers())),
	}
	if listener.Authentication != "" {
		mirror.User = p.mirrorUser()
	}
	mirror.TopicsPattern, mirror.TopicsExclude = p.mirrorPatterns()
	// Four a worker; the connector itself makes no more tasks than there are partitions.
	mirror.TasksMax = orDefault(m.Mirror.TasksMax, 4*mirror.Replicas)
	p.configureConnectors(&mirror)
	findings := p.setMirrorSize(&mirror)
	p.Mirror = mirror
	findings.Add(p.checkMirrorReplication()...)
	return append(findings, p.checkMirror()...)
}

func (p *Plan) checkMirrorReplication() finding.List {
	var findings finding.List
	m := p.Migration.Mirror
	for _, factor := range []struct {
		field   string
		value   int32
		side    Side
		brokers int32
	}{
		{"replicationFactor", m.ReplicationFactor, Target, p.Brokers()},
		{"offsetSyncsReplicationFactor", m.OffsetSyncsReplicationFactor, Source, p.Inventory.Kafka.Brokers},
	} {
		if factor.brokers > 0 && factor.value > factor.brokers {
			findings.Add(p.Migration.Finding("mirror-replication", fmt.Sprintf("mirror.%s is %d, the %s has %d brokers", factor.field, factor.value, factor.side, factor.brokers),
				"lower it, or leave it out to have it fitted", "mirror", factor.field))
		}
	}
	return findings
}

func orDefault(value, fallback int32) int32 {
	if value > 0 {
		return value
	}
	return fallback
}

func (p *Plan) mirrorUser() string {
	if authentication := p.Migration.Source.Authentication; authentication != nil {
		return authentication.Username
	}
	return defaultMirrorUser
}

// mirrorPatterns say in MirrorMaker 2's words what topics.include and exclude say, with its
// default excludes repeated and everything internal left out.
func (p *Plan) mirrorPatterns() (topics, exclude string) {
	topics = ".*"
	if include := p.Migration.Topics.Include; len(include) > 0 {
		topics = strings.Join(include, ",")
	}
	excluded := slices.Concat(strimzi.DefaultTopicsExclude(), strimzi.InternalTopicsExclude(), p.Migration.Topics.Exclude)
	covered := newFilter(nil, excluded)
	for _, left := range p.Left {
		if covered.refuses(left.Name) == "" && newFilter(p.Migration.Topics.Include, nil).refuses(left.Name) == "" {
			excluded = append(excluded, regexp.QuoteMeta(left.Name))
		}
	}
	return topics, strings.Join(excluded, ",")
}

// configureConnectors writes the configuration of workers and connectors. What cannot be
// set there is explained in the migration's lints.
func (p *Plan) configureConnectors(mirror *Mirror) {
	m := p.Migration.Mirror
	policy := map[string]any{"replication.policy.class": strimziIdentityPolicy}
	mirror.SourceConfig = merged(policy, map[string]any{
		"replication.factor":                    int64(mirror.ReplicationFactor),
		"offset-syncs.topic.replication.factor": int64(orDefault(m.OffsetSyncsReplicationFactor, min(3, max(1, p.Inventory.Kafka.Brokers)))),
		"refresh.topics.interval.seconds":       int64(60),
		"sync.topic.acls.enabled":               "false",
		"sync.topic.configs.enabled":            "false",
		"consumer.auto.offset.reset":            "earliest",
		"consumer.isolation.level":              "read_committed",
	}, exactConfig(m.SourceConfig))
	mirror.CheckpointConfig = merged(policy, map[string]any{
		"checkpoints.topic.replication.factor": int64(mirror.ReplicationFactor),
		"refresh.groups.interval.seconds":      int64(60),
		"sync.group.offsets.enabled":           "false",
	}, exactConfig(m.CheckpointConfig))
	mirror.HeartbeatConfig = merged(policy, map[string]any{
		"heartbeats.topic.replication.factor": int64(mirror.ReplicationFactor),
	}, exactConfig(m.HeartbeatConfig))
	worker := map[string]any{
		"config.storage.replication.factor": int64(mirror.ReplicationFactor),
		"offset.storage.replication.factor": int64(mirror.ReplicationFactor),
		"status.storage.replication.factor": int64(mirror.ReplicationFactor),
		"producer.enable.idempotence":       "true",
		"producer.acks":                     "all",
		// Ten seconds instead of a minute: what a killed worker may copy again.
		"offset.flush.interval.ms": int64(10_000),
	}
	if largest := p.largestMessage(); largest > defaultMaxMessageBytes {
		worker["producer.max.request.size"] = largest
		mirror.SourceConfig["consumer.max.partition.fetch.bytes"] = largest
		mirror.SourceConfig["consumer.fetch.max.bytes"] = max(largest, 52_428_800)
	}
	mirror.WorkerConfig = merged(worker, exactConfig(m.WorkerConfig))
}

// exactConfig gives a declared configuration with its numbers kept exactly.
func exactConfig(config map[string]any) map[string]any {
	values, _ := exact(config).(map[string]any)
	return values
}

func merged(layers ...map[string]any) map[string]any {
	all := make(map[string]any)
	for _, layer := range layers {
		maps.Copy(all, layer)
	}
	return all
}

// checkMirror proves that what the mirror's patterns match is what the plan creates.
func (p *Plan) checkMirror() finding.List {
	var findings finding.List
	mirrored := newFilter(strings.Split(p.Mirror.TopicsPattern, ","), strings.Split(p.Mirror.TopicsExclude, ","))
	for _, topic := range p.Topics {
		if because := mirrored.refuses(topic.Name); because != "" && topic.NotMirrored == "" {
			findings.Add(finding.Finding{Rule: "topic-not-mirrored", Severity: finding.Warning, Object: "topic " + topic.Name,
				Message: "MirrorMaker 2's patterns leave it out; it is created on the target, empty",
				Hint:    "exclude it, or accept the finding with how its content gets across"})
		}
	}
	for _, left := range p.Left {
		if mirrored.refuses(left.Name) == "" && strimzi.NotMirrored(left.Name) == "" {
			findings.Add(finding.Finding{Rule: "mirror-too-much", Severity: finding.Error, Object: "topic " + left.Name,
				Message: "it stays behind (" + left.Because + "), and the mirror's patterns would copy it", Hint: "exclude it under topics.exclude"})
		}
	}
	for _, group := range p.movingGroups() {
		if newFilter(nil, strings.Split(p.Mirror.GroupsExclude, ",")).refuses(group) != "" {
			findings.Add(finding.Finding{Rule: "group-not-mirrored", Severity: finding.Warning, Object: "group " + group,
				Message: "the mirror's checkpoints leave it out, and a workload uses it", Hint: "rename the group, or drop the exclusion under mirror.groupsExclude"})
		}
	}
	if p.Migration.Source.Authentication == nil {
		findings.Add(p.Migration.Warning("source-without-user", "the mirror reads the source without a user of its own",
			"give source.authentication, so that phase 010 creates one with the least it needs", "source"))
	}
	return findings
}

func (p *Plan) movingGroups() []string {
	var groups []string
	for _, w := range p.Workloads {
		groups = append(groups, w.Groups...)
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// OffsetSyncsTopic is the mirror's own topic on the source, where Kafka 2.7 and 2.8 keep it.
func (m Mirror) OffsetSyncsTopic() string { return "mm2-offset-syncs." + m.TargetAlias + ".internal" }

// StorageTopic names one of the workers' own topics on the target: configs, offsets, status.
func (m Mirror) StorageTopic(what string) string { return m.Name + "-" + what }
