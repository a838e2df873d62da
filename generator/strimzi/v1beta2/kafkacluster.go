package v1beta2

import corev1 "k8s.io/api/core/v1"

// KafkaClusterSpec is the brokers of a Kafka cluster.
type KafkaClusterSpec struct {
	// Version of Kafka, such as 2.7.0. Default: the newest that the operator knows.
	// +optional
	Version string `json:"version,omitempty"`
	// Replicas is the number of brokers; their ids count from 0.
	// +kubebuilder:validation:Minimum=1
	Replicas int32 `json:"replicas"`
	// Image of the brokers. Default: the operator's own for Version.
	// +optional
	Image string `json:"image,omitempty"`
	// Listeners are where clients connect; names and ports are unique among them. A list
	// since Strimzi 0.20, where before it was a mapping with plain, tls and external.
	// +kubebuilder:validation:MinItems=1
	Listeners []GenericKafkaListener `json:"listeners"`
	// Config is the broker configuration, without the keys that the operator sets itself:
	// those of listeners, security, storage directories and ZooKeeper.
	// +optional
	Config Configuration `json:"config,omitempty"`
	// Storage holds the logs of each broker. Its type cannot change once deployed.
	Storage KafkaStorage `json:"storage"`
	// Authorization decides what an authenticated client may do. Absent, anything.
	// +optional
	Authorization *KafkaAuthorization `json:"authorization,omitempty"`
	// Rack spreads brokers and replicas over zones and sets broker.rack.
	// +optional
	Rack *Rack `json:"rack,omitempty"`
	// BrokerRackInitImage is the image of the init container that reads the node's labels
	// for Rack, and its addresses for node ports. Default: the operator's own.
	// +optional
	BrokerRackInitImage string `json:"brokerRackInitImage,omitempty"`
	// LivenessProbe of the broker. Default: first after 15 s, timeout 5 s.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// ReadinessProbe of the broker. Default: first after 15 s, timeout 5 s.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
	// JVMOptions of the broker.
	// +optional
	JVMOptions *JVMOptions `json:"jvmOptions,omitempty"`
	// JMXOptions open the JMX port 9999 within the cluster.
	// +optional
	JMXOptions *KafkaJMXOptions `json:"jmxOptions,omitempty"`
	// Resources of the broker's container.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// MetricsConfig exposes JMX values to Prometheus on port 9404. Since Strimzi 0.21, in
	// place of inline metrics.
	// +optional
	MetricsConfig *MetricsConfig `json:"metricsConfig,omitempty"`
	// Logging of the broker, in Log4j 1 properties.
	// +optional
	Logging *Logging `json:"logging,omitempty"`
	// Template shapes the Kubernetes objects that the operator makes for the brokers.
	// +optional
	Template *KafkaClusterTemplate `json:"template,omitempty"`
}

// KafkaClusterTemplate shapes the Kubernetes objects of the brokers.
type KafkaClusterTemplate struct {
	// StatefulSet that runs the brokers.
	// +optional
	StatefulSet *StatefulSetTemplate `json:"statefulset,omitempty"`
	// Pod of each broker.
	// +optional
	Pod *PodTemplate `json:"pod,omitempty"`
	// BootstrapService is the Service that clients inside Kubernetes connect to first.
	// +optional
	BootstrapService *InternalServiceTemplate `json:"bootstrapService,omitempty"`
	// BrokersService is the headless Service that gives each broker its name.
	// +optional
	BrokersService *InternalServiceTemplate `json:"brokersService,omitempty"`
	// ExternalBootstrapService is the bootstrap Service of each external listener.
	// +optional
	ExternalBootstrapService *ResourceTemplate `json:"externalBootstrapService,omitempty"`
	// PerPodService is the Service of each broker on an external listener.
	// +optional
	PerPodService *ResourceTemplate `json:"perPodService,omitempty"`
	// ExternalBootstrapRoute is the bootstrap Route of a listener of type route.
	// +optional
	ExternalBootstrapRoute *ResourceTemplate `json:"externalBootstrapRoute,omitempty"`
	// PerPodRoute is the Route of each broker on a listener of type route.
	// +optional
	PerPodRoute *ResourceTemplate `json:"perPodRoute,omitempty"`
	// ExternalBootstrapIngress is the bootstrap Ingress of a listener of type ingress.
	// +optional
	ExternalBootstrapIngress *ResourceTemplate `json:"externalBootstrapIngress,omitempty"`
	// PerPodIngress is the Ingress of each broker on a listener of type ingress.
	// +optional
	PerPodIngress *ResourceTemplate `json:"perPodIngress,omitempty"`
	// PersistentVolumeClaim of each volume of each broker.
	// +optional
	PersistentVolumeClaim *ResourceTemplate `json:"persistentVolumeClaim,omitempty"`
	// PodDisruptionBudget over the brokers.
	// +optional
	PodDisruptionBudget *PodDisruptionBudgetTemplate `json:"podDisruptionBudget,omitempty"`
	// KafkaContainer is the container that the broker runs in.
	// +optional
	KafkaContainer *ContainerTemplate `json:"kafkaContainer,omitempty"`
	// InitContainer finds the broker's zone and node addresses before it starts.
	// +optional
	InitContainer *ContainerTemplate `json:"initContainer,omitempty"`
	// ClusterCACert is the Secret with the public certificate of the cluster CA. Since
	// Strimzi 0.21.
	// +optional
	ClusterCACert *ResourceTemplate `json:"clusterCaCert,omitempty"`
	// ServiceAccount of the brokers. Since Strimzi 0.24.
	// +optional
	ServiceAccount *ResourceTemplate `json:"serviceAccount,omitempty"`
	// ClusterRoleBinding that lets the init container read nodes. Since Strimzi 0.22.
	// +optional
	ClusterRoleBinding *ResourceTemplate `json:"clusterRoleBinding,omitempty"`
}
