package migration

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"cutover/generator/finding"
)

// LiveGates is how the gate Jobs reach the brokers of both clusters, as far as the rest of
// the migration does not say it. The source is reached at source.bootstrapServers from both
// clusters, the target by its own Jobs at the listener that the mirror uses.
type LiveGates struct {
	// Username is the Jobs' own KafkaUser on both clusters, which phases 010 and 060 make;
	// cutover-gates where empty.
	Username string `yaml:"username,omitempty" json:"username,omitempty"`
	// SourceSecretName is the Secret on the target with that user's credentials for the
	// source; the username with "-source" behind it, unless told otherwise.
	SourceSecretName string `yaml:"sourceSecretName,omitempty" json:"sourceSecretName,omitempty"`
	// TargetSecretName is the Secret on the source with its credentials for the target; the
	// username with "-target" behind it, unless told otherwise.
	TargetSecretName string `yaml:"targetSecretName,omitempty" json:"targetSecretName,omitempty"`
	// Target is how the Jobs of the source reach the target's brokers.
	Target LiveTarget `yaml:"target" json:"target" jsonschema:"required"`
}

// LiveTarget is how the target's brokers are reached from the source.
type LiveTarget struct {
	// BootstrapServers is host:port, comma separated.
	BootstrapServers string `yaml:"bootstrapServers" json:"bootstrapServers" jsonschema:"required"`
	// Listener is the name of the target's listener behind them, which tells whether it has
	// TLS and how its clients log in.
	Listener string `yaml:"listener" json:"listener" jsonschema:"required"`
	// TrustedCertificates are Secrets in the source's namespace, such as a copy of the
	// target's CLUSTER-cluster-ca-cert. Without any, the system's authorities are trusted.
	TrustedCertificates []CertificateRef `yaml:"trustedCertificates,omitempty" json:"trustedCertificates,omitempty"`
}

const defaultGatesUser = "cutover-gates"

// User is the Jobs' KafkaUser.
func (l LiveGates) User() string { return orDefault(l.Username, defaultGatesUser) }

// SourceSecret is the Secret on the target with the user's credentials for the source.
func (l LiveGates) SourceSecret() string { return orDefault(l.SourceSecretName, l.User()+"-source") }

// TargetSecret is the Secret on the source with the user's credentials for the target.
func (l LiveGates) TargetSecret() string { return orDefault(l.TargetSecretName, l.User()+"-target") }

func orDefault(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func (m *Migration) checkLiveGates() finding.List {
	live := m.GitOps.Gates.Live
	if live == nil {
		return nil
	}
	var findings finding.List
	at := func(keys ...string) []string { return append([]string{"gitops", "gates", "live"}, keys...) }
	if peer := m.GitOps.Gates.Peer; peer.Source == nil || peer.Target == nil {
		findings.Add(m.Finding("gates-live", "gitops.gates.live needs gitops.gates.peer for both clusters: a phase of one is proven by objects of the other too",
			"name a Secret with a kubeconfig on each cluster: peer: {source: {secretName: …, key: …}, target: {…}}", at()...))
	}
	if authentication := m.Source.Authentication; authentication != nil && authentication.Username == live.User() {
		findings.Add(m.Finding("gates-live", fmt.Sprintf("gitops.gates.live.username %q is the mirror's user, which may write", live.User()),
			"name another; cutover makes it with the least that the gates need", at("username")...))
	}
	for _, named := range []struct{ field, name string }{
		{"username", live.Username}, {"sourceSecretName", live.SourceSecretName}, {"targetSecretName", live.TargetSecretName},
	} {
		if named.name != "" && (!objectSyntax.MatchString(named.name) || len(named.name) > 246) {
			findings.Add(m.Finding("gates-live", fmt.Sprintf("gitops.gates.live.%s %q is no name of an object", named.field, named.name),
				"use lower-case letters, digits, hyphens and dots", at(named.field)...))
		}
	}
	if live.Target.Listener == "" {
		findings.Add(m.Finding("field-missing", "gitops.gates.live.target.listener is missing", "name the target's listener that the source's Jobs can reach", at("target")...))
	}
	for _, address := range strings.Split(live.Target.BootstrapServers, ",") {
		_, port, err := net.SplitHostPort(strings.TrimSpace(address))
		if number, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || number == 0 {
			findings.Add(m.Finding("gates-live", fmt.Sprintf("gitops.gates.live.target.bootstrapServers %q is no HOST:PORT", address),
				"give where the source's Jobs reach the target's brokers; the port of a route is 443", at("target", "bootstrapServers")...))
		}
	}
	return findings
}
