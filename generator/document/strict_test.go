package document_test

import (
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
)

type broker struct {
	Replicas int32             `yaml:"replicas"`
	Version  string            `yaml:"version,omitempty"`
	Config   map[string]any    `yaml:"config"`
	Labels   map[string]string `yaml:"labels"`
	Hidden   string            `yaml:"-"`
}

type cluster struct {
	Kind    string            `yaml:"kind"`
	Kafka   *broker           `yaml:"kafka"`
	Volumes []broker          `yaml:"volumes"`
	ByName  map[string]broker `yaml:"byName"`
}

// wantFinding checks that err is one finding of a rule on a line; no rule wants no error.
func wantFinding(t *testing.T, err error, rule string, line int) {
	t.Helper()
	found := finding.From(err)
	if rule == "" {
		if err != nil {
			t.Errorf("got %v, want no error", err)
		}
		return
	}
	if len(found) != 1 || found[0].Rule != rule || found[0].Line != line {
		t.Errorf("got %+v (%v), want one %s on line %d", found, err, rule, line)
	}
}

func TestStrictDecodingNamesTheNearestField(t *testing.T) {
	for _, test := range []struct {
		name, text, message, hint string
		line                      int
	}{
		{"on the top", "kind: A\nkafca: {}\n", "unknown field kafca", "did you mean kafka?", 2},
		{"in another case", "Kind: A\n", "unknown field Kind", "did you mean kind?", 1},
		{"behind a pointer", "kafka:\n  replica: 3\n", "unknown field kafka.replica", "did you mean replicas?", 2},
		{"in a list", "volumes:\n- replicas: 1\n- verison: a\n", "unknown field volumes[1].verison", "did you mean version?", 3},
		{"in a map of structs", "byName:\n  a:\n    confg: {}\n", "unknown field byName.a.confg", "did you mean config?", 3},
		{"nothing is near", "completelyDifferent: 1\n", "unknown field completelyDifferent", "known here: byName, kafka, kind, volumes", 1},
		{"a field that YAML must not set", "kafka:\n  Hidden: x\n", "unknown field kafka.Hidden", "known here", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			var into cluster
			err := readOne(t, test.text).Decode(&into)
			wantFinding(t, err, "unknown-field", test.line)
			if found := finding.From(err); len(found) == 1 {
				if found[0].Message != test.message || !strings.Contains(strings.ToLower(found[0].Hint), strings.ToLower(test.hint)) {
					t.Errorf("got %q (%q), want %q (%q)", found[0].Message, found[0].Hint, test.message, test.hint)
				}
			}
		})
	}
}

func TestEveryUnknownFieldIsReported(t *testing.T) {
	var into cluster
	err := readOne(t, "knd: A\nkafka:\n  replica: 3\n  versoin: x\nvolumes:\n- x: 1\n").Decode(&into)
	var lines []int
	for _, f := range finding.From(err) {
		lines = append(lines, f.Line)
	}
	if len(lines) != 4 || lines[0] != 1 || lines[1] != 3 || lines[2] != 4 || lines[3] != 6 {
		t.Errorf("got findings on lines %v, want 1, 3, 4 and 6: %v", lines, err)
	}
}

func TestValuesOfTheWrongTypeAreFindingsWithTheirLine(t *testing.T) {
	for _, test := range []struct {
		name, text string
		lines      []int
	}{
		{"text for a number", "kind: A\nkafka:\n  replicas: many\n", []int{3}},
		{"a list for a mapping", "kind: A\nkafka: [a]\n", []int{2}},
		{"a mapping for text", "kind: {a: 1}\n", []int{1}},
		{"a number beyond 32 bits", "kafka:\n  replicas: 3000000000\n", []int{2}},
		{"a decimal for a number", "kafka:\n  replicas: 1.5\n", []int{2}},
		{"two of them", "kind: [a]\nkafka:\n  replicas: many\n", []int{1, 3}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var into cluster
			err := readOne(t, test.text).Decode(&into)
			found := finding.From(err)
			if len(found) != len(test.lines) {
				t.Fatalf("got %v, want findings on lines %v", err, test.lines)
			}
			for i, f := range found {
				if f.Line != test.lines[i] || f.File != "export.yaml" || f.Hint == "" {
					t.Errorf("got %+v, want one on line %d with a hint", f, test.lines[i])
				}
			}
		})
	}
}

func TestStrictDecodingTakesWhatTheTypesHave(t *testing.T) {
	var into cluster
	text := "kind: A\nkafka:\n  replicas: 3\n  config: {anything.goes: 1}\n  labels: {a: b}\nbyName: {x: {version: \"1\"}}\n"
	if err := readOne(t, text).Decode(&into); err != nil {
		t.Fatal(err)
	}
	if into.Kafka.Replicas != 3 || into.Kafka.Config["anything.goes"] != 1 || into.ByName["x"].Version != "1" {
		t.Errorf("got %+v", into)
	}
}

func TestObjectsDescribeThemselves(t *testing.T) {
	d := readOne(t, "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaTopic\nmetadata:\n  name: orders\n  namespace: kafka\n  labels:\n    strimzi.io/cluster: freight\nspec:\n  config:\n    a: 1\n")
	for _, test := range []struct{ name, got, want string }{
		{"description", d.Describe(), "KafkaTopic kafka/orders"},
		{"group", d.Group(), "kafka.strimzi.io"},
		{"label", d.Label("strimzi.io/cluster"), "freight"},
		{"core group", readOne(t, "apiVersion: v1\nkind: Secret\n").Group(), ""},
		{"without a namespace", readOne(t, "kind: Secret\nmetadata: {name: a}\n").Describe(), "Secret a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.got != test.want {
				t.Errorf("got %q, want %q", test.got, test.want)
			}
		})
	}
	for _, test := range []struct {
		name string
		keys []string
		line int
	}{
		{"the object", nil, 1},
		{"a field", []string{"metadata", "namespace"}, 5},
		{"the nearest parent of a missing field", []string{"spec", "config", "z"}, 9},
	} {
		t.Run("a finding stands at "+test.name, func(t *testing.T) {
			f := d.Finding("rule", "message", "hint", test.keys...)
			if f.Line != test.line || f.Object != "KafkaTopic kafka/orders" || f.Severity != finding.Error {
				t.Errorf("got %+v, want line %d", f, test.line)
			}
		})
	}
	if f := (document.Document{File: "a.yaml"}).Finding("rule", "message", "hint", "spec"); f.Position() != "a.yaml" {
		t.Errorf("a document without a tree gives %q", f.Position())
	}
}
