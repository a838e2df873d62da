package overlay

import (
	"slices"

	"cutover/generator/inventory"
	"cutover/generator/parity"
	"cutover/generator/plan"
)

// Scope is what the gates of one phase are asked about where gate.yaml says it by a name, or
// not at all: which topics, groups and objects those are. It holds what the phase's gates
// need and nothing else.
type Scope struct {
	// Source and Target are the two Kafka resources.
	Source ScopeKafka `yaml:"source"`
	Target ScopeKafka `yaml:"target"`
	// Topics are those that the mirror copies, for gates that ask about all.
	Topics []string `yaml:"topics,omitempty"`
	// KafkaTopics and KafkaUsers are the resources that must be Ready on the target.
	KafkaTopics []string `yaml:"kafkaTopics,omitempty"`
	KafkaUsers  []string `yaml:"kafkaUsers,omitempty"`
	// Groups are those that move, with the topics of which they keep offsets.
	Groups []plan.GroupOffsets `yaml:"groups,omitempty"`
	// Mirror is the forward mirror, Return the reverse one of the phase's batch.
	Mirror *ScopeMirror `yaml:"mirror,omitempty"`
	Return *ScopeMirror `yaml:"return,omitempty"`
	// MirrorOnly are the topics, of those that gates mirror-caught-up and offsets-aligned speak
	// of, to which nothing but the mirror has written on the target.
	MirrorOnly []string `yaml:"mirrorOnly,omitempty"`
	// Workloads are what runs the workloads on the clusters that are asked.
	Workloads []ScopeWorkload `yaml:"workloads,omitempty"`
	// Secrets have to be there, on the target.
	Secrets []ScopeSecret `yaml:"secrets,omitempty"`
	// Retention are the settings that migration.yaml itself makes shorter on the target.
	Retention []ScopeSetting `yaml:"retention,omitempty"`
	// Gaps are what the inventory leaves unprovable.
	Gaps []inventory.Gap `yaml:"gaps,omitempty"`
}

// ScopeKafka names a Kafka resource.
type ScopeKafka struct {
	Namespace string `yaml:"namespace"`
	Name      string `yaml:"name"`
}

// ScopeMirror is a KafkaMirrorMaker2, which runs on the target, and how it is known inside
// Kafka Connect.
type ScopeMirror struct {
	Namespace string `yaml:"namespace"`
	Name      string `yaml:"name"`
	// User is its KafkaUser, "" where it needs none.
	User string `yaml:"user,omitempty"`
	// Reads is the cluster it copies from; it keeps its positions on the other one.
	Reads plan.Side `yaml:"reads"`
	// SourceAlias and TargetAlias make up the connectors' names: SOURCE->TARGET.KIND.
	SourceAlias string `yaml:"sourceAlias"`
	TargetAlias string `yaml:"targetAlias"`
	// Offsets is the topic in which its workers keep the positions.
	Offsets string `yaml:"offsets"`
}

// ScopeWorkload is the object that runs a workload on one cluster.
type ScopeWorkload struct {
	Workload   string    `yaml:"workload"`
	Cluster    plan.Side `yaml:"cluster"`
	APIVersion string    `yaml:"apiVersion"`
	Kind       string    `yaml:"kind"`
	Namespace  string    `yaml:"namespace"`
	Name       string    `yaml:"name"`
	// Field under spec starts and stops it: its values are Running and Stopped.
	Field   string `yaml:"field"`
	Running any    `yaml:"running"`
	Stopped any    `yaml:"stopped"`
}

// ScopeSecret is a Secret of the target, by the keys that it must have.
type ScopeSecret struct {
	Namespace string   `yaml:"namespace"`
	Name      string   `yaml:"name"`
	Keys      []string `yaml:"keys"`
}

// ScopeSetting is one setting of one topic.
type ScopeSetting struct {
	Topic string `yaml:"topic"`
	Field string `yaml:"field"`
}

// RetentionFields are the settings that say how long a topic keeps its records.
func RetentionFields() []string {
	return []string{"cleanup.policy", "delete.retention.ms", "retention.bytes", "retention.ms"}
}

