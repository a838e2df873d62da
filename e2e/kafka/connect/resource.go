// Package connect does for a KafkaMirrorMaker2 resource what Strimzi's operator does: it runs
// distributed Connect workers as the resource says, and creates, pauses, resumes and deletes
// MirrorMaker 2's connectors by Connect's REST API.
package connect

import (
	"encoding/json"

	"cutover/e2e/kafka/manifest"
)

// Resource is what the operator of Strimzi 0.22 and 0.24 reads of a KafkaMirrorMaker2.
type Resource struct {
	Metadata struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Spec Spec `json:"spec"`
}

// Spec is a KafkaMirrorMaker2's spec.
type Spec struct {
	Version        string         `json:"version"`
	Replicas       int            `json:"replicas"`
	ConnectCluster string         `json:"connectCluster"`
	Clusters       []ClusterSpec  `json:"clusters"`
	Mirrors        []MirrorSpec   `json:"mirrors"`
	JVMOptions     map[string]any `json:"jvmOptions"`
	// Rules are those of the JMX exporter, which stand in the ConfigMap that metricsConfig
	// refers to. Without them it does not run.
	Rules string `json:"-"`
}

// ClusterSpec is one of spec.clusters.
type ClusterSpec struct {
	Alias            string                    `json:"alias"`
	BootstrapServers string                    `json:"bootstrapServers"`
	Config           map[string]manifest.Field `json:"config"`
	TLS              json.RawMessage           `json:"tls"`
	Authentication   json.RawMessage           `json:"authentication"`
}

// MirrorSpec is one of spec.mirrors.
type MirrorSpec struct {
	SourceCluster          string         `json:"sourceCluster"`
	TargetCluster          string         `json:"targetCluster"`
	TopicsPattern          string         `json:"topicsPattern"`
	TopicsExcludePattern   string         `json:"topicsExcludePattern"`
	TopicsBlacklistPattern string         `json:"topicsBlacklistPattern"`
	GroupsPattern          string         `json:"groupsPattern"`
	GroupsExcludePattern   string         `json:"groupsExcludePattern"`
	GroupsBlacklistPattern string         `json:"groupsBlacklistPattern"`
	SourceConnector        *ConnectorSpec `json:"sourceConnector"`
	CheckpointConnector    *ConnectorSpec `json:"checkpointConnector"`
	HeartbeatConnector     *ConnectorSpec `json:"heartbeatConnector"`
}

// ConnectorSpec is one connector of a mirror; one that is absent is not run.
type ConnectorSpec struct {
	TasksMax int                       `json:"tasksMax"`
	Pause    bool                      `json:"pause"`
	Config   map[string]manifest.Field `json:"config"`
}

// Read reads a rendered object.
func Read(object manifest.Object) (Resource, error) {
	var r Resource
	err := object.Decode(&r)
	return r, err
}
