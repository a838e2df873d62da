package connection_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"

	"cutover/generator/finding"
	"cutover/live/connection"
)

// authority signs certificates for a test.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ca"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	content, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(content)
	if err != nil {
		t.Fatal(err)
	}
	return authority{certificate, key}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// pool trusts the authority.
func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

func (a authority) file(t *testing.T) string {
	return write(t, "ca.crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})))
}

// issue signs a certificate for 127.0.0.1, or for a name alone, that ends at a time.
func (a authority) issue(t *testing.T, name string, end time.Time) (certificate, key []byte) {
	t.Helper()
	own := newKey(t)
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "kafka"}, NotBefore: end.Add(-2 * time.Hour), NotAfter: end}
	if name == "" {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	} else {
		template.DNSNames = []string{name}
	}
	content, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &own.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	keyContent, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: content}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyContent})
}

// folderOf is a folder as a Secret's volume gives it: each file a link into a hidden folder.
func folderOf(t *testing.T, authorities ...authority) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "..data"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i, a := range authorities {
		name := fmt.Sprintf("%d.crt", i)
		content := strings.TrimSuffix(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})), "\n")
		if err := os.WriteFile(filepath.Join(folder, "..data", name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func (a authority) server(t *testing.T, name string, end time.Time) *tls.Config {
	certificate, key := a.issue(t, name, end)
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}}
}

func start(t *testing.T, options ...kfake.Opt) string {
	t.Helper()
	cluster, err := kfake.NewCluster(append(options, kfake.NumBrokers(1), kfake.SeedTopics(1, "orders"))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return cluster.ListenAddrs()[0]
}

const password = "correct-horse-battery"

func TestAClientIsGivenOnceABrokerHasAnswered(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	later := time.Now().Add(time.Hour)
	certificate, key := ca.issue(t, "user", later)
	certFile, keyFile := write(t, "user.crt", string(certificate)), write(t, "user.key", string(key))
	mutual := ca.server(t, "", later)
	mutual.ClientAuth, mutual.ClientCAs = tls.RequireAndVerifyClientCert, ca.pool()

	login := []kfake.Opt{kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "u", password)}
	plainLogin := []kfake.Opt{kfake.EnableSASL(), kfake.Superuser("PLAIN", "u", password)}
	as := func(mechanism, text string) *connection.SASL {
		return &connection.SASL{Mechanism: mechanism, Username: "u", PasswordFile: write(t, "password", text)}
	}
	tests := map[string]struct {
		cluster []kfake.Opt
		kafka   connection.Kafka
		rule    string // "" where a client is expected
	}{
		"a plain listener": {nil, connection.Kafka{}, ""},
		"a login by SCRAM": {login, connection.Kafka{SASL: as("scram-sha-512", password)}, ""},
		"a password file that ends with a line break": {login, connection.Kafka{SASL: as("scram-sha-512", password+"\r\n")}, ""},
		"a login by PLAIN":                            {plainLogin, connection.Kafka{SASL: as("plain", password)}, ""},
		"TLS of an authority in a file":               {[]kfake.Opt{kfake.TLS(ca.server(t, "", later))}, connection.Kafka{TLS: &connection.TLS{CAFile: ca.file(t)}}, ""},
		"TLS of one of the authorities in a folder":   {[]kfake.Opt{kfake.TLS(ca.server(t, "", later))}, connection.Kafka{TLS: &connection.TLS{CAFile: folderOf(t, other, ca)}}, ""},
		"TLS of none of the authorities in a folder":  {[]kfake.Opt{kfake.TLS(ca.server(t, "", later))}, connection.Kafka{TLS: &connection.TLS{CAFile: folderOf(t, other)}}, "kafka-tls"},
		"TLS under another name that is given":        {[]kfake.Opt{kfake.TLS(ca.server(t, "kafka", later))}, connection.Kafka{TLS: &connection.TLS{CAFile: ca.file(t), ServerName: "kafka"}}, ""},
		"mutual TLS":                                  {[]kfake.Opt{kfake.TLS(mutual)}, connection.Kafka{TLS: &connection.TLS{CAFile: ca.file(t), CertFile: certFile, KeyFile: keyFile}}, ""},
		"a wrong password":                            {login, connection.Kafka{SASL: as("scram-sha-512", password+"x")}, "kafka-closed"},
		"a mechanism that is not offered":             {login, connection.Kafka{SASL: as("plain", password)}, "kafka-closed"},
		"no login where one is wanted":                {login, connection.Kafka{}, "kafka-closed"},
		"another authority":                           {[]kfake.Opt{kfake.TLS(other.server(t, "", later))}, connection.Kafka{TLS: &connection.TLS{CAFile: ca.file(t)}}, "kafka-tls"},
		"another name":                                {[]kfake.Opt{kfake.TLS(ca.server(t, "kafka", later))}, connection.Kafka{TLS: &connection.TLS{CAFile: ca.file(t)}}, "kafka-tls"},
		"a certificate that is no longer valid":       {[]kfake.Opt{kfake.TLS(ca.server(t, "", time.Now().Add(-time.Hour)))}, connection.Kafka{TLS: &connection.TLS{CAFile: ca.file(t)}}, "kafka-tls"},
		"no client certificate where one is wanted":   {[]kfake.Opt{kfake.TLS(mutual)}, connection.Kafka{TLS: &connection.TLS{CAFile: ca.file(t)}}, "kafka-tls"},
		"no TLS to a listener with it":                {[]kfake.Opt{kfake.TLS(ca.server(t, "", later))}, connection.Kafka{}, "kafka-closed"},
		"an authority that is none":                   {nil, connection.Kafka{TLS: &connection.TLS{CAFile: write(t, "ca.crt", "nothing")}}, "credentials"},
		"a certificate with another's key":            {nil, connection.Kafka{TLS: &connection.TLS{CertFile: certFile, KeyFile: write(t, "k", string(second(other.issue(t, "x", later))))}}, "credentials"},
		"a password file that is not there":           {login, connection.Kafka{SASL: &connection.SASL{Mechanism: "plain", Username: "u", PasswordFile: "/nowhere"}}, "credentials"},
		"a Secret where no API server is known":       {nil, connection.Kafka{TLS: &connection.TLS{CAFile: "secret:a/b/c"}}, "credentials"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			test.kafka.Bootstrap = start(t, test.cluster...)
			client, err := test.kafka.Client(ctx)
			if test.rule == "" {
				if err != nil {
					t.Fatal(err)
				}
				defer client.Close()
				if topics, err := kadm.NewClient(client).ListTopics(ctx); err != nil || !topics.Has("orders") {
					t.Errorf("got %v, %v", topics, err)
				}
				return
			}
			found := finding.From(err)
			if len(found) != 1 || found[0].Rule != test.rule || found[0].Hint == "" {
				t.Fatalf("got %v %+v, want rule %s", err, found, test.rule)
			}
			if strings.Contains(err.Error(), password) {
				t.Error("the error holds the password")
			}
		})
	}
}

