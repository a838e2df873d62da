package conversion

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"cutover/generator/document"
)

const (
	// retained is up to which size the text of a document is kept from its first reading.
	retained = 1 << 20
	// unreadable is the fault of a stream in an encoding that cannot be cut at all.
	unreadable = "UTF-16"
)

// part is a document of a stream, or what lies between two of them.
type part struct {
	offset, size int64
	// line is the 1-based line on which it starts.
	line int
	// text is the part itself; nil where it is too large to be held.
	text []byte
	// fault says why the part can be read only whole; "" where it is plain block YAML.
	fault string
	// keeps tells that a block scalar in it keeps the blank lines below.
	keeps bool
	// strimzi tells that it mentions what only Strimzi's objects, or what belongs to them, do.
	strimzi bool
	list    list
}

func (p part) why() string { return "something that is no plain block YAML (" + p.fault + ")" }

// list is what a document says about its elements.
type list struct {
	// cut tells that it has elements that may be converted one by one, all of which begin
	// with a dash in this column.
	cut    bool
	column int
	// kind and version are those of the list itself, and versionLine where in the part the
	// latter stands, from 0.
	kind, version string
	versionLine   int
}

// cutter takes a stream apart into documents, and what lies between them, by their text.
type cutter struct {
	lines  lines
	offset int64
	line   int
	// read is a line that was read and is the beginning of the next part.
	read []byte
	// held is where the text of each part is held in turn.
	held []byte
	// unreadable tells that the stream is in an encoding that cannot be cut.
	unreadable bool
}

func newCutter(source Source, limits document.Limits) *cutter {
	content := io.NewSectionReader(source.Content, 0, source.Size)
	return &cutter{held: []byte{}, lines: lines{reader: bufio.NewReaderSize(content, 1<<16), limit: limits.Bytes}, line: 1}
}

// next gives the next part, or io.EOF.
func (c *cutter) next() (part, error) {
	text, err := c.peek()
	if err != nil {
		return part{line: c.line}, err
	}
	p := part{offset: c.offset, line: c.line}
	if c.offset == 0 {
		c.unreadable = bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff"))
		if mark := []byte("\ufeff"); bytes.HasPrefix(text, mark) {
			p.text, p.size, c.offset = mark, int64(len(mark)), int64(len(mark))
			c.read = text[len(mark):]
			return p, nil
		}
	}
	if is, bare := marker(text); is && bare {
		c.take(&p, text)
		return p, nil
	}
	err = c.document(&p)
	if c.unreadable {
		p.fault, c.unreadable = unreadable, false
	}
	return p, err
}

func (c *cutter) peek() ([]byte, error) {
	if c.read != nil {
		return c.read, nil
	}
	text, err := c.lines.next()
	if err == nil {
		c.read = text
	}
	return text, err
}

func (c *cutter) take(p *part, text []byte) {
	if p.size == 0 {
		p.text = c.held[:0]
	}
	if p.text != nil {
		p.text = append(p.text, text...)
		c.held = p.text
	}
	c.read = nil
	c.offset += int64(len(text))
	c.line++
	if p.size += int64(len(text)); p.size > retained {
		p.text = nil
	}
}

// document reads the lines of one document.
func (c *cutter) document(p *part) error {
	survey := survey{lexer: newLexer(), column: -1}
	directive := false
	for first := true; ; first = false {
		text, err := c.peek()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		mark, _ := marker(text)
		switch {
		case mark && (first || directive):
			survey.lexer.fail("text beside a document marker")
			directive = false
		case mark:
			survey.finish(p)
			return nil
		case first && text[0] == '%':
			directive = true
			survey.lexer.fail("a directive")
		}
		p.strimzi = p.strimzi || mentions(text)
		survey.line(text)
		c.take(p, text)
	}
	survey.finish(p)
	return nil
}

// mentions tells whether a text holds an API version of Strimzi's, or the port by which
// monitoring names its pods.
func mentions(text []byte) bool {
	return bytes.Contains(text, []byte("kafka.strimzi.io")) || bytes.Contains(text, []byte("tcp-prometheus"))
}

// survey learns from a document's lines whether, and where, it may be cut.
type survey struct {
	lexer  lexer
	seen   map[string]bool
	list   list
	number int
	// within tells that the lines at hand belong to items, whose dashes stand in column.
	within bool
	column int
}

func (s *survey) line(text []byte) {
	number := s.number
	s.number++
	if s.lexer.fault != "" {
		return
	}
	read := s.lexer.next(text)
	if read.blank || read.comment || read.continued {
		return
	}
	if s.within && s.element(read) {
		return
	}
	s.within = false
	if read.indent > 0 {
		if len(s.seen) == 0 {
			s.lexer.fail("a document that is indented")
		}
		return
	}
	s.key(read, text, number)
}

// element tells whether a line belongs to the elements of items.
func (s *survey) element(read line) bool {
	if s.column < 0 {
		if !read.dash {
			return read.indent > 0 // items is no list, which the whole document will tell
		}
		s.column = read.indent
	}
	switch {
	case read.indent > s.column:
		return true
	case read.indent < s.column:
		if read.indent > 0 {
			s.lexer.fail("elements in different columns")
		}
		return false
	case read.dash && read.key == "":
		s.lexer.fail("an element that is no mapping")
	}
	return read.dash
}

func (s *survey) key(read line, text []byte, number int) {
	switch {
	case read.dash || s.seen[read.key]:
		s.lexer.fail("a list, or a key twice")
		return
	case s.seen == nil:
		s.seen = map[string]bool{}
	}
	s.seen[read.key] = true
	value := scalar(text, read)
	switch read.key {
	case "items":
		s.within = read.from == read.to
	case "kind":
		s.list.kind = value
	case "apiVersion":
		s.list.version, s.list.versionLine = value, number
	}
}

func (s *survey) finish(p *part) {
	s.lexer.end()
	p.fault, p.keeps, p.list = s.lexer.fault, s.lexer.keeps, s.list
	if s.seen["items"] && strings.HasSuffix(s.list.kind, "List") && p.fault == "" {
		p.list.cut, p.list.column = s.column >= 0, s.column
		if !p.list.cut {
			p.fault = "items that are no list of several lines"
		}
	}
}

// scalar gives a value that stands in one line; "" where it has none, or escapes.
func scalar(text []byte, read line) string {
	value := string(text[read.from:read.to])
	if value == "" || strings.IndexByte("|>{[", value[0]) >= 0 {
		return ""
	}
	if quote := value[0]; (quote == '"' || quote == '\'') && closing([]byte(value), 1, quote) != len(value) {
		return ""
	}
	return unquoted(value)
}
