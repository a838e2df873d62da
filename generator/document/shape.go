package document

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Shape is a Kubernetes API type, taken apart for strict reading: which fields a mapping may
// have, by their json tags with inlined structs opened, and what may stand in each. It is
// made once and never changes; any number of goroutines may use it.
type Shape[T any] struct{ root *shape }

// NewShape takes T apart, which has to be a struct.
func NewShape[T any]() Shape[T] {
	return Shape[T]{shapeOf(reflect.TypeFor[T](), make(map[reflect.Type]*shape))}
}

type shape struct {
	goType reflect.Type
	// own tells that the type reads its JSON itself.
	own bool
	// fields and names are what a struct has; names are sorted.
	fields map[string]*shape
	names  []string
	// element is what stands in a list or a map.
	element *shape
}

// shapeOf takes a type apart; known holds those that are at hand, so that a type may hold
// itself.
func shapeOf(t reflect.Type, known map[reflect.Type]*shape) *shape {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if s, ok := known[t]; ok {
		return s
	}
	s := &shape{goType: t, own: reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())}
	known[t] = s
	switch {
	case s.own:
	case t.Kind() == reflect.Struct:
		s.fields = make(map[string]*shape)
		for name, field := range fieldsOf(t, "json") {
			s.fields[name] = shapeOf(field, known)
			s.names = append(s.names, name)
		}
		slices.Sort(s.names)
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Map:
		s.element = shapeOf(t.Elem(), known)
	}
	return s
}

// fieldsOf gives the fields of a struct by the names that one kind of tag has for them, those
// of inlined structs among them. As in Go, an outer field hides an inner one of its name.
func fieldsOf(t reflect.Type, tag string) map[string]reflect.Type {
	known, inner := make(map[string]reflect.Type), make(map[string]reflect.Type)
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get(tag), ",")
		inlined := slices.Contains(strings.Split(options, ","), "inline") || tag == "json" && field.Anonymous && name == ""
		switch {
		case name == "-" || !field.IsExported() && !field.Anonymous:
		case inlined:
			for name, promoted := range fieldsOf(structOf(field.Type), tag) {
				inner[name] = promoted
			}
		case name == "" && tag == "yaml":
			known[strings.ToLower(field.Name)] = field.Type
		case name == "":
			known[field.Name] = field.Type
		default:
			known[name] = field.Type
		}
	}
	for name, promoted := range inner {
		if _, hidden := known[name]; !hidden {
			known[name] = promoted
		}
	}
	return known
}

func structOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// isAPI tells whether a struct is written with json tags alone, as the types of Kubernetes
// APIs are.
func isAPI(t reflect.Type) bool {
	tagged := false
	for i := range t.NumField() {
		if _, isYAML := t.Field(i).Tag.Lookup("yaml"); isYAML {
			return false
		}
		_, isJSON := t.Field(i).Tag.Lookup("json")
		tagged = tagged || isJSON
	}
	return tagged
}
