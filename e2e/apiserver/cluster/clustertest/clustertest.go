// Package clustertest gives tests a running cluster, and the CRDs to install in
// it, from what the environment of the test says:
//
//	CUTOVER_E2E             set, to anything, to run the tests that need a server
//	CUTOVER_KUBE_APISERVER  the kube-apiserver binary; e2e/apiserver/build prints it
//	CUTOVER_CRDS            the folder of the official Strimzi CRDs
package clustertest

import (
	"os"
	"path/filepath"
	"testing"

	"cutover/e2e/apiserver/cluster"
)

// Start returns a new cluster that is stopped when the test ends. It skips the
// test when CUTOVER_E2E is not set, and fails it when no server can be started.
func Start(t testing.TB) *cluster.Cluster {
	t.Helper()
	if os.Getenv("CUTOVER_E2E") == "" {
		t.Skip("needs a real kube-apiserver: run e2e/apiserver/run, which sets CUTOVER_E2E")
	}
	binary := os.Getenv("CUTOVER_KUBE_APISERVER")
	if binary == "" {
		t.Fatal("CUTOVER_KUBE_APISERVER is not set: e2e/apiserver/build builds the binary and prints its path")
	}
	c, err := cluster.Start(t.Context(), cluster.Options{APIServer: binary, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// CRDs returns the folder of the official CRDs of one Strimzi release, such as
// "0.24.0". It skips the test where there is none.
func CRDs(t testing.TB, release string) string {
	t.Helper()
	root := os.Getenv("CUTOVER_CRDS")
	if root == "" {
		root = filepath.Join(Module(t), "..", "..", "..", "shared", "crds")
	}
	dir := filepath.Join(root, "strimzi-"+release)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the official CRDs are not here: %v; set CUTOVER_CRDS to the folder that holds strimzi-%s", err, release)
	}
	return dir
}

// Module returns the root of the module that the test belongs to.
func Module(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod in this folder or above")
		}
		dir = parent
	}
}
