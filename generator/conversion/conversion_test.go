package conversion_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"cutover/generator/conversion"
	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi"
)

func target(t testing.TB) strimzi.Version {
	t.Helper()
	version, err := strimzi.LookupVersion(strimzi.AMQStreams, "1.8")
	if err != nil {
		t.Fatal(err)
	}
	return version
}

type outcome struct {
	text    string
	changes []conversion.Change
	result  conversion.Result
}

func convert(t testing.TB, input string) outcome {
	t.Helper()
	var out bytes.Buffer
	var got outcome
	source := conversion.Source{Name: "export.yaml", Content: strings.NewReader(input), Size: int64(len(input))}
	result, err := conversion.Convert(t.Context(), source, target(t), conversion.Text(&out), func(c conversion.Change) error {
		got.changes = append(got.changes, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got.text, got.result = out.String(), result
	return got
}

// originals is an editor that puts together what the stream was.
type originals struct{ bytes.Buffer }

func (o *originals) Keep(text []byte) error         { o.Write(text); return nil }
func (o *originals) Replace(before, _ []byte) error { o.Write(before); return nil }

func joined(t testing.TB, input string) string {
	t.Helper()
	var out originals
	source := conversion.Source{Name: "export.yaml", Content: strings.NewReader(input), Size: int64(len(input))}
	if _, err := conversion.Convert(t.Context(), source, target(t), &out, func(conversion.Change) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// whole converts a stream by parsing all of it at once; ok tells that it could be.
func whole(t testing.TB, input string) (values []any, ok bool) {
	t.Helper()
	documents, err := document.Read("export.yaml", strings.NewReader(input), document.DefaultLimits())
	if err != nil {
		return nil, false
	}
	for _, doc := range documents {
		items, err := doc.Items()
		if err != nil {
			return nil, false
		}
		for _, item := range items {
			made, err := strimzi.Convert(item, target(t))
			if err != nil {
				return nil, false
			}
			for _, object := range made.Objects {
				values = append(values, document.Value(object.Root))
			}
		}
	}
	return values, true
}

// objects gives the objects of a stream as values.
func objects(t testing.TB, input string) []any {
	t.Helper()
	documents, err := document.Read("result.yaml", strings.NewReader(input), document.DefaultLimits())
	if err != nil {
		t.Fatalf("%v in:\n%s", err, input)
	}
	var values []any
	for _, doc := range documents {
		items, err := doc.Items()
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			values = append(values, document.Value(item.Root))
		}
	}
	return values
}

// corpus is every example of the rules, alone and as elements of a List, and the export of
// the freight example.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	all := make(map[string]string)
	examples, err := filepath.Glob("../strimzi/testdata/convert/*.txt")
	exports, err2 := filepath.Glob("../../examples/freight/export/*.yaml")
	if err != nil || err2 != nil || len(examples) == 0 || len(exports) == 0 {
		t.Fatalf("no corpus: %v %v", err, err2)
	}
	for _, path := range slices.Concat(examples, exports) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(content)
		name := filepath.Base(path)
		if _, rest, ok := strings.Cut(text, "-- before --\n"); ok {
			text, _, _ = strings.Cut(rest, "-- after --\n")
			all[name+" in a List"] = inList(t, text)
		}
		all[name] = text
	}
	return all
}

func inList(t testing.TB, text string) string {
	t.Helper()
	documents, err := document.Read("example.yaml", strings.NewReader(text), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, doc := range documents {
		list.Content = append(list.Content, doc.Root)
	}
	root := document.Mapping(document.Scalar("apiVersion"), document.Scalar("v1"), document.Scalar("items"), list,
		document.Scalar("kind"), document.Scalar("List"), document.Scalar("metadata"), document.Mapping())
	var out strings.Builder
	if err := document.Encode(&out, root); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestConvertingByStreamEqualsConvertingWhole(t *testing.T) {
	for name, input := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			got := convert(t, input)
			if err := withoutLint(got.result.Findings).Err(); err != nil {
				t.Fatal(err)
			}
			want, ok := whole(t, input)
			if !ok {
				t.Fatal("the example cannot be converted")
			}
			if have := objects(t, got.text); !reflect.DeepEqual(have, want) {
				t.Errorf("got:\n%v\nwant:\n%v\nin:\n%s", have, want, got.text)
			}
		})
	}
}

// withoutLint leaves only what keeps an object from being converted.
func withoutLint(findings finding.List) finding.List {
	return slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return !strings.HasPrefix(f.Rule, "convert-") })
}

func TestConvertingTwiceEqualsConvertingOnceToTheByte(t *testing.T) {
	for name, input := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			once := convert(t, input)
			twice := convert(t, once.text)
			if twice.text != once.text || len(twice.changes) > 0 || twice.result.Changed > 0 {
				t.Errorf("%d changes, got:\n%s\nwant:\n%s", len(twice.changes), twice.text, once.text)
			}
		})
	}
}

func TestCuttingThenJoiningGivesTheSameBytes(t *testing.T) {
	for name, input := range corpus(t) {
		for ending, text := range map[string]string{"": input, " without a last line break": strings.TrimSuffix(input, "\n"), " in CRLF": strings.ReplaceAll(input, "\n", "\r\n"), " with a byte order mark": "\ufeff" + input} {
			t.Run(name+ending, func(t *testing.T) {
				if got := joined(t, text); got != text {
					t.Errorf("got:\n%q\nwant:\n%q", got, text)
				}
			})
		}
	}
}

func FuzzCuttingThenJoiningGivesTheSameBytes(f *testing.F) {
	for _, input := range corpus(f) {
		if len(input) < 1<<14 {
			f.Add(input)
		}
	}
	f.Add("%YAML 1.1\n---\nkind: List\nitems:\n- kind: KafkaTopic\n  apiVersion: kafka.strimzi.io/v1beta1\n  a: 'x\n\n    y'\n# c\n-\n...\n--- {a: b}\n")
	f.Add("kind: List\nitems:\n - &a\n   apiVersion: kafka.strimzi.io/v1beta1\n - *a\n")
	f.Fuzz(func(t *testing.T, input string) {
		if got := joined(t, input); got != input {
			t.Fatalf("got:\n%q\nwant:\n%q", got, input)
		}
		got := convert(t, input)
		if got.result.Findings.Err() != nil {
			return
		}
		want, ok := whole(t, input)
		if !ok {
			return
		}
		if have := objects(t, got.text); !reflect.DeepEqual(have, want) {
			t.Errorf("got:\n%v\nwant:\n%v\nin:\n%s", have, want, got.text)
		}
		if again := convert(t, got.text); again.text != got.text {
			t.Errorf("twice:\n%s\nonce:\n%s", again.text, got.text)
		}
	})
}
