package crd

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// drawing is one object in the making.
type drawing struct {
	Plan
	wanted map[string]bool
	spent  int
}

// includes decides about an optional field.
func (d *drawing) includes(path string) bool {
	return d.wanted[path] || d.spent < d.Budget && d.Random.Float64() < d.Density
}

// shuffled gives the names in an order of its own, so that no field always has the budget
// to itself.
func (d *drawing) shuffled(properties map[string]v1.JSONSchemaProps) []string {
	names := slices.Sorted(maps.Keys(properties))
	d.Random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names
}

func (d *drawing) value(props *v1.JSONSchemaProps, path string) any {
	d.spent++
	if d.Content != nil {
		if value, ok := d.Content(d.Random, path); ok {
			return value
		}
	}
	if len(props.Enum) > 0 {
		return plain(props.Enum[d.Random.IntN(len(props.Enum))])
	}
	if chosen := d.alternative(props); chosen != nil {
		return d.value(chosen, path)
	}
	switch {
	case props.XIntOrString:
		if d.Random.IntN(2) == 0 {
			return d.integer(props)
		}
		return d.text(props)
	case isOpen(props):
		return d.open(props.Type == "object", 2)
	case props.Type == "array" || props.Items != nil:
		return d.list(props, path)
	case props.Type == "string":
		return d.text(props)
	case props.Type == "integer":
		return d.integer(props)
	case props.Type == "number":
		return d.number(props)
	case props.Type == "boolean":
		return d.Random.IntN(2) == 0
	}
	return d.mapping(props, path)
}

// alternative chooses among alternatives that say what the value is, or gives nil where
// there are none.
func (d *drawing) alternative(props *v1.JSONSchemaProps) *v1.JSONSchemaProps {
	var choices []*v1.JSONSchemaProps
	for _, alternatives := range [][]v1.JSONSchemaProps{props.OneOf, props.AnyOf} {
		for i := range alternatives {
			if describes(&alternatives[i]) {
				choices = append(choices, &alternatives[i])
			}
		}
	}
	if len(choices) == 0 || props.XIntOrString {
		return nil
	}
	return choices[d.Random.IntN(len(choices))]
}

func (d *drawing) mapping(props *v1.JSONSchemaProps, path string) any {
	object := make(map[string]any)
	if len(props.Properties) == 0 {
		values := props.AdditionalProperties.Schema
		for range d.Random.IntN(4) {
			object[d.key()] = d.value(values, path+".*")
		}
		return object
	}
	required, refused := d.together(props)
	for _, name := range d.shuffled(props.Properties) {
		property := props.Properties[name]
		field := path + "." + name
		if slices.Contains(required, name) || !slices.Contains(refused, name) && d.includes(field) {
			object[name] = d.value(&property, field)
		}
	}
	return object
}

// together gives the fields that must be there and those that must not: of alternatives
// that name required fields, one is chosen, and oneOf refuses those of the others.
func (d *drawing) together(props *v1.JSONSchemaProps) (required, refused []string) {
	required = slices.Clone(props.Required)
	for _, alternatives := range [][]v1.JSONSchemaProps{props.OneOf, props.AnyOf} {
		if len(alternatives) == 0 {
			continue
		}
		chosen := d.Random.IntN(len(alternatives))
		required = append(required, alternatives[chosen].Required...)
		for _, other := range alternatives {
			for _, name := range other.Required {
				if !slices.Contains(required, name) {
					refused = append(refused, name)
				}
			}
		}
	}
	return required, refused
}

func (d *drawing) list(props *v1.JSONSchemaProps, path string) any {
	least, most := 0, 3
	if props.MinItems != nil {
		least = int(*props.MinItems)
	}
	if props.MaxItems != nil {
		most = min(most, int(*props.MaxItems))
	}
	most = max(most, least)
	if d.spent >= d.Budget {
		most = min(most, least+1)
	}
	if d.wanted[path] {
		least = max(least, 1)
	}
	list := []any{}
	for range least + d.Random.IntN(most-least+1) {
		if props.Items == nil || props.Items.Schema == nil {
			list = append(list, d.open(false, 1))
			continue
		}
		item := d.value(props.Items.Schema, path+"[]")
		if !slices.ContainsFunc(list, func(other any) bool { return twins(props, item, other) }) {
			list = append(list, item)
		}
	}
	return list
}

// twins tells that a list which is a set or a map cannot hold both values.
func twins(props *v1.JSONSchemaProps, a, b any) bool {
	if props.XListType == nil || *props.XListType == "atomic" {
		return props.UniqueItems && reflect.DeepEqual(a, b)
	}
	if *props.XListType == "set" {
		return reflect.DeepEqual(a, b)
	}
	return !slices.ContainsFunc(props.XListMapKeys, func(key string) bool {
		first, _ := a.(map[string]any)
		second, _ := b.(map[string]any)
		return !reflect.DeepEqual(first[key], second[key])
	})
}

// open gives anything: a mapping if it must be one, no deeper than depth.
func (d *drawing) open(mapping bool, depth int) any {
	choice := d.Random.IntN(8)
	switch {
	case mapping || choice == 0 && depth > 0:
		object := make(map[string]any)
		for range d.Random.IntN(4) {
			object[d.key()] = d.open(false, depth-1)
		}
		return object
	case choice == 1 && depth > 0:
		list := []any{}
		for range d.Random.IntN(3) {
			list = append(list, d.open(false, depth-1))
		}
		return list
	case choice == 2:
		return d.Random.IntN(2) == 0
	case choice == 3:
		return d.Random.Int64N(1<<40) - 1<<20
	case choice == 4:
		return float64(d.Random.IntN(1000)) + 0.5
	}
	return odd[d.Random.IntN(len(odd))]
}

func (d *drawing) key() string {
	segments := []string{"a", "name", "value", "x-y", "log.retention.ms", "example.org/key", "on", "1", "Type", "config"}
	key := segments[d.Random.IntN(len(segments))]
	if d.Random.IntN(2) == 0 {
		key += fmt.Sprint(d.Random.IntN(100))
	}
	return key
}
