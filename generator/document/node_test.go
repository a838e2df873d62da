package document_test

import (
	"reflect"
	"testing"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

func TestNumbersKeepTheirWorth(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       any
	}{
		{"2^53-1 is a number", "9007199254740991", int64(9007199254740991)},
		{"2^53 is text, since 2^53+1 rounds to it", "9007199254740992", "9007199254740992"},
		{"2^53+1 is text, since a float64 cannot hold it", "9007199254740993", "9007199254740993"},
		{"-2^53 is text", "-9007199254740992", "-9007199254740992"},
		{"1-2^53 is a number", "-9007199254740991", int64(-9007199254740991)},
		{"-2^53-1 is text", "-9007199254740993", "-9007199254740993"},
		{"Long.MAX_VALUE is text", "9223372036854775807", "9223372036854775807"},
		{"Long.MIN_VALUE is text", "-9223372036854775808", "-9223372036854775808"},
		{"2^64-1 is text", "18446744073709551615", "18446744073709551615"},
		{"2^64 is text", "18446744073709551616", "18446744073709551616"},
		{"thirty digits are text", "123456789012345678901234567890", "123456789012345678901234567890"},
		{"0", "0", int64(0)},
		{"-1", "-1", int64(-1)},
		{"a leading zero is octal, as kubectl reads it", "012", int64(10)},
		{"0o is octal", "0o12", int64(10)},
		{"0x is hexadecimal", "0x1F", int64(31)},
		{"an exponent is a float", "1e3", float64(1000)},
		{"what Helm makes of a large number", "6.048e+08", float64(604800000)},
		{"a decimal", "1.5", 1.5},
		{"a version of two numbers is a float", "2.4", 2.4},
		{"a version of three is text", "2.4.0", "2.4.0"},
		{"a quoted number is text", `"3"`, "3"},
		{"a quoted boolean is text", `'true'`, "true"},
		{"true", "true", true},
		{"False", "False", false},
		{"yes is text in YAML 1.2", "yes", "yes"},
		{"null", "null", nil},
		{"nothing", "", nil},
		{"a block is text", "|\n  5\n", "5\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := document.Value(document.Child(readOne(t, "key: "+test.text+"\n").Root, "key")); got != test.want {
				t.Errorf("%s gives %T %v, want %T %v", test.text, got, got, test.want, test.want)
			}
		})
	}
}

func TestNamesThatOldReadersTakeForSomethingElseAreAmbiguous(t *testing.T) {
	for text, want := range map[string]bool{
		"on": true, "off": true, "y": true, "Y": true, "n": true, "yes": true, "no": true, "NO": true, "On": true,
		"true": true, "null": true, "~": true, "012": true, "1e3": true, "0x1f": true, "0o17": true, "5": true, "1.5": true, "2020-01-01": true,
		`"on"`: false, "'012'": false, "|-\n  yes\n": false, "orders": false, "only": false, "yes-men": false, "no.1": false, "1.2.3": false, "e3": false,
		"[a]": false,
	} {
		t.Run(text, func(t *testing.T) {
			if got := document.Ambiguous(document.Child(readOne(t, "name: "+text+"\n").Root, "name")); got != want {
				t.Errorf("got %t, want %t", got, want)
			}
		})
	}
}

func TestIdentityNeedsVersionKindAndAnUnambiguousName(t *testing.T) {
	for _, test := range []struct {
		name, text, rule string
		line             int
	}{
		{"a whole object", "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n", "", 0},
		{"a quoted boolean as name", "apiVersion: v1\nkind: A\nmetadata:\n  name: \"on\"\n", "", 0},
		{"no apiVersion", "kind: A\nmetadata: {name: a}\n", "object-incomplete", 1},
		{"no kind", "apiVersion: v1\nmetadata: {name: a}\n", "object-incomplete", 1},
		{"no name", "apiVersion: v1\nkind: A\nmetadata:\n  labels: {}\n", "object-incomplete", 3},
		{"no metadata", "apiVersion: v1\nkind: A\n", "object-incomplete", 1},
		{"a null name", "apiVersion: v1\nkind: A\nmetadata:\n  name:\n", "object-incomplete", 4},
		{"a name called on", "apiVersion: v1\nkind: A\nmetadata:\n  name: on\n", "yaml-boolean-name", 4},
		{"a name called 1e3", "apiVersion: v1\nkind: A\nmetadata:\n  name: 1e3\n", "yaml-boolean-name", 4},
		{"a name called 012", "apiVersion: v1\nkind: A\nmetadata:\n  name: 012\n", "yaml-boolean-name", 4},
	} {
		t.Run(test.name, func(t *testing.T) { wantFinding(t, readOne(t, test.text).CheckIdentity(), test.rule, test.line) })
	}
}

