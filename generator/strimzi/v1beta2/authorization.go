package v1beta2

// AuthorizationType is who decides what an authenticated client may do.
//
// +kubebuilder:validation:Enum=simple;opa;keycloak;custom
type AuthorizationType string

// The authorization types.
const (
	// AuthorizationSimple is Kafka's own ACLs.
	AuthorizationSimple AuthorizationType = "simple"
	// AuthorizationOPA is an Open Policy Agent. Since Strimzi 0.19.
	AuthorizationOPA AuthorizationType = "opa"
	// AuthorizationKeycloak is Keycloak Authorization Services.
	AuthorizationKeycloak AuthorizationType = "keycloak"
	// AuthorizationCustom is a class in the brokers' image. Since Strimzi 0.23.
	AuthorizationCustom AuthorizationType = "custom"
)

// KafkaAuthorization decides what authenticated clients may do. Which fields count depends
// on Type.
type KafkaAuthorization struct {
	// Type is who decides.
	Type AuthorizationType `json:"type"`
	// SuperUsers may do anything, whoever decides: names such as CN=admin for certificates
	// and admin for SCRAM, without the prefix User:.
	// +optional
	SuperUsers []string `json:"superUsers,omitempty"`

	// AllowOnError lets clients in while the policy agent does not answer. Default false. For
	// opa. Since Strimzi 0.19.
	// +optional
	AllowOnError *bool `json:"allowOnError,omitempty"`
	// URL of the policy that the agent is asked about, such as
	// http://opa:8181/v1/data/kafka/authz/allow. For opa, which needs it. Since Strimzi 0.19.
	// +optional
	URL string `json:"url,omitempty"`
	// ExpireAfterMs is how long, in milliseconds, an answer is kept. Default 3600000. For
	// opa. Since Strimzi 0.19.
	// +optional
	ExpireAfterMs *int64 `json:"expireAfterMs,omitempty"`
	// InitialCacheCapacity is how many answers there is room for at first. Default 5000. For
	// opa. Since Strimzi 0.19.
	// +optional
	InitialCacheCapacity *int32 `json:"initialCacheCapacity,omitempty"`
	// MaximumCacheSize is how many answers are kept at most. Default 50000. For opa. Since
	// Strimzi 0.19.
	// +optional
	MaximumCacheSize *int32 `json:"maximumCacheSize,omitempty"`

	// AuthorizerClass is the full name of the class. For custom. Since Strimzi 0.23.
	// +optional
	AuthorizerClass string `json:"authorizerClass,omitempty"`

	// ClientID is the brokers' own id at the authorization server. For keycloak.
	// +optional
	ClientID string `json:"clientId,omitempty"`
	// DelegateToKafkaACLs asks Kafka's own ACLs when Keycloak says no. Default false. For
	// keycloak.
	// +optional
	DelegateToKafkaACLs *bool `json:"delegateToKafkaAcls,omitempty"`
	// DisableTLSHostnameVerification takes any name in the server's certificate. Default
	// false. For keycloak.
	// +optional
	DisableTLSHostnameVerification *bool `json:"disableTlsHostnameVerification,omitempty"`
	// GrantsRefreshPeriodSeconds is the time between two looks at what open sessions may do.
	// Default 60. For keycloak. Since Strimzi 0.20.
	// +kubebuilder:validation:Minimum=0
	// +optional
	GrantsRefreshPeriodSeconds *int32 `json:"grantsRefreshPeriodSeconds,omitempty"`
	// GrantsRefreshPoolSize is how many threads look at once. Default 5. For keycloak. Since
	// Strimzi 0.20.
	// +kubebuilder:validation:Minimum=1
	// +optional
	GrantsRefreshPoolSize *int32 `json:"grantsRefreshPoolSize,omitempty"`
	// TLSTrustedCertificates are the CAs that the server is trusted by. Default: those of the
	// Java runtime. For keycloak.
	// +optional
	TLSTrustedCertificates []CertSecretSource `json:"tlsTrustedCertificates,omitempty"`
	// TokenEndpointURI is where grants are asked for. For keycloak.
	// +optional
	TokenEndpointURI string `json:"tokenEndpointUri,omitempty"`
}
