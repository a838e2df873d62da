package migration_test

import (
	"testing"

	"cutover/generator/migration"
)

// grafanaSection is a Grafana of the migration's own, without fault, before the mirror.
const grafanaSection = `monitoring:
  grafana:
    mode: instance
    adminSecretName: cutover-grafana
    host: grafana.example
    datasources:
    - name: Target
      default: true
    - name: Source
      url: https://thanos.ocp3.example
      namespace: kafka
      token: {secretName: source-prometheus, key: token}
      ca: {configMapName: source-ca, key: ca.crt}
    contactPoints:
    - name: streams-team
      type: slack
      settings: {recipient: "#streams"}
      secretSettings:
        url: {secretName: slack, key: webhook}
mirror:
`

func TestWhatIsWrongInGrafanaIsRefusedWithItsLine(t *testing.T) {
	for _, r := range []refusal{
		{"no administrator", []string{"    adminSecretName: cutover-grafana\n", "", "  grafana:\n", "  grafana:  # here\n"}, "monitoring-grafana", "adminSecretName is missing", "admin-password"},
		{"a label without a sidecar", []string{"    host:", "    label: board  # here\n    host:"}, "monitoring-grafana", "label is for mode sidecar", "another mode"},
		{"an unknown field", []string{"    host: grafana.example", "    hosts: grafana.example  # here"}, "unknown-field", "monitoring.grafana.hosts", "did you mean host?"},
		{"two datasources of one name", []string{"name: Source", "name: Target", "    - name: Target\n      url", "    - name: Target  # here\n      url"}, "monitoring-grafana", `"Target"`, "by name"},
		{"two defaults", []string{"      namespace: kafka\n", "      namespace: kafka\n      default: true\n", "    datasources:\n", "    datasources:  # here\n"}, "monitoring-grafana", "more than one", "all but one"},
		{"a password in a url", []string{"https://thanos", "https://me:hunter2@thanos", "    - name: Source\n", "    - name: Source  # here\n"}, "monitoring-grafana", "password", "token"},
		{"a webhook that is no reference", []string{`settings: {recipient: "#streams"}`, "settings: {url: https://hooks.example/T0}", "    - name: streams-team\n", "    - name: streams-team  # here\n"},
			"monitoring-grafana", "setting url", "secretSettings"},
		{"a contact point without a type", []string{"      type: slack\n", "", "    - name: streams-team\n", "    - name: streams-team  # here\n"}, "monitoring-grafana", "needs a type", "slack"},
	} {
		r.change = append([]string{"mirror:\n", grafanaSection}, r.change...)
		t.Run(r.name, r.test)
	}
	unknown := refusal{"an unknown mode", []string{"mirror:\n", "monitoring:\n  grafana:\n    mode: sidecars  # here\nmirror:\n"}, "monitoring-grafana", `"sidecars"`, "sidecar"}
	t.Run(unknown.name, unknown.test)
}

func TestAWholeGrafanaSectionIsTaken(t *testing.T) {
	m, _, err := load(change(t, "mirror:\n", grafanaSection))
	if err != nil {
		t.Fatal(err)
	}
	g := m.Monitoring.Grafana
	if g.Mode != migration.GrafanaInstance || g.Datasources[1].Token.SecretName != "source-prometheus" || g.ContactPoints[0].SecretSettings["url"].Key != "webhook" {
		t.Errorf("got %+v", g)
	}
	for _, mode := range []string{"none", "sidecar", "operator"} {
		if _, _, err := load(change(t, "mirror:\n", "monitoring: {grafana: {mode: "+mode+"}}\nmirror:\n")); err != nil {
			t.Errorf("mode %s: %v", mode, err)
		}
	}
}
