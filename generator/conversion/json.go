package conversion

import (
	"bytes"
	"encoding/json"
	"regexp"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// isJSON tells a text that is an object in JSON.
func isJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return bytes.HasPrefix(text, []byte("{")) && json.Valid(text)
}

var firstKey = regexp.MustCompile(`^\s*\{\r?\n([ \t]*)"`)

// writeJSON writes objects in the layout of the text they came from. Where there are more
// than one, which JSON cannot have in a row, they become a List.
func writeJSON(text []byte, roots []*yaml.Node) []byte {
	root := roots[0]
	if len(roots) > 1 {
		root = document.Mapping(
			document.Scalar("apiVersion"), document.Scalar("v1"),
			document.Scalar("kind"), document.Scalar("List"),
			document.Scalar("items"), &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: roots})
	}
	var out bytes.Buffer
	jsonNode(&out, root, bytes.Contains(text, []byte(`\u003`)) || bytes.Contains(text, []byte(`\u0026`)))
	if layout := firstKey.FindSubmatch(text); layout != nil {
		var indented bytes.Buffer
		if json.Indent(&indented, out.Bytes(), "", string(layout[1])) == nil {
			out = indented
		}
	}
	if bytes.HasSuffix(text, []byte("\n")) {
		out.WriteByte('\n')
	}
	return out.Bytes()
}

func jsonNode(out *bytes.Buffer, node *yaml.Node, escapeHTML bool) {
	switch node.Kind {
	case yaml.MappingNode:
		out.WriteByte('{')
		for i := 0; i+1 < len(node.Content); i += 2 {
			if i > 0 {
				out.WriteByte(',')
			}
			jsonText(out, node.Content[i].Value, escapeHTML)
			out.WriteByte(':')
			jsonNode(out, node.Content[i+1], escapeHTML)
		}
		out.WriteByte('}')
	case yaml.SequenceNode:
		out.WriteByte('[')
		for i, child := range node.Content {
			if i > 0 {
				out.WriteByte(',')
			}
			jsonNode(out, child, escapeHTML)
		}
		out.WriteByte(']')
	default:
		// What was read from JSON and is no text is written in JSON's way already.
		if node.Tag == "!!str" || !json.Valid([]byte(node.Value)) {
			jsonText(out, node.Value, escapeHTML)
			return
		}
		out.WriteString(node.Value)
	}
}

func jsonText(out *bytes.Buffer, text string, escapeHTML bool) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(escapeHTML)
	if encoder.Encode(text) == nil {
		out.Truncate(out.Len() - 1) // the line break that Encode adds
	}
}
