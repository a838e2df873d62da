package document

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/finding"
)

// APIVersion is the object's apiVersion, such as "kafka.strimzi.io/v1beta1".
func (d Document) APIVersion() string { return Text(Child(d.Root, "apiVersion")) }

// Group is the API group of apiVersion; the core group is "".
func (d Document) Group() string {
	group, _, found := strings.Cut(d.APIVersion(), "/")
	if !found {
		return ""
	}
	return group
}

// Kind is the object's kind.
func (d Document) Kind() string { return Text(Child(d.Root, "kind")) }

// Name is metadata.name.
func (d Document) Name() string { return Text(At(d.Root, "metadata", "name")) }

// Namespace is metadata.namespace; "" where the export left it out.
func (d Document) Namespace() string { return Text(At(d.Root, "metadata", "namespace")) }

// Label gives the value of one label, or "".
func (d Document) Label(key string) string { return Text(At(d.Root, "metadata", "labels", key)) }

// Describe names the object for a message: "KafkaTopic kafka/orders".
func (d Document) Describe() string {
	name := d.Name()
	if d.Namespace() != "" {
		name = d.Namespace() + "/" + name
	}
	return strings.TrimSpace(d.Kind() + " " + name)
}

// Finding starts a finding of severity Error about this object, at the line of its
// field at keys, or at the nearest of its parents that exists. A key of digits counts
// into a sequence.
func (d Document) Finding(rule, message, hint string, keys ...string) finding.Finding {
	f := finding.Finding{Rule: rule, Severity: finding.Error, File: d.File, Message: message, Hint: hint}
	if d.Root != nil {
		f.Line = lineOf(d.Root, keys)
		f.Object = d.Describe()
	}
	return f
}

// lineOf follows keys as far as they lead, and gives the line of the last one.
func lineOf(node *yaml.Node, keys []string) int {
	line := node.Line
	for _, key := range keys {
		at, err := strconv.Atoi(key)
		i := index(node, key)
		switch {
		case i >= 0:
			line, node = node.Content[i].Line, node.Content[i+1]
		case err == nil && node.Kind == yaml.SequenceNode && at < len(node.Content):
			node = node.Content[at]
			line = node.Line
		default:
			return line
		}
	}
	return line
}

// CheckIdentity requires kind, apiVersion and an unambiguous metadata.name: a topic
// called on or 1e3 must be quoted, else kubectl reads another name than we do.
func (d Document) CheckIdentity() error {
	for _, key := range []string{"apiVersion", "kind"} {
		if Text(Child(d.Root, key)) == "" {
			return d.Finding("object-incomplete", key+" is missing", "export whole objects with oc get … -o yaml", key)
		}
	}
	name := At(d.Root, "metadata", "name")
	if name == nil || Text(name) == "" {
		return d.Finding("object-incomplete", "metadata.name is missing", "export whole objects with oc get … -o yaml", "metadata", "name")
	}
	if Ambiguous(name) {
		return d.Finding("yaml-boolean-name",
			fmt.Sprintf("metadata.name is written as %s, which YAML 1.1 readers take for a boolean or a number", name.Value),
			fmt.Sprintf("quote it: name: %q", name.Value), "metadata", "name")
	}
	return nil
}
