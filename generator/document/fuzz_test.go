package document_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// FuzzRead looks for streams that make reading panic or hang, that fail with something else
// than a finding, or that read back otherwise once they were written.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", "kind: A\n", "a: &a [*a]\n", bomb(3, 4), "<<: {a: 1}\n", "? [a]\n: b\n", "{\"a\": [1, 2, {\"b\": null}]}", "a: |\n  x\n---\n...\n",
		"a: !!binary aGVsbG8=\n", "a: !custom {b: c}\n", "a: 0x_1\nb: 1__0\nc: 012\nd: .inf\n", "kind: List\nitems: [{kind: A}]\n", "# c\na: # d\n- e # f\n# g\n",
		"a: 18446744073709551616\n", "a: 2020-01-01\n", "\ufeffa: b", "a: \"\\u2028\"\n", "&a a: *a\n", "- a\n", "a: b\na: c\n",
	} {
		f.Add([]byte(seed))
	}
	limits := document.Limits{Bytes: 1 << 16, Nodes: 1000}
	f.Fuzz(func(t *testing.T, content []byte) {
		began := time.Now()
		documents, err := document.Read("fuzz.yaml", bytes.NewReader(content), limits)
		if took := time.Since(began); took > 10*time.Second {
			t.Fatalf("reading %d bytes took %s", len(content), took)
		}
		if err != nil {
			if len(finding.From(err)) == 0 {
				t.Fatalf("the error is no finding: %v", err)
			}
			return
		}
		for _, d := range documents {
			if _, err := d.Items(); err != nil && len(finding.From(err)) == 0 {
				t.Fatalf("the error is no finding: %v", err)
			}
			_ = d.CheckIdentity()
			readsBack(t, d.Root)
		}
	})
}

// nothingInFlow tells whether a flow list or mapping holds a null that is written as nothing,
// which the YAML library writes as no element at all.
func nothingInFlow(node *yaml.Node, flow bool) bool {
	flow = flow || node.Style&yaml.FlowStyle != 0
	if flow && node.Kind == yaml.ScalarNode && node.Value == "" && node.Tag == "!!null" {
		return true
	}
	for _, child := range node.Content {
		if nothingInFlow(child, flow) {
			return true
		}
	}
	return false
}

func readsBack(t *testing.T, root *yaml.Node) {
	t.Helper()
	if nothingInFlow(root, false) {
		return
	}
	value := document.Value(root)
	var out bytes.Buffer
	if err := document.Encode(&out, root); err != nil {
		t.Fatalf("it cannot be written: %v", err)
	}
	again, err := document.Read("again.yaml", &out, document.DefaultLimits())
	if err != nil {
		t.Fatalf("what was written cannot be read: %v\n%q", err, out.String())
	}
	if len(again) != 1 || !reflect.DeepEqual(document.Value(again[0].Root), value) {
		t.Fatalf("it reads back otherwise")
	}
}
