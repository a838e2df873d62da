package apiserver_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/apiserver/cluster/clustertest"
)

// strimziGroup is the API group of every resource of Strimzi's.
const strimziGroup = "kafka.strimzi.io"

// sources are the releases the examples are written for; README.md there tells which.
var sources = []string{"0.17.0", "0.18.0", "0.20.1"}

// conversions are the releases converted for, and what --to calls them.
var conversions = []struct {
	strimzi string
	targets []string
}{
	{"0.22.1", []string{"strimzi-0.22", "amq-streams-1.7"}},
	{"0.24.0", []string{"strimzi-0.24", "amq-streams-1.8"}},
}

// TestExamplesAreHonest shows that the examples are what a cluster of their own
// release can hold: without it, that their conversion is accepted means little.
func TestExamplesAreHonest(t *testing.T) {
	all := examples(t)
	for _, release := range sources {
		t.Run(release, func(t *testing.T) {
			server := start(t, release)
			for _, e := range all {
				if e.release != release {
					continue
				}
				t.Run(e.name, func(t *testing.T) {
					namespace := server.namespace(t, "source")
					for _, object := range objects(t, e.text) {
						if served(object) {
							server.roundTrip(t, namespace, object, server.apply)
						}
					}
				})
			}
			if server.accepted == 0 {
				t.Error("no example of the release was applied")
			}
		})
	}
}

// TestExamplesAreAcceptedOnceConverted gives each example to cutover convert, and
// what comes out to a server of the target's release.
func TestExamplesAreAcceptedOnceConverted(t *testing.T) {
	if os.Getenv("CUTOVER_E2E") == "" {
		t.Skip("needs a real kube-apiserver: run e2e/apiserver/run, which sets CUTOVER_E2E")
	}
	all, converter := examples(t), build(t)
	for _, conversion := range conversions {
		t.Run(conversion.strimzi, func(t *testing.T) {
			server := start(t, conversion.strimzi)
			for _, target := range conversion.targets {
				converted := convertEach(t, converter, target, all)
				for i, e := range all {
					t.Run(target+"/"+e.name, func(t *testing.T) {
						checkForeign(t, e.text, converted[i])
						server.accept(t, converted[i])
					})
				}
			}
			t.Logf("%d objects accepted, %d references to ConfigMaps followed", server.accepted, server.followed)
			if server.followed == 0 {
				t.Error("no inline metrics became a ConfigMap")
			}
		})
	}
}

// convertEach converts every example by itself, and checks that their folder and one
// stream of all give the same documents, and a second conversion the same bytes.
func convertEach(t *testing.T, cutover product, target string, all []example) [][]byte {
	t.Helper()
	folder := t.TempDir()
	var inputs, outputs [][]byte
	for i, e := range all {
		// Numbered, for base names repeat and a folder is read in the order of its names.
		file := filepath.Join(folder, fmt.Sprintf("%03d-%s", i, filepath.Base(e.name)))
		if err := os.WriteFile(file, e.text, 0o600); err != nil {
			t.Fatal(err)
		}
		output := command(t, ".", cutover.binary, "convert", "-f", file, "--to", target)
		inputs, outputs = append(inputs, e.text), append(outputs, output)
	}
	separator := []byte("\n---\n")
	want := documents(t, bytes.Join(outputs, separator))
	stream := cutover.convert(t, target, bytes.Join(inputs, separator))
	if !reflect.DeepEqual(documents(t, stream), want) {
		t.Errorf("%s: one stream of all examples gives other documents than each by itself", target)
	}
	if !reflect.DeepEqual(documents(t, command(t, ".", cutover.binary, "convert", "-f", folder, "--to", target)), want) {
		t.Errorf("%s: the folder gives other documents than each file by itself", target)
	}
	if !bytes.Equal(stream, cutover.convert(t, target, stream)) {
		t.Errorf("%s: a second conversion changes what the first gave", target)
	}
	return outputs
}

// convert gives text to cutover convert on standard input.
func (p product) convert(t *testing.T, target string, text []byte) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), p.binary, "convert", "-f", "-", "--to", target)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("convert --to %s: %v\n%s", target, err, stderr.Bytes())
	}
	return stdout.Bytes()
}

// server is a cluster with the CRDs of one release, and what it took so far.
type server struct {
	*cluster.Cluster
	namespaces, accepted, followed int
}

func start(t *testing.T, release string) *server {
	t.Helper()
	s := &server{Cluster: clustertest.Start(t)}
	if err := s.InstallCRDs(t.Context(), clustertest.CRDs(t, release)); err != nil {
		t.Fatal(err)
	}
	return s
}

