package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"

	"cutover/generator/inventory"
	"cutover/live/capture"
	"cutover/live/connection"
)

// captureFlags say which running clusters of the source are asked.
type captureFlags struct {
	file       string
	kubernetes connection.Kubernetes
	kafka      connection.Kafka
	tls        connection.TLS
	sasl       connection.SASL
	encrypted  bool
	alone      bool
}

func (f *captureFlags) addTo(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&f.file, "connections", "", "file of kind Connections: ask what its source names")
	flags.StringVar(&f.kubernetes.Kubeconfig, "kubeconfig", "", "ask the API server that this file reaches")
	flags.StringVar(&f.kubernetes.Context, "context", "", "context of --kubeconfig (default: its current one)")
	flags.BoolVar(&f.kubernetes.InCluster, "in-cluster", false, "ask the API server of the cluster this runs in")
	flags.BoolVar(&f.alone, "only-namespace", false, "ask the API server for nothing outside --namespace")
	flags.StringVar(&f.kafka.Bootstrap, "bootstrap", "", "ask the brokers at HOST:PORT, several separated by commas")
	flags.BoolVar(&f.encrypted, "tls", false, "the listener has TLS, and a certificate that this machine trusts")
	flags.StringVar(&f.tls.CAFile, "tls-ca", "", "the listener has TLS, and a certificate of this authority (PEM)")
	flags.StringVar(&f.tls.CertFile, "tls-cert", "", "certificate to show to the brokers (PEM)")
	flags.StringVar(&f.tls.KeyFile, "tls-key", "", "key of --tls-cert (PEM)")
	flags.StringVar(&f.tls.ServerName, "tls-server-name", "", "name in the brokers' certificate, where it is not their address")
	flags.StringVar(&f.sasl.Mechanism, "sasl-mechanism", "scram-sha-512", "scram-sha-512, scram-sha-256 or plain")
	flags.StringVar(&f.sasl.Username, "username", "", "log in as this user")
	flags.StringVar(&f.sasl.PasswordFile, "password-file", "", "with the password in this file, or secret:NAMESPACE/NAME/KEY")
}

// side gives how the source is reached; nothing where no flag asks for a running cluster.
func (f *captureFlags) side(namespace string) (connection.Side, error) {
	var side connection.Side
	if f.kubernetes != (connection.Kubernetes{}) {
		kubernetes := f.kubernetes
		side.Kubernetes = &kubernetes
	}
	if f.kafka.Bootstrap != "" {
		side.Kafka = &connection.Kafka{Bootstrap: f.kafka.Bootstrap}
		if f.encrypted || f.tls != (connection.TLS{}) {
			side.Kafka.TLS = &f.tls
		}
		if f.sasl.Username != "" || f.sasl.PasswordFile != "" {
			side.Kafka.SASL = &f.sasl
		}
	}
	single := side != (connection.Side{})
	switch {
	case f.file != "" && single:
		return side, usage("--connections and flags for single connections exclude each other", "write everything into the file of --connections")
	case f.kafka.Bootstrap == "" && (f.encrypted || f.tls != (connection.TLS{}) || f.sasl.Username != "" || f.sasl.PasswordFile != ""):
		return side, usage("credentials for Kafka go with --bootstrap", "write --bootstrap HOST:PORT")
	case f.alone && namespace == "":
		return side, usage("--only-namespace goes with --namespace", "name the namespace with -n")
	case f.file != "":
		connections, err := connection.Load(f.file)
		return connections.Source, err
	}
	connections, err := connection.New(side, connection.Side{})
	return connections.Source, err
}

// live prepares what the running clusters are asked, and asks the brokers.
func (f *captureFlags) live(ctx context.Context, side connection.Side, namespace string, p printer) (inventory.Live, error) {
	var live inventory.Live
	if side.Kubernetes != nil {
		reader, err := f.objects(*side.Kubernetes, namespace)
		if err != nil {
			return live, err
		}
		live.Objects = reader.Each
	}
	if side.Kafka == nil {
		return live, nil
	}
	p.progress("asking the brokers at %s …", side.Kafka.Bootstrap)
	client, err := side.Kafka.Client(ctx)
	if err != nil {
		return live, err
	}
	defer client.Close()
	snapshot, err := capture.Kafka(ctx, client)
	if err != nil {
		return live, side.Kafka.Explain(err)
	}
	p.printf("%s\n", moment(snapshot))
	live.Brokers = snapshot.Inventory()
	return live, nil
}

// objects prepares the reading of an API server.
func (f *captureFlags) objects(kubernetes connection.Kubernetes, namespace string) (capture.Kubernetes, error) {
	if namespace == "" {
		namespace = kubernetes.DefaultNamespace()
	}
	config, err := kubernetes.Config()
	if err != nil {
		return capture.Kubernetes{}, err
	}
	kinds, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return capture.Kubernetes{}, fmt.Errorf("prepare discovery: %w", err)
	}
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return capture.Kubernetes{}, fmt.Errorf("prepare the API client: %w", err)
	}
	return capture.Kubernetes{Kinds: kinds, Objects: objects, Namespace: namespace, Alone: f.alone}, nil
}

// moment tells what of a snapshot is of its moment, and therefore in no inventory.
func moment(snapshot capture.Snapshot) string {
	t := snapshot.Totals()
	return fmt.Sprintf("%d brokers: %d topics, %d partitions, %d offsets between log starts and ends; %d groups, %d records behind, %d partitions without a commit",
		len(snapshot.Brokers), t.Topics, t.Partitions, t.Records, t.Groups, t.Lag, t.Uncommitted)
}
