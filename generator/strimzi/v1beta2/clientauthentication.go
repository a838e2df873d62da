package v1beta2

// ClientTLS is how a client of Kafka knows the brokers. That it stands in a resource at all,
// even empty, switches TLS on.
type ClientTLS struct {
	// TrustedCertificates are the certificates in Secrets that the client trusts; those that
	// the image's Java trusts where there are none.
	// +optional
	TrustedCertificates []CertSecretSource `json:"trustedCertificates,omitempty"`
}

// KafkaClientAuthentication is how a client of Kafka proves who it is. Which of the other
// fields count depends on Type.
type KafkaClientAuthentication struct {
	// Type is tls, scram-sha-512, plain or oauth.
	// +kubebuilder:validation:Enum=tls;scram-sha-512;plain;oauth
	Type string `json:"type"`
	// CertificateAndKey is the client's certificate, of type tls.
	// +optional
	CertificateAndKey *CertAndKeySecretSource `json:"certificateAndKey,omitempty"`
	// Username is the name to log in with, of types scram-sha-512 and plain.
	// +optional
	Username string `json:"username,omitempty"`
	// PasswordSecret is where the password stands, of types scram-sha-512 and plain.
	// +optional
	PasswordSecret *PasswordSecretSource `json:"passwordSecret,omitempty"`
	// The fields of type oauth.
	OAuthClient `json:",inline"`
}

// OAuthClient is how a client gets its token, of authentication type oauth.
type OAuthClient struct {
	// ClientID is the name under which the authorization server knows the client.
	// +optional
	ClientID string `json:"clientId,omitempty"`
	// ClientSecret is where the client's password at the authorization server stands.
	// +optional
	ClientSecret *GenericSecretSource `json:"clientSecret,omitempty"`
	// AccessToken is where a token stands that is used as it is.
	// +optional
	AccessToken *GenericSecretSource `json:"accessToken,omitempty"`
	// RefreshToken is where a token stands that is exchanged for access tokens.
	// +optional
	RefreshToken *GenericSecretSource `json:"refreshToken,omitempty"`
	// TokenEndpointURI is where the authorization server gives out tokens.
	// +optional
	TokenEndpointURI string `json:"tokenEndpointUri,omitempty"`
	// Scope is what to ask the authorization server for; nothing where absent.
	// +optional
	Scope string `json:"scope,omitempty"`
	// Audience is whom the token is asked for; nobody in particular where absent. Since
	// Strimzi 0.24.
	// +optional
	Audience string `json:"audience,omitempty"`
	// AccessTokenIsJWT says that the token can be read by the client; true where absent.
	// +optional
	AccessTokenIsJWT *bool `json:"accessTokenIsJwt,omitempty"`
	// MaxTokenExpirySeconds bounds how long a token is used, in seconds.
	// +optional
	MaxTokenExpirySeconds *int32 `json:"maxTokenExpirySeconds,omitempty"`
	// TLSTrustedCertificates are the certificates by which the client knows the authorization
	// server.
	// +optional
	TLSTrustedCertificates []CertSecretSource `json:"tlsTrustedCertificates,omitempty"`
	// DisableTLSHostnameVerification takes any host name in the authorization server's
	// certificate; false where absent.
	// +optional
	DisableTLSHostnameVerification *bool `json:"disableTlsHostnameVerification,omitempty"`
}
