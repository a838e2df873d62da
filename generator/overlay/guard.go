package overlay

import (
	"bytes"
	"fmt"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/plan"
)

// Guard is what the gate Jobs of a cluster are told about the phase that the cluster is to
// be in: from where it may be entered, what to scale, and the phase's gate. The gate's
// ConfigMap carries it as gate.yaml.
type Guard struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Migration  string `yaml:"migration"`
	// Ledger is the ConfigMap in which this cluster's phases are written down; Peer is that
	// of the other cluster.
	Ledger LedgerRef `yaml:"ledger"`
	Peer   LedgerRef `yaml:"peer"`
	// Order are the numbers of this cluster's phases in their order, those of the rollback
	// last. They serve messages only.
	Order []string `yaml:"order"`
	// Edges are all the ways into the phase.
	Edges []Edge `yaml:"edges"`
	// Scale is the state of this cluster's workloads in the phase, where its API server has
	// no server-side apply (before Kubernetes 1.16); empty where it has.
	Scale []Scale `yaml:"scale,omitempty"`
	// Scope is what the gates speak of, for a Job that has no migration.yaml; nil
	// where a ConfigMap cannot hold it, and in a tree that an earlier cutover wrote.
	Scope *Scope `yaml:"scope,omitempty"`
	Gate  Gate   `yaml:"gate"`
}

// LedgerRef names a ledger's ConfigMap.
type LedgerRef struct {
	Namespace string `yaml:"namespace"`
	Name      string `yaml:"name"`
}

// Scale is a workload and the value of its one field under spec: a count, or a bool.
type Scale struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Namespace  string `yaml:"namespace"`
	Name       string `yaml:"name"`
	Field      string `yaml:"field"`
	Value      any    `yaml:"value"`
}

// String names the workload as "Deployment apps/billing".
func (s Scale) String() string { return s.Kind + " " + s.Namespace + "/" + s.Name }

const (
	guardKind = "Guard"
	// maxGuard is the most bytes of a gate.yaml: a ConfigMap holds 1 MiB altogether.
	maxGuard = 900 << 10
)

// ReadGuard reads the gate.yaml of a gate's ConfigMap strictly.
func ReadGuard(path string, content []byte) (Guard, error) {
	var guard Guard
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		return guard, err
	}
	if len(documents) != 1 {
		return guard, guardFinding(path, "it is empty")
	}
	if kind := documents[0].Kind(); kind != guardKind {
		return guard, guardFinding(path, fmt.Sprintf("it is a %q, and a Guard was expected", kind))
	}
	if err := documents[0].Decode(&guard); err != nil {
		return guard, err
	}
	side := guard.Gate.Cluster
	if guard.APIVersion != "cutover/v1alpha1" || (side != plan.Source && side != plan.Target) || guard.Gate.Phase == "" || guard.Ledger.Name == "" || guard.Ledger.Namespace == "" {
		return guard, guardFinding(path, "it is no Guard of a phase of the source or the target")
	}
	return guard, nil
}

func guardFinding(path, message string) error {
	return finding.Finding{Rule: "gate", Severity: finding.Error, File: path, Message: message,
		Hint: "give the file that the ConfigMap of the gate carries: `kubectl get configmap cutover-MIGRATION-gate -o jsonpath='{.data.gate\\.yaml}'`"}
}

// jobs is what a phase's templates see of the cluster's gate Jobs.
type jobs struct {
	// Gate and Done name the Jobs; the first is also the name of the ConfigMap.
	Gate, Done string
	// Previous is the phase that the Jobs were at before, "" where there may be several.
	Previous string
	// Guard is the text of the ConfigMap's gate.yaml.
	Guard string
}

// guards makes the guards of a plan's phases.
type guards struct {
	plan  *plan.Plan
	ways  map[string]*ways
	order map[plan.Side][]string
}

// newGuards gives nil for a migration without gate Jobs.
func newGuards(p *plan.Plan) *guards {
	if !p.Gated() {
		return nil
	}
	g := &guards{plan: p, ways: allWays(p), order: make(map[plan.Side][]string)}
	for _, phase := range everyPhase(p) {
		g.order[phase.Side] = append(g.order[phase.Side], phase.ID())
	}
	return g
}

// jobs gives what moves the Jobs on to a phase, whose gate.yaml is given.
func (g *guards) jobs(phase plan.Phase, previous string, gateFile []byte) (*jobs, error) {
	if g == nil {
		return nil, nil
	}
	gate, err := ReadGate("overlays/"+phase.Folder()+"/gate.yaml", gateFile)
	if err != nil {
		return nil, err
	}
	side := phase.Side
	ways, scope := g.ways[phase.ID()], ScopeOf(g.plan, phase)
	guard := Guard{
		APIVersion: "cutover/v1alpha1", Kind: guardKind, Migration: g.plan.Migration.Metadata.Name,
		Ledger: ledgerOf(g.plan, side), Peer: ledgerOf(g.plan, side.Other()),
		Order: g.order[side], Edges: ways.edges, Scale: ways.scale, Scope: &scope, Gate: gate,
	}
	text, err := guard.fitting(phase)
	if err != nil {
		return nil, err
	}
	name := markerOf(g.plan, side).Name
	return &jobs{Gate: name + "-gate", Done: name + "-done", Previous: previous, Guard: string(bytes.TrimSuffix(text, []byte("\n")))}, nil
}

// fitting gives the guard as its ConfigMap holds it. Where the names of all topics are too
// many for one, the scope is left to cutover verify, which computes it; the order of phases
// is guarded all the same.
func (g Guard) fitting(phase plan.Phase) ([]byte, error) {
	text, err := document.Marshal(g)
	if err != nil || len(text) <= maxGuard {
		return text, err
	}
	g.Scope = nil
	if text, err = document.Marshal(g); err == nil && len(text) > maxGuard {
		err = tooLarge(phase, len(text))
	}
	return text, err
}

func tooLarge(phase plan.Phase, size int) error {
	return finding.Finding{Rule: "gate-size", Severity: finding.Error, Phase: phase.ID(),
		Message: fmt.Sprintf("the gate is %d KiB of topics and groups; its ConfigMap would hold no more than %d KiB", size>>10, maxGuard>>10),
		Hint:    "spread the workloads over more batches, so that each gate names fewer topics, or leave gitops.image out and go without gate Jobs"}
}

func ledgerOf(p *plan.Plan, side plan.Side) LedgerRef {
	marker := markerOf(p, side)
	return LedgerRef{Namespace: marker.Namespace, Name: marker.Name + "-ledger"}
}
