package crd

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// Generator makes random objects of one version of one kind, from its schema as the
// definition states it, alternatives and all.
type Generator struct {
	kind  schema.GroupVersionKind
	props *v1.JSONSchemaProps
}

// Generators reads the served versions of every definition in a folder, of
// apiextensions.k8s.io/v1 or v1beta1.
func Generators(folder string) (map[schema.GroupVersionKind]*Generator, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%s holds no definitions: %w", folder, os.ErrNotExist)
	}
	generators := make(map[schema.GroupVersionKind]*Generator)
	for _, file := range files {
		content, err := os.ReadFile(file) //nolint:gosec // the folder is the caller's choice
		if err != nil {
			return nil, fmt.Errorf("read definitions: %w", err)
		}
		found, err := generatorsOf(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, generator := range found {
			generators[generator.kind] = generator
		}
	}
	return generators, nil
}

// stated is what both API versions of a definition have in common.
type stated struct {
	Spec struct {
		Group string `json:"group"`
		Names struct {
			Kind string `json:"kind"`
		} `json:"names"`
		Versions []struct {
			Name   string                       `json:"name"`
			Served bool                         `json:"served"`
			Schema *v1.CustomResourceValidation `json:"schema"`
		} `json:"versions"`
		// Validation is for the versions that have no schema of their own (v1beta1).
		Validation *v1.CustomResourceValidation `json:"validation"`
	} `json:"spec"`
}

func generatorsOf(content []byte) ([]*Generator, error) {
	var definition stated
	if err := yaml.Unmarshal(content, &definition); err != nil {
		return nil, fmt.Errorf("read the definition: %w", err)
	}
	var generators []*Generator
	for _, version := range definition.Spec.Versions {
		if !version.Served {
			continue
		}
		kind := schema.GroupVersionKind{Group: definition.Spec.Group, Version: version.Name, Kind: definition.Spec.Names.Kind}
		validation := version.Schema
		if validation == nil {
			validation = definition.Spec.Validation
		}
		if validation == nil || validation.OpenAPIV3Schema == nil {
			return nil, fmt.Errorf("%s has no schema", kind)
		}
		generators = append(generators, &Generator{kind, validation.OpenAPIV3Schema})
	}
	return generators, nil
}

// Plan says what an object shall be like.
type Plan struct {
	// Random decides all that the plan leaves open: the same state gives the same object.
	Random *rand.Rand
	// Density is the probability, from 0 to 1, with which an optional field is there.
	Density float64
	// Budget is after how many values optional fields end.
	Budget int
	// Wanted are fields that are there at any rate, wherever their parents can be: dotted
	// paths, such as spec.mirrors[].topicsPattern.
	Wanted []string
	// Content gives the value of a field of which more is known than the schema says, such
	// as what keys a config has; false leaves it to the schema. It may be nil.
	Content func(random *rand.Rand, path string) (any, bool)
}

// Object gives an object that the schema admits, without metadata, as plain JSON values:
// integers as int64.
func (g *Generator) Object(plan Plan) map[string]any {
	d := drawing{Plan: plan, wanted: make(map[string]bool)}
	for _, path := range plan.Wanted {
		for i, r := range path + "." {
			if r == '.' || r == '[' {
				d.wanted[path[:i]] = true
			}
		}
	}
	object := map[string]any{"apiVersion": g.kind.GroupVersion().String(), "kind": g.kind.Kind}
	for _, name := range d.shuffled(g.props.Properties) {
		if slices.Contains([]string{"apiVersion", "kind", "metadata"}, name) {
			continue
		}
		if name == "spec" || d.includes(name) {
			props := g.props.Properties[name]
			object[name] = d.value(&props, name)
		}
	}
	return object
}

// Has tells whether the schema describes, or leaves open, the field at a dotted path, in
// which [] stands for the elements of a list.
func (g *Generator) Has(path string) bool {
	return has(g.props, strings.Split(strings.ReplaceAll(path, "[]", ".[]"), "."))
}

func has(props *v1.JSONSchemaProps, keys []string) bool {
	if len(keys) == 0 || isOpen(props) {
		return true
	}
	for _, alternatives := range [][]v1.JSONSchemaProps{props.OneOf, props.AnyOf} {
		for i := range alternatives {
			if describes(&alternatives[i]) && has(&alternatives[i], keys) {
				return true
			}
		}
	}
	if keys[0] == "[]" {
		return props.Items != nil && props.Items.Schema != nil && has(props.Items.Schema, keys[1:])
	}
	property, ok := props.Properties[keys[0]]
	if !ok && props.AdditionalProperties != nil && props.AdditionalProperties.Schema != nil {
		return has(props.AdditionalProperties.Schema, keys[1:])
	}
	return ok && has(&property, keys[1:])
}

// describes tells an alternative that says what a value is from one that only says which
// fields go together.
func describes(props *v1.JSONSchemaProps) bool { return props.Type != "" }

// isOpen tells a schema that takes any mapping, or anything.
func isOpen(props *v1.JSONSchemaProps) bool {
	if len(props.Properties) > 0 || props.XIntOrString || props.Items != nil {
		return false
	}
	if props.AdditionalProperties != nil && props.AdditionalProperties.Schema != nil {
		return false
	}
	return props.Type == "object" || props.Type == "" && !slices.ContainsFunc(append(props.OneOf, props.AnyOf...),
		func(alternative v1.JSONSchemaProps) bool { return describes(&alternative) })
}

// plain gives a value of the schema itself, such as one of an enumeration.
func plain(value v1.JSON) any {
	var result any
	if err := json.Unmarshal(value.Raw, &result); err != nil {
		return nil
	}
	if number, ok := result.(float64); ok && number == float64(int64(number)) {
		return int64(number)
	}
	return result
}
