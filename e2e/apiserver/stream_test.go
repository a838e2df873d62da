package apiserver_test

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	decoder "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// manifest is one document of a stream: the object, and the text that is to
// reach the server as it is.
type manifest struct {
	*unstructured.Unstructured
	text []byte
}

// first lists the kinds that others need to be there, in the order in which a
// deployer applies them. All other kinds come after them.
var first = []string{
	"Namespace",
	"CustomResourceDefinition",
	"ServiceAccount",
	"Secret",
	"ConfigMap",
	"PersistentVolumeClaim",
	"ClusterRole",
	"ClusterRoleBinding",
	"Role",
	"RoleBinding",
	"Service",
}

// parse splits a stream of YAML documents into manifests in the order in which
// they are to be applied.
func parse(stream []byte) ([]manifest, error) {
	var result []manifest
	documents := decoder.NewYAMLReader(bufio.NewReader(bytes.NewReader(stream)))
	for {
		text, err := documents.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		json, err := yaml.YAMLToJSONStrict(text)
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", len(result)+1, err)
		}
		if bytes.Equal(json, []byte("null")) {
			continue
		}
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(json); err != nil {
			return nil, fmt.Errorf("document %d: %w", len(result)+1, err)
		}
		result = append(result, manifest{object, text})
	}
	slices.SortStableFunc(result, func(a, b manifest) int { return cmp.Compare(rank(a), rank(b)) })
	return result, nil
}

func rank(m manifest) int {
	if i := slices.Index(first, m.GetKind()); i >= 0 {
		return i
	}
	return len(first)
}

// census is how many objects of each kind there are: "3 ConfigMap, 1 Kafka".
func census(manifests []manifest) string {
	count := map[string]int{}
	for _, m := range manifests {
		count[m.GetKind()]++
	}
	var lines []string
	for kind, n := range count {
		lines = append(lines, fmt.Sprintf("%d %s", n, kind))
	}
	slices.SortFunc(lines, func(a, b string) int {
		_, kindA, _ := strings.Cut(a, " ")
		_, kindB, _ := strings.Cut(b, " ")
		return cmp.Compare(kindA, kindB)
	})
	return strings.Join(lines, ", ")
}

func TestParseOrdersByKindAndKeepsTheText(t *testing.T) {
	stream := "# head\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\n" +
		"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a} # kept\n" +
		"---\n# nothing\n---\napiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: k}\n" +
		"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n"
	got, err := parse([]byte(stream))
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, m := range got {
		kinds = append(kinds, m.GetKind())
	}
	if want := []string{"Namespace", "ConfigMap", "Deployment", "Kafka"}; !slices.Equal(kinds, want) {
		t.Errorf("got %v, want %v", kinds, want)
	}
	if want := "metadata: {name: a} # kept\n"; !strings.HasSuffix(string(got[1].text), want) {
		t.Errorf("the text was changed: %q", got[1].text)
	}
	if got, want := census(got), "1 ConfigMap, 1 Deployment, 1 Kafka, 1 Namespace"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for sentence, stream := range map[string]string{
		"a repeated key":         "apiVersion: v1\nkind: ConfigMap\nkind: Secret\nmetadata: {name: a}\n",
		"an object without kind": "apiVersion: v1\nmetadata: {name: a}\n",
		"a list at the top":      "- apiVersion: v1\n",
	} {
		if got, err := parse([]byte(stream)); err == nil {
			t.Errorf("%s: want an error, got %v", sentence, got)
		}
	}
}
