package v1beta2

// CertificateExpirationPolicy is what is made anew when a CA's certificate expires.
//
// +kubebuilder:validation:Enum=renew-certificate;replace-key
type CertificateExpirationPolicy string

// The certificate expiration policies.
const (
	// RenewCertificate makes a new certificate for the same key.
	RenewCertificate CertificateExpirationPolicy = "renew-certificate"
	// ReplaceKey makes a new key and a certificate for it.
	ReplaceKey CertificateExpirationPolicy = "replace-key"
)

// CertificateAuthority is a CA of a Kafka cluster.
type CertificateAuthority struct {
	// GenerateCertificateAuthority has the operator make the CA; otherwise its Secrets must
	// be there. Default true.
	// +optional
	GenerateCertificateAuthority *bool `json:"generateCertificateAuthority,omitempty"`
	// GenerateSecretOwnerReference makes the Kafka resource own the Secrets of the CA, so
	// that they are deleted with it. Default true. Since Strimzi 0.21.
	// +optional
	GenerateSecretOwnerReference *bool `json:"generateSecretOwnerReference,omitempty"`
	// ValidityDays is for how long certificates are made. Default 365.
	// +kubebuilder:validation:Minimum=1
	// +optional
	ValidityDays *int32 `json:"validityDays,omitempty"`
	// RenewalDays is how long before their end certificates are renewed, or warned of if the
	// CA is one's own. Default 30.
	// +kubebuilder:validation:Minimum=1
	// +optional
	RenewalDays *int32 `json:"renewalDays,omitempty"`
	// CertificateExpirationPolicy is what is made anew at renewal. Default
	// renew-certificate.
	// +optional
	CertificateExpirationPolicy CertificateExpirationPolicy `json:"certificateExpirationPolicy,omitempty"`
}

// CertSecretSource is a certificate in a Secret of the resource's namespace.
type CertSecretSource struct {
	// SecretName is the Secret.
	SecretName string `json:"secretName"`
	// Certificate is the key of the certificate in it.
	Certificate string `json:"certificate"`
}

// CertAndKeySecretSource is a certificate and its private key in a Secret of the resource's
// namespace.
type CertAndKeySecretSource struct {
	// SecretName is the Secret.
	SecretName string `json:"secretName"`
	// Certificate is the key of the certificate, or of the whole chain, in it.
	Certificate string `json:"certificate"`
	// Key is the key of the private key in it.
	Key string `json:"key"`
}

// GenericSecretSource is one value in a Secret of the resource's namespace.
type GenericSecretSource struct {
	// SecretName is the Secret.
	SecretName string `json:"secretName"`
	// Key is the key of the value in it.
	Key string `json:"key"`
}

// PasswordSecretSource is a password in a Secret of the resource's namespace.
type PasswordSecretSource struct {
	// SecretName is the Secret.
	SecretName string `json:"secretName"`
	// Password is the key of the password in it.
	Password string `json:"password"`
}
