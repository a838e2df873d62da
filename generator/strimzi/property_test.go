package strimzi_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/strimzi"
)

func TestConvertingTwiceEqualsConvertingOnce(t *testing.T) {
	for name, example := range examples(t) {
		t.Run(name, func(t *testing.T) {
			once, err := strimzi.Convert(parse(t, example.before), target(t, strimzi.AMQStreams, "1.7"))
			if err != nil {
				t.Fatal(err)
			}
			twice := again(t, once)
			if got, want := text(t, twice...), text(t, once.Objects...); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// again converts what a conversion gave, as it reads after being written: also under its
// old version, in which the result has to be valid as well.
func again(t testing.TB, once strimzi.Conversion) []document.Document {
	t.Helper()
	var all []document.Document
	for _, object := range once.Objects {
		old := strings.Replace(text(t, object), strimzi.V1Beta2, strimzi.Group+"/v1beta1", 1)
		twice, err := strimzi.Convert(parse(t, old), target(t, strimzi.AMQStreams, "1.7"))
		if err != nil {
			t.Fatal(err)
		}
		if extra := len(twice.Changes); extra > 1 {
			t.Errorf("converting again changed more than the version: %v", twice.Changes)
		}
		all = append(all, twice.Objects...)
	}
	return all
}

func TestConvertLeavesItsInputAlone(t *testing.T) {
	for name, example := range examples(t) {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, example.before)
			before := document.Copy(doc.Root)
			if _, err := strimzi.Convert(doc, target(t, strimzi.AMQStreams, "1.8")); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(before, document.Copy(doc.Root)) {
				t.Error("the input was modified")
			}
		})
	}
}

func TestConvertKeepsEveryScalarThatNoRuleNames(t *testing.T) {
	for name, example := range examples(t) {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, example.before)
			conversion, err := strimzi.Convert(doc, target(t, strimzi.AMQStreams, "1.8"))
			if err != nil {
				t.Fatal(err)
			}
			before, after := map[string]leaf{}, map[string]leaf{}
			scalars(before, "", doc.Root)
			scalars(after, "", conversion.Objects[len(conversion.Objects)-1].Root)
			touched := touched(conversion.Changes)
			for _, path := range slices.Sorted(maps.Keys(before)) {
				if value, ok := after[path]; !under(path, touched) && (!ok || value != before[path]) {
					t.Errorf("%s was %v and is %v", path, before[path], value)
				}
			}
			for _, path := range slices.Sorted(maps.Keys(after)) {
				if _, ok := before[path]; !under(path, touched) && !ok {
					t.Errorf("%s: %v came from nowhere", path, after[path])
				}
			}
			checkMoved(t, conversion.Changes, before, after)
		})
	}
}

// leaf is a scalar and the way it is written.
type leaf struct {
	tag, value string
	style      yaml.Style
}

// checkMoved requires of each move that every scalar arrived, unless a later change
// speaks of it. Where two equal values were merged they may have been written differently.
func checkMoved(t *testing.T, changes []strimzi.Change, before, after map[string]leaf) {
	t.Helper()
	for _, change := range changes {
		if change.To == "" || change.Before != change.After || strings.ContainsAny(change.To, "[,") {
			continue
		}
		for path, value := range before {
			rest, ok := strings.CutPrefix(path, change.Path)
			if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
				continue
			}
			others := slices.DeleteFunc(touched(changes), func(p string) bool { return p == change.To })
			if under(change.To+rest, others) || deeper(path, change.Path, changes) {
				continue
			}
			if arrived := after[change.To+rest]; arrived.tag != value.tag || arrived.value != value.value {
				t.Errorf("%s was %v, and %s is %v", path, value, change.To+rest, arrived)
			}
		}
	}
}

func deeper(path, parent string, changes []strimzi.Change) bool {
	for _, change := range changes {
		if change.Path != parent && strings.HasPrefix(change.Path, parent+".") && under(path, []string{change.Path}) {
			return true
		}
	}
	return false
}

func touched(changes []strimzi.Change) []string {
	var paths []string
	for _, change := range changes {
		paths = append(paths, change.Path)
		for _, to := range strings.Split(change.To, ", ") {
			if to != "" {
				paths = append(paths, to)
			}
		}
	}
	return paths
}

func under(path string, parents []string) bool {
	for _, parent := range parents {
		rest, ok := strings.CutPrefix(path, parent)
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

func scalars(into map[string]leaf, path string, node *yaml.Node) {
	switch {
	case node.Kind == yaml.ScalarNode:
		into[path] = leaf{node.Tag, node.Value, node.Style}
	case node.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			scalars(into, strings.TrimPrefix(path+"."+node.Content[i].Value, "."), node.Content[i+1])
		}
	default:
		for i, child := range node.Content {
			name := document.Text(document.Child(child, "name"))
			if name == "" {
				name = fmt.Sprint(i)
			}
			scalars(into, fmt.Sprintf("%s[%s]", path, name), child)
		}
	}
}

func TestConvertKeepsEveryComment(t *testing.T) {
	for name, example := range examples(t) {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, example.before)
			conversion, err := strimzi.Convert(doc, target(t, strimzi.AMQStreams, "1.8"))
			if err != nil {
				t.Fatal(err)
			}
			after := text(t, conversion.Objects...)
			for _, comment := range comments(doc.Root) {
				if strings.Count(after, comment) != 1 {
					t.Errorf("%q stands %d times in\n%s", comment, strings.Count(after, comment), after)
				}
			}
		})
	}
}

func comments(node *yaml.Node) []string {
	var all []string
	for _, comment := range []string{node.HeadComment, node.LineComment, node.FootComment} {
		for _, line := range strings.Split(comment, "\n") {
			if line != "" {
				all = append(all, line)
			}
		}
	}
	for _, child := range node.Content {
		all = append(all, comments(child)...)
	}
	return all
}

func FuzzConvertIsTotalAndIdempotent(f *testing.F) {
	for _, example := range examples(f) {
		f.Add(example.before)
	}
	f.Add("apiVersion: kafka.strimzi.io/v1beta1\nkind: Kafka\nspec: {kafka: {listeners: {external: {type: [], class: {}, overrides: {bootstrap: 1}}}}}\n")
	f.Fuzz(func(t *testing.T, input string) {
		documents, err := document.Read("fuzz.yaml", strings.NewReader(input), document.DefaultLimits())
		if err != nil {
			t.Skip("no YAML")
		}
		version := target(t, strimzi.AMQStreams, "1.7")
		for _, doc := range documents {
			before := document.Copy(doc.Root)
			strimzi.Lint(doc, version)
			strimzi.CheckListeners(doc)
			conversion, err := strimzi.Convert(doc, version)
			if !reflect.DeepEqual(before, document.Copy(doc.Root)) {
				t.Fatal("the input was modified")
			}
			if err != nil {
				continue
			}
			for _, object := range conversion.Objects {
				strimzi.Lint(object, version)
				twice, err := strimzi.Convert(object, version)
				if err != nil || len(twice.Changes) > 0 {
					t.Fatalf("converting again: %v %v", twice.Changes, err)
				}
			}
		}
	})
}
