package plan

import (
	"cutover/generator/finding"
)

// Names of the releases, one Helm release each.
const (
	SourceMonitoring = "source-monitoring"
	SourceAccess     = "source-access"
	SourceWorkloads  = "source-workloads"
	TargetOperator   = "target-operator"
	StrimziOperator  = "strimzi-operator"
	TargetKafka      = "target-kafka"
	TargetMonitoring = "target-monitoring"
	TargetTopics     = "target-topics"
	TargetUsers      = "target-users"
	TargetAccess     = "target-access"
	TargetWorkloads  = "target-workloads"
	TargetMirror     = "target-mirror"
)

// step is a phase and the question whether the migration has anything to do in it.
type step struct {
	phase  Phase
	needed func(*Plan) bool
}

func always(*Plan) bool { return true }

// preparation are the phases before the batches, in their order.
func preparation() []step {
	return []step{
		{Phase{Number: 0, Name: "source-monitoring", Side: Source, Step: "the source is watched: metrics, rules",
			Gates:    []Gate{{Name: "inventory-complete", Side: Source, Asks: "was every kind of evidence read that later gates rest on?"}},
			Releases: []string{SourceMonitoring}, Back: revert("monitors and rules are removed; Kafka is untouched")},
			(*Plan).monitorsSource},
		{Phase{Number: 10, Name: "source-access", Side: Source, Step: "the mirror's user and its ACLs appear on the source",
			Gates:    []Gate{{Name: "source-reachable", Side: Source, Asks: "does the source's listener answer from the target's network?"}},
			Releases: []string{SourceAccess}, Back: revert("the mirror's user is removed")},
			(*Plan).hasSourceUser},
		{Phase{Number: 20, Name: "target-operator", Side: Target, Step: "the operator is installed on the target",
			Releases: []string{TargetOperator}, Back: revert("the operator is removed; its CRDs stay")}, always},
		{Phase{Number: 30, Name: "target-kafka", Side: Target, Step: "Kafka starts on the target: metrics, Cruise Control, a rebalance",
			Gates: []Gate{
				{Name: "operator-ready", Side: Target, Asks: "does the operator run, and are its CRDs established?"},
				{Name: "secrets-present", Side: Target, Asks: "are the authorities' Secrets there that the Kafka spec brings itself?"},
			},
			Releases: []string{TargetKafka}, Back: revert("Kafka leaves the stream, guarded against pruning: delete it by hand while it is empty")}, always},
		{Phase{Number: 40, Name: "target-monitoring", Side: Target, Step: "the target is watched",
			Gates:    []Gate{{Name: "kafka-ready", Side: Target, Asks: "is Kafka Ready in its present generation?"}},
			Releases: []string{TargetMonitoring}, Back: revert("monitors and rules are removed; Kafka is untouched")}, always},
		{Phase{Number: 50, Name: "target-topics", Side: Target, Step: "every topic is created, as on the source",
			Gates:    []Gate{{Name: "kafka-ready", Side: Target, Asks: "is Kafka Ready in its present generation?"}},
			Releases: []string{TargetTopics}, Back: revert("topics leave the stream, guarded against pruning: delete them by hand while they are empty")}, (*Plan).hasTopics},
		{Phase{Number: 60, Name: "target-users", Side: Target, Step: "every user is created, as on the source",
			Gates:    []Gate{{Name: "secrets-present", Side: Target, Asks: "are the users' Secrets there, so that no password changes?"}},
			Releases: []string{TargetUsers, TargetAccess}, Back: revert("users leave the stream, guarded against pruning")}, (*Plan).hasUsers},
	}
}

// ending are the phases after the batches, in their order.
func ending() []step {
	return []step{
		{Phase{Number: 900, Name: "mirror-stop", Side: Target, Step: "the mirror is paused",
			Gates: []Gate{
				{Name: "workloads-ready", Side: Target, Asks: "do all workloads of all batches run on the target?"},
				{Name: "source-quiet", Side: Source, Asks: "have the source's log ends stopped moving?"},
				{Name: "tails-equal", Side: Target, Asks: "are the last records of every partition equal on both clusters?"},
			},
			Mirror: PauseMirror, Back: revert("the mirror goes on where it stopped")}, always},
		{Phase{Number: 905, Name: "mirror-remove", Side: Target, Step: "the mirror and its user are removed",
			Gates: []Gate{
				{Name: "source-quiet", Side: Source, Asks: "has nothing been written to the source since the mirror was paused?"},
			},
			Mirror: RemoveMirror, Back: revert("the mirror comes back, paused, and knows from its own topics where it stopped")}, always},
		{Phase{Number: 910, Name: "source-retire", Side: Source, Step: "the mirror's user is removed from the source",
			Gates:   []Gate{{Name: "traffic-parity", Side: Target, Asks: "does the target carry the traffic that the source did?"}},
			Retires: true, Back: revert("the mirror's user comes back, with a new password")}, func(p *Plan) bool { return p.Migration.Retire && p.hasSourceUser() }},
	}
}

func (p *Plan) monitorsSource() bool {
	source := p.Migration.Monitoring.Source
	return source == nil || !source.Skip
}

func (p *Plan) hasSourceUser() bool { return p.Migration.Source.Authentication != nil }
func (p *Plan) hasTopics() bool     { return len(p.Topics) > 0 }
func (p *Plan) hasUsers() bool {
	return len(p.Users) > 0 || p.Mirror.User != "" || p.GatesUser(Target) != ""
}