// namespace makes a namespace of its own for each example: their names repeat.
func (s *server) namespace(t *testing.T, name string) string {
	t.Helper()
	s.namespaces++
	name = fmt.Sprintf("%s-%d", name, s.namespaces)
	if _, err := s.Apply(t.Context(), []byte("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: "+name+"\n"), pipeline); err != nil {
		t.Fatal(err)
	}
	return name
}

// served tells whether a server with Strimzi's CRDs takes the object: it is Strimzi's
// or a ConfigMap. What other operators read is compared, and needs no server.
func served(object manifest) bool {
	return object.GroupVersionKind().Group == strimziGroup || object.GetKind() == "ConfigMap"
}

// accept applies all objects of a conversion to one namespace and creates them in
// another.
func (s *server) accept(t *testing.T, text []byte) {
	t.Helper()
	applied, created := s.namespace(t, "applied"), s.namespace(t, "created")
	for _, object := range objects(t, text) {
		if !served(object) {
			continue
		}
		if group := object.GroupVersionKind().Group; group == strimziGroup && object.GetAPIVersion() != strimziGroup+"/v1beta2" {
			t.Errorf("%s is not v1beta2", cluster.Identity(object.Unstructured))
		}
		s.roundTrip(t, applied, object, s.apply)
		s.roundTrip(t, created, object, s.create)
		s.follow(t, applied, object.Object["spec"])
	}
}

// send is a way to bring an object to the server.
type send func(context.Context, dynamic.ResourceInterface, manifest) error

// apply sends the text as it is by server-side apply.
func (s *server) apply(ctx context.Context, resource dynamic.ResourceInterface, object manifest) error {
	_, err := resource.Patch(ctx, object.GetName(), types.ApplyPatchType, object.text, metav1.PatchOptions{
		FieldManager:    deployer.Name,
		FieldValidation: metav1.FieldValidationStrict,
	})
	return err
}

// create sends the object by a plain POST.
func (s *server) create(ctx context.Context, resource dynamic.ResourceInterface, object manifest) error {
	_, err := resource.Create(ctx, object.DeepCopy(), metav1.CreateOptions{
		FieldManager:    pipeline.Name,
		FieldValidation: metav1.FieldValidationStrict,
	})
	return err
}

// roundTrip sends an object to a namespace and compares what the server then holds:
// nothing may be pruned, defaulted or changed.
func (s *server) roundTrip(t *testing.T, namespace string, object manifest, send send) {
	t.Helper()
	resource := s.in(t, namespace, object.Unstructured)
	if err := send(t.Context(), resource, object); err != nil {
		t.Errorf("refused: %v\n%s", err, object.text)
		return
	}
	live, err := resource.Get(t.Context(), object.GetName(), metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.accepted++
	got, want := content(live), content(object.Unstructured)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s is held otherwise than it was sent\n got %v\nwant %v", cluster.Identity(live), got, want)
	}
}

// in is the client for objects of one kind in a namespace: like Strimzi's own, the
// examples leave the namespace to whoever applies them.
func (s *server) in(t *testing.T, namespace string, object *unstructured.Unstructured) dynamic.ResourceInterface {
	t.Helper()
	object = object.DeepCopy()
	object.SetNamespace(namespace)
	resource, err := s.Resource(object)
	if err != nil {
		t.Fatal(err)
	}
	return resource
}

// follow checks that every key of a ConfigMap that a resource refers to is there.
func (s *server) follow(t *testing.T, namespace string, value any) {
	t.Helper()
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			s.follow(t, namespace, element)
		}
	case map[string]any:
		if reference, ok := value["configMapKeyRef"].(map[string]any); ok {
			wanted := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap"}}
			held, err := s.in(t, namespace, wanted).Get(t.Context(), fmt.Sprint(reference["name"]), metav1.GetOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			if text, _, _ := unstructured.NestedString(held.Object, "data", fmt.Sprint(reference["key"])); text == "" {
				t.Errorf("%s has no key %v", cluster.Identity(held), reference["key"])
			}
			s.followed++
		}
		for _, field := range value {
			s.follow(t, namespace, field)
		}
	}
}

// content is what an object says: all but what the server adds to its metadata.
func content(object *unstructured.Unstructured) map[string]any {
	result := map[string]any{"labels": object.GetLabels(), "annotations": object.GetAnnotations()}
	for key, value := range object.Object {
		if key != "metadata" {
			result[key] = value
		}
	}
	return result
}
