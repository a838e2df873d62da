package conversion

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// entry is a line of a tree: a key, an element of a list, or both.
type entry struct {
	// indent is where the line begins, with its dash if it has one, and column its key.
	indent, column int
	dash           bool
	key, value     string
}

// tree reads the simplest of block YAML, mappings and lists of scalars in one line each, a
// good deal faster than a parser does. For all else ok is false: then a parser has to.
func tree(text []byte) (root *yaml.Node, ok bool) {
	reader := treeReader{ok: true}
	lexer := newLexer()
	for offset := 0; offset < len(text); {
		end := offset + lineEnd(text[offset:])
		line := text[offset:end]
		read := lexer.next(line)
		offset = end
		if read.blank || read.comment {
			continue
		}
		if read.continued || lexer.fault != "" || lexer.block >= 0 || read.dash && !plainElement(line, read) {
			return nil, false
		}
		reader.entries = append(reader.entries, entry{read.indent, read.column, read.dash, read.key, string(line[read.from:read.to])})
	}
	lexer.end()
	if lexer.fault != "" || len(reader.entries) == 0 || reader.entries[0].dash {
		return nil, false
	}
	root = reader.mapping(reader.entries[0].indent)
	return root, reader.ok && reader.at == len(reader.entries)
}

// plainElement tells an element that has one dash, and something behind it.
func plainElement(line []byte, read line) bool {
	return (read.key != "" || read.from < read.to) && read.column == read.indent+1+indentOf(line[read.indent+1:])
}

// treeReader builds nodes from lines.
type treeReader struct {
	entries []entry
	at      int
	ok      bool
}

// next gives the line at hand if it begins in a column, with or without a dash.
func (r *treeReader) next(column int, dash bool) *entry {
	if !r.ok || r.at == len(r.entries) || r.entries[r.at].indent != column || r.entries[r.at].dash != dash {
		return nil
	}
	return &r.entries[r.at]
}

func (r *treeReader) mapping(column int) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for e := r.next(column, false); e != nil; e = r.next(column, false) {
		r.at++
		for i := 0; i < len(node.Content); i += 2 {
			r.ok = r.ok && node.Content[i].Value != e.key
		}
		r.ok = r.ok && e.key != "<<"
		key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: e.key}
		node.Content = append(node.Content, key, r.value(*e, column))
	}
	return node
}

func (r *treeReader) value(e entry, column int) *yaml.Node {
	switch {
	case e.value != "":
		return r.scalar(e.value)
	case r.at == len(r.entries):
	case r.entries[r.at].dash && r.entries[r.at].indent >= column:
		return r.sequence(r.entries[r.at].indent)
	case r.entries[r.at].indent > column:
		return r.mapping(r.entries[r.at].indent)
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
}

func (r *treeReader) sequence(column int) *yaml.Node {
	node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for e := r.next(column, true); e != nil; e = r.next(column, true) {
		if e.key == "" {
			r.at++
			node.Content = append(node.Content, r.scalar(e.value))
			continue
		}
		e.dash, e.indent = false, e.column
		node.Content = append(node.Content, r.mapping(e.column))
	}
	return node
}

func (r *treeReader) scalar(text string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Value: text}
	switch text[0] {
	case '{', '[':
		r.ok = r.ok && (text == "{}" || text == "[]")
		if text == "{}" {
			return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: yaml.FlowStyle}
		}
		return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
	case '"', '\'':
		inner := text[1 : len(text)-1]
		r.ok = r.ok && !strings.ContainsAny(inner, `\'"`)
		node.Value, node.Tag, node.Style = inner, "!!str", yaml.DoubleQuotedStyle
	default:
		node.Tag = node.ShortTag()
	}
	return node
}
