package charts_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

var update = flag.Bool("update", false, "write the values tables of the READMEs")

// chartNames are the charts of this folder, in order.
func chartNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*/Chart.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(files))
	for _, file := range files {
		names = append(names, filepath.Dir(file))
	}
	if len(names) != 9 {
		t.Fatalf("found the charts %v, want nine", names)
	}
	return names
}

// load reads one chart afresh, for rendering changes it.
func load(t *testing.T, name string) *chart.Chart {
	t.Helper()
	loaded, err := loader.LoadDir(name)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// tryRender renders a chart as `helm template try NAME -n freight -f values` does,
// schema first, and returns its files by name.
func tryRender(t *testing.T, name, values string) (map[string]string, error) {
	t.Helper()
	parsed, err := chartutil.ReadValues([]byte(values))
	if err != nil {
		t.Fatal(err)
	}
	loaded := load(t, name)
	options := chartutil.ReleaseOptions{Name: "try", Namespace: "freight", Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(loaded, parsed, options, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	return engine.Engine{Strict: true}.Render(loaded, all)
}

// render is tryRender for values that must be good; it returns the objects.
func render(t *testing.T, name, values string) []map[string]any {
	t.Helper()
	files, err := tryRender(t, name, values)
	if err != nil {
		t.Fatal(err)
	}
	paths := make([]string, 0, len(files))
	for path := range files {
		if filepath.Ext(path) == ".yaml" {
			paths = append(paths, path)
		}
	}
	sort.Strings(paths)
	var objects []map[string]any
	for _, path := range paths {
		objects = append(objects, decode(t, path, files[path])...)
	}
	return objects
}

// decode parses a stream of documents and fails on a key that occurs twice in a mapping,
// as Kustomize does.
func decode(t *testing.T, path, text string) []map[string]any {
	t.Helper()
	var objects []map[string]any
	decoder := yaml.NewDecoder(bytes.NewBufferString(text))
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, text)
		}
		if key := duplicate(&node); key != nil {
			t.Errorf("%s:%d: key %q occurs twice", path, key.Line, key.Value)
		}
		var object map[string]any
		if err := node.Decode(&object); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if object != nil {
			objects = append(objects, object)
		}
	}
}

// duplicate finds the first key that its mapping already has.
func duplicate(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.MappingNode {
		seen := map[string]bool{}
		for i := 0; i < len(node.Content); i += 2 {
			if seen[node.Content[i].Value] {
				return node.Content[i]
			}
			seen[node.Content[i].Value] = true
		}
	}
	for _, child := range node.Content {
		if key := duplicate(child); key != nil {
			return key
		}
	}
	return nil
}

// at walks into nested maps and lists: keys are strings, list positions ints. What is
// not there is nil.
func at(value any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			mapping, _ := value.(map[string]any)
			value = mapping[key]
		case int:
			list, _ := value.([]any)
			if key >= len(list) {
				return nil
			}
			value = list[key]
		}
	}
	return value
}

// kinds lists objects as Kind/name.
func kinds(objects []map[string]any) []string {
	names := make([]string, 0, len(objects))
	for _, object := range objects {
		names = append(names, fmt.Sprintf("%s/%s", object["kind"], at(object, "metadata", "name")))
	}
	return names
}

// find returns the object called Kind/name.
func find(t *testing.T, objects []map[string]any, name string) map[string]any {
	t.Helper()
	for i, candidate := range kinds(objects) {
		if candidate == name {
			return objects[i]
		}
	}
	t.Fatalf("no %s among %v", name, kinds(objects))
	return nil
}

// valuesFiles gives the defaults (no values) and each of a chart's ci files, by name.
func valuesFiles(t *testing.T, name string) map[string]string {
	t.Helper()
	files := map[string]string{"defaults": ""}
	paths, err := filepath.Glob(filepath.Join(name, "ci", "*-values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("chart %s has no realistic values file in ci", name)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = string(text)
	}
	return files
}
