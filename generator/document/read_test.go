package document_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cutover/generator/document"
	"cutover/generator/finding"
)

func read(t testing.TB, text string) []document.Document {
	t.Helper()
	documents, err := document.Read("export.yaml", strings.NewReader(text), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

func readOne(t testing.TB, text string) document.Document {
	t.Helper()
	documents := read(t, text)
	if len(documents) != 1 {
		t.Fatalf("%d documents, one was wanted", len(documents))
	}
	return documents[0]
}

func TestAStreamIsTakenApartIntoItsDocuments(t *testing.T) {
	for _, test := range []struct {
		name, text string
		kinds      []string
		lines      []int
	}{
		{"one document without a marker", "kind: A\n", []string{"A"}, []int{1}},
		{"two documents", "kind: A\n---\nkind: B\n", []string{"A", "B"}, []int{1, 3}},
		{"empty documents are passed over", "---\n---\n# only a comment\n---\nkind: A\n---\n", []string{"A"}, []int{5}},
		{"null documents are passed over", "null\n---\nkind: A\n---\n~\n", []string{"A"}, []int{3}},
		{"nothing at all", "", nil, nil},
		{"comments alone", "# nothing\n", nil, nil},
		{"JSON", `{"kind": "A", "spec": {"n": 1}}`, []string{"A"}, []int{1}},
		{"JSON objects one after the other behind markers", "{\"kind\":\"A\"}\n---\n{\"kind\":\"B\"}\n", []string{"A", "B"}, []int{1, 3}},
		{"a byte order mark", "\ufeffkind: A\n", []string{"A"}, []int{1}},
		{"Windows line ends", "kind: A\r\n---\r\nkind: B\r\n", []string{"A", "B"}, []int{1, 3}},
		{"a document that is ended explicitly", "kind: A\n...\n---\nkind: B\n", []string{"A", "B"}, []int{1, 4}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var kinds []string
			var lines []int
			for _, d := range read(t, test.text) {
				kinds, lines = append(kinds, d.Kind()), append(lines, d.Line())
			}
			if !slices.Equal(kinds, test.kinds) || !slices.Equal(lines, test.lines) {
				t.Errorf("got %v on lines %v, want %v on lines %v", kinds, lines, test.kinds, test.lines)
			}
		})
	}
}

// unknown is the line of an error for which the YAML library tells none.
const unknown = -1

func TestBadStreamsAreRefusedWithTheirLine(t *testing.T) {
	for _, test := range []struct {
		name, text, rule string
		line             int
	}{
		{"a mapping value where none may be", "kind: A\nmetadata:\n  name: a: b\n", "yaml-syntax", 3},
		{"a tab as indentation", "kind: A\nmetadata:\n\tname: a\n", "yaml-syntax", 3},
		{"a quote that is never closed", "kind: A\nname: \"a\n", "yaml-syntax", 2},
		{"a bracket that is never closed", "kind: A\nlist: [a, b\n", "yaml-syntax", 2},
		{"broken JSON", "{\"kind\": \"A\",\n \"name\" \"b\"}\n", "yaml-syntax", 2},
		{"an unknown anchor", "kind: A\nname: *nobody\n", "yaml-syntax", unknown},
		{"a key twice", "kind: A\nname: a\nkind: B\n", "yaml-duplicate-key", 3},
		{"a key twice in a nested mapping", "spec:\n  kafka:\n    replicas: 3\n    version: 2.4.0\n    replicas: 5\n", "yaml-duplicate-key", 5},
		{"a key twice within a list", "items:\n- name: a\n- name: b\n  name: c\n", "yaml-duplicate-key", 4},
		{"a key twice, quoted once", "name: a\n\"name\": b\n", "yaml-duplicate-key", 2},
		{"a key twice in JSON", "{\"a\": 1,\n\"a\": 2}", "yaml-duplicate-key", 2},
		{"a key twice behind an alias", "a: &x {k: 1,\n k: 2}\nb: *x\n", "yaml-duplicate-key", 2},
		{"a merge key", "base: &b {a: 1}\nother:\n  <<: *b\n", "yaml-merge", 3},
		{"a list as a key", "? [a, b]\n: 1\n", "yaml-key", 1},
		{"a list as a document", "kind: A\n---\n- a\n", "not-an-object", 3},
		{"text as a document", "just text\n", "not-an-object", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := document.Read("export.yaml", strings.NewReader(test.text), document.DefaultLimits())
			found := finding.From(err)
			if len(found) != 1 {
				t.Fatalf("got %v, want one finding", err)
			}
			f := found[0]
			if f.Rule != test.rule || (f.Line != test.line && test.line != unknown) || f.File != "export.yaml" || f.Severity != finding.Error {
				t.Errorf("got %s at %s (%s), want %s on line %d", f.Rule, f.Position(), f.Message, test.rule, test.line)
			}
			if f.Hint == "" || f.Message == "" {
				t.Errorf("the finding says too little: %+v", f)
			}
		})
	}
}

