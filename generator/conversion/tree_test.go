package conversion

import (
	"reflect"
	"strings"
	"testing"

	"cutover/generator/document"
)

// checkTree requires that a text that the fast reader takes means the same to the parser.
func checkTree(t *testing.T, text string) (taken bool) {
	t.Helper()
	root, ok := tree([]byte(text))
	if !ok {
		return false
	}
	documents, err := document.Read("spec.yaml", strings.NewReader(text), document.DefaultLimits())
	if err != nil || len(documents) != 1 {
		t.Skip("no YAML, which is for others to find")
	}
	if got, want := document.Value(root), document.Value(documents[0].Root); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v, in:\n%s", got, want, text)
	}
	return true
}

func TestTheFastReaderReadsWhatTheParserReads(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		taken bool
	}{
		"a topic":                     {"spec:\n  config:\n    retention.ms: -1\n    a: \"1\"\n    b: 'x'\n  partitions: 3\n  replicas: 2 # two\n", true},
		"lists of mappings":           {"spec:\n  acls:\n  - host: \"*\"\n    resource:\n      name: a\n  - operation: Read\n", true},
		"a list that is indented":     {"spec:\n  a:\n    - x\n    - 1\n  b: []\n  c: {}\n  d:\n", true},
		"a list in a list of objects": {"a:\n- b:\n  - c: 1\n  - c: 2\n  d: yes\n", true},
		"numbers, dates and null":     {"a: 1e3\nb: 0x1F\nc: 2020-01-01\nd: ~\ne: 9223372036854775808\nf: .5\ng: true\n", true},
		"indented as a whole":         {"  spec:\n    a: 1\n", true},
		"a key twice":                 {"a: 1\na: 2\n", false},
		"a merge key":                 {"<<: 1\n", false},
		"text of two lines":           {"a: one\n  two\n", false},
		"a block scalar":              {"a: |\n  one\n", false},
		"a flow mapping":              {"a: {b: c}\n", false},
		"an escape":                   {"a: \"\\n\"\n", false},
		"columns that do not match":   {"a:\n    b: 1\n  c: 2\n", false},
		"a list of lists":             {"a:\n- - b\n", false},
		"an anchor":                   {"a: &b c\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			if taken := checkTree(t, test.text); taken != test.taken {
				t.Errorf("taken: %v, want %v", taken, test.taken)
			}
		})
	}
}

func FuzzTheFastReaderReadsWhatTheParserReads(f *testing.F) {
	f.Add("spec:\n  acls:\n  - host: \"*\"\n    resource:\n      name: a # c\n  - operation: Read\n  b: []\n")
	f.Add("a:\n- b:\n  - c: 1\n  - - c\n  d: 'it'\n? x\n: y\n")
	f.Fuzz(func(t *testing.T, text string) { checkTree(t, text) })
}
