package apiserver_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/apiserver/cluster/clustertest"
)

// source is a server that holds the objects of the example's export, of the kinds and
// versions that it serves.
type source struct {
	product
	*cluster.Cluster
	kubeconfig string
	// held are the objects as the server has them.
	held []*unstructured.Unstructured
}

func startSource(t *testing.T) source {
	t.Helper()
	s := source{Cluster: clustertest.Start(t)}
	s.product = build(t)
	s.kubeconfig = s.Kubeconfig()
	crds := []string{clustertest.CRDs(t, "0.17.0"), filepath.Join("testdata", "crds")}
	if err := s.InstallCRDs(t.Context(), crds...); err != nil {
		t.Fatal(err)
	}
	namespaces := make(map[string]bool)
	for _, object := range s.export(t) {
		if namespace := object.GetNamespace(); !namespaces[namespace] {
			namespaces[namespace] = true
			s.create(t, namespaceOf(namespace))
		}
		s.create(t, object)
	}
	if len(s.held) < 100 {
		t.Fatalf("the server holds %d objects of the export: it should serve more of its kinds", len(s.held))
	}
	return s
}

func namespaceOf(name string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
	object.SetName(name)
	return object
}

// export reads the manifests of the example's export, without what a server adds itself.
func (s *source) export(t *testing.T) []*unstructured.Unstructured {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.repository, "examples", "freight", "export", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	newer := map[string]string{"extensions/v1beta1": "apps/v1", "batch/v1beta1": "batch/v1"}
	var all []*unstructured.Unstructured
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list struct {
			Items []map[string]any `json:"items"`
		}
		if err := yaml.Unmarshal(content, &list); err != nil {
			t.Fatal(err)
		}
		for _, item := range list.Items {
			object := &unstructured.Unstructured{Object: item}
			for _, field := range []string{"resourceVersion", "uid", "selfLink", "creationTimestamp", "generation", "ownerReferences", "managedFields"} {
				unstructured.RemoveNestedField(item, "metadata", field)
			}
			unstructured.RemoveNestedField(item, "status")
			// Addresses come from the server's own range, and it serves no versions this old.
			unstructured.RemoveNestedField(item, "spec", "clusterIP")
			if version, old := newer[object.GetAPIVersion()]; old {
				object.SetAPIVersion(version)
			}
			all = append(all, object)
		}
	}
	return all
}

// create puts an object on the server. Kinds and versions that today's server has no more
// are left out.
func (s *source) create(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	resource, err := s.Resource(object)
	if err != nil {
		t.Logf("not served: %v", err)
		return
	}
	held, err := resource.Create(t.Context(), object, metav1.CreateOptions{})
	switch {
	case apierrors.IsAlreadyExists(err):
		return
	case apierrors.IsInvalid(err):
		t.Logf("refused by today's server: %v", err)
		return
	case err != nil:
		t.Fatalf("%s: %v", cluster.Identity(object), err)
	}
	if object.GetKind() != "Namespace" {
		s.held = append(s.held, held)
	}
}

// run executes cutover and gives its exit code and both its outputs.
func (s *source) run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	command := exec.CommandContext(t.Context(), s.binary, args...)
	command.Stdout, command.Stderr = &out, &errs
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if text := out.String() + errs.String(); s.reveals(t, text) {
		t.Errorf("cutover %s prints a value of a Secret", strings.Join(args, " "))
	}
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

// reveals tells whether a text holds a Secret's value as the API has it, in base64.
func (s *source) reveals(t *testing.T, text string) bool {
	t.Helper()
	for _, object := range s.held {
		if object.GetKind() != "Secret" {
			continue
		}
		data, _, err := unstructured.NestedStringMap(object.Object, "data")
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range data {
			if len(value) >= 16 && strings.Contains(text, value) {
				return true
			}
		}
	}
	return false
}

// evidence is what an inventory tells of where it comes from.
var evidence = regexp.MustCompile(`(?m)^(- |  - )(live-api|manifests)$`)

// comparable gives an inventory without its evidence and its findings, which name files.
func comparable(text string) string {
	text, _, _ = strings.Cut(text, "\nfindings:")
	return evidence.ReplaceAllString(text, "$1(evidence)")
}

