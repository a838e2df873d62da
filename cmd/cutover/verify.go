package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/dynamic"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/connection"
	"cutover/live/proof"
)

// verifyFlags are what a person says to cutover verify.
type verifyFlags struct {
	phase, format string
	wait          time.Duration
	connections   connectionFlags
	proofFlags
}

// proofFlags are how gates are evaluated.
type proofFlags struct {
	quietFor, window time.Duration
	maxLag           int64
	tail             int
}

func (f *proofFlags) addTo(command *cobra.Command) {
	defaults := proof.DefaultOptions()
	flags := command.Flags()
	flags.DurationVar(&f.quietFor, "quiet-for", defaults.QuietFor, "how long log ends must stand still")
	flags.Int64Var(&f.maxLag, "max-lag", defaults.MaxLag, "how many records the mirror may be behind and still count as running")
	flags.IntVar(&f.tail, "tail", defaults.Tail, "how many records at the end of each partition are compared")
	flags.DurationVar(&f.window, "window", defaults.Window, "over how long traffic is compared")
}

func (f *proofFlags) options() (proof.Options, error) {
	if f.quietFor <= 0 || f.window <= 0 || f.maxLag < 0 || f.tail < 1 {
		return proof.Options{}, usage("--quiet-for, --window and --tail must be more than 0, and --max-lag not less", "leave them out for the defaults")
	}
	return proof.Options{QuietFor: f.quietFor, MaxLag: f.maxLag, Tail: f.tail, Window: f.window}, nil
}

func newVerify(s streams, p printer) *cobra.Command {
	var f verifyFlags
	command := &cobra.Command{
		Use:   "verify [DIR] --phase NNN",
		Short: "Prove on the running clusters that a phase may start",
		Long: `verify asks the running clusters whether everything holds that must hold before a phase,
as the phase's gate.yaml lists it, and prints one table: what was asked, what was seen, and
what stands in the way. It changes nothing. What cannot be found out does not hold. It ends
with 0 if all gates hold, and with 2 if one does not.`,
		Example: `  cutover verify --phase 120 --connections connections.yaml
  cutover verify freight-migration --phase 120 --connections connections.yaml --wait 30m
  cutover verify --phase 100 --source-bootstrap old:9092 --target-bootstrap new:9092 --connect-url http://mirror:8083 -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return runVerify(command.Context(), s, p, folder(args), f)
		},
	}
	command.Flags().StringVar(&f.phase, "phase", "", "the phase, such as 120 (required)")
	command.Flags().DurationVar(&f.wait, "wait", 0, "ask again until all gates hold, for this long at most, such as 30m")
	f.connections.addTo(command)
	f.addTo(command)
	addFormat(command, &f.format)
	return command
}

func runVerify(ctx context.Context, s streams, p printer, dir string, f verifyFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	if f.phase == "" {
		return usage("--phase is missing", "name the phase, such as --phase 120; `cutover status` tells which is next")
	}
	options, err := f.options()
	if err != nil {
		return err
	}
	connections, err := f.connections.connections()
	if err != nil {
		return err
	}
	decided, phase, err := phaseOf(ctx, dir, f.phase)
	if err != nil {
		return err
	}
	request := proof.Request{Gates: phase.Gates, Scope: overlay.ScopeOf(decided, phase), Options: options}
	if err := needsClusters(request.Gates, connections); err != nil {
		return err
	}
	results := proveOn(ctx, request, connections, f.wait, p)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("interrupted: %w", err)
	}
	verdict := verification{Migration: decided.Migration.Metadata.Name, Phase: phase.ID(), Name: phase.Name, Cluster: phase.Side, Holds: proof.Hold(results), Gates: results}
	return verdict.print(s, f.format)
}

// proveOn connects to the clusters and evaluates the gates, again and again for as long as
// wait says.
func proveOn(ctx context.Context, request proof.Request, c connection.Connections, wait time.Duration, p printer) []proof.Result {
	closeClients := reach(ctx, &request, c)
	defer closeClients()
	if request.Source.KafkaErr != nil || request.Target.KafkaErr != nil || request.Source.ObjectsErr != nil || request.Target.ObjectsErr != nil {
		wait = 0 // credentials and addresses do not get better by waiting
	}
	waited := newWaiting(p)
	return proof.Wait(ctx, request, wait, func(results []proof.Result, left []time.Duration) {
		if wait > 0 {
			waited.show(results, left)
		}
	})
}

// phaseOf finds a phase of the migration in a folder.
func phaseOf(ctx context.Context, dir, id string) (*plan.Plan, plan.Phase, error) {
	decided, err := decide(ctx, dir)
	if err != nil {
		return nil, plan.Phase{}, err
	}
	var known []string
	for _, phase := range slices.Concat(decided.Phases, decided.Returns) {
		if phase.ID() == id {
			return decided, phase, nil
		}
		known = append(known, phase.ID())
	}
	return nil, plan.Phase{}, usage(fmt.Sprintf("there is no phase %q", id), "the phases are "+strings.Join(known, ", "))
}

// needsClusters refuses to ask nobody.
func needsClusters(gates []plan.Gate, c connection.Connections) error {
	asks := slices.ContainsFunc(gates, func(g plan.Gate) bool { return g.Name != "inventory-complete" })
	if asks && c.Source == (connection.Side{}) && c.Target == (connection.Side{}) {
		return usage("no cluster is named", "give --connections FILE, or --source-bootstrap, --target-bootstrap, --source-kubeconfig, --target-kubeconfig")
	}
	return nil
}

// reach connects to the clusters, both at once. Where that fails the gates say why.
func reach(ctx context.Context, request *proof.Request, c connection.Connections) (closeClients func()) {
	source := make(chan proof.Cluster, 1)
	go func() { source <- reached(ctx, c.Source) }()
	request.Target = reached(ctx, c.Target)
	request.Source = <-source
	for _, side := range []connection.Side{c.Source, c.Target} {
		if side.Connect != nil {
			request.Connect = &proof.Connect{URL: side.Connect.URL, Client: &http.Client{Timeout: 30 * time.Second}}
		}
	}
	return func() {
		for _, one := range []proof.Cluster{request.Source, request.Target} {
			if one.Kafka != nil {
				one.Kafka.Client.Close()
			}
		}
	}
}

func reached(ctx context.Context, side connection.Side) proof.Cluster {
	var found proof.Cluster
	if side.Kafka != nil {
		client, err := side.Kafka.Client(ctx)
		if found.KafkaErr = err; err == nil {
			found.Kafka = &proof.Kafka{Client: client, Explain: side.Kafka.Explain}
		}
	}
	if side.Kubernetes != nil {
		config, err := side.Kubernetes.Config()
		if err == nil {
			found.Objects, err = dynamic.NewForConfig(config)
		}
		if found.ObjectsErr = err; err != nil {
			found.Objects = nil
		}
	}
	return found
}
