// Package manifest reads streams of Kubernetes objects into values that compare exactly:
// whatever the order of objects and fields, the quoting and the comments, two streams are
// equal if and only if an API server would be given the same objects.
package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// ID names an object within a cluster.
type ID struct {
	APIVersion, Kind, Namespace, Name string
}

// String gives "kafka.strimzi.io/v1beta2 KafkaTopic ns/name".
func (id ID) String() string {
	return fmt.Sprintf("%s %s %s/%s", id.APIVersion, id.Kind, id.Namespace, id.Name)
}

// Object is one object: maps, lists, strings, booleans, nulls and [Number].
type Object map[string]any

// ID gives the object's name; fields that are missing are "".
func (o Object) ID() ID {
	metadata, _ := o["metadata"].(map[string]any)
	return ID{text(o["apiVersion"]), text(o["kind"]), text(metadata["namespace"]), text(metadata["name"])}
}

// JSON gives a copy of the object as an API server holds it: whole numbers that fit are
// int64, all others float64.
func (o Object) JSON() map[string]any {
	return toJSON(map[string]any(o)).(map[string]any)
}

func toJSON(value any) any {
	switch value := value.(type) {
	case map[string]any:
		result := make(map[string]any, len(value))
		for key, item := range value {
			result[key] = toJSON(item)
		}
		return result
	case []any:
		result := make([]any, len(value))
		for i, item := range value {
			result[i] = toJSON(item)
		}
		return result
	case Number:
		return value.JSON()
	}
	return value
}

// Set is what a stream holds, by name.
type Set map[ID]Object

// Parse reads a stream of YAML documents. Empty documents are passed over and the items of
// a List taken out of it. An object without apiVersion, kind or name, and one that comes
// twice, are errors.
func Parse(stream []byte) (Set, error) {
	set := make(Set)
	decoder := yaml.NewDecoder(bytes.NewReader(stream))
	for {
		var root yaml.Node
		err := decoder.Decode(&root)
		if errors.Is(err, io.EOF) {
			return set, nil
		}
		if err != nil {
			return nil, fmt.Errorf("parse manifests: %w", err)
		}
		value, err := valueOf(&root)
		if err != nil {
			return nil, fmt.Errorf("parse manifests: %w", err)
		}
		if err := set.add(value); err != nil {
			return nil, fmt.Errorf("parse manifests: line %d: %w", root.Line, err)
		}
	}
}

func (s Set) add(value any) error {
	if value == nil {
		return nil
	}
	fields, ok := value.(map[string]any)
	if !ok {
		return errors.New("a document is no object")
	}
	if items, ok := fields["items"].([]any); ok && strings.HasSuffix(text(fields["kind"]), "List") {
		for _, item := range items {
			if err := s.add(item); err != nil {
				return err
			}
		}
		return nil
	}
	object := Object(fields)
	id := object.ID()
	if id.APIVersion == "" || id.Kind == "" || id.Name == "" {
		return fmt.Errorf("%q lacks apiVersion, kind or name", id)
	}
	if _, ok := s[id]; ok {
		return fmt.Errorf("%s comes twice", id)
	}
	s[id] = object
	return nil
}

// Diff says what got has differently from want, object by object and field by field; ""
// when they are equal.
func Diff(want, got Set) string { return cmp.Diff(want, got) }

func text(value any) string {
	result, _ := value.(string)
	return result
}
