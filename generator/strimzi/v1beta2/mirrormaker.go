package v1beta2

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// KafkaMirrorMaker is a MirrorMaker 1: consumers and producers in one process, without
// offsets of groups.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:subresource:scale:specpath=.spec.replicas,statuspath=.status.replicas,selectorpath=.status.labelSelector
// +kubebuilder:resource:shortName=kmm,categories=strimzi
type KafkaMirrorMaker struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the mirror is to be.
	// +optional
	Spec *KafkaMirrorMakerSpec `json:"spec,omitempty"`
	// Status is what the operator last found.
	// +optional
	Status *KafkaMirrorMakerStatus `json:"status,omitempty"`
}

// KafkaMirrorMakerSpec is what a mirror is to be. The API takes exactly one of Whitelist and
// Include.
type KafkaMirrorMakerSpec struct {
	// Version is the Kafka version of the mirror; the operator's newest where absent.
	// +optional
	Version string `json:"version,omitempty"`
	// Replicas counts the processes, 0 or more.
	// +kubebuilder:validation:Minimum=0
	Replicas int32 `json:"replicas"`
	// Image stands in for the operator's own image of Version.
	// +optional
	Image string `json:"image,omitempty"`
	// Consumer reads the source.
	Consumer KafkaMirrorMakerConsumerSpec `json:"consumer"`
	// Producer writes to the target.
	Producer KafkaMirrorMakerProducerSpec `json:"producer"`
	// Resources are what a process asks for and is held to.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// Whitelist is a Java regular expression of the topics to mirror, or several separated by
	// commas. Include is its new name.
	// +optional
	Whitelist string `json:"whitelist,omitempty"`
	// Include is a Java regular expression of the topics to mirror, or several separated by
	// commas. Since Strimzi 0.24; 0.22 requires Whitelist.
	// +optional
	Include string `json:"include,omitempty"`
	// JVMOptions are the settings of the processes' Java.
	// +optional
	JVMOptions *JVMOptions `json:"jvmOptions,omitempty"`
	// Logging are the levels of the log, by Log4j 1.
	// +optional
	Logging *Logging `json:"logging,omitempty"`
	// MetricsConfig opens the metrics port 9404.
	// +optional
	MetricsConfig *MetricsConfig `json:"metricsConfig,omitempty"`
	// Tracing sends spans of mirrored records.
	// +optional
	Tracing *Tracing `json:"tracing,omitempty"`
	// Template changes what the operator makes.
	// +optional
	Template *KafkaMirrorMakerTemplate `json:"template,omitempty"`
	// LivenessProbe restarts a process that does not answer.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// ReadinessProbe tells when a process works.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
}

// KafkaMirrorMakerClientSpec is what both ends of a mirror have.
type KafkaMirrorMakerClientSpec struct {
	// BootstrapServers are the brokers to begin with: host:port, separated by commas.
	BootstrapServers string `json:"bootstrapServers"`
	// TLS is how the mirror knows the brokers; plain text where absent.
	// +optional
	TLS *ClientTLS `json:"tls,omitempty"`
	// Authentication is how the mirror logs in to the brokers; not at all where absent.
	// +optional
	Authentication *KafkaClientAuthentication `json:"authentication,omitempty"`
	// Config are the client's own settings, by Kafka's names.
	// +optional
	Config Configuration `json:"config,omitempty"`
}

// KafkaMirrorMakerConsumerSpec is the end that reads.
type KafkaMirrorMakerConsumerSpec struct {
	// KafkaMirrorMakerClientSpec is what both ends have.
	KafkaMirrorMakerClientSpec `json:",inline"`
	// GroupID is the consumer group.
	GroupID string `json:"groupId"`
	// NumStreams counts the consumers in a process, 1 or more.
	// +kubebuilder:validation:Minimum=1
	// +optional
	NumStreams *int32 `json:"numStreams,omitempty"`
	// OffsetCommitInterval is the time between two commits, in milliseconds; 60000 where
	// absent.
	// +optional
	OffsetCommitInterval *int32 `json:"offsetCommitInterval,omitempty"`
}

// KafkaMirrorMakerProducerSpec is the end that writes.
type KafkaMirrorMakerProducerSpec struct {
	// KafkaMirrorMakerClientSpec is what both ends have.
	KafkaMirrorMakerClientSpec `json:",inline"`
	// AbortOnSendFailure ends the process when a record cannot be written; true where absent.
	// +optional
	AbortOnSendFailure *bool `json:"abortOnSendFailure,omitempty"`
}

// KafkaMirrorMakerTemplate changes what the operator makes for a mirror.
type KafkaMirrorMakerTemplate struct {
	// Deployment is the mirror's Deployment.
	// +optional
	Deployment *DeploymentTemplate `json:"deployment,omitempty"`
	// Pod is a process' pod.
	// +optional
	Pod *PodTemplate `json:"pod,omitempty"`
	// PodDisruptionBudget bounds how many pods may be evicted at a time.
	// +optional
	PodDisruptionBudget *PodDisruptionBudgetTemplate `json:"podDisruptionBudget,omitempty"`
	// MirrorMakerContainer is the process' container.
	// +optional
	MirrorMakerContainer *ContainerTemplate `json:"mirrorMakerContainer,omitempty"`
	// ServiceAccount is what the mirror runs as. Since Strimzi 0.24.
	// +optional
	ServiceAccount *ResourceTemplate `json:"serviceAccount,omitempty"`
}

// KafkaMirrorMakerStatus is what the operator reports of a mirror.
type KafkaMirrorMakerStatus struct {
	// Conditions say whether the mirror is Ready, and why not.
	// +optional
	Conditions []Condition `json:"conditions,omitempty"`
	// ObservedGeneration is the metadata.generation that the operator last worked on.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// LabelSelector finds the pods.
	// +optional
	LabelSelector string `json:"labelSelector,omitempty"`
	// Replicas counts the pods.
	// +optional
	Replicas *int32 `json:"replicas,omitempty"`
}

// KafkaMirrorMakerList is what an API server answers to a request for mirrors.
//
// +kubebuilder:object:root=true
type KafkaMirrorMakerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the mirrors.
	Items []KafkaMirrorMaker `json:"items"`
}
