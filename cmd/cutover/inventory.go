package main

import (
	"context"

	"github.com/spf13/cobra"

	"cutover/generator/inventory"
	"cutover/generator/workspace"
)

// evidence are the flags that say where an inventory comes from.
type evidence struct {
	files              []string
	cluster, namespace string
}

func (e *evidence) addTo(command *cobra.Command) {
	command.Flags().StringArrayVarP(&e.files, "filename", "f", nil, "exported manifests or tool output: files, folders, .tar.gz, or - for standard input")
	command.Flags().StringVar(&e.cluster, "cluster", "", "name of the Kafka resource, where the export holds several")
	command.Flags().StringVarP(&e.namespace, "namespace", "n", "", "namespace of the Kafka resource, where its name is not unique")
}

// read makes the inventory from the evidence, or takes a finished inventory.yaml.
func (e *evidence) read(ctx context.Context, s streams) (inventory.Inventory, error) {
	if len(e.files) == 0 {
		return inventory.Inventory{}, usage("-f is missing", "name the export: -f export/")
	}
	if len(e.files) == 1 && e.files[0] != "-" {
		if loaded, ok, err := workspace.ReadInventory(e.files[0]); ok || err != nil {
			return loaded, err
		}
	}
	source := inventory.Paths{Names: e.files, Stdin: s.in}
	read, findings, err := inventory.Read(ctx, source, inventory.Options{Cluster: e.cluster, Namespace: e.namespace})
	read.Findings = findings
	return read, err
}

func newInventory(s streams, p printer) *cobra.Command {
	var from evidence
	command := &cobra.Command{
		Use:   "inventory -f PATH…",
		Short: "Read an exported source cluster into one normalised file",
		Long: `inventory reads what oc get … -o yaml prints, and the text of kafka-topics.sh,
kafka-configs.sh and kafka-consumer-groups.sh --describe, and prints the inventory: stable
order, no timestamps, no Secret values.`,
		Example: `  cutover inventory -f export/ > inventory.yaml
  oc get kafka,kafkatopic,kafkauser -o yaml | cutover inventory -f - --cluster freight`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			read, err := from.read(command.Context(), s)
			p.findings(read.Findings)
			if err != nil {
				return err
			}
			content, err := inventory.Marshal(read)
			if err != nil {
				return err
			}
			for _, gap := range inventory.Unprovable(read) {
				p.printf("note: gate %s cannot be proven from this evidence: %s\n", gap.Gate, gap.Because)
			}
			p.printf("%d topics, %d users, %d groups, %d workloads of Kafka %s/%s\n",
				len(read.Topics), len(read.Users), len(read.Groups), len(read.Workloads), read.Kafka.Namespace, read.Kafka.Name)
			return s.result(content)
		},
	}
	from.addTo(command)
	return command
}
