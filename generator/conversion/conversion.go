// Package conversion turns streams of Kubernetes objects into v1beta2 where they are
// Strimzi's, and leaves every other byte as it is.
//
// A stream is cut at its document markers, and a List at its elements, by the text alone;
// each object is then converted by itself, so that an export of any size costs the memory
// of its largest object. Where only the apiVersion changes, only that word is replaced.
// What cannot be cut for sure (anchors, tabs, flow collections, JSON) is read whole.
package conversion

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi"
)

// Source is a stream to convert. It is read twice, so that what stands below a list is
// known before its elements are converted.
type Source struct {
	// Name is the file as findings call it.
	Name string
	// Content holds Size bytes.
	Content io.ReaderAt
	Size    int64
}

// Editor receives a stream from its beginning to its end. The texts are valid until the
// method returns.
type Editor interface {
	// Keep receives text that stays as it is.
	Keep(text []byte) error
	// Replace receives text and what stands in its place. Text that was put in has no before.
	Replace(before, after []byte) error
}

// Change is one thing that the conversion did to an object.
type Change struct {
	// File and Line say where the field stood, Object whose it was: "Kafka trade/orders".
	File   string `json:"file"`
	Line   int    `json:"line"`
	Object string `json:"object"`
	strimzi.Change
}

// Result is what a conversion came to.
type Result struct {
	// Objects counts Strimzi's objects, and Changed those of them that changed.
	Objects, Changed int
	// Findings holds errors, for which the output must not be used, and what
	// [strimzi.Lint] and [strimzi.Convert] had to say beside them.
	Findings finding.List
}

// Convert gives a stream, converted for a target, to an editor, and each change to report
// in the order of the stream. It goes on behind an object that cannot be converted, so that
// the result holds every reason. The error is one of reading, of the editor or of report,
// or that of the context.
func Convert(ctx context.Context, source Source, to strimzi.Version, editor Editor, report func(Change) error) (Result, error) {
	s := stream{ctx: ctx, source: source, to: to, editor: editor, report: report, limits: document.DefaultLimits(), versionOnly: versionOnly()}
	cut := newCutter(source, s.limits)
	for {
		if err := ctx.Err(); err != nil {
			return s.result, err
		}
		part, err := cut.next()
		if err == nil {
			err = s.part(part)
		}
		switch {
		case err == io.EOF: //nolint:errorlint // the cutter returns io.EOF itself
			return s.result, nil
		case errors.Is(err, errLongLine):
			s.refuse("file-too-large", part.line, errLongLine.Error(), "export with oc get … -o yaml")
			return s.result, nil
		case err != nil:
			return s.result, fmt.Errorf("convert %s: %w", source.Name, err)
		}
	}
}

// stream carries one source through its conversion.
type stream struct {
	ctx    context.Context //nolint:containedctx // lives as long as one call
	source Source
	to     strimzi.Version
	editor Editor
	report func(Change) error
	limits document.Limits
	result Result
	// failed counts the objects that could not be converted.
	failed int
	// versionOnly is the kinds of which nothing changes but the apiVersion.
	versionOnly map[string]bool
}

// part converts one document, or passes on what lies between two of them.
func (s *stream) part(p part) error {
	switch {
	case p.fault == unreadable:
		s.refuse("encoding", p.line, "the file is UTF-16", "save it as UTF-8, in PowerShell with: oc get … -o yaml | Out-File -Encoding utf8")
		return s.pass(p)
	case !p.strimzi:
		return s.pass(p)
	case p.fault == "" && p.list.cut:
		return s.list(p)
	case p.size > s.limits.Bytes:
		s.refuse("file-too-large", p.line,
			fmt.Sprintf("the document is larger than %d MiB and has to be read whole: it is JSON, or holds %s", s.limits.Bytes>>20, p.why()),
			"export it as plain YAML: oc get … -o yaml")
		return s.pass(p)
	}
	text, err := s.text(p)
	switch {
	case err != nil:
		return err
	case p.fault != "":
		return s.whole(text, p.line)
	}
	lead, body, tail := trim(text, 0, p.keeps)
	one := piece{lead: lead, text: body, line: p.line + bytes.Count(lead, []byte("\n")), dash: -1}
	if err := s.object(one); err != nil {
		return err
	}
	return s.keep(tail)
}

// pass hands a part on as it is.
func (s *stream) pass(p part) error {
	if p.text != nil {
		return s.keep(p.text)
	}
	_, err := io.Copy(keeper{s}, io.NewSectionReader(s.source.Content, p.offset, p.size))
	return err
}

type keeper struct{ s *stream }

func (k keeper) Write(text []byte) (int, error) { return len(text), k.s.keep(text) }

func (s *stream) keep(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	return s.editor.Keep(text)
}

func (s *stream) text(p part) ([]byte, error) {
	if p.text != nil {
		return p.text, nil
	}
	text := make([]byte, p.size)
	_, err := io.ReadFull(io.NewSectionReader(s.source.Content, p.offset, p.size), text)
	return text, err
}

func (s *stream) refuse(rule string, line int, message, hint string) {
	s.result.Findings.Add(finding.Finding{
		Rule: rule, Severity: finding.Error, File: s.source.Name, Line: line, Message: message, Hint: hint,
	})
}
