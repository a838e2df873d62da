package connection

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"cutover/generator/finding"
)

// Kafka is how a cluster's brokers are reached.
type Kafka struct {
	// Bootstrap is HOST:PORT, several separated by commas.
	Bootstrap string `yaml:"bootstrap"`
	// TLS encrypts the connection; nil for a listener without it.
	TLS *TLS `yaml:"tls,omitempty"`
	// SASL logs in; nil for a listener without it, and for one that knows its clients by
	// their certificates.
	SASL *SASL `yaml:"sasl,omitempty"`

	secrets *Kubernetes // where the Secrets are that credentials come from
	of      string      // the cluster that it is, source or target; "" where it is neither alone
}

// SASL is how a client logs in.
type SASL struct {
	// Mechanism is scram-sha-512, scram-sha-256 or plain.
	Mechanism string `yaml:"mechanism"`
	Username  string `yaml:"username"`
	// PasswordFile holds the password, with or without a line break behind it. It may be
	// secret:NAMESPACE/NAME/KEY.
	PasswordFile string `yaml:"passwordFile"`
}

const (
	// dialTimeout bounds the making of one connection, TLS included.
	dialTimeout = 10 * time.Second
	// retryTimeout bounds a request with all its retries: a broker that dies is given up
	// by its partitions within 18 s (zookeeper.session.timeout.ms, Kafka 2.5 and later).
	retryTimeout = 45 * time.Second
)

// mechanism makes a way to log in of a name and a password.
type mechanism func(username, password string) sasl.Mechanism

func mechanisms() map[string]mechanism {
	return map[string]mechanism{
		"scram-sha-512": func(u, p string) sasl.Mechanism { return scram.Auth{User: u, Pass: p}.AsSha512Mechanism() },
		"scram-sha-256": func(u, p string) sasl.Mechanism { return scram.Auth{User: u, Pass: p}.AsSha256Mechanism() },
		"plain":         func(u, p string) sasl.Mechanism { return plain.Auth{User: u, Pass: p}.AsMechanism() },
	}
}

// Client connects, and gives a client once a broker has answered it. It creates no topics.
// Errors are findings: the brokers are unreachable, do not trust, or do not know the client.
// Errors of its later requests [Kafka.Explain] explains.
func (k Kafka) Client(ctx context.Context, options ...kgo.Opt) (*kgo.Client, error) {
	own, err := k.options(ctx)
	if err != nil {
		return nil, err
	}
	client, err := kgo.NewClient(append(own, options...)...)
	if err != nil {
		return nil, finding.Finding{Rule: "connection", Severity: finding.Error, Object: k.name(), Message: "no client can be made: " + err.Error(), Hint: "correct the addresses"}
	}
	if err := client.Ping(ctx); err != nil {
		client.Close()
		return nil, k.Explain(err)
	}
	return client, nil
}

func (k Kafka) options(ctx context.Context) ([]kgo.Opt, error) {
	all := []kgo.Opt{
		kgo.SeedBrokers(k.addresses()...), kgo.ClientID("cutover"), kgo.DisableClientMetrics(),
		kgo.DialTimeout(dialTimeout), kgo.RetryTimeout(retryTimeout), kgo.MetadataMinAge(time.Second),
	}
	if k.TLS != nil {
		config, err := k.tls(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, kgo.DialTLSConfig(config))
	}
	if k.SASL != nil {
		password, err := k.read(ctx, k.SASL.PasswordFile)
		if err != nil {
			return nil, err
		}
		login := mechanisms()[k.SASL.Mechanism]
		all = append(all, kgo.SASL(login(k.SASL.Username, strings.TrimRight(string(password), "\r\n"))))
	}
	return all, nil
}

// name is what findings call the brokers.
func (k Kafka) name() string {
	if k.of == "" {
		return "Kafka " + k.Bootstrap
	}
	return "the " + k.of + "'s Kafka " + k.Bootstrap
}

func (k Kafka) addresses() []string {
	var all []string
	for _, address := range strings.Split(k.Bootstrap, ",") {
		if address = strings.TrimSpace(address); address != "" {
			all = append(all, address)
		}
	}
	return all
}

func (k Kafka) check() []mistake {
	var found []mistake
	if len(k.addresses()) == 0 {
		found = append(found, mistake{"kafka.bootstrap is missing", "write it as HOST:PORT"})
	}
	for _, address := range k.addresses() {
		_, port, err := net.SplitHostPort(address)
		if number, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || number == 0 {
			found = append(found, mistake{fmt.Sprintf("kafka.bootstrap %q is no HOST:PORT", address), "write it as HOST:PORT; the port of a route is 443"})
		}
	}
	if k.TLS != nil && (k.TLS.CertFile == "") != (k.TLS.KeyFile == "") {
		found = append(found, mistake{"kafka.tls has a certificate without its key, or a key without its certificate", "give both certFile and keyFile, or neither"})
	}
	if k.SASL == nil {
		return found
	}
	if mechanisms()[k.SASL.Mechanism] == nil {
		var known []string
		for name := range mechanisms() {
			known = append(known, name)
		}
		slices.Sort(known)
		found = append(found, mistake{fmt.Sprintf("kafka.sasl.mechanism %q is unknown", k.SASL.Mechanism), "known are " + strings.Join(known, ", ")})
	}
	if k.SASL.Username == "" || k.SASL.PasswordFile == "" {
		found = append(found, mistake{"kafka.sasl lacks the username or the passwordFile", "give both; the password itself is never written here"})
	}
	return found
}