func TestTheFirstPlaceOfADuplicateKeyIsNamed(t *testing.T) {
	_, err := document.Read("export.yaml", strings.NewReader("a: 1\nb: 2\n\na: 3\n"), document.DefaultLimits())
	if err == nil || !strings.Contains(err.Error(), `export.yaml:4: key "a" stands twice in one mapping, first on line 1`) {
		t.Errorf("got %v", err)
	}
}

func TestAliasesAreWrittenOut(t *testing.T) {
	d := readOne(t, "first: &labels\n  team: a\n  tier: b\nsecond: *labels\nthird: [*labels]\n")
	var out bytes.Buffer
	if err := document.Encode(&out, d.Root); err != nil {
		t.Fatal(err)
	}
	want := "first:\n  team: a\n  tier: b\nsecond:\n  team: a\n  tier: b\nthird: [{team: a, tier: b}]\n"
	var again bytes.Buffer
	if err := document.Encode(&again, readOne(t, want).Root); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "&*") {
		t.Errorf("anchors or aliases are left:\n%s", out.String())
	}
	if got, want := document.Value(d.Root), document.Value(readOne(t, want).Root); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if line := document.At(d.Root, "second", "tier").Line; line != 4 {
		t.Errorf("the copy stands on line %d, want that of its alias, 4", line)
	}
}

func TestACopyOfAnAliasIsItsOwn(t *testing.T) {
	d := readOne(t, "first: &x {a: 1}\nsecond: *x\n")
	document.Set(document.Child(d.Root, "second"), "a", document.Scalar("changed"))
	if got := document.Text(document.At(d.Root, "first", "a")); got != "1" {
		t.Errorf("changing the copy changed the anchor: %s", got)
	}
}

func bomb(levels, width int) string {
	var out strings.Builder
	out.WriteString("l0: &l0 [x, x]\n")
	for i := 1; i <= levels; i++ {
		fmt.Fprintf(&out, "l%d: &l%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*l%d, ", i-1), width), ", "))
	}
	return out.String()
}

