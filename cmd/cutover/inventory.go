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
	if loaded, ok, err := e.finished(); ok || err != nil {
		return loaded, err
	}
	return e.readLive(ctx, s, inventory.Live{})
}

// finished reads a file that is an inventory already.
func (e *evidence) finished() (loaded inventory.Inventory, ok bool, err error) {
	if len(e.files) != 1 || e.files[0] == "-" {
		return inventory.Inventory{}, false, nil
	}
	return workspace.ReadInventory(e.files[0])
}

// readLive makes the inventory from running clusters and the export, if there is one.
func (e *evidence) readLive(ctx context.Context, s streams, live inventory.Live) (inventory.Inventory, error) {
	source := inventory.Paths{Names: e.files, Stdin: s.in}
	read, findings, err := inventory.ReadLive(ctx, live, source, inventory.Options{Cluster: e.cluster, Namespace: e.namespace})
	read.Findings = findings
	return read, err
}

func newInventory(s streams, p printer) *cobra.Command {
	var from evidence
	var running captureFlags
	command := &cobra.Command{
		Use:   "inventory [-f PATH…]",
		Short: "Read the source cluster, exported or running, into one normalised file",
		Long: `inventory reads what oc get … -o yaml prints, and the text of kafka-topics.sh,
kafka-configs.sh and kafka-consumer-groups.sh --describe; or it asks the API server and the
brokers themselves, or all of them. It prints the inventory: stable order, no timestamps, no
Secret values. It changes nothing, makes do with a user who may only list and describe, and
says what such a user could not see.`,
		Example: `  cutover inventory -f export/ > inventory.yaml
  oc get kafka,kafkatopic,kafkauser -o yaml | cutover inventory -f - --cluster freight
  cutover inventory --kubeconfig source.yaml -n kafka --bootstrap kafka.example.com:443 \
    --tls-ca ca.crt --username cutover --password-file password`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			read, err := takeInventory(command.Context(), s, p, from, running)
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
	running.addTo(command)
	return command
}

// takeInventory asks the running clusters that the flags name, and reads the export.
func takeInventory(ctx context.Context, s streams, p printer, from evidence, running captureFlags) (inventory.Inventory, error) {
	side, err := running.side(from.namespace)
	if err != nil {
		return inventory.Inventory{}, err
	}
	if side.Kafka == nil && side.Kubernetes == nil {
		return from.read(ctx, s)
	}
	if _, ok, err := from.finished(); ok || err != nil {
		if err == nil {
			err = usage(from.files[0]+" is an inventory, which running clusters are not added to", "give the export that it was made of, or nothing")
		}
		return inventory.Inventory{}, err
	}
	live, err := running.live(ctx, side, from.namespace, p)
	if err != nil {
		return inventory.Inventory{}, err
	}
	return from.readLive(ctx, s, live)
}
