package inventory

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// setting is one key and value out of a mention.
type setting struct{ where, key, value string }

// settingsOf takes mentions apart into settings: variables as they are, files in
// ConfigMaps by what they hold, arguments of the form --key=value or -Dkey=value.
// References to variables, $(NAME) and ${NAME:default}, are filled in.
func settingsOf(mentions []mention) []setting {
	variables := make(map[string]string)
	for _, m := range mentions {
		if m.key != "" && !strings.Contains(m.text, "\n") {
			variables[m.key] = m.text
		}
	}
	var all []setting
	for _, m := range mentions {
		for _, s := range m.settings() {
			s.value = fill(s.value, variables)
			all = append(all, s)
		}
	}
	return all
}

func (m mention) settings() []setting {
	switch extension := strings.ToLower(path.Ext(m.key)); {
	case m.key == "":
		return m.arguments()
	case extension == ".yaml" || extension == ".yml" || extension == ".json":
		return m.tree()
	case extension == ".properties" || strings.Contains(strings.TrimSpace(m.text), "\n"):
		return m.properties()
	}
	return []setting{{m.where, m.key, m.text}}
}

func (m mention) arguments() []setting {
	var all []setting
	for _, word := range strings.Fields(m.text) {
		key, value, found := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if found && strings.HasPrefix(word, "-") {
			key = strings.TrimPrefix(key, "D")
			all = append(all, setting{m.where + " (" + key + ")", key, strings.Trim(value, `"'`)})
		}
	}
	return all
}

// properties reads the lines of a Java properties file or an environment file.
func (m mention) properties() []setting {
	var all []setting
	for _, line := range strings.Split(strings.ReplaceAll(m.text, "\\\n", ""), "\n") {
		line = strings.TrimSpace(line)
		at := strings.IndexAny(line, "=:")
		if at < 1 || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "!") {
			continue
		}
		key := strings.TrimSpace(strings.TrimPrefix(line[:at], "export "))
		all = append(all, setting{m.where + ", " + key, key, strings.Trim(strings.TrimSpace(line[at+1:]), `"'`)})
	}
	return all
}

// tree reads a YAML or JSON file. What cannot be read says nothing; it is the
// application's file, not ours.
func (m mention) tree() []setting {
	documents, err := document.Read(m.key, strings.NewReader(m.text), document.Limits{Bytes: 4 << 20, Nodes: 10_000})
	if err != nil {
		return nil
	}
	var all []setting
	for _, d := range documents {
		flatten(d.Root, "", func(key, value string) {
			all = append(all, setting{m.where + ", " + key, key, value})
		})
	}
	return all
}

// flatten visits a tree's scalars under their dotted keys, as Spring and Quarkus do. A
// list of scalars is also visited as one value with commas.
func flatten(node *yaml.Node, key string, visit func(key, value string)) {
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			flatten(node.Content[i+1], strings.TrimPrefix(key+"."+node.Content[i].Value, "."), visit)
		}
	case yaml.SequenceNode:
		var values []string
		for i, child := range node.Content {
			if text, ok := settingText(child); ok {
				values = append(values, text)
				continue
			}
			flatten(child, key+"."+strconv.Itoa(i), visit)
		}
		if len(values) > 0 {
			visit(key, strings.Join(values, ","))
		}
	default:
		if text, ok := settingText(node); ok {
			visit(key, text)
		}
	}
}

var variableReference = regexp.MustCompile(`\$\(([A-Za-z0-9_.-]+)\)|\$\{([A-Za-z0-9_.-]+)(?::-?([^}]*))?\}`)

// fill replaces references to variables by their values, or by the default that the
// reference brings; others stay.
func fill(text string, variables map[string]string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	return variableReference.ReplaceAllStringFunc(text, func(reference string) string {
		match := variableReference.FindStringSubmatch(reference)
		if value, ok := variables[match[1]+match[2]]; ok {
			return value
		}
		if match[3] != "" {
			return match[3]
		}
		return reference
	})
}
