// Package document reads streams of YAML and JSON into node trees that remember
// where they came from, and writes them back without touching what nobody changed:
// comments, key order, quoting and numbers of any size survive.
//
// It refuses what other readers let pass in silence: duplicate keys, merge keys,
// aliases that grow beyond [Limits], and scalars that mean one thing in YAML 1.1 and
// another in YAML 1.2 where a name is expected.
package document

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/finding"
)

// Limits bound what one stream may cost to read.
type Limits struct {
	// Bytes is the most a stream may hold.
	Bytes int64
	// Nodes is the most nodes that aliases may add to a stream.
	Nodes int
}

// DefaultLimits suit an export of a large cluster: 64 MiB a stream.
func DefaultLimits() Limits { return Limits{Bytes: 64 << 20, Nodes: 100_000} }

// Document is one object of a stream: its tree, and where it began.
type Document struct {
	// File is the name the stream was read under.
	File string
	// Root is the object's mapping.
	Root *yaml.Node
}

// Line is the 1-based line on which the object starts.
func (d Document) Line() int { return d.Root.Line }

// Read takes a stream apart into its documents. Empty documents are passed over; a
// document that is no mapping is an error, as is anything beyond limits. Errors are
// of type [finding.Finding].
func Read(file string, r io.Reader, limits Limits) ([]Document, error) {
	content, err := io.ReadAll(io.LimitReader(r, limits.Bytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if int64(len(content)) > limits.Bytes {
		return nil, finding.Finding{
			Rule: "file-too-large", Severity: finding.Error, File: file,
			Message: fmt.Sprintf("the file is larger than %d MiB", limits.Bytes>>20),
			Hint:    "export one kind or one namespace a file, and give all the files",
		}
	}
	return split(file, content, limits)
}

func split(file string, content []byte, limits Limits) ([]Document, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var documents []Document
	budget := limits.Nodes
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if err == io.EOF { //nolint:errorlint // the decoder returns io.EOF itself
			return documents, nil
		}
		if err != nil {
			return nil, syntax(file, err)
		}
		root := node.Content[0]
		keepComments(&node, root)
		if isNull(root) {
			continue
		}
		if root.Kind != yaml.MappingNode {
			return nil, at(file, root, "not-an-object", "a YAML mapping was expected", "give Kubernetes objects, one a document, or a List of them")
		}
		checker := checker{file: file, budget: &budget}
		if err := checker.check(root); err != nil {
			return nil, err
		}
		documents = append(documents, Document{File: file, Root: root})
	}
}

// keepComments hands the comments that stand around a document on to its mapping, which is
// all that is kept of it.
func keepComments(node, root *yaml.Node) {
	if node.HeadComment != "" {
		root.HeadComment = strings.TrimSpace(node.HeadComment + "\n\n" + root.HeadComment)
	}
	if node.FootComment != "" {
		root.FootComment = strings.TrimSpace(root.FootComment + "\n\n" + node.FootComment)
	}
}

func isNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.Tag == "!!null"
}

// Items gives the objects that a document stands for: the elements of a List or of a
// typed list such as KafkaTopicList, or the document itself.
func (d Document) Items() ([]Document, error) {
	items := Child(d.Root, "items")
	if items == nil || !isListKind(Text(Child(d.Root, "kind"))) {
		return []Document{d}, nil
	}
	if isNull(items) {
		return nil, nil
	}
	if items.Kind != yaml.SequenceNode {
		return nil, at(d.File, items, "not-a-list", "items is no list", "export with oc get … -o yaml")
	}
	objects := make([]Document, 0, len(items.Content))
	for _, item := range items.Content {
		if item.Kind != yaml.MappingNode {
			return nil, at(d.File, item, "not-an-object", "an element of items is no object", "export with oc get … -o yaml")
		}
		object := Document{File: d.File, Root: item}
		if element := strings.TrimSuffix(d.Kind(), "List"); object.Kind() == "" && element != "" {
			// The API server leaves kind and version out of the elements of a typed list.
			Set(item, "apiVersion", Scalar(d.APIVersion()))
			Set(item, "kind", Scalar(element))
		}
		objects = append(objects, object)
	}
	return objects, nil
}

func isListKind(kind string) bool {
	return len(kind) >= len("List") && kind[len(kind)-len("List"):] == "List"
}

// Encode writes the trees as one YAML stream, two spaces an indent and sequences at
// the column of their parent, as oc and kubectl print them.
func Encode(w io.Writer, roots ...*yaml.Node) error {
	encoder := newEncoder(w)
	for _, root := range roots {
		if err := encoder.Encode(root); err != nil {
			return fmt.Errorf("write YAML: %w", err)
		}
	}
	return encoder.Close()
}

// Marshal gives a Go value as YAML bytes in the layout of [Encode].
func Marshal(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := newEncoder(&out)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return out.Bytes(), nil
}

func newEncoder(w io.Writer) *yaml.Encoder {
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	encoder.CompactSeqIndent()
	return encoder
}

// ParseValue reads one YAML document as plain Go values, as [Value] gives them. Empty
// content gives an empty mapping.
func ParseValue(file string, content []byte) (any, error) {
	documents, err := Read(file, bytes.NewReader(content), DefaultLimits())
	if err != nil {
		return nil, err
	}
	if len(documents) == 0 {
		return map[string]any{}, nil
	}
	return Value(documents[0].Root), nil
}

// MarshalFlow gives a Go value as one line of YAML.
func MarshalFlow(value any) (string, error) {
	node, err := FromValue(value)
	if err != nil {
		return "", err
	}
	flow(node)
	var out bytes.Buffer
	if err := Encode(&out, node); err != nil {
		return "", err
	}
	return string(bytes.TrimSpace(out.Bytes())), nil
}

func flow(node *yaml.Node) {
	node.Style |= yaml.FlowStyle
	for _, child := range node.Content {
		flow(child)
	}
}
