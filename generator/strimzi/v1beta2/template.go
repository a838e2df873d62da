package v1beta2

import corev1 "k8s.io/api/core/v1"

// MetadataTemplate is labels and annotations that are added to an object. Up to Strimzi
// 0.39 the API takes any scalar as value, and the operator makes it text.
type MetadataTemplate struct {
	// Labels to add.
	// +optional
	Labels Configuration `json:"labels,omitempty"`
	// Annotations to add.
	// +optional
	Annotations Configuration `json:"annotations,omitempty"`
}

// ResourceTemplate shapes an object of which only the metadata can be chosen.
type ResourceTemplate struct {
	// Metadata to add to the object.
	// +optional
	Metadata *MetadataTemplate `json:"metadata,omitempty"`
}

// PodManagementPolicy is the order in which a StatefulSet starts its pods.
//
// +kubebuilder:validation:Enum=OrderedReady;Parallel
type PodManagementPolicy string

// The pod management policies.
const (
	// PodManagementOrderedReady starts one pod after the other.
	PodManagementOrderedReady PodManagementPolicy = "OrderedReady"
	// PodManagementParallel starts all at once.
	PodManagementParallel PodManagementPolicy = "Parallel"
)

// StatefulSetTemplate shapes a StatefulSet.
type StatefulSetTemplate struct {
	// Metadata to add to the StatefulSet.
	// +optional
	Metadata *MetadataTemplate `json:"metadata,omitempty"`
	// PodManagementPolicy is the order in which pods start. Default Parallel. Since Strimzi
	// 0.18.
	// +optional
	PodManagementPolicy PodManagementPolicy `json:"podManagementPolicy,omitempty"`
}

// PodTemplate shapes pods.
type PodTemplate struct {
	// Metadata to add to the pods.
	// +optional
	Metadata *MetadataTemplate `json:"metadata,omitempty"`
	// ImagePullSecrets are for pulling the images; with any here those of the Cluster
	// Operator's STRIMZI_IMAGE_PULL_SECRETS do not count.
	// +optional
	ImagePullSecrets []corev1.LocalObjectReference `json:"imagePullSecrets,omitempty"`
	// SecurityContext of the pods.
	// +optional
	SecurityContext *corev1.PodSecurityContext `json:"securityContext,omitempty"`
	// TerminationGracePeriodSeconds is the time from asking a pod to end to killing it.
	// Default 30.
	// +kubebuilder:validation:Minimum=0
	// +optional
	TerminationGracePeriodSeconds *int32 `json:"terminationGracePeriodSeconds,omitempty"`
	// Affinity to nodes and other pods.
	// +optional
	Affinity *corev1.Affinity `json:"affinity,omitempty"`
	// Tolerations of node taints.
	// +optional
	Tolerations []corev1.Toleration `json:"tolerations,omitempty"`
	// PriorityClassName of the pods.
	// +optional
	PriorityClassName string `json:"priorityClassName,omitempty"`
	// SchedulerName of the pods. Default: Kubernetes' own scheduler.
	// +optional
	SchedulerName string `json:"schedulerName,omitempty"`
	// HostAliases are further entries of /etc/hosts. Since Strimzi 0.20.
	// +optional
	HostAliases []corev1.HostAlias `json:"hostAliases,omitempty"`
	// EnableServiceLinks puts the namespace's Services into the environment. Default: as
	// Kubernetes does, true. Since Strimzi 0.23.
	// +optional
	EnableServiceLinks *bool `json:"enableServiceLinks,omitempty"`
	// TopologySpreadConstraints over zones and nodes. Since Strimzi 0.21.
	// +optional
	TopologySpreadConstraints []corev1.TopologySpreadConstraint `json:"topologySpreadConstraints,omitempty"`
}

// ContainerTemplate shapes a container.
type ContainerTemplate struct {
	// Env is variables to add; one that the operator sets itself stays as it is.
	// +optional
	Env []ContainerEnvVar `json:"env,omitempty"`
	// SecurityContext of the container. Since Strimzi 0.18.
	// +optional
	SecurityContext *corev1.SecurityContext `json:"securityContext,omitempty"`
}

// ContainerEnvVar is one environment variable.
type ContainerEnvVar struct {
	// Name of the variable.
	// +optional
	Name string `json:"name,omitempty"`
	// Value of the variable.
	// +optional
	Value string `json:"value,omitempty"`
}

// PodDisruptionBudgetTemplate shapes a PodDisruptionBudget.
type PodDisruptionBudgetTemplate struct {
	// Metadata to add to the budget.
	// +optional
	Metadata *MetadataTemplate `json:"metadata,omitempty"`
	// MaxUnavailable is how many pods an eviction may leave missing; 0 refuses every one.
	// Default 1.
	// +kubebuilder:validation:Minimum=0
	// +optional
	MaxUnavailable *int32 `json:"maxUnavailable,omitempty"`
}

// IPFamilyPolicy is how many IP families a Service has.
//
// +kubebuilder:validation:Enum=SingleStack;PreferDualStack;RequireDualStack
type IPFamilyPolicy string

// IPFamily is a version of the Internet Protocol.
//
// +kubebuilder:validation:Enum=IPv4;IPv6
type IPFamily string

// InternalServiceTemplate shapes a Service within the Kubernetes cluster.
type InternalServiceTemplate struct {
	// Metadata to add to the Service.
	// +optional
	Metadata *MetadataTemplate `json:"metadata,omitempty"`
	// IPFamilyPolicy of the Service, for Kubernetes 1.20 or later, which chooses if it is
	// absent. Since Strimzi 0.23.
	// +optional
	IPFamilyPolicy IPFamilyPolicy `json:"ipFamilyPolicy,omitempty"`
	// IPFamilies of the Service, the main one first, for Kubernetes 1.20 or later, which
	// chooses if there are none. Since Strimzi 0.23.
	// +optional
	IPFamilies []IPFamily `json:"ipFamilies,omitempty"`
}
