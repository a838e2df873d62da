package v1beta2

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// KafkaConnect is a group of Kafka Connect workers.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:subresource:scale:specpath=.spec.replicas,statuspath=.status.replicas,selectorpath=.status.labelSelector
// +kubebuilder:resource:shortName=kc,categories=strimzi
type KafkaConnect struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the workers are to be.
	// +optional
	Spec *KafkaConnectSpec `json:"spec,omitempty"`
	// Status is what the operator last found.
	// +optional
	Status *KafkaConnectStatus `json:"status,omitempty"`
}

// KafkaConnectSpec is what a group of workers is to be.
type KafkaConnectSpec struct {
	// BootstrapServers are the brokers to begin with: host:port, separated by commas.
	BootstrapServers string `json:"bootstrapServers"`
	// TLS is how the workers know the brokers; plain text where absent.
	// +optional
	TLS *ClientTLS `json:"tls,omitempty"`
	// Authentication is how the workers log in to the brokers; not at all where absent.
	// +optional
	Authentication *KafkaClientAuthentication `json:"authentication,omitempty"`
	// Config are the workers' own settings, by Kafka's names: group.id and the names of the
	// three storage topics among them.
	// +optional
	Config Configuration `json:"config,omitempty"`
	// WorkerSpec is what every group of workers has.
	WorkerSpec `json:",inline"`
	// Rack makes consumers read from a replica in their own rack (KIP-392).
	// +optional
	Rack *Rack `json:"rack,omitempty"`
	// ClientRackInitImage stands in for the operator's image that looks up the rack.
	// +optional
	ClientRackInitImage string `json:"clientRackInitImage,omitempty"`
	// Build makes an image with connectors in it.
	// +optional
	Build *Build `json:"build,omitempty"`
}

// KafkaConnectStatus is what the operator reports of a group of workers.
type KafkaConnectStatus struct {
	// Conditions say whether the workers are Ready, and why not.
	// +optional
	Conditions []Condition `json:"conditions,omitempty"`
	// ObservedGeneration is the metadata.generation that the operator last worked on.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// URL is the address of the REST interface in the cluster.
	// +optional
	URL string `json:"url,omitempty"`
	// ConnectorPlugins are the connectors that the workers have on board.
	// +optional
	ConnectorPlugins []ConnectorPlugin `json:"connectorPlugins,omitempty"`
	// LabelSelector finds the pods.
	// +optional
	LabelSelector string `json:"labelSelector,omitempty"`
	// Replicas counts the pods.
	// +optional
	Replicas *int32 `json:"replicas,omitempty"`
}

// ConnectorPlugin is a connector that workers have on board.
type ConnectorPlugin struct {
	// Type is source or sink.
	// +optional
	Type string `json:"type,omitempty"`
	// Version is the connector's own.
	// +optional
	Version string `json:"version,omitempty"`
	// Class is its Java class.
	// +optional
	Class string `json:"class,omitempty"`
}

// KafkaConnectList is what an API server answers to a request for groups of workers.
//
// +kubebuilder:object:root=true
type KafkaConnectList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the groups of workers.
	Items []KafkaConnect `json:"items"`
}
