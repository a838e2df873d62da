// Package manifest reads streams of Kubernetes objects, as `cutover render` writes them and
// `oc get -o yaml` exports them.
package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// Object is one Kubernetes object.
type Object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`

	text []byte
}

// Parse reads a stream of YAML documents; the items of a List stand for themselves.
func Parse(stream []byte) ([]Object, error) {
	var objects []Object
	decoder := yaml.NewDecoder(bytes.NewReader(stream))
	for {
		var content any
		if err := decoder.Decode(&content); errors.Is(err, io.EOF) {
			return objects, nil
		} else if err != nil {
			return nil, fmt.Errorf("read objects: %w", err)
		}
		if content == nil {
			continue
		}
		read, err := object(content)
		if err != nil {
			return nil, err
		}
		objects = append(objects, read...)
	}
}

// object gives a document as an object, or the items of a List as many.
func object(content any) ([]Object, error) {
	// Through JSON, which keeps all digits of an integer.
	text, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("read objects: %w", err)
	}
	o := Object{text: text}
	if err := o.Decode(&o); err != nil {
		return nil, err
	}
	if o.Kind != "List" {
		return []Object{o}, nil
	}
	fields, _ := content.(map[string]any)
	items, ok := fields["items"].([]any)
	if !ok {
		return nil, errors.New("read objects: a List without items")
	}
	var all []Object
	for _, item := range items {
		read, err := object(item)
		if err != nil {
			return nil, err
		}
		all = append(all, read...)
	}
	return all, nil
}

// ParseFolder reads all *.yaml files of a folder, in order of their names.
func ParseFolder(folder string) ([]Object, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read objects: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s has no *.yaml files", folder)
	}
	var all []Object
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read objects: %w", err)
		}
		objects, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, objects...)
	}
	return all, nil
}

// JSON is the whole object, all digits of its numbers kept.
func (o Object) JSON() []byte { return o.text }

// With is the object with another value in one field of a section.
func (o Object) With(section, field string, value any) (Object, error) {
	var content map[string]any
	if err := o.Decode(&content); err != nil {
		return Object{}, err
	}
	fields, ok := content[section].(map[string]any)
	if !ok {
		return Object{}, fmt.Errorf("%s %s has no %s", o.Kind, o.Metadata.Name, section)
	}
	fields[field] = value
	var err error
	o.text, err = json.Marshal(content)
	return o, err
}

// Decode reads the object into a type with json tags.
func (o Object) Decode(into any) error {
	if err := json.Unmarshal(o.text, into); err != nil {
		return fmt.Errorf("read %s %s: %w", o.Kind, o.Metadata.Name, err)
	}
	return nil
}

// Field is a value that YAML wrote as a text, a number or a boolean, as a text. Numbers keep
// all their digits.
type Field string

// UnmarshalJSON reads any scalar; its text is what a Java map would print.
func (f *Field) UnmarshalJSON(text []byte) error {
	switch {
	case len(text) > 0 && (text[0] == '{' || text[0] == '['):
		return fmt.Errorf("%.20s… is no scalar", text)
	case bytes.Equal(text, []byte("null")):
		*f = ""
		return nil
	}
	if len(text) == 0 || text[0] != '"' {
		*f = Field(text)
		return nil
	}
	var quoted string
	err := json.Unmarshal(text, &quoted)
	*f = Field(quoted)
	return err
}
