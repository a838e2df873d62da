package v1beta2

import corev1 "k8s.io/api/core/v1"

// EntityOperatorSpec is the Deployment that runs the Topic and the User Operator. Each of
// the two runs only if its section is there.
type EntityOperatorSpec struct {
	// TopicOperator makes topics of KafkaTopics, and KafkaTopics of topics.
	// +optional
	TopicOperator *EntityTopicOperatorSpec `json:"topicOperator,omitempty"`
	// UserOperator makes credentials, ACLs and quotas of KafkaUsers.
	// +optional
	UserOperator *EntityUserOperatorSpec `json:"userOperator,omitempty"`
	// TLSSidecar is the tunnel to ZooKeeper.
	// +optional
	TLSSidecar *TLSSidecar `json:"tlsSidecar,omitempty"`
	// Template shapes the Kubernetes objects that the operator makes for the Entity
	// Operator.
	// +optional
	Template *EntityOperatorTemplate `json:"template,omitempty"`
}

// EntityTopicOperatorSpec is the Topic Operator.
type EntityTopicOperatorSpec struct {
	// WatchedNamespace is where it looks for KafkaTopics. Default: the namespace of the
	// Kafka resource.
	// +optional
	WatchedNamespace string `json:"watchedNamespace,omitempty"`
	// Image of the container. Default: the operator's own.
	// +optional
	Image string `json:"image,omitempty"`
	// ReconciliationIntervalSeconds is the time between two full comparisons of topics and
	// resources. Default 120; 90 before Strimzi 0.23.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ReconciliationIntervalSeconds *int32 `json:"reconciliationIntervalSeconds,omitempty"`
	// ZookeeperSessionTimeoutSeconds is the timeout of the ZooKeeper session. Default 18; 20
	// before Strimzi 0.23.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ZookeeperSessionTimeoutSeconds *int32 `json:"zookeeperSessionTimeoutSeconds,omitempty"`
	// StartupProbe of the container. Since Strimzi 0.22.
	// +optional
	StartupProbe *Probe `json:"startupProbe,omitempty"`
	// LivenessProbe of the container. Default: first after 10 s, timeout 5 s.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// ReadinessProbe of the container. Default: first after 10 s, timeout 5 s.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
	// Resources of the container.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// TopicMetadataMaxAttempts is how often it asks Kafka for a new topic before it gives
	// up, waiting longer each time. Default 6.
	// +kubebuilder:validation:Minimum=0
	// +optional
	TopicMetadataMaxAttempts *int32 `json:"topicMetadataMaxAttempts,omitempty"`
	// Logging of the Topic Operator, in Log4j 2 properties.
	// +optional
	Logging *Logging `json:"logging,omitempty"`
	// JVMOptions of the container. Heap and -XX options since Strimzi 0.18.
	// +optional
	JVMOptions *JVMOptions `json:"jvmOptions,omitempty"`
}

// EntityUserOperatorSpec is the User Operator.
type EntityUserOperatorSpec struct {
	// WatchedNamespace is where it looks for KafkaUsers. Default: the namespace of the Kafka
	// resource.
	// +optional
	WatchedNamespace string `json:"watchedNamespace,omitempty"`
	// Image of the container. Default: the operator's own.
	// +optional
	Image string `json:"image,omitempty"`
	// ReconciliationIntervalSeconds is the time between two full comparisons of users and
	// resources. Default 120.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ReconciliationIntervalSeconds *int32 `json:"reconciliationIntervalSeconds,omitempty"`
	// ZookeeperSessionTimeoutSeconds is the timeout of the ZooKeeper session. Default 18
	// since Strimzi 0.23.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ZookeeperSessionTimeoutSeconds *int32 `json:"zookeeperSessionTimeoutSeconds,omitempty"`
	// SecretPrefix goes before the name of a KafkaUser to make the name of its Secret.
	// Default: none. Since Strimzi 0.21.
	// +optional
	SecretPrefix string `json:"secretPrefix,omitempty"`
	// LivenessProbe of the container. Default: first after 10 s, timeout 5 s.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// ReadinessProbe of the container. Default: first after 10 s, timeout 5 s.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
	// Resources of the container.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// Logging of the User Operator, in Log4j 2 properties.
	// +optional
	Logging *Logging `json:"logging,omitempty"`
	// JVMOptions of the container. Heap and -XX options since Strimzi 0.18.
	// +optional
	JVMOptions *JVMOptions `json:"jvmOptions,omitempty"`
}

// TLSSidecarLogLevel is how much a TLS sidecar writes, in the severities of syslog.
//
// +kubebuilder:validation:Enum=emerg;alert;crit;err;warning;notice;info;debug
type TLSSidecarLogLevel string

// TLSSidecar is the container that encrypts a pod's traffic to ZooKeeper.
type TLSSidecar struct {
	// Image of the container. Default: the operator's own.
	// +optional
	Image string `json:"image,omitempty"`
	// LivenessProbe of the container. Default: first after 10 s, timeout 5 s.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// LogLevel is how much it writes. Default notice.
	// +optional
	LogLevel TLSSidecarLogLevel `json:"logLevel,omitempty"`
	// ReadinessProbe of the container. Default: first after 10 s, timeout 5 s.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
	// Resources of the container.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
}

// EntityOperatorTemplate shapes the Kubernetes objects of the Entity Operator.
type EntityOperatorTemplate struct {
	// Deployment that runs the operators.
	// +optional
	Deployment *ResourceTemplate `json:"deployment,omitempty"`
	// Pod that the operators share.
	// +optional
	Pod *PodTemplate `json:"pod,omitempty"`
	// TopicOperatorContainer is the container of the Topic Operator.
	// +optional
	TopicOperatorContainer *ContainerTemplate `json:"topicOperatorContainer,omitempty"`
	// UserOperatorContainer is the container of the User Operator.
	// +optional
	UserOperatorContainer *ContainerTemplate `json:"userOperatorContainer,omitempty"`
	// TLSSidecarContainer is the container of the TLS sidecar.
	// +optional
	TLSSidecarContainer *ContainerTemplate `json:"tlsSidecarContainer,omitempty"`
	// ServiceAccount of the operators. Since Strimzi 0.24.
	// +optional
	ServiceAccount *ResourceTemplate `json:"serviceAccount,omitempty"`
}
