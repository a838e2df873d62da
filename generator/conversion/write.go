package conversion

import (
	"bytes"
	"errors"
	"reflect"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// rewrite puts converted objects into the place of the one they came from: the last is the
// object itself, which keeps the comments above it, and the others stand before it.
func (s *stream) rewrite(p piece, objects []document.Document) error {
	var texts [][]byte
	for _, object := range objects {
		text, err := s.write(object)
		if err != nil {
			return errors.Join(s.found(err), s.same(p))
		}
		texts = append(texts, place(p, text))
	}
	last := len(texts) - 1
	for _, text := range texts[:last] {
		if p.dash < 0 {
			text = append(text, ending(p, "---\n")...)
		}
		if err := s.editor.Replace(nil, text); err != nil {
			return err
		}
	}
	if err := s.keep(p.lead); err != nil {
		return err
	}
	before, after := p.source(), texts[last]
	if !bytes.HasSuffix(before, []byte("\n")) {
		after = trimBreak(after)
	}
	return s.editor.Replace(before, after)
}

// write gives an object as YAML, once it is certain that it reads back as the same.
func (s *stream) write(object document.Document) ([]byte, error) {
	var out bytes.Buffer
	if err := document.Encode(&out, object.Root); err != nil {
		return nil, object.Finding("convert-write", "the result cannot be written: "+err.Error(), "check the object's quoting")
	}
	if err := s.verify(object, out.Bytes(), object.Root); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (s *stream) verify(object document.Document, text []byte, roots ...*yaml.Node) error {
	limits := document.Limits{Bytes: max(s.limits.Bytes, int64(len(text))), Nodes: s.limits.Nodes}
	again, err := document.Read(s.source.Name, bytes.NewReader(text), limits)
	same := err == nil && len(again) == len(roots)
	for i := 0; same && i < len(roots); i++ {
		same = reflect.DeepEqual(document.Value(again[i].Root), document.Value(roots[i]))
	}
	if same {
		return nil
	}
	return object.Finding("convert-write", "the result would not read back as the same object",
		"write its multi-line texts as block scalars, and its comments on lines of their own")
}

// place indents a text to the place of an object.
func place(p piece, text []byte) []byte {
	margin := p.text[:p.column]
	var out bytes.Buffer
	for offset := 0; offset < len(text); {
		end := offset + lineEnd(text[offset:])
		if end-offset > 1 {
			out.Write(bytes.Repeat([]byte(" "), len(margin)))
		}
		out.Write(text[offset:end])
		offset = end
	}
	placed := out.Bytes()
	if p.dash >= 0 {
		placed[p.dash] = '-'
	}
	return []byte(ending(p, string(placed)))
}

// ending gives a text the line breaks of the piece.
func ending(p piece, text string) string {
	if !crlf(p.text) {
		return text
	}
	return string(bytes.ReplaceAll([]byte(text), []byte("\n"), []byte("\r\n")))
}