func TestAliasBombsAreRefusedSoon(t *testing.T) {
	for name, text := range map[string]string{
		"a billion laughs":                  bomb(9, 10),
		"a doubling of forty levels":        bomb(40, 2),
		"an anchor that holds itself":       "a: &a [*a, *a]\n",
		"two anchors that hold one another": "a: &a\n  b: &b [*a]\n  c: *b\n",
		"a mapping that holds itself":       "a: &a\n  b: *a\n",
		"many aliases of one wide list":     "w: &w [" + strings.Repeat("x, ", 2000) + "x]\n" + manyAliases(200),
		"the budget is that of the stream":  strings.Repeat("---\nw: &w ["+strings.Repeat("x, ", 999)+"x]\nl: ["+strings.Repeat("*w, ", 59)+"*w]\n", 2),
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := document.Read("export.yaml", strings.NewReader(text), document.DefaultLimits())
			found := finding.From(err)
			if len(found) != 1 || found[0].Rule != "yaml-alias" || found[0].Line == 0 {
				t.Errorf("got %v, want a finding about aliases with its line", err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func manyAliases(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, "k%d: *w\n", i)
	}
	return out.String()
}

func TestAliasesWithinTheLimitAreRead(t *testing.T) {
	read(t, "w: &w ["+strings.Repeat("x, ", 999)+"x]\nl: ["+strings.Repeat("*w, ", 50)+"*w]\n")
}

// endless gives spaces for ever: a reader that does not stop at the limit never ends.
type endless struct{ given int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.given += int64(len(p))
	return len(p), nil
}

func TestAStreamBeyondTheLimitIsRefusedWithoutReadingItWhole(t *testing.T) {
	stream := &endless{}
	_, err := document.Read("big.yaml", stream, document.Limits{Bytes: 1 << 20, Nodes: 10})
	found := finding.From(err)
	if len(found) != 1 || found[0].Rule != "file-too-large" || found[0].File != "big.yaml" {
		t.Fatalf("got %v", err)
	}
	if stream.given > 4<<20 {
		t.Errorf("%d bytes were read to refuse 1 MiB", stream.given)
	}
	if !strings.Contains(found[0].Message, "1 MiB") {
		t.Errorf("the limit is not named: %s", found[0].Message)
	}
}

func TestAStreamOfExactlyTheLimitIsRead(t *testing.T) {
	text := "kind: A\n"
	if _, err := document.Read("a.yaml", strings.NewReader(text), document.Limits{Bytes: int64(len(text)), Nodes: 10}); err != nil {
		t.Error(err)
	}
	if _, err := document.Read("a.yaml", strings.NewReader(text), document.Limits{Bytes: int64(len(text)) - 1, Nodes: 10}); err == nil {
		t.Error("one byte too many was read")
	}
}

func TestListsGiveTheirItems(t *testing.T) {
	for _, test := range []struct {
		name, text string
		names      []string
	}{
		{"an object is its own item", "kind: KafkaTopic\nmetadata: {name: a}\n", []string{"a"}},
		{"a List", "kind: List\nitems:\n- {kind: KafkaTopic, metadata: {name: a}}\n- {kind: Kafka, metadata: {name: b}}\n", []string{"a", "b"}},
		{"a typed list", "kind: KafkaTopicList\nitems:\n- {kind: KafkaTopic, metadata: {name: a}}\n", []string{"a"}},
		{"an empty list", "kind: List\nitems: []\n", nil},
		{"a list of null", "kind: List\nitems: null\n", nil},
		{"items of an object that is no list", "kind: ConfigMapStore\nmetadata: {name: s}\nitems: [1]\n", []string{"s"}},
		{"a List as JSON", `{"kind":"List","items":[{"kind":"Kafka","metadata":{"name":"k"}}]}`, []string{"k"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			items, err := readOne(t, test.text).Items()
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, item := range items {
				names = append(names, item.Name())
				if item.File != "export.yaml" {
					t.Errorf("%s lost its file", item.Describe())
				}
			}
			if !slices.Equal(names, test.names) {
				t.Errorf("got %v, want %v", names, test.names)
			}
		})
	}
}

func TestListsWithSomethingElseThanObjectsAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"items as a mapping":            "kind: List\nitems: {a: 1}\n",
		"an item that is plain text":    "kind: List\nitems:\n- text\n",
		"an item that is null":          "kind: List\nitems:\n- null\n",
		"an item that is itself a list": "kind: List\nitems:\n- [a]\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readOne(t, text).Items()
			if found := finding.From(err); len(found) != 1 || found[0].Line == 0 {
				t.Errorf("got %v, want one finding with its line", err)
			}
		})
	}
}

func TestAnItemKnowsTheLineItStandsOn(t *testing.T) {
	items, err := readOne(t, "kind: List\nitems:\n- kind: A\n  metadata:\n    name: a\n- kind: B\n").Items()
	if err != nil {
		t.Fatal(err)
	}
	if items[0].Line() != 3 || items[1].Line() != 6 {
		t.Errorf("items stand on lines %d and %d, want 3 and 6", items[0].Line(), items[1].Line())
	}
}
