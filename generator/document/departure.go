package document

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/finding"
)

// Departure is a place at which a document is not what a type says: a field that the type
// does not have (rule unknown-field), or a value of another type (rule wrong-type).
type Departure struct {
	finding.Finding
	// Path leads from the document's root to the place: keys of mappings, and digits for the
	// element of a list.
	Path []string
	// Node is the key of an unknown field, or the value of a wrong type.
	Node *yaml.Node
}

// Unknown tells that the type has no such field.
func (d Departure) Unknown() bool { return d.Rule == unknownField }

// Where gives Path as a reader knows it: spec.kafka.listeners[0].name.
func (d Departure) Where() string { return written(d.Path) }

const (
	unknownField = "unknown-field"
	wrongType    = "wrong-type"
)

// Decode reads what stands at keys of a document, or the whole of it, as a value of the type.
// It gives what can be read, and every place that departs from the type with its line and,
// for a field, the nearest name that the type knows. Null is nothing, as for an API server.
// Whole numbers are read exactly.
func (s Shape[T]) Decode(d Document, keys ...string) (T, []Departure) {
	var into T
	reader, node := departures{file: d.File}, At(d.Root, keys...)
	value, ok := reader.read(node, s.root, keys)
	if !ok {
		return into, reader.found
	}
	content, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(content, &into)
	}
	if err != nil {
		reader.wrong(node, keys, "what stands here cannot be read", otherwise)
	}
	return into, reader.found
}

// Departures gives the places at which what stands at keys of a document, or the whole of it,
// is not what the type says.
func (s Shape[T]) Departures(d Document, keys ...string) []Departure {
	reader := departures{file: d.File}
	reader.read(At(d.Root, keys...), s.root, keys)
	return reader.found
}

// departures walks a tree along a shape. It gives the tree as plain values that JSON can
// hold, without what departs from the shape.
type departures struct {
	file  string
	found []Departure
}

const otherwise = "see the reference of Strimzi's custom resources for what belongs there"

func (d *departures) add(rule string, node *yaml.Node, path []string, message, hint string) {
	d.found = append(d.found, Departure{at(d.file, node, rule, message, hint), slices.Clone(path), node})
}

func (d *departures) wrong(node *yaml.Node, path []string, message, hint string) (any, bool) {
	if len(path) > 0 {
		message = written(path) + ": " + message
	}
	d.add(wrongType, node, path, message, hint)
	return nil, false
}

// read gives a node's value; false where there is none to be had.
func (d *departures) read(node *yaml.Node, s *shape, path []string) (any, bool) {
	switch {
	case node == nil || isNull(node):
		return nil, false
	case s.own:
		return d.readOwn(node, s, path)
	case s.fields != nil:
		return d.readFields(node, s, path)
	case s.goType.Kind() == reflect.Interface:
		return plain(node), true
	case s.element == nil:
		return d.readScalar(node, s, path)
	case s.goType.Kind() == reflect.Map:
		return d.readMap(node, s, path)
	}
	return d.readList(node, s, path)
}

func (d *departures) readFields(node *yaml.Node, s *shape, path []string) (any, bool) {
	if node.Kind != yaml.MappingNode {
		return d.mismatch(node, s, path)
	}
	object := make(map[string]any, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		within := append(slices.Clip(path), key.Value)
		field, ok := s.fields[key.Value]
		if !ok {
			d.add(unknownField, key, within, "unknown field "+written(within), nearest(key.Value, s.names))
			continue
		}
		if value, ok := d.read(node.Content[i+1], field, within); ok {
			object[key.Value] = value
		}
	}
	return object, true
}

func (d *departures) readMap(node *yaml.Node, s *shape, path []string) (any, bool) {
	if node.Kind != yaml.MappingNode {
		return d.mismatch(node, s, path)
	}
	object := make(map[string]any, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i].Value
		if value, ok := d.read(node.Content[i+1], s.element, append(slices.Clip(path), key)); ok {
			object[key] = value
		}
	}
	return object, true
}

func (d *departures) readList(node *yaml.Node, s *shape, path []string) (any, bool) {
	if s.element.goType.Kind() == reflect.Uint8 {
		return d.readScalar(node, s, path) // bytes are text in JSON
	}
	if node.Kind != yaml.SequenceNode {
		return d.mismatch(node, s, path)
	}
	list := make([]any, 0, len(node.Content))
	for i, child := range node.Content {
		if value, ok := d.read(child, s.element, append(slices.Clip(path), strconv.Itoa(i))); ok {
			list = append(list, value)
		}
	}
	return list, true
}

