package strimzi

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// field is one entry of a mapping, found by its path.
type field struct {
	path       string
	parent     *yaml.Node
	key, value *yaml.Node
}

// find follows a dotted path of plain keys from a mapping.
func find(root *yaml.Node, path string) (field, bool) {
	keys := strings.Split(path, ".")
	parent := document.At(root, keys[:len(keys)-1]...)
	found, ok := entry(parent, keys[len(keys)-1])
	found.path = path
	return found, ok
}

func entry(mapping *yaml.Node, name string) (field, bool) {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return field{}, false
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return field{path: name, parent: mapping, key: mapping.Content[i], value: mapping.Content[i+1]}, true
		}
	}
	return field{}, false
}

// empty tells that a field is null, which the API server takes for absent.
func (f field) empty() bool { return isNull(f.value) }

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Tag == "!!null" }

// remove takes the entry out of its mapping. A comment that stands below it belongs to
// the place rather than to the field, and stays with a neighbour.
func (f field) remove() {
	content := f.parent.Content
	for i := 0; i+1 < len(content); i += 2 {
		if content[i] != f.key {
			continue
		}
		if below := f.key.FootComment; below != "" && len(content) > 2 {
			if i > 0 {
				content[i-2].FootComment = paragraphs(content[i-2].FootComment, below)
			} else {
				content[i+2].HeadComment = paragraphs(below, content[i+2].HeadComment)
			}
			f.key.FootComment = ""
		}
		f.parent.Content = slices.Delete(content, i, i+2)
		return
	}
}

// put adds the entry under another name to the end of a mapping, comments and all; a
// null that stands there gives way.
func (f field) put(mapping *yaml.Node, name string) {
	if old, ok := entry(mapping, name); ok {
		old.remove()
	}
	f.key.Value = name
	mapping.Content = append(mapping.Content, f.key, f.value)
}

// rename keeps the entry in its place, under another name and with another value.
func (f field) rename(name string, value *yaml.Node) {
	for i := 0; i+1 < len(f.parent.Content); i += 2 {
		if f.parent.Content[i] == f.key {
			f.key.Value = name
			f.parent.Content[i+1] = value
			return
		}
	}
}

// same compares by meaning: key order, quoting and comments do not count.
func same(a, b *yaml.Node) bool {
	return reflect.DeepEqual(document.Value(a), document.Value(b))
}

func paragraphs(texts ...string) string { return joined("\n\n", texts...) }

func joined(separator string, texts ...string) string {
	var kept []string
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, separator)
}

// placed gives a new node the position of an old one, so that findings about it name the
// line that a reader has before them.
func placed(node, where *yaml.Node) *yaml.Node {
	node.Line, node.Column = where.Line, where.Column
	for _, child := range node.Content {
		if child.Line == 0 {
			placed(child, where)
		}
	}
	return node
}

// line gives a value as one line of YAML without comments.
func line(node *yaml.Node) string {
	flat := flatten(node, false)
	flat.Style |= yaml.FlowStyle
	if flat.Kind == yaml.ScalarNode {
		return flat.Value
	}
	var out strings.Builder
	if err := document.Encode(&out, flat); err != nil {
		return ""
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// flatten copies a tree for display: no comments, and no values of environment variables,
// which may be secrets.
func flatten(node *yaml.Node, environment bool) *yaml.Node {
	flat := &yaml.Node{Kind: node.Kind, Tag: node.Tag, Value: node.Value, Style: node.Style}
	for i, child := range node.Content {
		key := ""
		if node.Kind == yaml.MappingNode && i%2 == 1 {
			key = node.Content[i-1].Value
		}
		if environment && key == "value" {
			child = document.Scalar("(not shown)")
		}
		within := key == "env" || node.Kind == yaml.SequenceNode && environment
		flat.Content = append(flat.Content, flatten(child, within))
	}
	return flat
}

// asJSON quotes and brackets what a conversion added to a tree that was read from JSON.
func asJSON(node *yaml.Node) {
	if node.Kind != yaml.ScalarNode {
		node.Style |= yaml.FlowStyle
	} else if node.Tag == "!!str" {
		node.Style = yaml.DoubleQuotedStyle
	}
	for _, child := range node.Content {
		asJSON(child)
	}
}

// isJSON tells whether a tree looks like it was read from JSON: in braces, its keys quoted.
func isJSON(root *yaml.Node) bool {
	return root.Style&yaml.FlowStyle != 0 && len(root.Content) > 0 && root.Content[0].Style&yaml.DoubleQuotedStyle != 0
}
