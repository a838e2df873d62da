package inventory

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

var plainInteger = regexp.MustCompile(`^-?[0-9]+$`)

// settingText gives a configuration value as the text that Kafka gets to read, exactly:
// integers of any size keep every digit. Numbers that a templating tool wrote with an
// exponent (6.048e+08, helm#1707) or in another base are written out, since Kafka takes
// no such form. It is false for null and for what is no scalar.
func settingText(node *yaml.Node) (string, bool) {
	if node == nil || node.Kind != yaml.ScalarNode {
		return "", false
	}
	switch node.Tag {
	case "!!null":
		return "", false
	case "!!bool":
		return strings.ToLower(node.Value), true
	case "!!int":
		if plainInteger.MatchString(node.Value) {
			return node.Value, true
		}
		if n, err := strconv.ParseInt(node.Value, 0, 64); err == nil {
			return strconv.FormatInt(n, 10), true
		}
	case "!!float":
		f, err := strconv.ParseFloat(node.Value, 64)
		if err == nil && strings.ContainsAny(node.Value, "eE") && f == math.Trunc(f) && math.Abs(f) <= 1<<53 {
			return strconv.FormatInt(int64(f), 10), true
		}
	}
	return node.Value, true
}

// settings reads a mapping of configuration values as text. Nulls are dropped: they say
// that a key is unset. Keys whose value is a list or a mapping are given back apart.
func settings(node *yaml.Node) (config map[string]string, refused []string) {
	if node == nil || node.Kind != yaml.MappingNode {
		return nil, nil
	}
	config = make(map[string]string, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i].Value, node.Content[i+1]
		text, ok := settingText(value)
		switch {
		case ok:
			config[key] = text
		case value.Kind != yaml.ScalarNode:
			refused = append(refused, key)
		}
	}
	return config, refused
}

// integer reads a count. ok is false where the node is missing, null or no whole number
// that fits.
func integer(node *yaml.Node) (n int32, ok bool) {
	text, ok := settingText(node)
	if !ok {
		return 0, false
	}
	parsed, err := strconv.ParseInt(text, 10, 32)
	return int32(parsed), err == nil
}

// flag tells whether a boolean field is true.
func flag(node *yaml.Node) bool {
	text, _ := settingText(node)
	return text == "true"
}

// children gives a sequence's elements, and nothing for anything else.
func children(node *yaml.Node) []*yaml.Node {
	if node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}

// textAt follows keys from one mapping into the next and gives the text found there.
func textAt(node *yaml.Node, keys ...string) string { return document.Text(document.At(node, keys...)) }

// unique sorts a list and drops what repeats and what is empty.
func unique(list []string) []string {
	list = slices.DeleteFunc(list, func(s string) bool { return s == "" })
	slices.Sort(list)
	return slices.Compact(list)
}

// valuesByKey gives a map's values in the order of their keys.
func valuesByKey[V any](m map[string]V) []V {
	var values []V
	for _, key := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[key])
	}
	return values
}
