package v1beta2

// MetricsType is what turns JMX values into metrics.
//
// +kubebuilder:validation:Enum=jmxPrometheusExporter
type MetricsType string

// MetricsJMXPrometheusExporter is Prometheus' JMX Exporter, as a Java agent on port 9404.
const MetricsJMXPrometheusExporter MetricsType = "jmxPrometheusExporter"

// MetricsConfig exposes metrics to Prometheus. Since Strimzi 0.21.
type MetricsConfig struct {
	// Type is what makes the metrics.
	Type MetricsType `json:"type"`
	// ValueFrom is the ConfigMap entry with the exporter's rules.
	ValueFrom ExternalConfigurationReference `json:"valueFrom"`
}
