// Package operator stands for the two Kubernetes clusters of a migration and the operators in
// them: it takes objects as Argo CD would apply them, and runs what they ask for: Kafka, its
// topics, workloads, and MirrorMaker 2.
package operator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"cutover/e2e/kafka/broker"
	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/deployment"
	"cutover/e2e/kafka/java"
	"cutover/e2e/kafka/kubernetes"
	"cutover/e2e/kafka/manifest"
)

// Settings say what both clusters run with.
type Settings struct {
	// Java is where the jars are, App the path of the workloads' program.
	Java java.Runtime
	App  string
	// Folder exists, is empty, and takes all data, logs and journals.
	Folder string
	// Templates are the teams' manifests: the same on both clusters.
	Templates []deployment.Template
	// Server keeps the cluster's objects and their status, unless it is nil.
	Server *kubernetes.Server
}

// Cluster is one Kubernetes cluster.
type Cluster struct {
	// Name is source or target.
	Name string
	// Brokers is its Kafka, nil until that was applied.
	Brokers *broker.Cluster

	settings    Settings
	folder      string
	address     connect.Address
	mutex       sync.Mutex
	deployments map[string]*deployment.Deployment
	objects     map[string]manifest.Object // of workloads
	mirrors     map[string]*mirror         // by the name of their resource
	exports     bool
}

// New is a cluster with nothing in it. address knows where listeners are in this test.
func New(name string, s Settings, address connect.Address) (*Cluster, error) {
	c := &Cluster{Name: name, settings: s, address: address, folder: filepath.Join(s.Folder, name), deployments: make(map[string]*deployment.Deployment), objects: make(map[string]manifest.Object), mirrors: make(map[string]*mirror)}
	for _, folder := range []string{c.kafkaFolder(), c.mirrorFolder(), c.workloadFolder(), c.Journals()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, fmt.Errorf("cluster %s: %w", name, err)
		}
	}
	return c, nil
}

func (c *Cluster) kafkaFolder() string    { return filepath.Join(c.folder, "kafka") }
func (c *Cluster) mirrorFolder() string   { return filepath.Join(c.folder, "mirror") }
func (c *Cluster) workloadFolder() string { return filepath.Join(c.folder, "workloads") }

// Journals is the folder of the workloads' journals, the same for both clusters.
func (c *Cluster) Journals() string { return filepath.Join(c.settings.Folder, "journals") }

// Apply makes the cluster what the objects say and returns when it is: brokers joined, topics
// led, replicas ready or gone, connectors written. What it does not know it passes over. Of
// what is no longer among the objects only a mirror goes: Argo CD prunes neither Kafka nor
// its topics, and a workload keeps the count that it has.
func (c *Cluster) Apply(ctx context.Context, objects []manifest.Object) error {
	kinds := make(map[string][]manifest.Object)
	for _, object := range objects {
		kinds[object.Kind] = append(kinds[object.Kind], object)
	}
	if err := c.publish(ctx, objects); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	if err := c.applyKafka(ctx, kinds["Kafka"], kinds["ConfigMap"]); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	if err := c.applyTopics(ctx, kinds["KafkaTopic"]); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	if err := c.applyMirrors(ctx, kinds["KafkaMirrorMaker2"], kinds["ConfigMap"]); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	if err := c.applyWorkloads(ctx, slices.Concat(kinds["Deployment"], kinds["StatefulSet"])); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	if err := c.reportReady(ctx, slices.Concat(kinds["Kafka"], kinds["KafkaTopic"], kinds["KafkaUser"])); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	return nil
}

// applyWorkloads scales all workloads at once, as their controllers do. Their objects hold
// the count and nothing else.
func (c *Cluster) applyWorkloads(ctx context.Context, objects []manifest.Object) error {
	errs := make(chan error, len(objects))
	for _, object := range objects {
		go func() { errs <- c.applyWorkload(ctx, object) }()
	}
	var all error
	for range objects {
		all = errors.Join(all, <-errs)
	}
	return all
}

func (c *Cluster) applyWorkload(ctx context.Context, object manifest.Object) error {
	var content struct {
		Spec struct {
			Replicas *int `json:"replicas"`
		} `json:"spec"`
	}
	if err := object.Decode(&content); err != nil {
		return err
	}
	if content.Spec.Replicas == nil {
		return fmt.Errorf("%s %s: no replica count", object.Kind, object.Metadata.Name)
	}
	if !slices.ContainsFunc(c.settings.Templates, func(t deployment.Template) bool { return t.Name == object.Metadata.Name }) {
		return nil // some other Deployment, no workload
	}
	return c.Scale(ctx, object.Metadata.Name, *content.Spec.Replicas)
}

// Scale starts or stops replicas of a workload until there are n, and returns when they are
// ready or gone.
func (c *Cluster) Scale(ctx context.Context, workload string, n int) error {
	d, err := c.deployment(workload)
	if err != nil {
		return err
	}
	before := d.Replicas()
	if err := c.publishPods(ctx, workload, before, n); err != nil {
		return err
	}
	if err := d.Scale(ctx, n); err != nil {
		return err
	}
	return c.reportReplicas(ctx, workload, before, n)
}

// deployment is the workload of that name on this cluster.
func (c *Cluster) deployment(name string) (*deployment.Deployment, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if d := c.deployments[name]; d != nil {
		return d, nil
	}
	i := slices.IndexFunc(c.settings.Templates, func(t deployment.Template) bool { return t.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("no team has a workload %s", name)
	}
	if c.Brokers == nil {
		return nil, fmt.Errorf("workload %s: there is no Kafka for it", name)
	}
	d := deployment.New(c.settings.Templates[i], deployment.Place{Program: c.settings.App, Cluster: c.Name,
		Bootstrap: c.Brokers.Bootstrap(), Journals: c.Journals(), Logs: c.workloadFolder()})
	c.deployments[name] = d
	return d, nil
}

// Replicas tells how many replicas of each workload run.
func (c *Cluster) Replicas() map[string]int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	counts := make(map[string]int)
	for name, d := range c.deployments {
		counts[name] = d.Replicas()
	}
	return counts
}

// Crashes tells of each workload whose processes ended by themselves how often.
func (c *Cluster) Crashes() map[string]int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	counts := make(map[string]int)
	for name, d := range c.deployments {
		if n := d.Crashes(); n > 0 {
			counts[name] = n
		}
	}
	return counts
}

// Stop ends everything at once.
func (c *Cluster) Stop() {
	for _, m := range c.mirrors {
		m.stopWatch()
		m.Kill()
	}
	for _, d := range c.deployments {
		d.Kill()
	}
	if c.Brokers != nil {
		c.Brokers.Stop()
	}
}

// Logs are the files of everything that ran in the cluster, in order of their names.
func (c *Cluster) Logs() []string {
	logs := make(map[string]bool)
	for _, folder := range []string{c.kafkaFolder(), c.mirrorFolder(), c.workloadFolder()} {
		files, _ := filepath.Glob(filepath.Join(folder, "*.log")) // the pattern is well-formed
		for _, file := range files {
			logs[file] = true
		}
	}
	return slices.Sorted(maps.Keys(logs))
}
