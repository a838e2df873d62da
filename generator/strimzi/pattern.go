package strimzi

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// match finds the fields that a dotted pattern names and that are not null, in the
// pattern's order. In a pattern {a,b} stands for the keys a and b, and a trailing [] for
// every element of a list.
func match(root *yaml.Node, pattern string) []field {
	return slices.DeleteFunc(matchAll(root, pattern), field.empty)
}

// matchAll is match with the fields that are null.
func matchAll(root *yaml.Node, pattern string) []field {
	found := []field{{value: root}}
	for _, segment := range strings.Split(pattern, ".") {
		var next []field
		for _, parent := range found {
			next = append(next, step(parent, segment)...)
		}
		found = next
	}
	return found
}

func step(parent field, segment string) []field {
	names, each := strings.CutSuffix(segment, "[]")
	var found []field
	for _, name := range alternatives(names) {
		each := each
		if inner, ok := strings.CutSuffix(name, "[]"); ok {
			name, each = inner, true
		}
		child, ok := entry(parent.value, name)
		if !ok {
			continue
		}
		child.path = joined(".", parent.path, name)
		if each {
			found = append(found, elements(child)...)
			continue
		}
		found = append(found, child)
	}
	return found
}

func alternatives(names string) []string {
	inner, ok := strings.CutPrefix(names, "{")
	if !ok {
		return []string{names}
	}
	return strings.Split(strings.TrimSuffix(inner, "}"), ",")
}

// elements gives the members of a list, each called by its name where it has one.
func elements(list field) []field {
	if list.value.Kind != yaml.SequenceNode {
		return nil
	}
	var found []field
	for i, element := range list.value.Content {
		if isNull(element) {
			continue
		}
		name := document.Text(document.Child(element, "name"))
		if name == "" {
			name = fmt.Sprint(i)
		}
		found = append(found, field{fmt.Sprintf("%s[%s]", list.path, name), list.value, element, element})
	}
	return found
}

// of tells whether a kind is in a row's list of kinds, where none stands for every kind.
func of(kinds []string, kind string) bool { return len(kinds) == 0 || slices.Contains(kinds, kind) }
