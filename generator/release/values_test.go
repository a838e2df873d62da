package release_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/generator"
	"cutover/generator/plan"
	"cutover/generator/release"
	"cutover/generator/workspace"
)

// planned reads generator/testdata/small with parts of its migration replaced, and plans it.
func planned(t testing.TB, pairs ...string) (*plan.Plan, generator.Input) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"migration.yaml", "inventory.yaml"} {
		content, err := os.ReadFile(filepath.Join("../testdata/small", name))
		if err != nil {
			t.Fatal(err)
		}
		text := string(content)
		for i := 0; name == "migration.yaml" && i < len(pairs); i += 2 {
			if !strings.Contains(text, pairs[i]) {
				t.Fatalf("the migration has no %q", pairs[i])
			}
			text = strings.Replace(text, pairs[i], pairs[i+1], 1)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in, err := workspace.Load(context.Background(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := plan.New(in.Migration, in.Inventory)
	if err != nil {
		t.Fatal(err)
	}
	return p, in
}

func releases(t testing.TB, pairs ...string) map[string]release.Release {
	t.Helper()
	p, in := planned(t, pairs...)
	all, err := release.All(p, in.Sources)
	if err != nil {
		t.Fatal(err)
	}
	byName := make(map[string]release.Release)
	for _, r := range all {
		byName[r.Name] = r
	}
	return byName
}

// rendered gives the objects of one release by kind and name.
func rendered(t testing.TB, r release.Release) map[string]map[string]any {
	t.Helper()
	values, err := r.ValuesFile()
	if err != nil {
		t.Fatal(err)
	}
	content, err := release.Helm{KubeVersion: "v1.21.0"}.Render(r, values)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]map[string]any)
	for _, object := range objects(t, content) {
		all[fmt.Sprintf("%v %v", object["kind"], at(object, "metadata", "name"))] = object
	}
	return all
}

func at(value any, keys ...string) any {
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

func TestEveryReleaseOfThePhasesIsBuiltOnItsCluster(t *testing.T) {
	p, in := planned(t)
	all, err := release.All(p, in.Sources)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range all {
		names = append(names, r.Name)
		namespace := map[plan.Side]string{plan.Source: "kafka", plan.Target: "streams"}[r.Side]
		if !strings.HasPrefix(r.Name, string(r.Side)) || r.Namespace != namespace {
			t.Errorf("%s goes to %s of the %s", r.Name, r.Namespace, r.Side)
		}
	}
	var wanted []string
	for _, phase := range p.Phases {
		wanted = append(wanted, phase.Releases...)
	}
	slices.Sort(names)
	slices.Sort(wanted)
	if !slices.Equal(names, wanted) {
		t.Errorf("got %v, want %v", names, wanted)
	}
}

func TestOnlyTopicsAndUsersAreBulk(t *testing.T) {
	for name, r := range releases(t) {
		if want := name == plan.TargetTopics || name == plan.TargetUsers; r.Bulk != want {
			t.Errorf("%s is bulk: %t, want %t", name, r.Bulk, want)
		}
	}
}

func TestADescriptionSaysWhatHelmNeeds(t *testing.T) {
	content, err := releases(t)[plan.TargetTopics].Describe()
	if err != nil {
		t.Fatal(err)
	}
	want := "apiVersion: cutover/v1alpha1\nkind: Release\nname: target-topics\nchart: topics\nnamespace: streams\ncluster: target\nbulk: true\n"
	if string(content) != want {
		t.Errorf("got:\n%s\nwant:\n%s", content, want)
	}
}

func TestTopicsAreRenderedExactly(t *testing.T) {
	got := rendered(t, releases(t)[plan.TargetTopics])
	on, orders := got["KafkaTopic on"], got["KafkaTopic orders.eu"]
	if len(got) != 2 || at(on, "spec", "config", "retention.ms") != "9007199254740993" || at(on, "spec", "partitions") != int64(1) {
		t.Errorf("got %v", got)
	}
	if at(orders, "metadata", "labels", "strimzi.io/cluster") != "new" || at(orders, "metadata", "labels", "team") != "1e3" || at(orders, "apiVersion") != "kafka.strimzi.io/v1beta2" {
		t.Errorf("got %v", orders)
	}
}

func TestUsersAreRenderedExactly(t *testing.T) {
	user := rendered(t, releases(t)[plan.TargetUsers])["KafkaUser app"]
	acls, _ := at(user, "spec", "authorization", "acls").([]any)
	if len(acls) != 1 || at(acls[0], "resource", "name") != "on" || at(user, "spec", "quotas", "producerByteRate") != int64(1048576) || at(user, "metadata", "labels", "strimzi.io/cluster") != "new" {
		t.Errorf("got %v", user)
	}
}

func TestTheSourcesUserBelongsToTheSource(t *testing.T) {
	user := rendered(t, releases(t)[plan.SourceAccess])["KafkaUser mirror"]
	if at(user, "apiVersion") != "kafka.strimzi.io/v1beta1" || at(user, "metadata", "labels", "strimzi.io/cluster") != "old" || at(user, "metadata", "namespace") != "kafka" {
		t.Errorf("got %v", user)
	}
}

func TestWorkloadsOwnOneFieldAndBeginAsTheirClusterHasThem(t *testing.T) {
	all := releases(t)
	for _, test := range []struct {
		release, object, apiVersion, field string
		want                               any
		apply                              bool
	}{
		{plan.SourceWorkloads, "Deployment app.v1", "apps/v1", "replicas", int64(2), false},
		{plan.SourceWorkloads, "DeploymentConfig appxv1", "apps.openshift.io/v1", "replicas", int64(3), false},
		{plan.SourceWorkloads, "CronJob nightly", "batch/v1beta1", "suspend", false, false},
		{plan.TargetWorkloads, "Deployment app.v1", "apps/v1", "replicas", int64(0), true},
		{plan.TargetWorkloads, "Deployment appxv1", "apps/v1", "replicas", int64(0), true},
		{plan.TargetWorkloads, "CronJob nightly", "batch/v1", "suspend", true, true},
	} {
		t.Run(test.release+" "+test.object, func(t *testing.T) {
			object := rendered(t, all[test.release])[test.object]
			spec, _ := at(object, "spec").(map[string]any)
			if len(spec) != 1 || spec[test.field] != test.want || at(object, "apiVersion") != test.apiVersion {
				t.Errorf("got %v", object)
			}
			options := fmt.Sprint(at(object, "metadata", "annotations", "argocd.argoproj.io/sync-options"))
			if strings.Contains(options, "ServerSideApply=true") != test.apply {
				t.Errorf("its options are %s, and server-side apply is served: %t", options, test.apply)
			}
		})
	}
}

func mirrorSpec(t testing.TB, pairs ...string) map[string]any {
	t.Helper()
	spec, ok := at(rendered(t, releases(t, pairs...)[plan.TargetMirror])["KafkaMirrorMaker2 small-mirror"], "spec").(map[string]any)
	if !ok {
		t.Fatal("there is no KafkaMirrorMaker2")
	}
	return spec
}

func TestTheMirrorIsRenderedAsTheVersionKnowsIt(t *testing.T) {
	for version, want := range map[string]struct{ kafka, field string }{"1.7": {"2.7.0", "BlacklistPattern"}, "1.8": {"2.8.0", "ExcludePattern"}} {
		t.Run(version, func(t *testing.T) {
			spec := mirrorSpec(t, `"1.8"`, `"`+version+`"`)
			mirrors, _ := spec["mirrors"].([]any)
			if len(mirrors) != 1 || spec["version"] != want.kafka || at(mirrors[0], "topics"+want.field) == nil || at(mirrors[0], "groups"+want.field) == nil {
				t.Errorf("got version %v and %v", spec["version"], mirrors)
			}
		})
	}
}

func TestTheMirrorReachesBothClusters(t *testing.T) {
	spec := mirrorSpec(t, "  authentication:\n", "  tls:\n    trustedCertificates:\n    - {secretName: old-ca, certificate: ca.crt}\n  authentication:\n")
	clusters, _ := spec["clusters"].([]any)
	if len(clusters) != 2 || spec["connectCluster"] != "small-target" {
		t.Fatalf("got %v", spec)
	}
	source, target := clusters[0], clusters[1]
	if at(source, "alias") != "small-source" || at(source, "bootstrapServers") != "kafka.example:443" || at(source, "authentication", "username") != "mirror" || at(source, "authentication", "passwordSecret", "secretName") != "mirror-source" {
		t.Errorf("the source is %v", source)
	}
	if got := fmt.Sprint(at(source, "tls", "trustedCertificates")); got != "[map[certificate:ca.crt secretName:old-ca]]" {
		t.Errorf("the source is trusted by %s", got)
	}
	if at(target, "bootstrapServers") != "new-kafka-bootstrap:9093" || at(target, "authentication", "passwordSecret", "secretName") != "mirror" || fmt.Sprint(at(target, "tls", "trustedCertificates")) != "[map[certificate:ca.crt secretName:new-cluster-ca-cert]]" {
		t.Errorf("the target is %v", target)
	}
	config, _ := at(target, "config").(map[string]any)
	for key, want := range map[string]any{
		"group.id": "small-mirror", "config.storage.topic": "small-mirror-configs", "offset.storage.topic": "small-mirror-offsets", "status.storage.topic": "small-mirror-status",
		"config.storage.replication.factor": int64(3), "producer.enable.idempotence": "true",
	} {
		if config[key] != want {
			t.Errorf("%s is %v, want %v", key, config[key], want)
		}
	}
}

func TestWithoutTrustedCertificatesTheSourcesTLSTrustsTheSystem(t *testing.T) {
	spec := mirrorSpec(t, "  authentication:\n", "  tls: {}\n  authentication:\n")
	clusters, _ := spec["clusters"].([]any)
	if tls, ok := at(clusters[0], "tls").(map[string]any); !ok || len(tls) != 0 {
		t.Errorf("got %v, want TLS with nothing further", at(clusters[0], "tls"))
	}
}

// A number that a float64 cannot hold must come out of the Migration as it went in, quoted
// or not.
func TestNumbersOfTheMigrationAreKeptExactly(t *testing.T) {
	t.Run("in target.kafka", func(t *testing.T) {
		all := releases(t, "  olm:\n", "  kafka:\n    kafka:\n      config: {log.retention.bytes: 9223372036854775807}\n  olm:\n")
		kafka := rendered(t, all[plan.TargetKafka])["Kafka new"]
		if got := fmt.Sprint(at(kafka, "spec", "kafka", "config", "log.retention.bytes")); got != "9223372036854775807" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("2^53 itself", func(t *testing.T) {
		all := releases(t, "  olm:\n", "  kafka:\n    kafka:\n      config: {log.retention.bytes: 9007199254740992}\n  olm:\n")
		kafka := rendered(t, all[plan.TargetKafka])["Kafka new"]
		if got := fmt.Sprint(at(kafka, "spec", "kafka", "config", "log.retention.bytes")); got != "9007199254740992" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("in mirror.sourceConfig", func(t *testing.T) {
		mirrors, _ := mirrorSpec(t, "retire: true\n", "retire: true\nmirror: {sourceConfig: {offset.lag.max: 9007199254740993}}\n")["mirrors"].([]any)
		if got := fmt.Sprint(at(mirrors[0], "sourceConnector", "config", "offset.lag.max")); got != "9007199254740993" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("in topics.overrides", func(t *testing.T) {
		all := releases(t, "retire: true\n", "retire: true\ntopics: {overrides: [{name: orders.eu, config: {retention.ms: 9223372036854775807}}]}\n")
		topic := rendered(t, all[plan.TargetTopics])["KafkaTopic orders.eu"]
		if got := fmt.Sprint(at(topic, "spec", "config", "retention.ms")); got != "9223372036854775807" {
			t.Errorf("got %s", got)
		}
	})
}

func TestFullManifestsAreTakenWhereTheMigrationGivesThem(t *testing.T) {
	p, in := planned(t, "source: {kind: Deployment, namespace: apps}", "source: {kind: Deployment, namespace: apps}\n  target: {kind: Deployment, namespace: apps}")
	object := map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "app.v1", "labels": map[string]any{"a": "on"}}, "spec": map[string]any{"replicas": 9, "selector": map[string]any{"x": "y"}}}
	p.Workloads[0].Target.Manifests = p.Migration.Source.Inventory // any location
	sources := in.Sources
	sources.Objects = map[string]map[string]any{"workloads.app.v1.target.manifests": object}
	all, err := release.All(p, sources)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r release.Release) bool { return r.Name == plan.TargetWorkloads })
	got := rendered(t, all[i])["Deployment app.v1"]
	if at(got, "spec", "replicas") != int64(0) || at(got, "spec", "selector", "x") != "y" || at(got, "metadata", "labels", "a") != "on" || at(got, "metadata", "namespace") != "apps" {
		t.Errorf("got %v", got)
	}
	if fmt.Sprint(object["spec"]) != "map[replicas:9 selector:map[x:y]]" {
		t.Errorf("the given object was changed: %v", object)
	}
	sources.Objects["workloads.app.v1.target.manifests"] = map[string]any{"kind": "StatefulSet", "metadata": map[string]any{"name": "app.v1"}}
	if _, err := release.All(p, sources); err == nil || !strings.Contains(err.Error(), "Deployment app.v1") {
		t.Errorf("an object of another kind: got %v", err)
	}
}

func TestTheUpstreamChartMustHaveBeenVendored(t *testing.T) {
	p, in := planned(t)
	p.Phases = []plan.Phase{{Name: "x", Side: plan.Target, Releases: []string{plan.StrimziOperator}}}
	if _, err := release.All(p, in.Sources); err == nil || !strings.Contains(err.Error(), "cutover vendor") {
		t.Errorf("got %v", err)
	}
}