func second(_, key []byte) []byte { return key }

func TestBrokersThatAreNotThereAreUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() // it accepts in the kernel, and never answers
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for name, address := range map[string]string{"a closed port": closed.Addr().String(), "a silent port": listener.Addr().String()} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			_, err := connection.Kafka{Bootstrap: address}.Client(ctx)
			if found := finding.From(err); len(found) != 1 || found[0].Rule != "kafka-unreachable" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnErrorSaysWhatItMeans(t *testing.T) {
	// The fake brokers hang up on a wrong password; Kafka says so (KIP-152).
	for name, test := range map[string]struct {
		err  error
		rule string
	}{
		"a refused password":           {fmt.Errorf("login: %w", kerr.SaslAuthenticationFailed), "kafka-credentials"},
		"a mechanism not offered":      {kerr.UnsupportedSaslMechanism, "kafka-credentials"},
		"a missing ACL":                {kerr.GroupAuthorizationFailed, "kafka-not-allowed"},
		"a listener without TLS":       {fmt.Errorf("dial: %w", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}), "kafka-tls"},
		"a broker that has gone":       {io.ErrUnexpectedEOF, "kafka-closed"},
		"a request that took too long": {context.DeadlineExceeded, "kafka-unreachable"},
		"anything else":                {errors.New("odd"), "kafka-failed"},
	} {
		t.Run(name, func(t *testing.T) {
			found := finding.From(connection.Kafka{Bootstrap: "a:1"}.Explain(test.err))
			if len(found) != 1 || found[0].Rule != test.rule || !strings.Contains(found[0].Message, test.err.Error()) || found[0].Hint == "" {
				t.Errorf("got %+v, want rule %s", found, test.rule)
			}
		})
	}
}

func TestAnErrorIsExplainedOnce(t *testing.T) {
	kafka := connection.Kafka{Bootstrap: "a:1"}
	first := kafka.Explain(os.ErrDeadlineExceeded)
	if second := kafka.Explain(first); second.Error() != first.Error() {
		t.Errorf("got %v, want %v", second, first)
	}
	if kafka.Explain(nil) != nil || kafka.Explain(context.Canceled) != context.Canceled { //nolint:errorlint // the very same
		t.Error("what is no error of the brokers was explained")
	}
}
