// Package apiserver_test applies what cutover renders to a real kube-apiserver.
package apiserver_test

import (
	"path/filepath"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/apiserver/cluster/clustertest"
)

var (
	// pipeline is a team's own delivery, which gives way to nobody's fields.
	pipeline = cluster.Manager{Name: "team-pipeline"}
	// deployer applies as Argo CD does with ServerSideApply=true.
	deployer = cluster.Manager{Name: "argocd-controller", Force: true}
)

// releases are the target's versions and the Strimzi releases they are built on.
var releases = []struct{ version, strimzi string }{
	{"1.7", "0.22.1"},
	{"1.8", "0.24.0"},
}

func TestRenderedTargetIsAccepted(t *testing.T) {
	for _, release := range releases {
		t.Run(release.version, func(t *testing.T) {
			target := clustertest.Start(t)
			crds := []string{clustertest.CRDs(t, release.strimzi), filepath.Join("testdata", "crds")}
			if err := target.InstallCRDs(t.Context(), crds...); err != nil {
				t.Fatal(err)
			}
			cutover := build(t)
			tree := cutover.generate(t, release.version)
			m := &migration{target: target, workloads: map[string]*workload{}}
			for _, phase := range targetPhases(t, tree) {
				t.Run(phase.number+" "+phase.name, func(t *testing.T) {
					manifests := cutover.render(t, tree, phase)
					t.Log(census(manifests))
					m.step(t, manifests)
				})
			}
			m.checkWorkloads(t)
		})
	}
}

// migration is a target cluster as it goes through the phases.
type migration struct {
	target    *cluster.Cluster
	workloads map[string]*workload
}

// workload is what a team delivered, as the server last gave it after a
// delivery, the number of deliveries, and the states it was seen in.
type workload struct {
	delivered *unstructured.Unstructured
	builds    int
	ran       bool
	stopped   bool
}

// step makes ready what the teams bring, applies one phase, and looks at what
// the phase did to the workloads.
func (m *migration) step(t *testing.T, manifests []manifest) {
	m.createNamespaces(t, manifests)
	for _, manifest := range manifests {
		if _, ok := partial(manifest); ok && m.workloads[cluster.Identity(manifest.Unstructured)] == nil {
			m.workloads[cluster.Identity(manifest.Unstructured)] = &workload{}
			m.deliver(t, manifest)
		}
	}
	for _, manifest := range manifests {
		live := m.apply(t, manifest)
		if field, ok := partial(manifest); ok && live != nil {
			m.checkWorkload(t, manifest, live, field)
			m.deliver(t, manifest)
		}
	}
}

// createNamespaces creates the namespaces that the stream speaks of and does
// not bring.
func (m *migration) createNamespaces(t *testing.T, manifests []manifest) {
	done := map[string]bool{"": true}
	for _, manifest := range manifests {
		if manifest.GetKind() == "Namespace" {
			done[manifest.GetName()] = true
		}
	}
	for _, manifest := range manifests {
		name := manifest.GetNamespace()
		if done[name] {
			continue
		}
		done[name] = true
		text := "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n"
		if _, err := m.target.Apply(t.Context(), []byte(text), pipeline); err != nil {
			t.Fatal(err)
		}
	}
}

// deliver applies the team's whole object for the partial one: the first time
// with the switch on, as a team has it, later without, which must leave the
// switch where the partial object put it.
func (m *migration) deliver(t *testing.T, partial manifest) {
	w := m.workloads[cluster.Identity(partial.Unstructured)]
	w.builds++
	text, err := teams(partial, w.builds, w.builds == 1)
	if err != nil {
		t.Fatal(err)
	}
	live, err := m.target.Apply(t.Context(), text, pipeline)
	if err != nil {
		t.Fatalf("the team's delivery %d: %v", w.builds, err)
	}
	field := switches[partial.GetKind()]
	if got, want := spec(live, field), spec(partial.Unstructured, field); w.builds > 1 && got != want {
		t.Errorf("the team's delivery %d changed spec.%s from %v to %v", w.builds, field, want, got)
	}
	w.delivered = live
}

// apply applies one rendered object as Argo CD would; nil when it is refused.
func (m *migration) apply(t *testing.T, manifest manifest) *unstructured.Unstructured {
	if manifest.GetAnnotations()[argoAnnotations+"hook"] != "" {
		m.removeHook(t, manifest)
	}
	live, err := m.target.Apply(t.Context(), manifest.text, deployer)
	if err != nil {
		t.Errorf("refused: %v", err)
		return nil
	}
	return live
}

// removeHook removes the hook's run of an earlier phase, as Argo CD does before
// it creates the next (BeforeHookCreation): a Job cannot be changed.
func (m *migration) removeHook(t *testing.T, manifest manifest) {
	resource, err := m.target.Resource(manifest.Unstructured)
	if err != nil {
		t.Fatal(err)
	}
	background := metav1.DeletePropagationBackground
	err = resource.Delete(t.Context(), manifest.GetName(), metav1.DeleteOptions{PropagationPolicy: &background})
	if err != nil && !apierrors.IsNotFound(err) {
		t.Fatal(err)
	}
}

// checkWorkload compares what the team delivered with what the rendered partial
// object made of it.
func (m *migration) checkWorkload(t *testing.T, rendered manifest, live *unstructured.Unstructured, field string) {
	name := cluster.Identity(live)
	w := m.workloads[cluster.Identity(rendered.Unstructured)]
	if got, want := spec(live, field), spec(rendered.Unstructured, field); got != want {
		t.Errorf("%s: spec.%s is %v, rendered as %v", name, field, got, want)
	}
	wrong, err := intrusions(w.delivered, live, field)
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range wrong {
		t.Errorf("%s: %s", name, what)
	}
	if running(field, spec(live, field)) {
		w.ran = true
	} else {
		w.stopped = true
	}
}

// checkWorkloads sees to it that the phases had workloads to move, and that
// each was started and stopped on the way.
func (m *migration) checkWorkloads(t *testing.T) {
	if len(m.workloads) == 0 {
		t.Error("no phase of the target moves a workload")
	}
	for name, w := range m.workloads {
		if !w.ran || !w.stopped {
			t.Errorf("%s: seen running: %v, stopped: %v; want both", name, w.ran, w.stopped)
		}
	}
}

// spec is one field of an object's spec, nil when it is not there.
func spec(object *unstructured.Unstructured, field string) any {
	value, _, _ := unstructured.NestedFieldNoCopy(object.Object, "spec", field)
	return value
}
