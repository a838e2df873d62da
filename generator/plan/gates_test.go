package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/plan"
)

const liveGates = `  listeners:
  - {name: tls, port: 9093, type: internal, tls: true, authentication: {type: scram-sha-512}}
  - {name: external, port: 9094, type: route, tls: true, authentication: {type: scram-sha-512}}
gitops:
  repoURL: https://git.example/freight.git
  image: registry.example/cutover:1
  destinations: {source: {name: old}, target: {name: new}}
  gates:
    peer: {source: {secretName: peer, key: config}, target: {secretName: peer, key: config}}
    live: {target: {bootstrapServers: "new.example:443", listener: external, trustedCertificates: [{secretName: new-ca, certificate: ca.crt}]}}
mirror: {}
`

// lively is the migration of these tests with gate Jobs that prove the gates.
func lively(t testing.TB, pairs ...string) string {
	t.Helper()
	return change(t, append([]string{"mirror: {}\n", liveGates}, pairs...)...)
}

func TestTheSecretsOfTheGateJobsAreListed(t *testing.T) {
	p, findings := decide(t, lively(t), found(t))
	if found := about(findings, "gates-not-live", ""); len(found) > 0 {
		t.Errorf("got %v", found)
	}
	var got []string
	for _, need := range p.GateSecrets {
		got = append(got, fmt.Sprintf("%s %s/%s %v from %q before %s", need.Cluster, need.Namespace, need.Name, need.Keys, need.From, need.Phase))
		if need.How == "" {
			t.Errorf("nobody says how %s gets there", need.Name)
		}
	}
	want := []string{
		`source kafka/peer [config] from "" before 000`, `target streams/peer [config] from "" before 020`,
		`source kafka/new-ca [ca.crt] from "streams/new-cluster-ca-cert" before 100`, `source kafka/cutover-gates-target [password] from "streams/cutover-gates" before 100`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if need := secret(t, p, "cutover-gates-source"); need.From != "kafka/cutover-gates" || need.Phase != "070" || need.Namespace != "streams" {
		t.Errorf("got %+v", need)
	}
	if need := secret(t, p, "old-ca"); need.Phase != "070" {
		t.Errorf("the source is trusted from %s on, and the gates of 070 read it", need.Phase)
	}
}

func TestGatesThatAreNotLiveAreSaidToBeSo(t *testing.T) {
	live := liveGates[strings.Index(liveGates, "    live:"):strings.Index(liveGates, "mirror: {}")]
	p, findings := decide(t, lively(t, live, ""), found(t))
	wantOne(t, findings, "gates-not-live", "", finding.Note)
	if len(p.GateSecrets) != 2 || p.GatesUser(plan.Source)+p.GatesUser(plan.Target) != "" {
		t.Errorf("got %+v and user %s", p.GateSecrets, p.GatesUser(plan.Target))
	}
	if p, _ = decide(t, declared, found(t)); p.LiveGates() != nil || len(p.GateSecrets) > 0 {
		t.Errorf("without GitOps there are %+v", p.GateSecrets)
	}
}

func TestAListenerThatTheGateJobsCannotUseIsRefused(t *testing.T) {
	for name, change := range map[string][]string{
		"one that there is not":   {"listener: external", "listener: outside"},
		"one that asks for oauth": {"type: route, tls: true, authentication: {type: scram-sha-512}", "type: route, tls: true, authentication: {type: oauth}"},
		"one that asks for another way than the target's own Jobs log in": {"type: route, tls: true, authentication: {type: scram-sha-512}", "type: route, tls: true, authentication: {type: tls}"},
	} {
		t.Run(name, func(t *testing.T) {
			wantOne(t, refuse(t, lively(t, change...), found(t)), "gates-listener", "", finding.Error)
		})
	}
}

func TestGateJobsHaveAUserOnlyWhereAListenerAsksForOne(t *testing.T) {
	open := "type: route, tls: true"
	p, _ := decide(t, lively(t, "type: route, tls: true, authentication: {type: scram-sha-512}", open), found(t))
	if client := p.GatesClient(plan.Source, plan.Target); client.Authentication != "" || p.GatesUser(plan.Target) != "cutover-gates" {
		t.Errorf("got %+v, and user %q for the target's own Jobs", client, p.GatesUser(plan.Target))
	}
	p, _ = decide(t, lively(t, "  authentication:\n    type: scram-sha-512\n    username: mirror\n", ""), found(t))
	if p.GatesUser(plan.Source) != "" || slices.ContainsFunc(p.Secrets, func(s plan.SecretNeed) bool { return s.Name == "cutover-gates-source" }) {
		t.Error("the source asks for no login, and a user was made there")
	}
}

func TestTheGateJobsUserDoesNotMove(t *testing.T) {
	inv := found(t)
	inv.Users = append(inv.Users, scram("cutover-gates"))
	p, _ := decide(t, lively(t), inv)
	if slices.ContainsFunc(p.Users, func(u plan.User) bool { return u.Name == "cutover-gates" }) {
		t.Error("it moves with the others")
	}
	if !slices.ContainsFunc(p.LeftUsers, func(l plan.Left) bool { return l.Name == "cutover-gates" && strings.Contains(l.Because, "gate Jobs") }) {
		t.Errorf("left are %v", p.LeftUsers)
	}
}

func TestSecretsThatAnOperatorMakesAreMarked(t *testing.T) {
	inv := found(t)
	inv.Users = []inventory.User{scram("gateway"), certified("machine")}
	p, _ := decide(t, change(t), inv)
	if !secret(t, p, "machine").Made || secret(t, p, "gateway").Made {
		t.Errorf("got %+v", p.Secrets)
	}
}
