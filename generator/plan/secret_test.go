package plan_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/plan"
	"cutover/generator/strimzi/v1beta2"
)

func secret(t testing.TB, p *plan.Plan, name string) plan.SecretNeed {
	t.Helper()
	i := slices.IndexFunc(p.Secrets, func(s plan.SecretNeed) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("there is no Secret %s in %+v", name, p.Secrets)
	}
	return p.Secrets[i]
}

func certified(name string) inventory.User {
	return inventory.User{Name: name, Secret: name, Spec: v1beta2.KafkaUserSpec{Authentication: &v1beta2.KafkaUserAuthentication{Type: "tls"}}}
}

const ownAuthorities = "clusterCa: {generateCertificateAuthority: false}\nclientsCa: {generateCertificateAuthority: false}\n"

func TestSecretsToBringSayWhichKeysFromWhereAndWhen(t *testing.T) {
	inv := found(t)
	inv.Kafka = withSpec(t, kafkaSpec+ownAuthorities)
	inv.Users = []inventory.User{scram("gateway"), certified("machine"), {Name: "anyone"}}
	p, _ := decide(t, declared, inv)
	for _, test := range []struct {
		name, from, phase string
		keys              []string
		how               string
	}{
		{"gateway", "kafka/gateway", "060", []string{"password"}, "outside Helm"},
		{"machine", "kafka/machine", "060", []string{"ca.crt", "user.crt", "user.key"}, "before the KafkaUser"},
		{"mirror-source", "kafka/mirror", "090", []string{"password"}, "phase 010"},
		{"old-ca", "kafka/old-cluster-ca-cert", "090", []string{"ca.crt"}, "certificate"},
		{"new-cluster-ca-cert", "kafka/old-cluster-ca-cert", "030", []string{"ca.crt"}, "strimzi.io/cluster=new"},
		{"new-cluster-ca", "kafka/old-cluster-ca", "030", []string{"ca.key"}, `strimzi.io/ca-key-generation: "0"`},
		{"new-clients-ca-cert", "kafka/old-clients-ca-cert", "030", []string{"ca.crt"}, `strimzi.io/ca-cert-generation: "0"`},
		{"new-clients-ca", "kafka/old-clients-ca", "030", []string{"ca.key"}, "before Kafka is created"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := secret(t, p, test.name)
			if got.From != test.from || got.Phase != test.phase || got.Namespace != "streams" || !slices.Equal(got.Keys, test.keys) || !strings.Contains(got.How, test.how) {
				t.Errorf("got %+v", got)
			}
		})
	}
	if slices.ContainsFunc(p.Secrets, func(s plan.SecretNeed) bool { return s.Name == "anyone" }) {
		t.Error("a user without authentication needs no Secret")
	}
}

func TestTLSUsersGetNewCertificatesUnlessTheAuthorityComesAlong(t *testing.T) {
	inv := found(t)
	inv.Users = []inventory.User{certified("machine")}
	p, findings := decide(t, declared, inv)
	wantOne(t, findings, "tls-users-new-certificates", "", finding.Warning)
	if got := secret(t, p, "machine"); got.From != "" || !strings.Contains(got.How, "anew") {
		t.Errorf("got %+v", got)
	}
	_, findings = decide(t, change(t, "  storageClass: fast\n", "  storageClass: fast\n  kafka: {clientsCa: {generateCertificateAuthority: false}}\n"), inv)
	if asked := about(findings, "tls-users-new-certificates", ""); len(asked) > 0 {
		t.Errorf("got %v", asked)
	}
}

func TestOwnAuthoritiesAreAWarning(t *testing.T) {
	inv := found(t)
	inv.Kafka = withSpec(t, kafkaSpec+ownAuthorities)
	_, findings := decide(t, declared, inv)
	wantOne(t, findings, "own-authority", "clusterCa", finding.Warning)
	wantOne(t, findings, "own-authority", "clientsCa", finding.Warning)
}

func TestTheMirrorsSecretIsNamedAsTheMigrationSays(t *testing.T) {
	for _, test := range []struct {
		name, authentication, secret string
		keys                         []string
	}{
		{"its own name", "    username: mirror\n    secretName: elsewhere\n", "elsewhere", []string{"password"}},
		{"the username with the source's mark", "    username: mirror\n", "mirror-source", []string{"password"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, _ := decide(t, change(t, "    username: mirror\n", test.authentication), found(t))
			if got := p.SourceSecret(); got != test.secret {
				t.Errorf("got %s, want %s", got, test.secret)
			}
			if got := secret(t, p, test.secret); !slices.Equal(got.Keys, test.keys) {
				t.Errorf("got %+v", got)
			}
		})
	}
	p, _ := decide(t, change(t, "    type: scram-sha-512\n", "    type: tls\n"), found(t))
	if got := secret(t, p, "mirror-source"); !slices.Equal(got.Keys, []string{"user.crt", "user.key"}) {
		t.Errorf("got %+v", got)
	}
}

func TestASecretPrefixOfTheUserOperatorCounts(t *testing.T) {
	inv := found(t)
	inv.Kafka = withSpec(t, edit(t, "  userOperator: {}\n", "  userOperator: {secretPrefix: kafka-}\n"))
	p, _ := decide(t, declared, inv)
	secret(t, p, "kafka-gateway")
}

func TestSecretsThatTheKafkaSpecNamesAreListed(t *testing.T) {
	k := change(t, "  storageClass: fast\n", "  storageClass: fast\n  kafka: {kafka: {template: {pod: {imagePullSecrets: [{name: pull}]}}, listeners: [{name: tls, port: 9093, type: internal, tls: true, configuration: {brokerCertChainAndKey: {secretName: own-cert, certificate: c, key: k}}}]}}\n")
	p, _ := decide(t, k, found(t))
	if got := secret(t, p, "own-cert"); got.Phase != "030" || got.From != "" {
		t.Errorf("got %+v", got)
	}
	secret(t, p, "pull")
}
