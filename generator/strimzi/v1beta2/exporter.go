package v1beta2

import corev1 "k8s.io/api/core/v1"

// KafkaExporterSpec is the Kafka Exporter, which serves topic offsets and consumer lag to
// Prometheus.
type KafkaExporterSpec struct {
	// Image of the container. Default: the operator's own for the Kafka version.
	// +optional
	Image string `json:"image,omitempty"`
	// GroupRegex chooses the consumer groups to report. Default .*
	// +optional
	GroupRegex string `json:"groupRegex,omitempty"`
	// TopicRegex chooses the topics to report. Default .*
	// +optional
	TopicRegex string `json:"topicRegex,omitempty"`
	// Resources of the container.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// Logging is the least severity to write: debug, info, warn, error or fatal. Default
	// info.
	// +optional
	Logging string `json:"logging,omitempty"`
	// EnableSaramaLogging also writes what its Kafka client does. Default false.
	// +optional
	EnableSaramaLogging *bool `json:"enableSaramaLogging,omitempty"`
	// Template shapes the Kubernetes objects that the operator makes for the exporter.
	// +optional
	Template *KafkaExporterTemplate `json:"template,omitempty"`
	// LivenessProbe of the container. Default: first after 15 s, timeout 5 s.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// ReadinessProbe of the container. Default: first after 15 s, timeout 5 s.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
}

// KafkaExporterTemplate shapes the Kubernetes objects of the Kafka Exporter.
type KafkaExporterTemplate struct {
	// Deployment that runs the exporter.
	// +optional
	Deployment *ResourceTemplate `json:"deployment,omitempty"`
	// Pod of the exporter.
	// +optional
	Pod *PodTemplate `json:"pod,omitempty"`
	// Service is without use: Strimzi 0.20 removed the Service that it shaped.
	// +optional
	Service *ResourceTemplate `json:"service,omitempty"`
	// Container is the container that the exporter runs in.
	// +optional
	Container *ContainerTemplate `json:"container,omitempty"`
	// ServiceAccount of the exporter. Since Strimzi 0.24.
	// +optional
	ServiceAccount *ResourceTemplate `json:"serviceAccount,omitempty"`
}

// JmxTransSpec is JmxTrans, which reads JMX values of the brokers and pushes them on.
type JmxTransSpec struct {
	// Image of the container. Default: the operator's own.
	// +optional
	Image string `json:"image,omitempty"`
	// OutputDefinitions are where values can go.
	OutputDefinitions []JmxTransOutputDefinition `json:"outputDefinitions"`
	// LogLevel is how much JmxTrans writes, such as INFO.
	// +optional
	LogLevel string `json:"logLevel,omitempty"`
	// KafkaQueries are the values to read from each broker.
	KafkaQueries []JmxTransQuery `json:"kafkaQueries"`
	// Resources of the container.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// Template shapes the Kubernetes objects that the operator makes for JmxTrans. Since
	// Strimzi 0.18.
	// +optional
	Template *JmxTransTemplate `json:"template,omitempty"`
}

// JmxTransOutputDefinition is one place that JmxTrans pushes values to.
type JmxTransOutputDefinition struct {
	// OutputType is the class of JmxTrans' output writer, which decides the protocol.
	OutputType string `json:"outputType"`
	// Host to push to.
	// +optional
	Host string `json:"host,omitempty"`
	// Port to push to.
	// +optional
	Port *int32 `json:"port,omitempty"`
	// FlushDelayInSeconds is the time between two pushes.
	// +optional
	FlushDelayInSeconds *int32 `json:"flushDelayInSeconds,omitempty"`
	// TypeNames are the keys of an MBean's name whose values become part of the metric's
	// name, where a query has wildcards.
	// +optional
	TypeNames []string `json:"typeNames,omitempty"`
	// Name that queries call this place by.
	Name string `json:"name"`
}

// JmxTransQuery is what JmxTrans reads from each broker.
type JmxTransQuery struct {
	// TargetMBean is the name of an MBean, or with wildcards of several.
	TargetMBean string `json:"targetMBean"`
	// Attributes of the MBean to read.
	Attributes []string `json:"attributes"`
	// Outputs are the names of the output definitions to push to.
	Outputs []string `json:"outputs"`
}

// JmxTransTemplate shapes the Kubernetes objects of JmxTrans. Since Strimzi 0.18.
type JmxTransTemplate struct {
	// Deployment that runs JmxTrans.
	// +optional
	Deployment *ResourceTemplate `json:"deployment,omitempty"`
	// Pod of JmxTrans.
	// +optional
	Pod *PodTemplate `json:"pod,omitempty"`
	// Container is the container that JmxTrans runs in.
	// +optional
	Container *ContainerTemplate `json:"container,omitempty"`
	// ServiceAccount of JmxTrans. Since Strimzi 0.24.
	// +optional
	ServiceAccount *ResourceTemplate `json:"serviceAccount,omitempty"`
}
