package generator_test

import (
	"bytes"
	"encoding/base64"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/tree"
)

var update = flag.Bool("update", false, "write examples/freight/expected anew")

const expected = example + "/expected"

// golden reads what the example is expected to generate. Its charts are left out: they are
// the tool's own, which another test holds against the embedded ones.
func golden(t testing.TB) tree.Tree {
	t.Helper()
	files := make(tree.Tree)
	err := filepath.WalkDir(expected, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(expected, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestTheExampleGeneratesWhatIsExpected(t *testing.T) {
	got := made(t, example)
	maps.DeleteFunc(got, func(path string, _ []byte) bool { return strings.HasPrefix(path, "charts/") })
	if *update {
		rewrite(t, got)
	}
	want := golden(t)
	for _, path := range differing(want, got) {
		switch {
		case want[path] == nil:
			t.Errorf("%s is generated and not expected", path)
		case got[path] == nil:
			t.Errorf("%s is expected and not generated", path)
		default:
			t.Errorf("%s differs on line %d; run go test ./generator -update and read the difference", path, firstLine(want[path], got[path]))
		}
	}
	if len(want) < 90 {
		t.Errorf("only %d files are expected", len(want))
	}
}

func rewrite(t testing.TB, files tree.Tree) {
	t.Helper()
	if err := os.RemoveAll(expected); err != nil {
		t.Fatal(err)
	}
	for path, content := range files {
		name := filepath.Join(expected, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// firstLine gives the first line on which two files differ.
func firstLine(a, b []byte) int {
	left, right := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range left {
		if i >= len(right) || !bytes.Equal(left[i], right[i]) {
			return i + 1
		}
	}
	return len(left) + 1
}

// secretValues gives every value of the Secrets of an export, as it is written and decoded,
// but for a service account's namespace, which is none.
func secretValues(t testing.TB, content []byte) []string {
	t.Helper()
	documents, err := document.Read("secrets.yaml", bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, d := range documents {
		items, err := d.Items()
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			data, _ := document.Value(document.Child(item.Root, "data")).(map[string]any)
			delete(data, "namespace")
			for _, value := range data {
				text, _ := value.(string)
				values = append(values, text)
				if decoded, err := base64.StdEncoding.DecodeString(text); err == nil {
					values = append(values, string(decoded))
				}
			}
		}
	}
	slices.Sort(values)
	return slices.DeleteFunc(slices.Compact(values), func(value string) bool { return len(value) < 8 })
}
