package conversion

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"cutover/generator/strimzi"
)

// list converts the elements of a List one by one, and passes on what stands around them.
func (s *stream) list(p part) error {
	content := io.Reader(bytes.NewReader(p.text))
	if p.text == nil {
		content = io.NewSectionReader(s.source.Content, p.offset, p.size)
	}
	walk := elements{stream: s, part: p, lines: lines{reader: bufio.NewReaderSize(content, 1<<16), limit: s.limits.Bytes}}
	for number := 0; ; number++ {
		text, err := walk.lines.next()
		if errors.Is(err, io.EOF) {
			return walk.close()
		}
		if err == nil {
			err = walk.line(text, number)
		}
		if err != nil {
			return err
		}
	}
}

// elements walks the lines of a list.
type elements struct {
	stream *stream
	part   part
	lines  lines
	// inside tells that the lines at hand are those of items.
	inside bool
	// text is the element at hand, or nothing yet but comments, begun on a line of the part.
	text  []byte
	begun int
	lead  []byte
}

func (e *elements) line(text []byte, number int) error {
	indent := indentOf(trimBreak(text))
	starts := indent < len(text) && text[indent] == '-' && indent == e.part.list.column
	switch {
	case e.inside && starts:
		if err := e.flush(); err != nil {
			return err
		}
		e.begun = number
	case e.inside && indent == 0 && !empty(text):
		if err := e.close(); err != nil {
			return err
		}
		e.inside = false
	}
	if e.inside {
		if int64(len(e.text)+len(text)) > e.stream.limits.Bytes {
			return errLongLine
		}
		e.text = append(e.text, text...)
		return nil
	}
	e.inside = bytes.HasPrefix(text, []byte("items:")) || bytes.HasPrefix(text, []byte(`"items":`)) || bytes.HasPrefix(text, []byte(`'items':`))
	if number == e.part.list.versionLine && old(e.part.list.version) {
		return e.version(text)
	}
	return e.stream.keep(text)
}

// empty tells a line that is blank or a comment.
func empty(text []byte) bool {
	text = trimBreak(text)
	indent := indentOf(text)
	return indent == len(text) || text[indent] == '#'
}

// version converts the apiVersion of a typed list itself.
func (e *elements) version(text []byte) error {
	lexer := newLexer()
	read := lexer.next(text)
	return e.stream.version(text, span{read.from, read.to}, Change{
		Line: e.part.line + e.part.list.versionLine, Object: e.part.list.kind,
		Change: strimzi.Change{Before: e.part.list.version},
	})
}

// flush converts the element at hand. What stands below it, comments and blank lines,
// belongs to the next one.
func (e *elements) flush() error {
	if len(e.text) == 0 {
		return nil
	}
	column := e.part.list.column
	lead, body, tail := trim(e.text, column, e.part.keeps)
	if len(body) <= column || body[column] != '-' {
		e.lead, e.text = append(e.lead, e.text...), e.text[:0]
		return nil
	}
	body[column] = ' '
	one := piece{
		lead: append(e.lead, lead...), text: body, dash: column,
		line: e.part.line + e.begun,
	}
	if kind, typed := strings.CutSuffix(e.part.list.kind, "List"); typed && kind != "" {
		one.kind, one.version = kind, e.part.list.version
	}
	one.column = indentOf(body)
	if err := e.stream.object(one); err != nil {
		return err
	}
	e.lead = append(e.lead[:0], tail...)
	e.text = e.text[:0]
	return nil
}

// close converts the last element, and passes on what stands below it.
func (e *elements) close() error {
	if err := e.flush(); err != nil {
		return err
	}
	lead := e.lead
	e.lead = nil
	return e.stream.keep(lead)
}

// trim takes the blank lines and comments before and after a text off it, as long as they
// stand no deeper than a column. Where a block scalar may keep the blank lines below it,
// they stay.
func trim(text []byte, column int, keeps bool) (lead, body, tail []byte) {
	from, to := 0, len(text)
	for from < to {
		end := from + lineEnd(text[from:])
		if !empty(text[from:end]) {
			break
		}
		from = end
	}
	for to > from {
		start := bytes.LastIndexByte(text[:to-1], '\n') + 1
		last := trimBreak(text[start:to])
		blank := indentOf(last) == len(last)
		if !blank && (!empty(last) || indentOf(last) > column) || blank && keeps {
			break
		}
		to = start
	}
	return text[:from], text[from:to], text[to:]
}

func lineEnd(text []byte) int {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}
