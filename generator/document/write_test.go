package document_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

func encode(t testing.TB, roots ...*yaml.Node) string {
	t.Helper()
	var out bytes.Buffer
	if err := document.Encode(&out, roots...); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWhatNobodyChangedIsWrittenBackToTheLetter(t *testing.T) {
	for name, text := range map[string]string{
		"key order":               "zebra: 1\nalpha: 2\nmiddle: 3\n",
		"a head comment":          "# why\nkey: value\n",
		"a line comment":          "key: value # why\nother: 1\n",
		"a comment in a list":     "list:\n# first\n- a\n- b # second\n",
		"single quotes":           "key: 'value'\n",
		"double quotes":           "key: \"value\"\n",
		"needless quotes":         "name: \"orders\"\n",
		"quoted numbers":          "a: \"1\"\nb: '2'\nc: 3\n",
		"a literal block":         "script: |\n  one\n    two\n\n  three\n",
		"a stripped block":        "script: |-\n  one\n  two\n",
		"a folded block":          "text: >-\n  one two\n",
		"flow mappings":           "resources: {cpu: 1, memory: 2Gi}\n",
		"flow lists":              "topics: [a, b, c]\n",
		"an empty mapping":        "config: {}\n",
		"an empty list":           "items: []\n",
		"null in three forms":     "a: null\nb: ~\nc:\n",
		"lists as oc writes":      "items:\n- a: 1\n  b: 2\n- a: 3\n",
		"lists in lists":          "matrix:\n- - a\n  - b\n- - c\n",
		"Long.MAX_VALUE":          "retention.ms: 9223372036854775807\n",
		"an integer of 30 digits": "n: 123456789012345678901234567890\n",
		"an octal":                "mode: 0644\n",
		"a hexadecimal":           "n: 0x1F\n",
		"an exponent":             "n: 1e3\n",
		"a float's zeros":         "version: 2.70\n",
		"old booleans":            "a: yes\nb: on\nc: y\nd: NO\n",
		"a date":                  "day: 2020-02-29\n",
		"keys with dots":          "log.message.format.version: 2.4\n",
		"quoted keys":             "\"-Xms\": 2g\n'on': 1\n",
		"a long line":             "text: " + strings.Repeat("word ", 60) + "end\n",
		"text beyond ASCII":       "name: Überfracht ✓\n",
		"an escape":               "pattern: \"a\\tb\"\n",
	} {
		t.Run(name, func(t *testing.T) {
			if got := encode(t, readOne(t, text).Root); got != text {
				t.Errorf("got:\n%s\nwant:\n%s", got, text)
			}
		})
	}
}

func TestDocumentsAreWrittenAsOneStream(t *testing.T) {
	documents := read(t, "kind: A\n---\nkind: B\n")
	if got, want := encode(t, documents[0].Root, documents[1].Root), "kind: A\n---\nkind: B\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAScalarReadsBackAsTheSameText(t *testing.T) {
	for _, text := range []string{
		"plain", "on", "off", "y", "n", "yes", "No", "true", "null", "~", "", " ", "012", "0x1f", "1e3", "1_000", "3", "-3.5", ".inf",
		"9223372036854775807", "2020-01-01", "a: b", "# no comment", "- a", "{a}", "*alias", "&anchor", "!tag", "%x", "@x", "`x`",
		"'", "\"", "two\nlines", "trailing ", "tab\there", "é", "\u2028", "|", ">", "<<", "=", "?", ": ", "[", "]",
	} {
		t.Run(text, func(t *testing.T) {
			written := encode(t, document.Mapping(document.Scalar("key"), document.Scalar(text)))
			node := document.Child(readOne(t, written).Root, "key")
			if got := document.Value(node); got != text {
				t.Errorf("%q is written as %q and reads back as %#v", text, written, got)
			}
			if document.Ambiguous(node) {
				t.Errorf("%q is written so that YAML 1.1 readers take it for something else: %q", text, written)
			}
		})
	}
}

func TestMarshalWritesMapsInTheOrderOfTheirKeys(t *testing.T) {
	value := map[string]any{"b": []any{"x", map[string]any{"z": 1, "a": true}}, "a": "on", "c": int64(5)}
	got, err := document.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if want := "a: \"on\"\nb:\n- x\n- a: true\n  z: 1\nc: 5\n"; string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestMarshalFlowWritesOneLine(t *testing.T) {
	for _, test := range []struct {
		value any
		want  string
	}{
		{[]string{"a", "b,c", "on"}, `[a, 'b,c', "on"]`},
		{[]string{}, "[]"},
		{"plain", "plain"},
		{"# hash", `'# hash'`},
		{map[string]any{"a": []any{int64(1), "x"}}, "{a: [1, x]}"},
		{strings.Repeat("long ", 50) + "text", strings.Repeat("long ", 50) + "text"},
	} {
		t.Run(test.want, func(t *testing.T) {
			got, err := document.MarshalFlow(test.value)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestMarshalFlowOfTextWithLineBreaksStaysOneLine(t *testing.T) {
	got, err := document.MarshalFlow(map[string]any{"script": "one\ntwo\n"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "\n") {
		t.Errorf("it has several lines:\n%s", got)
	}
}

func TestParseValueReadsWhatMarshalWrote(t *testing.T) {
	want := map[string]any{"text": "on", "number": int64(3), "list": []any{true, nil, 1.5}, "deep": map[string]any{"x": "9223372036854775807"}}
	content, err := document.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := document.ParseValue("a.yaml", content)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, any(want)) {
		t.Errorf("got %#v, want %#v", got, want)
	}
	empty, err := document.ParseValue("a.yaml", []byte("# nothing\n"))
	if err != nil || !reflect.DeepEqual(empty, any(map[string]any{})) {
		t.Errorf("empty content gives %#v, %v", empty, err)
	}
}
