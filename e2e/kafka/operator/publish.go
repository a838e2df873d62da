package operator

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/kubernetes"
	"cutover/e2e/kafka/manifest"
)

// watchEvery is the pause between two looks at the mirror's connectors. Strimzi's operator
// looks every two minutes.
const watchEvery = time.Second

// publish gives objects to the API server, and has the operator installed that a
// Subscription asks for.
func (c *Cluster) publish(ctx context.Context, objects []manifest.Object) error {
	for _, object := range objects {
		if object.Kind == "Deployment" || object.Kind == "StatefulSet" {
			c.mutex.Lock()
			c.objects[object.Metadata.Name] = object
			c.mutex.Unlock()
		}
	}
	if c.settings.Server == nil {
		return nil
	}
	for _, object := range objects {
		if object.Kind != "Subscription" {
			continue
		}
		var content struct {
			Spec struct {
				StartingCSV string `json:"startingCSV"`
			} `json:"spec"`
		}
		if err := object.Decode(&content); err != nil {
			return err
		}
		if err := c.settings.Server.Operator(ctx, object.Metadata.Namespace, content.Spec.StartingCSV); err != nil {
			return err
		}
	}
	return c.settings.Server.Apply(ctx, objects, "argocd-controller")
}

// Deliver gives the teams' manifests to the API server, as their own pipelines do, without
// starting anything: at no replica.
func (c *Cluster) Deliver(ctx context.Context, objects []manifest.Object) error {
	for _, object := range objects {
		if object.Kind != "Deployment" && object.Kind != "StatefulSet" {
			continue
		}
		idle, err := object.With("spec", "replicas", 0)
		if err != nil {
			return err
		}
		if err := c.settings.Server.Apply(ctx, []manifest.Object{idle}, "team"); err != nil {
			return err
		}
		if err := c.settings.Server.Report(ctx, idle, kubernetes.Replicas(0)); err != nil {
			return err
		}
		c.objects[object.Metadata.Name] = object
	}
	return nil
}

// reportReady tells of resources that what they ask for runs.
func (c *Cluster) reportReady(ctx context.Context, objects []manifest.Object) error {
	if c.settings.Server == nil {
		return nil
	}
	for _, object := range objects {
		if err := c.settings.Server.Report(ctx, object, kubernetes.Ready()); err != nil {
			return err
		}
	}
	return nil
}

// workload is the object that a workload's count stands in, and the labels of its pods.
func (c *Cluster) workload(name string) (manifest.Object, map[string]string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.objects[name], map[string]string{"app": name}
}

// publishPods makes the Pods of the replicas that are about to start.
func (c *Cluster) publishPods(ctx context.Context, workload string, from, to int) error {
	if c.settings.Server == nil {
		return nil
	}
	object, labels := c.workload(workload)
	for i := from; i < to; i++ {
		if err := c.settings.Server.Pod(ctx, object.Metadata.Namespace, fmt.Sprintf("%s-%d", workload, i), labels); err != nil {
			return err
		}
	}
	return nil
}

// reportReplicas takes away the Pods of replicas that have ended, and writes the workload's
// status.
func (c *Cluster) reportReplicas(ctx context.Context, workload string, from, to int) error {
	if c.settings.Server == nil {
		return nil
	}
	object, _ := c.workload(workload)
	for i := to; i < from; i++ {
		if err := c.settings.Server.Gone(ctx, object.Metadata.Namespace, fmt.Sprintf("%s-%d", workload, i)); err != nil {
			return err
		}
	}
	return c.settings.Server.Report(ctx, object, kubernetes.Replicas(to))
}

// watchMirror writes what Connect says of its connectors into the status of the mirror's
// resource, again and again, until the mirror is removed.
func (c *Cluster) watchMirror(object manifest.Object) {
	if c.settings.Server == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	c.stopWatch = func() { cancel(); <-done }
	c.mirrorObject = object
	mirror := c.Mirror
	go func() {
		defer close(done)
		for {
			// A look that fails leaves the status as it was, as the operator does.
			if all, err := mirror.Status(ctx); err == nil {
				_ = c.reportMirror(ctx, object, all)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(watchEvery):
			}
		}
	}()
}

func (c *Cluster) reportMirror(ctx context.Context, object manifest.Object, connectors []connect.Status) error {
	text, err := json.Marshal(connectors)
	if err != nil {
		return err
	}
	var all []any
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	status := kubernetes.Ready()
	status["connectors"] = all
	return c.settings.Server.Report(ctx, object, status)
}

// forgetMirror deletes the mirror's resource.
func (c *Cluster) forgetMirror(ctx context.Context) error {
	if c.settings.Server == nil {
		return nil
	}
	c.stopWatch()
	c.stopWatch = nil
	return c.settings.Server.Delete(ctx, c.mirrorObject)
}
