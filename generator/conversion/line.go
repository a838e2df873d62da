package conversion

import (
	"bytes"
	"strings"
)

// line is what one line of block YAML says. The offsets count into the line's bytes.
type line struct {
	// indent is the column of the first character that is no space.
	indent int
	// blank, comment and continued lines say nothing of their own: a continued line goes on
	// with the text of the line before.
	blank, comment, continued bool
	// dash tells that the line starts an element of a list; column is where its key begins.
	dash   bool
	column int
	// key is "" where the line has none; from and to enclose its value, quotes and all.
	key      string
	from, to int
}

// lexer reads lines of block YAML one after the other, just closely enough to know which of
// them are structure and which are text. What it does not know for sure is a fault: it knows
// no anchors, aliases, tags and complex keys, no flow collections or bare text beyond one
// line, and no tabs outside of text.
type lexer struct {
	// block and plain are the columns that the lines of a block scalar, or of plain text that
	// may go on, have to exceed; -1 where there is none.
	block, plain int
	// quote is the quotation mark that is still open, below a key or dash at column floor.
	quote byte
	floor int
	// keeps tells that a block scalar keeps the blank lines below it (|+).
	keeps bool
	// fault is the first thing that was not understood; "" where there is none.
	fault string
}

func newLexer() lexer { return lexer{block: -1, plain: -1} }

func (l *lexer) fail(reason string) {
	if l.fault == "" {
		l.fault = reason
	}
}

// end tells the lexer that its document ends here.
func (l *lexer) end() {
	if l.quote != 0 {
		l.fail("a quotation mark is not closed")
	}
}

// next reads one line, its line break included or not.
func (l *lexer) next(raw []byte) line {
	text := trimBreak(raw)
	if strangeBreak(text) {
		l.fail("a line break that is neither LF nor CRLF")
	}
	read := line{indent: indentOf(text)}
	read.blank = read.indent == len(text)
	switch {
	case l.quote != 0:
		read.continued = true
		l.goOn(text, read)
		return read
	case read.blank:
		return read
	case l.block >= 0 && read.indent > l.block:
		read.continued = true
		return read
	case text[read.indent] == '#':
		l.block, l.plain = -1, -1
		read.comment = true
		return read
	case l.plain >= 0 && read.indent > l.plain:
		read.continued = true
		return read
	}
	l.block, l.plain = -1, -1
	if bytes.IndexByte(text, '\t') >= 0 {
		l.fail("a tab")
	}
	l.structure(text, &read)
	return read
}

// goOn reads a further line of quoted text.
func (l *lexer) goOn(text []byte, read line) {
	if read.blank {
		return
	}
	if read.indent <= l.floor {
		// Parsers let it pass, and a cut could not tell it from an element of a list.
		l.fail("quoted text that is not indented")
	}
	if end := closing(text, 0, l.quote); end >= 0 {
		l.quote = 0
		if !rest(text, end) {
			l.fail("text behind a quotation mark")
		}
	}
}

// structure reads dashes, a key and the beginning of its value.
func (l *lexer) structure(text []byte, read *line) {
	read.column = read.indent
	parent := -1
	for text[read.column] == '-' && (read.column+1 == len(text) || text[read.column+1] == ' ') {
		read.dash, parent = true, read.column
		read.column += 1 + indentOf(text[read.column+1:])
		if read.column == len(text) || text[read.column] == '#' {
			return
		}
	}
	end, value := key(text, read.column)
	switch {
	case value >= 0:
		read.key = unquoted(string(text[read.column:end]))
		if read.key == "" {
			l.fail("a key that is no plain text")
		}
		read.from, read.to = l.value(text, value, read.column)
	case read.dash:
		read.from, read.to = l.value(text, read.column, parent)
	default:
		l.fail("text without a key")
	}
}

// value reads a value from an offset, and gives where it begins and ends in this line.
func (l *lexer) value(text []byte, at, parent int) (from, to int) {
	from = at + indentOf(text[at:])
	if from == len(text) || text[from] == '#' && from > at {
		return from, from
	}
	switch first := text[from]; {
	case first == '"' || first == '\'':
		to = l.quoted(text, from, parent)
	case first == '|' || first == '>':
		header := from + 1
		for header < len(text) && strings.IndexByte("+-0123456789", text[header]) >= 0 {
			l.keeps = l.keeps || text[header] == '+'
			header++
		}
		l.block, to = parent, header
	case first == '{' || first == '[':
		if to = flow(text, from); to < 0 {
			l.fail("a flow collection of several lines")
			return from, len(text)
		}
	case strings.IndexByte("&*!%@`,]}#", first) >= 0 || indicator(text, from):
		l.fail("an anchor, alias, tag or indicator")
		return from, len(text)
	default:
		return from, l.plainText(text, from, parent)
	}
	if !rest(text, to) {
		l.fail("text behind a value")
	}
	return from, to
}

func (l *lexer) quoted(text []byte, from, parent int) int {
	if end := closing(text, from+1, text[from]); end >= 0 {
		return end
	}
	l.quote, l.floor = text[from], parent
	return len(text)
}

func (l *lexer) plainText(text []byte, from, parent int) int {
	to := len(text)
	if i := bytes.Index(text[from:], []byte(" #")); i >= 0 {
		to = from + i
	} else {
		l.plain = parent
	}
	plain := bytes.TrimRight(text[from:to], " ")
	if bytes.Contains(plain, []byte(": ")) || bytes.HasSuffix(plain, []byte(":")) {
		l.fail("a mapping behind a key")
	}
	return from + len(plain)
}
