package release_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

const ownGrafana = `monitoring:
  grafana:
    mode: instance
    adminSecretName: cutover-grafana
    host: grafana.example
    datasources:
    - {name: Target, default: true}
    - {name: Source, url: https://thanos.ocp3.example, token: {secretName: source-prometheus, key: token}}
    contactPoints:
    - {name: streams-team, type: slack, settings: {recipient: "#streams"}, secretSettings: {url: {secretName: slack, key: webhook}}}
retire: true`

func TestTheTargetsMonitoringBringsGrafanaAsTheMigrationSays(t *testing.T) {
	cases := []struct {
		name, migration string
		want, absent    []string
	}{
		{"none where nothing is said", "retire: true", nil, []string{"ConfigMap ", "Deployment ", "Route ", "Grafana"}},
		{"none", "monitoring: {grafana: {mode: none}}\nretire: true", nil, []string{"ConfigMap ", "Deployment ", "Grafana"}},
		{"a sidecar", "monitoring: {grafana: {mode: sidecar, label: board, folder: Moves}}\nretire: true",
			[]string{"ConfigMap target-monitoring-dashboard-migration"}, []string{"Deployment ", "Grafana"}},
		{"an operator", "monitoring: {grafana: {mode: operator, instanceLabels: {team: streams}}}\nretire: true",
			[]string{"GrafanaDashboard target-monitoring-dashboard-kafka", "GrafanaDatasource target-monitoring-grafana-cutover-0"}, []string{"Deployment "}},
		{"an instance", ownGrafana, []string{"Deployment target-monitoring-grafana", "Route target-monitoring-grafana"}, []string{"Grafana", "Ingress "}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			objects := rendered(t, releases(t, "retire: true", test.migration)["target-monitoring"])
			var names []string
			for name := range objects {
				names = append(names, name)
			}
			slices.Sort(names)
			all := strings.Join(names, " ")
			for _, want := range test.want {
				if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, want) }) {
					t.Errorf("no %s in %s", want, all)
				}
			}
			for _, absent := range test.absent {
				if strings.Contains(all, absent) {
					t.Errorf("there is a %s in %s", absent, all)
				}
			}
		})
	}
}

func TestTheSourcesMonitoringBringsNoDashboards(t *testing.T) {
	for name := range rendered(t, releases(t, "retire: true", ownGrafana)["source-monitoring"]) {
		if strings.Contains(name, "dashboard") || strings.Contains(name, "grafana") {
			t.Errorf("the source's release has %s", name)
		}
	}
}

func TestLabelsOfTheGrafanaOperatorReplaceTheChartsOwn(t *testing.T) {
	objects := rendered(t, releases(t, "retire: true", "monitoring: {grafana: {mode: operator, instanceLabels: {team: streams}}}\nretire: true")["target-monitoring"])
	for name, object := range objects {
		if !strings.HasPrefix(name, "Grafana") {
			continue
		}
		if got := at(object, "spec", "instanceSelector", "matchLabels"); !reflect.DeepEqual(got, map[string]any{"team": "streams"}) {
			t.Errorf("%s is for %v", name, got)
		}
	}
}

func TestTheSecretsOfGrafanaAreListedWithTheirKeys(t *testing.T) {
	p, _ := planned(t, "retire: true", ownGrafana)
	got := map[string]string{}
	for _, need := range p.Secrets {
		if need.Phase == "040" {
			got[need.Namespace+"/"+need.Name] = strings.Join(need.Keys, " ")
		}
	}
	want := map[string]string{
		"streams/cutover-grafana": "admin-user admin-password session-secret", "streams/source-prometheus": "token", "streams/slack": "webhook",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Secrets of phase 040 are %v, want %v", got, want)
	}
}
