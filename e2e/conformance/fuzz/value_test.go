package fuzz_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// read gives YAML as plain JSON values, integers as int64.
func read(text string) (any, error) {
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		return nil, err
	}
	if len(node.Content) == 0 {
		return nil, nil
	}
	return valueOf(node.Content[0]), nil
}

func valueOf(node *yaml.Node) any {
	switch node.Kind {
	case yaml.MappingNode:
		object := make(map[string]any, len(node.Content)/2)
		for i := 0; i+1 < len(node.Content); i += 2 {
			object[node.Content[i].Value] = valueOf(node.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := make([]any, 0, len(node.Content))
		for _, child := range node.Content {
			list = append(list, valueOf(child))
		}
		return list
	}
	return scalarOf(node)
}

func scalarOf(node *yaml.Node) any {
	switch node.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(node.Value, "true")
	case "!!int":
		var number int64
		if node.Decode(&number) == nil {
			return number
		}
	case "!!float":
		var number float64
		if node.Decode(&number) == nil {
			return number
		}
	}
	return node.Value
}

// write gives an object as a person or oc might have written it: its keys in any order, in
// YAML or, one time in six, in JSON.
func write(random *rand.Rand, object map[string]any) (string, error) {
	if random.IntN(6) == 0 {
		content, err := json.MarshalIndent(object, "", "    ")
		return string(content), err
	}
	node, err := nodeOf(random, object)
	if err != nil {
		return "", err
	}
	content, err := yaml.Marshal(node)
	return string(content), err
}

func nodeOf(random *rand.Rand, value any) (*yaml.Node, error) {
	node := &yaml.Node{Kind: yaml.ScalarNode}
	var children []any
	switch value := value.(type) {
	case map[string]any:
		node.Kind, node.Tag = yaml.MappingNode, "!!map"
		names := slices.Sorted(maps.Keys(value))
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for _, name := range names {
			children = append(children, name, value[name])
		}
	case []any:
		node.Kind, node.Tag = yaml.SequenceNode, "!!seq"
		children = value
	case string:
		node.SetString(value)
		if node.Style == 0 && (random.IntN(8) == 0 || !ordinary(value)) {
			node.Style = yaml.DoubleQuotedStyle
		}
	default:
		content, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		node.Value = string(content)
	}
	for _, child := range children {
		one, err := nodeOf(random, child)
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, one)
	}
	return node, nil
}

// ordinary tells a text that no reader of YAML takes for anything else.
func ordinary(text string) bool {
	return len(text) > 5 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// get follows a dotted path of plain keys.
func get(object map[string]any, path string) (any, bool) {
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		object, _ = object[key].(map[string]any)
	}
	found, ok := object[keys[len(keys)-1]]
	return found, ok
}

// put replaces what get finds.
func put(object map[string]any, path string, value any) {
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		object, _ = object[key].(map[string]any)
	}
	object[keys[len(keys)-1]] = value
}

// remove takes away what get finds.
func remove(object map[string]any, path string) {
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		object, _ = object[key].(map[string]any)
	}
	delete(object, keys[len(keys)-1])
}

// nothing is a container without content, which is a leaf as a scalar is.
type nothing struct{ kind string }

// leaves lists every scalar and every empty container by its path. Elements of a list are
// called by their number, those of the listeners by their name where byName is set.
func leaves(value any, byName bool) map[string]any {
	found := make(map[string]any)
	collect(found, "", value, byName)
	return found
}

func collect(into map[string]any, path string, value any, byName bool) {
	switch value := value.(type) {
	case map[string]any:
		if len(value) == 0 {
			into[path] = nothing{"mapping"}
		}
		for name, child := range value {
			collect(into, strings.TrimPrefix(path+"."+name, "."), child, byName)
		}
	case []any:
		if len(value) == 0 {
			into[path] = nothing{"list"}
		}
		for i, child := range value {
			name := fmt.Sprint(i)
			if object, ok := child.(map[string]any); ok && byName && path == listenersPath {
				name = fmt.Sprint(object["name"])
			}
			collect(into, path+"["+name+"]", child, byName)
		}
	default:
		into[path] = value
	}
}

// under gives what follows a path's beginning, and whether it begins so.
func under(path, beginning string) (string, bool) {
	rest, ok := strings.CutPrefix(path, beginning)
	return rest, ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
