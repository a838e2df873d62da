package argocd_test

import (
	"bytes"
	"context"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cutover/generator/argocd"
	"cutover/generator/document"
	"cutover/generator/migration"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/workspace"
)

// section is a gitops section with everything in it, hostile where it may be.
const section = `
gitops:
  repoURL: https://git.example/team "one"/small.git
  path: migrations/small # 1
  image: registry.example/cutover:1.0.0
  destinations:
    source: {name: "ocp: 3"}
    target: {server: "https://api.ocp4.example:6443"}
  windows:
  - {kind: allow, schedule: 0 22 * * 6, duration: 6h, timeZone: Europe/Berlin, manualSync: true}
  - {kind: deny, schedule: "* * 24 12 *", duration: 24h}
`

// planned reads generator/testdata/small with a gitops section, changed by pairs of old and new.
func planned(t *testing.T, pairs ...string) *plan.Plan {
	t.Helper()
	content, err := os.ReadFile("../testdata/small/migration.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(pairs...).Replace(string(content) + section)
	m, _, err := migration.Load("migration.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	in, err := workspace.Load(context.Background(), "../testdata/small", "")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := plan.New(m, in.Inventory)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func objects() map[plan.Side][]overlay.Object {
	return map[plan.Side][]overlay.Object{
		plan.Source: {
			{APIVersion: "apps.openshift.io/v1", Kind: "DeploymentConfig", Namespace: "apps", Name: "a"},
			{APIVersion: "apps.openshift.io/v1", Kind: "DeploymentConfig", Namespace: "apps", Name: "b"},
			{APIVersion: "batch/v1beta1", Kind: "CronJob", Namespace: "night", Name: "a"},
		},
		plan.Target: {
			{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "ClusterRole", Name: "a"},
			{APIVersion: "kafka.strimzi.io/v1beta2", Kind: "Kafka", Namespace: "streams", Name: "a"},
			{APIVersion: "v1", Kind: "ConfigMap", Namespace: "streams", Name: "a"},
			{APIVersion: "batch/v1", Kind: "CronJob", Namespace: "apps", Name: "a"},
		},
	}
}

// built gives the files as values, but for the README.
func built(t *testing.T, p *plan.Plan, objects map[plan.Side][]overlay.Object) map[string]any {
	t.Helper()
	files, err := argocd.Build(p, objects)
	if err != nil {
		t.Fatal(err)
	}
	values := make(map[string]any)
	for path, content := range files {
		if bytes.Contains(content, []byte("<no value>")) || bytes.Contains(content, []byte(" \n")) {
			t.Errorf("%s was written badly:\n%s", path, content)
		}
		if name := strings.TrimPrefix(path, "argocd/"); name != "README.md" {
			if values[name], err = document.ParseValue(path, content); err != nil {
				t.Fatal(err)
			}
		}
	}
	return values
}

// at walks down keys, and indexes as "#0".
func at(value any, keys ...string) any {
	for _, key := range keys {
		if index, isIndex := strings.CutPrefix(key, "#"); isIndex {
			list, _ := value.([]any)
			if i := int(index[0] - '0'); i < len(list) {
				value = list[i]
				continue
			}
			return nil
		}
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

func texts(list any) []string {
	var all []string
	items, _ := list.([]any)
	for _, item := range items {
		text, _ := item.(string)
		all = append(all, text)
	}
	return all
}

func TestTheProjectAllowsWhatTheReleasesHoldAndNoMore(t *testing.T) {
	project := built(t, planned(t), objects())["project.yaml"]
	kind := func(group, kind string) any { return map[string]any{"group": group, "kind": kind} }
	on := func(key, cluster, namespace string) any { return map[string]any{key: cluster, "namespace": namespace} }
	const target = "https://api.ocp4.example:6443"
	for path, want := range map[string][]any{
		"sourceRepos": {`https://git.example/team "one"/small.git`},
		"destinations": {
			on("name", "ocp: 3", "apps"), on("name", "ocp: 3", "kafka"), on("name", "ocp: 3", "night"),
			on("server", target, "apps"), on("server", target, "streams"),
		},
		"clusterResourceWhitelist": {kind("", "Namespace"), kind("rbac.authorization.k8s.io", "ClusterRole")},
		"namespaceResourceWhitelist": {
			kind("", "ConfigMap"), kind("", "Pod"), kind("apps.openshift.io", "DeploymentConfig"), kind("batch", "CronJob"), kind("kafka.strimzi.io", "Kafka"),
		},
		"syncWindows": {
			map[string]any{"kind": "allow", "schedule": "0 22 * * 6", "duration": "6h", "timeZone": "Europe/Berlin", "manualSync": true, "applications": []any{"small-source", "small-target"}},
			map[string]any{"kind": "deny", "schedule": "* * 24 12 *", "duration": "24h", "manualSync": false, "applications": []any{"small-source", "small-target"}},
		},
	} {
		if got := at(project, "spec", path); !reflect.DeepEqual(got, any(want)) {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
}

func TestWithoutWindowsTheProjectHasNone(t *testing.T) {
	p := planned(t)
	p.Migration.GitOps.Windows = nil
	if spec, _ := at(built(t, p, objects())["project.yaml"], "spec").(map[string]any); spec["syncWindows"] != nil || len(spec) == 0 {
		t.Errorf("got %v", spec)
	}
}

func TestAnApplicationAsksThePluginForItsCluster(t *testing.T) {
	files := built(t, planned(t), objects())
	declared, err := document.ParseValue("plugin.yaml", argocd.PluginYAML())
	if err != nil {
		t.Fatal(err)
	}
	for side, namespace := range map[string]string{"source": "kafka", "target": "streams"} {
		application := files["application-"+side+".yaml"]
		for path, want := range map[string]any{
			"metadata/name": "small-" + side, "metadata/namespace": "openshift-gitops", "spec/project": "small",
			"spec/source/repoURL": `https://git.example/team "one"/small.git`, "spec/source/targetRevision": "main", "spec/source/path": "migrations/small",
			"spec/source/plugin/name":       at(declared, "metadata", "name"),
			"spec/source/plugin/parameters": []any{map[string]any{"name": "cluster", "string": side}},
			"spec/destination/namespace":    namespace,
			"spec/syncPolicy/automated":     map[string]any{"prune": true, "selfHeal": false, "allowEmpty": false},
		} {
			if got := at(application, strings.Split(path, "/")...); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s is %v, want %v", side, path, got, want)
			}
		}
		if at(application, "metadata", "annotations", "argocd.argoproj.io/manifest-generate-paths") != "." || at(application, "metadata", "finalizers") != nil {
			t.Errorf("%s: metadata is %v", side, at(application, "metadata"))
		}
	}
}

func TestEachClusterSyncsAsItsPlatformCan(t *testing.T) {
	always := []string{"FailOnSharedResource=true", "PruneLast=true", "ApplyOutOfSyncOnly=true"}
	for name, test := range map[string]struct {
		source         string
		ofSource, both []string
	}{
		"a source without server-side apply": {"openshift-3.11", always, slices.Concat([]string{"CreateNamespace=true", "ServerSideApply=true"}, always)},
		"a source with server-side apply":    {"kubernetes-1.21", slices.Concat([]string{"ServerSideApply=true"}, always), slices.Concat([]string{"CreateNamespace=true", "ServerSideApply=true"}, always)},
	} {
		t.Run(name, func(t *testing.T) {
			files := built(t, planned(t, "openshift-3.11", test.source), objects())
			for file, want := range map[string][]string{"application-source.yaml": test.ofSource, "application-target.yaml": test.both} {
				if got := texts(at(files[file], "spec", "syncPolicy", "syncOptions")); !slices.Equal(got, want) {
					t.Errorf("%s: got %v, want %v", file, got, want)
				}
			}
		})
	}
}

func TestWhatTheSectionGivesTakesThePlaceOfTheDefaults(t *testing.T) {
	p := planned(t, "  image:", "  project: kafka\n  namespace: argo\n  targetRevision: release\n  image:", "  path: migrations/small # 1\n", "")
	files := built(t, p, objects())
	for _, file := range []string{"project.yaml", "application-source.yaml"} {
		if got := at(files[file], "metadata", "namespace"); got != "argo" {
			t.Errorf("%s is in %v", file, got)
		}
	}
	source := at(files["application-target.yaml"], "spec", "source")
	if at(files["project.yaml"], "metadata", "name") != "kafka" || at(source, "targetRevision") != "release" || at(source, "path") != "." {
		t.Errorf("got %v", source)
	}
}

func TestTheKustomizationAppliesProjectAndApplications(t *testing.T) {
	files := built(t, planned(t), objects())
	resources := texts(at(files["kustomization.yaml"], "resources"))
	if !slices.Equal(resources, []string{"project.yaml", "application-source.yaml", "application-target.yaml"}) {
		t.Errorf("got %v", resources)
	}
	for _, name := range resources {
		if at(files[name], "apiVersion") != "argoproj.io/v1alpha1" {
			t.Errorf("%s is %v", name, files[name])
		}
	}
}

func TestTheSidecarIsTheSameUpstreamAndOnOpenShiftButForItsUser(t *testing.T) {
	files := built(t, planned(t), objects())
	upstream, openShift := at(files["repo-server.yaml"], "spec", "template", "spec"), at(files["openshift-gitops.yaml"], "spec", "repo")
	ours, theirs := at(upstream, "containers", "#0"), at(openShift, "sidecarContainers", "#0")
	own, _ := at(ours, "securityContext").(map[string]any)
	if own["runAsUser"] == nil || at(theirs, "securityContext", "runAsUser") != nil {
		t.Errorf("upstream runs as %v, OpenShift as %v", own["runAsUser"], at(theirs, "securityContext", "runAsUser"))
	}
	delete(own, "runAsUser")
	delete(own, "seccompProfile")
	if !reflect.DeepEqual(ours, theirs) || !reflect.DeepEqual(at(upstream, "volumes"), at(openShift, "volumes")) {
		t.Errorf("upstream has %v, OpenShift %v", ours, theirs)
	}
	for path, want := range map[string]any{
		"name": "cutover", "image": "registry.example/cutover:1.0.0", "command": []any{"/var/run/argocd/argocd-cmp-server"},
		"securityContext": map[string]any{"runAsNonRoot": true, "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": map[string]any{"drop": []any{"ALL"}}},
	} {
		if got := at(theirs, path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if at(theirs, "volumeMounts", "#2", "name") != at(openShift, "volumes", "#0", "name") || at(theirs, "volumeMounts", "#2", "mountPath") != "/tmp" {
		t.Errorf("/tmp is not the sidecar's own: %v", theirs)
	}
}

func TestBothKindsOfArgoCDGetTheSameHealthChecks(t *testing.T) {
	moved := objects()
	without := map[plan.Side][]overlay.Object{plan.Target: moved[plan.Target][:3]}
	for name, test := range map[string]struct {
		objects map[plan.Side][]overlay.Object
		cronJob bool
	}{"with a CronJob": {moved, true}, "without one": {without, false}} {
		t.Run(name, func(t *testing.T) {
			files := built(t, planned(t), test.objects)
			data, _ := at(files["argocd-cm.yaml"], "data").(map[string]any)
			listed, _ := at(files["openshift-gitops.yaml"], "spec", "resourceHealthChecks").([]any)
			const tracking = "application.resourceTrackingMethod"
			if data[tracking] != "annotation" || at(files["openshift-gitops.yaml"], "spec", "resourceTrackingMethod") != "annotation" {
				t.Error("labels of the teams' workloads would be written over")
			}
			delete(data, tracking)
			var wanted []argocd.HealthCheck
			for _, check := range every(t) {
				if check.Kind != "CronJob" || test.cronJob {
					wanted = append(wanted, check)
				}
			}
			if len(data) != len(wanted) || len(listed) != len(wanted) {
				t.Fatalf("got %d and %d checks, want %d", len(data), len(listed), len(wanted))
			}
			for i, check := range wanted {
				if got := data["resource.customizations.health."+check.Group+"_"+check.Kind]; got != check.Lua {
					t.Errorf("argocd-cm has for %s: %v", check.Kind, got)
				}
				if want := map[string]any{"group": check.Group, "kind": check.Kind, "check": check.Lua}; !reflect.DeepEqual(listed[i], any(want)) {
					t.Errorf("ArgoCD has for %s: %v", check.Kind, listed[i])
				}
			}
		})
	}
}
