package main

import (
	"bytes"
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"cutover/generator/finding"
	"cutover/generator/plan"
	"cutover/live/clock"
	estimation "cutover/live/estimate"
)

// estimateFlags are what a person says to cutover estimate.
type estimateFlags struct {
	connections connectionFlags
	sample      time.Duration
	rate        float64
	format      string
}

func newEstimate(s streams, p printer) *cobra.Command {
	var f estimateFlags
	command := &cobra.Command{
		Use:   "estimate [DIR]",
		Short: "Say how long the mirror has to copy, and what limits it",
		Long: `estimate looks twice at the brokers of both clusters, and tells what is to be mirrored, how
fast it grows and goes, when the mirror has caught up, and what keeps it from being faster. It
ends with exit code 2 where the source would delete data before it is mirrored. Without
brokers it tells what the inventory alone shows. It changes nothing.`,
		Example: `  cutover estimate --connections connections.yaml
  cutover estimate freight-migration --source-bootstrap old:9092 --rate 40
  cutover estimate --connections connections.yaml --sample 2m -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return runEstimate(command.Context(), s, p, folder(args), f)
		},
	}
	f.connections.addTo(command)
	command.Flags().DurationVar(&f.sample, "sample", 30*time.Second, "time between the two looks; 0 for one look, without rates")
	command.Flags().Float64Var(&f.rate, "rate", 0, "MiB a second that a mirror that does not run yet is taken to copy")
	addFormat(command, &f.format)
	return command
}

func runEstimate(ctx context.Context, s streams, p printer, dir string, f estimateFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	if f.sample < 0 || f.rate < 0 {
		return usage("--sample and --rate must not be less than 0", "leave them out for the defaults")
	}
	decided, err := decide(ctx, dir)
	if err != nil {
		return err
	}
	in := estimation.Input{Topics: estimation.Mirrored(decided), Tasks: decided.Mirror.TasksMax, Quota: estimation.Quota(decided), Assumed: f.rate * (1 << 20)}
	if err := f.look(ctx, p, decided, &in); err != nil {
		return err
	}
	return printEstimate(s, p, f.format, estimation.Of(in))
}

// look asks the brokers that the flags name, if they name any.
func (f estimateFlags) look(ctx context.Context, p printer, decided *plan.Plan, in *estimation.Input) error {
	connections, err := f.connections.connections()
	if err != nil || connections.Source.Kafka == nil && connections.Target.Kafka == nil {
		return err
	}
	source, err := openKafka(ctx, connections, plan.Source)
	if err != nil {
		return err
	}
	defer source.client.Close()
	clusters := estimation.Clusters{Source: source.client}
	explain := source.kafka.Explain
	if connections.Target.Kafka != nil {
		target, err := openKafka(ctx, connections, plan.Target)
		if err != nil {
			return err
		}
		defer target.client.Close()
		clusters.Target = target.client
		explain = func(err error) error { return target.explain(source, err) }
	}
	if err := clusters.Retention(ctx, in.Topics); err != nil {
		return explain(err)
	}
	second, err := clusters.Look(ctx, decided)
	if err == nil && f.sample > 0 {
		first := second
		in.First = &first
		p.progress("looking again in %s …", f.sample)
		if err := clock.Wait(ctx, f.sample); err != nil {
			return fmt.Errorf("interrupted: %w", err)
		}
		second, err = clusters.Look(ctx, decided)
	}
	in.Second = &second
	return explain(err)
}

func printEstimate(s streams, p printer, format string, report estimation.Report) error {
	if format == "json" {
		if err := s.json(report); err != nil {
			return err
		}
	} else if err := s.result(estimateText(report)); err != nil {
		return err
	}
	for _, unknown := range report.Unknown {
		p.printf("not known: %s\n", unknown)
	}
	for _, loss := range report.Lost {
		p.findings(finding.List{loss.Finding()})
	}
	if len(report.Lost) > 0 {
		return errFindings
	}
	return nil
}

// mostTopics is how many topics a person is shown; JSON has all.
const mostTopics = 20

func estimateText(report estimation.Report) []byte {
	var out bytes.Buffer
	partitions := int32(0)
	for _, topic := range report.Topics {
		partitions += topic.Partitions
	}
	fmt.Fprintf(&out, "%d topics with %d partitions are mirrored\n", len(report.Topics), partitions)
	if report.Seen {
		fmt.Fprintf(&out, "  to copy    %d messages, %s\n", report.Messages, estimation.Size(float64(report.Bytes)))
	}
	if report.Measured {
		fmt.Fprintf(&out, "  ingest     %s\n  mirror     %s\n", rateText(report.Ingest), rateText(report.Mirror))
	}
	fmt.Fprintf(&out, "  caught up  %s\n", estimation.In(report.Seconds))
	for _, limit := range report.Limits {
		fmt.Fprintf(&out, "  limit      %s\n", limit)
	}
	if !report.Seen {
		return out.Bytes()
	}
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "MESSAGES\tBYTES\tINGEST/s\tMIRROR/s\tCAUGHT UP\tPARTITIONS\tTOPIC")
	for _, topic := range report.Topics[:min(len(report.Topics), mostTopics)] {
		fmt.Fprintf(table, "%d\t%s\t%.1f\t%.1f\t%s\t%d\t%s\n", topic.Messages, estimation.Size(float64(topic.Bytes)),
			topic.Ingest.Messages, topic.Mirror.Messages, estimation.In(topic.Seconds), topic.Partitions, topic.Topic)
	}
	table.Flush() //nolint:errcheck,gosec // a buffer takes everything
	if more := len(report.Topics) - mostTopics; more > 0 {
		fmt.Fprintf(&out, "and %d more: see -o json\n", more)
	}
	return out.Bytes()
}

func rateText(rate estimation.Rate) string {
	return fmt.Sprintf("%.1f messages/s, %s/s", rate.Messages, estimation.Size(rate.Bytes))
}
