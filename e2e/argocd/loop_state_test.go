package argocd_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/argocd/installation"
	"cutover/e2e/argocd/product"
)

// merge brings the phase's commit of the series to the branch that Argo CD follows.
func (l *loop) merge(t *testing.T, phase product.Phase) {
	t.Helper()
	commit, ok := l.series[phase.Number]
	if !ok {
		t.Fatalf("the series has no commit for phase %s: %v", phase.Number, l.series)
	}
	l.git.Run(t, "cherry-pick", "--ff", commit)
}

func (l *loop) application(cluster string) string { return "yard-" + cluster }

// last is the cluster's last phase up to the i-th.
func (l *loop) last(cluster string, i int) product.Phase {
	for ; l.phases[i].Cluster != cluster; i-- {
	}
	return l.phases[i]
}

// cutover runs the product in the repository, as a person whose name Git knows.
func (l *loop) cutover(t *testing.T, args ...string) {
	t.Helper()
	if out, err := l.try(t, args...); err != nil {
		t.Fatalf("cutover %q: %v\n%s", args, err, out)
	}
}

// cutoverFails runs the product, which must refuse, and returns what it says.
func (l *loop) cutoverFails(t *testing.T, args ...string) string {
	t.Helper()
	head := l.git.Head(t)
	out, err := l.try(t, args...)
	if err == nil {
		t.Fatalf("cutover %q is not refused:\n%s", args, out)
	}
	if now := l.git.Head(t); now != head {
		t.Errorf("cutover %q was refused and made a commit", args)
	}
	return out
}

func (l *loop) try(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), l.product.Binary(), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = l.git.Dir, &out, &out
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	err := cmd.Run()
	return out.String(), err
}

// follow has Argo CD look at Git, and returns when the cluster has what the last commit says
// and the other cluster has seen that commit and stays as it is.
func (l *loop) follow(t *testing.T, cluster string) {
	t.Helper()
	head := l.git.Head(t)
	for name := range l.places {
		l.argo.Refresh(t, l.application(name))
	}
	l.argo.Await(t, l.application(cluster), func(s installation.State) bool { return s.Applied(head) && s.Health == "Healthy" })
	for name := range l.places {
		if name != cluster {
			l.argo.Await(t, l.application(name), func(s installation.State) bool { return s.Settled(head) })
		}
	}
}

// refused has Argo CD look at Git and returns the state once the sync of the last commit
// has failed.
func (l *loop) refused(t *testing.T, cluster string) installation.State {
	t.Helper()
	l.argo.Refresh(t, l.application(cluster))
	return l.argo.Await(t, l.application(cluster), func(s installation.State) bool { return s.Failed(l.git.Head(t)) })
}

// arrived checks that the cluster is in the phase: its ledger says so, and each object that
// cutover renders is there with every field as rendered.
func (l *loop) arrived(t *testing.T, phase product.Phase) {
	t.Helper()
	if done := l.done(t, phase.Cluster); done != phase.Number {
		t.Errorf("%s %s: the %s's ledger says %q", phase.Number, phase.Name, phase.Cluster, done)
	}
	if marker := l.marker(t, phase.Cluster); marker != phase.Number {
		t.Errorf("%s %s: the %s's marker says %q", phase.Number, phase.Name, phase.Cluster, marker)
	}
	for _, text := range parsed(t, l.product.Render(t, l.git.Dir, phase.Cluster, "")) {
		want := &unstructured.Unstructured{}
		if err := want.UnmarshalJSON([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if hook := want.GetAnnotations()["argocd.argoproj.io/hook"]; hook != "" && hook != "Skip" {
			continue
		}
		live, err := l.places[phase.Cluster].get(t.Context(), want.GetAPIVersion(), want.GetKind(), want.GetNamespace(), want.GetName())
		if err != nil {
			t.Errorf("%s %s: %v", phase.Number, phase.Name, err)
			continue
		}
		if want.GetAnnotations()["argocd.argoproj.io/hook"] == "Skip" {
			// Its one field is the gate Job's to set; its metadata is not applied.
			delete(want.Object, "metadata")
		}
		if differs := missing(want.Object, live.Object, ""); len(differs) > 0 {
			t.Errorf("%s %s: %s differs:\n%s", phase.Number, phase.Name, cluster.Identity(live), strings.Join(differs, "\n"))
		}
	}
}

// missing lists where the given value is not in the live one, which may hold more fields.
func missing(want, live any, path string) []string {
	switch w := want.(type) {
	case map[string]any:
		l, ok := live.(map[string]any)
		if !ok && len(w) > 0 {
			return []string{fmt.Sprintf("%s is %v, want fields", path, live)}
		}
		var differs []string
		for _, key := range slices.Sorted(maps.Keys(w)) {
			differs = append(differs, missing(w[key], l[key], path+"."+key)...)
		}
		return differs
	case []any:
		l, ok := live.([]any)
		if !ok || len(l) != len(w) {
			return []string{fmt.Sprintf("%s is %v, want %v", path, live, want)}
		}
		var differs []string
		for i := range w {
			differs = append(differs, missing(w[i], l[i], fmt.Sprintf("%s[%d]", path, i))...)
		}
		return differs
	}
	if fmt.Sprint(want) != fmt.Sprint(live) {
		return []string{fmt.Sprintf("%s is %v, want %v", path, live, want)}
	}
	return nil
}

// data is a value of a ConfigMap in the cluster's migration namespace.
func (l *loop) data(t *testing.T, cluster, name, key string) string {
	t.Helper()
	object, err := l.places[cluster].get(t.Context(), "v1", "ConfigMap", homes[cluster], name)
	if err != nil {
		t.Fatal(err)
	}
	value, _, _ := unstructured.NestedString(object.Object, "data", key)
	return value
}

// done is the phase that the cluster's ledger says.
func (l *loop) done(t *testing.T, cluster string) string {
	t.Helper()
	return l.data(t, cluster, "cutover-yard-ledger", "done")
}

// marker is the phase that Argo CD has applied.
func (l *loop) marker(t *testing.T, cluster string) string {
	t.Helper()
	return l.data(t, cluster, "cutover-yard", "phase")
}

// said is what the Pods of the cluster's Jobs ended with.
func (l *loop) said(t *testing.T, cluster string) string {
	t.Helper()
	return strings.Join(l.places[cluster].pods(t, homes[cluster]), "\n")
}

// mirror is the name of the tree's KafkaMirrorMaker2.
func (l *loop) mirror(t *testing.T) string {
	t.Helper()
	for _, text := range parsed(t, l.product.Render(t, l.git.Dir, "target", "090")) {
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if object.GetKind() == "KafkaMirrorMaker2" {
			return object.GetName()
		}
	}
	t.Fatal("phase 090 has no KafkaMirrorMaker2")
	return ""
}

// replicas are the counts of the cluster's workloads.
func (l *loop) replicas(t *testing.T, cluster string) map[string]int64 {
	t.Helper()
	counts := map[string]int64{}
	for name, workload := range workloads[cluster] {
		object, err := l.places[cluster].get(t.Context(), workload.apiVersion, workload.kind, "apps", name)
		if err != nil {
			t.Fatal(err)
		}
		counts[name], _, _ = unstructured.NestedInt64(object.Object, "spec", "replicas")
	}
	return counts
}
