package workload_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"

	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/live/workload"
)

func object(apiVersion, kind string, spec map[string]any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"namespace": "apps", "name": "a"}, "spec": spec,
	}}
}

func client(objects ...runtime.Object) *fake.FakeDynamicClient {
	return fake.NewSimpleDynamicClient(runtime.NewScheme(), objects...)
}

func patches(c *fake.FakeDynamicClient) []string {
	var all []string
	for _, action := range c.Actions() {
		if patch, ok := action.(clienttesting.PatchAction); ok {
			all = append(all, patch.GetResource().Resource+" "+patch.GetNamespace()+"/"+patch.GetName()+" "+string(patch.GetPatch()))
		}
	}
	return all
}

func TestEveryKindIsSetByItsOneField(t *testing.T) {
	for _, test := range []struct {
		apiVersion, kind, field string
		was, value              any
		want                    string
	}{
		{"apps/v1", "Deployment", "replicas", int64(3), 0, `deployments apps/a {"spec":{"replicas":0}}`},
		{"apps/v1", "StatefulSet", "replicas", int64(0), 2, `statefulsets apps/a {"spec":{"replicas":2}}`},
		{"apps.openshift.io/v1", "DeploymentConfig", "replicas", int64(1), 0, `deploymentconfigs apps/a {"spec":{"replicas":0}}`},
		{"batch/v1beta1", "CronJob", "suspend", false, true, `cronjobs apps/a {"spec":{"suspend":true}}`},
		{"kafka.strimzi.io/v1alpha1", "KafkaConnector", "pause", true, false, `kafkaconnectors apps/a {"spec":{"pause":false}}`},
	} {
		t.Run(test.kind, func(t *testing.T) {
			c := client(object(test.apiVersion, test.kind, map[string]any{test.field: test.was, "other": "kept"}))
			scale := overlay.Scale{APIVersion: test.apiVersion, Kind: test.kind, Namespace: "apps", Name: "a", Field: test.field, Value: test.value}
			change, err := workload.Set(context.Background(), c, scale, false)
			if err != nil || !change.Changed || change.Was != test.was {
				t.Fatalf("got %+v and %v", change, err)
			}
			if got := patches(c); len(got) != 1 || got[0] != test.want {
				t.Errorf("it patched %v, want %s", got, test.want)
			}
			again, err := workload.Set(context.Background(), c, scale, false)
			if err != nil || again.Changed || len(patches(c)) != 1 {
				t.Errorf("again it gave %+v, %v and %v", again, err, patches(c))
			}
		})
	}
}

func TestAFieldThatIsMissingHasTheDefaultOfTheAPI(t *testing.T) {
	for _, test := range []struct {
		apiVersion, kind, field string
		value                   any
		changed                 bool
	}{
		{"apps/v1", "Deployment", "replicas", 1, false},
		{"apps/v1", "Deployment", "replicas", 0, true},
		{"batch/v1", "CronJob", "suspend", false, false},
		{"batch/v1", "CronJob", "suspend", true, true},
	} {
		c := client(object(test.apiVersion, test.kind, map[string]any{}))
		scale := overlay.Scale{APIVersion: test.apiVersion, Kind: test.kind, Namespace: "apps", Name: "a", Field: test.field, Value: test.value}
		if change, err := workload.Set(context.Background(), c, scale, false); err != nil || change.Changed != test.changed {
			t.Errorf("%s to %v: %+v and %v", test.kind, test.value, change, err)
		}
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	c := client(object("apps/v1", "Deployment", map[string]any{"replicas": int64(3)}))
	change, err := workload.Set(context.Background(), c, overlay.Scale{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "apps", Name: "a", Field: "replicas", Value: 0}, true)
	if err != nil || !change.Changed || len(patches(c)) != 0 {
		t.Errorf("got %+v, %v and %v", change, err, patches(c))
	}
}

func TestWhatCannotBeSetIsAFindingAboutTheWorkload(t *testing.T) {
	deployment := overlay.Scale{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "apps", Name: "a", Field: "replicas", Value: 0}
	forbidden := apierrors.NewForbidden(schema.GroupResource{Resource: "deployments"}, "a", errors.New("no rule"))
	for _, test := range []struct {
		name        string
		there       []runtime.Object
		scale       overlay.Scale
		verb        string
		text, hints string
	}{
		{"one that is not there", nil, deployment, "", "not found", "migration.yaml"},
		{"one of another kind", nil, overlay.Scale{APIVersion: "v1", Kind: "Pod", Namespace: "apps", Name: "a", Field: "replicas", Value: 0}, "", "no workload", "generate"},
		{"one that may not be read", nil, deployment, "get", "no rule", "cutover-MIGRATION-scale"},
		{"one that may not be patched", []runtime.Object{object("apps/v1", "Deployment", map[string]any{"replicas": int64(3)})}, deployment, "patch", "no rule", "cutover-MIGRATION-scale"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := client(test.there...)
			if test.verb != "" {
				c.PrependReactor(test.verb, "*", func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, forbidden })
			}
			_, err := workload.Set(context.Background(), c, test.scale, false)
			found := finding.From(err)
			if len(found) != 1 || found[0].Object != test.scale.String() || !strings.Contains(found[0].Message, test.text) || !strings.Contains(found[0].Hint, test.hints) {
				t.Errorf("got %+v", err)
			}
		})
	}
}
