package argocd_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/apiserver/cluster/clustertest"
	"cutover/e2e/argocd/collector"
	"cutover/e2e/argocd/installation"
	"cutover/e2e/argocd/jobrunner"
	"cutover/e2e/argocd/operator"
	"cutover/e2e/argocd/process"
	"cutover/e2e/argocd/product"
)

// image is what the Jobs and the sidecar call the product's image.
const image = "registry.example/cutover:test"

// place is one cluster with the stand-ins for what a whole cluster has more.
type place struct {
	*cluster.Cluster
	jobs *jobrunner.Runner
}

// startPlace starts a cluster, its CRDs, namespaces and stand-ins.
func startPlace(t *testing.T, p product.Product, crds, namespaces []string) *place {
	t.Helper()
	c := clustertest.Start(t)
	if len(crds) > 0 {
		if err := c.InstallCRDs(t.Context(), crds...); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range namespaces {
		installation.Apply(t, c, map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}})
	}
	config := c.RESTConfig()
	jobs, err := jobrunner.New(config, map[string]string{image: p.Image}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ready, err := operator.New(config)
	if err != nil {
		t.Fatal(err)
	}
	garbage, err := collector.New(config)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, jobs.Serve)
	serve(t, ready.Serve)
	serve(t, garbage.Serve)
	t.Cleanup(func() {
		if t.Failed() {
			for _, run := range jobs.Runs() {
				t.Logf("job %s/%s ended with %d (ran: %v)\n%s", run.Namespace, run.Name, run.Code, run.Ran, run.Output)
			}
		}
	})
	return &place{Cluster: c, jobs: jobs}
}

// serve runs a stand-in until the test ends; what it returns fails the test.
func serve(t *testing.T, run func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// get returns an object, or an error as the server gives it.
func (p *place) get(ctx context.Context, apiVersion, kind, namespace, name string) (*unstructured.Unstructured, error) {
	object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": apiVersion, "kind": kind}}
	object.SetNamespace(namespace)
	resource, err := p.Resource(object)
	if err != nil {
		return nil, err
	}
	return resource.Get(ctx, name, metav1.GetOptions{})
}

// pods are the termination messages of the namespace's Pods.
func (p *place) pods(t *testing.T, namespace string) []string {
	t.Helper()
	object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Pod"}}
	object.SetNamespace(namespace)
	resource, err := p.Resource(object)
	if err != nil {
		t.Fatal(err)
	}
	list, err := resource.List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, pod := range list.Items {
		statuses, _, _ := unstructured.NestedSlice(pod.Object, "status", "containerStatuses")
		for _, entry := range statuses {
			message, _, _ := unstructured.NestedString(entry.(map[string]any), "state", "terminated", "message")
			messages = append(messages, message)
		}
	}
	return messages
}

// argoCRDs are Argo CD's own definitions, from its module.
func argoCRDs(t *testing.T) []string {
	t.Helper()
	dir := string(process.Run(t, clustertest.Module(t), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-cd/v2"))
	var files []string
	for _, name := range []string{"application-crd.yaml", "appproject-crd.yaml"} {
		files = append(files, filepath.Join(dir[:len(dir)-1], "manifests", "crds", name))
	}
	return files
}

// replaced is the text with each old string, given in turn with its new one, replaced.
func replaced(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(text)
}

// write writes a file, and the folders above it.
func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
