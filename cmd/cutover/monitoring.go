package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"

	"cutover/generator/migration"
	"cutover/generator/plan"
	"cutover/live/connection"
	"cutover/live/monitoring"
)

func newMonitoring(s streams) *cobra.Command {
	command := &cobra.Command{
		Use:   "monitoring",
		Short: "Find out whether both clusters can be watched",
		Long:  "monitoring holds what a cluster's monitoring is set to against what the migration needs.",
		Example: `  cutover monitoring check --connections connections.yaml
  cutover monitoring check freight-migration --target-kubeconfig target.kubeconfig`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(newMonitoringCheck(s))
	return command
}

// monitoringFlags are what a person says to cutover monitoring check.
type monitoringFlags struct {
	connections    connectionFlags
	length, format string
}

func newMonitoringCheck(s streams) *cobra.Command {
	var f monitoringFlags
	command := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check OpenShift's user workload monitoring, and print patches for what is missing",
		Long: `check reads the ConfigMaps cluster-monitoring-config and user-workload-monitoring-config and the
label of the Kafka namespace, on each cluster that user workload monitoring watches, and says
whether it is on, looks into the namespace, keeps data long enough and has a volume. For what
is missing it prints a patch and the command that applies it. It changes nothing: both
ConfigMaps belong to the whole cluster. It ends with 2 where something is left to do.`,
		Example: `  cutover monitoring check --connections connections.yaml
  cutover monitoring check freight-migration --target-kubeconfig target.kubeconfig --length 21d -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return runMonitoringCheck(command.Context(), s, folder(args), f)
		},
	}
	f.connections.addTo(command)
	command.Flags().StringVar(&f.length, "length", "14d", "how long the migration takes, from the first look at the source to the last at the target")
	addFormat(command, &f.format)
	return command
}

// watching is the result for one cluster.
type watching struct {
	Cluster plan.Side          `json:"cluster"`
	Mode    string             `json:"mode"`
	Holds   bool               `json:"holds"`
	Checks  []monitoring.Check `json:"checks"`
}

func runMonitoringCheck(ctx context.Context, s streams, dir string, f monitoringFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	length, err := monitoring.ParseDuration(f.length)
	if err != nil || length <= 0 {
		return usage(fmt.Sprintf("--length %q is no duration", f.length), "write it in days or hours, such as 14d or 36h")
	}
	connections, err := f.connections.connections()
	if err != nil {
		return err
	}
	decided, err := decide(ctx, dir)
	if err != nil {
		return err
	}
	results := []watching{}
	for _, side := range plan.Sides() {
		reached := connections.Source
		if side == plan.Target {
			reached = connections.Target
		}
		if reached.Kubernetes == nil {
			continue
		}
		result, err := watch(ctx, decided, side, *reached.Kubernetes, monitoring.Question{Length: length})
		if err != nil {
			return err
		}
		results = append(results, result)
	}
	if len(results) == 0 {
		return usage("no API server is named", "give --connections FILE, or --source-kubeconfig, --target-kubeconfig")
	}
	return printWatching(s, f.format, results)
}

// watch asks one cluster, where user workload monitoring is what watches it.
func watch(ctx context.Context, p *plan.Plan, side plan.Side, kubernetes connection.Kubernetes, q monitoring.Question) (watching, error) {
	prometheus := p.Migration.Monitoring.Prometheus
	q.Namespace, q.Platform, q.StorageClass = p.Kafka.Namespace, p.TargetPlatform, p.Migration.Target.StorageClass
	mode := prometheus.ModeOn(q.Platform)
	if side == plan.Source {
		q.Namespace, q.Platform, q.StorageClass = p.Migration.Source.Namespace, p.SourcePlatform, ""
		mode = migration.PrometheusOperator
		if source := p.Migration.Monitoring.Source; source != nil && source.Prometheus.Mode != "" {
			mode = source.Prometheus.Mode
		}
	}
	result := watching{Cluster: side, Mode: mode, Holds: true, Checks: []monitoring.Check{}}
	if mode != migration.UserWorkload {
		return result, nil
	}
	config, err := kubernetes.Config()
	if err != nil {
		return result, err
	}
	client, err := corev1.NewForConfig(config)
	if err != nil {
		return result, fmt.Errorf("reach the %s: %w", side, err)
	}
	result.Checks = monitoring.Evaluate(q, monitoring.Look(ctx, client, q.Namespace))
	result.Holds = monitoring.Hold(result.Checks)
	return result, ctx.Err()
}

// printWatching writes a line for each check and, under it, what to do.
func printWatching(s streams, format string, results []watching) error {
	var out bytes.Buffer
	holds := true
	for _, result := range results {
		holds = holds && result.Holds
		fmt.Fprintf(&out, "%s: %s\n", result.Cluster, result.Mode)
		if len(result.Checks) == 0 {
			fmt.Fprintln(&out, "  nothing of the cluster's own has to be set; see that its Prometheus selects the monitors (monitoring.labels)")
		}
		for _, check := range result.Checks {
			verdict := map[bool]string{true: "holds", false: "MISSING"}[check.Holds]
			if check.Unknown {
				verdict = "unknown"
			}
			fmt.Fprintf(&out, "  %-22s %-8s %s\n", check.Name, verdict, check.Seen)
			if check.Holds {
				continue
			}
			fmt.Fprintf(&out, "      asked: %s\n      do: %s\n", check.Asked, check.Do)
			if check.Command != "" {
				fmt.Fprintf(&out, "      %s\n", check.Command)
			}
			if check.Patch != "" {
				fmt.Fprintf(&out, "        %s\n", strings.ReplaceAll(strings.TrimSuffix(check.Patch, "\n"), "\n", "\n        "))
			}
		}
	}
	var err error
	if format == "json" {
		err = s.json(results)
	} else {
		err = s.result(out.Bytes())
	}
	if err == nil && !holds {
		return errFindings
	}
	return err
}
