package apiserver_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
	decoder "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// example is one file that stands for one of Strimzi's own examples, and the
// release whose API it is written in.
type example struct {
	name    string
	release string
	text    []byte
}

// examples reads the folder of examples. A template of OpenShift is there twice: as
// it is, and as what `oc process` makes of it, a List in JSON.
func examples(t *testing.T) []example {
	t.Helper()
	root := filepath.Join("testdata", "examples-0.17")
	var all []example
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) == ".md" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		all = append(all, example{name, releaseOf(name), text})
		if kindOf(text) == (schema.GroupKind{Kind: "Template"}) {
			all = append(all, example{strings.TrimSuffix(name, ".yaml") + "-processed.json", releaseOf(name), process(t, text)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("%s holds no example", root)
	}
	return all
}

// releaseOf tells which release's API an example is written in, by its folder.
func releaseOf(name string) string {
	switch folder, _, _ := strings.Cut(name, "/"); folder {
	case "since-0.18":
		return "0.18.0"
	case "since-0.20":
		return "0.20.1"
	}
	return "0.17.0"
}

// kindOf is the group and kind of a document, empty where it is no object.
func kindOf(document []byte) schema.GroupKind {
	var object struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := yaml.Unmarshal(document, &object); err != nil {
		return schema.GroupKind{}
	}
	return schema.FromAPIVersionAndKind(object.APIVersion, object.Kind).GroupKind()
}

// documents splits a stream into its documents.
func documents(t *testing.T, stream []byte) [][]byte {
	t.Helper()
	var all [][]byte
	reader := decoder.NewYAMLReader(bufio.NewReader(bytes.NewReader(stream)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if document = bytes.TrimSpace(document); len(document) > 0 {
			all = append(all, document)
		}
	}
}

// objects gives the objects of a stream, those in a List one by one, in the order in
// which they are to be applied. What is no object is left out.
func objects(t *testing.T, stream []byte) []manifest {
	t.Helper()
	var texts [][]byte
	for _, document := range documents(t, stream) {
		switch kindOf(document) {
		case schema.GroupKind{}:
		case schema.GroupKind{Kind: "List"}:
			var list struct {
				Items []json.RawMessage `json:"items"`
			}
			if err := yaml.Unmarshal(document, &list); err != nil {
				t.Fatal(err)
			}
			for _, item := range list.Items {
				texts = append(texts, item)
			}
		default:
			texts = append(texts, document)
		}
	}
	manifests, err := parse(bytes.Join(texts, []byte("\n---\n")))
	if err != nil {
		t.Fatal(err)
	}
	return manifests
}

// checkForeign compares what is not Strimzi's, byte by byte. A file without any
// Strimzi resource must come out as it went in.
func checkForeign(t *testing.T, input, output []byte) {
	t.Helper()
	before, after := foreign(t, input), foreign(t, output)
	if !reflect.DeepEqual(before, after) {
		t.Errorf("what is not Strimzi's was changed\n got %q\nwant %q", after, before)
	}
	if len(before) == len(documents(t, input)) && !bytes.Equal(input, output) {
		t.Error("a file without Strimzi resources was changed")
	}
}

// foreign gives the documents that a conversion must not touch. ConfigMaps are not
// among them, for a conversion makes some, and no example has one of its own.
func foreign(t *testing.T, stream []byte) []string {
	t.Helper()
	var texts []string
	for _, document := range documents(t, stream) {
		kind := kindOf(document)
		if kind.Group == strimziGroup || kind.Group == "" && (kind.Kind == "List" || kind.Kind == "ConfigMap") {
			continue
		}
		texts = append(texts, string(document))
	}
	return texts
}

// parameter is a reference in a template: ${{NAME}} stands for the value as JSON
// where that is some, ${NAME} for its text.
var parameter = regexp.MustCompile(`\$\{\{?(\w+)\}?\}`)

// process fills a template with the values that its parameters have by default, as
// `oc process` does.
func process(t *testing.T, text []byte) []byte {
	t.Helper()
	var template struct {
		Parameters []struct{ Name, Value string } `json:"parameters"`
		Objects    []any                          `json:"objects"`
	}
	if err := yaml.Unmarshal(text, &template); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, parameter := range template.Parameters {
		values[parameter.Name] = parameter.Value
	}
	list, err := json.MarshalIndent(map[string]any{
		"apiVersion": "v1",
		"kind":       "List",
		"metadata":   map[string]any{},
		"items":      fill(t, template.Objects, values),
	}, "", "    ")
	if err != nil {
		t.Fatal(err)
	}
	return append(list, '\n')
}

// fill gives value with each reference to a parameter replaced.
func fill(t *testing.T, value any, values map[string]string) any {
	t.Helper()
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = fill(t, value[i], values)
		}
	case map[string]any:
		for key := range value {
			value[key] = fill(t, value[key], values)
		}
	case string:
		filled := parameter.ReplaceAllStringFunc(value, func(reference string) string {
			given, ok := values[strings.Trim(reference, "${}")]
			if !ok {
				t.Fatalf("the template has no parameter for %s", reference)
			}
			return given
		})
		var raw any
		if strings.HasPrefix(value, "${{") && json.Unmarshal([]byte(filled), &raw) == nil {
			return raw
		}
		return filled
	}
	return value
}
