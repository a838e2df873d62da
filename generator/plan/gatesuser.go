package plan

import (
	"slices"

	"cutover/generator/migration"
	"cutover/generator/strimzi/v1beta2"
)

// LiveGates is how the gate Jobs reach the brokers of both clusters, nil where they do not
// and so prove no gate.
func (p *Plan) LiveGates() *migration.LiveGates {
	if !p.Gated() {
		return nil
	}
	return p.Migration.GitOps.Gates.Live
}

// GatesClient is how the Jobs of one cluster reach the brokers of one cluster.
type GatesClient struct {
	Bootstrap string
	TLS       bool
	// Trusted are Secrets beside the Job; the system's authorities where there are none.
	Trusted []migration.CertificateRef
	// Authentication is scram-sha-512 or tls, "" for a listener that asks for none. Secret,
	// beside the Job, holds the credentials of Username.
	Authentication, Username, Secret string
}

// GatesClient gives how the Jobs of the first cluster reach the brokers of the second. There
// must be [Plan.LiveGates].
func (p *Plan) GatesClient(from, to Side) GatesClient {
	live := p.LiveGates()
	var client GatesClient
	if to == Source {
		source := p.Migration.Source
		client = GatesClient{Bootstrap: source.BootstrapServers, TLS: source.TLS != nil, Username: live.User(), Secret: live.SourceSecret()}
		if source.Authentication != nil {
			client.Authentication = source.Authentication.Type
		}
		if client.TLS {
			client.Trusted = source.TLS.TrustedCertificates
		}
		if from == Source {
			client.Secret = secretPrefix(p.Inventory.Kafka.Spec) + live.User()
			if len(client.Trusted) > 0 {
				client.Trusted = clusterCertificate(source.Cluster)
			}
		}
		return client
	}
	listener := p.Mirror.Listener
	client = GatesClient{Bootstrap: p.Mirror.Bootstrap, Trusted: clusterCertificate(p.Kafka.Name), Username: live.User(), Secret: secretPrefix(p.Kafka.Spec) + live.User()}
	if from == Source {
		listener, _ = p.listener(live.Target.Listener)
		client.Bootstrap, client.Trusted, client.Secret = live.Target.BootstrapServers, live.Target.TrustedCertificates, live.TargetSecret()
	}
	client.TLS, client.Authentication = listener.TLS, listener.Authentication
	return client
}

func clusterCertificate(cluster string) []migration.CertificateRef {
	return []migration.CertificateRef{{SecretName: cluster + "-cluster-ca-cert", Certificate: "ca.crt"}}
}

// listener finds one of the target's listeners by its name.
func (p *Plan) listener(name string) (clientListener, bool) {
	for _, one := range p.Kafka.API.Kafka.Listeners {
		if one.Name != name {
			continue
		}
		found := clientListener{Name: one.Name, Port: int64(one.Port), TLS: one.TLS}
		if one.Authentication != nil {
			found.Authentication = string(one.Authentication.Type)
		}
		return found, true
	}
	return clientListener{}, false
}

// GatesUser is the name of the gate Jobs' KafkaUser on a cluster, "" where they have none:
// they are not live, or the cluster's listeners ask for no login.
func (p *Plan) GatesUser(side Side) string {
	if p.LiveGates() == nil || p.gatesAuthentication(side) == "" {
		return ""
	}
	return p.LiveGates().User()
}

// gatesAuthentication is that of the Jobs' KafkaUser on a cluster.
func (p *Plan) gatesAuthentication(side Side) string {
	if here := p.GatesClient(side, side).Authentication; here != "" {
		return here
	}
	return p.GatesClient(side.Other(), side).Authentication
}

// GatesKafkaUser is the gate Jobs' user on a cluster. It reads what the gates compare: all
// topics, their settings, and the offsets of all groups. Beyond that it commits offsets where
// a phase sets them, and on the source notes where a reverse mirror begins.
func (p *Plan) GatesKafkaUser(side Side) User {
	user := User{Name: p.GatesUser(side), Spec: v1beta2.KafkaUserSpec{Authentication: &v1beta2.KafkaUserAuthentication{Type: p.gatesAuthentication(side)}}}
	spec, groups := p.Kafka.Spec, []string{"Describe"}
	if side == Source {
		spec = p.Inventory.Kafka.Spec
	}
	if !p.authorizes(spec) {
		return user
	}
	if p.setsOffsets(side) {
		groups = append(groups, "Read")
	}
	acls := slices.Concat(
		allow(v1beta2.ACLRuleResource{Type: "topic", Name: "*", PatternType: "literal"}, "Read", "Describe", "DescribeConfigs"),
		allow(v1beta2.ACLRuleResource{Type: "group", Name: "*", PatternType: "literal"}, groups...),
	)
	for _, mirror := range p.ReturnMirrors {
		if side == Source {
			acls = append(acls, allow(v1beta2.ACLRuleResource{Type: "topic", Name: mirror.StorageTopic("offsets"), PatternType: "literal"}, "Create", "Write")...)
		}
	}
	user.Spec.Authorization = &v1beta2.KafkaUserAuthorization{Type: "simple", ACLs: acls}
	return user
}

func (p *Plan) setsOffsets(side Side) bool {
	return slices.ContainsFunc(slices.Concat(p.Phases, p.Returns), func(phase Phase) bool { return phase.Side == side && len(phase.Offsets) > 0 })
}
