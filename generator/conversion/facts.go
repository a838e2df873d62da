package conversion

import (
	"bytes"
	"strings"

	"cutover/generator/strimzi"
)

// facts is what the text of an object tells without being parsed.
type facts struct {
	// simple tells that the facts are certain: apiVersion and kind stand in a line each.
	simple          bool
	version, kind   string
	name, namespace string
	// at is where the apiVersion stands, quotes and all; spec spans the lines of that field.
	at, spec span
}

// inspect reads the lines at the object's own column, and its name. The text is known to be
// block YAML in which whatever is deeper belongs to the line above.
func inspect(p piece) facts {
	found := facts{simple: true}
	top, inner := "", -1
	for offset := 0; offset < len(p.text); {
		end := offset + lineEnd(p.text[offset:])
		text := p.text[offset:end]
		if indent := indentOf(trimBreak(text)); !empty(text) {
			switch {
			case indent <= p.column && text[indent] == '-' && indicator(trimBreak(text), indent):
				found.simple = found.simple && indent == p.column // a list below the key above
			case indent <= p.column:
				read := found.lex(text)
				found.simple = found.simple && indent == p.column && !found.has(read.key)
				top, inner = read.key, -1
				found.take(read, text, offset)
			case top == "apiVersion" || top == "kind":
				found.simple = false
			case top == "metadata" && (inner < 0 || indent == inner):
				inner = indent
				found.identity(found.lex(text), text)
			}
		}
		if top == "spec" {
			found.spec.to = end
		}
		offset = end
	}
	found.simple = found.simple && found.kind != "" && found.version != ""
	return found
}

// lex reads one line that is known to be structure.
func (f *facts) lex(text []byte) line {
	lexer := newLexer()
	read := lexer.next(text)
	f.simple = f.simple && lexer.fault == ""
	return read
}

func (f *facts) has(key string) bool {
	switch key {
	case "apiVersion":
		return f.version != ""
	case "kind":
		return f.kind != ""
	case "spec":
		return f.spec.to > 0
	}
	return false
}

func (f *facts) take(read line, text []byte, offset int) {
	switch read.key {
	case "apiVersion":
		f.version = scalar(text, read)
		f.at = span{offset + read.from, offset + read.to}
	case "kind":
		f.kind = scalar(text, read)
	case "spec":
		f.spec.from = offset
	}
}

func (f *facts) identity(read line, text []byte) {
	switch read.key {
	case "name":
		f.name = scalar(text, read)
	case "namespace":
		f.namespace = scalar(text, read)
	}
}

// describe names the object as [document.Document.Describe] does.
func (f facts) describe() string {
	if f.namespace != "" {
		return f.kind + " " + f.namespace + "/" + f.name
	}
	return f.kind + " " + f.name
}

// foreign tells that the object surely is none of Strimzi's, nor monitors what is.
func (f facts) foreign() bool {
	return f.simple && !strings.HasPrefix(f.version, strimzi.Group+"/") && f.kind != "ServiceMonitor" && f.kind != "Template"
}

// convertible tells that it is known which of the API versions the object has.
func (f facts) convertible() bool {
	return f.simple && (old(f.version) || f.version == strimzi.V1Beta2)
}

// versionOnly gives the kinds of which nothing changes but the apiVersion.
func versionOnly() map[string]bool {
	kinds := make(map[string]bool)
	for _, rule := range strimzi.Rules() {
		only, known := kinds[rule.Kind]
		kinds[rule.Kind] = rule.Action == strimzi.SetVersion && (only || !known)
	}
	return kinds
}

// old tells the API versions that are converted.
func old(version string) bool {
	return version == strimzi.Group+"/v1alpha1" || version == strimzi.Group+"/v1beta1"
}

// crlf tells that a text's lines end in CRLF.
func crlf(text []byte) bool { return bytes.HasSuffix(text[:lineEnd(text)], []byte("\r\n")) }
