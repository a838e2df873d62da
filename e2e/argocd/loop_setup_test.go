package argocd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	api "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/yaml"

	"cutover/e2e/apiserver/cluster/clustertest"
	"cutover/e2e/argocd/installation"
	"cutover/e2e/argocd/product"
	"cutover/e2e/argocd/sidecar"
)

// sections is what the small migration lacks for Argo CD and for a way back.
const sections = `
gitops:
  repoURL: REPOSITORY
  image: ` + image + `
  namespace: ` + installation.Namespace + `
  destinations:
    source: {name: source}
    target: {name: target}
  gates:
    deadline: 1m
    peer:
      source: {secretName: cutover-peer, key: kubeconfig}
      target: {secretName: cutover-peer, key: kubeconfig}
`

// homes are the namespaces of the small migration: Kafka's, and with it the ledger's.
var homes = map[string]string{"source": "kafka", "target": "streams"}

// workloads are the small migration's, by cluster: kind and count when it begins. The
// templates are those of the teams' pipelines in e2e/apiserver.
var workloads = map[string]map[string]struct {
	apiVersion, kind string
	replicas         int64
}{
	"source": {"gate": {"apps/v1", "Deployment", 2}, "planner": {"apps.openshift.io/v1", "DeploymentConfig", 1}, "board": {"apps/v1", "Deployment", 3}},
	"target": {"gate": {"apps/v1", "Deployment", 0}, "planner": {"apps/v1", "Deployment", 0}, "board": {"apps/v1", "Deployment", 0}},
}

// loop is a migration in a Git repository that an Argo CD follows.
type loop struct {
	product         product.Product
	git             product.Git
	argo            *installation.Installation
	places          map[string]*place
	phases, returns []product.Phase
	// series are the commits that cutover series made, by the phase's number.
	series map[string]string
}

func startLoop(t *testing.T) *loop {
	t.Helper()
	p := product.Open(t)
	l := &loop{product: p, places: map[string]*place{}}
	standIns := filepath.Join(clustertest.Module(t), "..", "apiserver", "testdata", "crds")
	l.places["source"] = startPlace(t, p, []string{clustertest.CRDs(t, "0.17.0"), standIns}, []string{"kafka", "apps"})
	l.places["target"] = startPlace(t, p,
		append([]string{clustertest.CRDs(t, "0.24.0"), standIns}, argoCRDs(t)...),
		[]string{"streams", "apps", installation.Namespace})
	for cluster := range workloads {
		l.deliver(t, cluster)
	}
	l.introduce(t, "source", "target")
	l.introduce(t, "target", "source")

	example := p.Example(t, "cmd", "cutover", "testdata", "small")
	tree := filepath.Join(t.TempDir(), "tree")
	migration := filepath.Join(example, "migration.yaml")
	text, err := os.ReadFile(migration)
	if err != nil {
		t.Fatal(err)
	}
	write(t, migration, string(text)+replaced(sections, "REPOSITORY", "file://"+tree))
	p.Regenerate(t, example, tree)
	l.git = product.Init(t, tree)
	l.cutover(t, "series", tree, "--branch", "steps")
	l.series = map[string]string{}
	for _, line := range strings.Split(l.git.Run(t, "log", "--format=%H %s", "main..steps"), "\n") {
		hash, subject, _ := strings.Cut(line, " ")
		number, _, _ := strings.Cut(strings.TrimPrefix(subject, "cutover("), ")")
		l.series[number] = hash
	}
	for _, phase := range product.Phases(t, tree) {
		if phase.Returns {
			l.returns = append(l.returns, phase)
		} else {
			l.phases = append(l.phases, phase)
		}
	}
	l.install(t)
	return l
}

