package argocd_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"

	"cutover/e2e/argocd/installation"
	"cutover/e2e/argocd/product"
	"cutover/e2e/argocd/sidecar"
)

const plainApplication = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: plain, namespace: argocd}
spec:
  project: default
  source: {repoURL: REPOSITORY, targetRevision: main, path: .}
  destination: {name: home, namespace: apps}
  syncPolicy: {automated: {prune: true}}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: default, namespace: argocd}
spec:
  sourceRepos: ["*"]
  destinations: [{server: "*", namespace: "*"}]
`

const plainObjects = `
apiVersion: v1
kind: ConfigMap
metadata: {name: kept}
data: {round: "1"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: dropped}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker}
spec:
  replicas: 2
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker}}
    spec: {containers: [{name: main, image: registry.example.com/worker:1}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: guard, annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookFailed, argocd.argoproj.io/sync-wave: "-1"}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: guard, annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: BeforeHookCreation}}
spec:
  backoffLimit: 0
  template:
    spec:
      serviceAccountName: guard
      restartPolicy: Never
      containers: [{name: main, image: "` + image + `", command: [cutover], args: [COMMAND], terminationMessagePolicy: FallbackToLogsOnError}]
`

// TestTheStandInsDoForArgoCD shows, without the product's plugin, that what stands in for
// controllers here is enough for Argo CD: hooks run and are made anew, a failing one stops
// the sync, what is dropped is pruned, and health comes.
func TestTheStandInsDoForArgoCD(t *testing.T) {
	p := product.Open(t)
	home := startPlace(t, p, argoCRDs(t), []string{installation.Namespace, "apps"})
	folder := t.TempDir()
	objects := func(from ...string) { write(t, folder+"/objects.yaml", replaced(plainObjects, from...)) }
	objects("COMMAND", "render")
	git := product.Init(t, folder)
	s := sidecar.Start(t, sidecar.Options{ArgoCD: p.ArgoCD, Image: p.Image, Name: pluginName})
	argo := installation.Start(t, installation.Options{
		Programs: p.ArgoCD, Home: home.Cluster, Sockets: s.Sockets(),
		Clusters: map[string]*rest.Config{"home": home.RESTConfig()},
	})
	file := t.TempDir() + "/application.yaml"
	write(t, file, replaced(plainApplication, "REPOSITORY", "file://"+folder))
	installation.ApplyFile(t, home.Cluster, file)

	refused := argo.Await(t, "plain", func(st installation.State) bool { return st.Failed(git.Head(t)) })
	if message := refused.Results["Job guard"]; !strings.Contains(message, "backoff limit") {
		t.Errorf("the hook's result is %q: %v", message, refused)
	}
	pods := home.pods(t, "apps")
	if len(pods) == 0 || !strings.Contains(pods[0], "--cluster") {
		t.Errorf("the pods' termination messages are %q, want what the container wrote", pods)
	}
	if _, err := home.get(t.Context(), "v1", "ConfigMap", "apps", "kept"); !apierrors.IsNotFound(err) {
		t.Errorf("an object is there although the hook failed: %v", err)
	}

	argo.Terminate(t, "plain")
	commit := func(from ...string) {
		objects(from...)
		git.Run(t, "commit", "--quiet", "--all", "--message", "change")
		argo.Refresh(t, "plain")
		argo.Await(t, "plain", func(st installation.State) bool { return st.Synced(git.Head(t)) && st.Health == "Healthy" })
	}
	commit("COMMAND", "--help")
	commit("COMMAND", "--help", `round: "1"`, `round: "2"`, "metadata: {name: dropped}", "metadata: {name: other}")
	if _, err := home.get(t.Context(), "v1", "ConfigMap", "apps", "dropped"); !apierrors.IsNotFound(err) {
		t.Errorf("what was dropped is still there: %v", err)
	}
	kept, err := home.get(t.Context(), "v1", "ConfigMap", "apps", "kept")
	if err != nil {
		t.Fatal(err)
	}
	if round := kept.Object["data"].(map[string]any)["round"]; round != "2" {
		t.Errorf("round is %v, want 2", round)
	}
	if pods := home.pods(t, "apps"); len(pods) != 1 || pods[0] != "" {
		t.Errorf("termination messages %q, want one pod, of the last hook, without any", pods)
	}
}
