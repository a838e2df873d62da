package proof

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// workloadsReady asks whether every workload has the replicas that it is to have, all of
// them ready; whether a CronJob is not suspended, and a connector and its tasks run.
func workloadsReady(ctx context.Context, q *question) error {
	return q.workloads(ctx, "ready", func(w overlay.ScopeWorkload, object *unstructured.Unstructured) string {
		if number(w.Running) == number(w.Stopped) {
			return stopped(w, object)
		}
		return started(w, object)
	}, nil)
}

// workloadsStopped asks whether every workload is at zero with no pod left, not even one
// that is on its way out, suspended with no Job running, or paused.
func workloadsStopped(ctx context.Context, q *question) error {
	return q.workloads(ctx, "stopped", stopped, q.pods)
}

type listing struct{ version, kind, namespace string }

// workloads looks at all workloads of the gate with one list for each kind and namespace.
func (q *question) workloads(ctx context.Context, state string, judge func(overlay.ScopeWorkload, *unstructured.Unstructured) string,
	after func(context.Context, dynamic.Interface, []*unstructured.Unstructured) error) error {
	wanted := q.wanted()
	if len(wanted) == 0 && len(q.doubts) == 0 {
		q.Seen = "no workload runs on the " + string(q.gate.Side)
		return nil
	}
	client, err := q.objects(q.gate.Side)
	if err != nil {
		return err
	}
	listed := make(map[listing]map[string]*unstructured.Unstructured)
	var found []*unstructured.Unstructured
	good := 0
	for _, w := range wanted {
		of := listing{w.APIVersion, w.Kind, w.Namespace}
		if _, known := listed[of]; !known {
			if listed[of], err = listWorkloads(ctx, client, of); err != nil {
				q.doubt("%v", err)
			}
		}
		object, there := listed[of][w.Name]
		if !there {
			if listed[of] != nil {
				q.against("workload %s: %s %s/%s does not exist", w.Workload, w.Kind, w.Namespace, w.Name)
			}
			continue
		}
		found = append(found, object)
		if because := judge(w, object); because != "" {
			q.against("workload %s: %s %s/%s %s", w.Workload, w.Kind, w.Namespace, w.Name, because)
			continue
		}
		good++
	}
	q.measure("workloads", int64(len(wanted)))
	q.measure(state, int64(good))
	q.Left = int64(len(wanted) - good)
	q.Seen = fmt.Sprintf("%d of %s %s", good, count(len(wanted), "workload"), state)
	if after != nil {
		return after(ctx, client, found)
	}
	return nil
}

// wanted gives what runs the gate's workloads. One that does not run on this cluster has
// nothing to be looked at.
func (q *question) wanted() []overlay.ScopeWorkload {
	named := make(map[string]bool)
	for _, name := range q.gate.Workloads {
		named[name] = true
	}
	var wanted []overlay.ScopeWorkload
	for _, w := range q.Scope.Workloads {
		if w.Cluster == q.gate.Side && (len(named) == 0 || named[w.Workload]) {
			wanted = append(wanted, w)
		}
	}
	return wanted
}

func listWorkloads(ctx context.Context, client dynamic.Interface, of listing) (map[string]*unstructured.Unstructured, error) {
	version, err := schema.ParseGroupVersion(of.version)
	resource := plan.Resource(of.kind)
	if err != nil || resource == "" {
		return nil, fmt.Errorf("%s %s is no kind of workload: generate the tree again", of.version, of.kind)
	}
	all, err := list(ctx, client.Resource(version.WithResource(resource)).Namespace(of.namespace), "")
	if err != nil {
		return nil, apiError(fmt.Sprintf("the list of %ss in %s", of.kind, of.namespace), err)
	}
	return all, nil
}

// started says what keeps a workload from running as it is to, "" for nothing.
func started(w overlay.ScopeWorkload, object *unstructured.Unstructured) string {
	switch w.Field {
	case "suspend":
		if suspended, _, _ := unstructured.NestedBool(object.Object, "spec", "suspend"); suspended {
			return "is suspended"
		}
		return ""
	case "pause":
		return connectorState(object, running)
	}
	want, is := number(w.Running), replicas(object)
	observed, tells, _ := unstructured.NestedInt64(object.Object, "status", "observedGeneration")
	ready, _, _ := unstructured.NestedInt64(object.Object, "status", "readyReplicas")
	updated, counts, _ := unstructured.NestedInt64(object.Object, "status", "updatedReplicas")
	switch {
	case fmt.Sprint(is) != want:
		return fmt.Sprintf("is to have %s replicas, and its spec has %d", want, is)
	case tells && observed < object.GetGeneration():
		return "has a status of an earlier generation"
	case ready != is:
		return fmt.Sprintf("has %d of %d replicas ready", ready, is)
	case counts && updated < is:
		return fmt.Sprintf("has %d of %d replicas of its present template", updated, is)
	}
	return ""
}

