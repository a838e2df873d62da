package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cutover/live/gate"
)

// server is an API server that knows ConfigMaps and Deployments, and nothing else.
type server struct {
	sync.Mutex
	objects map[string]map[string]any
	writes  []string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	body, _ := io.ReadAll(r.Body)
	var sent map[string]any
	_ = json.Unmarshal(body, &sent)
	path := r.URL.Path
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Method == http.MethodGet && s.objects[path] == nil:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404,"message":"not found"}`)
		return
	case r.Method == http.MethodPost:
		metadata, _ := sent["metadata"].(map[string]any)
		path += "/" + fmt.Sprint(metadata["name"])
		s.objects[path] = sent
	case r.Method == http.MethodPut:
		s.objects[path] = sent
	case r.Method == http.MethodPatch:
		spec, _ := s.objects[path]["spec"].(map[string]any)
		patch, _ := sent["spec"].(map[string]any)
		for key, value := range patch {
			spec[key] = value
		}
	}
	if r.Method != http.MethodGet {
		s.writes = append(s.writes, r.Method+" "+path)
	}
	_ = json.NewEncoder(w).Encode(s.objects[path])
}

const (
	ledgerPath = "/api/v1/namespaces/kafka/configmaps/cutover-small-ledger"
	peerPath   = "/api/v1/namespaces/streams/configmaps/cutover-small-ledger"
	deployment = "/apis/apps/v1/namespaces/apps/deployments/app"
)

func configMap(done string) map[string]any {
	return map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "cutover-small-ledger"}, "data": map[string]any{"done": done}}
}

// pair gives a cluster whose ledgers say what is done, and which runs one Deployment.
func pair(here, there string) *server {
	return &server{objects: map[string]map[string]any{
		ledgerPath: configMap(here), peerPath: configMap(there),
		deployment: {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "app", "namespace": "apps"}, "spec": map[string]any{"replicas": 2}},
	}}
}

const guard = `apiVersion: cutover/v1alpha1
kind: Guard
migration: small
ledger: {namespace: kafka, name: cutover-small-ledger}
peer: {namespace: streams, name: cutover-small-ledger}
order: ["010", "095", "100", "120"]
edges:
- {from: "095", direction: advance, peer: ["090"]}
- {from: "120", direction: revert, peer: ["090"]}
scale:
- {apiVersion: apps/v1, kind: Deployment, namespace: apps, name: app, field: replicas, value: 0}
gate:
  apiVersion: cutover/v1alpha1
  kind: Gate
  phase: "100"
  name: ingest-stop
  cluster: source
  step: the valve closes
  holds:
  - {gate: mirror-running, cluster: target, asks: "does it run?"}
  pastReturn: false
  back: {kind: revert, text: it opens}
