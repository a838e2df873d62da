package plan

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/strimzi"
	"cutover/generator/strimzi/v1beta2"
)

// ReturnMirror brings back to the source what one batch wrote to the target. It runs on the
// target, and its workers keep their topics on the source, where it writes.
type ReturnMirror struct {
	// Batch is the number of the batch.
	Batch int
	// Mirror has the target as its source: SourceAlias, Bootstrap and Listener are the
	// target's, TargetAlias stands for the source, and User is the KafkaUser on the source, ""
	// where the source asks for none. On the target it is the forward mirror's user that reads.
	Mirror
	// Topics are those that the batch produces, and no other batch.
	Topics []string
	suffix string
}

// Release is the Helm release of the mirror, on the target.
func (m ReturnMirror) Release() string { return "target-return-mirror" + m.suffix }

// AccessRelease is the Helm release of the mirror's user, on the source.
func (m ReturnMirror) AccessRelease() string { return "source-return-access" + m.suffix }

// Secret is where the target has the mirror's credentials for the source.
func (m ReturnMirror) Secret() string { return m.User + "-source" }

// returnMirror plans the reverse mirror of a batch, nil where none is asked for or the batch
// has written nothing to bring back.
func (p *Plan) returnMirror(batch Batch) (*ReturnMirror, finding.List) {
	if !p.Migration.Rollback.ReverseMirror {
		return nil, nil
	}
	topics, findings := p.returnedTopics(batch)
	if len(topics) == 0 {
		return nil, findings
	}
	mirror := ReturnMirror{Batch: batch.Number, Mirror: p.Mirror, Topics: topics}
	if len(p.Batches) > 1 {
		mirror.suffix = fmt.Sprintf("-%d", batch.Number)
	}
	mirror.Name = p.Migration.Metadata.Name + "-return" + mirror.suffix
	mirror.SourceAlias, mirror.TargetAlias = p.Mirror.TargetAlias, mirror.Name
	patterns := make([]string, len(topics))
	for i, topic := range topics {
		patterns[i] = regexp.QuoteMeta(topic)
	}
	mirror.TopicsPattern = strings.Join(patterns, ",")
	mirror.ReplicationFactor = min(3, max(1, p.Inventory.Kafka.Brokers))
	mirror.SourceConfig = merged(p.Mirror.SourceConfig, map[string]any{
		"replication.factor":                    int64(mirror.ReplicationFactor),
		"offset-syncs.topic.replication.factor": int64(min(3, p.Brokers())),
		// Of use where the log no longer begins at offset 0; elsewhere Kafka before 3.6.2 reads
		// from 0 whatever is set (KAFKA-13988), and only the seeded positions prevent it.
		"consumer.auto.offset.reset": "latest",
	})
	mirror.WorkerConfig = merged(p.Mirror.WorkerConfig)
	for _, topic := range []string{"config", "offset", "status"} {
		mirror.WorkerConfig[topic+".storage.replication.factor"] = int64(mirror.ReplicationFactor)
	}
	mirror.User = ""
	if p.Migration.Source.Authentication != nil {
		mirror.User = mirror.Name
		p.addReturnSecret(mirror)
	}
	p.ReturnMirrors = append(p.ReturnMirrors, mirror)
	return &mirror, findings
}

// returnedTopics are the topics that a batch alone produces and the forward mirror copies.
// One that two batches produce would come back with what the forward mirror had brought.
func (p *Plan) returnedTopics(batch Batch) ([]string, finding.List) {
	mirrored := newFilter(strings.Split(p.Mirror.TopicsPattern, ","), strings.Split(p.Mirror.TopicsExclude, ","))
	var topics []string
	var findings finding.List
	for _, topic := range batch.produced(anyWorkload) {
		producers := p.producers(topic)
		switch {
		case slices.ContainsFunc(producers, func(w Workload) bool { return w.Batch != producers[0].Batch }):
			if producers[0].Batch == batch.Name { // told once
				findings.Add(p.topicShared(topic, producers))
			}
		case mirrored.refuses(topic) == "" && strimzi.NotMirrored(topic) == "":
			topics = append(topics, topic)
		}
	}
	return topics, findings
}

func (p *Plan) producers(topic string) []Workload {
	return slices.DeleteFunc(slices.Clone(p.Workloads), func(w Workload) bool { return !slices.Contains(w.Produces, topic) })
}

