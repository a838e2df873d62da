package rules_test

import (
	"os"
	"testing"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/apiserver/cluster/clustertest"
)

// TestARealAPIServerAcceptsEveryObject applies the chart's monitors, rules, Prometheus and
// Alertmanager, with strict field validation, to a server that has the CRDs which
// controller-gen makes of the Prometheus operator's own types.
func TestARealAPIServerAcceptsEveryObject(t *testing.T) {
	c := clustertest.Start(t)
	definitions := os.Getenv("CUTOVER_MONITORING_CRDS")
	if definitions == "" {
		t.Fatal("CUTOVER_MONITORING_CRDS is not set: e2e/monitoring/rules/run makes them")
	}
	if err := c.InstallCRDs(t.Context(), definitions); err != nil {
		t.Fatal(err)
	}
	namespaces := make(map[string]bool)
	accepted := 0
	for file, objects := range rendered(t) {
		for _, manifest := range objects {
			o := header(t, manifest)
			if o.APIVersion == "route.openshift.io/v1" || o.APIVersion == "grafana.integreatly.org/v1beta1" {
				continue // no types of theirs are here
			}
			if !namespaces[o.Metadata.Namespace] {
				namespaces[o.Metadata.Namespace] = true
				apply(t, c, []byte("apiVersion: v1\nkind: Namespace\nmetadata: {name: "+o.Metadata.Namespace+"}\n"))
			}
			if _, err := c.Apply(t.Context(), manifest, cluster.Manager{Name: "argocd-controller", Force: true}); err != nil {
				t.Errorf("%s: %s: %v", file, o, err)
				continue
			}
			accepted++
		}
	}
	t.Logf("%d objects were accepted", accepted)
}

func apply(t *testing.T, c *cluster.Cluster, manifest []byte) {
	t.Helper()
	if _, err := c.Apply(t.Context(), manifest, cluster.Manager{Name: "argocd-controller", Force: true}); err != nil {
		t.Fatal(err)
	}
}
