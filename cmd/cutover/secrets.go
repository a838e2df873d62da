package main

import (
	"bytes"
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"

	"cutover/live/connection"
	"cutover/live/secret"
)

// secretFlags are what both commands about Secrets take.
type secretFlags struct {
	connections connectionFlags
	choice      secret.Choice
	force       bool
	format      string
}

func (f *secretFlags) addTo(command *cobra.Command) {
	f.connections.addTo(command)
	command.Flags().BoolVar(&f.choice.Authorities, "authorities", false, "the certificate authorities too, with their private keys")
	command.Flags().StringVar(&f.choice.Phase, "phase", "", "only what must be there before this phase, such as 060 (default: all of the way forth)")
	addFormat(command, &f.format)
}

func newSecrets(s streams, p printer) *cobra.Command {
	command := &cobra.Command{
		Use:   "secrets COMMAND",
		Short: "Bring Secrets from the source to the target, past every file",
		Long: `secrets compares the Secrets that a migration needs on the target with those of the source,
and copies what is missing directly from one API server to the other. No value goes into a
file, an output or a log: there are names, keys and salted digests.`,
		Example: `  cutover secrets plan --connections connections.yaml
  cutover secrets copy --connections connections.yaml --phase 060`,
		Args: cobra.ArbitraryArgs, RunE: subcommand, DisableFlagsInUseLine: true,
	}
	command.AddCommand(newSecretsPlan(s, p), newSecretsCopy(s, p))
	return command
}

func newSecretsPlan(s streams, p printer) *cobra.Command {
	var f secretFlags
	command := &cobra.Command{
		Use:   "plan [DIR]",
		Short: "Say which Secrets the target has, lacks, or has differently",
		Long:  `plan changes nothing. It ends with exit code 2 where a Secret is missing or differs.`,
		Example: `  cutover secrets plan --connections connections.yaml
  cutover secrets plan freight-migration --source-kubeconfig source.yaml --target-kubeconfig target.yaml -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return runSecrets(command.Context(), s, p, folder(args), f, secret.Compare)
		},
	}
	f.addTo(command)
	return command
}

func newSecretsCopy(s streams, p printer) *cobra.Command {
	var f secretFlags
	command := &cobra.Command{
		Use:   "copy [DIR]",
		Short: "Copy the Secrets that the target lacks",
		Long: `copy writes what is missing, with the labels and annotations that Strimzi's operators look
for, once the target's API server has tried all of it. It overwrites no other value without
--force. Run again, it changes nothing. It ends with exit code 2 where something is left.`,
		Example: `  cutover secrets copy --connections connections.yaml
  cutover secrets copy --connections connections.yaml --authorities --phase 030`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			bring := func(ctx context.Context, clusters secret.Clusters, wants []secret.Want) ([]secret.Row, error) {
				return secret.Copy(ctx, clusters, wants, f.force)
			}
			return runSecrets(command.Context(), s, p, folder(args), f, bring)
		},
	}
	f.addTo(command)
	command.Flags().BoolVar(&f.force, "force", false, "overwrite a value of the target that differs from the source's")
	return command
}

// runSecrets has the wanted Secrets of a migration compared or copied, and prints how they are.
func runSecrets(ctx context.Context, s streams, p printer, dir string, f secretFlags,
	do func(context.Context, secret.Clusters, []secret.Want) ([]secret.Row, error),
) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	clusters, err := f.clusters()
	if err != nil {
		return err
	}
	decided, err := decide(ctx, dir)
	if err != nil {
		return err
	}
	rows, err := do(ctx, clusters, secret.Wants(decided, f.choice))
	if err != nil {
		return err
	}
	return printSecrets(s, p, f.format, rows)
}

// clusters opens both API servers.
func (f *secretFlags) clusters() (secret.Clusters, error) {
	connections, err := f.connections.connections()
	if err != nil {
		return secret.Clusters{}, err
	}
	source, err := secretsOf("source", connections.Source)
	if err != nil {
		return secret.Clusters{}, err
	}
	target, err := secretsOf("target", connections.Target)
	return secret.Clusters{Source: source, Target: target}, err
}

func secretsOf(name string, side connection.Side) (corev1.SecretsGetter, error) {
	if side.Kubernetes == nil {
		return nil, usage("nothing says how the "+name+"'s API server is reached", "give --connections FILE, or --"+name+"-kubeconfig FILE")
	}
	config, err := side.Kubernetes.Config()
	if err != nil {
		return nil, err
	}
	client, err := corev1.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("prepare the client of the %s: %w", name, err)
	}
	return client, nil
}

func printSecrets(s streams, p printer, format string, rows []secret.Row) error {
	open, written := 0, 0
	for _, row := range rows {
		if !row.State.Settled() {
			open++
		}
		if row.Written {
			written++
		}
	}
	var err error
	if format == "json" {
		err = s.json(map[string]any{"settled": open == 0, "secrets": rows})
	} else {
		err = printSecretTable(s, rows)
	}
	if err != nil {
		return err
	}
	p.printf("%d keys of Secrets: %d written, %d open\n", len(rows), written, open)
	if open > 0 {
		return errFindings
	}
	return nil
}

func printSecretTable(s streams, rows []secret.Row) error {
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PHASE\tSECRET\tKEY\tFROM\tSTATE\tSOURCE\tTARGET")
	for _, row := range rows {
		state := string(row.State)
		if row.Written {
			state += ", written"
		}
		fmt.Fprintf(table, "%s\t%s/%s\t%s\t%s\t%s\t%s\t%s\n", row.Phase, row.Namespace, row.Name,
			dash(row.Key), dash(row.From), state, dash(row.SourceDigest), dash(row.TargetDigest))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i, row := range rows {
		said := i > 0 && rows[i-1].Name == row.Name && rows[i-1].How == row.How
		if row.How != "" && !said {
			fmt.Fprintf(&out, "%s/%s: %s\n", row.Namespace, row.Name, row.How)
		}
	}
	return s.result(out.Bytes())
}

// dash stands where there is nothing.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
