package apiserver_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
	api "k8s.io/client-go/tools/clientcmd/api"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/apiserver/cluster/clustertest"
)

// gated is a source cluster whose gate Jobs are run by hand, with the rights of their own
// service account, since nothing here runs pods.
type gated struct {
	source  *cluster.Cluster
	cutover product
	tree    string
	// kubeconfig is that of the service account.
	kubeconfig string
}

const (
	// liveSection has the Jobs prove the gates; liveListeners are what it needs of the target.
	liveSection = gitopsSection + `  gates:
    peer: {source: {secretName: peer, key: config}, target: {secretName: peer, key: config}}
    live: {target: {bootstrapServers: "yard.example:443", listener: external}}
`
	liveListeners = `  listeners:
  - {name: tls, port: 9093, type: internal, tls: true, authentication: {type: scram-sha-512}}
  - {name: external, port: 9094, type: route, tls: true, authentication: {type: scram-sha-512}}
`
	gitopsSection = `gitops:
  repoURL: https://git.example/yard.git
  image: registry.example/cutover:1
  destinations:
    source: {name: old}
    target: {name: new}
`
	ledgerName = "cutover-yard-ledger"
)

// startGated generates the small migration, whose source has no server-side apply as far as
// it says, and gives its workloads to a cluster.
func startGated(t *testing.T) *gated {
	t.Helper()
	return startGatedWith(t, gitopsSection, "")
}

// startGatedWith is startGated with a gitops section, and more lines of the target.
func startGatedWith(t *testing.T, gitops, target string) *gated {
	t.Helper()
	g := &gated{source: clustertest.Start(t), cutover: build(t)}
	if err := g.source.InstallCRDs(t.Context(), clustertest.CRDs(t, "0.24.0"), filepath.Join("testdata", "crds")); err != nil {
		t.Fatal(err)
	}
	small := filepath.Join(t.TempDir(), "small")
	if err := os.CopyFS(small, os.DirFS(filepath.Join(g.cutover.repository, "cmd", "cutover", "testdata", "small"))); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(small, "migration.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.NewReplacer("workloads:\n", gitops+"workloads:\n", "  storageClass: fast\n", "  storageClass: fast\n"+target).Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	g.tree = filepath.Join(t.TempDir(), "tree")
	command(t, g.cutover.repository, g.cutover.binary, "generate", small, "--out", g.tree)
	return g
}

// sync applies what Argo CD would before the PreSync Job of a phase runs, and the Jobs too,
// to see that they are accepted.
func (g *gated) sync(t *testing.T, phase string) {
	t.Helper()
	manifests, err := parse(command(t, g.tree, g.cutover.binary, "render", "--cluster", "source", "--phase", phase))
	if err != nil {
		t.Fatal(err)
	}
	m := &migration{target: g.source, workloads: map[string]*workload{}}
	m.createNamespaces(t, manifests)
	for _, manifest := range manifests {
		if hook := manifest.GetAnnotations()[argoAnnotations+"hook"]; hook == "PreSync" || hook == "PostSync" {
			m.apply(t, manifest)
		}
	}
	g.kubeconfig = g.login(t, "cutover-yard-gate")
}

// login writes a kubeconfig with a token of a service account, as a pod has one.
func (g *gated) login(t *testing.T, account string) string {
	t.Helper()
	client, err := dynamic.NewForConfig(g.source.RESTConfig())
	if err != nil {
		t.Fatal(err)
	}
	request := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "metadata": map[string]any{"name": account}, "spec": map[string]any{},
	}}
	answer, err := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "serviceaccounts"}).Namespace("kafka").
		Create(t.Context(), request, metav1.CreateOptions{}, "token")
	if err != nil {
		t.Fatal(err)
	}
	token, _, _ := unstructured.NestedString(answer.Object, "status", "token")
	config := api.NewConfig()
	config.Clusters["source"] = &api.Cluster{Server: g.source.RESTConfig().Host, CertificateAuthorityData: g.source.RESTConfig().CAData}
	config.AuthInfos["gate"] = &api.AuthInfo{Token: token}
	config.Contexts["gate"] = &api.Context{Cluster: "source", AuthInfo: "gate"}
	config.CurrentContext = "gate"
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*config, file); err != nil {
		t.Fatal(err)
	}
	return file
}

// gate runs cutover gate for a phase with the gate.yaml that the server holds, and wants an
// exit code. It gives what was printed.
func (g *gated) gate(t *testing.T, code int, phase string, args ...string) string {
	t.Helper()
	text, _, _ := unstructured.NestedString(g.get(t, "v1", "ConfigMap", "kafka", "cutover-yard-gate").Object, "data", "gate.yaml")
	file := filepath.Join(t.TempDir(), "gate.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), g.cutover.binary, append([]string{"gate", "--phase", phase, "--gate", file, "--kubeconfig", g.kubeconfig}, args...)...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("cutover gate --phase %s %s ended with %d, want %d\n%s", phase, strings.Join(args, " "), got, code, out)
	}
	return string(out)
}

// get reads an object as the administrator.
func (g *gated) get(t *testing.T, apiVersion, kind, namespace, name string) *unstructured.Unstructured {
	t.Helper()
	object := &unstructured.Unstructured{}
	object.SetAPIVersion(apiVersion)
	object.SetKind(kind)
	object.SetNamespace(namespace)
	resource, err := g.source.Resource(object)
	if err != nil {
		t.Fatal(err)
	}
	live, err := resource.Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return live
}

// done is what the ledger says.
func (g *gated) done(t *testing.T) string {
	t.Helper()
	done, _, _ := unstructured.NestedString(g.get(t, "v1", "ConfigMap", "kafka", ledgerName).Object, "data", "done")
	return done
}

