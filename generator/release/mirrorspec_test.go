package release_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cutover/generator/document"
	"cutover/generator/plan"
	"cutover/generator/release"
	"cutover/generator/strimzi/v1beta2"
)

// decoded reads the KafkaMirrorMaker2 among manifests as strictly as the API would like to.
func decoded(t testing.TB, manifests []byte) v1beta2.KafkaMirrorMaker2Spec {
	t.Helper()
	documents, err := document.Read("manifests.yaml", strings.NewReader(string(manifests)), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		if d.Kind() != "KafkaMirrorMaker2" {
			continue
		}
		object, departures := document.NewShape[v1beta2.KafkaMirrorMaker2]().Decode(d)
		if len(departures) > 0 || object.Spec == nil {
			t.Fatalf("%v in\n%s", departures, manifests)
		}
		return *object.Spec
	}
	t.Fatalf("there is no mirror in\n%s", manifests)
	return v1beta2.KafkaMirrorMaker2Spec{}
}

func TestTheChartRendersTheMirrorThatThePlanHas(t *testing.T) {
	for name, pairs := range map[string][]string{
		"as it is":              nil,
		"with the old patterns": {`"1.8"`, `"1.7"`},
		"with configuration":    {"retire: true\n", "retire: true\nmirror: {replicas: 2, tasksMax: 7, sourceConfig: {offset.lag.max: 9007199254740993}, workerConfig: {producer.linger.ms: 5}}\n"},
		"with a size":           {"retire: true\n", "retire: true\nmirror: {resources: {limits: {memory: 3Gi, cpu: 2}}, jvmOptions: {-Xmx: 1g, -XX: {UseG1GC: true}}}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			p, in := planned(t, pairs...)
			all, err := release.All(p, in.Sources)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range all {
				if r.Name != plan.TargetMirror {
					continue
				}
				values, err := r.ValuesFile()
				if err != nil {
					t.Fatal(err)
				}
				manifests, err := release.Helm{KubeVersion: "v1.21.0"}.Render(r, values)
				if err != nil {
					t.Fatal(err)
				}
				got, want := decoded(t, manifests), p.MirrorSpec()
				// What the chart itself has a say in.
				got.MetricsConfig = nil
				for _, connector := range []*v1beta2.ConnectorSettings{got.Mirrors[0].SourceConnector, got.Mirrors[0].CheckpointConnector, got.Mirrors[0].HeartbeatConnector} {
					if connector.Pause == nil || *connector.Pause {
						t.Errorf("a connector is paused, or left to a default: %+v", connector)
					}
					connector.Pause = nil
				}
				if diff := cmp.Diff(text(t, want), text(t, got)); diff != "" {
					t.Errorf("the chart renders another mirror (-plan +chart):\n%s", diff)
				}
				return
			}
			t.Fatal("the plan has no mirror")
		})
	}
}

func text(t testing.TB, value any) string {
	t.Helper()
	content, err := document.Marshal(document.API{Value: value})
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
