package generator_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/generator/tree"
	"cutover/generator/workspace"
)

// watchedByAll is everything of monitoring that refers to Secrets.
const watchedByAll = `monitoring:
  prometheus:
    mode: prometheus-operator
    create: true
    alertmanagerSecretName: alertmanager-routes
    scrapeSecretName: kubelet-scrape
  grafana:
    mode: instance
    adminSecretName: grafana-admin
    datasources:
    - {name: Target, default: true}
    - {name: Source, url: https://thanos.ocp3.northquay.example, token: {secretName: source-prometheus, key: token}}
    contactPoints:
    - {name: streams-team, type: slack, secretSettings: {url: {secretName: slack, key: webhook}}}

gitops:
`

// plantedSecrets are Secrets of every kind that a migration comes across, by namespace/name,
// with their keys. The values say in clear what they are of.
var plantedSecrets = map[string]map[string]string{
	"freight-kafka/grafana-admin":           {"admin-user": "grafana-admin-of-northquay", "admin-password": "Pa55-of-grafana!&<\"'", "session-secret": "0123456789abcdef-session"},
	"freight-kafka/source-prometheus":       {"token": "eyJhbGciOiJSUzI1NiJ9.planted-prometheus-token.signature"},
	"freight-kafka/slack":                   {"webhook": "https://hooks.slack.example/services/T000/B000/planted"},
	"freight-kafka/alertmanager-routes":     {"alertmanager.yaml": "receivers:\n- name: planted-receiver\n  url: https://pager.example/planted-key\n"},
	"freight-kafka/kubelet-scrape":          {"prometheus-additional.yaml": "- job_name: planted-kubelets\n  bearer_token: planted-bearer-token-4711\n"},
	"freight-kafka/cutover-mirror":          {"password": "planted-mirror-password-4712", "sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"m\" password=\"planted-mirror-password-4712\";"},
	"freight-kafka/freight-cluster-ca":      {"ca.key": "-----BEGIN PRIVATE KEY-----\nplantedClusterKeyLineOne4713\nplantedClusterKeyLineTwo4714\n-----END PRIVATE KEY-----\n"},
	"freight-kafka/registry-pull":           {".dockerconfigjson": `{"auths":{"registry.northquay.example":{"auth":"cGxhbnRlZDpwdWxsLXNlY3JldA=="}}}`},
	"freight-apps/booking-gateway-database": {"url": "jdbc:postgresql://db/app?user=app&password=planted-database-password"},
}

// plant copies the example with all of monitoring, and adds the Secrets to its export.
func plant(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "expected")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "migration.yaml")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(content), "monitoring:\n")
	_, after, more := strings.Cut(rest, "\ngitops:\n")
	if !found || !more {
		t.Fatal("the example has no monitoring before gitops")
	}
	if err := os.WriteFile(path, []byte(before+watchedByAll+after), 0o600); err != nil {
		t.Fatal(err)
	}
	var export strings.Builder
	for name, values := range plantedSecrets {
		namespace, name, _ := strings.Cut(name, "/")
		fmt.Fprintf(&export, "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: %s\ntype: Opaque\ndata:\n", name, namespace)
		for key, value := range values {
			fmt.Fprintf(&export, "  %s: %s\n", key, base64.StdEncoding.EncodeToString([]byte(value)))
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "export", "planted.yaml"), []byte(export.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// disguises gives the forms in which a value might be written: as it is, in base64 once and
// twice, escaped for a URL and for JSON, and its lines one by one.
func disguises(value string) []string {
	once := base64.StdEncoding.EncodeToString([]byte(value))
	all := []string{
		value, strings.TrimSpace(value), once, base64.StdEncoding.EncodeToString([]byte(once)), base64.RawURLEncoding.EncodeToString([]byte(value)),
		url.QueryEscape(value), strings.Trim(fmt.Sprintf("%q", value), `"`),
	}
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "-----") {
			all = append(all, line)
		}
	}
	return slices.DeleteFunc(all, func(text string) bool { return len(text) < 12 })
}

// holding lists the files that hold a form of a planted value.
func holding(files tree.Tree) []string {
	var found []string
	for name, values := range plantedSecrets {
		for key, value := range values {
			for _, form := range disguises(value) {
				for path, content := range files {
					if bytes.Contains(content, []byte(form)) {
						found = append(found, path+" holds key "+key+" of Secret "+name)
					}
				}
			}
		}
	}
	return found
}

func TestNoFileHoldsAValueOfASecretThatMonitoringRefersTo(t *testing.T) {
	dir := plant(t)
	planted, err := os.ReadFile(filepath.Join(dir, "export", "planted.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(holding(tree.Tree{"export": planted})) < len(plantedSecrets) {
		t.Fatal("the search does not even find the values in the export")
	}
	in, err := workspace.Load(context.Background(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	files := generate(t, in)
	manifests := string(files["releases/target-monitoring/manifests.yaml"])
	for _, want := range []string{"grafana-admin", "source-prometheus", "${CONTACT_0_URL}", "alertmanager-routes", "kubelet-scrape"} {
		if !strings.Contains(manifests, want) {
			t.Errorf("the target's monitoring does not refer to %s", want)
		}
	}
	for _, leak := range holding(files) {
		t.Error(leak)
	}
}