`

// ran is the outcome of one command line.
type ran struct {
	code        int
	out, errors string
}

// command runs one command line as main does.
func command(args ...string) ran {
	var out, errors bytes.Buffer
	code := run(args, streams{strings.NewReader(""), &out, &errors}, func(string) string { return "" })
	return ran{code, out.String(), errors.String()}
}

// gated runs cutover gate for phase 100 against a server.
func gated(t testing.TB, s *server, args ...string) ran {
	t.Helper()
	return gatedBy(t, s, guard, args...)
}

// gatedBy is gated with another gate.yaml.
func gatedBy(t testing.TB, s *server, guard string, args ...string) ran {
	t.Helper()
	listening := httptest.NewServer(s)
	defer listening.Close()
	dir := t.TempDir()
	kubeconfig, file := filepath.Join(dir, "kubeconfig"), filepath.Join(dir, "gate.yaml")
	for name, content := range map[string]string{
		file: guard,
		kubeconfig: "apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters: [{name: a, cluster: {server: '" + listening.URL +
			"'}}]\nusers: [{name: a, user: {}}]\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n",
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "KUBECONFIG", kubeconfig)
	}
	return command(append([]string{"gate", "--phase", "100", "--gate", file, "--kubeconfig", kubeconfig}, args...)...)
}

func (r ran) says(t testing.TB, code int, out, errors string) {
	t.Helper()
	if r.code != code || !strings.Contains(r.out, out) || !strings.Contains(r.errors, errors) {
		t.Errorf("exit code %d, want %d\n%s%s", r.code, code, r.out, r.errors)
	}
}

func TestTheGateLetsTheNextPhaseInAndScales(t *testing.T) {
	s := pair("095", "090")
	gated(t, s).says(t, exitDone, "095 is done, and this phase follows", "")
	if len(s.writes) != 1 || s.writes[0] != "PATCH "+deployment {
		t.Errorf("it wrote %v", s.writes)
	}
	again := gated(t, s)
	again.says(t, exitDone, "replicas is 0", "")
	if len(s.writes) != 1 {
		t.Errorf("again it wrote %v", s.writes)
	}
	if !strings.Contains(again.out, "gate mirror-running") || !strings.Contains(again.out, "not asked") {
		t.Errorf("it does not say what was not asked:\n%s", again.out)
	}
}

func TestTheGateRefusesAPhaseOutOfOrderAndTouchesNothing(t *testing.T) {
	s := pair("010", "090")
	gated(t, s).says(t, exitFindings, "refused: 010 is done", "phase 095 would be skipped")
	if len(s.writes) > 0 {
		t.Errorf("it wrote %v", s.writes)
	}
}

func TestTheGateAsksTheOtherClusterWhereItCan(t *testing.T) {
	s := pair("095", "080")
	gated(t, s, "--peer-kubeconfig", "KUBECONFIG").says(t, exitFindings, "order there", "the target's ledger says that 080 is done")
	if len(s.writes) > 0 {
		t.Errorf("it wrote %v", s.writes)
	}
	s = pair("095", "090")
	gated(t, s, "--peer-kubeconfig", "KUBECONFIG").says(t, exitDone, "090 is done", "")
	gated(t, s, "--peer-kubeconfig", "not-brought").says(t, exitFailure, "", "the Secret that gitops.gates.peer names, which has to be brought")
}

func TestADryRunOfTheGateWritesNothing(t *testing.T) {
	s := pair("095", "090")
	gated(t, s, "--dry-run").says(t, exitDone, "replicas would go from 2 to 0 (dry run)", "")
	gated(t, s, "--dry-run", "--done").says(t, exitDone, "100 would be written, is 095 (dry run)", "")
	if len(s.writes) > 0 {
		t.Errorf("it wrote %v", s.writes)
	}
}

func TestAPhaseIsWrittenDownOnce(t *testing.T) {
	s := pair("095", "090")
	gated(t, s, "--done").says(t, exitDone, "100 written, was 095", "")
	gated(t, s, "--done").says(t, exitDone, "100 is written already", "")
	if len(s.writes) != 1 || s.writes[0] != "PUT "+ledgerPath {
		t.Errorf("it wrote %v", s.writes)
	}
}

func TestALedgerThatIsMissingIsMade(t *testing.T) {
	s := pair("", "")
	delete(s.objects, ledgerPath)
	gated(t, s, "--done").says(t, exitFindings, "refused: none is done", "phases 010, 095 would be skipped")
	gated(t, s, "--done", "--adopt", "CHG-1042").says(t, exitDone, "100 written, was none", "")
	data, _ := s.objects[ledgerPath]["data"].(map[string]any)
	if data["done"] != "100" || !strings.Contains(fmt.Sprint(data["100"]), `"adopted":"CHG-1042"`) {
		t.Errorf("the ledger is %v", data)
	}
}

func TestAWorkloadThatIsMissingKeepsNoOtherFromStopping(t *testing.T) {
	s := pair("095", "090")
	delete(s.objects, deployment)
	gated(t, s).says(t, exitFailure, "failed", "Deployment apps/app")
}

func TestTheGateTellsMachinesInJSON(t *testing.T) {
	var report gate.Report
	got := gated(t, pair("120", "090"), "-o", "json")
	if err := json.Unmarshal([]byte(got.out), &report); err != nil {
		t.Fatalf("%v\n%s", err, got.out)
	}
	if got.code != exitDone || report.Phase != "100" || report.Cluster != "source" || report.Direction != "revert" || len(report.Checks) != 4 {
		t.Errorf("got %+v", report)
	}
}

func TestAnotherNamespaceOfTheLedgerIsTaken(t *testing.T) {
	gated(t, pair("095", "120"), "--namespace", "streams").says(t, exitDone, "120 is done, and is taken back", "")
}
