package cluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	authorityCertificate = "ca.crt"
	serverCertificate    = "apiserver.crt"
	serverKey            = "apiserver.key"
)

// validity is how long a certificate holds, from an hour before now, so that a
// clock set back a little does no harm.
const validity = 48 * time.Hour

// credentials is what a client needs to be an administrator: the authority that
// signed the server's certificate, and its own certificate and key, all in PEM.
type credentials struct {
	authority   []byte
	certificate []byte
	key         []byte
}

// pair is a certificate with its key.
type pair struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pem         []byte
	keyPEM      []byte
}

// issue makes an authority and the server's certificate, writes what the server
// reads to dir, and returns an administrator's credentials. The authority's key
// is kept nowhere.
func issue(dir string) (credentials, error) {
	authority, err := sign(&x509.Certificate{
		Subject:               pkix.Name{CommonName: "cutover-e2e"},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}, nil)
	if err != nil {
		return credentials{}, err
	}
	server, err := sign(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		DNSNames:    []string{"localhost", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, authority)
	if err != nil {
		return credentials{}, err
	}
	admin, err := sign(&x509.Certificate{
		// The server's RBAC bootstrap binds this group to cluster-admin.
		Subject:     pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, authority)
	if err != nil {
		return credentials{}, err
	}
	for name, content := range map[string][]byte{
		authorityCertificate: authority.pem,
		serverCertificate:    server.pem,
		serverKey:            server.keyPEM,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return credentials{}, err
		}
	}
	return credentials{authority: authority.pem, certificate: admin.pem, key: admin.keyPEM}, nil
}

// sign makes a new key and a certificate for it, signed by parent, or by itself
// when parent is nil.
func sign(template *x509.Certificate, parent *pair) (*pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = template.NotBefore.Add(validity)
	signer := &pair{certificate: template, key: key}
	if parent != nil {
		signer = parent
	}
	der, err := x509.CreateCertificate(rand.Reader, template, signer.certificate, &key.PublicKey, signer.key)
	if err != nil {
		return nil, fmt.Errorf("sign certificate of %s: %w", template.Subject.CommonName, err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &pair{
		certificate: certificate,
		key:         key,
		pem:         pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		keyPEM:      pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}),
	}, nil
}
