// Package plan decides everything that a migration does, from what a person declared and
// what the inventory found: the target's Kafka, topics and users, the mirror, the order in
// which workloads stop and start, and the phases with their gates and ways back.
//
// A plan is a pure function of its inputs. It holds decisions, not files: releases turn it
// into charts and values, overlays into components.
package plan

import (
	"fmt"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/strimzi"
)

// Side is one of the two clusters.
type Side string

// The two clusters of a migration.
const (
	Source Side = "source"
	Target Side = "target"
)

// Sides lists both clusters, the source first.
func Sides() []Side { return []Side{Source, Target} }

// Plan is everything that a migration does.
type Plan struct {
	Migration *migration.Migration
	Inventory inventory.Inventory
	// Version is what the target runs; SourcePlatform and TargetPlatform are where.
	Version                        strimzi.Version
	SourcePlatform, TargetPlatform migration.Platform
	// SourceKafkaVersion is the Kafka version of the source, "" where unknown.
	SourceKafkaVersion string
	Kafka              Kafka
	Topics             []Topic
	// Left are the source's topics that stay behind, with the reason.
	Left  []Left
	Users []User
	// LeftUsers are the source's users that stay behind, with the reason.
	LeftUsers []Left
	Mirror    Mirror
	Workloads []Workload
	Batches   []Batch
	Secrets   []SecretNeed
	// GateSecrets are those of the gate Jobs that do not come from the source to the target.
	GateSecrets []GateSecret
	Phases      []Phase
	// Returns are the phases of the ordered rollback, in the order in which they are taken:
	// the batch that moved last goes back first.
	Returns []Phase
	// ReturnMirrors bring back what the batches wrote to the target, one for each batch, where
	// the migration asks for them.
	ReturnMirrors []ReturnMirror
}

// New decides. Findings of severity error come back as the error too; the plan is then
// incomplete and must not be used.
func New(m *migration.Migration, inv inventory.Inventory) (*Plan, finding.List, error) {
	p := &Plan{Migration: m, Inventory: inv}
	if err := p.setClusters(); err != nil {
		return nil, nil, err
	}
	var findings finding.List
	for _, decide := range []func() finding.List{
		p.decideWorkloads, p.decideTopics, p.decideKafka, p.decideUsers, p.decideMirror, p.decideSecrets, p.decidePhases, p.decideGates,
	} {
		findings.Add(decide()...)
	}
	findings.Add(m.Findings()...)
	findings.Add(inv.Findings...)
	findings.Sort()
	accept(findings, m.Accept)
	return p, findings, findings.Err()
}

func (p *Plan) setClusters() error {
	m := p.Migration
	var err error
	if p.Version, err = strimzi.LookupVersion(strimzi.Distribution(m.Target.Distribution), m.Target.Version); err != nil {
		return err
	}
	if p.SourcePlatform, err = migration.ParsePlatform(m.Source.Platform); err != nil {
		return err
	}
	if p.TargetPlatform, err = migration.ParsePlatform(m.Target.Platform); err != nil {
		return err
	}
	if p.Inventory.Kafka.Name != m.Source.Cluster || p.Inventory.Kafka.Namespace != m.Source.Namespace {
		return m.Finding("wrong-inventory",
			fmt.Sprintf("the inventory is of Kafka %s/%s, the migration moves %s/%s",
				p.Inventory.Kafka.Namespace, p.Inventory.Kafka.Name, m.Source.Namespace, m.Source.Cluster),
			"correct source.cluster and source.namespace, or read the inventory of the right cluster", "source", "cluster")
	}
	p.SourceKafkaVersion = m.Source.Version
	if p.SourceKafkaVersion == "" {
		p.SourceKafkaVersion = p.Inventory.Kafka.Version
	}
	return nil
}

// Brokers is the number of brokers of the target.
func (p *Plan) Brokers() int32 {
	if n := p.Migration.Target.Replicas; n > 0 {
		return n
	}
	return max(p.Inventory.Kafka.Brokers, 1)
}

// accept marks the findings that the migration answers.
func accept(findings finding.List, accepted []migration.Acceptance) {
	for i := range findings {
		for _, a := range accepted {
			if findings[i].Severity == finding.Warning && a.Rule == findings[i].Rule && (a.Object == "" || a.Object == findings[i].Object) {
				findings[i].Accepted = a.Reason
			}
		}
	}
}
