package v1beta2

// ListenerAuthenticationType is the way clients of a listener prove who they are.
//
// +kubebuilder:validation:Enum=tls;scram-sha-512;oauth
type ListenerAuthenticationType string

// The authentication types of listeners.
const (
	// ListenerTLS asks for a client certificate; the listener must have TLS.
	ListenerTLS ListenerAuthenticationType = "tls"
	// ListenerScramSHA512 asks for a user name and password by SASL SCRAM-SHA-512.
	ListenerScramSHA512 ListenerAuthenticationType = "scram-sha-512"
	// ListenerOAuth asks for an OAuth 2.0 token by SASL OAUTHBEARER or PLAIN.
	ListenerOAuth ListenerAuthenticationType = "oauth"
)

// ListenerAuthentication says how clients of a listener prove who they are. All fields but
// Type belong to oauth.
type ListenerAuthentication struct {
	// Type is the way to prove it.
	Type ListenerAuthenticationType `json:"type"`

	// AccessTokenIsJWT says that tokens are signed JSON web tokens, rather than opaque ones
	// that only the authorization server can read. Default true.
	// +optional
	AccessTokenIsJWT *bool `json:"accessTokenIsJwt,omitempty"`
	// CheckAccessTokenType wants the claim typ of a token to say that it is an access token.
	// Default true.
	// +optional
	CheckAccessTokenType *bool `json:"checkAccessTokenType,omitempty"`
	// CheckAudience wants ClientID among the audience of a token. Default false. Since
	// Strimzi 0.22.
	// +optional
	CheckAudience *bool `json:"checkAudience,omitempty"`
	// CheckIssuer wants a token to come from ValidIssuerURI. Default true. Since Strimzi 0.18.
	// +optional
	CheckIssuer *bool `json:"checkIssuer,omitempty"`
	// ClientAudience is the audience that the broker names when it asks for a token for
	// itself or for a client of SASL PLAIN. Since Strimzi 0.24.
	// +optional
	ClientAudience string `json:"clientAudience,omitempty"`
	// ClientID is the broker's own id at the authorization server, which introspection
	// needs.
	// +optional
	ClientID string `json:"clientId,omitempty"`
	// ClientScope is the scope that the broker names when it asks for a token for itself or
	// for a client of SASL PLAIN. Since Strimzi 0.24.
	// +optional
	ClientScope string `json:"clientScope,omitempty"`
	// ClientSecret is the broker's own secret at the authorization server.
	// +optional
	ClientSecret *GenericSecretSource `json:"clientSecret,omitempty"`
	// CustomClaimCheck is a JSONPath filter that the claims of a token, or the server's
	// answer about it, must match. Since Strimzi 0.22.
	// +optional
	CustomClaimCheck string `json:"customClaimCheck,omitempty"`
	// DisableTLSHostnameVerification takes any name in the authorization server's
	// certificate. Default false.
	// +optional
	DisableTLSHostnameVerification *bool `json:"disableTlsHostnameVerification,omitempty"`
	// EnableECDSA added elliptic curve signatures. Ignored since Strimzi 0.24, which always
	// knows them.
	// +optional
	EnableECDSA *bool `json:"enableECDSA,omitempty"`
	// EnableOAuthBearer offers the mechanism OAUTHBEARER. Default true. Since Strimzi 0.22.
	// +optional
	EnableOAuthBearer *bool `json:"enableOauthBearer,omitempty"`
	// EnablePlain offers the mechanism PLAIN, which cannot authenticate again on an open
	// connection. Default false. Since Strimzi 0.22.
	// +optional
	EnablePlain *bool `json:"enablePlain,omitempty"`
	// FallbackUserNameClaim is the claim to take the user's name from when UserNameClaim is
	// not in the token. Since Strimzi 0.18.
	// +optional
	FallbackUserNameClaim string `json:"fallbackUserNameClaim,omitempty"`
	// FallbackUserNamePrefix goes before a name from FallbackUserNameClaim, so that client
	// ids and user names cannot be the same. Since Strimzi 0.18.
	// +optional
	FallbackUserNamePrefix string `json:"fallbackUserNamePrefix,omitempty"`
	// IntrospectionEndpointURI is where the broker asks about opaque tokens.
	// +optional
	IntrospectionEndpointURI string `json:"introspectionEndpointUri,omitempty"`
	// JWKSEndpointURI is where the broker gets the keys that tokens are signed with.
	// +optional
	JWKSEndpointURI string `json:"jwksEndpointUri,omitempty"`
	// JWKSExpirySeconds is how long keys count as valid, at least 60 s more than
	// JWKSRefreshSeconds. Default 360.
	// +kubebuilder:validation:Minimum=1
	// +optional
	JWKSExpirySeconds *int32 `json:"jwksExpirySeconds,omitempty"`
	// JWKSMinRefreshPauseSeconds is the least time between two requests for keys, even when
	// a token names an unknown one. Default 1. Since Strimzi 0.20.
	// +kubebuilder:validation:Minimum=0
	// +optional
	JWKSMinRefreshPauseSeconds *int32 `json:"jwksMinRefreshPauseSeconds,omitempty"`
	// JWKSRefreshSeconds is how often keys are read again. Default 300.
	// +kubebuilder:validation:Minimum=1
	// +optional
	JWKSRefreshSeconds *int32 `json:"jwksRefreshSeconds,omitempty"`
	// MaxSecondsWithoutReauthentication bounds the session of a token: the client must
	// authenticate again before it ends or the token expires (KIP-368). Absent, a session
	// outlives its token. OAUTHBEARER only. Since Strimzi 0.20.
	// +optional
	MaxSecondsWithoutReauthentication *int32 `json:"maxSecondsWithoutReauthentication,omitempty"`
	// TLSTrustedCertificates are the CAs that the authorization server is trusted by.
	// Default: those of the Java runtime.
	// +optional
	TLSTrustedCertificates []CertSecretSource `json:"tlsTrustedCertificates,omitempty"`
	// TokenEndpointURI is where the broker gets a token for a client of SASL PLAIN that
	// brings its id and secret. Since Strimzi 0.22.
	// +optional
	TokenEndpointURI string `json:"tokenEndpointUri,omitempty"`
	// UserInfoEndpointURI is asked for the user when introspection does not tell. Since
	// Strimzi 0.18.
	// +optional
	UserInfoEndpointURI string `json:"userInfoEndpointUri,omitempty"`
	// UserNameClaim is the claim that holds the user's name. Default sub.
	// +optional
	UserNameClaim string `json:"userNameClaim,omitempty"`
	// ValidIssuerURI is the issuer that tokens must come from.
	// +optional
	ValidIssuerURI string `json:"validIssuerUri,omitempty"`
	// ValidTokenType is the token_type that introspection must answer. Absent, any. Since
	// Strimzi 0.18.
	// +optional
	ValidTokenType string `json:"validTokenType,omitempty"`
}
