package connect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"cutover/e2e/kafka/java"
	"cutover/e2e/kafka/process"
)

// callLimit is how long one change may take while the workers rebalance.
const callLimit = 2 * time.Minute

// Mirror is one KafkaMirrorMaker2 that runs.
type Mirror struct {
	java    java.Runtime
	address Address
	folder  string

	mutex   sync.Mutex
	wanted  Wanted
	workers []*worker
}

// state is what is wanted and which workers there are, at one moment.
func (m *Mirror) state() (Wanted, []*worker) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.wanted, slices.Clone(m.workers)
}

func (m *Mirror) become(wanted Wanted, workers []*worker) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.wanted, m.workers = wanted, workers
}

// New is a mirror that does not run yet. folder exists and takes its logs.
func New(runtime java.Runtime, address Address, folder string) *Mirror {
	return &Mirror{java: runtime, address: address, folder: folder}
}

// Apply makes the mirror what the resource says, as the operator would upon a change of it:
// workers first, then connectors that are no longer wanted are deleted, new and changed ones
// written, and each paused or resumed.
func (m *Mirror) Apply(ctx context.Context, r Resource) error {
	wanted, err := Translate(r, m.address)
	if err != nil {
		return fmt.Errorf("KafkaMirrorMaker2 %s: %w", r.Metadata.Name, err)
	}
	if err := m.applyWorkers(ctx, wanted); err != nil {
		return fmt.Errorf("KafkaMirrorMaker2 %s: %w", r.Metadata.Name, err)
	}
	m.become(wanted, m.workers)
	if len(m.workers) == 0 {
		return nil
	}
	if err := m.applyConnectors(ctx); err != nil {
		return fmt.Errorf("KafkaMirrorMaker2 %s: %w", r.Metadata.Name, err)
	}
	return nil
}

// Remove does what the operator does when the resource is gone: it takes the workers away.
// What they wrote into their own topics, connectors included, stays.
func (m *Mirror) Remove() error {
	var all error
	for _, w := range m.workers {
		all = errors.Join(all, w.stop())
	}
	m.become(Wanted{}, nil)
	return all
}

// applyWorkers starts and stops workers until there are as many as wanted, configured as
// wanted. Like a changed pod template, a changed configuration restarts all of them.
func (m *Mirror) applyWorkers(ctx context.Context, wanted Wanted) error {
	same := maps.Equal(m.wanted.Worker, wanted.Worker) && m.wanted.Version == wanted.Version
	for len(m.workers) > 0 && (!same || len(m.workers) > wanted.Workers) {
		last := len(m.workers) - 1
		if err := m.workers[last].stop(); err != nil {
			return err
		}
		m.become(m.wanted, m.workers[:last])
	}
	for len(m.workers) < wanted.Workers {
		w, err := newWorker(m.java, m.folder, len(m.workers), wanted)
		if err != nil {
			return err
		}
		if err := w.start(ctx); err != nil {
			return err
		}
		m.become(m.wanted, append(m.workers, w))
	}
	return nil
}

func (m *Mirror) applyConnectors(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	rest := m.workers[0].rest
	// While the workers rebalance, Connect answers 409 and wants to be asked again.
	return process.Await(ctx, "connectors", func(ctx context.Context) error {
		names, err := rest.connectors(ctx)
		if err != nil {
			return err
		}
		for _, name := range names {
			if !slices.ContainsFunc(m.wanted.Connectors, func(c Connector) bool { return c.Name == name }) {
				if err := rest.delete(ctx, name); err != nil {
					return err
				}
			}
		}
		for _, c := range m.wanted.Connectors {
			if err := reconcile(ctx, rest, c, slices.Contains(names, c.Name)); err != nil {
				return err
			}
		}
		return nil
	})
}

func reconcile(ctx context.Context, rest api, c Connector, exists bool) error {
	var present map[string]string
	if exists {
		var err error
		if present, err = rest.config(ctx, c.Name); err != nil {
			return err
		}
	}
	if !maps.Equal(present, c.Config) {
		if err := rest.put(ctx, c); err != nil {
			return err
		}
	}
	status, err := rest.status(ctx, c.Name)
	switch {
	case err != nil:
		return err
	case c.Pause && status.Connector.State != Paused:
		return rest.pause(ctx, c.Name)
	case !c.Pause && status.Connector.State == Paused:
		return rest.resume(ctx, c.Name)
	}
	return nil
}

// Status gives the status of every connector that is wanted, from the first worker that runs.
func (m *Mirror) Status(ctx context.Context) ([]Status, error) {
	wanted, workers := m.state()
	i := slices.IndexFunc(workers, func(w *worker) bool { return w.process.Ended() == nil })
	if i < 0 {
		return nil, errors.New("no Connect worker runs")
	}
	all := make([]Status, 0, len(wanted.Connectors))
	for _, c := range wanted.Connectors {
		status, err := workers[i].rest.status(ctx, c.Name)
		if err != nil {
			return nil, err
		}
		all = append(all, status)
	}
	return all, nil
}

// URL is where the first worker that runs serves Connect's REST API, "" where none runs.
func (m *Mirror) URL() string {
	for _, w := range m.workers {
		if w.process.Ended() == nil {
			return w.rest.url
		}
	}
	return ""
}

// Metrics are the addresses of the workers' JMX exporters; "" where none runs.
func (m *Mirror) Metrics() []string {
	_, workers := m.state()
	addresses := make([]string, len(workers))
	for i, w := range workers {
		addresses[i] = w.program.Agent.Address()
	}
	return addresses
}

// AwaitState returns when every connector and all of its tasks are in the state that is
// wanted, RUNNING or PAUSED, and the source connector has a task.
func (m *Mirror) AwaitState(ctx context.Context, state State) error {
	return process.Await(ctx, "mirror", func(ctx context.Context) error {
		all, err := m.Status(ctx)
		if err != nil {
			return err
		}
		for i, status := range all {
			if status.Connector.State != state {
				return fmt.Errorf("%s is %s, want %s: %.500s", status.Name, status.Connector.State, state, status.Connector.Trace)
			}
			if i == 0 && len(status.Tasks) == 0 {
				return fmt.Errorf("%s has no task", status.Name)
			}
			for _, task := range status.Tasks {
				if task.State != state {
					return fmt.Errorf("%s task %d is %s, want %s: %.500s", status.Name, task.ID, task.State, state, task.Trace)
				}
			}
		}
		return nil
	})
}

// Configure changes one setting of a connector behind the operator's back. The next Apply
// takes it away again.
func (m *Mirror) Configure(ctx context.Context, connector int, key, value string) error {
	wanted, workers := m.state()
	c := wanted.Connectors[connector]
	config := maps.Clone(c.Config)
	config[key] = value
	return workers[0].rest.put(ctx, Connector{Name: c.Name, Config: config})
}

// KillWorker ends a worker as a lost node, or the kernel short of memory, would.
func (m *Mirror) KillWorker(i int) { m.workers[i].process.Kill() }

// RestartWorker starts a killed worker again and returns when it answers.
func (m *Mirror) RestartWorker(ctx context.Context, i int) error { return m.workers[i].start(ctx) }

// Kill ends all workers at once.
func (m *Mirror) Kill() {
	for i := range m.workers {
		m.KillWorker(i)
	}
}