func (p *Plan) topicShared(topic string, producers []Workload) finding.Finding {
	var list []string
	for _, w := range producers {
		list = append(list, fmt.Sprintf("%s (batch %s)", w.Name, w.Batch))
	}
	f := p.Migration.Warning("return-topic-shared", "workloads of several batches produce it, so no reverse mirror brings it back: "+strings.Join(list, ", "),
		"move its producers in one batch, or accept the finding with how its records come back", "rollback")
	f.Object = "topic " + topic
	return f
}

func (p *Plan) addReturnSecret(mirror ReturnMirror) {
	keys := map[string][]string{"scram-sha-512": {"password"}, "tls": {"user.crt", "user.key"}}[p.Migration.Source.Authentication.Type]
	number := mirror.Batch * firstBatch
	p.Secrets = append(p.Secrets, SecretNeed{
		Name: mirror.Secret(), Namespace: p.Kafka.Namespace, Keys: keys, From: p.Migration.Source.Namespace + "/" + mirror.User, Phase: fmt.Sprintf("%03d", number+returnMirrorStart),
		How: fmt.Sprintf("only on the way back: phase %03d has the source's User Operator make Secret %s; copy its keys under this name", number+returnAccess, mirror.User),
	})
}

// returnMirrorPhases give the reverse mirror its user on the source, and start it.
func (p *Plan) returnMirrorPhases(batch Batch, mirror ReturnMirror, stopped []Gate) []Phase {
	start := append(slices.Clone(stopped),
		Gate{Name: "mirror-paused", Side: Target, Asks: "are all connectors and tasks of the forward mirror paused?"},
		Gate{Name: "positions-recorded", Side: Target, Asks: "has the reverse mirror a stored position for every partition of these topics: the log ends at which the batch moved?", Topics: mirror.Topics})
	var phases []Phase
	if mirror.User != "" {
		phases = append(phases, Phase{Number: returnAccess, Name: "return-access", Side: Source, Step: "the reverse mirror's user and its ACLs appear on the source",
			Gates:    []Gate{{Name: "workloads-stopped", Side: Target, Asks: "is every workload of the batch at zero on the target?", Workloads: batch.names()}},
			Releases: []string{mirror.AccessRelease()}, Back: revert("the reverse mirror's user is removed")})
		start = append(start,
			Gate{Name: "users-ready", Side: Source, Asks: "is the reverse mirror's user Ready on the source?"},
			Gate{Name: "secrets-present", Side: Target, Asks: "is Secret " + mirror.Secret() + " there?"})
	}
	return append(phases, Phase{Number: returnMirrorStart, Name: "return-mirror-start", Side: Target, Step: "a reverse mirror brings back what the batch wrote to the target",
		Gates: start, Releases: []string{mirror.Release()}, Positions: RecordedPositions, Back: noBack()})
}

// caughtUp asks whether everything has come back, to groups that nobody uses.
func (m ReturnMirror) caughtUp(batch Batch) []Gate {
	return []Gate{
		{Name: "workloads-stopped", Side: Source, Asks: "is every workload of the batch at zero on the source?", Workloads: batch.names()},
		{Name: "mirror-caught-up", Side: Source, Asks: "has every partition of these topics been copied back to its end?", Topics: m.Topics},
	}
}

// ReturnMirrorUser is a reverse mirror's user on the source: it writes the topics that its
// batch produced, and owns its workers' topics and group.
func (p *Plan) ReturnMirrorUser(m ReturnMirror) User {
	user := User{Name: m.User, Spec: v1beta2.KafkaUserSpec{Authentication: &v1beta2.KafkaUserAuthentication{Type: p.Migration.Source.Authentication.Type}}}
	if !p.authorizes(p.Inventory.Kafka.Spec) {
		return user
	}
	literal := func(kind, name string) v1beta2.ACLRuleResource {
		return v1beta2.ACLRuleResource{Type: kind, Name: name, PatternType: "literal"}
	}
	acls := slices.Concat(
		allow(literal("group", m.Name), "Read", "Describe"),
		allow(v1beta2.ACLRuleResource{Type: "cluster"}, "Describe", "IdempotentWrite"),
	)
	for _, what := range []string{"configs", "offsets", "status"} {
		acls = append(acls, allow(literal("topic", m.StorageTopic(what)), "Create", "Read", "Write", "Describe", "DescribeConfigs")...)
	}
	for _, topic := range m.Topics {
		// Create, since before every refresh the mirror asks for topics that are there already.
		acls = append(acls, allow(literal("topic", topic), "Create", "Write", "Describe", "DescribeConfigs")...)
	}
	user.Spec.Authorization = &v1beta2.KafkaUserAuthorization{Type: "simple", ACLs: acls}
	return user
}
