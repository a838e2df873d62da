package cluster_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/tools/clientcmd"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/apiserver/cluster/clustertest"
)

func TestStartThatFailsSaysWhyAndLeavesNothing(t *testing.T) {
	sleeper := executable(t, "#!/bin/sh\nexec sleep 60\n")
	broken := executable(t, "#!/bin/sh\necho 'no such flag: --data-dir' >&2\nexit 7\n")
	taken := executable(t, "#!/bin/sh\necho 'listen tcp: bind: address already in use' >&2\nexit 1\n")
	for _, c := range []struct {
		sentence string
		options  cluster.Options
		want     []string
	}{
		{"without a server's path", cluster.Options{}, []string{"APIServer names no kube-apiserver"}},
		{"with a server that is not there", cluster.Options{Etcd: sleeper, APIServer: "/nowhere/kube-apiserver"}, []string{"start kube-apiserver", "no such file"}},
		{"with an etcd that ends", cluster.Options{Etcd: broken, APIServer: sleeper}, []string{"etcd ended early (exit status 7)", "no such flag: --data-dir"}},
		{"with an API server that ends", cluster.Options{Etcd: sleeper, APIServer: broken}, []string{"kube-apiserver ended early", "no such flag: --data-dir"}},
		{"with a port that is taken each time", cluster.Options{Etcd: taken, APIServer: sleeper}, []string{"etcd: the port was taken meanwhile"}},
		{"with a server that never answers", cluster.Options{Etcd: sleeper, APIServer: sleeper, Timeout: 300 * time.Millisecond}, []string{"wait for the API server to be ready", "connection refused"}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			c.options.Dir = t.TempDir()
			_, err := cluster.Start(t.Context(), c.options)
			if err == nil {
				t.Fatal("want an error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q: %v", want, err)
				}
			}
			left, err := os.ReadDir(c.options.Dir)
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	sleeper := executable(t, "#!/bin/sh\nexec sleep 60\n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := cluster.Start(ctx, cluster.Options{Etcd: sleeper, APIServer: sleeper, Dir: t.TempDir()})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("want the context's error, got %v", err)
	}
}

func TestClusterFromStartToStop(t *testing.T) {
	c := clustertest.Start(t)

	info, err := os.Stat(c.Kubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the kubeconfig has mode %o, want 600", mode)
	}
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	for name, config := range map[string]*discovery.DiscoveryClient{
		"Kubeconfig": discovery.NewDiscoveryClientForConfigOrDie(config),
		"RESTConfig": discovery.NewDiscoveryClientForConfigOrDie(c.RESTConfig()),
	} {
		version, err := config.ServerVersion()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if version.Major != "1" || version.Minor != "36" {
			t.Errorf("%s: the server is %s, want 1.36", name, version)
		}
	}
	c.RESTConfig().Host = "changed"
	if c.RESTConfig().Host == "changed" {
		t.Error("RESTConfig handed out the cluster's own configuration")
	}

	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(c.Kubeconfig())); !os.IsNotExist(err) {
		t.Errorf("the cluster's folder is still there: %v", err)
	}
	if _, err := discovery.NewDiscoveryClientForConfigOrDie(config).ServerVersion(); err == nil {
		t.Error("the server still answers")
	}
	if err := c.Stop(); err != nil {
		t.Errorf("a second Stop: %v", err)
	}
}

