package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// openShift answers for a cluster's two ConfigMaps and any namespace; what texts does not
// have is not found.
func openShift(t *testing.T, texts map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		name := filepath.Base(r.URL.Path)
		text, there := texts[name]
		switch {
		case r.Method != http.MethodGet:
			t.Errorf("%s %s: nothing must be changed", r.Method, r.URL.Path)
		case !strings.Contains(r.URL.Path, "/configmaps/"):
			fmt.Fprintf(w, `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q}}`, name)
		case !there:
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"apiVersion":"v1","kind":"Status","status":"Failure","reason":"NotFound","code":404}`)
		default:
			fmt.Fprintf(w, `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":%q},"data":{"config.yaml":%q}}`, name, text)
		}
	}))
	t.Cleanup(server.Close)
	path := filepath.Join(t.TempDir(), "kubeconfig")
	content := fmt.Sprintf(`{apiVersion: v1, kind: Config, current-context: a, clusters: [{name: a, cluster: {server: %q}}],
contexts: [{name: a, context: {cluster: a, user: a}}], users: [{name: a, user: {token: t}}]}`, server.URL)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func watched(args ...string) ran {
	return command(append([]string{"monitoring", "check", smallFolder}, args...)...)
}

func TestMonitoringCheckTellsWhatIsMissingAndHowToBringIt(t *testing.T) {
	kubeconfig := openShift(t, map[string]string{"cluster-monitoring-config": "prometheusK8s: {retention: 30d}\n"})
	got := watched("--target-kubeconfig", kubeconfig, "--length", "21d")
	if got.code != exitFindings {
		t.Errorf("ended with %d: %s", got.code, got.errors)
	}
	for _, want := range []string{"target: openshift-user-workload", "enableUserWorkload: true", "retention: 30d", "retention: 21d", "storageClassName: fast", "oc apply -f"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is not in\n%s", want, got.out)
		}
	}
}

func TestMonitoringCheckEndsWellWhereNothingIsMissing(t *testing.T) {
	kubeconfig := openShift(t, map[string]string{
		"cluster-monitoring-config":       "enableUserWorkload: true\n",
		"user-workload-monitoring-config": "prometheus: {retention: 30d, volumeClaimTemplate: {spec: {}}}\n",
	})
	// The source is OpenShift 3.11, which has nothing to ask.
	got := watched("--target-kubeconfig", kubeconfig, "--source-kubeconfig", kubeconfig, "-o", "json")
	var results []watching
	if err := json.Unmarshal([]byte(got.out), &results); err != nil || got.code != exitDone {
		t.Fatalf("ended with %d (%v): %s%s", got.code, err, got.out, got.errors)
	}
	if len(results) != 2 || results[0].Mode != "prometheus-operator" || len(results[0].Checks) != 0 || len(results[1].Checks) != 4 || !results[1].Holds {
		t.Errorf("results are %+v", results)
	}
}

func TestMonitoringCheckRefusesWhatItCannotAsk(t *testing.T) {
	for name, args := range map[string][]string{"nobody": nil, "no duration": {"--length", "soon"}, "a length of nothing": {"--length", "0d"}} {
		t.Run(name, func(t *testing.T) {
			if got := watched(args...); got.code != exitFailure || !strings.Contains(got.errors, "hint:") {
				t.Errorf("ended with %d: %s", got.code, got.errors)
			}
		})
	}
}
