package kafka_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutover/e2e/kafka/operator"
	"cutover/e2e/kafka/product"
)

// proven is what cutover verify says of a phase.
type proven struct {
	Holds bool `json:"holds"`
	Gates []struct {
		Gate     string           `json:"gate"`
		Cluster  string           `json:"cluster"`
		Seen     string           `json:"seen"`
		Evidence []string         `json:"evidence"`
		Holds    bool             `json:"holds"`
		Unknown  bool             `json:"unknown"`
		Measured map[string]int64 `json:"measured"`
	} `json:"gates"`
}

// String is the table as a run shows it.
func (p proven) String() string {
	var text strings.Builder
	for _, g := range p.Gates {
		verdict := "holds"
		if !g.Holds {
			verdict = "DOES NOT HOLD"
		}
		fmt.Fprintf(&text, "          %-18s %-7s %-14s %s\n", g.Gate, g.Cluster, verdict, g.Seen)
		for _, line := range g.Evidence {
			fmt.Fprintf(&text, "            - %s\n", line)
		}
	}
	return text.String()
}

// quietFor is how long log ends must stand still here, where nothing pauses longer.
const quietFor = "3s"

// ask has cutover evaluate the gates of a phase, for as long as wait says.
func (w *world) ask(t *testing.T, phase product.Phase, wait string, more ...string) proven {
	t.Helper()
	args := append([]string{"--phase", phase.Number, "--wait", wait, "--quiet-for", quietFor, "-o", "json"}, more...)
	output, failed := w.tree.Run(t.Context(), "verify", append(args, w.connections(t)...)...)
	var answer proven
	if err := json.Unmarshal(output, &answer); err != nil {
		t.Fatalf("cutover verify --phase %s: %v, %v", phase.Number, err, failed)
	}
	if answer.Holds != (failed == nil) {
		t.Errorf("cutover verify --phase %s: holds is %t, and the command ended with %v", phase.Number, answer.Holds, failed)
	}
	return answer
}

// prove waits until the gates of a phase hold.
func (w *world) prove(t *testing.T, phase product.Phase) {
	t.Helper()
	answer := w.ask(t, phase, "6m")
	w.logf(t, "gates of phase %s\n%s", phase, answer)
	if !answer.Holds {
		t.Fatalf("the gates of phase %s do not hold", phase)
	}
}

// refuseLimit is how long a reason may take to show: Connect notes positions every minute.
const refuseLimit = 90 * time.Second

// refuse expects one gate of the phase not to hold now, and its evidence to tell of
// something, if not at once then soon.
func (w *world) refuse(t *testing.T, phase product.Phase, gate, because string) {
	t.Helper()
	for until := time.Now().Add(refuseLimit); ; time.Sleep(time.Second) {
		answer := w.ask(t, phase, "0s")
		held, evidence, asked := answer.gate(gate)
		switch {
		case !asked:
			t.Fatalf("phase %s has no gate %s", phase, gate)
		case held:
			t.Errorf("gate %s of phase %s holds, although %s", gate, phase, because)
		case !strings.Contains(evidence, because) && time.Now().Before(until):
			continue
		case !strings.Contains(evidence, because):
			t.Errorf("gate %s of phase %s says\n%s\nwant something of %q", gate, phase, evidence, because)
		}
		w.logf(t, "gates of phase %s, refused: %s\n%s", phase, because, answer)
		return
	}
}

func (p proven) gate(name string) (held bool, evidence string, asked bool) {
	for _, g := range p.Gates {
		if g.Gate == name {
			return g.Holds, strings.Join(g.Evidence, "\n"), true
		}
	}
	return false, "", false
}

// align has cutover set the groups of the phase to their proven offsets.
func (w *world) align(t *testing.T, phase product.Phase) {
	t.Helper()
	table, err := w.offsets(t, phase)
	check(t, err)
	w.logf(t, "offsets of phase %s\n%s", phase, table)
}

func (w *world) offsets(t *testing.T, phase product.Phase, more ...string) ([]byte, error) {
	t.Helper()
	args := append([]string{"apply", "--phase", phase.Number, "--file", filepath.Join(t.TempDir(), "offsets.json")}, more...)
	return w.tree.Run(t.Context(), "offsets", append(args, w.connections(t)...)...)
}

// connections writes how cutover reaches what runs now, and gives the flag that names it.
func (w *world) connections(t *testing.T) []string {
	t.Helper()
	var text strings.Builder
	text.WriteString("apiVersion: cutover/v1alpha1\nkind: Connections\n")
	for _, side := range []struct {
		cluster    *operator.Cluster
		kubeconfig string
	}{{w.source, w.sourceServer.Kubeconfig()}, {w.target, w.targetServer.Kubeconfig()}} {
		fmt.Fprintf(&text, "%s:\n  kubernetes: {kubeconfig: %q}\n", side.cluster.Name, side.kubeconfig)
		if side.cluster.Brokers != nil {
			fmt.Fprintf(&text, "  kafka: {bootstrap: %q}\n", side.cluster.Brokers.Bootstrap())
		}
	}
	file := filepath.Join(t.TempDir(), "connections.yaml")
	check(t, os.WriteFile(file, []byte(text.String()), 0o600))
	return []string{"--connections", file}
}

// stage is one phase on its way: when its gates were first asked, when they held, and when
// the clusters were what the phase says.
type stage struct {
	phase                product.Phase
	asked, held, reached time.Time
}

// step proves a phase, does what it asks for, and reaches it.
func (w *world) step(t *testing.T, phase product.Phase) {
	t.Helper()
	s := stage{phase: phase, asked: time.Now()}
	w.prove(t, phase)
	s.held = time.Now()
	if phase.Offsets {
		w.align(t, phase)
	}
	w.reach(t, phase)
	s.reached = time.Now()
	w.stages = append(w.stages, s)
}