func TestACaptureGivesWhatAnExportOfTheSameServerGives(t *testing.T) {
	s := startSource(t)
	code, live, stderr := s.run(t, "inventory", "--kubeconfig", s.kubeconfig, "--cluster", "freight", "-n", "freight-kafka")
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	list := map[string]any{"apiVersion": "v1", "kind": "List"}
	var items []any
	for _, object := range s.held {
		items = append(items, object.Object)
	}
	list["items"] = items
	content, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "export.json")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	code, exported, stderr := s.run(t, "inventory", "-f", file, "--cluster", "freight", "-n", "freight-kafka")
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	if got, want := comparable(live), comparable(exported); got != want {
		t.Errorf("the capture differs from the export:\n%s", firstDifference(got, want))
	}
	for _, wanted := range []string{"- live-api\n", "\nworkloads:", "\nsecrets:", "\nusers:"} {
		if !strings.Contains(live, wanted) {
			t.Errorf("the capture has no %q", wanted)
		}
	}
	if code, again, _ := s.run(t, "inventory", "--kubeconfig", s.kubeconfig, "--cluster", "freight", "-n", "freight-kafka"); code != 0 || again != live {
		t.Errorf("a second capture gives other bytes, or exit code %d", code)
	}
}

func firstDifference(got, want string) string {
	one, other := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(one), len(other)) {
		if one[i] != other[i] {
			from := max(i-5, 0)
			return "capture:\n" + strings.Join(one[from:min(i+5, len(one))], "\n") + "\nexport:\n" + strings.Join(other[from:min(i+5, len(other))], "\n")
		}
	}
	return "one is longer than the other"
}

func TestSecretsGoFromOneServerToAnother(t *testing.T) {
	s := startSource(t)
	target := clustertest.Start(t)
	create := func(object *unstructured.Unstructured) {
		resource, err := target.Resource(object)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := resource.Create(t.Context(), object, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	create(namespaceOf("freight-streams"))
	secrets := func(verb string, more ...string) (int, map[string]string) {
		args := append([]string{"secrets", verb, filepath.Join(s.repository, "examples", "freight"), "-o", "json", "--phase", "060",
			"--source-kubeconfig", s.kubeconfig, "--target-kubeconfig", target.Kubeconfig()}, more...)
		code, stdout, stderr := s.run(t, args...)
		var report struct {
			Secrets []struct{ Name, Key, State string }
		}
		if err := json.Unmarshal([]byte(stdout), &report); err != nil {
			t.Fatalf("exit code %d: %v\n%s%s", code, err, stdout, stderr)
		}
		states := make(map[string]string)
		for _, row := range report.Secrets {
			states[row.Name+" "+row.Key] = row.State
		}
		return code, states
	}
	code, before := secrets("plan")
	var brought []string
	for key, state := range before {
		if state == "missing" {
			brought = append(brought, key)
		}
	}
	if slices.Sort(brought); code != 2 || len(brought) == 0 {
		t.Fatalf("exit code %d, %v", code, before)
	}
	_, after := secrets("copy")
	for _, key := range brought {
		if after[key] != "equal" {
			t.Errorf("%s is %s", key, after[key])
		}
		name, field, _ := strings.Cut(key, " ")
		checkCopied(t, s, target, name, field)
	}
	_, repeated := secrets("copy")
	for key, state := range after {
		if repeated[key] != state {
			t.Errorf("%s: %s, then %s", key, state, repeated[key])
		}
	}
	// Somebody gives the target another value: it stays, until force says otherwise.
	name, field, _ := strings.Cut(brought[0], " ")
	changed := namespaceOf(name)
	changed.Object = map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": name, "namespace": "freight-streams"}, "stringData": map[string]any{field: "another value"}}
	manifest, err := json.Marshal(changed.Object)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := target.Apply(t.Context(), manifest, cluster.Manager{Name: "somebody", Force: true}); err != nil {
		t.Fatal(err)
	}
	if code, kept := secrets("copy"); code != 2 || kept[brought[0]] != "different" {
		t.Errorf("exit code %d, %s", code, kept[brought[0]])
	}
	if _, forced := secrets("copy", "--force"); forced[brought[0]] != "equal" {
		t.Errorf("it is %s", forced[brought[0]])
	}
	checkCopied(t, s, target, name, field)
}

// checkCopied holds a key on the target against the source's.
func checkCopied(t *testing.T, s source, target *cluster.Cluster, name, key string) {
	t.Helper()
	get := func(c *cluster.Cluster, namespace string) *unstructured.Unstructured {
		object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Secret"}}
		object.SetNamespace(namespace)
		resource, err := c.Resource(object)
		if err != nil {
			t.Fatal(err)
		}
		held, err := resource.Get(t.Context(), name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return held
	}
	here, there := get(s.Cluster, "freight-kafka"), get(target, "freight-streams")
	want, _, _ := unstructured.NestedString(here.Object, "data", key)
	got, _, _ := unstructured.NestedString(there.Object, "data", key)
	if want == "" || got != want {
		t.Errorf("Secret %s has another value under %s", name, key)
	}
	if labels := there.GetLabels(); labels["strimzi.io/kind"] != "KafkaUser" || labels["strimzi.io/cluster"] != "freight" {
		t.Errorf("Secret %s has labels %v", name, labels)
	}
}
