package conversion

import (
	"bytes"
	"errors"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/strimzi"
)

// whole converts a text that cannot be cut for sure, by its tree. Where nothing changes the
// text stays as it is.
func (s *stream) whole(text []byte, line int) error {
	documents, err := s.read(text, line)
	if err != nil {
		return errors.Join(s.found(err), s.keep(text))
	}
	before := s.failed
	var roots []*yaml.Node
	changed := 0
	for _, doc := range documents {
		converted, count, err := s.document(doc)
		if err != nil {
			return errors.Join(s.found(err), s.keep(text))
		}
		changed += count
		roots = append(roots, converted...)
	}
	if changed == 0 || s.failed > before {
		return s.keep(text)
	}
	after, err := s.encode(documents[0], text, roots)
	if err != nil {
		return errors.Join(s.found(err), s.keep(text))
	}
	return s.editor.Replace(text, after)
}

// document converts a document or each element of a list, and counts the changes.
func (s *stream) document(doc document.Document) ([]*yaml.Node, int, error) {
	bare := unnamed(doc)
	items, err := doc.Items()
	if err != nil {
		return nil, 0, err
	}
	list := len(items) != 1 || items[0].Root != doc.Root
	changed := 0
	if list {
		count, err := s.typed(doc)
		if err != nil {
			return nil, 0, err
		}
		changed += count
	}
	var roots []*yaml.Node
	for _, item := range items {
		made, count, err := s.item(item, bare[item.Root])
		if err != nil {
			return nil, 0, err
		}
		changed += count
		roots = append(roots, made...)
	}
	if !list {
		return roots, changed, nil
	}
	if changed > 0 {
		document.Set(doc.Root, "items", &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: styleOf(doc), Content: roots})
	}
	return []*yaml.Node{doc.Root}, changed, nil
}

func styleOf(doc document.Document) yaml.Style {
	if items := document.Child(doc.Root, "items"); items != nil {
		return items.Style
	}
	return 0
}

// unnamed gives the elements of a list that leave their kind to it.
func unnamed(doc document.Document) map[*yaml.Node]bool {
	bare := make(map[*yaml.Node]bool)
	if items := document.Child(doc.Root, "items"); items != nil {
		for _, item := range items.Content {
			bare[item] = !document.Has(item, "kind") && !document.Has(item, "apiVersion")
		}
	}
	return bare
}

// typed converts the apiVersion of a typed list.
func (s *stream) typed(doc document.Document) (int, error) {
	if !old(doc.APIVersion()) {
		return 0, nil
	}
	version := document.Child(doc.Root, "apiVersion")
	change := Change{
		File: s.source.Name, Line: version.Line, Object: doc.Kind(),
		Change: strimzi.Change{Rule: "api-version", Path: "apiVersion", Before: version.Value, After: strimzi.V1Beta2},
	}
	version.Value = strimzi.V1Beta2
	return 1, s.report(change)
}

func (s *stream) item(item document.Document, bare bool) ([]*yaml.Node, int, error) {
	objects, changes, err := s.convert(item)
	if err != nil {
		return nil, 0, s.found(err)
	}
	if bare && len(changes) > 0 {
		changes = changes[1:]
	}
	if len(changes) > 0 {
		s.result.Changed++
	}
	var roots []*yaml.Node
	for _, object := range objects {
		roots = append(roots, object.Root)
	}
	if bare {
		root := roots[len(roots)-1]
		document.Remove(root, "kind")
		document.Remove(root, "apiVersion")
	}
	for _, change := range changes {
		if err := s.report(change); err != nil {
			return nil, 0, err
		}
	}
	return roots, len(changes), nil
}

// encode writes what a text became in the text's own format.
func (s *stream) encode(first document.Document, text []byte, roots []*yaml.Node) ([]byte, error) {
	if isJSON(text) {
		return writeJSON(text, roots), nil
	}
	if bytes.HasPrefix(text, []byte("%")) {
		return nil, first.Finding("convert-directive", "the document has directives (%), which the result cannot keep",
			"remove the lines above --- that begin with %")
	}
	var out bytes.Buffer
	if is, _ := marker(text); is {
		out.WriteString("---\n")
	}
	if err := document.Encode(&out, roots...); err != nil {
		return nil, first.Finding("convert-write", "the result cannot be written: "+err.Error(), "check its quoting")
	}
	if err := s.verify(first, out.Bytes(), roots...); err != nil {
		return nil, err
	}
	after := []byte(ending(piece{text: text}, out.String()))
	if !bytes.HasSuffix(text, []byte("\n")) {
		after = trimBreak(after)
	}
	return after, nil
}
