package v1beta2

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// KafkaRebalance is one request to Cruise Control for a proposal, which a person approves by
// the annotation strimzi.io/rebalance.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=kr,categories=strimzi
type KafkaRebalance struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what the proposal has to achieve.
	// +optional
	Spec *KafkaRebalanceSpec `json:"spec,omitempty"`
	// Status is how far the rebalance is.
	// +optional
	Status *KafkaRebalanceStatus `json:"status,omitempty"`
}

// KafkaRebalanceSpec is what a proposal has to achieve, and how fast it may move data.
type KafkaRebalanceSpec struct {
	// Goals are Cruise Control's goals, the most important first; its default.goals where
	// there are none.
	// +optional
	Goals []string `json:"goals,omitempty"`
	// SkipHardGoalCheck lets Goals leave out hard goals of the Kafka resource; false where
	// absent.
	// +optional
	SkipHardGoalCheck *bool `json:"skipHardGoalCheck,omitempty"`
	// ExcludedTopics is a Java regular expression of topics that stay where they are.
	// +optional
	ExcludedTopics string `json:"excludedTopics,omitempty"`
	// ConcurrentPartitionMovementsPerBroker bounds the replicas that move to and from one
	// broker at a time; 5 where absent.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ConcurrentPartitionMovementsPerBroker *int32 `json:"concurrentPartitionMovementsPerBroker,omitempty"`
	// ConcurrentIntraBrokerPartitionMovements bounds the replicas that move between one
	// broker's disks at a time; 2 where absent.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ConcurrentIntraBrokerPartitionMovements *int32 `json:"concurrentIntraBrokerPartitionMovements,omitempty"`
	// ConcurrentLeaderMovements bounds the leaders that change at a time; 1000 where absent.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ConcurrentLeaderMovements *int32 `json:"concurrentLeaderMovements,omitempty"`
	// ReplicationThrottle bounds the bandwidth of moving replicas, in bytes a second; no bound
	// where absent.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ReplicationThrottle *int64 `json:"replicationThrottle,omitempty"`
	// ReplicaMovementStrategies are class names that decide the order in which replicas move;
	// the order of the proposal where there are none.
	// +optional
	ReplicaMovementStrategies []string `json:"replicaMovementStrategies,omitempty"`
}

// KafkaRebalanceStatus is how far a rebalance is.
type KafkaRebalanceStatus struct {
	// Conditions hold the state as a type: PendingProposal, ProposalReady, Rebalancing, Stopped,
	// NotReady or Ready.
	// +optional
	Conditions []Condition `json:"conditions,omitempty"`
	// ObservedGeneration is the metadata.generation that the operator last worked on.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// SessionID is Cruise Control's own name of the task, by which its log can be searched.
	// +optional
	SessionID string `json:"sessionId,omitempty"`
	// OptimizationResult is Cruise Control's summary of the proposal.
	// +optional
	OptimizationResult Configuration `json:"optimizationResult,omitempty"`
}

// KafkaRebalanceList is what an API server answers to a request for rebalances.
//
// +kubebuilder:object:root=true
type KafkaRebalanceList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the rebalances.
	Items []KafkaRebalance `json:"items"`
}