// ScopeOf gives what the gates of a phase are asked about.
func ScopeOf(p *plan.Plan, phase plan.Phase) Scope {
	scope := Scope{
		Source: ScopeKafka{p.Migration.Source.Namespace, p.Migration.Source.Cluster},
		Target: ScopeKafka{p.Kafka.Namespace, p.Kafka.Name},
	}
	for _, gate := range phase.Gates {
		if add := scopes()[gate.Name]; add != nil {
			add(&scope, p, phase, gate)
		}
	}
	return scope
}

// scopes says what each gate needs.
func scopes() map[string]func(*Scope, *plan.Plan, plan.Phase, plan.Gate) {
	return map[string]func(*Scope, *plan.Plan, plan.Phase, plan.Gate){
		"inventory-complete": (*Scope).addGaps,
		"secrets-present":    (*Scope).addSecrets,
		"topics-ready":       (*Scope).addKafkaTopics,
		"users-ready":        (*Scope).addKafkaUsers,
		"retention-parity":   (*Scope).addRetention,
		"workloads-ready":    (*Scope).addWorkloads,
		"workloads-stopped":  (*Scope).addWorkloads,
		"groups-not-ahead":   (*Scope).addGroups,
		"drained":            (*Scope).addGroups,
		"offsets-aligned":    (*Scope).addAligned,
		"source-quiet":       (*Scope).addTopics,
		"tails-equal":        (*Scope).addTopics,
		"traffic-parity":     (*Scope).addTopics,
		"mirror-running":     (*Scope).addMirror,
		"mirror-paused":      (*Scope).addMirror,
		"mirror-caught-up":   (*Scope).addCopied,
		"positions-recorded": (*Scope).addMirror,
	}
}

func (s *Scope) addGaps(p *plan.Plan, _ plan.Phase, _ plan.Gate) {
	s.Gaps = inventory.Unprovable(p.Inventory)
}

func (s *Scope) addSecrets(p *plan.Plan, phase plan.Phase, _ plan.Gate) {
	s.Secrets = nil
	for _, need := range p.Secrets {
		if need.Phase == phase.ID() && !need.Made {
			s.Secrets = append(s.Secrets, ScopeSecret{need.Namespace, need.Name, need.Keys})
		}
	}
}

func (s *Scope) addTopics(p *plan.Plan, phase plan.Phase, gate plan.Gate) {
	if phase.Mirror != "" && s.Mirror == nil {
		s.addForward(p)
	}
	if len(gate.Topics) > 0 || len(s.Topics) > 0 {
		return
	}
	for _, topic := range p.Topics {
		if topic.NotMirrored == "" {
			s.Topics = append(s.Topics, topic.Name)
		}
	}
	slices.Sort(s.Topics)
}

func (s *Scope) addKafkaTopics(p *plan.Plan, _ plan.Phase, _ plan.Gate) {
	s.KafkaTopics = nil
	for _, topic := range p.Topics {
		s.KafkaTopics = append(s.KafkaTopics, topic.Resource)
	}
}

// addKafkaUsers: before a mirror starts its own user is asked about, else all.
func (s *Scope) addKafkaUsers(p *plan.Plan, phase plan.Phase, gate plan.Gate) {
	s.KafkaUsers = nil
	s.addMirror(p, phase, gate)
	switch mirror := p.Mirror.User; {
	case gate.Side == plan.Source:
		if s.Return != nil && s.Return.User != "" {
			s.KafkaUsers = []string{s.Return.User}
		}
	case slices.Contains(phase.Releases, plan.TargetMirror):
		if mirror != "" {
			s.KafkaUsers = []string{mirror}
		}
	default:
		for _, user := range p.Users {
			s.KafkaUsers = append(s.KafkaUsers, user.Name)
		}
		for _, own := range []string{mirror, p.GatesUser(plan.Target)} {
			if own != "" && !slices.Contains(s.KafkaUsers, own) {
				s.KafkaUsers = append(s.KafkaUsers, own)
			}
		}
	}
}

