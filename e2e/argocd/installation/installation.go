// Package installation runs Argo CD, without its user interface, as processes of a test: the
// real argocd-repo-server with a plugin's sidecar, the real argocd-application-controller
// and Redis, with a real API server as the cluster that they are installed on.
package installation

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/argocd/process"
)

// Namespace is the one that Argo CD is installed in.
const Namespace = "argocd"

// Options says what to run and where.
type Options struct {
	// Programs is the folder with argocd-repo-server and argocd-application-controller.
	Programs string
	// Home is the cluster on which Argo CD is installed, with its CRDs and Namespace.
	Home *cluster.Cluster
	// Sockets is the folder of the sidecars' sockets.
	Sockets string
	// Clusters are those that Argo CD may deploy to, by the name it knows them under.
	Clusters map[string]*rest.Config
	// Settings is the data of the ConfigMap argocd-cm.
	Settings map[string]string
}

// Installation is a running Argo CD.
type Installation struct {
	home *cluster.Cluster
}

// Start installs and starts Argo CD, which ends with the test.
func Start(t testing.TB, options Options) *Installation {
	t.Helper()
	install(t, options)
	redis := startRedis(t)
	repository := startRepoServer(t, options, redis)
	startController(t, options, redis, repository)
	return &Installation{home: options.Home}
}

// install applies what Argo CD reads on the cluster it is installed on.
func install(t testing.TB, options Options) {
	t.Helper()
	labels := map[string]any{"app.kubernetes.io/part-of": "argocd"}
	metadata := func(name string) map[string]any {
		return map[string]any{"name": name, "namespace": Namespace, "labels": labels}
	}
	settings := map[string]any{}
	for key, value := range options.Settings {
		settings[key] = value
	}
	objects := []map[string]any{
		{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata("argocd-cm"), "data": settings},
		{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata("argocd-rbac-cm")},
		{"apiVersion": "v1", "kind": "Secret", "metadata": metadata("argocd-secret"), "stringData": map[string]any{"server.secretkey": "only for this test"}},
	}
	for name, config := range options.Clusters {
		objects = append(objects, clusterSecret(t, name, config))
	}
	for _, object := range objects {
		Apply(t, options.Home, object)
	}
}

// clusterSecret is how Argo CD is told of a cluster and of a client certificate for it.
func clusterSecret(t testing.TB, name string, config *rest.Config) map[string]any {
	t.Helper()
	credentials, err := yaml.Marshal(map[string]any{"tlsClientConfig": map[string]any{
		"caData": config.CAData, "certData": config.CertData, "keyData": config.KeyData,
	}})
	if err != nil {
		t.Fatal(err)
	}
	if credentials, err = yaml.YAMLToJSON(credentials); err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
		"metadata": map[string]any{
			"name": "cluster-" + name, "namespace": Namespace,
			"labels": map[string]any{"argocd.argoproj.io/secret-type": "cluster"},
		},
		"stringData": map[string]any{"name": name, "server": config.Host, "config": string(credentials)},
	}
}

// Apply applies an object as a person would who installs something.
func Apply(t testing.TB, c *cluster.Cluster, object map[string]any) {
	t.Helper()
	manifest, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Apply(t.Context(), manifest, cluster.Manager{Name: "administrator", Force: true}); err != nil {
		t.Fatal(err)
	}
}

// ApplyFile applies the objects of a file.
func ApplyFile(t testing.TB, c *cluster.Cluster, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range bytes.Split(content, []byte("\n---\n")) {
		object := map[string]any{}
		if err := yaml.Unmarshal(document, &object); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(object) > 0 {
			Apply(t, c, object)
		}
	}
}

func startRedis(t testing.TB) string {
	t.Helper()
	port := process.Port(t)
	address := fmt.Sprintf("127.0.0.1:%d", port)
	dir := t.TempDir()
	p := process.Start(t, process.Command{
		Name: "redis-server", Path: look(t, "redis-server"),
		Args: []string{"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--save", "", "--appendonly", "no"},
		Env:  environment(dir), Dir: dir, Logs: dir,
	})
	p.Await(t, func() error { return process.Listens("tcp", address) })
	return address
}

func startRepoServer(t testing.TB, options Options, redis string) string {
	t.Helper()
	port, dir := process.Port(t), t.TempDir()
	address := fmt.Sprintf("127.0.0.1:%d", port)
	p := process.Start(t, process.Command{
		Name: "argocd-repo-server", Path: filepath.Join(options.Programs, "argocd-repo-server"),
		Args: []string{
			"--address=127.0.0.1", "--port=" + strconv.Itoa(port), "--disable-tls",
			"--metrics-address=127.0.0.1", "--metrics-port=" + strconv.Itoa(process.Port(t)),
			"--redis=" + redis, "--plugin-tar-exclude=.git/*",
		},
		Env: environment(dir,
			"ARGOCD_PLUGINSOCKFILEPATH="+options.Sockets,
			"ARGOCD_ASK_PASS_SOCK="+filepath.Join(options.Sockets, "..", "ask-pass.sock"),
			"ARGOCD_GPG_ENABLED=false",
			"ARGOCD_TLS_DATA_PATH="+dir, "ARGOCD_SSH_DATA_PATH="+dir,
		),
		Dir: dir, Logs: dir,
	})
	p.Await(t, func() error { return process.Listens("tcp", address) })
	return address
}

func startController(t testing.TB, options Options, redis, repository string) {
	t.Helper()
	dir := t.TempDir()
	process.Start(t, process.Command{
		Name: "argocd-application-controller", Path: filepath.Join(options.Programs, "argocd-application-controller"),
		Args: []string{
			"--kubeconfig=" + options.Home.Kubeconfig(), "--namespace=" + Namespace,
			"--redis=" + redis, "--repo-server=" + repository, "--repo-server-plaintext",
			"--metrics-port=" + strconv.Itoa(process.Port(t)),
			"--status-processors=2", "--operation-processors=2", "--app-resync=600",
		},
		Env: environment(dir,
			"ARGOCD_SYNC_WAVE_DELAY=0",
			"ARGOCD_TLS_DATA_PATH="+dir, "ARGOCD_SSH_DATA_PATH="+dir,
		),
		Dir: dir, Logs: dir,
	})
}

func look(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// environment is that of a program which keeps its files in dir.
func environment(dir string, more ...string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir,
		"GIT_CONFIG_NOSYSTEM=true",
	}, more...)
}

// Get returns one of Argo CD's own objects.
func (i *Installation) Get(ctx context.Context, kind, name string) (*unstructured.Unstructured, error) {
	object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": kind}}
	object.SetNamespace(Namespace)
	resource, err := i.home.Resource(object)
	if err != nil {
		return nil, err
	}
	return resource.Get(ctx, name, metav1.GetOptions{})
}
