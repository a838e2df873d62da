package document

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// API is a value of a Kubernetes API type among what is written as YAML: it stands there as
// [FromAPI] gives it.
type API struct{ Value any }

// MarshalYAML implements [yaml.Marshaler].
func (a API) MarshalYAML() (any, error) { return FromAPI(a.Value) }

// FromAPI gives a value of a Kubernetes API type as a tree: by its json tags, the fields of a
// struct in the order of their declaration, numbers exactly.
func FromAPI(value any) (*yaml.Node, error) {
	content, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("write as JSON: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	return fromTokens(decoder)
}

func fromTokens(decoder *json.Decoder) (*yaml.Node, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	switch token := token.(type) {
	case json.Delim:
		node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		if token == '[' {
			node.Kind, node.Tag = yaml.SequenceNode, "!!seq"
		}
		// Keys and values stand in turn among a mapping's tokens as they do in its node.
		for decoder.More() {
			child, err := fromTokens(decoder)
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, child)
		}
		_, err := decoder.Token()
		return node, err
	case string:
		return Scalar(token), nil
	case json.Number:
		tag := "!!int"
		if bytes.ContainsAny([]byte(token), ".eE") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: token.String()}, nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(token)}, nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
}
