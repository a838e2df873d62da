package v1beta2

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// KafkaConnectS2I is a group of Kafka Connect workers whose image OpenShift builds from
// source. Strimzi 0.25 is the first without it; KafkaConnect with a build takes its place.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:subresource:scale:specpath=.spec.replicas,statuspath=.status.replicas,selectorpath=.status.labelSelector
// +kubebuilder:resource:shortName=kcs2i,categories=strimzi
type KafkaConnectS2I struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the workers are to be.
	// +optional
	Spec *KafkaConnectS2ISpec `json:"spec,omitempty"`
	// Status is what the operator last found.
	// +optional
	Status *KafkaConnectS2IStatus `json:"status,omitempty"`
}

// KafkaConnectS2ISpec is what a group of workers with an image of its own is to be.
type KafkaConnectS2ISpec struct {
	// KafkaConnectSpec is what it shares with KafkaConnect.
	KafkaConnectSpec `json:",inline"`
	// BuildResources are what the build asks for and is held to.
	// +optional
	BuildResources *corev1.ResourceRequirements `json:"buildResources,omitempty"`
	// InsecureSourceRepository takes the base image from a registry without a certificate;
	// false where absent.
	// +optional
	InsecureSourceRepository *bool `json:"insecureSourceRepository,omitempty"`
}

// KafkaConnectS2IStatus is what the operator reports of the workers and their build.
type KafkaConnectS2IStatus struct {
	// KafkaConnectStatus is what it shares with KafkaConnect.
	KafkaConnectStatus `json:",inline"`
	// BuildConfigName names the BuildConfig.
	// +optional
	BuildConfigName string `json:"buildConfigName,omitempty"`
}

// KafkaConnectS2IList is what an API server answers to a request for such groups.
//
// +kubebuilder:object:root=true
type KafkaConnectS2IList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the groups of workers.
	Items []KafkaConnectS2I `json:"items"`
}
