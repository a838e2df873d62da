package main

import (
	"github.com/spf13/cobra"

	"cutover/live/connection"
)

// connectionFlags say how the two clusters are reached: by a file of kind Connections, or,
// for listeners without TLS and login, one flag at a time.
type connectionFlags struct {
	file           string
	source, target sideFlags
	connectURL     string
}

// sideFlags are those of one cluster.
type sideFlags struct{ bootstrap, kubeconfig, context string }

func (f *connectionFlags) addTo(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&f.file, "connections", "", "file of kind Connections: how both clusters are reached")
	for _, named := range []struct {
		name string
		side *sideFlags
	}{{"source", &f.source}, {"target", &f.target}} {
		flags.StringVar(&named.side.bootstrap, named.name+"-bootstrap", "", "the "+named.name+"'s brokers, HOST:PORT, without TLS and login")
		flags.StringVar(&named.side.kubeconfig, named.name+"-kubeconfig", "", "reach the "+named.name+"'s API server by this file")
		flags.StringVar(&named.side.context, named.name+"-context", "", "context of --"+named.name+"-kubeconfig (default: its current one)")
	}
	flags.StringVar(&f.connectURL, "connect-url", "", "REST address of the mirror's Kafka Connect, where it can be reached")
}

// connections gives what the flags say: nil members where they say nothing.
func (f *connectionFlags) connections() (connection.Connections, error) {
	single := f.source != (sideFlags{}) || f.target != (sideFlags{}) || f.connectURL != ""
	switch {
	case f.file != "" && single:
		return connection.Connections{}, usage("--connections and flags for single connections exclude each other", "write everything into the file of --connections")
	case f.file != "":
		return connection.Load(f.file)
	}
	source, err := f.source.side("source")
	if err != nil {
		return connection.Connections{}, err
	}
	target, err := f.target.side("target")
	if err != nil {
		return connection.Connections{}, err
	}
	if f.connectURL != "" {
		target.Connect = &connection.Connect{URL: f.connectURL}
	}
	return connection.New(source, target)
}

func (f sideFlags) side(name string) (connection.Side, error) {
	var side connection.Side
	if f.context != "" && f.kubeconfig == "" {
		return side, usage("--"+name+"-context goes with --"+name+"-kubeconfig", "name the kubeconfig that has the context")
	}
	if f.bootstrap != "" {
		side.Kafka = &connection.Kafka{Bootstrap: f.bootstrap}
	}
	if f.kubeconfig != "" {
		side.Kubernetes = &connection.Kubernetes{Kubeconfig: f.kubeconfig, Context: f.context}
	}
	return side, nil
}
