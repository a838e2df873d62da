package gate_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/release"
	"cutover/generator/workspace"
	"cutover/live/proof"
)

const liveSection = `gitops:
  repoURL: https://git.example/small.git
  image: registry.example/cutover:1
  destinations: {source: {name: old}, target: {name: new}}
  gates:
    peer: {source: {secretName: peer, key: config}, target: {secretName: peer, key: config}}
    live: {target: {bootstrapServers: "new.example:443", listener: external}}
rollback: {reverseMirror: true}
workloads:
`

// planned is the small migration with live gates and reverse mirrors.
func planned(t *testing.T) (*plan.Plan, map[string]release.Release) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"migration.yaml", "inventory.yaml"} {
		content, err := os.ReadFile(filepath.Join("../../generator/testdata/small", name))
		if err != nil {
			t.Fatal(err)
		}
		text := string(content)
		if name == "migration.yaml" {
			text = strings.NewReplacer("workloads:\n", liveSection, "  storageClass: fast\n", `  storageClass: fast
  listeners:
  - {name: tls, port: 9093, type: internal, tls: true, authentication: {type: scram-sha-512}}
  - {name: external, port: 9094, type: route, tls: true, authentication: {type: scram-sha-512}}
`).Replace(text)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in, err := workspace.Load(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := plan.New(in.Migration, in.Inventory)
	if err != nil {
		t.Fatal(err)
	}
	all, err := release.All(p, in.Sources)
	if err != nil {
		t.Fatal(err)
	}
	byName := make(map[string]release.Release)
	for _, r := range all {
		byName[r.Name] = r
	}
	return p, byName
}

// rights are what a list of reads allows, as "verb namespace/group/resource/name".
func rights(values any) map[string]bool {
	allowed := make(map[string]bool)
	reads, _ := values.([]any)
	for _, one := range reads {
		read, _ := one.(map[string]any)
		of := fmt.Sprintf("%v/%v/%v", read["namespace"], read["apiGroup"], read["resource"])
		names, _ := read["names"].([]string)
		if len(names) == 0 {
			allowed["list "+of] = true
		}
		for _, name := range names {
			allowed["get "+of+"/"+name] = true
		}
	}
	return allowed
}

// guarded is an API server with the workloads of a scope, which allows what it is told and
// notes what was used and what was denied.
func guarded(scope overlay.Scope, allowed, used, denied map[string]bool) *dynamicfake.FakeDynamicClient {
	kinds := make(map[schema.GroupVersionResource]string)
	for resource, kind := range map[string]string{"kafkas": "KafkaList", "kafkatopics": "KafkaTopicList", "kafkausers": "KafkaUserList", "kafkamirrormaker2s": "KafkaMirrorMaker2List", "kafkaconnectors": "KafkaConnectorList"} {
		kinds[schema.GroupVersionResource{Group: "kafka.strimzi.io", Version: "v1beta2", Resource: resource}] = kind
	}
	for _, core := range []string{"pods", "secrets"} {
		kinds[schema.GroupVersionResource{Version: "v1", Resource: core}] = core + "List"
	}
	kinds[schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}] = "DeploymentList"
	var objects []runtime.Object
	for _, w := range scope.Workloads {
		version := schema.FromAPIVersionAndKind(w.APIVersion, w.Kind)
		kinds[version.GroupVersion().WithResource(plan.Resource(w.Kind))] = w.Kind + "List"
		selector := any(map[string]any{"app": w.Name})
		if w.Kind != "DeploymentConfig" {
			selector = map[string]any{"matchLabels": selector}
		}
		objects = append(objects, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": w.APIVersion, "kind": w.Kind, "metadata": map[string]any{"namespace": w.Namespace, "name": w.Name}, "spec": map[string]any{"selector": selector},
		}})
	}
	client := dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), kinds, objects...)
	client.PrependReactor("*", "*", func(action clienttesting.Action) (bool, runtime.Object, error) {
		resource := action.GetResource()
		asked := fmt.Sprintf("%s %s/%s/%s", action.GetVerb(), action.GetNamespace(), resource.Group, resource.Resource)
		name := ""
		if get, ok := action.(clienttesting.GetAction); ok {
			name = get.GetName()
			asked += "/" + name
		}
		if allowed[asked] {
			used[asked] = true
			return false, nil, nil
		}
		denied[asked] = true
		return true, nil, apierrors.NewForbidden(resource.GroupResource(), name, fmt.Errorf("no rule"))
	})
	return client
}

// The roles are written by one package and used by another: whatever the gates of a cluster's
// phases ask of an API server its account may do, and nothing else.
func TestTheRolesAllowWhatTheGatesReadAndNothingElse(t *testing.T) {
	p, releases := planned(t)
	for _, of := range plan.Sides() {
		own := releases[string(of)+"-gates"].Values
		reader, _ := releases[string(of.Other())+"-gates"].Values["reader"].(map[string]any)
		allowed := map[plan.Side]map[string]bool{of: rights(own["reads"]), of.Other(): rights(reader["reads"])}
		used := map[plan.Side]map[string]bool{plan.Source: {}, plan.Target: {}}
		denied := make(map[string]bool)
		for _, phase := range slices.Concat(p.Phases, p.Returns) {
			if phase.Side != of {
				continue
			}
			r := proof.Request{Gates: phase.Gates, Scope: overlay.ScopeOf(p, phase), Options: proof.DefaultOptions()}
			r.Options.QuietFor = time.Millisecond
			r.Source.Objects = guarded(r.Scope, allowed[plan.Source], used[plan.Source], denied)
			r.Target.Objects = guarded(r.Scope, allowed[plan.Target], used[plan.Target], denied)
			for _, gate := range phase.Gates { // one at a time: they share the maps
				r.Gates = []plan.Gate{gate}
				proof.Prove(t.Context(), r)
			}
		}
		// Secrets are then got one by one; and where OLM puts global operators most may not look.
		delete(denied, "list streams//secrets")
		delete(denied, "list openshift-operators/apps/deployments")
		if len(denied) > 0 {
			t.Errorf("the gates of the %s's phases may not %v", of, slices.Sorted(maps.Keys(denied)))
		}
		for _, side := range plan.Sides() {
			for right := range allowed[side] {
				if !used[side][right] {
					t.Errorf("no gate of the %s's phases needs to %s on the %s", of, right, side)
				}
			}
			if len(used[side]) == 0 {
				t.Errorf("the %s's phases ask the %s nothing", of, side)
			}
		}
	}
}