// readOwn lets a type that reads its JSON itself say whether it can.
func (d *departures) readOwn(node *yaml.Node, s *shape, path []string) (any, bool) {
	value := plain(node)
	if s.goType.Kind() == reflect.Map {
		if node.Kind != yaml.MappingNode {
			return d.mismatch(node, s, path)
		}
		return value, true
	}
	content, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(content, reflect.New(s.goType).Interface())
	}
	if err != nil {
		return d.mismatch(node, s, path)
	}
	return value, true
}

func (d *departures) readScalar(node *yaml.Node, s *shape, path []string) (any, bool) {
	if node.Kind != yaml.ScalarNode {
		return d.mismatch(node, s, path)
	}
	kind, value := s.goType.Kind(), plain(node)
	number, isNumber := value.(json.Number)
	switch text, isText := value.(string); {
	case isText && (kind == reflect.String || kind == reflect.Slice):
		return text, true
	case kind == reflect.Bool && isText && node.Style == 0 && oldBoolean.MatchString(text):
		return strings.EqualFold(text, "yes") || strings.EqualFold(text, "y") || strings.EqualFold(text, "on"), true
	case kind == reflect.Bool:
		if _, isBool := value.(bool); isBool {
			return value, true
		}
	case isNumber && (kind == reflect.Float64 || kind == reflect.Float32):
		return number, true
	case isNumber && isInteger(s.goType):
		return d.readInteger(node, number, s, path)
	}
	return d.mismatch(node, s, path)
}

func (d *departures) readInteger(node *yaml.Node, number json.Number, s *shape, path []string) (any, bool) {
	whole, ok := new(big.Int).SetString(number.String(), 10)
	if !ok {
		return d.wrong(node, path, "a fraction stands where a whole number is expected", otherwise)
	}
	if json.Unmarshal([]byte(whole.String()), reflect.New(s.goType).Interface()) != nil {
		return d.wrong(node, path, fmt.Sprintf("the number is beyond the %d bits that it has", s.goType.Bits()), otherwise)
	}
	return number, true
}

func (d *departures) mismatch(node *yaml.Node, s *shape, path []string) (any, bool) {
	hint := otherwise
	switch {
	case node.Kind != yaml.ScalarNode:
	case s.goType.Kind() == reflect.String && !s.own:
		hint = "put it into quotes"
	case node.Tag == "!!str" && (isInteger(s.goType) || s.goType.Kind() == reflect.Bool):
		hint = "write it without quotes"
	}
	return d.wrong(node, path, fmt.Sprintf("%s stands where %s is expected", given(node), wanted(s)), hint)
}

// given names what a node is, for a person.
func given(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return inWords("map")
	case yaml.SequenceNode:
		return inWords("seq")
	}
	return inWords(strings.TrimPrefix(node.Tag, "!!"))
}

// wanted names what a type takes, for a person.
func wanted(s *shape) string {
	switch name := s.goType.String(); name {
	case "resource.Quantity":
		return "a quantity such as 500m or 4Gi"
	case "intstr.IntOrString":
		return "a number or a percentage"
	case "v1.Time", "v1.MicroTime":
		return "a time such as 2021-04-01T00:00:00Z"
	}
	if s.goType.Kind() == reflect.Slice && s.element.goType.Kind() != reflect.Uint8 {
		return inWords("seq")
	}
	if s.goType.Kind() == reflect.Slice {
		return inWords("str") // bytes
	}
	return inWords(s.goType.Kind().String())
}

func written(path []string) string {
	var out strings.Builder
	for i, key := range path {
		_, err := strconv.Atoi(key)
		switch {
		case err == nil && i > 0:
			out.WriteString("[" + key + "]")
		case i > 0:
			out.WriteString("." + key)
		default:
			out.WriteString(key)
		}
	}
	return out.String()
}

// plain gives a tree as what JSON can hold, with every number as it is: a whole one in
// decimal however large. What JSON has no number for, such as .inf, is text.
func plain(node *yaml.Node) any {
	switch {
	case node == nil || isNull(node):
		return nil
	case node.Kind == yaml.MappingNode:
		object := make(map[string]any, len(node.Content)/2)
		for i := 0; i+1 < len(node.Content); i += 2 {
			object[node.Content[i].Value] = plain(node.Content[i+1])
		}
		return object
	case node.Kind == yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, child := range node.Content {
			list[i] = plain(child)
		}
		return list
	}
	return plainScalar(node)
}

func plainScalar(node *yaml.Node) any {
	switch value := scalarValue(node).(type) {
	case bool:
		return value
	case int64:
		return json.Number(strconv.FormatInt(value, 10))
	case float64:
		if content, err := json.Marshal(value); err == nil {
			return json.Number(content)
		}
	}
	if node.Tag == "!!int" || node.Tag == "!!float" && wholeNumber.MatchString(node.Value) {
		if whole, ok := new(big.Int).SetString(node.Value, 0); ok {
			return json.Number(whole.String())
		}
	}
	return node.Value
}
