// Package deployment starts and stops the processes of a workload, as many as its replica
// count says, like the kubelets of a cluster do.
package deployment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"cutover/e2e/kafka/journal"
	"cutover/e2e/kafka/manifest"
	"cutover/e2e/kafka/process"
	"cutover/e2e/kafka/workload"
)

const (
	// readyLimit is how long a replica may take to be ready, stopLimit how long to finish its work.
	readyLimit = 2 * time.Minute
	stopLimit  = time.Minute
	// crashPause is the time before a process that ended by itself is started again.
	crashPause = time.Second
)

// Template is what a team's manifest says of a workload.
type Template struct {
	// Name is the object's, Replicas its count.
	Name     string
	Replicas int
	// Env is that of its container.
	Env map[string]string
}

// ReadTemplate reads a Deployment or StatefulSet as a team's pipeline applied it.
func ReadTemplate(object manifest.Object) (Template, error) {
	var content struct {
		Spec struct {
			Replicas int `json:"replicas"`
			Template struct {
				Spec struct {
					Containers []struct {
						Env []struct{ Name, Value string } `json:"env"`
					} `json:"containers"`
				} `json:"spec"`
			} `json:"template"`
		} `json:"spec"`
	}
	if err := object.Decode(&content); err != nil {
		return Template{}, err
	}
	t := Template{Name: object.Metadata.Name, Replicas: content.Spec.Replicas, Env: make(map[string]string)}
	if n := len(content.Spec.Template.Spec.Containers); n != 1 {
		return t, fmt.Errorf("%s %s: %d containers, want one", object.Kind, object.Metadata.Name, n)
	}
	for _, variable := range content.Spec.Template.Spec.Containers[0].Env {
		t.Env[variable.Name] = variable.Value
	}
	return t, nil
}

// Subscription is a group and one topic that it reads.
type Subscription struct {
	Group, Topic string
}

// Subscriptions are what the workload's groups read: each group all of its inputs.
func (t Template) Subscriptions() []Subscription {
	var all []Subscription
	for _, group := range workload.List(t.Env[workload.EnvGroups]) {
		for _, topic := range workload.List(t.Env[workload.EnvInputs]) {
			all = append(all, Subscription{group, topic})
		}
	}
	return all
}

// Place is where workloads run.
type Place struct {
	// Program is the path of the app.
	Program string
	// Cluster is source or target, Bootstrap its brokers.
	Cluster, Bootstrap string
	// Journals is the folder of journals, one for both clusters; Logs one of the cluster's own.
	Journals, Logs string
}

// Deployment is a workload on one cluster, with no replica at first.
type Deployment struct {
	template Template
	place    Place
	replicas []*replica
	crashes  atomic.Int32
}

// New is the workload in that place.
func New(template Template, place Place) *Deployment {
	return &Deployment{template: template, place: place}
}

// Replicas is how many replicas run.
func (d *Deployment) Replicas() int { return len(d.replicas) }

// Crashes counts how often a process ended that nobody had asked to.
func (d *Deployment) Crashes() int { return int(d.crashes.Load()) }

// Scale starts or stops replicas until there are n, and returns when those are ready and the
// others have finished their work.
func (d *Deployment) Scale(ctx context.Context, n int) error {
	var begun, ended []*replica
	for len(d.replicas) > n {
		last := len(d.replicas) - 1
		ended = append(ended, d.replicas[last])
		d.replicas = d.replicas[:last]
	}
	for len(d.replicas) < n {
		r := d.newReplica(len(d.replicas))
		begun = append(begun, r)
		d.replicas = append(d.replicas, r)
	}
	errs := make(chan error, len(begun)+len(ended))
	for _, r := range begun {
		go func() { errs <- r.start(ctx) }()
	}
	for _, r := range ended {
		go func() { errs <- r.stop() }()
	}
	var all error
	for range cap(errs) {
		all = errors.Join(all, <-errs)
	}
	if all != nil {
		return fmt.Errorf("scale %s on the %s to %d: %w", d.template.Name, d.place.Cluster, n, all)
	}
	return nil
}

// Kill ends all replicas as lost nodes would; they are not started again.
func (d *Deployment) Kill() {
	for _, r := range d.replicas {
		r.kill()
	}
	d.replicas = nil
}

// Logs are the files of the replicas' output.
func (d *Deployment) Logs() []string {
	logs, _ := filepath.Glob(filepath.Join(d.place.Logs, d.template.Name+"-*.log")) // a name of Kubernetes' has no pattern in it
	return logs
}

func (d *Deployment) newReplica(number int) *replica {
	name := fmt.Sprintf("%s-%d", d.template.Name, number)
	ready := filepath.Join(d.place.Logs, name+".ready")
	env := map[string]string{}
	for key, value := range d.template.Env {
		env[key] = value
	}
	env[workload.EnvName] = d.template.Name
	env[workload.EnvReplica] = fmt.Sprint(number)
	env[workload.EnvCluster] = d.place.Cluster
	env[workload.EnvBootstrap] = d.place.Bootstrap
	env[workload.EnvJournal] = journal.Path(d.place.Journals, d.template.Name, number)
	env[workload.EnvReady] = ready
	command := process.Command{Name: name, Path: d.place.Program, Dir: d.place.Logs, Log: filepath.Join(d.place.Logs, name+".log")}
	for key, value := range env {
		command.Env = append(command.Env, key+"="+value)
	}
	return &replica{command: command, ready: ready, crashes: &d.crashes, stopping: make(chan struct{}), stopped: make(chan error, 1)}
}

// replica is one process, started again when it crashes.
type replica struct {
	command  process.Command
	ready    string
	crashes  *atomic.Int32
	ending   sync.Once
	stopping chan struct{}
	killing  atomic.Bool
	stopped  chan error
}

func (r *replica) start(ctx context.Context) error {
	// The file tells of this start, not of an earlier one.
	if err := os.RemoveAll(r.ready); err != nil {
		return err
	}
	p, err := process.Start(r.command)
	if err != nil {
		r.stopped <- nil
		return err
	}
	go func() { r.stopped <- r.watch(p) }()
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	err = process.Await(ctx, r.command.Name+" is not ready", func(context.Context) error {
		_, err := os.Stat(r.ready)
		return err
	})
	if err != nil {
		return fmt.Errorf("%w; its log ends with:\n%s", err, process.Tail(r.command.Log))
	}
	return nil
}

// watch starts the process again whenever it ends, until it is to be stopped.
func (r *replica) watch(p *process.Process) error {
	for {
		select {
		case <-r.stopping:
			if r.killing.Load() {
				p.Kill()
				return nil
			}
			return p.Stop(stopLimit)
		case <-p.Done():
		}
		r.crashes.Add(1)
		select {
		case <-r.stopping:
			return nil
		case <-time.After(crashPause):
		}
		var err error
		if p, err = process.Start(r.command); err != nil {
			return err
		}
	}
}

func (r *replica) stop() error {
	r.ending.Do(func() { close(r.stopping) })
	return <-r.stopped
}

func (r *replica) kill() {
	r.killing.Store(true)
	_ = r.stop() // a kill leaves no error
}
