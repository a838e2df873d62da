package v1beta2

import corev1 "k8s.io/api/core/v1"

// LoggingType is where a logging configuration stands.
//
// +kubebuilder:validation:Enum=inline;external
type LoggingType string

// The logging types.
const (
	// LoggingInline has the loggers in the resource.
	LoggingInline LoggingType = "inline"
	// LoggingExternal has a whole configuration file in a ConfigMap.
	LoggingExternal LoggingType = "external"
)

// Logging is a logging configuration. Whether it is Log4j 1 or 2 depends on what it is of.
type Logging struct {
	// Type is where the configuration stands.
	Type LoggingType `json:"type"`
	// Loggers are properties on top of the operator's own configuration: the names of loggers
	// and appenders with their levels, each a scalar. For inline.
	// +optional
	Loggers Configuration `json:"loggers,omitempty"`
	// ValueFrom is the ConfigMap entry with the configuration file. For external. Since
	// Strimzi 0.22, in place of the ConfigMap's name alone.
	// +optional
	ValueFrom *ExternalConfigurationReference `json:"valueFrom,omitempty"`
}

// ExternalConfigurationReference is where a configuration file stands.
type ExternalConfigurationReference struct {
	// ConfigMapKeyRef is a ConfigMap in the resource's namespace and the key in it.
	// +optional
	ConfigMapKeyRef *corev1.ConfigMapKeySelector `json:"configMapKeyRef,omitempty"`
}
