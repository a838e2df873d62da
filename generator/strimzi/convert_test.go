package strimzi_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/strimzi"
)

var update = flag.Bool("update", false, "write what the code gives to testdata")

func target(t testing.TB, distribution strimzi.Distribution, name string) strimzi.Version {
	t.Helper()
	version, err := strimzi.LookupVersion(distribution, name)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func parse(t testing.TB, text string) document.Document {
	t.Helper()
	documents, err := document.Read("export.yaml", strings.NewReader(text), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if len(documents) != 1 {
		t.Fatalf("%d documents, one was wanted", len(documents))
	}
	return documents[0]
}

func text(t testing.TB, documents ...document.Document) string {
	t.Helper()
	var roots []*yaml.Node
	for _, doc := range documents {
		roots = append(roots, doc.Root)
	}
	var out strings.Builder
	if err := document.Encode(&out, roots...); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// example is one file of testdata/convert: what it shows, and the sections before, after
// and changes.
type example struct{ path, about, before, after, changes string }

func examples(t testing.TB) map[string]example {
	t.Helper()
	paths, err := filepath.Glob("testdata/convert/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	all := make(map[string]example)
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		about, rest, _ := strings.Cut(string(content), "-- before --\n")
		before, rest, _ := strings.Cut(rest, "-- after --\n")
		after, changes, ok := strings.Cut(rest, "-- changes --\n")
		if !ok {
			t.Fatalf("%s lacks a section", path)
		}
		name := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(path), ".txt"), "_", " ")
		all[name] = example{path, about, before, after, changes}
	}
	return all
}

func changeLines(t testing.TB, changes []strimzi.Change) string {
	t.Helper()
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for _, change := range changes {
		if err := encoder.Encode(change); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestConvert(t *testing.T) {
	for name, example := range examples(t) {
		t.Run(name, func(t *testing.T) {
			conversion, err := strimzi.Convert(parse(t, example.before), target(t, strimzi.AMQStreams, "1.8"))
			if err != nil {
				t.Fatal(err)
			}
			after, changes := text(t, conversion.Objects...), changeLines(t, conversion.Changes)
			if *update {
				content := example.about + "-- before --\n" + example.before + "-- after --\n" + after + "-- changes --\n" + changes
				if err := os.WriteFile(example.path, []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if after != example.after {
				t.Errorf("after, got:\n%s\nwant:\n%s", after, example.after)
			}
			if changes != example.changes {
				t.Errorf("changes, got:\n%s\nwant:\n%s", changes, example.changes)
			}
		})
	}
}
