package connection

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"

	"cutover/generator/finding"
)

// TLS is whom a client trusts and as whom it shows itself. Trust cannot be switched off.
// Each file holds PEM, and may be secret:NAMESPACE/NAME/KEY.
type TLS struct {
	// CAFile holds the trusted authorities; the system's where it is empty.
	CAFile string `yaml:"caFile,omitempty"`
	// CertFile and KeyFile are the client's certificate and key, for mutual TLS.
	CertFile string `yaml:"certFile,omitempty"`
	KeyFile  string `yaml:"keyFile,omitempty"`
	// ServerName is the name in the brokers' certificate; each broker's address where empty.
	ServerName string `yaml:"serverName,omitempty"`
}

// tls reads the files. Their content is in no error.
func (k Kafka) tls(ctx context.Context) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: k.TLS.ServerName}
	if k.TLS.CAFile != "" {
		authorities, err := k.read(ctx, k.TLS.CAFile)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, unusable(k.TLS.CAFile, "it holds no PEM certificate", "give ca.crt of the Secret CLUSTER-cluster-ca-cert")
		}
	}
	if k.TLS.CertFile == "" {
		return config, nil
	}
	certificate, err := k.read(ctx, k.TLS.CertFile)
	if err != nil {
		return nil, err
	}
	key, err := k.read(ctx, k.TLS.KeyFile)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, unusable(k.TLS.CertFile, fmt.Sprintf("it and %s are no certificate and its key: %v", k.TLS.KeyFile, err), "give user.crt and user.key of one KafkaUser's Secret")
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}

func unusable(file, message, hint string) error {
	return finding.Finding{Rule: "credentials", Severity: finding.Error, File: file, Message: message, Hint: hint}
}
