package conversion

import (
	"bytes"
	"strings"
)

// trimBreak takes the line break off a line.
func trimBreak(text []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
}

func indentOf(text []byte) int {
	for i, c := range text {
		if c != ' ' {
			return i
		}
	}
	return len(text)
}

// strangeBreak tells whether a line holds what YAML 1.1 takes for a line break as well: a
// lone CR, NEL, LS or PS.
func strangeBreak(text []byte) bool {
	return bytes.IndexByte(text, '\r') >= 0 ||
		bytes.IndexByte(text, '\xc2') >= 0 && bytes.Contains(text, []byte("\u0085")) ||
		bytes.IndexByte(text, '\xe2') >= 0 && (bytes.Contains(text, []byte("\u2028")) || bytes.Contains(text, []byte("\u2029")))
}

// marker tells a line that ends a document: --- or ..., with nothing but a comment behind
// it where bare.
func marker(text []byte) (is, bare bool) {
	text = trimBreak(text)
	if !bytes.HasPrefix(text, []byte("---")) && !bytes.HasPrefix(text, []byte("...")) {
		return false, false
	}
	if len(text) > 3 && text[3] != ' ' && text[3] != '\t' {
		return false, false
	}
	return true, rest(text, 3)
}

// rest tells that nothing but a comment follows an offset.
func rest(text []byte, at int) bool {
	from := at + indentOf(text[at:])
	return from == len(text) || text[from] == '#' && from > at
}

// indicator tells whether -, ? or : stands alone, where it is no part of a word.
func indicator(text []byte, at int) bool {
	if strings.IndexByte("-?:", text[at]) < 0 {
		return false
	}
	return at+1 == len(text) || text[at+1] == ' '
}

// closing gives the offset behind the quotation mark that closes the text at an offset, or
// -1 where this line does not close it.
func closing(text []byte, at int, quote byte) int {
	for i := at; i < len(text); i++ {
		switch {
		case quote == '"' && text[i] == '\\':
			i++
		case text[i] != quote:
		case quote == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		default:
			return i + 1
		}
	}
	return -1
}

// key finds the key that begins at an offset: where it ends, and where its value may begin;
// -1 where there is none in this line.
func key(text []byte, at int) (end, value int) {
	switch first := text[at]; {
	case first == '"' || first == '\'':
		end = closing(text, at+1, first)
		if end < 0 || end == len(text) || text[end] != ':' || end+1 < len(text) && text[end+1] != ' ' {
			return -1, -1
		}
		return end, end + 1
	case strings.IndexByte("{[&*!|>%@`,]}#", first) >= 0 || indicator(text, at):
		return -1, -1
	}
	for i := at; i < len(text); i++ {
		switch {
		case text[i] == '#' && text[i-1] == ' ' && i > at:
			return -1, -1
		case text[i] == ':' && (i+1 == len(text) || text[i+1] == ' '):
			return i, i + 1
		}
	}
	return -1, -1
}

// flow gives the offset behind a flow collection that begins and ends in this line, or -1.
// It takes a quotation mark for the start of quoted text more often than a parser does,
// and then finds no end.
func flow(text []byte, at int) int {
	depth := 0
	for i := at; i < len(text); i++ {
		switch c := text[i]; {
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case (c == '"' || c == '\'') && strings.IndexByte("{[,: ", text[i-1]) >= 0:
			end := closing(text, i+1, c)
			if end < 0 {
				return -1
			}
			i = end - 1
		case c == '#' && text[i-1] == ' ', strings.IndexByte("&*!", c) >= 0 && strings.IndexByte("{[,: ", text[i-1]) >= 0:
			return -1
		}
	}
	return -1
}

// unquoted gives the text of a scalar in one line; "" where its quotes hold escapes.
func unquoted(text string) string {
	if text == "" || text[0] != '"' && text[0] != '\'' {
		return strings.TrimRight(text, " ")
	}
	inner := text[1 : len(text)-1]
	if strings.ContainsAny(inner, `\'"`) {
		return ""
	}
	return inner
}
