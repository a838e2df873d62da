package v1beta2

import corev1 "k8s.io/api/core/v1"

// ZookeeperClusterSpec is the ZooKeeper ensemble of a Kafka cluster.
type ZookeeperClusterSpec struct {
	// Replicas is the number of nodes: odd, or one is there for nothing.
	// +kubebuilder:validation:Minimum=1
	Replicas int32 `json:"replicas"`
	// Image of the nodes. Default: the operator's own for the Kafka version.
	// +optional
	Image string `json:"image,omitempty"`
	// Storage of each node. Its type cannot change once deployed.
	Storage Volume `json:"storage"`
	// Config is the ZooKeeper configuration, without the keys that the operator sets
	// itself: those of servers, ports, directories and TLS.
	// +optional
	Config Configuration `json:"config,omitempty"`
	// LivenessProbe of the node. Default: first after 15 s, timeout 5 s.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// ReadinessProbe of the node. Default: first after 15 s, timeout 5 s.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
	// JVMOptions of the node.
	// +optional
	JVMOptions *JVMOptions `json:"jvmOptions,omitempty"`
	// Resources of the node's container.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// MetricsConfig exposes JMX values to Prometheus on port 9404. Since Strimzi 0.21, in
	// place of inline metrics.
	// +optional
	MetricsConfig *MetricsConfig `json:"metricsConfig,omitempty"`
	// Logging of the node, in Log4j 1 properties.
	// +optional
	Logging *Logging `json:"logging,omitempty"`
	// Template shapes the Kubernetes objects that the operator makes for ZooKeeper.
	// +optional
	Template *ZookeeperClusterTemplate `json:"template,omitempty"`
}

// ZookeeperClusterTemplate shapes the Kubernetes objects of ZooKeeper.
type ZookeeperClusterTemplate struct {
	// StatefulSet that runs the nodes.
	// +optional
	StatefulSet *StatefulSetTemplate `json:"statefulset,omitempty"`
	// Pod of each node.
	// +optional
	Pod *PodTemplate `json:"pod,omitempty"`
	// ClientService is the Service that brokers and operators connect to.
	// +optional
	ClientService *InternalServiceTemplate `json:"clientService,omitempty"`
	// NodesService is the headless Service that gives each node its name.
	// +optional
	NodesService *InternalServiceTemplate `json:"nodesService,omitempty"`
	// PersistentVolumeClaim of each node.
	// +optional
	PersistentVolumeClaim *ResourceTemplate `json:"persistentVolumeClaim,omitempty"`
	// PodDisruptionBudget over the nodes.
	// +optional
	PodDisruptionBudget *PodDisruptionBudgetTemplate `json:"podDisruptionBudget,omitempty"`
	// ZookeeperContainer is the container that the node runs in.
	// +optional
	ZookeeperContainer *ContainerTemplate `json:"zookeeperContainer,omitempty"`
	// ServiceAccount of the nodes. Since Strimzi 0.24.
	// +optional
	ServiceAccount *ResourceTemplate `json:"serviceAccount,omitempty"`
}
