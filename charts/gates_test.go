package charts_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// gates renders the chart with one of its ci files.
func gates(t *testing.T, file string) []map[string]any {
	t.Helper()
	values, err := os.ReadFile(filepath.Join("gates", "ci", file))
	if err != nil {
		t.Fatal(err)
	}
	return render(t, "gates", string(values))
}

func TestGateJobsAreHooksOfTheirPhases(t *testing.T) {
	objects := gates(t, "source-values.yaml")
	for name, want := range map[string]map[string]any{
		"ServiceAccount/cutover-freight-gate": {"hook": "PreSync", "hook-delete-policy": "HookFailed", "sync-wave": "-10"},
		"Role/cutover-freight-gate":           {"hook": "PreSync", "hook-delete-policy": "HookFailed", "sync-wave": "-10"},
		"RoleBinding/cutover-freight-gate":    {"hook": "PreSync", "hook-delete-policy": "HookFailed", "sync-wave": "-10"},
		"ConfigMap/cutover-freight-gate":      {"hook": "PreSync", "hook-delete-policy": "HookSucceeded", "sync-wave": "-5", "sync-options": "Replace=true"},
		"Job/cutover-freight-gate":            {"hook": "PreSync", "hook-delete-policy": "BeforeHookCreation"},
		"Job/cutover-freight-done":            {"hook": "PostSync", "hook-delete-policy": "BeforeHookCreation"},
	} {
		got := make(map[string]any)
		annotations, _ := at(find(t, objects, name), "metadata", "annotations").(map[string]any)
		for key, value := range annotations {
			if short, ours := strings.CutPrefix(key, "argocd.argoproj.io/"); ours {
				got[short] = value
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s has %v, want %v", name, got, want)
		}
		if annotations["example.com/change"] != "CHG-1042" {
			t.Errorf("%s lacks the annotation that was given", name)
		}
	}
}

// Overlays patch the second argument of both Jobs.
func TestThePhaseIsTheSecondArgumentOfBothJobs(t *testing.T) {
	objects := gates(t, "target-values.yaml")
	for name, want := range map[string][]any{
		"Job/cutover-freight-gate": {"gate", "--phase=090", "--gate=/etc/cutover/gate.yaml", "--peer-kubeconfig=/etc/cutover-peer/kubeconfig",
			"--connections=/etc/cutover/connections.yaml", "--wait=2250s"},
		"Job/cutover-freight-done": {"gate", "--phase=090", "--gate=/etc/cutover/gate.yaml", "--done"},
	} {
		if got := at(find(t, objects, name), "spec", "template", "spec", "containers", 0, "args"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s has %v, want %v", name, got, want)
		}
	}
}

func TestOnlyThePreSyncJobReadsSecrets(t *testing.T) {
	for file, want := range map[string]map[string]int{
		"target-values.yaml": {"Job/cutover-freight-gate": 3, "Job/cutover-freight-done": 1},
		"source-values.yaml": {"Job/cutover-freight-gate": 1, "Job/cutover-freight-done": 1},
	} {
		objects := gates(t, file)
		for name, count := range want {
			pod := at(find(t, objects, name), "spec", "template", "spec")
			volumes, _ := at(pod, "volumes").([]any)
			mounts, _ := at(pod, "containers", 0, "volumeMounts").([]any)
			if len(volumes) != count || len(mounts) != count {
				t.Errorf("%s: %s has the volumes %v and mounts %v, want %d", file, name, volumes, mounts, count)
			}
			if count == 3 && (at(volumes[1], "secret", "secretName") != "freight-source-ledger" || at(volumes[1], "secret", "optional") != true) {
				t.Errorf("%s: %s mounts %v", file, name, volumes[1])
			}
		}
	}
}

func TestGateJobsRunOnceAndWithoutRights(t *testing.T) {
	objects := gates(t, "target-values.yaml")
	for _, name := range []string{"Job/cutover-freight-gate", "Job/cutover-freight-done"} {
		job := find(t, objects, name)
		pod := at(job, "spec", "template", "spec")
		if at(job, "spec", "backoffLimit") != 0 || at(job, "spec", "activeDeadlineSeconds") != 2700 || at(pod, "restartPolicy") != "Never" {
			t.Errorf("%s may run again: %v", name, job["spec"])
		}
		if want := (map[string]any{"runAsNonRoot": true, "seccompProfile": map[string]any{"type": "RuntimeDefault"}}); !reflect.DeepEqual(at(pod, "securityContext"), want) {
			t.Errorf("%s: the pod's security context is %v", name, at(pod, "securityContext"))
		}
		want := map[string]any{"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": map[string]any{"drop": []any{"ALL"}}}
		if got := at(pod, "containers", 0, "securityContext"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the container's security context is %v", name, got)
		}
	}
	if files, err := tryRender(t, "gates", ""); err != nil || strings.Contains(files["gates/templates/jobs.yaml"], "seccompProfile") {
		t.Errorf("seccompProfile is there unasked, or %v", err)
	}
}

func TestTheGateMayTouchNothingButItsLedgerAndTheNamedWorkloads(t *testing.T) {
	objects := gates(t, "source-values.yaml")
	rules := make(map[string]any)
	for _, object := range objects {
		if object["kind"] == "Role" {
			rules[namespace(object)+"/"+at(object, "metadata", "name").(string)] = object["rules"] //nolint:forcetypeassert // it is a name
		}
	}
	patch := func(group, resource string, names ...any) map[string]any {
		return map[string]any{"apiGroups": []any{group}, "resources": []any{resource}, "resourceNames": names, "verbs": []any{"get", "patch"}}
	}
	want := map[string]any{
		"freight/cutover-freight-gate": []any{
			map[string]any{"apiGroups": []any{""}, "resources": []any{"configmaps"}, "resourceNames": []any{"cutover-freight-ledger", "cutover-freight-positions"}, "verbs": []any{"get", "update"}},
			map[string]any{"apiGroups": []any{""}, "resources": []any{"configmaps"}, "verbs": []any{"create"}},
		},
		"freight-apps/cutover-freight-scale": []any{
			patch("apps", "deployments", "booking-gateway", "tracking-portal"), patch("apps.openshift.io", "deploymentconfigs", "telemetry-ingest"),
		},
		"freight-kafka/cutover-freight-scale": []any{patch("kafka.strimzi.io", "kafkaconnectors", "customs-source")},
	}
	if !reflect.DeepEqual(rules, want) {
		t.Errorf("the roles are %v, want %v", rules, want)
	}
	for _, object := range objects {
		if object["kind"] != "RoleBinding" {
			continue
		}
		subject := []any{map[string]any{"kind": "ServiceAccount", "name": "cutover-freight-gate", "namespace": "freight"}}
		if !reflect.DeepEqual(object["subjects"], subject) || at(object, "roleRef", "name") != at(object, "metadata", "name") {
			t.Errorf("%v binds %v to %v", at(object, "metadata", "name"), object["roleRef"], object["subjects"])
		}
	}
}

func TestWithoutWorkloadsNothingMayBeScaled(t *testing.T) {
	for _, kind := range kinds(gates(t, "target-values.yaml")) {
		if strings.HasSuffix(kind, "-scale") {
			t.Errorf("rendered %s", kind)
		}
	}
}

func TestGatesRefuseValuesThatNoJobCouldUse(t *testing.T) {
	for _, values := range []string{
		"phase: 100", `phase: "1000"`, "migration: Freight", "image: ''", "peer: {secretName: a, key: ''}", "peer: {secretName: '', key: a}",
		"workloads: [{namespace: a, apiGroup: apps, resource: pods, names: [b]}]", "workloads: [{namespace: a, apiGroup: apps, resource: deployments, names: []}]", "deadlineSeconds: 0",
	} {
		if _, err := tryRender(t, "gates", values); err == nil {
			t.Errorf("%s is taken", values)
		}
	}
	if !slices.Contains(kinds(render(t, "gates", "")), "Job/cutover-migration-gate") {
		t.Error("the defaults give no Job")
	}
}
