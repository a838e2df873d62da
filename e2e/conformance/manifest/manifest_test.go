package manifest_test

import (
	"reflect"
	"strings"
	"testing"

	"cutover/e2e/conformance/manifest"
)

const head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"

func TestDiffSeesWhatAnAPIServerWouldSee(t *testing.T) {
	tests := []struct {
		name, left, right string
		equal             bool
	}{
		{"the order of fields is no difference", head + "data: {x: a, y1: b}", "data: {y1: b, x: a}\n" + head, true},
		{"the order of objects is no difference", head + "---\n" + strings.Replace(head, "a}", "b}", 1), strings.Replace(head, "a}", "b}", 1) + "---\n" + head, true},
		{"comments and empty documents are no difference", "# first\n---\n---\n" + head, head + "---\n# last\n", true},
		{"quotes and block style are no difference", head + "data: {x: 'a'}", head + "data:\n  x: |-\n    a", true},
		{"the items of a List are objects", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}", head, true},
		{"an alias is what it stands for", head + "x: &x [1]\nz: *x", head + "x: [1]\nz: [1]", true},
		{"the order of a list is a difference", head + "x: [1, 2]", head + "x: [2, 1]", false},
		{"a number is not a text", head + "x: 1", head + "x: '1'", false},
		{"a whole number is not a fraction", head + "x: 1", head + "x: 1.0", false},
		{"numbers above 2^53 are exact", head + "x: 9007199254740993", head + "x: 9007199254740992", false},
		{"numbers above 2^64 are exact", head + "x: 18446744073709551617", head + "x: 18446744073709551616", false},
		{"fractions are exact", head + "x: 0.1", head + "x: 0.10000000000000001", false},
		{"a fraction may be written in many ways", head + "x: 1.5e3", head + "x: 1500.00", true},
		{"a plain on is a boolean to Kubernetes", head + "x: on", head + "x: 'on'", false},
		{"a plain yes as key is another key to Kubernetes", head + "x: {yes: 1}", head + "x: {'yes': 1}", false},
		{"a missing field is not null", head, head + "x: null", false},
		{"a time is text", head + "x: 2021-01-01T00:00:00Z", head + "x: '2021-01-01T00:00:00Z'", true},
		{"the end of a text counts", head + "x: |\n  a\n", head + "x: |-\n  a\n", false},
		{"one object more is a difference", head, head + "---\n" + strings.Replace(head, "a}", "b}", 1), false},
		{"the namespace is part of the name", head, strings.Replace(head, "a}", "a, namespace: n}", 1), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			diff := manifest.Diff(parse(t, test.left), parse(t, test.right))
			if (diff == "") != test.equal {
				t.Errorf("equal is %v, want %v\n%s", diff == "", test.equal, diff)
			}
		})
	}
}

func TestParseRefusesWhatIsNoStreamOfObjects(t *testing.T) {
	tests := []struct{ name, stream, want string }{
		{"an object that comes twice", head + "---\n" + head, "comes twice"},
		{"a key that comes twice", head + "x: 1\nx: 2", "comes twice"},
		{"an object without a name", "apiVersion: v1\nkind: ConfigMap", "lacks"},
		{"a list", "- 1", "no object"},
		{"a syntax error", "a: [", "parse"},
		{"infinity", head + "x: .inf", "nothing that JSON has"},
		{"a binary", head + "x: !!binary aGVsbG8=", "nothing that JSON has"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := manifest.Parse([]byte(test.stream))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestJSONGivesNumbersAsAnAPIServerHoldsThem(t *testing.T) {
	stream := head + "x: [9223372036854775807, -1, 0x10, 1_000, 1.5, 18446744073709551616, on, text, null]"
	for _, object := range parse(t, stream) {
		want := []any{int64(9223372036854775807), int64(-1), int64(16), int64(1000), 1.5, 18446744073709551616.0, true, "text", nil}
		if got := object.JSON()["x"]; !reflect.DeepEqual(got, want) {
			t.Errorf("got %#v\nwant %#v", got, want)
		}
	}
}

func parse(t *testing.T, stream string) manifest.Set {
	t.Helper()
	set, err := manifest.Parse([]byte(stream))
	if err != nil {
		t.Fatal(err)
	}
	return set
}
