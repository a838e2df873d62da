package connection

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/generator/finding"
)

// explanation is what an error of a connection means to a person.
type explanation struct {
	rule, message, hint string
	is                  func(error) bool
}

// explanations are tried in their order: what says more stands first.
func explanations() []explanation {
	return []explanation{
		{"kafka-credentials", "the brokers refuse the user name or the password", "check username, password file and mechanism; the password is that of the KafkaUser's Secret on this cluster",
			isKafka(kerr.SaslAuthenticationFailed)},
		{"kafka-credentials", "the brokers do not offer this SASL mechanism", "Strimzi's listeners offer scram-sha-512, tls or oauth: see authentication.type of the listener",
			isKafka(kerr.UnsupportedSaslMechanism, kerr.IllegalSaslState)},
		{"kafka-not-allowed", "the user is not allowed to do this", "give it an ACL: Describe on the cluster, on topics and on groups to see them, Read on topics and groups to set offsets",
			isKafka(kerr.ClusterAuthorizationFailed, kerr.TopicAuthorizationFailed, kerr.GroupAuthorizationFailed, kerr.TransactionalIDAuthorizationFailed)},
		{"kafka-tls", "the brokers' certificate is of an authority that is not trusted", "trust it: --tls-ca with ca.crt of the Secret CLUSTER-cluster-ca-cert", is[x509.UnknownAuthorityError]},
		{"kafka-tls", "the brokers' certificate is for another name", "reach them by a name in it, or give that name as the server name", is[x509.HostnameError]},
		{"kafka-tls", "the brokers' certificate is not valid", "see its dates with: openssl s_client -connect HOST:PORT", is[x509.CertificateInvalidError]},
		{"kafka-tls", "the listener does not speak TLS", "leave TLS out, or name the port of a listener that has it", is[tls.RecordHeaderError]},
		{"kafka-tls", "the brokers refuse the TLS connection", "a listener with authentication tls wants the client's certificate and key", isRemoteAlert},
		{"kafka-closed", "the brokers close the connection at once", "the listener wants TLS or a login that was not given, or was given and is wrong", is[*kgo.ErrFirstReadEOF]},
		{"kafka-unreachable", "the address cannot be resolved", "check the host name, and that this machine is in the right network", is[*net.DNSError]},
		{"kafka-unreachable", "no broker answers in time", "check address and port, and what stands between: routes, firewalls, network policies", isTimeout},
		{"kafka-unreachable", "no broker can be reached", "check address and port, and that the brokers run", is[*net.OpError]},
		{"kafka-closed", "the brokers close the connection", "the listener wants TLS or a login that was not given or is wrong, or a broker has just stopped", isEOF},
	}
}

// Explain turns an error of a client of these brokers into a finding that says what it
// means. An error that is cancelled, or has findings already, stays as it is.
func (k Kafka) Explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || len(finding.From(err)) > 0 {
		return err
	}
	for _, e := range explanations() {
		if e.is(err) {
			return finding.Finding{Rule: e.rule, Severity: finding.Error, Object: k.name(), Message: e.message + " (" + err.Error() + ")", Hint: e.hint}
		}
	}
	return finding.Finding{Rule: "kafka-failed", Severity: finding.Error, Object: k.name(), Message: err.Error(), Hint: "see the brokers' logs"}
}

func is[E error](err error) bool {
	var found E
	return errors.As(err, &found)
}

func isKafka(codes ...*kerr.Error) func(error) bool {
	return func(err error) bool {
		for _, code := range codes {
			if errors.Is(err, code) {
				return true
			}
		}
		return false
	}
}

// isRemoteAlert knows what a peer says before it ends a TLS connection; crypto/tls has no
// exported type for it.
func isRemoteAlert(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && operation.Op == "remote error"
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