// install starts Argo CD with what the tree's argocd folder holds for it.
func (l *loop) install(t *testing.T) {
	t.Helper()
	folder := filepath.Join(l.git.Dir, "argocd")
	var settings struct {
		Data map[string]string `json:"data"`
	}
	text, err := os.ReadFile(filepath.Join(folder, "argocd-cm.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &settings); err != nil {
		t.Fatal(err)
	}
	if len(settings.Data) < 2 {
		t.Fatal("argocd-cm.yaml has no health checks")
	}
	s := sidecar.Start(t, sidecar.Options{ArgoCD: l.product.ArgoCD, Image: l.product.Image, Name: pluginName})
	clusters := map[string]*rest.Config{}
	for name, place := range l.places {
		clusters[name] = place.RESTConfig()
	}
	l.argo = installation.Start(t, installation.Options{
		Programs: l.product.ArgoCD, Home: l.places["target"].Cluster, Sockets: s.Sockets(),
		Clusters: clusters, Settings: settings.Data,
	})
	for _, name := range []string{"project", "application-source", "application-target"} {
		installation.ApplyFile(t, l.places["target"].Cluster, filepath.Join(folder, name+".yaml"))
	}
	for cluster := range l.places {
		l.argo.Await(t, l.application(cluster), func(s installation.State) bool { return s.Applied(l.git.Head(t)) })
	}
}

// deliver applies the workloads as their teams' pipelines do.
func (l *loop) deliver(t *testing.T, cluster string) {
	t.Helper()
	for name := range workloads[cluster] {
		installation.Apply(t, l.places[cluster].Cluster, l.delivered(t, cluster, name))
	}
}

// delivered is what a team's pipeline delivers.
func (l *loop) delivered(t *testing.T, cluster, name string) map[string]any {
	t.Helper()
	workload := workloads[cluster][name]
	file := filepath.Join(clustertest.Module(t), "..", "apiserver", "testdata", "workloads", strings.ToLower(workload.kind)+".yaml")
	template, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	object := map[string]any{}
	if err := yaml.Unmarshal([]byte(replaced(string(template), "NAMESPACE", "apps", "NAME", name)), &object); err != nil {
		t.Fatal(err)
	}
	if err := unstructured.SetNestedField(object, workload.replicas, "spec", "replicas"); err != nil {
		t.Fatal(err)
	}
	return object
}

// introduce gives the cluster from a kubeconfig by which its gate reads the other's ledger
// and nothing else, as an administrator does.
func (l *loop) introduce(t *testing.T, from, other string) {
	t.Helper()
	namespace := homes[other]
	meta := map[string]any{"name": "cutover-peer", "namespace": namespace}
	for _, object := range []map[string]any{
		{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta},
		{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": meta, "rules": []any{map[string]any{
			"apiGroups": []any{""}, "resources": []any{"configmaps"}, "resourceNames": []any{"cutover-yard-ledger"}, "verbs": []any{"get"},
		}}},
		{
			"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": meta,
			"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "cutover-peer"},
			"subjects": []any{map[string]any{"kind": "ServiceAccount", "name": "cutover-peer", "namespace": namespace}},
		},
	} {
		installation.Apply(t, l.places[other].Cluster, object)
	}
	config := l.places[other].RESTConfig()
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	token, err := client.CoreV1().ServiceAccounts(namespace).CreateToken(t.Context(), "cutover-peer", &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	k := api.NewConfig()
	k.Clusters["peer"] = &api.Cluster{Server: config.Host, CertificateAuthorityData: config.CAData}
	k.AuthInfos["peer"] = &api.AuthInfo{Token: token.Status.Token}
	k.Contexts["peer"] = &api.Context{Cluster: "peer", AuthInfo: "peer", Namespace: namespace}
	k.CurrentContext = "peer"
	kubeconfig, err := clientcmd.Write(*k)
	if err != nil {
		t.Fatal(err)
	}
	installation.Apply(t, l.places[from].Cluster, map[string]any{
		"apiVersion": "v1", "kind": "Secret",
		"metadata":   map[string]any{"name": "cutover-peer", "namespace": homes[from]},
		"stringData": map[string]any{"kubeconfig": string(kubeconfig)},
	})
}
