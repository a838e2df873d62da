package v1beta2

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// KafkaUser is one principal of a cluster: its credentials, which the User Operator puts into
// a Secret, its ACLs and its quotas.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=ku,categories=strimzi
type KafkaUser struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is who the user is and what it may do.
	// +optional
	Spec *KafkaUserSpec `json:"spec,omitempty"`
	// Status is what the operator last found.
	// +optional
	Status *KafkaUserStatus `json:"status,omitempty"`
}

// KafkaUserSpec is who a user is and what it may do.
type KafkaUserSpec struct {
	// Authentication is how the user proves who it is. Without it the operator makes no
	// credentials, and the ACLs are for a user of that name from elsewhere.
	// +optional
	Authentication *KafkaUserAuthentication `json:"authentication,omitempty"`
	// Authorization is what the user may do. It counts only on a cluster whose brokers have
	// authorization simple.
	// +optional
	Authorization *KafkaUserAuthorization `json:"authorization,omitempty"`
	// Quotas bound what the user may ask of each broker.
	// +optional
	Quotas *KafkaUserQuotas `json:"quotas,omitempty"`
	// Template adds labels and annotations to the Secret.
	// +optional
	Template *KafkaUserTemplate `json:"template,omitempty"`
}

// KafkaUserAuthentication is how a user proves who it is.
type KafkaUserAuthentication struct {
	// Type is tls for a certificate, scram-sha-512 for a password.
	// +kubebuilder:validation:Enum=tls;scram-sha-512
	Type string `json:"type"`
}

// KafkaUserAuthorization is what a user may do.
type KafkaUserAuthorization struct {
	// Type is simple, the only one: ACLs that the brokers check themselves.
	// +kubebuilder:validation:Enum=simple
	Type string `json:"type"`
	// ACLs are the rules; what none allows is refused.
	ACLs []ACLRule `json:"acls"`
}

// ACLRule allows or denies one operation on one resource.
type ACLRule struct {
	// Host is the client's address to which the rule applies; "*", every host, where absent.
	// +optional
	Host string `json:"host,omitempty"`
	// Operation is what is allowed, in Kafka's words.
	// +kubebuilder:validation:Enum=Read;Write;Create;Delete;Alter;Describe;ClusterAction;AlterConfigs;DescribeConfigs;IdempotentWrite;All
	Operation string `json:"operation"`
	// Resource is what the operation is allowed on.
	Resource ACLRuleResource `json:"resource"`
	// Type is allow, also where absent, or deny.
	// +kubebuilder:validation:Enum=allow;deny
	// +optional
	Type string `json:"type,omitempty"`
}

// ACLRuleResource is what a rule is about.
type ACLRuleResource struct {
	// Type is the sort of thing; a cluster has no name.
	// +kubebuilder:validation:Enum=topic;group;cluster;transactionalId
	Type string `json:"type"`
	// Name is the thing's name, "*" for all, or a prefix.
	// +optional
	Name string `json:"name,omitempty"`
	// PatternType says how Name is meant: literal, also where absent, or prefix.
	// +kubebuilder:validation:Enum=literal;prefix
	// +optional
	PatternType string `json:"patternType,omitempty"`
}

// KafkaUserQuotas bound what a user may ask of each broker; absent means no bound.
type KafkaUserQuotas struct {
	// ProducerByteRate is what it may write, in bytes a second.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ProducerByteRate *int64 `json:"producerByteRate,omitempty"`
	// ConsumerByteRate is what it may fetch, in bytes a second.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ConsumerByteRate *int64 `json:"consumerByteRate,omitempty"`
	// RequestPercentage is its share of the network and I/O threads' time, in percent of one
	// thread: it may exceed 100.
	// +kubebuilder:validation:Minimum=0
	// +optional
	RequestPercentage *int64 `json:"requestPercentage,omitempty"`
	// ControllerMutationRate is how many partitions a second it may have created or deleted
	// (KIP-599). Since Strimzi 0.24.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ControllerMutationRate *float64 `json:"controllerMutationRate,omitempty"`
}

// KafkaUserTemplate adds to what the operator makes for a user.
type KafkaUserTemplate struct {
	// Secret is the Secret with the credentials.
	// +optional
	Secret *ResourceTemplate `json:"secret,omitempty"`
}

// KafkaUserStatus is what the User Operator reports.
type KafkaUserStatus struct {
	// Conditions say whether the user is Ready, and why not.
	// +optional
	Conditions []Condition `json:"conditions,omitempty"`
	// ObservedGeneration is the metadata.generation that the operator last worked on.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// Username is the principal's name in Kafka: CN=name for a certificate.
	// +optional
	Username string `json:"username,omitempty"`
	// Secret names the Secret with the credentials.
	// +optional
	Secret string `json:"secret,omitempty"`
}

// KafkaUserList is what an API server answers to a request for users.
//
// +kubebuilder:object:root=true
type KafkaUserList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the users.
	Items []KafkaUser `json:"items"`
}
