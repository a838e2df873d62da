package main

import (
	"context"
	"slices"
	"time"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/connection"
	"cutover/live/gate"
	"cutover/live/ledger"
	"cutover/live/offset"
	positions "cutover/live/position"
	"cutover/live/proof"
)

// prove gives a Job's request its ways to the clusters; none where no clusters are named.
func (f gateFlags) prove(request *gate.Request, p printer) error {
	if f.connections == "" {
		return nil
	}
	options, err := f.options()
	if err != nil {
		return err
	}
	connections, err := connection.Load(f.connections)
	if err != nil {
		return err
	}
	guard := request.Guard
	if guard.Scope == nil {
		return finding.Finding{Rule: "gate", Severity: finding.Error, File: f.file, Message: "it does not say what its gates speak of: the topics are too many for a ConfigMap, or an earlier cutover wrote it",
			Hint: "run `cutover verify` from a checkout and the Job without --connections, or generate the tree again, commit it and sync"}
	}
	request.Prove = func(ctx context.Context, gates []plan.Gate, wait bool) []proof.Result {
		asked := proof.Request{Gates: gates, Scope: *guard.Scope, Options: options}
		limit := time.Duration(0)
		if wait {
			limit = f.wait
		}
		return proveOn(ctx, asked, needed(connections, gates), limit, p)
	}
	request.Ends = func(ctx context.Context, topics []string) (ledger.Positions, error) {
		return endsOn(ctx, connections, guard.Gate.Cluster, topics)
	}
	if mirror := guard.Scope.Return; mirror != nil {
		request.Seed = func(ctx context.Context, begin ledger.Positions, dry bool) (positions.Seeded, error) {
			return seedOn(ctx, connections, *mirror, begin, dry)
		}
	}
	if len(guard.Gate.Offsets) > 0 {
		request.Align = func(ctx context.Context, dry bool) (offset.Alignment, error) {
			return alignOn(ctx, guard, connections, dry)
		}
	}
	return nil
}

// alignOn sets the offsets of a gate's groups on the cluster that its phase changes. A group
// never goes backwards: that takes a person, and cutover offsets apply --force.
func alignOn(ctx context.Context, guard overlay.Guard, connections connection.Connections, dry bool) (offset.Alignment, error) {
	from, err := openKafka(ctx, connections, guard.Gate.Cluster.Other())
	if err != nil {
		return offset.Alignment{}, err
	}
	defer from.client.Close()
	to, err := openKafka(ctx, connections, guard.Gate.Cluster)
	if err != nil {
		return offset.Alignment{}, err
	}
	defer to.client.Close()
	prover := offset.Prover{From: from.client, To: to.client, Unwritten: proof.Unwritten(*guard.Scope)}
	alignment, err := prover.Align(ctx, guard.Gate.Offsets...)
	if err != nil {
		return alignment, to.explain(from, err)
	}
	alignment.Migration, alignment.Phase, alignment.Cluster = guard.Migration, guard.Gate.Phase, guard.Gate.Cluster
	if obstacles := alignment.Obstacles(false); dry || len(obstacles) > 0 {
		return alignment, obstacles.Err()
	}
	applied, err := offset.Apply(ctx, to.client, alignment, false)
	if err != nil {
		return applied, to.kafka.Explain(err)
	}
	return applied, nil
}

// needed leaves out the brokers where no gate asks any: before phase 070 the Jobs' own user
// and its Secrets need not be there.
func needed(c connection.Connections, gates []plan.Gate) connection.Connections {
	if !slices.ContainsFunc(gates, asksBrokers) {
		c.Source.Kafka, c.Target.Kafka = nil, nil
	}
	return c
}

// asksBrokers tells whether a gate asks more than API servers and the inventory. One that is
// not known does.
func asksBrokers(gate plan.Gate) bool {
	return !slices.Contains([]string{
		"inventory-complete", "operator-ready", "secrets-present", "kafka-ready", "topics-ready", "users-ready",
		"workloads-ready", "workloads-stopped", "mirror-paused",
	}, gate.Name)
}
