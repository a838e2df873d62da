package manifest

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Number is a number of any size. Numbers are equal when they are written as the same
// kind, whole or not, and have the same value: 1.0 is not 1, and 9007199254740993 is not
// 9007199254740992.
type Number struct {
	Whole bool
	// Exact is the value as a reduced fraction, such as 3/2, or the text itself of what is
	// none, such as .inf.
	Exact string
}

// JSON gives the number as int64, or as float64 where it is not whole or too large.
func (n Number) JSON() any {
	if n.Whole {
		if value, err := strconv.ParseInt(strings.TrimSuffix(n.Exact, "/1"), 10, 64); err == nil {
			return value
		}
	}
	if fraction, ok := new(big.Rat).SetString(n.Exact); ok {
		value, _ := fraction.Float64()
		return value
	}
	return n.Exact
}

func valueOf(node *yaml.Node) (any, error) {
	switch node.Kind {
	case yaml.DocumentNode:
		if len(node.Content) == 0 {
			return nil, nil
		}
		return valueOf(node.Content[0])
	case yaml.AliasNode:
		return valueOf(node.Alias)
	case yaml.MappingNode:
		return mapOf(node)
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, item := range node.Content {
			value, err := valueOf(item)
			if err != nil {
				return nil, err
			}
			list[i] = value
		}
		return list, nil
	case yaml.ScalarNode:
		return scalarOf(node)
	}
	return nil, nil
}

func mapOf(node *yaml.Node) (any, error) {
	fields := make(map[string]any, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, err := keyOf(node.Content[i])
		if err != nil {
			return nil, err
		}
		if _, ok := fields[key]; ok {
			return nil, fmt.Errorf("line %d: key %q comes twice", node.Content[i].Line, key)
		}
		if fields[key], err = valueOf(node.Content[i+1]); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// keyOf gives a key as the text that it becomes in JSON.
func keyOf(node *yaml.Node) (string, error) {
	if node.Kind != yaml.ScalarNode || node.Tag == "!!merge" {
		return "", fmt.Errorf("line %d: a key is no plain text", node.Line)
	}
	value, err := scalarOf(node)
	if err != nil {
		return "", err
	}
	switch value := value.(type) {
	case string:
		return value, nil
	case bool:
		return strconv.FormatBool(value), nil
	case Number:
		return node.Value, nil
	}
	return "", fmt.Errorf("line %d: a key is null", node.Line)
}

func scalarOf(node *yaml.Node) (any, error) {
	if value, ok := oldBoolean(node); ok {
		return value, nil
	}
	switch node.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		return strings.EqualFold(node.Value, "true"), nil
	case "!!int":
		return number(node, true)
	case "!!float":
		return number(node, false)
	case "!!str", "!!timestamp":
		// Kubernetes takes what looks like a time for text.
		return node.Value, nil
	}
	return nil, fmt.Errorf("line %d: %s is nothing that JSON has", node.Line, node.ShortTag())
}

// oldBoolean reads the booleans of YAML 1.1. Kubernetes' reader knows them where they
// stand without quotes, so a topic named on is not one named "on".
func oldBoolean(node *yaml.Node) (value, ok bool) {
	if node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || node.Tag != "!!str" {
		return false, false
	}
	switch node.Value {
	case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
		return true, true
	case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
		return false, true
	}
	return false, false
}

func number(node *yaml.Node, whole bool) (any, error) {
	digits := strings.ReplaceAll(node.Value, "_", "")
	if slices.Contains([]string{".inf", "+.inf", "-.inf", ".nan"}, strings.ToLower(digits)) {
		return nil, fmt.Errorf("line %d: %s is nothing that JSON has", node.Line, node.Value)
	}
	if whole {
		if value, ok := new(big.Int).SetString(strings.TrimPrefix(digits, "+"), 0); ok {
			return Number{true, value.String() + "/1"}, nil
		}
	}
	value, ok := new(big.Rat).SetString(digits)
	if !ok {
		return nil, fmt.Errorf("line %d: %q is no number", node.Line, node.Value)
	}
	// The library calls a whole number beyond 64 bits a float.
	whole = whole || !strings.ContainsAny(digits, ".eE")
	return Number{whole, value.String()}, nil
}