func TestApply(t *testing.T) {
	c := clustertest.Start(t)
	apply := func(manifest string, m cluster.Manager) error {
		_, err := c.Apply(t.Context(), []byte(manifest), m)
		return err
	}
	const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rates, namespace: default}\ndata: {rate: "
	pipeline, argo := cluster.Manager{Name: "team-pipeline"}, cluster.Manager{Name: "argocd-controller", Force: true}

	if err := apply(configMap+"low}\n", pipeline); err != nil {
		t.Fatal(err)
	}
	if err := apply(configMap+"high}\n", argo); err != nil {
		t.Errorf("a forced apply over another manager's field: %v", err)
	}
	if err := apply(configMap+"low}\n", pipeline); !apierrors.IsConflict(err) {
		t.Errorf("an apply over another manager's field: want a conflict, got %v", err)
	}
	for sentence, c := range map[string]struct{ manifest, want string }{
		"an unknown field":              {configMap + "high}\nrate: low\n", ".rate: field not declared in schema"},
		"a kind the server has not":     {"apiVersion: v1\nkind: Teapot\nmetadata: {name: t}\n", "no matches for kind"},
		"a version the server has not":  {"apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: t, namespace: default}\n", "no matches for kind"},
		"a ConfigMap of no namespace":   {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t}\n", "names no namespace"},
		"a ClusterRole in a namespace":  {"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: t, namespace: default}\n", "names a namespace"},
		"text that is no YAML":          {"{", "apply: "},
		"an object in a namespace gone": {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t, namespace: gone}\n", `namespaces "gone" not found`},
	} {
		if err := apply(c.manifest, argo); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want an error with %q, got %v", sentence, c.want, err)
		}
	}
}

func TestInstallCRDsRefuses(t *testing.T) {
	c := clustertest.Start(t)
	for _, s := range []struct{ sentence, content, want string }{
		{"a file that holds another kind", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", "v1 ConfigMap c is no CustomResourceDefinition"},
		{"a file that is no YAML", "{", "yaml"},
		{"a file of comments", "# nothing\n---\n# either\n", "no definition in"},
		{"a definition that the server refuses", newCRD + "  versions: []\n", "widgets.example.com"},
	} {
		t.Run(s.sentence, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "crd.yaml")
			if err := os.WriteFile(file, []byte(s.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := c.InstallCRDs(t.Context(), file); err == nil || !strings.Contains(err.Error(), s.want) {
				t.Errorf("want an error with %q, got %v", s.want, err)
			}
		})
	}
	if err := c.InstallCRDs(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "no definition in") {
		t.Errorf("an empty folder: got %v", err)
	}
	if err := c.InstallCRDs(t.Context(), filepath.Join(t.TempDir(), "gone")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a path that is not there: got %v", err)
	}
}

func TestStandInsAreServed(t *testing.T) {
	c := clustertest.Start(t)
	if err := c.InstallCRDs(t.Context(), filepath.Join(clustertest.Module(t), "testdata", "crds")); err != nil {
		t.Fatal(err)
	}
	for sentence, s := range map[string]struct{ manifest, refused string }{
		"a Subscription": {manifest: "apiVersion: operators.coreos.com/v1alpha1\nkind: Subscription\nmetadata: {name: a, namespace: default}\n" +
			"spec: {name: amq-streams, source: redhat-operators, sourceNamespace: openshift-marketplace, config: {env: []}}\n"},
		"a Subscription of no source": {manifest: "apiVersion: operators.coreos.com/v1alpha1\nkind: Subscription\nmetadata: {name: b, namespace: default}\n" +
			"spec: {name: amq-streams, sourceNamespace: openshift-marketplace}\n", refused: "spec.source: Required value"},
		"an OperatorGroup of all namespaces": {manifest: "apiVersion: operators.coreos.com/v1\nkind: OperatorGroup\nmetadata: {name: a, namespace: default}\nspec: {}\n"},
		"a rule without an expression": {manifest: "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a, namespace: default}\n" +
			"spec: {groups: [{name: g, rules: [{alert: Lag}]}]}\n", refused: "spec.groups[0].rules[0].expr: Required value"},
		"a PodMonitor": {manifest: "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: a, namespace: default}\n" +
			"spec: {selector: {matchLabels: {app: a}}, podMetricsEndpoints: [{port: tcp-prometheus, path: /metrics}]}\n"},
		"a DeploymentConfig": {manifest: "apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\nmetadata: {name: a, namespace: default}\n" +
			"spec: {replicas: 2, triggers: [{type: ConfigChange}]}\n"},
	} {
		_, err := c.Apply(t.Context(), []byte(s.manifest), cluster.Manager{Name: "test"})
		switch {
		case s.refused == "" && err != nil:
			t.Errorf("%s: %v", sentence, err)
		case s.refused != "" && (err == nil || !strings.Contains(err.Error(), s.refused)):
			t.Errorf("%s: want an error with %q, got %v", sentence, s.refused, err)
		}
	}
}

// executable writes a script and returns its path.
func executable(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
