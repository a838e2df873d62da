package migration_test

import (
	"testing"
	"time"

	"cutover/generator/migration"
)

// section is a gitops section without fault, to stand before mirror.
const section = `gitops:
  repoURL: https://git.example/freight.git
  image: registry.example/cutover:1.0.0
  destinations:
    source: {name: ocp3}
    target: {server: "https://api.ocp4.example:6443"}
  windows:
  - kind: allow
    schedule: 0 22 * * 6
    duration: 6h
  gates:
    deadline: 45m
mirror:
`

func TestWhatIsWrongInGitOpsIsRefusedWithItsLine(t *testing.T) {
	for _, r := range []refusal{
		{"no repository", []string{"  repoURL: https://git.example/freight.git\n", "", "gitops:\n", "gitops:  # here\n"}, "field-missing", "gitops.repoURL", "leave gitops out"},
		{"no image", []string{"  image: registry.example/cutover:1.0.0\n", "", "gitops:\n", "gitops:  # here\n"}, "field-missing", "gitops.image", "leave gitops out"},
		{"a password in the repository's URL", []string{"https://git.example/freight.git", "https://bot:hunter2@git.example/freight.git  # here"}, "secret-value", "gitops.repoURL", "credentials"},
		{"a path out of the repository", []string{"  image:", "  path: a/../../b  # here\n  image:"}, "gitops-path", "a/../../b", "within the repository"},
		{"Argo CD's own project", []string{"  image:", "  project: default  # here\n  image:"}, "gitops-project", "take its place", "name another"},
		{"a destination with both name and server", []string{"source: {name: ocp3}", "source: {name: ocp3, server: https://ocp3.example}  # here"}, "gitops-destination", "only one", "argocd cluster list"},
		{"a destination with neither", []string{"source: {name: ocp3}", "source: {}  # here"}, "gitops-destination", "name or a server", "argocd cluster list"},
		{"a schedule of four fields", []string{"0 22 * * 6", "0 22 * 6  # here"}, "gitops-window", "five fields", "0 22 * * 6"},
		{"a duration without unit", []string{"duration: 6h", `duration: "6"  # here`}, "gitops-window", `"6"`, "6h"},
		{"a deadline in words", []string{"deadline: 45m", "deadline: soon  # here"}, "gitops-deadline", "soon", "30m"},
	} {
		r.change = append([]string{"mirror:\n", section}, r.change...)
		t.Run(r.name, r.test)
	}
}

// liveSection is section with live gates without fault.
const liveSection = "gitops:\n  repoURL: https://git.example/freight.git\n  image: registry.example/cutover:1.0.0\n" +
	"  destinations: {source: {name: ocp3}, target: {name: ocp4}}\n" + `  gates:
    peer:
      source: {secretName: peer, key: kubeconfig}
      target: {secretName: peer, key: kubeconfig}
    live:
      target:
        bootstrapServers: a.example:443, b.example:443
        listener: external
mirror:
`

func TestWhatIsWrongInLiveGatesIsRefusedWithItsLine(t *testing.T) {
	for _, r := range []refusal{
		{"no way to the other cluster", []string{"      source: {secretName: peer, key: kubeconfig}\n", "", "    live:\n", "    live:  # here\n"}, "gates-live", "gitops.gates.peer", "kubeconfig"},
		{"the mirror's user", []string{"platform: openshift-3.11\n", "platform: openshift-3.11\n  authentication: {type: tls, username: cutover-mirror}\n", "    live:\n", "    live:\n      username: cutover-mirror  # here\n"}, "gates-live", "which may write", "name another"},
		{"a user that is no name", []string{"    live:\n", "    live:\n      username: Gates  # here\n"}, "gates-live", `"Gates"`, "lower-case"},
		{"a Secret that is no name", []string{"    live:\n", "    live:\n      targetSecretName: a_b  # here\n"}, "gates-live", `"a_b"`, "lower-case"},
		{"brokers without a port", []string{"a.example:443, b.example:443", "a.example:443, b.example  # here"}, "gates-live", "b.example", "443"},
		{"no listener", []string{"        listener: external\n", "", "      target:\n        boot", "      target:  # here\n        boot"}, "field-missing", "listener", "name the target's listener"},
		{"an unknown field", []string{"        listener: external", "        listener: external\n        password: hunter2  # here"}, "unknown-field", "password", ""},
	} {
		r.change = append([]string{"mirror:\n", liveSection}, r.change...)
		t.Run(r.name, r.test)
	}
}

func TestLiveGatesNameTheirUserAndSecrets(t *testing.T) {
	m, _, err := load(change(t, "mirror:\n", liveSection))
	if err != nil {
		t.Fatal(err)
	}
	live := m.GitOps.Gates.Live
	if live.User() != "cutover-gates" || live.SourceSecret() != "cutover-gates-source" || live.TargetSecret() != "cutover-gates-target" {
		t.Errorf("got %s, %s, %s", live.User(), live.SourceSecret(), live.TargetSecret())
	}
	m, _, err = load(change(t, "mirror:\n", liveSection, "    live:\n", "    live:\n      username: prover\n      sourceSecretName: a\n      targetSecretName: b\n"))
	if err != nil {
		t.Fatal(err)
	}
	if live = m.GitOps.Gates.Live; live.User() != "prover" || live.SourceSecret() != "a" || live.TargetSecret() != "b" {
		t.Errorf("got %s, %s, %s", live.User(), live.SourceSecret(), live.TargetSecret())
	}
}

func TestAWholeGitOpsSectionIsTaken(t *testing.T) {
	m, findings, err := load(change(t, "mirror:\n", section))
	if err != nil || len(findings) > 0 {
		t.Fatalf("got %v and %v", findings, err)
	}
	if m.ArgoNamespace() != "openshift-gitops" || m.GitOps.Gates.Wait() != 45*time.Minute {
		t.Errorf("got namespace %s and deadline %s", m.ArgoNamespace(), m.GitOps.Gates.Wait())
	}
}

func TestGitOpsHasDefaults(t *testing.T) {
	m := migration.Migration{GitOps: &migration.GitOps{}}
	m.Target.Platform = "kubernetes-1.21"
	if m.ArgoNamespace() != "argocd" || m.GitOps.Gates.Wait() != migration.DefaultDeadline {
		t.Errorf("got namespace %s and deadline %s", m.ArgoNamespace(), m.GitOps.Gates.Wait())
	}
}
