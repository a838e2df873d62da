package document

import (
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Child gives the value that stands under key in a mapping, or nil when the mapping
// is nil, is no mapping, or lacks the key.
func Child(mapping *yaml.Node, key string) *yaml.Node {
	if i := index(mapping, key); i >= 0 {
		return mapping.Content[i+1]
	}
	return nil
}

// At follows keys from one mapping into the next, and gives nil where one is missing.
func At(node *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		node = Child(node, key)
	}
	return node
}

// Has tells whether a mapping holds key, be its value null or not.
func Has(mapping *yaml.Node, key string) bool { return index(mapping, key) >= 0 }

// Text gives a scalar's text, or "" for nil, null and what is no scalar.
func Text(node *yaml.Node) string {
	if node == nil || node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		return ""
	}
	return node.Value
}

// Set puts value under key: in the key's place when the mapping has it, else at the end.
func Set(mapping *yaml.Node, key string, value *yaml.Node) {
	if i := index(mapping, key); i >= 0 {
		mapping.Content[i+1] = value
		return
	}
	mapping.Content = append(mapping.Content, Scalar(key), value)
}

// Ensure follows keys from one mapping into the next, putting an empty one wherever there
// is none, also in the place of what is no mapping.
func Ensure(mapping *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		child := Child(mapping, key)
		if child == nil || child.Kind != yaml.MappingNode {
			child = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
			Set(mapping, key, child)
		}
		mapping = child
	}
	return mapping
}

// Remove takes key and its value out of a mapping and gives the value, or nil.
func Remove(mapping *yaml.Node, key string) *yaml.Node {
	i := index(mapping, key)
	if i < 0 {
		return nil
	}
	value := mapping.Content[i+1]
	mapping.Content = append(mapping.Content[:i], mapping.Content[i+2:]...)
	return value
}

// Copy gives a deep copy of a tree.
func Copy(node *yaml.Node) *yaml.Node {
	if node == nil {
		return nil
	}
	copied := *node
	copied.Content = make([]*yaml.Node, len(node.Content))
	for i, child := range node.Content {
		copied.Content[i] = Copy(child)
	}
	return &copied
}

// Scalar gives text as a node that reads back as the same text, quoted where YAML
// would otherwise take it for something else.
func Scalar(text string) *yaml.Node {
	node := &yaml.Node{}
	node.SetString(text)
	if oldBoolean.MatchString(text) || sexagesimal.MatchString(text) || text == "<<" {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

// Mapping gives a mapping node of keys and values in turn.
func Mapping(pairs ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: pairs}
}

// FromValue gives a plain Go value as a tree.
func FromValue(value any) (*yaml.Node, error) {
	var node yaml.Node
	if err := node.Encode(value); err != nil {
		return nil, err
	}
	return &node, nil
}

// Value gives a tree as plain Go values: map[string]any, []any, string, bool, nil,
// int64 and float64. An integer that a float64 cannot hold exactly (2^53 and above in
// size) becomes its text, since YAML readers on its way would round it (helm#11045).
func Value(node *yaml.Node) any {
	switch {
	case node == nil || isNull(node):
		return nil
	case node.Kind == yaml.MappingNode:
		object := make(map[string]any, len(node.Content)/2)
		for i := 0; i+1 < len(node.Content); i += 2 {
			object[node.Content[i].Value] = Value(node.Content[i+1])
		}
		return object
	case node.Kind == yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, child := range node.Content {
			list[i] = Value(child)
		}
		return list
	}
	return scalarValue(node)
}

const maxExactInteger = 1<<53 - 1

var wholeNumber = regexp.MustCompile(`^[-+]?[0-9][0-9_]*$`)

func scalarValue(node *yaml.Node) any {
	switch node.Tag {
	case "!!bool":
		return node.Value == "true" || node.Value == "True" || node.Value == "TRUE"
	case "!!int":
		n, err := strconv.ParseInt(node.Value, 0, 64)
		if err != nil || n > maxExactInteger || n < -maxExactInteger {
			return node.Value
		}
		return n
	case "!!float":
		if wholeNumber.MatchString(node.Value) {
			return node.Value // beyond 64 bits
		}
		if f, err := strconv.ParseFloat(node.Value, 64); err == nil {
			return f
		}
	}
	return node.Value
}

var oldBoolean = regexp.MustCompile(`^(y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$`)

// sexagesimal is what YAML 1.1 takes for a number of base 60.
var sexagesimal = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`)

// Ambiguous tells whether a scalar is written so that a YAML 1.1 reader (kubectl, Helm,
// Kustomize) takes it for something other than the text it seems to be: an unquoted
// boolean, number, date or null.
func Ambiguous(node *yaml.Node) bool {
	if node.Kind != yaml.ScalarNode {
		return false
	}
	quoted := node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	return node.Tag != "!!str" || (!quoted && oldBoolean.MatchString(node.Value))
}

func index(mapping *yaml.Node, key string) int {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return i
		}
	}
	return -1
}
