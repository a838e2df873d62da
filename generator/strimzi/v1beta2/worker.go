package v1beta2

import corev1 "k8s.io/api/core/v1"

// WorkerSpec is what every group of Kafka Connect workers has, be it made for Kafka Connect
// or for MirrorMaker 2.
type WorkerSpec struct {
	// Version is the Kafka version of the workers; the operator's newest where absent.
	// +optional
	Version string `json:"version,omitempty"`
	// Replicas counts the workers; 3 where absent.
	// +optional
	Replicas *int32 `json:"replicas,omitempty"`
	// Image stands in for the operator's own image of Version.
	// +optional
	Image string `json:"image,omitempty"`
	// Resources are what a worker asks for and is held to.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// LivenessProbe restarts a worker that does not answer.
	// +optional
	LivenessProbe *Probe `json:"livenessProbe,omitempty"`
	// ReadinessProbe takes a worker that does not answer out of the service.
	// +optional
	ReadinessProbe *Probe `json:"readinessProbe,omitempty"`
	// JVMOptions are the settings of the workers' Java.
	// +optional
	JVMOptions *JVMOptions `json:"jvmOptions,omitempty"`
	// JMXOptions open the JMX port 9999.
	// +optional
	JMXOptions *KafkaJMXOptions `json:"jmxOptions,omitempty"`
	// Logging are the levels of the workers' log, by Log4j 1.
	// +optional
	Logging *Logging `json:"logging,omitempty"`
	// Tracing sends spans of the records that connectors move.
	// +optional
	Tracing *Tracing `json:"tracing,omitempty"`
	// Template changes what the operator makes.
	// +optional
	Template *KafkaConnectTemplate `json:"template,omitempty"`
	// ExternalConfiguration brings Secrets and ConfigMaps to the workers, for the
	// configuration of connectors.
	// +optional
	ExternalConfiguration *ExternalConfiguration `json:"externalConfiguration,omitempty"`
	// MetricsConfig opens the metrics port 9404.
	// +optional
	MetricsConfig *MetricsConfig `json:"metricsConfig,omitempty"`
}

// ExternalConfiguration brings Secrets and ConfigMaps to the workers.
type ExternalConfiguration struct {
	// Env are environment variables.
	// +optional
	Env []ExternalConfigurationEnv `json:"env,omitempty"`
	// Volumes are files under /opt/kafka/external-configuration/NAME.
	// +optional
	Volumes []ExternalConfigurationVolumeSource `json:"volumes,omitempty"`
}

// ExternalConfigurationEnv is one environment variable.
type ExternalConfigurationEnv struct {
	// Name is the variable's name; KAFKA_ and STRIMZI_ are the operator's own prefixes.
	Name string `json:"name"`
	// ValueFrom is where the value stands.
	ValueFrom ExternalConfigurationEnvVarSource `json:"valueFrom"`
}

// ExternalConfigurationEnvVarSource is where a value stands: exactly one field is set.
type ExternalConfigurationEnvVarSource struct {
	// ConfigMapKeyRef names a ConfigMap's key.
	// +optional
	ConfigMapKeyRef *corev1.ConfigMapKeySelector `json:"configMapKeyRef,omitempty"`
	// SecretKeyRef names a Secret's key.
	// +optional
	SecretKeyRef *corev1.SecretKeySelector `json:"secretKeyRef,omitempty"`
}

// ExternalConfigurationVolumeSource is one volume: Name and exactly one other field are set.
type ExternalConfigurationVolumeSource struct {
	// Name is the volume's name and its folder's.
	Name string `json:"name"`
	// ConfigMap names the ConfigMap whose keys become files.
	// +optional
	ConfigMap *corev1.ConfigMapVolumeSource `json:"configMap,omitempty"`
	// Secret names the Secret whose keys become files.
	// +optional
	Secret *corev1.SecretVolumeSource `json:"secret,omitempty"`
}

// KafkaConnectTemplate changes what the operator makes for a group of workers.
type KafkaConnectTemplate struct {
	// Deployment is the workers' Deployment, or DeploymentConfig of S2I.
	// +optional
	Deployment *DeploymentTemplate `json:"deployment,omitempty"`
	// Pod is a worker's pod.
	// +optional
	Pod *PodTemplate `json:"pod,omitempty"`
	// APIService is the Service of the REST interface.
	// +optional
	APIService *InternalServiceTemplate `json:"apiService,omitempty"`
	// ConnectContainer is the worker's container.
	// +optional
	ConnectContainer *ContainerTemplate `json:"connectContainer,omitempty"`
	// InitContainer is the container that looks up the rack.
	// +optional
	InitContainer *ContainerTemplate `json:"initContainer,omitempty"`
	// PodDisruptionBudget bounds how many workers may be evicted at a time.
	// +optional
	PodDisruptionBudget *PodDisruptionBudgetTemplate `json:"podDisruptionBudget,omitempty"`
	// ServiceAccount is what the workers run as. Since Strimzi 0.24.
	// +optional
	ServiceAccount *ResourceTemplate `json:"serviceAccount,omitempty"`
	// ClusterRoleBinding lets the workers read their node's labels.
	// +optional
	ClusterRoleBinding *ResourceTemplate `json:"clusterRoleBinding,omitempty"`
	// BuildPod is the pod that builds the image.
	// +optional
	BuildPod *PodTemplate `json:"buildPod,omitempty"`
	// BuildContainer is the container that builds the image.
	// +optional
	BuildContainer *ContainerTemplate `json:"buildContainer,omitempty"`
	// BuildConfig is the BuildConfig that builds the image on OpenShift.
	// +optional
	BuildConfig *ResourceTemplate `json:"buildConfig,omitempty"`
	// BuildServiceAccount is what the build runs as. Since Strimzi 0.24.
	// +optional
	BuildServiceAccount *ResourceTemplate `json:"buildServiceAccount,omitempty"`
}

// DeploymentTemplate changes a Deployment.
type DeploymentTemplate struct {
	// Metadata adds labels and annotations.
	// +optional
	Metadata *MetadataTemplate `json:"metadata,omitempty"`
	// DeploymentStrategy is how pods are replaced: RollingUpdate, also where absent, or
	// Recreate.
	// +kubebuilder:validation:Enum=RollingUpdate;Recreate
	// +optional
	DeploymentStrategy string `json:"deploymentStrategy,omitempty"`
}
