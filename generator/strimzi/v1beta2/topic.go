package v1beta2

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// KafkaTopic is one topic, which the Topic Operator of the cluster that its label
// strimzi.io/cluster names keeps equal to the topic in Kafka, in both directions.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=kt,categories=strimzi
type KafkaTopic struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the topic is to be.
	// +optional
	Spec *KafkaTopicSpec `json:"spec,omitempty"`
	// Status is what the operator last found.
	// +optional
	Status *KafkaTopicStatus `json:"status,omitempty"`
}

// KafkaTopicSpec is what a topic is to be.
type KafkaTopicSpec struct {
	// TopicName is the name in Kafka; metadata.name where it is absent. It cannot change
	// once the topic exists.
	// +optional
	TopicName string `json:"topicName,omitempty"`
	// Partitions counts the partitions, 1 or more. It can grow and never shrink. Absent means
	// the brokers' num.partitions, since Strimzi 0.23; 0.22 requires it.
	// +kubebuilder:validation:Minimum=1
	// +optional
	Partitions *int32 `json:"partitions,omitempty"`
	// Replicas is how many brokers hold each partition, 1 to 32767. The operator refuses to
	// change it. Absent means the brokers' default.replication.factor, since Strimzi 0.23;
	// 0.22 requires it.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=32767
	// +optional
	Replicas *int32 `json:"replicas,omitempty"`
	// Config are the topic's own settings, by Kafka's names; what is absent is the brokers'.
	// +optional
	Config Configuration `json:"config,omitempty"`
}

// KafkaTopicStatus is what the Topic Operator reports.
type KafkaTopicStatus struct {
	// Conditions say whether the topic is Ready, and why not.
	// +optional
	Conditions []Condition `json:"conditions,omitempty"`
	// ObservedGeneration is the metadata.generation that the operator last worked on.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// TopicName is the name in Kafka. Since Strimzi 0.24.
	// +optional
	TopicName string `json:"topicName,omitempty"`
}

// KafkaTopicList is what an API server answers to a request for topics.
//
// +kubebuilder:object:root=true
type KafkaTopicList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the topics.
	Items []KafkaTopic `json:"items"`
}
