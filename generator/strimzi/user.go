package strimzi

// UserSpec is the spec of a KafkaUser. Its fields are the same from Strimzi 0.17 to
// 0.24, so that it travels from source to target as it is.
type UserSpec struct {
	Authentication *UserAuthentication `yaml:"authentication,omitempty" json:"authentication,omitempty"`
	Authorization  *UserAuthorization  `yaml:"authorization,omitempty" json:"authorization,omitempty"`
	Quotas         *UserQuotas         `yaml:"quotas,omitempty" json:"quotas,omitempty"`
	// Template customises the Secret (since 0.22).
	Template map[string]any `yaml:"template,omitempty" json:"template,omitempty"`
}

// UserAuthentication says how a user proves who it is: type tls or scram-sha-512.
type UserAuthentication struct {
	Type string `yaml:"type" json:"type"`
}

// UserAuthorization is the list of ACLs; the only type is simple.
type UserAuthorization struct {
	Type string `yaml:"type" json:"type"`
	ACLs []ACL  `yaml:"acls" json:"acls"`
}

// ACL is one rule of a user. Host defaults to "*", Type to allow.
type ACL struct {
	Host      string      `yaml:"host,omitempty" json:"host,omitempty"`
	Operation string      `yaml:"operation" json:"operation"`
	Resource  ACLResource `yaml:"resource" json:"resource"`
	Type      string      `yaml:"type,omitempty" json:"type,omitempty"`
}

// ACLResource is what a rule speaks of: type topic, group, cluster or transactionalId;
// patternType literal (the default) or prefix.
type ACLResource struct {
	Type        string `yaml:"type" json:"type"`
	Name        string `yaml:"name,omitempty" json:"name,omitempty"`
	PatternType string `yaml:"patternType,omitempty" json:"patternType,omitempty"`
}

// UserQuotas bound what a user may ask of a broker. ControllerMutationRate exists since
// Strimzi 0.24.
type UserQuotas struct {
	ProducerByteRate       *int64   `yaml:"producerByteRate,omitempty" json:"producerByteRate,omitempty"`
	ConsumerByteRate       *int64   `yaml:"consumerByteRate,omitempty" json:"consumerByteRate,omitempty"`
	RequestPercentage      *int64   `yaml:"requestPercentage,omitempty" json:"requestPercentage,omitempty"`
	ControllerMutationRate *float64 `yaml:"controllerMutationRate,omitempty" json:"controllerMutationRate,omitempty"`
}