// decidePhases puts the phases in order, leaving out those with nothing to do.
func (p *Plan) decidePhases() finding.List {
	p.addNeeded(preparation())
	p.addRehearsal()
	p.Phases = append(p.Phases, p.mirrorStart())
	if hold, ok := p.sourceHold(); ok {
		p.Phases = append(p.Phases, hold)
	}
	for _, batch := range p.Batches {
		p.Phases = append(p.Phases, p.batchPhases(batch)...)
	}
	p.addNeeded(ending())
	p.markReturn()
	for i := range p.Phases {
		p.dropMissingReleases(&p.Phases[i])
	}
	p.addGates()
	return p.decideReturns()
}

func (p *Plan) addNeeded(steps []step) {
	for _, step := range steps {
		if step.needed(p) {
			p.Phases = append(p.Phases, step.phase)
		}
	}
}

// dropMissingReleases takes out of a phase the releases that this migration does not have.
func (p *Plan) dropMissingReleases(phase *Phase) {
	var releases []string
	for _, name := range phase.Releases {
		switch {
		case name == TargetAccess && p.Mirror.User == "" && p.GatesUser(Target) == "", name == TargetUsers && len(p.Users) == 0:
		case name == TargetOperator && p.Migration.Target.OperatorChart != nil:
			releases = append(releases, TargetOperator, StrimziOperator)
		default:
			releases = append(releases, name)
		}
	}
	phase.Releases = releases
}

func (p *Plan) addRehearsal() {
	starts := p.scalings(Target, func(w Workload) bool { return w.Rehearse }, true)
	hasTarget := len(p.scalings(Target, func(Workload) bool { return true }, true)) > 0
	if p.Migration.Rehearsal.Skip || len(starts) == 0 {
		if hasTarget {
			p.Phases = append(p.Phases, Phase{Number: 80, Name: "rehearse-stop", Side: Target, Step: "all workloads wait at zero",
				Releases: []string{TargetWorkloads}, Back: revert("the workloads' replica counts are let go")})
		}
		return
	}
	p.Phases = append(p.Phases,
		Phase{Number: 70, Name: "rehearse-start", Side: Target, Step: "the workloads come up once, on empty topics; ingestion stays closed",
			Gates: []Gate{
				{Name: "topics-ready", Side: Target, Asks: "is every KafkaTopic Ready?"},
				{Name: "users-ready", Side: Target, Asks: "is every KafkaUser Ready?"},
				{Name: "retention-parity", Side: Target, Asks: "does every topic keep its records as long as on the source?"},
			},
			Releases: []string{TargetWorkloads}, Scalings: starts, Back: revert("the workloads' replica counts are let go")},
		Phase{Number: 80, Name: "rehearse-stop", Side: Target, Step: "all workloads go back to zero",
			Gates:    []Gate{{Name: "workloads-ready", Side: Target, Asks: "did every workload become ready?", Workloads: names(starts)}},
			Scalings: reverse(starts), Back: revert("the rehearsal goes on")})
}

func (p *Plan) mirrorStart() Phase {
	return Phase{Number: 90, Name: "mirror-start", Side: Target, Step: "MirrorMaker 2 starts, from the earliest record",
		Gates: []Gate{
			{Name: "groups-not-ahead", Side: Target, Asks: "is every group that moves empty, and nowhere ahead of offset 0?", Groups: p.movingGroups()},
			{Name: "workloads-stopped", Side: Target, Asks: "are all workloads at zero?"},
			{Name: "users-ready", Side: Target, Asks: "is the mirror's user Ready?"},
		},
		Releases: []string{TargetMirror}, Back: revert("the mirror is removed; the topics keep what was copied")}
}

// sourceHold takes the replica counts of the source's workloads as they stand, so that a
// plain revert of each later step brings them back.
func (p *Plan) sourceHold() (Phase, bool) {
	held := p.scalings(Source, func(Workload) bool { return true }, false)
	return Phase{Number: 95, Name: "source-hold", Side: Source, Step: "the replica counts of the source's workloads are taken over, unchanged",
		Gates:    []Gate{{Name: "workloads-ready", Side: Source, Asks: "do the workloads run with the counts that the inventory found?", Workloads: names(held)}},
		Releases: []string{SourceWorkloads}, Back: revert("the workloads' replica counts are let go")}, len(held) > 0
}

// markReturn finds, in each batch, the first phase that lets producers write to the target:
// the way back from it, and from what follows in its batch, is the ordered rollback. The
// first such phase of all is the migration's point of no return.
func (p *Plan) markReturn() {
	produces := make(map[string]bool)
	for _, w := range p.Workloads {
		produces[w.Name] = len(w.Produces) > 0
	}
	past := false
	wrote := make(map[int]bool)
	for i := range p.Phases {
		phase := &p.Phases[i]
		batch := phase.Number / firstBatch
		if phase.Number >= firstBatch && phase.Side == Target {
			for _, scaling := range phase.Scalings {
				wrote[batch] = wrote[batch] || produces[scaling.Workload]
			}
		}
		past = past || wrote[batch]
		phase.PastReturn = past
		if wrote[batch] {
			phase.Back.Kind = SequenceBack // decideReturns says which phases
		}
	}
}
