package operator

import (
	"context"
	"fmt"

	"cutover/e2e/kafka/kubernetes"
	"cutover/e2e/kafka/manifest"
)

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
