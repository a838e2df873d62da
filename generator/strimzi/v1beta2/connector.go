package v1beta2

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// KafkaConnector is one connector on the Connect cluster that its label strimzi.io/cluster
// names, provided that cluster has the annotation strimzi.io/use-connector-resources.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:subresource:scale:specpath=.spec.tasksMax,statuspath=.status.tasksMax
// +kubebuilder:resource:shortName=kctr,categories=strimzi
type KafkaConnector struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the connector is to be.
	// +optional
	Spec *KafkaConnectorSpec `json:"spec,omitempty"`
	// Status is what the operator last found.
	// +optional
	Status *KafkaConnectorStatus `json:"status,omitempty"`
}

// KafkaConnectorSpec is what a connector is to be.
type KafkaConnectorSpec struct {
	// Class is the connector's Java class, or its alias.
	// +optional
	Class string `json:"class,omitempty"`
	// ConnectorSettings are what every connector has.
	ConnectorSettings `json:",inline"`
}

// ConnectorSettings are what connectors and the connectors of a mirror have in common.
type ConnectorSettings struct {
	// TasksMax bounds the number of tasks; 1 where absent.
	// +kubebuilder:validation:Minimum=1
	// +optional
	TasksMax *int32 `json:"tasksMax,omitempty"`
	// Config are the connector's own settings. The operator ignores connector.class and
	// tasks.max.
	// +optional
	Config Configuration `json:"config,omitempty"`
	// Pause stops the connector and its tasks without removing them; false where absent.
	// +optional
	Pause *bool `json:"pause,omitempty"`
}

// KafkaConnectorStatus is what the operator reports of a connector.
type KafkaConnectorStatus struct {
	// Conditions say whether the connector is Ready, and why not.
	// +optional
	Conditions []Condition `json:"conditions,omitempty"`
	// ObservedGeneration is the metadata.generation that the operator last worked on.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// ConnectorStatus is what Connect's REST interface answers about the connector.
	// +optional
	ConnectorStatus Configuration `json:"connectorStatus,omitempty"`
	// TasksMax is the bound that is in force.
	// +optional
	TasksMax *int32 `json:"tasksMax,omitempty"`
	// Topics are those that the connector has used (KIP-558).
	// +optional
	Topics []string `json:"topics,omitempty"`
}

// KafkaConnectorList is what an API server answers to a request for connectors.
//
// +kubebuilder:object:root=true
type KafkaConnectorList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the connectors.
	Items []KafkaConnector `json:"items"`
}
