package v1beta2

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// KafkaBridge lets clients speak to Kafka over HTTP.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:subresource:scale:specpath=.spec.replicas,statuspath=.status.replicas,selectorpath=.status.labelSelector
// +kubebuilder:resource:shortName=kb,categories=strimzi
type KafkaBridge struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the bridge is to be.
	// +optional
	Spec *KafkaBridgeSpec `json:"spec,omitempty"`
	// Status is what the operator last found.
	// +optional
	Status *KafkaBridgeStatus `json:"status,omitempty"`
}

// KafkaBridgeSpec is what a bridge is to be.
type KafkaBridgeSpec struct {
	// Replicas counts the pods, 0 or more; 1 where absent. A consumer lives in the pod that
	// made it.
	// +kubebuilder:validation:Minimum=0
	// +optional
	Replicas *int32 `json:"replicas,omitempty"`
	// Image stands in for the operator's own image.
	// +optional
	Image string `json:"image,omitempty"`
	// BootstrapServers are the brokers to begin with: host:port, separated by commas.
	BootstrapServers string `json:"bootstrapServers"`
	// TLS is how the bridge knows the brokers; plain text where absent.
	// +optional
	TLS *ClientTLS `json:"tls,omitempty"`
	// Authentication is how the bridge logs in to the brokers; not at all where absent.
	// +optional
	Authentication *KafkaClientAuthentication `json:"authentication,omitempty"`
	// HTTP is the side that the bridge's own clients see.
	// +optional
	HTTP *KafkaBridgeHTTPConfig `json:"http,omitempty"`
	// AdminClient are settings of the bridge's admin clients. Since Strimzi 0.24.
	// +optional
	AdminClient *KafkaBridgeClientSpec `json:"adminClient,omitempty"`
	// Consumer are settings of the bridge's consumers.
	// +optional
	Consumer *KafkaBridgeClientSpec `json:"consumer,omitempty"`
	// Producer are settings of the bridge's producers.
	// +optional
	Producer *KafkaBridgeClientSpec `json:"producer,omitempty"`
	// Resources are what a pod asks for and is held to.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// JVMOptions are in the API; the operator does not read them here yet.
	// +optional
	JVMOptions *JVMOptions `json:"jvmOptions,omitempty"`
	// Logging are the levels of the log, by Log4j 2.
	// +optional
	Logging *Logging `json:"logging,omitempty"`
	// EnableMetrics serves metrics on the HTTP port; false where absent.
	// +optional
	EnableMetrics *bool `json:"enableMetrics,omitempty"`
	// LivenessProbe restarts a pod that does not answer.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// ReadinessProbe takes a pod that does not answer out of the service.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
	// Template changes what the operator makes.
	// +optional
	Template *KafkaBridgeTemplate `json:"template,omitempty"`
	// Tracing sends spans of requests.
	// +optional
	Tracing *Tracing `json:"tracing,omitempty"`
}

// KafkaBridgeHTTPConfig is the side of a bridge that its own clients see.
type KafkaBridgeHTTPConfig struct {
	// Port is where it listens, 1023 or more; 8080 where absent.
	// +kubebuilder:validation:Minimum=1023
	// +optional
	Port *int32 `json:"port,omitempty"`
	// CORS lets browsers in from other sites; it is off where absent.
	// +optional
	CORS *KafkaBridgeHTTPCORS `json:"cors,omitempty"`
}

// KafkaBridgeHTTPCORS says which sites browsers may come from, and what for.
type KafkaBridgeHTTPCORS struct {
	// AllowedOrigins are Java regular expressions of origins.
	AllowedOrigins []string `json:"allowedOrigins"`
	// AllowedMethods are HTTP methods.
	AllowedMethods []string `json:"allowedMethods"`
}

// KafkaBridgeClientSpec are settings of one sort of client.
type KafkaBridgeClientSpec struct {
	// Config are the client's own settings, by Kafka's names.
	// +optional
	Config Configuration `json:"config,omitempty"`
}

// KafkaBridgeTemplate changes what the operator makes for a bridge.
type KafkaBridgeTemplate struct {
	// Deployment is the bridge's Deployment.
	// +optional
	Deployment *DeploymentTemplate `json:"deployment,omitempty"`
	// Pod is the bridge's pod.
	// +optional
	Pod *PodTemplate `json:"pod,omitempty"`
	// APIService is the Service of the HTTP port.
	// +optional
	APIService *InternalServiceTemplate `json:"apiService,omitempty"`
	// PodDisruptionBudget bounds how many pods may be evicted at a time.
	// +optional
	PodDisruptionBudget *PodDisruptionBudgetTemplate `json:"podDisruptionBudget,omitempty"`
	// BridgeContainer is the bridge's container.
	// +optional
	BridgeContainer *ContainerTemplate `json:"bridgeContainer,omitempty"`
	// ServiceAccount is what the bridge runs as. Since Strimzi 0.24.
	// +optional
	ServiceAccount *ResourceTemplate `json:"serviceAccount,omitempty"`
}

// KafkaBridgeStatus is what the operator reports of a bridge.
type KafkaBridgeStatus struct {
	// Conditions say whether the bridge is Ready, and why not.
	// +optional
	Conditions []Condition `json:"conditions,omitempty"`
	// ObservedGeneration is the metadata.generation that the operator last worked on.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// URL is the address of the HTTP port in the cluster.
	// +optional
	URL string `json:"url,omitempty"`
	// LabelSelector finds the pods.
	// +optional
	LabelSelector string `json:"labelSelector,omitempty"`
	// Replicas counts the pods.
	// +optional
	Replicas *int32 `json:"replicas,omitempty"`
}

// KafkaBridgeList is what an API server answers to a request for bridges.
//
// +kubebuilder:object:root=true
type KafkaBridgeList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the bridges.
	Items []KafkaBridge `json:"items"`
}