func (s *Scope) addRetention(p *plan.Plan, phase plan.Phase, gate plan.Gate) {
	s.addTopics(p, phase, gate)
	s.Retention = nil
	for _, row := range parity.Compare(p).Rows {
		if row.What == parity.Retention && !row.Equal && row.Intended && slices.Contains(RetentionFields(), row.Field) {
			s.Retention = append(s.Retention, ScopeSetting{row.Object, row.Field})
		}
	}
}

func (s *Scope) addWorkloads(p *plan.Plan, phase plan.Phase, gate plan.Gate) {
	for _, w := range p.Workloads {
		named := len(gate.Workloads) == 0 || slices.Contains(gate.Workloads, w.Name)
		known := slices.ContainsFunc(s.Workloads, func(o ScopeWorkload) bool { return o.Workload == w.Name && o.Cluster == gate.Side })
		runner := w.Runner(gate.Side)
		if !named || known || runner == nil {
			continue
		}
		running := runner.Running
		for _, scaling := range phase.Scalings {
			// What the rehearsal stops ran in the rehearsal.
			if scaling.Workload == w.Name && phase.Side == gate.Side && scaling.From != nil && gate.Name == "workloads-ready" {
				running = scaling.From
			}
		}
		s.Workloads = append(s.Workloads, ScopeWorkload{w.Name, gate.Side, runner.APIVersion, runner.Kind, runner.Namespace, runner.Name, runner.Field, running, runner.Stopped})
	}
}

// addGroups takes the groups with their topics from the phases that set their offsets. A
// group that moves in two batches is asked about all of its topics.
func (s *Scope) addGroups(p *plan.Plan, _ plan.Phase, gate plan.Gate) {
	for _, phase := range p.Phases {
		for _, group := range phase.Offsets {
			if len(gate.Groups) > 0 && !slices.Contains(gate.Groups, group.Group) {
				continue
			}
			i := slices.IndexFunc(s.Groups, func(o plan.GroupOffsets) bool { return o.Group == group.Group })
			if i < 0 {
				s.Groups = append(s.Groups, plan.GroupOffsets{Group: group.Group, Topics: slices.Clone(group.Topics)})
				continue
			}
			topics := slices.Concat(s.Groups[i].Topics, group.Topics)
			slices.Sort(topics)
			s.Groups[i].Topics = slices.Compact(topics)
		}
	}
}

func (s *Scope) addMirror(p *plan.Plan, phase plan.Phase, _ plan.Gate) {
	s.addForward(p)
	for _, mirror := range p.ReturnMirrors {
		if phase.Returns && mirror.Batch == phase.Number/100 {
			s.Return = &ScopeMirror{p.Kafka.Namespace, mirror.Name, mirror.User, plan.Target, mirror.SourceAlias, mirror.TargetAlias, mirror.StorageTopic("offsets")}
		}
	}
}

func (s *Scope) addCopied(p *plan.Plan, phase plan.Phase, gate plan.Gate) {
	s.addMirror(p, phase, gate)
	s.addMirrorOnly(p, phase, gate, gate.Topics)
}

func (s *Scope) addAligned(p *plan.Plan, phase plan.Phase, gate plan.Gate) {
	s.addGroups(p, phase, gate)
	for _, group := range s.Groups {
		s.addMirrorOnly(p, phase, gate, group.Topics)
	}
}

// addMirrorOnly takes the topics that nobody but the mirror has written on the target.
func (s *Scope) addMirrorOnly(p *plan.Plan, phase plan.Phase, gate plan.Gate, topics []string) {
	if gate.Side == plan.Source {
		return
	}
	unwritten := p.Unwritten(phase)
	for _, topic := range topics {
		if unwritten[topic] && !slices.Contains(s.MirrorOnly, topic) {
			s.MirrorOnly = append(s.MirrorOnly, topic)
		}
	}
}

func (s *Scope) addForward(p *plan.Plan) {
	m := p.Mirror
	s.Mirror = &ScopeMirror{p.Kafka.Namespace, m.Name, m.User, plan.Source, m.SourceAlias, m.TargetAlias, m.StorageTopic("offsets")}
}
