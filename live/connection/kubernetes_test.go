package connection_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"cutover/generator/finding"
	"cutover/live/connection"
)

// kubeconfig names a server and a context with a namespace.
func kubeconfig(t *testing.T, server string) string {
	return write(t, "kubeconfig", fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: first
clusters: [{name: c, cluster: {server: %q}}]
users: [{name: u, user: {token: top-secret-token}}]
contexts:
- {name: first, context: {cluster: c, user: u}}
- {name: second, context: {cluster: c, user: u, namespace: kafka}}
`, server))
}

func TestAKubeconfigIsReadAsItIsNamed(t *testing.T) {
	t.Setenv("KUBECONFIG", kubeconfig(t, "https://chance:6443"))
	file := kubeconfig(t, "https://server:6443")
	config, err := connection.Kubernetes{Kubeconfig: file}.Config()
	if err != nil || config.Host != "https://server:6443" || config.Timeout == 0 {
		t.Errorf("got %+v, %v", config, err)
	}
	for name, test := range map[string]struct {
		kubernetes connection.Kubernetes
		want       string
	}{
		"the context's namespace":           {connection.Kubernetes{Kubeconfig: file, Context: "second"}, "kafka"},
		"a context without one":             {connection.Kubernetes{Kubeconfig: file}, ""},
		"the one that is named counts more": {connection.Kubernetes{Kubeconfig: file, Context: "second", Namespace: "x"}, "x"},
	} {
		if got := test.kubernetes.DefaultNamespace(); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestAKubeconfigThatReachesNothingIsAFinding(t *testing.T) {
	for name, kubernetes := range map[string]connection.Kubernetes{
		"a missing file":    {Kubeconfig: "/nowhere"},
		"a missing context": {Kubeconfig: kubeconfig(t, "https://server:6443"), Context: "third"},
		"no pod":            {InCluster: true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := kubernetes.Config()
			if found := finding.From(err); len(found) != 1 || found[0].Rule != "kubeconfig" || strings.Contains(err.Error(), "top-secret-token") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCredentialsMayStandInASecret(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte(password))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/api/v1/namespaces/kafka/secrets/u":
			fmt.Fprintf(w, `{"kind":"Secret","apiVersion":"v1","metadata":{"name":"u"},"data":{"password":%q}}`, encoded)
		default:
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,"message":"`+password+`"}`)
		}
	}))
	defer server.Close()
	address := start(t, kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "u", password))
	for reference, rule := range map[string]string{
		"secret:kafka/u/password": "", "secret:kafka/u/other": "credentials", "secret:kafka/v/password": "credentials", "secret:kafka/u": "credentials",
	} {
		t.Run(reference, func(t *testing.T) {
			connections, err := connection.New(connection.Side{
				Kafka:      &connection.Kafka{Bootstrap: address, SASL: &connection.SASL{Mechanism: "scram-sha-512", Username: "u", PasswordFile: reference}},
				Kubernetes: &connection.Kubernetes{Kubeconfig: kubeconfig(t, server.URL)},
			}, connection.Side{})
			if err != nil {
				t.Fatal(err)
			}
			client, err := connections.Source.Kafka.Client(context.Background())
			if err == nil {
				client.Close()
			}
			found := finding.From(err)
			if rule == "" && err != nil || rule != "" && (len(found) != 1 || found[0].Rule != rule) {
				t.Errorf("got %v, want rule %q", err, rule)
			}
			if err != nil && strings.Contains(err.Error(), password) {
				t.Error("the error holds the value")
			}
		})
	}
}
