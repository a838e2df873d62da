package kafka_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"cutover/e2e/kafka/kubernetes"
	"cutover/e2e/kafka/manifest"
)

// withUsers is the same running world, and the tree of a migration whose clusters ask for
// users, whose source is retired in the end, and whose inventory is the export alone. It is
// there to have the gates asked that the ferry line's own migration does not need.
func (w *world) withUsers(t *testing.T) *world {
	t.Helper()
	folder := t.TempDir()
	migration := filepath.Join(folder, "migration")
	check(t, os.CopyFS(migration, os.DirFS("testdata/ferry")))
	check(t, os.CopyFS(filepath.Join(migration, "export"), os.DirFS("testdata/users")))
	for pattern, with := range map[string]string{
		`(?m)^  bootstrapServers: .*$`: "$0\n  authentication: {type: scram-sha-512, username: cutover-mirror, secretName: cutover-mirror-source}",
		`(?m)^kind: Migration$`:        "$0\nretire: true",
	} {
		replace(t, filepath.Join(migration, "migration.yaml"), regexp.MustCompile(pattern), with)
	}
	users := *w
	var err error
	users.tree, err = w.product.Generate(t.Context(), migration, filepath.Join(folder, "tree"))
	check(t, err)
	return &users
}

// hold expects one gate of the phase to hold now.
func (w *world) hold(t *testing.T, number, gate string) {
	t.Helper()
	answer := w.ask(t, w.phase(t, number), "0s")
	held, evidence, _ := answer.gate(gate)
	if !held {
		t.Errorf("gate %s of phase %s does not hold:\n%s", gate, number, evidence)
	}
	w.logf(t, "gate %s of phase %s holds:\n%s", gate, number, answer)
}

// refuseUsers has the target bring a user and its Secret, each after a gate has missed it.
func (w *world) refuseUsers(t *testing.T) {
	t.Helper()
	users := w.withUsers(t)
	users.refuse(t, users.phase(t, "000"), "inventory-complete", "kafka-consumer-groups.sh")
	users.hold(t, "010", "source-reachable")
	users.refuse(t, users.phase(t, "060"), "secrets-present", "ferry-streams/harbour-office does not exist")
	check(t, w.targetServer.Secret(t.Context(), "ferry-streams", "harbour-office", map[string]string{"password": "kept"}))
	users.hold(t, "060", "secrets-present")

	users.refuse(t, users.phase(t, "070"), "users-ready", "ferry-streams/harbour-office does not exist")
	objects, err := users.tree.Render(t.Context(), users.phase(t, "060"))
	check(t, err)
	for _, object := range objects {
		if object.Kind == "KafkaUser" {
			check(t, w.targetServer.Apply(t.Context(), []manifest.Object{object}, "argocd-controller"))
			check(t, w.targetServer.Report(t.Context(), object, kubernetes.Ready()))
		}
	}
	users.hold(t, "070", "users-ready")
}
