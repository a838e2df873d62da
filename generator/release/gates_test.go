package release_test

import (
	"reflect"
	"testing"
)

const gitops = `gitops:
  repoURL: https://git.example/small.git
  image: registry.example/cutover:1
  destinations:
    source: {name: old}
    target: {name: new}
`

func TestTheGatesOfAnOldSourceMayScaleItsWorkloadsAndTheTargetsMayNot(t *testing.T) {
	all := releases(t, "workloads:\n", gitops+"workloads:\n")
	source := rendered(t, all["source-gates"])
	want := []any{
		map[string]any{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "resourceNames": []any{"app.v1"}, "verbs": []any{"get", "patch"}},
		map[string]any{"apiGroups": []any{"apps.openshift.io"}, "resources": []any{"deploymentconfigs"}, "resourceNames": []any{"appxv1"}, "verbs": []any{"get", "patch"}},
		map[string]any{"apiGroups": []any{"batch"}, "resources": []any{"cronjobs"}, "resourceNames": []any{"nightly"}, "verbs": []any{"get", "patch"}},
	}
	scale := source["Role cutover-small-scale"]
	if at(scale, "metadata", "namespace") != "apps" || !reflect.DeepEqual(scale["rules"], want) {
		t.Errorf("got %v", scale)
	}
	if got := rendered(t, all["target-gates"])["Role cutover-small-scale"]; got != nil {
		t.Errorf("the target has %v", got)
	}
}

func TestGatesHaveTheImageAndTheDeadlineOfTheMigration(t *testing.T) {
	all := releases(t, "workloads:\n", gitops+"  gates: {deadline: 45m, peer: {target: {secretName: source-ledger, key: config}}}\nworkloads:\n")
	for name, namespace := range map[string]string{"source-gates": "kafka", "target-gates": "streams"} {
		r := all[name]
		job := rendered(t, r)["Job cutover-small-gate"]
		if r.Namespace != namespace || at(job, "metadata", "namespace") != namespace || at(job, "spec", "activeDeadlineSeconds") != int64(2700) {
			t.Errorf("%s: got %v", name, job)
		}
		containers, _ := at(job, "spec", "template", "spec", "containers").([]any)
		if at(containers[0], "image") != "registry.example/cutover:1" {
			t.Errorf("%s runs %v", name, at(containers[0], "image"))
		}
		arguments, _ := at(containers[0], "args").([]any)
		want := []any{"gate", "--phase=none", "--gate=/etc/cutover/gate.yaml"}
		if name == "target-gates" {
			want = append(want, "--peer-kubeconfig=/etc/cutover-peer/config")
		}
		if !reflect.DeepEqual(arguments, want) {
			t.Errorf("%s: got %v, want %v", name, arguments, want)
		}
	}
}

// The restricted SCC of OpenShift refuses the field before 4.11, Kubernetes before 1.19.
func TestASeccompProfileIsAskedForOnlyWhereItIsAdmitted(t *testing.T) {
	for platform, want := range map[string]any{
		"openshift-3.11": nil, "openshift-4.8": nil, "openshift-4.11": "RuntimeDefault", "kubernetes-1.18": nil, "kubernetes-1.21": "RuntimeDefault",
	} {
		t.Run(platform, func(t *testing.T) {
			all := releases(t, "workloads:\n", gitops+"workloads:\n", "platform: openshift-3.11", "platform: "+platform)
			job := rendered(t, all["source-gates"])["Job cutover-small-done"]
			if got := at(job, "spec", "template", "spec", "securityContext", "seccompProfile", "type"); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestWithoutGitOpsThereAreNoGates(t *testing.T) {
	for name := range releases(t) {
		if name == "source-gates" || name == "target-gates" {
			t.Errorf("there is %s", name)
		}
	}
}
