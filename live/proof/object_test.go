package proof_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"

	"cutover/generator/document"
	"cutover/generator/inventory"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/proof"
)

// server has objects, and answers some requests with an error.
type server struct {
	t       *testing.T
	objects []runtime.Object
	errors  map[string]error // by resource
}

func (s server) client() *dynamicfake.FakeDynamicClient {
	kinds := make(map[schema.GroupVersionResource]string)
	for _, kind := range []string{"kafka.strimzi.io/v1beta2 kafkas Kafka", "kafka.strimzi.io/v1beta2 kafkatopics KafkaTopic", "kafka.strimzi.io/v1beta2 kafkausers KafkaUser", "kafka.strimzi.io/v1beta1 kafkausers KafkaUser",
		"kafka.strimzi.io/v1beta2 kafkamirrormaker2s KafkaMirrorMaker2", "kafka.strimzi.io/v1beta2 kafkaconnectors KafkaConnector", "apps/v1 deployments Deployment", "apps/v1 statefulsets StatefulSet",
		"apps.openshift.io/v1 deploymentconfigs DeploymentConfig", "batch/v1 cronjobs CronJob", "v1 secrets Secret", "v1 pods Pod"} {
		parts := strings.Fields(kind)
		version, err := schema.ParseGroupVersion(parts[0])
		if err != nil {
			s.t.Fatal(err)
		}
		kinds[version.WithResource(parts[1])] = parts[2] + "List"
	}
	client := dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), kinds, s.objects...)
	for resource, err := range s.errors {
		client.PrependReactor("*", resource, func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, err })
	}
	return client
}

// objects reads manifests of one YAML text.
func objects(t *testing.T, text string) []runtime.Object {
	t.Helper()
	documents, err := document.Read("test.yaml", strings.NewReader(text), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var all []runtime.Object
	for _, one := range documents {
		content := make(map[string]any)
		if err := one.Decode(&content); err != nil {
			t.Fatal(err)
		}
		widened, _ := widen(content).(map[string]any)
		all = append(all, &unstructured.Unstructured{Object: widened})
	}
	return all
}

// widen makes numbers what an API server's JSON gives.
func widen(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = widen(v[key])
		}
	case []any:
		for i := range v {
			v[i] = widen(v[i])
		}
	case int:
		return int64(v)
	}
	return value
}

const (
	healthy = "metadata: {namespace: streams, name: NAME, generation: 2}\nstatus: {observedGeneration: 2, conditions: [{type: Ready, status: 'True'}]}\n"
	late    = "metadata: {namespace: streams, name: NAME, generation: 3}\nstatus: {observedGeneration: 2, conditions: [{type: Ready, status: 'True'}]}\n"
	sick    = "metadata: {namespace: streams, name: NAME, generation: 2}\nstatus: {observedGeneration: 2, conditions: [{type: NotReady, status: 'True', reason: Timeout, message: waiting}]}\n"
	silent  = "metadata: {namespace: streams, name: NAME, generation: 2}\n"
)

func strimziObject(kind, name, state string) string {
	return "apiVersion: kafka.strimzi.io/v1beta2\nkind: " + kind + "\n" + strings.ReplaceAll(state, "NAME", name) + "---\n"
}

// app is a Deployment of n replicas with so many left and ready, whose spec asks for want.
func app(want, left, ready string) string {
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: apps, name: app, generation: 4}\nspec: {replicas: " + want + ", selector: {matchLabels: {app: app}}}\n" +
		"status: {observedGeneration: 4, replicas: " + left + ", readyReplicas: " + ready + ", updatedReplicas: " + ready + "}\n---\n"
}

func connectorObject(pause, state, task string) string {
	return "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaConnector\nmetadata: {namespace: streams, name: sink, generation: 1}\nspec: {pause: " + pause + "}\n" +
		"status: {observedGeneration: 1, connectorStatus: {connector: {state: " + state + "}, tasks: [{id: 0, state: " + task + "}]}}\n---\n"
}

