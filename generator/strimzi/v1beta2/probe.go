package v1beta2

// Probe is when a container is checked. What is checked, and the defaults of the first
// delay and the timeout, depend on the container.
type Probe struct {
	// FailureThreshold is how many failures in a row count as one. Default 3.
	// +kubebuilder:validation:Minimum=1
	// +optional
	FailureThreshold *int32 `json:"failureThreshold,omitempty"`
	// InitialDelaySeconds is the time from the container's start to the first check. Default
	// 15 unless the container has another.
	// +kubebuilder:validation:Minimum=0
	// +optional
	InitialDelaySeconds *int32 `json:"initialDelaySeconds,omitempty"`
	// PeriodSeconds is the time from one check to the next. Default 10.
	// +kubebuilder:validation:Minimum=1
	// +optional
	PeriodSeconds *int32 `json:"periodSeconds,omitempty"`
	// SuccessThreshold is how many successes in a row end a failure; for liveness it must
	// be 1. Default 1.
	// +kubebuilder:validation:Minimum=1
	// +optional
	SuccessThreshold *int32 `json:"successThreshold,omitempty"`
	// TimeoutSeconds is how long one check may take. Default 5 unless the container has
	// another.
	// +kubebuilder:validation:Minimum=1
	// +optional
	TimeoutSeconds *int32 `json:"timeoutSeconds,omitempty"`
}
