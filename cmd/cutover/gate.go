package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"cutover/generator/overlay"
	"cutover/live/cluster"
	"cutover/live/gate"
	"cutover/live/ledger"
)

// gateFlags are what a person or a Job says to cutover gate.
type gateFlags struct {
	phase, file                         string
	kubeconfig, context, peerKubeconfig string
	namespace                           string
	adopt, format                       string
	done, dry                           bool
	connections                         string
	wait                                time.Duration
	proofFlags
}

func newGate(s streams, p printer) *cobra.Command {
	var f gateFlags
	command := &cobra.Command{
		Use:   "gate --phase NNN --gate FILE",
		Short: "Let a cluster into a phase, or write down that it is in it",
		Long: `gate is what the hook Jobs of a migration run in each cluster. Before a sync it holds the
phase against the cluster's ledger and refuses one that is not the next (exit code 2), then
starts and stops the workloads that an old API server does not let Argo CD scale. With
--done, after the sync, it writes the phase into the ledger. Both may run again: they then
change nothing. It reaches the cluster it runs in, or that of --kubeconfig. With
--connections it first proves the phase's gates on the running clusters, as cutover verify
does, and refuses the phase unless all hold; their answers go into the ledger. It then sets
the offsets of the phase's groups, records where a batch moved, and has a reverse mirror
begin there.`,
		Example: `  cutover gate --phase 100 --gate /etc/cutover/gate.yaml
  cutover gate --phase 120 --gate /etc/cutover/gate.yaml --connections /etc/cutover/connections.yaml --wait 25m
  cutover gate --phase 100 --gate gate.yaml --kubeconfig source.yaml --dry-run
  cutover gate --phase 100 --gate gate.yaml --kubeconfig source.yaml --done --adopt "ledger lost in CHG-1042"`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return runGate(command.Context(), s, p, f) },
	}
	flags := command.Flags()
	flags.StringVar(&f.phase, "phase", "", "the phase, such as 100 (required)")
	flags.StringVar(&f.file, "gate", "", "the gate.yaml of that phase's ConfigMap (required)")
	flags.BoolVar(&f.done, "done", false, "write the phase into the ledger")
	flags.StringVar(&f.adopt, "adopt", "", "with --done: write it whatever the ledger says, for this reason")
	flags.BoolVar(&f.dry, "dry-run", false, "change nothing in the cluster")
	flags.StringVar(&f.kubeconfig, "kubeconfig", "", "reach the cluster by this file (default: the pod's own cluster)")
	flags.StringVar(&f.context, "context", "", "context of --kubeconfig (default: its current one)")
	flags.StringVar(&f.namespace, "namespace", "", "namespace of the ledger (default: what gate.yaml says)")
	flags.StringVar(&f.peerKubeconfig, "peer-kubeconfig", "", "ask the other cluster's ledger too, by this file")
	flags.StringVar(&f.connections, "connections", "", "prove the gates first, on the clusters of this file of kind Connections")
	flags.DurationVar(&f.wait, "wait", 0, "with --connections: ask again until all gates hold, for this long at most")
	f.addTo(command)
	addFormat(command, &f.format)
	return command
}

func runGate(ctx context.Context, s streams, p printer, f gateFlags) error {
	request, err := f.request()
	if err != nil {
		return err
	}
	act := gate.Enter
	if f.done {
		act = gate.Complete
	} else if err := f.prove(&request, p); err != nil {
		return err
	}
	report, err := act(ctx, request)
	if len(report.Checks) > 0 {
		if err := printGate(s, f.format, report); err != nil {
			return err
		}
	}
	if refusal := (ledger.Refusal{}); errors.As(err, &refusal) {
		p.failure(err)
		return errFindings
	}
	return err
}

// request checks the flags, reads gate.yaml and prepares the clients.
func (f gateFlags) request() (gate.Request, error) {
	if err := f.check(); err != nil {
		return gate.Request{}, err
	}
	content, err := os.ReadFile(f.file)
	if err != nil {
		return gate.Request{}, fmt.Errorf("read gate: %w", err)
	}
	request, err := gate.Read(f.file, content, f.phase)
	if err != nil {
		return gate.Request{}, err
	}
	clients, err := cluster.Connect(f.kubeconfig, f.context)
	if err != nil {
		return gate.Request{}, err
	}
	guard := request.Guard
	if f.namespace != "" {
		guard.Ledger.Namespace = f.namespace
	}
	request.Ledger = store(clients, guard.Ledger, guard.Migration)
	request.Objects, request.Dry, request.Adopt, request.Now = clients.Objects, f.dry, f.adopt, time.Now()
	if f.peerKubeconfig != "" {
		there, err := cluster.Connect(f.peerKubeconfig, "")
		if err != nil {
			return gate.Request{}, err
		}
		peer := store(there, guard.Peer, guard.Migration)
		request.Peer = &peer
	}
	return request, nil
}

func (f gateFlags) check() error {
	switch {
	case f.phase == "":
		return usage("--phase is missing", "name the phase, such as --phase 100")
	case f.file == "":
		return usage("--gate is missing", "name the gate.yaml of the phase's ConfigMap: --gate FILE")
	case f.adopt != "" && !f.done:
		return usage("--adopt goes with --done", "write --done --adopt REASON")
	case f.wait != 0 && f.connections == "":
		return usage("--wait goes with --connections", "write --connections FILE --wait 25m")
	case f.context != "" && f.kubeconfig == "":
		return usage("--context goes with --kubeconfig", "write --kubeconfig FILE --context NAME")
	}
	return checkFormat(f.format)
}

func store(clients cluster.Clients, ref overlay.LedgerRef, migration string) ledger.Store {
	return ledger.Store{ConfigMaps: clients.Core.ConfigMaps(ref.Namespace), Ref: ref, Migration: migration}
}

func printGate(s streams, format string, report gate.Report) error {
	if format == "json" {
		return s.json(report)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "phase %s %s on the %s of %s\n", report.Phase, report.Name, report.Cluster, report.Migration)
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, check := range report.Checks {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", check.Name, check.Object, check.Answer)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return s.result(out.Bytes())
}