func TestChildrenAreFoundByTheirKeys(t *testing.T) {
	root := readOne(t, "a:\n  b:\n    c: deep\nempty:\nlist: [1]\n").Root
	for _, test := range []struct {
		name string
		got  any
		want any
	}{
		{"a path of keys", document.Text(document.At(root, "a", "b", "c")), "deep"},
		{"a missing key", document.At(root, "a", "x", "c"), (*yaml.Node)(nil)},
		{"a key of a list", document.At(root, "list", "a"), (*yaml.Node)(nil)},
		{"a key of nil", document.Child(nil, "a"), (*yaml.Node)(nil)},
		{"null has no text", document.Text(document.Child(root, "empty")), ""},
		{"a list has no text", document.Text(document.Child(root, "list")), ""},
		{"a key with null is there", document.Has(root, "empty"), true},
		{"another is not", document.Has(root, "nobody"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !reflect.DeepEqual(test.got, test.want) {
				t.Errorf("got %v, want %v", test.got, test.want)
			}
		})
	}
}

func TestEditsLeaveTheRestAsItWas(t *testing.T) {
	const text = "# head\na: 1 # one\nb: {x: 1}\nc:\n- 3\n"
	for _, test := range []struct {
		name string
		edit func(root *yaml.Node)
		want string
	}{
		{"a key keeps its place when it is set anew",
			func(root *yaml.Node) { document.Set(root, "b", document.Scalar("on")) }, "# head\na: 1 # one\nb: \"on\"\nc:\n- 3\n"},
		{"a new key stands at the end",
			func(root *yaml.Node) { document.Set(root, "d", document.Scalar("x")) }, text + "d: x\n"},
		{"a removed key takes its value along",
			func(root *yaml.Node) { document.Remove(root, "b") }, "# head\na: 1 # one\nc:\n- 3\n"},
		{"the last key can be removed",
			func(root *yaml.Node) { document.Remove(root, "c") }, "# head\na: 1 # one\nb: {x: 1}\n"},
		{"removing what is not there changes nothing",
			func(root *yaml.Node) { document.Remove(root, "z") }, text},
		{"a missing mapping is added, with its parents",
			func(root *yaml.Node) { document.Set(document.Ensure(root, "d", "e"), "f", document.Scalar("x")) }, text + "d:\n  e:\n    f: x\n"},
		{"a mapping that is there is used",
			func(root *yaml.Node) { document.Set(document.Ensure(root, "b"), "z", document.Scalar("2")) }, "# head\na: 1 # one\nb: {x: 1, z: \"2\"}\nc:\n- 3\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := readOne(t, text).Root
			test.edit(root)
			if got := encode(t, root); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

func TestEnsureReplacesNull(t *testing.T) {
	root := readOne(t, "a:\n").Root
	document.Set(document.Ensure(root, "a"), "b", document.Scalar("c"))
	if got, want := encode(t, root), "a:\n  b: c\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRemoveGivesTheValueBack(t *testing.T) {
	root := readOne(t, "a: {b: 1}\n").Root
	if got := document.Text(document.Child(document.Remove(root, "a"), "b")); got != "1" {
		t.Errorf("got %q", got)
	}
	if got := document.Remove(root, "a"); got != nil {
		t.Errorf("removing it again gives %v", got)
	}
	if got := document.Remove(nil, "a"); got != nil {
		t.Errorf("removing from nothing gives %v", got)
	}
}

func TestACopyIsDeep(t *testing.T) {
	root := readOne(t, "a:\n  b: [1, 2]\n").Root
	copied := document.Copy(root)
	document.Set(document.Child(copied, "a"), "b", document.Scalar("changed"))
	if got, want := encode(t, root), "a:\n  b: [1, 2]\n"; got != want {
		t.Errorf("the original became %q", got)
	}
	if document.Copy(nil) != nil {
		t.Error("a copy of nothing is something")
	}
}
