package connection_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/live/connection"
)

const heading = "apiVersion: cutover/v1alpha1\nkind: Connections\n"

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFileSaysHowBothSidesAreReached(t *testing.T) {
	path := write(t, "connections.yaml", heading+`source:
  kafka:
    bootstrap: a:443, b:443
    tls: {caFile: ca.crt, certFile: /etc/user.crt, keyFile: "secret:kafka/user/user.key", serverName: kafka}
  kubernetes: {kubeconfig: source.yaml, context: admin, namespace: kafka}
target:
  kafka:
    bootstrap: c:9093
    sasl: {mechanism: plain, username: u, passwordFile: secrets/password}
  kubernetes: {inCluster: true}
  connect: {url: "https://connect:8083"}
`)
	c, err := connection.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(path)
	for _, test := range []struct{ name, got, want string }{
		{"a relative path begins at the file's folder", c.Source.Kafka.TLS.CAFile, filepath.Join(folder, "ca.crt")},
		{"an absolute path stays", c.Source.Kafka.TLS.CertFile, "/etc/user.crt"},
		{"a Secret is no path", c.Source.Kafka.TLS.KeyFile, "secret:kafka/user/user.key"},
		{"a kubeconfig is a path", c.Source.Kubernetes.Kubeconfig, filepath.Join(folder, "source.yaml")},
		{"so is a password file", c.Target.Kafka.SASL.PasswordFile, filepath.Join(folder, "secrets/password")},
		{"addresses stay", c.Target.Connect.URL, "https://connect:8083"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}

func TestEverythingThatIsWrongIsToldAtOnce(t *testing.T) {
	tests := map[string]struct {
		text string
		want []string
	}{
		"another kind":           {"apiVersion: v1\nkind: ConfigMap\n", []string{"not one document of cutover/v1alpha1 Connections"}},
		"an unknown field":       {heading + "source:\n  kafka:\n    bootstrap: a:1\n    tls: {insecure: true}\n", []string{"connections.yaml:6", "unknown field source.kafka.tls.insecure"}},
		"a password in the file": {heading + "source: {kafka: {bootstrap: 'a:1', sasl: {mechanism: plain, username: u, password: hunter2}}}\n", []string{"unknown field source.kafka.sasl.password"}},
		"addresses without port": {heading + "source: {kafka: {bootstrap: a}}\ntarget: {kafka: {bootstrap: 'b:x,c:0,d:70000'}}\n",
			[]string{`source: kafka.bootstrap "a"`, `target: kafka.bootstrap "b:x"`, `"c:0"`, `"d:70000"`}},
		"no address":                 {heading + "source: {kafka: {bootstrap: ' , '}}\n", []string{"kafka.bootstrap is missing"}},
		"half a certificate":         {heading + "source: {kafka: {bootstrap: 'a:1', tls: {certFile: a}}}\n", []string{"a certificate without its key"}},
		"an unknown mechanism":       {heading + "source: {kafka: {bootstrap: 'a:1', sasl: {mechanism: gssapi, username: u, passwordFile: p}}}\n", []string{`"gssapi" is unknown`}},
		"a login without a password": {heading + "source: {kafka: {bootstrap: 'a:1', sasl: {mechanism: plain, username: u}}}\n", []string{"lacks the username or the passwordFile"}},
		"a Secret without a cluster": {heading + "source: {kafka: {bootstrap: 'a:1', tls: {caFile: 'secret:a/b/c'}}}\n", []string{"names a Secret, and no cluster"}},
		"no kubeconfig":              {heading + "source: {kubernetes: {context: a}}\n", []string{"kubernetes has no kubeconfig"}},
		"two ways to one cluster":    {heading + "source: {kubernetes: {kubeconfig: a, inCluster: true}}\n", []string{"give one of them", "kubeconfig and inCluster"}},
		"a Connect that is no URL":   {heading + "target: {connect: {url: 'connect:8083'}}\n", []string{"no http or https address"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := connection.Load(write(t, "connections.yaml", test.text))
			var text strings.Builder
			for _, f := range finding.From(err) {
				text.WriteString(f.Error() + "\n" + f.Hint + "\n")
			}
			for _, want := range test.want {
				if !strings.Contains(text.String(), want) {
					t.Errorf("got %v, want %q", text.String(), want)
				}
			}
			if strings.Contains(text.String(), "hunter2") {
				t.Error("the error holds a password")
			}
		})
	}
}

func TestAFileThatIsNotThereIsAFinding(t *testing.T) {
	_, err := connection.Load(filepath.Join(t.TempDir(), "none.yaml"))
	if found := finding.From(err); len(found) != 1 || !strings.Contains(found[0].Message, "no such file") {
		t.Errorf("got %v", err)
	}
}