func TestKubernetesGates(t *testing.T) {
	kafka := overlay.ScopeKafka{Namespace: "streams", Name: "freight"}
	scope := overlay.Scope{
		Source: kafka, Target: kafka, KafkaTopics: []string{"orders", "returns"}, KafkaUsers: []string{"billing"}, Mirror: forward(),
		Secrets: []overlay.ScopeSecret{{Namespace: "streams", Name: "billing", Keys: []string{"password"}}},
		Workloads: []overlay.ScopeWorkload{
			{Workload: "app", Cluster: plan.Target, APIVersion: "apps/v1", Kind: "Deployment", Namespace: "apps", Name: "app", Field: "replicas", Running: int32(2), Stopped: int32(0)},
			{Workload: "report", Cluster: plan.Target, APIVersion: "batch/v1", Kind: "CronJob", Namespace: "apps", Name: "report", Field: "suspend", Running: false, Stopped: true},
			{Workload: "sink", Cluster: plan.Target, APIVersion: "kafka.strimzi.io/v1beta2", Kind: "KafkaConnector", Namespace: "streams", Name: "sink", Field: "pause", Running: false, Stopped: true},
			{Workload: "old", Cluster: plan.Target, APIVersion: "apps.openshift.io/v1", Kind: "DeploymentConfig", Namespace: "apps", Name: "old", Field: "replicas", Running: 1, Stopped: 0},
		},
	}
	const (
		copies      = "freight-source->freight-target.MirrorSourceConnector"
		checkpoints = "freight-source->freight-target.MirrorCheckpointConnector"
		operator    = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: streams, name: amq-streams-cluster-operator-v1.8.0, generation: 1}\nstatus: {observedGeneration: 1, conditions: [{type: Available, status: 'STATE'}]}\n---\n"
		cron        = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {namespace: apps, name: report}\nspec: {suspend: STATE}\nstatus: {active: ACTIVE}\n---\n"
		old         = "apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\nmetadata: {namespace: apps, name: old, generation: 1}\nspec: {replicas: 0, selector: {app: old}}\nstatus: {observedGeneration: 1, replicas: 0}\n---\n"
		pod         = "apiVersion: v1\nkind: Pod\nmetadata: {namespace: apps, name: LABEL-1, labels: {app: LABEL}}\nstatus: {phase: Running}\n---\n"
	)
	mirror := "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaMirrorMaker2\nmetadata: {namespace: streams, name: freight-mirror, generation: 5}\n" +
		"status: {observedGeneration: 5, connectors: [{name: '" + copies + "', connector: {state: PAUSED}, tasks: [{id: 0, state: PAUSED}]}, {name: '" + checkpoints + "', connector: {state: PAUSED}, tasks: []}]}\n---\n"
	job := func(suspended, active string) string {
		return strings.NewReplacer("STATE", suspended, "ACTIVE", active).Replace(cron)
	}
	secretOf := func(key, value string) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {namespace: streams, name: billing}\ndata: {" + key + ": '" + base64.StdEncoding.EncodeToString([]byte(value)) + "'}\n---\n"
	}
	forbidden := func(resource string) map[string]error {
		return map[string]error{resource: apierrors.NewForbidden(schema.GroupResource{Resource: resource}, "", errors.New("no"))}
	}
	for name, test := range map[string]struct {
		gate      string
		workloads []string
		manifests string
		errors    map[string]error
		seen      string
		evidence  []string
	}{
		"Kafka is Ready": {gate: "kafka-ready", manifests: strimziObject("Kafka", "freight", healthy), seen: "Kafka streams/freight is Ready in generation 2"},
		"Kafka was Ready before its spec changed": {gate: "kafka-ready", manifests: strimziObject("Kafka", "freight", late), seen: "is not Ready",
			evidence: []string{"Kafka streams/freight: its status is of generation 2, the object of 3"}},
		"Kafka is not Ready":    {gate: "kafka-ready", manifests: strimziObject("Kafka", "freight", sick), evidence: []string{"Kafka streams/freight is not ready: Timeout waiting"}},
		"Kafka has no status":   {gate: "kafka-ready", manifests: strimziObject("Kafka", "freight", silent), evidence: []string{"its status is of generation 0"}},
		"there is no Kafka":     {gate: "kafka-ready", seen: "cannot be told", evidence: []string{"Kafka streams/freight does not exist"}},
		"Kafka may not be read": {gate: "kafka-ready", errors: forbidden("kafkas"), seen: "cannot be told", evidence: []string{"Kafka streams/freight may not be read: the role of this user has to allow get and list"}},
		"all topics are Ready":  {gate: "topics-ready", manifests: strimziObject("KafkaTopic", "orders", healthy) + strimziObject("KafkaTopic", "returns", healthy), seen: "2 of 2 KafkaTopics Ready"},
		"one topic is missing and one not Ready": {gate: "topics-ready", manifests: strimziObject("KafkaTopic", "orders", sick), seen: "0 of 2 KafkaTopics Ready",
			evidence: []string{"KafkaTopic streams/orders is not ready", "KafkaTopic streams/returns does not exist"}},
		"the user is Ready":          {gate: "users-ready", manifests: strimziObject("KafkaUser", "billing", healthy), seen: "1 of 1 KafkaUser Ready"},
		"the user is not there yet":  {gate: "users-ready", seen: "0 of 1", evidence: []string{"KafkaUser streams/billing does not exist"}},
		"the Secret is there":        {gate: "secrets-present", manifests: secretOf("password", "hidden"), seen: "1 of 1 Secret there, with their keys"},
		"the Secret is empty":        {gate: "secrets-present", manifests: secretOf("password", ""), seen: "0 of 1", evidence: []string{"Secret streams/billing has nothing under password"}},
		"the Secret has another key": {gate: "secrets-present", manifests: secretOf("word", "hidden"), evidence: []string{"Secret streams/billing has nothing under password"}},
		"there is no Secret":         {gate: "secrets-present", evidence: []string{"Secret streams/billing does not exist"}},
		"Secrets may not be read":    {gate: "secrets-present", errors: forbidden("secrets"), evidence: []string{"Secret streams/billing may not be read"}},
		"the operator is available":  {gate: "operator-ready", manifests: strings.ReplaceAll(operator, "STATE", "True"), seen: "is available; 4 of 4 kinds served"},
		"the operator is starting":   {gate: "operator-ready", manifests: strings.ReplaceAll(operator, "STATE", "False"), evidence: []string{"Deployment streams/amq-streams-cluster-operator-v1.8.0 is not available"}},
		"there is no operator":       {gate: "operator-ready", evidence: []string{"no Deployment of a cluster operator in streams or openshift-operators"}},
		"a CRD is missing": {gate: "operator-ready", manifests: strings.ReplaceAll(operator, "STATE", "True"), errors: map[string]error{"kafkausers": apierrors.NewNotFound(schema.GroupResource{}, "")}, seen: "3 of 4 kinds",
			evidence: []string{"the API server does not serve kafkausers.kafka.strimzi.io in v1beta2"}},
		"a Deployment is up":              {gate: "workloads-ready", workloads: []string{"app"}, manifests: app("2", "2", "2"), seen: "1 of 1 workload ready"},
		"a Deployment is coming up":       {gate: "workloads-ready", workloads: []string{"app"}, manifests: app("2", "2", "1"), evidence: []string{"workload app: Deployment apps/app has 1 of 2 replicas ready"}},
		"a Deployment has another count":  {gate: "workloads-ready", workloads: []string{"app"}, manifests: app("1", "1", "1"), evidence: []string{"is to have 2 replicas, and its spec has 1"}},
		"a connector runs":                {gate: "workloads-ready", workloads: []string{"sink"}, manifests: connectorObject("false", "RUNNING", "RUNNING"), seen: "1 of 1"},
		"a connector's task has failed":   {gate: "workloads-ready", workloads: []string{"sink"}, manifests: connectorObject("false", "RUNNING", "FAILED"), evidence: []string{"has a task that is FAILED, not RUNNING"}},
		"a CronJob goes on":               {gate: "workloads-ready", workloads: []string{"report"}, manifests: job("false", "[]"), seen: "1 of 1"},
		"a CronJob is suspended":          {gate: "workloads-ready", workloads: []string{"report"}, manifests: job("true", "[]"), evidence: []string{"CronJob apps/report is suspended"}},
		"a workload that is not there":    {gate: "workloads-ready", workloads: []string{"app"}, evidence: []string{"workload app: Deployment apps/app does not exist"}},
		"Deployments may not be listed":   {gate: "workloads-ready", workloads: []string{"app"}, errors: forbidden("deployments"), evidence: []string{"the list of Deployments in apps may not be read"}},
		"everything is at zero":           {gate: "workloads-stopped", manifests: app("0", "0", "0") + job("true", "[]") + connectorObject("true", "PAUSED", "PAUSED") + old + strings.ReplaceAll(pod, "LABEL", "other"), seen: "4 of 4 workloads stopped"},
		"a replica is left":               {gate: "workloads-stopped", workloads: []string{"app"}, manifests: app("0", "1", "1"), evidence: []string{"Deployment apps/app has 1 replicas left"}},
		"a pod is on its way out":         {gate: "workloads-stopped", workloads: []string{"app"}, manifests: app("0", "0", "0") + strings.ReplaceAll(pod, "LABEL", "app"), evidence: []string{"Deployment apps/app has pod app-1 left"}},
		"a DeploymentConfig's pod":        {gate: "workloads-stopped", workloads: []string{"old"}, manifests: old + strings.ReplaceAll(pod, "LABEL", "old"), evidence: []string{"DeploymentConfig apps/old has pod old-1 left"}},
		"a Job of a suspended CronJob":    {gate: "workloads-stopped", workloads: []string{"report"}, manifests: job("true", "[{name: report-1}]"), evidence: []string{"CronJob apps/report has 1 Job running"}},
		"a connector that still runs":     {gate: "workloads-stopped", workloads: []string{"sink"}, manifests: connectorObject("true", "RUNNING", "RUNNING"), evidence: []string{`is "RUNNING", not PAUSED`}},
		"pods may not be listed":          {gate: "workloads-stopped", workloads: []string{"app"}, manifests: app("0", "0", "0"), errors: forbidden("pods"), evidence: []string{"the list of pods in apps may not be read"}},
		"the mirror's own status is read": {gate: "mirror-paused", manifests: mirror, seen: "2 connectors and 1 task, 0 not PAUSED"},
		"the mirror's status is old":      {gate: "mirror-paused", manifests: strings.ReplaceAll(mirror, "generation: 5", "generation: 6"), seen: "cannot be told", evidence: []string{"the operator has not looked at it yet"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := server{t, objects(t, test.manifests), test.errors}.client()
			got := ask(t, proof.Request{Target: proof.Cluster{Objects: client}, Scope: scope}, plan.Gate{Name: test.gate, Side: plan.Target, Workloads: test.workloads})
			expect(t, got, test.seen, test.evidence...)
			if strings.Contains(strings.Join(got.Evidence, ""), "hidden") {
				t.Error("the evidence has a Secret's value")
			}
			for _, action := range client.Actions() {
				if verb := action.GetVerb(); verb != "get" && verb != "list" {
					t.Errorf("it did %s", verb)
				}
			}
		})
	}
}

