package operator

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// statusOf returns what makes the status of a kind, or nil for a kind that has none here.
func statusOf(group, kind string) func(*unstructured.Unstructured) map[string]any {
	if group == strimzi && kind != "KafkaMirrorMaker2" && kind != "KafkaRebalance" {
		return strimziStatus
	}
	return map[schema.GroupKind]func(*unstructured.Unstructured) map[string]any{
		{Group: strimzi, Kind: "KafkaMirrorMaker2"}:            mirrorStatus,
		{Group: strimzi, Kind: "KafkaRebalance"}:               rebalanceStatus,
		{Group: "apps", Kind: "Deployment"}:                    deploymentStatus,
		{Group: "apps", Kind: "StatefulSet"}:                   statefulSetStatus,
		{Group: "apps.openshift.io", Kind: "DeploymentConfig"}: deploymentConfigStatus,
		{Group: "operators.coreos.com", Kind: "Subscription"}:  subscriptionStatus,
	}[schema.GroupKind{Group: group, Kind: kind}]
}

// strimziStatus is Ready, or ReconciliationPaused where the annotation asks for that.
func strimziStatus(object *unstructured.Unstructured) map[string]any {
	if object.GetAnnotations()[paused] == "true" {
		return map[string]any{"conditions": []any{condition("ReconciliationPaused", "True", "")}}
	}
	return map[string]any{"conditions": []any{condition("Ready", "True", "")}}
}

// mirrorStatus has the connectors of every mirror running, as Strimzi names them:
// SOURCE->TARGET.CONNECTOR.
func mirrorStatus(object *unstructured.Unstructured) map[string]any {
	status := strimziStatus(object)
	mirrors, _, _ := unstructured.NestedSlice(object.Object, "spec", "mirrors")
	var connectors []any
	for _, entry := range mirrors {
		mirror, _ := entry.(map[string]any)
		for field, connector := range map[string]string{
			"sourceConnector":     "MirrorSourceConnector",
			"checkpointConnector": "MirrorCheckpointConnector",
			"heartbeatConnector":  "MirrorHeartbeatConnector",
		} {
			if mirror[field] == nil {
				continue
			}
			source, _ := mirror["sourceCluster"].(string)
			target, _ := mirror["targetCluster"].(string)
			running := map[string]any{"state": "RUNNING", "worker_id": "127.0.0.1:8083"}
			connectors = append(connectors, map[string]any{
				"name":      source + "->" + target + "." + connector,
				"type":      "source",
				"connector": running,
				"tasks":     []any{map[string]any{"id": int64(0), "state": "RUNNING", "worker_id": "127.0.0.1:8083"}},
			})
		}
	}
	if connectors != nil {
		status["connectors"] = connectors
	}
	return status
}

// rebalanceStatus is a proposal that waits for somebody's approval.
func rebalanceStatus(*unstructured.Unstructured) map[string]any {
	return map[string]any{"conditions": []any{condition("ProposalReady", "True", "")}}
}

func replicas(object *unstructured.Unstructured) int64 {
	if n, found, _ := unstructured.NestedInt64(object.Object, "spec", "replicas"); found {
		return n
	}
	return 1 // the API's default
}

func deploymentStatus(object *unstructured.Unstructured) map[string]any {
	n := replicas(object)
	return map[string]any{
		"replicas": n, "readyReplicas": n, "updatedReplicas": n, "availableReplicas": n,
		"conditions": []any{
			condition("Available", "True", "MinimumReplicasAvailable"),
			condition("Progressing", "True", "NewReplicaSetAvailable"),
		},
	}
}

func statefulSetStatus(object *unstructured.Unstructured) map[string]any {
	n := replicas(object)
	revision := object.GetName() + "-1"
	return map[string]any{
		"replicas": n, "readyReplicas": n, "updatedReplicas": n, "currentReplicas": n, "availableReplicas": n,
		"currentRevision": revision, "updateRevision": revision,
	}
}

func deploymentConfigStatus(object *unstructured.Unstructured) map[string]any {
	n := replicas(object)
	return map[string]any{
		"latestVersion": int64(1), "replicas": n, "readyReplicas": n, "updatedReplicas": n, "availableReplicas": n,
		"conditions": []any{
			condition("Available", "True", ""),
			condition("Progressing", "True", "NewReplicationControllerAvailable"),
		},
	}
}

// subscriptionStatus is that of a Subscription whose operator is installed.
func subscriptionStatus(*unstructured.Unstructured) map[string]any {
	return map[string]any{
		"state":      "AtLatestKnown",
		"conditions": []any{condition("CatalogSourcesUnhealthy", "False", "AllCatalogSourcesHealthy")},
	}
}
