package connection

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"

	"cutover/generator/finding"
)

// TLS is whom a client trusts and as whom it shows itself. Trust cannot be switched off.
// Each file holds PEM, and may be secret:NAMESPACE/NAME/KEY.
type TLS struct {
	// CAFile holds the trusted authorities; the system's where it is empty. It may be a folder
	// of such files.
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
		authorities, err := k.authorities(ctx)
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

// authorities gives what stands in the CAFile, or in all the files of a folder of that name.
func (k Kafka) authorities(ctx context.Context) ([]byte, error) {
	if about, err := os.Stat(k.TLS.CAFile); err != nil || !about.IsDir() {
		return k.read(ctx, k.TLS.CAFile)
	}
	entries, err := os.ReadDir(k.TLS.CAFile)
	if err != nil {
		return nil, unusable(k.TLS.CAFile, "it cannot be read: "+cause(err), "name a readable file or folder")
	}
	var all []byte
	for _, entry := range entries {
		// A mounted Secret's folder holds its links ..data and ..TIME, which lead to folders.
		path := filepath.Join(k.TLS.CAFile, entry.Name())
		if about, err := os.Stat(path); err == nil && about.IsDir() {
			continue
		}
		content, err := k.read(ctx, path)
		if err != nil {
			return nil, err
		}
		all = append(append(all, content...), '\n')
	}
	return all, nil
}

func unusable(file, message, hint string) error {
	return finding.Finding{Rule: "credentials", Severity: finding.Error, File: file, Message: message, Hint: hint}
}
