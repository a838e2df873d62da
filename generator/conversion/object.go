package conversion

import (
	"bytes"
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi"
)

// piece is the text of one object.
type piece struct {
	// lead is the comments above it.
	lead []byte
	text []byte
	// line is the 1-based line of the text's beginning.
	line int
	// column is where the object's keys stand. Before it, a space stands in the text for the
	// dash of an element, at offset dash; -1 where there is none.
	column, dash int
	// kind and version are what the list says about an element that does not say it itself.
	kind, version string
}

// source is the text as the stream had it.
func (p piece) source() []byte {
	if p.dash >= 0 {
		p.text[p.dash] = '-'
	}
	return p.text
}

// object converts one object.
func (s *stream) object(p piece) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	facts := inspect(p)
	if facts.foreign() {
		return s.same(p)
	}
	if facts.convertible() && s.versionOnly[facts.kind] && s.clean(p, facts) {
		s.result.Objects++
		if !old(facts.version) {
			return s.same(p)
		}
		s.result.Changed++
		if err := s.keep(p.lead); err != nil {
			return err
		}
		line := p.line + bytes.Count(p.text[:facts.at.from], []byte("\n"))
		return s.version(p.source(), facts.at, Change{
			Line: line, Object: facts.describe(), Change: strimzi.Change{Before: facts.version},
		})
	}
	return s.parsed(p, facts)
}

func (s *stream) same(p piece) error {
	if err := s.keep(p.lead); err != nil {
		return err
	}
	return s.keep(p.source())
}

// span is part of a text.
type span struct{ from, to int }

// version replaces the apiVersion that stands at a span, quotes and all.
func (s *stream) version(text []byte, at span, change Change) error {
	change.File, change.Rule, change.Path, change.After = s.source.Name, "api-version", "apiVersion", strimzi.V1Beta2
	if err := s.report(change); err != nil {
		return err
	}
	after := append([]byte{}, text[:at.from]...)
	after = append(after, bytes.Replace(text[at.from:at.to], []byte(change.Before), []byte(change.After), 1)...)
	return s.editor.Replace(text, append(after, text[at.to:]...))
}

// clean tells that nothing is to be said about an object of which only the apiVersion
// changes. It reads no more of it than its spec.
func (s *stream) clean(p piece, facts facts) bool {
	if facts.name == "" || bytes.Contains(p.text, []byte("operator.strimzi.io/")) {
		return false
	}
	root, ok := s.short(p, facts)
	return ok && len(strimzi.Lint(document.Document{File: s.source.Name, Root: root}, s.to)) == 0
}

// short gives an object without its metadata and status.
func (s *stream) short(p piece, facts facts) (*yaml.Node, bool) {
	root := document.Mapping(
		document.Scalar("apiVersion"), document.Scalar(strimzi.V1Beta2),
		document.Scalar("kind"), document.Scalar(facts.kind))
	text := p.text[facts.spec.from:facts.spec.to]
	if len(text) == 0 {
		return root, true
	}
	spec, ok := tree(text)
	if !ok {
		documents, err := document.Read(s.source.Name, bytes.NewReader(text), s.limits)
		if err != nil || len(documents) != 1 {
			return nil, false
		}
		spec = documents[0].Root
	}
	root.Content = append(root.Content, spec.Content...)
	return root, true
}

// parsed converts an object by its tree.
func (s *stream) parsed(p piece, facts facts) error {
	documents, err := s.read(p.text, p.line)
	if err != nil {
		return errors.Join(s.found(err), s.same(p))
	}
	if len(documents) != 1 {
		return s.same(p)
	}
	doc := documents[0]
	implied := p.imply(doc)
	objects, changes, err := s.convert(doc)
	switch {
	case err != nil:
		return errors.Join(s.found(err), s.same(p))
	case len(changes) == 0, implied && len(changes) == 1:
		return s.same(p)
	}
	s.result.Changed++
	if len(changes) == 1 && changes[0].Path == "apiVersion" && facts.simple {
		if err := s.keep(p.lead); err != nil {
			return err
		}
		return s.version(p.source(), facts.at, changes[0])
	}
	if implied {
		changes = changes[1:]
		root := objects[len(objects)-1].Root
		document.Remove(root, "kind")
		document.Remove(root, "apiVersion")
	}
	for _, change := range changes {
		if err := s.report(change); err != nil {
			return err
		}
	}
	return s.rewrite(p, objects)
}

// imply gives an element of a typed list the kind that the list says, and tells so.
func (p piece) imply(doc document.Document) bool {
	if doc.Kind() != "" || doc.APIVersion() != "" || p.kind == "" {
		return false
	}
	doc.Root.Content = append([]*yaml.Node{
		document.Scalar("apiVersion"), document.Scalar(p.version), document.Scalar("kind"), document.Scalar(p.kind),
	}, doc.Root.Content...)
	return true
}

// convert converts and lints an object whose lines are those of the stream.
func (s *stream) convert(doc document.Document) ([]document.Document, []Change, error) {
	if doc.Group() == strimzi.Group {
		s.result.Objects++
	}
	conversion, err := strimzi.Convert(doc, s.to)
	if err != nil {
		return nil, nil, err
	}
	s.result.Findings.Add(conversion.Findings...)
	for _, object := range conversion.Objects {
		s.result.Findings.Add(strimzi.Lint(object, s.to)...)
	}
	var changes []Change
	for _, change := range conversion.Changes {
		at := doc.Finding("", "", "", strings.Split(change.Path, ".")...)
		changes = append(changes, Change{File: s.source.Name, Line: at.Line, Object: at.Object, Change: change})
	}
	return conversion.Objects, changes, nil
}

// found takes findings up, so that the conversion goes on behind what they are about.
func (s *stream) found(err error) error {
	findings := finding.From(err)
	if len(findings) == 0 {
		return err
	}
	s.failed++
	s.result.Findings.Add(findings...)
	return nil
}

// read parses a text that starts on a line of the stream.
func (s *stream) read(text []byte, line int) ([]document.Document, error) {
	documents, err := document.Read(s.source.Name, bytes.NewReader(text), s.limits)
	if err != nil {
		// Only the parser knows all the lines that a message names, so it is asked again.
		limits := s.limits
		limits.Bytes += int64(line)
		above := bytes.Repeat([]byte("\n"), line-1)
		_, err = document.Read(s.source.Name, bytes.NewReader(append(above, text...)), limits)
		return nil, err
	}
	for _, doc := range documents {
		shift(doc.Root, line-1)
	}
	return documents, nil
}

func shift(node *yaml.Node, lines int) {
	node.Line += lines
	for _, child := range node.Content {
		shift(child, lines)
	}
}