// complete enters a phase and writes it down.
func (g *gated) complete(t *testing.T, phase string) {
	t.Helper()
	g.sync(t, phase)
	g.gate(t, 0, phase)
	g.gate(t, 0, phase, "--done")
	if got := g.done(t); got != phase {
		t.Fatalf("the ledger says %s, want %s", got, phase)
	}
}

// deploy gives the cluster the workloads that the source's phases take over.
func (g *gated) deploy(t *testing.T) {
	t.Helper()
	manifests, err := parse(command(t, g.tree, g.cutover.binary, "render", "--cluster", "source", "--phase", "095"))
	if err != nil {
		t.Fatal(err)
	}
	m := &migration{target: g.source, workloads: map[string]*workload{}}
	m.createNamespaces(t, manifests)
	for _, manifest := range manifests {
		if _, ok := partial(manifest); !ok {
			continue
		}
		text, err := teams(manifest, 1, true)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.source.Apply(t.Context(), text, pipeline); err != nil {
			t.Fatal(err)
		}
	}
}

func (g *gated) replicas(t *testing.T, kind, name string) int64 {
	t.Helper()
	version := map[string]string{"Deployment": "apps/v1", "DeploymentConfig": "apps.openshift.io/v1"}[kind]
	n, _, _ := unstructured.NestedInt64(g.get(t, version, kind, "apps", name).Object, "spec", "replicas")
	return n
}

func TestTheGateHoldsThePhasesOfASourceInOrder(t *testing.T) {
	g := startGated(t)
	g.deploy(t)

	// The first phase: there is no ledger yet.
	g.sync(t, "000")
	if out := g.gate(t, 0, "000"); !strings.Contains(out, "this is the first phase") {
		t.Errorf("got %s", out)
	}
	g.gate(t, 0, "000", "--done")
	first := g.get(t, "v1", "ConfigMap", "kafka", ledgerName).GetResourceVersion()
	if out := g.gate(t, 0, "000", "--done"); !strings.Contains(out, "written already") {
		t.Errorf("got %s", out)
	}
	if got := g.get(t, "v1", "ConfigMap", "kafka", ledgerName).GetResourceVersion(); got != first || g.done(t) != "000" {
		t.Errorf("the second --done wrote version %s after %s", got, first)
	}

	// A jump over 010 and 095: refused, and nothing is stopped.
	g.sync(t, "100")
	if out := g.gate(t, 2, "100"); !strings.Contains(out, "phases 010, 095 would be skipped") || !strings.Contains(out, "cutover(010)") {
		t.Errorf("got %s", out)
	}
	g.gate(t, 2, "100", "--done")
	if g.done(t) != "000" || g.replicas(t, "Deployment", "gate") == 0 {
		t.Error("the refused phase left a trace")
	}

	// In order, the counts are taken over, and the valve closes.
	g.complete(t, "010")
	g.complete(t, "095")
	if gate, planner := g.replicas(t, "Deployment", "gate"), g.replicas(t, "DeploymentConfig", "planner"); gate != 2 || planner != 1 {
		t.Errorf("taken over with %d and %d replicas, want 2 and 1", gate, planner)
	}
	g.complete(t, "100")
	if gate, planner := g.replicas(t, "Deployment", "gate"), g.replicas(t, "DeploymentConfig", "planner"); gate != 0 || planner != 1 {
		t.Errorf("closed with %d and %d replicas, want 0 and 1", gate, planner)
	}

	// The same phase again, and one step back.
	if out := g.gate(t, 0, "100"); !strings.Contains(out, "done already") || !strings.Contains(out, "replicas is 0") {
		t.Errorf("got %s", out)
	}
	g.complete(t, "095")
	if n := g.replicas(t, "Deployment", "gate"); n != 2 {
		t.Errorf("after the way back %d replicas run, want 2", n)
	}
}

func TestTheGatesAccountMayDoNothingElse(t *testing.T) {
	g := startGated(t)
	g.deploy(t)
	g.complete(t, "000")
	config, err := clientcmd.BuildConfigFromFlags("", g.kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	maps := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"})
	secrets := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "secrets"})
	deployments := client.Resource(schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"})
	if _, err := maps.Namespace("kafka").Get(t.Context(), ledgerName, metav1.GetOptions{}); err != nil {
		t.Errorf("it may not read its ledger: %v", err)
	}
	if _, err := deployments.Namespace("apps").Get(t.Context(), "gate", metav1.GetOptions{}); err != nil {
		t.Errorf("it may not read a workload it scales: %v", err)
	}
	for what, try := range map[string]func() error{
		"list ConfigMaps": func() error { _, err := maps.Namespace("kafka").List(t.Context(), metav1.ListOptions{}); return err },
		"read another one": func() error {
			_, err := maps.Namespace("kafka").Get(t.Context(), "cutover-yard-gate", metav1.GetOptions{})
			return err
		},
		"delete its ledger": func() error { return maps.Namespace("kafka").Delete(t.Context(), ledgerName, metav1.DeleteOptions{}) },
		"list Secrets":      func() error { _, err := secrets.Namespace("kafka").List(t.Context(), metav1.ListOptions{}); return err },
		"delete a workload": func() error { return deployments.Namespace("apps").Delete(t.Context(), "gate", metav1.DeleteOptions{}) },
		"read another workload": func() error {
			_, err := deployments.Namespace("apps").Get(t.Context(), "other", metav1.GetOptions{})
			return err
		},
	} {
		if err := try(); !apierrors.IsForbidden(err) {
			t.Errorf("it may %s: %v", what, err)
		}
	}
}