func TestKubernetesGatesWithoutAnAPIServerDoNotHold(t *testing.T) {
	scope := overlay.Scope{KafkaTopics: []string{"a"}, KafkaUsers: []string{"a"}, Secrets: []overlay.ScopeSecret{{Name: "a"}}, Mirror: forward(),
		Workloads: []overlay.ScopeWorkload{{Workload: "app", Cluster: plan.Target}}}
	for _, gate := range []string{"kafka-ready", "topics-ready", "users-ready", "secrets-present", "operator-ready", "workloads-ready", "workloads-stopped", "mirror-running", "mirror-paused"} {
		t.Run(gate, func(t *testing.T) {
			if got := ask(t, proof.Request{Scope: scope}, plan.Gate{Name: gate, Side: plan.Target}); got.Holds || !got.Unknown || !strings.Contains(got.Evidence[0], "--target-kubeconfig") {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestTheSourcesUsersAreReadInTheVersionItHas(t *testing.T) {
	text := strings.ReplaceAll(strimziObject("KafkaUser", "mirror", healthy), "v1beta2", "v1beta1")
	client := server{t, objects(t, text), nil}.client()
	client.PrependReactor("list", "kafkausers", func(action clienttesting.Action) (bool, runtime.Object, error) {
		return action.GetResource().Version == "v1beta2", nil, apierrors.NewNotFound(schema.GroupResource{}, "")
	})
	scope := overlay.Scope{Source: overlay.ScopeKafka{Namespace: "streams"}, KafkaUsers: []string{"mirror"}}
	expect(t, ask(t, proof.Request{Source: proof.Cluster{Objects: client}, Scope: scope}, plan.Gate{Name: "users-ready"}), "1 of 1 KafkaUser Ready")
}

func TestInventoryComplete(t *testing.T) {
	expect(t, ask(t, proof.Request{}, plan.Gate{Name: "inventory-complete"}), "0 gaps in the inventory")
	gaps := overlay.Scope{Gaps: []inventory.Gap{{Gate: "drained", Because: "groups are unknown"}}}
	expect(t, ask(t, proof.Request{Scope: gaps}, plan.Gate{Name: "inventory-complete"}), "1 gap", "drained cannot be proven: groups are unknown")
}
