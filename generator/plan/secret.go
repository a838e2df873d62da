package plan

import (
	"fmt"
	"slices"

	"cutover/generator/finding"
)

// SecretNeed is a Secret that has to be on the target, and how it gets there. Values are
// never part of a plan.
type SecretNeed struct {
	Name, Namespace string
	Keys            []string
	// From is the Secret on the source, namespace/name, or "".
	From string
	// Phase is the one before which it must be there.
	Phase string
	// How says what to do.
	How string
	// Made tells that an operator makes it in that phase, so that nobody can have brought it.
	Made bool
}

func (p *Plan) decideSecrets() finding.List {
	p.addAuthoritySecrets()
	p.addMirrorSecrets()
	p.addGrafanaSecrets()
	for _, user := range p.Users {
		p.addUserSecret(user)
	}
	for _, name := range sorted(secretRefs(p.Kafka.Spec)) {
		if !slices.ContainsFunc(p.Secrets, func(s SecretNeed) bool { return s.Name == name }) {
			p.Secrets = append(p.Secrets, SecretNeed{Name: name, Namespace: p.Kafka.Namespace, Phase: "030",
				How: "the Kafka spec refers to it: create it from its own origin, not from the source, where it names hosts or registries"})
		}
	}
	return p.checkNewCertificates()
}

// checkNewCertificates warns where TLS clients will have to be given new certificates.
func (p *Plan) checkNewCertificates() finding.List {
	if p.importsClientsCA() || !slices.ContainsFunc(p.Users, User.usesTLS) {
		return nil
	}
	return finding.List{p.Migration.Warning("tls-users-new-certificates",
		"the target makes its own clients CA, so every TLS user gets a new certificate and every TLS client needs it before the cut-over",
		"import the source's clients CA (target.kafka: clientsCa: {generateCertificateAuthority: false}), or accept the finding with how certificates are handed out", "target")}
}

func (p *Plan) importsClientsCA() bool {
	authority, _ := p.Kafka.Spec["clientsCa"].(map[string]any)
	return authority["generateCertificateAuthority"] == false
}

// addAuthoritySecrets: a cluster that brings its own authorities needs all four Secrets
// before its Kafka is created (InvalidConfigurationException otherwise).
func (p *Plan) addAuthoritySecrets() {
	for _, ca := range []struct{ field, secret string }{{"clusterCa", "cluster-ca"}, {"clientsCa", "clients-ca"}} {
		authority, _ := p.Kafka.Spec[ca.field].(map[string]any)
		if authority["generateCertificateAuthority"] != false {
			continue
		}
		for _, part := range []struct{ suffix, key string }{{"-cert", "ca.crt"}, {"", "ca.key"}} {
			p.Secrets = append(p.Secrets, SecretNeed{
				Name: p.Kafka.Name + "-" + ca.secret + part.suffix, Namespace: p.Kafka.Namespace, Keys: []string{part.key},
				From: p.Inventory.Kafka.Namespace + "/" + p.Inventory.Kafka.Name + "-" + ca.secret + part.suffix, Phase: "030",
				How: "copy it before Kafka is created, with labels strimzi.io/kind=Kafka and strimzi.io/cluster=" + p.Kafka.Name +
					", annotation strimzi.io/ca-" + map[string]string{"ca.crt": "cert", "ca.key": "key"}[part.key] + `-generation: "0"`,
			})
		}
	}
}

func (p *Plan) addMirrorSecrets() {
	source := p.Migration.Source
	if a := source.Authentication; a != nil {
		keys := map[string][]string{"scram-sha-512": {"password"}, "tls": {"user.crt", "user.key"}}[a.Type]
		p.Secrets = append(p.Secrets, SecretNeed{
			Name: p.SourceSecret(), Namespace: p.Kafka.Namespace, Keys: keys, From: source.Namespace + "/" + a.Username, Phase: "090",
			How: fmt.Sprintf("phase 010 has the source's User Operator make Secret %s; copy its keys under this name", a.Username),
		})
	}
	if source.TLS == nil {
		return
	}
	for _, trusted := range source.TLS.TrustedCertificates {
		p.Secrets = append(p.Secrets, SecretNeed{
			Name: trusted.SecretName, Namespace: p.Kafka.Namespace, Keys: []string{trusted.Certificate},
			From: source.Namespace + "/" + source.Cluster + "-cluster-ca-cert", Phase: "090",
			How: "the source's public certificate, by which the mirror trusts its listener",
		})
	}
}

// SourceSecret is the Secret on the target with the mirror's credentials for the source.
func (p *Plan) SourceSecret() string {
	authentication := p.Migration.Source.Authentication
	if authentication.SecretName != "" {
		return authentication.SecretName
	}
	return authentication.Username + "-source"
}

func (p *Plan) addUserSecret(user User) {
	if user.Spec.Authentication == nil {
		return
	}
	need := SecretNeed{Name: secretPrefix(p.Kafka.Spec) + user.Name, Namespace: p.Kafka.Namespace, Phase: "060"}
	if user.Source.Secret != "" {
		need.From = p.Inventory.Kafka.Namespace + "/" + user.Source.Secret
	}
	switch {
	case user.Spec.Authentication.Type == "scram-sha-512":
		need.Keys = []string{"password"}
		need.How = "create it (Opaque) before the KafkaUser, outside Helm: the User Operator keeps a non-empty password and then owns the Secret"
	case p.importsClientsCA():
		need.Keys = []string{"ca.crt", "user.crt", "user.key"}
		need.How = "copy it before the KafkaUser: the User Operator keeps the certificate while ca.crt is that of the imported clients CA"
	default:
		need.Keys = []string{"user.crt", "user.key", "user.p12"}
		need.From, need.Made = "", true
		need.How = "made anew by the User Operator: give clients the new certificate, or import the source's clients CA by target.kafka clientsCa.generateCertificateAuthority: false"
	}
	p.Secrets = append(p.Secrets, need)
}

// secretPrefix is what the User Operator of a Kafka spec puts before its Secrets' names.
func secretPrefix(spec map[string]any) string {
	operator, _ := spec["entityOperator"].(map[string]any)
	userOperator, _ := operator["userOperator"].(map[string]any)
	prefix, _ := userOperator["secretPrefix"].(string)
	return prefix
}

// secretRefs finds the names of all Secrets that a spec refers to by secretName, or pulls
// images with.
func secretRefs(value any) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		for _, key := range sortedKeys(value) {
			if name, ok := value[key].(string); ok && key == "secretName" {
				found = append(found, name)
				continue
			}
			if key == "imagePullSecrets" {
				found = append(found, namesOf(value[key])...)
				continue
			}
			found = append(found, secretRefs(value[key])...)
		}
	case []any:
		for _, child := range value {
			found = append(found, secretRefs(child)...)
		}
	}
	return found
}

// namesOf gives the names in a list of references.
func namesOf(list any) []string {
	var names []string
	references, _ := list.([]any)
	for _, reference := range references {
		object, _ := reference.(map[string]any)
		if name, ok := object["name"].(string); ok {
			names = append(names, name)
		}
	}
	return names
}
