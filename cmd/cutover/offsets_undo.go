package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/generator/finding"
	"cutover/generator/plan"
	"cutover/live/connection"
	"cutover/live/offset"
)

// kafkaSide is an open connection to the brokers of one cluster.
type kafkaSide struct {
	kafka  connection.Kafka
	client *kgo.Client
}

func openKafka(ctx context.Context, connections connection.Connections, cluster plan.Side) (kafkaSide, error) {
	side := connections.Target
	if cluster == plan.Source {
		side = connections.Source
	}
	if side.Kafka == nil {
		return kafkaSide{}, usage(fmt.Sprintf("nothing says how the %s's brokers are reached", cluster), fmt.Sprintf("give --connections FILE, or --%s-bootstrap HOST:PORT", cluster))
	}
	client, err := side.Kafka.Client(ctx)
	return kafkaSide{*side.Kafka, client}, err
}

func newOffsetsUndo(s streams, p printer) *cobra.Command {
	var f offsetFlags
	command := &cobra.Command{
		Use:   "undo --file FILE",
		Short: "Set offsets back to what they were before",
		Long: `undo sets the groups in a file of cutover offsets apply back to what they had committed
before, and takes away what they had not. A group that has committed anything since stops it,
with exit code 2, before anything is set, unless --force is given.`,
		Example: `  cutover offsets undo --connections connections.yaml --file offsets-130.json
  cutover offsets undo --target-bootstrap new:9092 --file offsets-130.json --dry-run`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return undoOffsets(command.Context(), s, p, f) },
	}
	f.connections.addTo(command)
	addFormat(command, &f.format)
	f.addWriting(command)
	command.Flags().Lookup("force").Usage = "set back groups that have committed since"
	command.Flags().Lookup("dry-run").Usage = "change nothing"
	return command
}

func undoOffsets(ctx context.Context, s streams, p printer, f offsetFlags) error {
	if f.file == "" {
		return usage("--file is missing", "name the file that `cutover offsets apply` has written")
	}
	if err := checkFormat(f.format); err != nil {
		return err
	}
	a, err := offset.Read(f.file)
	if errors.Is(err, fs.ErrNotExist) {
		return finding.Finding{Rule: "offset-file", Severity: finding.Error, File: f.file, Message: "there is no such file", Hint: "name the file that `cutover offsets apply` has written"}
	}
	if err != nil {
		return err
	}
	connections, err := f.connections.connections()
	if err != nil {
		return err
	}
	side, err := openKafka(ctx, connections, a.Cluster)
	if err != nil {
		return err
	}
	defer side.client.Close()
	steps, obstacles, err := offset.Undoing(ctx, side.client, a, f.force)
	if err == nil && len(obstacles) == 0 && !f.dry {
		err = offset.Undo(ctx, side.client, steps)
	}
	if err != nil {
		return side.kafka.Explain(err)
	}
	return printSteps(s, p, f, steps, obstacles)
}

func printSteps(s streams, p printer, f offsetFlags, steps []offset.Step, obstacles finding.List) error {
	done := len(obstacles) == 0 && !f.dry
	if f.format == "json" {
		if err := s.json(map[string]any{"done": done, "steps": steps, "findings": obstacles}); err != nil {
			return err
		}
	} else {
		var out bytes.Buffer
		table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "GROUP\tTOPIC\tPARTITION\tNOW\tBACK TO")
		for _, step := range steps {
			fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", step.Group, step.Topic, step.Partition, position(step.Now), position(step.Back))
		}
		if err := errors.Join(table.Flush(), s.result(out.Bytes())); err != nil {
			return err
		}
	}
	p.findings(obstacles)
	switch {
	case len(obstacles) > 0:
		p.printf("nothing was set\n")
		return errFindings
	case f.dry:
		p.printf("%d offsets would be set back\n", len(steps))
	default:
		p.printf("%d offsets set back\n", len(steps))
	}
	return nil
}

// position shows an offset, and a dash where there is none.
func position(offset int64) string {
	if offset < 0 {
		return "-"
	}
	return fmt.Sprint(offset)
}
