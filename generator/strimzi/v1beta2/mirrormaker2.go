package v1beta2

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// KafkaMirrorMaker2 is a MirrorMaker 2: connectors on workers of their own that copy topics
// and the offsets of groups from one cluster to another (KIP-382).
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:subresource:scale:specpath=.spec.replicas,statuspath=.status.replicas,selectorpath=.status.labelSelector
// +kubebuilder:resource:shortName=kmm2,categories=strimzi
type KafkaMirrorMaker2 struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the mirror is to be.
	// +optional
	Spec *KafkaMirrorMaker2Spec `json:"spec,omitempty"`
	// Status is what the operator last found.
	// +optional
	Status *KafkaMirrorMaker2Status `json:"status,omitempty"`
}

// KafkaMirrorMaker2Spec is what a mirror is to be.
type KafkaMirrorMaker2Spec struct {
	// ConnectCluster is the alias of the cluster that holds the workers' topics: it has to be
	// the target of every mirror.
	ConnectCluster string `json:"connectCluster"`
	// Clusters are the clusters that Mirrors speak of.
	// +optional
	Clusters []KafkaMirrorMaker2ClusterSpec `json:"clusters,omitempty"`
	// Mirrors are the directions in which records are copied.
	// +optional
	Mirrors []KafkaMirrorMaker2MirrorSpec `json:"mirrors,omitempty"`
	// WorkerSpec is what every group of workers has.
	WorkerSpec `json:",inline"`
}

// KafkaMirrorMaker2ClusterSpec is one cluster, by an alias.
type KafkaMirrorMaker2ClusterSpec struct {
	// Alias is the cluster's name in this resource. It is part of the names of connectors and
	// internal topics: a change begins the copy anew (Strimzi #5366).
	// +kubebuilder:validation:Pattern=`^[a-zA-Z0-9\._\-]{1,100}$`
	Alias string `json:"alias"`
	// BootstrapServers are the brokers to begin with: host:port, separated by commas.
	BootstrapServers string `json:"bootstrapServers"`
	// TLS is how the mirror knows the brokers; plain text where absent.
	// +optional
	TLS *ClientTLS `json:"tls,omitempty"`
	// Authentication is how the mirror logs in to the brokers; not at all where absent.
	// +optional
	Authentication *KafkaClientAuthentication `json:"authentication,omitempty"`
	// Config are settings of the mirror's clients at this cluster; of ConnectCluster, of the
	// workers too.
	// +optional
	Config Configuration `json:"config,omitempty"`
}

// KafkaMirrorMaker2MirrorSpec is one direction in which records are copied.
type KafkaMirrorMaker2MirrorSpec struct {
	// SourceCluster is the alias of the cluster to read.
	SourceCluster string `json:"sourceCluster"`
	// TargetCluster is the alias of the cluster to write to.
	TargetCluster string `json:"targetCluster"`
	// TopicsPattern is a Java regular expression of the topics to copy, or several separated
	// by commas.
	// +optional
	TopicsPattern string `json:"topicsPattern,omitempty"`
	// TopicsExcludePattern is the same for topics to leave out. Since Strimzi 0.24.
	// +optional
	TopicsExcludePattern string `json:"topicsExcludePattern,omitempty"`
	// TopicsBlacklistPattern is the old name of TopicsExcludePattern.
	// +optional
	TopicsBlacklistPattern string `json:"topicsBlacklistPattern,omitempty"`
	// GroupsPattern is a Java regular expression of the groups whose offsets to copy, or
	// several separated by commas.
	// +optional
	GroupsPattern string `json:"groupsPattern,omitempty"`
	// GroupsExcludePattern is the same for groups to leave out. Since Strimzi 0.24.
	// +optional
	GroupsExcludePattern string `json:"groupsExcludePattern,omitempty"`
	// GroupsBlacklistPattern is the old name of GroupsExcludePattern.
	// +optional
	GroupsBlacklistPattern string `json:"groupsBlacklistPattern,omitempty"`
	// SourceConnector copies records and, if it is told to, topics' settings and ACLs.
	// +optional
	SourceConnector *ConnectorSettings `json:"sourceConnector,omitempty"`
	// CheckpointConnector copies the offsets of groups; not at all where absent.
	// +optional
	CheckpointConnector *ConnectorSettings `json:"checkpointConnector,omitempty"`
	// HeartbeatConnector writes heartbeats that show whether records get across; none where
	// absent.
	// +optional
	HeartbeatConnector *ConnectorSettings `json:"heartbeatConnector,omitempty"`
}

// KafkaMirrorMaker2Status is what the operator reports of a mirror.
type KafkaMirrorMaker2Status struct {
	// KafkaConnectStatus is what every group of workers reports.
	KafkaConnectStatus `json:",inline"`
	// Connectors are what Connect's REST interface answers about each of the connectors.
	// +optional
	Connectors []Configuration `json:"connectors,omitempty"`
}

// KafkaMirrorMaker2List is what an API server answers to a request for mirrors.
//
// +kubebuilder:object:root=true
type KafkaMirrorMaker2List struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the mirrors.
	Items []KafkaMirrorMaker2 `json:"items"`
}
