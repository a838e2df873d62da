package v1beta2

// Tracing says where spans go.
type Tracing struct {
	// Type is jaeger, the only one: the pods take its settings from their environment.
	// +kubebuilder:validation:Enum=jaeger
	Type string `json:"type"`
}
