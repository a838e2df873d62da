package charts_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const (
	tableStart = "<!-- values: written by `go test ./charts -update` -->\n"
	tableEnd   = "<!-- end of values -->\n"
)

func TestReadmeTableIsWhatTheValuesFileSays(t *testing.T) {
	for _, name := range chartNames(t) {
		path := filepath.Join(name, "README.md")
		readme, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, opened := strings.Cut(string(readme), tableStart)
		_, after, closed := strings.Cut(rest, tableEnd)
		if !opened || !closed {
			t.Fatalf("%s has no place for the values: %q … %q", path, tableStart, tableEnd)
		}
		want := before + tableStart + valuesTable(t, name) + tableEnd + after
		if *update {
			write(t, path, want, 0o644)
		} else if string(readme) != want {
			t.Errorf("%s is not up to date; run go test ./charts -update", path)
		}
	}
}

// valuesTable describes the values of a chart, one row for each comment that starts with
// "# --". A value without such a comment, on itself or on a mapping around it, is an error.
func valuesTable(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(name, "values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatalf("%s/values.yaml: %v", name, err)
	}
	var table strings.Builder
	table.WriteString("| Key | Type | Default | Description |\n|---|---|---|---|\n")
	for _, row := range describe(t, name, "", document.Content[0]) {
		table.WriteString(row)
	}
	return table.String()
}

// describe gives the rows of a mapping's values.
func describe(t *testing.T, name, prefix string, mapping *yaml.Node) []string {
	t.Helper()
	var rows []string
	for i := 0; i < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		path := prefix + key.Value
		if strings.Contains(key.Value, ".") {
			path = prefix + `"` + key.Value + `"`
		}
		_, comment, described := strings.Cut(key.HeadComment, "# -- ")
		switch {
		case described:
			rows = append(rows, row(t, path, value, comment))
		case value.Kind == yaml.MappingNode && len(value.Content) > 0:
			rows = append(rows, describe(t, name, path+".", value)...)
			continue
		default:
			t.Errorf("%s/values.yaml:%d: %s has no comment that starts with # --", name, key.Line, path)
		}
		if value.Kind == yaml.MappingNode && strings.Contains(nested(value), "# -- ") {
			rows = append(rows, describe(t, name, path+".", value)...)
		}
	}
	return rows
}

// nested is all comments right below a mapping.
func nested(mapping *yaml.Node) string {
	var comments strings.Builder
	for _, child := range mapping.Content {
		comments.WriteString(child.HeadComment)
	}
	return comments.String()
}

// row is one line of the table; what Markdown would read as a column is escaped.
func row(t *testing.T, path string, value *yaml.Node, comment string) string {
	t.Helper()
	var plain any
	if err := value.Decode(&plain); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	encoder := json.NewEncoder(&compact)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(plain); err != nil {
		t.Fatal(err)
	}
	kind := map[string]string{"!!str": "string", "!!int": "int", "!!float": "float", "!!bool": "bool", "!!seq": "list", "!!map": "object"}[value.Tag]
	bar := strings.NewReplacer("|", `\|`, "\n# ", " ", "\n", "")
	return fmt.Sprintf("| %s | %s | `%s` | %s |\n", path, kind, bar.Replace(compact.String()), bar.Replace(comment))
}
