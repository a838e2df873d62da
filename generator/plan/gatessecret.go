package plan

import (
	"fmt"

	"cutover/generator/finding"
	"cutover/generator/migration"
)

// GateSecret is a Secret that the gate Jobs of one cluster read. Its From is on the other
// cluster.
type GateSecret struct {
	Cluster Side
	SecretNeed
}

// GatesReader is the ServiceAccount on each cluster as which the other cluster's Jobs read.
func (p *Plan) GatesReader() string { return "cutover-" + p.Migration.Metadata.Name + "-reader" }

// decideGates lists the Secrets of the gate Jobs, and checks how they reach the brokers.
func (p *Plan) decideGates() finding.List {
	if !p.Gated() {
		return nil
	}
	live := p.LiveGates()
	if live != nil {
		if findings := p.checkGatesListener(*live); len(findings) > 0 {
			return findings
		}
	}
	for _, side := range Sides() {
		p.addPeerSecret(side)
	}
	if live == nil {
		return finding.List{p.gatesNote()}
	}
	p.addSourceCredentials(*live)
	p.addTargetCredentials(*live)
	return nil
}

// gatesNote says what nobody does where the Jobs reach no brokers.
func (p *Plan) gatesNote() finding.Finding {
	note := p.Migration.Finding("gates-not-live", "the gate Jobs guard the order of the phases; they prove none of the gates and set no offsets",
		"prove each phase with `cutover verify` and set offsets with `cutover offsets apply`, or give gitops.gates.live and let the Jobs do both", "gitops")
	note.Severity = finding.Note
	return note
}

func (p *Plan) checkGatesListener(live migration.LiveGates) finding.List {
	listener, known := p.listener(live.Target.Listener)
	wrong := func(message, hint string) finding.List {
		return finding.List{p.Migration.Finding("gates-listener", message, hint, "gitops", "gates", "live", "target", "listener")}
	}
	switch mirror := p.Mirror.Listener.Authentication; {
	case !known:
		return wrong(fmt.Sprintf("the target has no listener %q", live.Target.Listener), "name one of the target's listeners that the source's cluster can reach")
	case listener.Authentication != "" && listener.Authentication != "scram-sha-512" && listener.Authentication != "tls":
		return wrong(fmt.Sprintf("listener %s has authentication %s, which the gate Jobs do not speak", listener.Name, listener.Authentication), "name one with scram-sha-512 or tls")
	case listener.Authentication != "" && mirror != "" && listener.Authentication != mirror:
		return wrong(fmt.Sprintf("listener %s has authentication %s, and the one that the target's own Jobs use has %s: a KafkaUser has one of them", listener.Name, listener.Authentication, mirror),
			"name a listener with authentication "+mirror)
	}
	return nil
}

// addPeerSecret lists the kubeconfig by which a cluster's Jobs read the other one.
func (p *Plan) addPeerSecret(side Side) {
	ref := p.Migration.GitOps.Gates.Peer.Target
	if side == Source {
		ref = p.Migration.GitOps.Gates.Peer.Source
	}
	if ref == nil {
		return
	}
	other := side.Other()
	how := fmt.Sprintf("a kubeconfig whose user may get ConfigMap cutover-%s-ledger in %s of the %s", p.Migration.Metadata.Name, p.Namespace(other), other)
	if p.LiveGates() != nil {
		how = fmt.Sprintf("a kubeconfig with a token of ServiceAccount %s in %s of the %s: make it by hand, with a Role to get ConfigMap cutover-%s-ledger; release %s-gates then lets it read what the gates ask",
			p.GatesReader(), p.Namespace(other), other, p.Migration.Metadata.Name, other)
	}
	p.addGateSecret(side, SecretNeed{Name: ref.SecretName, Keys: []string{ref.Key}, Phase: p.firstPhase(side, 0), How: how})
}

// addSourceCredentials lists what the target's Jobs need for the source. It comes from there,
// with all the other Secrets that do.
func (p *Plan) addSourceCredentials(live migration.LiveGates) {
	first := p.firstPhase(Target, firstCompared)
	for i := range p.Secrets {
		for _, trusted := range p.GatesClient(Target, Source).Trusted {
			if p.Secrets[i].Name == trusted.SecretName && p.Secrets[i].Phase > first {
				p.Secrets[i].Phase = first
			}
		}
	}
	if user := p.GatesUser(Source); user != "" {
		p.Secrets = append(p.Secrets, SecretNeed{Name: live.SourceSecret(), Namespace: p.Kafka.Namespace, Keys: p.credentialKeys(Source), Phase: first,
			From: p.Migration.Source.Namespace + "/" + p.GatesClient(Source, Source).Secret,
			How:  fmt.Sprintf("for the gate Jobs: phase 010 has the source's User Operator make Secret %s; copy its keys under this name", p.GatesClient(Source, Source).Secret)})
	}
}

// addTargetCredentials lists what the source's Jobs need for the target.
func (p *Plan) addTargetCredentials(live migration.LiveGates) {
	first := p.firstPhase(Source, firstBatch)
	for _, trusted := range live.Target.TrustedCertificates {
		p.addGateSecret(Source, SecretNeed{Name: trusted.SecretName, Keys: []string{trusted.Certificate}, Phase: first,
			From: p.Kafka.Namespace + "/" + p.Kafka.Name + "-cluster-ca-cert", How: "the target's public certificate, by which the Jobs trust its listener"})
	}
	if client := p.GatesClient(Source, Target); client.Authentication != "" {
		p.addGateSecret(Source, SecretNeed{Name: client.Secret, Keys: p.credentialKeys(Target), Phase: first, From: p.Kafka.Namespace + "/" + p.GatesClient(Target, Target).Secret,
			How: fmt.Sprintf("phase 060 has the target's User Operator make Secret %s; copy its keys under this name", p.GatesClient(Target, Target).Secret)})
	}
}

// firstCompared is the first phase of the target whose gates read records: the rehearsal.
const firstCompared = 70

func (p *Plan) credentialKeys(side Side) []string {
	if p.gatesAuthentication(side) == "tls" {
		return []string{"user.crt", "user.key"}
	}
	return []string{"password"}
}

func (p *Plan) addGateSecret(side Side, need SecretNeed) {
	need.Namespace = p.Namespace(side)
	p.GateSecrets = append(p.GateSecrets, GateSecret{side, need})
}

// Namespace is that of the migration's objects on a cluster.
func (p *Plan) Namespace(side Side) string {
	if side == Source {
		return p.Migration.Source.Namespace
	}
	return p.Kafka.Namespace
}

// firstPhase gives the first phase of a cluster from a number on, "" where there is none.
func (p *Plan) firstPhase(side Side, from int) string {
	for _, phase := range p.Phases {
		if phase.Side == side && phase.Number >= from {
			return phase.ID()
		}
	}
	return ""
}
