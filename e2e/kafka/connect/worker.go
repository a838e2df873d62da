package connect

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"strconv"
	"time"

	"cutover/e2e/kafka/java"
	"cutover/e2e/kafka/process"
)

const (
	// startLimit is how long a worker may take until it answers, on busy cores.
	startLimit = 3 * time.Minute
	// grace is how long a worker may take to end in good order: it commits its offsets.
	grace = time.Minute
)

// worker is one Connect process.
type worker struct {
	java    java.Runtime
	program java.Program
	rest    api
	process *process.Process
}

// newWorker writes the settings of worker number i of a mirror.
func newWorker(runtime java.Runtime, folder string, i int, wanted Wanted) (*worker, error) {
	module, err := runtime.Module("connect", wanted.Version)
	if err != nil {
		return nil, err
	}
	ports, err := process.FreePorts(1)
	if err != nil {
		return nil, err
	}
	agent, err := java.NewAgent(wanted.Rules)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("connect-%d", i)
	config := maps.Clone(wanted.Worker)
	config["listeners"] = fmt.Sprintf("http://127.0.0.1:%d", ports[0])
	config["rest.advertised.host.name"] = "127.0.0.1"
	config["rest.advertised.port"] = strconv.Itoa(ports[0])
	file := filepath.Join(folder, name+".properties")
	if err := java.Properties(file, config); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &worker{java: runtime, rest: newAPI(ports[0]), program: java.Program{
		Name: name, Module: module, Main: "org.apache.kafka.connect.cli.ConnectDistributed",
		Args: []string{file}, JVM: java.Options(wanted.JVM), Folder: folder, Agent: agent,
	}}, nil
}

// start starts the process and returns when its REST API answers from within the group.
func (w *worker) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	var err error
	if w.process, err = w.java.Start(w.program); err != nil {
		return err
	}
	return w.process.AwaitRunning(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		_, err := w.rest.connectors(ctx)
		return err
	})
}

func (w *worker) stop() error { return w.process.Stop(grace) }
