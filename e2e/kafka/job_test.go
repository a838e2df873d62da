package kafka_test

import (
	"os"
	"path/filepath"
	"testing"

	"cutover/e2e/kafka/manifest"
	"cutover/e2e/kafka/product"
)

// liveGates has migration.yaml ask for hook Jobs that prove the gates and act, and for a
// reverse mirror on the way back.
const liveGates = `
rollback:
  reverseMirror: true
gitops:
  repoURL: https://git.ferry.example/streams/kafka-migration.git
  image: registry.ferry.example/cutover:1
  destinations:
    source: {name: quay}
    target: {name: pier}
  gates:
    peer:
      source: {secretName: cutover-peer, key: kubeconfig}
      target: {secretName: cutover-peer, key: kubeconfig}
    live:
      target: {bootstrapServers: "ferry-kafka-bootstrap:9092", listener: plain}
`

// syncs takes phases as Argo CD does with the gates chart: the PreSync Job enters a phase, the
// sync applies it, and the PostSync Job writes it into the ledger.
func (w *world) syncs(t *testing.T, numbers ...string) {
	t.Helper()
	for _, number := range numbers {
		phase := w.phase(t, number)
		w.logf(t, "the PreSync Job of phase %s\n%s", phase, w.job(t, phase, append(w.connections(t), "--wait", "6m", "--quiet-for", quietFor)...))
		w.reach(t, phase)
		w.job(t, phase, "--done")
	}
}

// job runs what a hook Job of the phase runs, with the gate.yaml that the phase renders, and
// gives its log.
func (w *world) job(t *testing.T, phase product.Phase, args ...string) []byte {
	t.Helper()
	server, other := w.servers(phase)
	gate := w.gateOf(t, phase)
	check(t, server.Namespace(t.Context(), gate.Metadata.Namespace))
	var content struct {
		Data map[string]string `json:"data"`
	}
	check(t, gate.Decode(&content))
	file := filepath.Join(t.TempDir(), "gate.yaml")
	check(t, os.WriteFile(file, []byte(content.Data["gate.yaml"]), 0o600))
	log, err := w.tree.Run(t.Context(), "gate", append([]string{"--phase", phase.Number, "--gate", file,
		"--kubeconfig", server.Kubeconfig(), "--peer-kubeconfig", other.Kubeconfig()}, args...)...)
	check(t, err)
	return log
}

// gateOf is the ConfigMap that the hook Jobs of a phase mount.
func (w *world) gateOf(t *testing.T, phase product.Phase) manifest.Object {
	t.Helper()
	objects, err := w.tree.Render(t.Context(), phase)
	check(t, err)
	for _, object := range objects {
		if object.Kind == "ConfigMap" && object.Metadata.Name == "cutover-ferry-gate" {
			return object
		}
	}
	t.Fatalf("phase %s has no ConfigMap for its Jobs", phase)
	return manifest.Object{}
}
