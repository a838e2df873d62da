package v1beta2

import corev1 "k8s.io/api/core/v1"

// CruiseControlSpec is Cruise Control, which KafkaRebalances are answered by. Since
// Strimzi 0.18.
type CruiseControlSpec struct {
	// Image of the container. Default: the operator's own for the Kafka version.
	// +optional
	Image string `json:"image,omitempty"`
	// TLSSidecar is the tunnel to ZooKeeper.
	// +optional
	TLSSidecar *TLSSidecar `json:"tlsSidecar,omitempty"`
	// Resources of the container.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// LivenessProbe of the container. Default: first after 15 s, timeout 5 s.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// ReadinessProbe of the container. Default: first after 15 s, timeout 5 s.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
	// JVMOptions of the container.
	// +optional
	JVMOptions *JVMOptions `json:"jvmOptions,omitempty"`
	// Logging of Cruise Control, in Log4j 2 properties; Log4j 1 before Strimzi 0.22.
	// +optional
	Logging *Logging `json:"logging,omitempty"`
	// Template shapes the Kubernetes objects that the operator makes for Cruise Control.
	// +optional
	Template *CruiseControlTemplate `json:"template,omitempty"`
	// BrokerCapacity is what Cruise Control takes each broker to be able to bear.
	// +optional
	BrokerCapacity *BrokerCapacity `json:"brokerCapacity,omitempty"`
	// Config is the Cruise Control configuration, goals above all, without the keys that
	// the operator sets itself: those of connections, security and the web server.
	// +optional
	Config Configuration `json:"config,omitempty"`
	// MetricsConfig exposes JMX values to Prometheus on port 9404. Since Strimzi 0.21, in
	// place of inline metrics.
	// +optional
	MetricsConfig *MetricsConfig `json:"metricsConfig,omitempty"`
}

// BrokerCapacity is what one broker can bear, the same for each.
type BrokerCapacity struct {
	// Disk space in bytes, such as 100Gi. Default: what the storage of the brokers adds up
	// to.
	// +kubebuilder:validation:Pattern=`^[0-9]+([.][0-9]*)?([KMGTPE]i?|e[0-9]+)?$`
	// +optional
	Disk string `json:"disk,omitempty"`
	// CPUUtilization in percent. Default 100.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	// +optional
	CPUUtilization *int32 `json:"cpuUtilization,omitempty"`
	// InboundNetwork is bytes a second, with a unit such as 10000KB/s, which is the default.
	// +kubebuilder:validation:Pattern=`[0-9]+([KMG]i?)?B/s`
	// +optional
	InboundNetwork string `json:"inboundNetwork,omitempty"`
	// OutboundNetwork is bytes a second, with a unit such as 10000KB/s, which is the
	// default.
	// +kubebuilder:validation:Pattern=`[0-9]+([KMG]i?)?B/s`
	// +optional
	OutboundNetwork string `json:"outboundNetwork,omitempty"`
}

// CruiseControlTemplate shapes the Kubernetes objects of Cruise Control.
type CruiseControlTemplate struct {
	// Deployment that runs Cruise Control.
	// +optional
	Deployment *ResourceTemplate `json:"deployment,omitempty"`
	// Pod of Cruise Control.
	// +optional
	Pod *PodTemplate `json:"pod,omitempty"`
	// APIService is the Service of its REST API, which only the operator may call.
	// +optional
	APIService *InternalServiceTemplate `json:"apiService,omitempty"`
	// PodDisruptionBudget over the pod.
	// +optional
	PodDisruptionBudget *PodDisruptionBudgetTemplate `json:"podDisruptionBudget,omitempty"`
	// CruiseControlContainer is the container that Cruise Control runs in.
	// +optional
	CruiseControlContainer *ContainerTemplate `json:"cruiseControlContainer,omitempty"`
	// TLSSidecarContainer is the container of the TLS sidecar.
	// +optional
	TLSSidecarContainer *ContainerTemplate `json:"tlsSidecarContainer,omitempty"`
	// ServiceAccount of Cruise Control. Since Strimzi 0.24.
	// +optional
	ServiceAccount *ResourceTemplate `json:"serviceAccount,omitempty"`
}
