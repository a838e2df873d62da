package v1beta2

// Condition is one finding of an operator about a resource.
type Condition struct {
	// Type says what is found: Ready, NotReady, Warning, ReconciliationPaused, or the state of
	// a KafkaRebalance.
	// +optional
	Type string `json:"type,omitempty"`
	// Status is True, False or Unknown.
	// +optional
	Status string `json:"status,omitempty"`
	// LastTransitionTime is when Status last changed, as 2006-01-02T15:04:05Z in UTC.
	// +optional
	LastTransitionTime string `json:"lastTransitionTime,omitempty"`
	// Reason is one word that says why.
	// +optional
	Reason string `json:"reason,omitempty"`
	// Message tells people more.
	// +optional
	Message string `json:"message,omitempty"`
}

// KafkaStatus is what the Cluster Operator last saw of a Kafka cluster.
type KafkaStatus struct {
	// Conditions of the cluster.
	// +optional
	Conditions []Condition `json:"conditions,omitempty"`
	// ObservedGeneration is the metadata.generation that the rest is about.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// Listeners are the addresses that clients can connect to.
	// +optional
	Listeners []ListenerStatus `json:"listeners,omitempty"`
	// ClusterID is the id that Kafka gave itself (KIP-78). Since Strimzi 0.21.
	// +optional
	ClusterID string `json:"clusterId,omitempty"`
}

// ListenerStatus is the addresses of one listener.
type ListenerStatus struct {
	// Type is the name of the listener.
	// +optional
	Type string `json:"type,omitempty"`
	// Addresses to bootstrap from.
	// +optional
	Addresses []ListenerAddress `json:"addresses,omitempty"`
	// BootstrapServers are the same as host:port, separated by commas. Since Strimzi 0.18.
	// +optional
	BootstrapServers string `json:"bootstrapServers,omitempty"`
	// Certificates are those to trust, in PEM; for a listener with TLS.
	// +optional
	Certificates []string `json:"certificates,omitempty"`
}

// ListenerAddress is one address of a listener.
type ListenerAddress struct {
	// Host is a name or an IP address.
	// +optional
	Host string `json:"host,omitempty"`
	// Port is the port to connect to.
	// +optional
	Port *int32 `json:"port,omitempty"`
}