// stopped says what of a workload may still be running, "" for nothing.
func stopped(w overlay.ScopeWorkload, object *unstructured.Unstructured) string {
	switch w.Field {
	case "suspend":
		suspended, _, _ := unstructured.NestedBool(object.Object, "spec", "suspend")
		active, _, _ := unstructured.NestedSlice(object.Object, "status", "active")
		if !suspended {
			return "is not suspended"
		}
		if len(active) > 0 {
			return fmt.Sprintf("has %s running", count(len(active), "Job"))
		}
		return ""
	case "pause":
		if pause, _, _ := unstructured.NestedBool(object.Object, "spec", "pause"); !pause {
			return "is not paused"
		}
		return connectorState(object, paused)
	}
	left, _, _ := unstructured.NestedInt64(object.Object, "status", "replicas")
	observed, tells, _ := unstructured.NestedInt64(object.Object, "status", "observedGeneration")
	switch is := replicas(object); {
	case is != 0:
		return fmt.Sprintf("has %d replicas in its spec", is)
	case tells && observed < object.GetGeneration():
		return "has a status of an earlier generation"
	case left != 0:
		return fmt.Sprintf("has %d replicas left", left)
	}
	return ""
}

// replicas is spec.replicas, 1 where it is not set.
func replicas(object *unstructured.Unstructured) int64 {
	if is, found, err := unstructured.NestedInt64(object.Object, "spec", "replicas"); found && err == nil {
		return is
	}
	return 1
}

// connectorState holds a KafkaConnector's connector and tasks against a state.
func connectorState(object *unstructured.Unstructured, want string) string {
	if err := current(object); err != nil {
		return "has a status of an earlier generation"
	}
	state, _, _ := unstructured.NestedString(object.Object, "status", "connectorStatus", "connector", "state")
	if state != want {
		return fmt.Sprintf("is %q, not %s", state, want)
	}
	tasks, _, _ := unstructured.NestedSlice(object.Object, "status", "connectorStatus", "tasks")
	for _, one := range tasks {
		if task, _ := one.(map[string]any); task["state"] != want {
			return fmt.Sprintf("has a task that is %v, not %s", task["state"], want)
		}
	}
	return ""
}

// number makes counts of any width, and bools, comparable.
func number(value any) string { return fmt.Sprint(value) }

// pods looks for pods of stopped workloads. A pod that is being deleted is in no replica
// count any more, and goes on producing until its grace period ends.
func (q *question) pods(ctx context.Context, client dynamic.Interface, objects []*unstructured.Unstructured) error {
	selectors := make(map[string]map[string]labels.Selector)
	for _, object := range objects {
		selector, ok := selectorOf(object)
		if !ok {
			continue
		}
		if selectors[object.GetNamespace()] == nil {
			selectors[object.GetNamespace()] = make(map[string]labels.Selector)
		}
		selectors[object.GetNamespace()][object.GetKind()+" "+object.GetNamespace()+"/"+object.GetName()] = selector
	}
	for namespace, wanted := range selectors {
		pods, err := list(ctx, client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace(namespace), "")
		if err != nil {
			q.doubt("%v", apiError("the list of pods in "+namespace, err))
			continue
		}
		for owner, selector := range wanted {
			for name, pod := range pods {
				phase, _, _ := unstructured.NestedString(pod.Object, "status", "phase")
				if selector.Matches(labels.Set(pod.GetLabels())) && phase != "Succeeded" && phase != "Failed" {
					q.against("%s has pod %s left", owner, name)
				}
			}
		}
	}
	return nil
}

// selectorOf gives what chooses a workload's pods; a DeploymentConfig's is a plain map.
func selectorOf(object *unstructured.Unstructured) (labels.Selector, bool) {
	set, found, err := unstructured.NestedStringMap(object.Object, "spec", "selector", "matchLabels")
	if object.GetKind() == "DeploymentConfig" {
		set, found, err = unstructured.NestedStringMap(object.Object, "spec", "selector")
	}
	if !found || err != nil || len(set) == 0 {
		return nil, false
	}
	return labels.SelectorFromSet(set), true
}
