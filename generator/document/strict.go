package document

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"go.yaml.in/yaml/v3"

	"cutover/generator/finding"
)

// Decode reads the document into a struct, strictly: a field the struct does not
// have, or a value of the wrong type, is a finding with its line, and for a field
// the nearest known name. All of them are reported, not only the first.
func (d Document) Decode(into any) error {
	strict := strict{file: d.File}
	strict.walk(d.Root, reflect.TypeOf(into).Elem(), "")
	if err := strict.findings.Err(); err != nil {
		return err
	}
	if err := d.Root.Decode(into); err != nil {
		return d.typeErrors(err)
	}
	return nil
}

func (d Document) typeErrors(err error) error {
	var wrong *yaml.TypeError
	if !errors.As(err, &wrong) {
		return syntax(d.File, err)
	}
	var findings finding.List
	for _, message := range wrong.Errors {
		f := syntax(d.File, errors.New(message))
		f.Rule, f.Hint = wrongType, "`cutover schema` prints what belongs where"
		if match := mismatch.FindStringSubmatch(message); match != nil {
			f.Message = fmt.Sprintf("%s stands where %s is expected", inWords(match[1]), inWords(match[2]))
		}
		findings.Add(f)
	}
	return findings.Err()
}

var mismatch = regexp.MustCompile(`cannot unmarshal !!(\w+).* into (\S+)$`)

// inWords names a YAML tag or a Go type for a person.
func inWords(kind string) string {
	switch strings.TrimPrefix(kind, "*") {
	case "str", "string":
		return "text"
	case "int", "int32", "int64", "float", "float64":
		return "a number"
	case "bool":
		return "true or false"
	case "null":
		return "nothing"
	case "seq":
		return "a list"
	case "map":
		return "a mapping"
	}
	if strings.HasPrefix(kind, "[]") {
		return "a list"
	}
	return "a mapping"
}

type strict struct {
	file     string
	findings finding.List
}

func (s *strict) walk(node *yaml.Node, t reflect.Type, path string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case isInteger(t) && node.Kind == yaml.ScalarNode && node.Tag == "!!float":
		// The decoder would cut the fraction off without a word.
		s.findings.Add(at(s.file, node, wrongType, "a fraction stands where a whole number is expected", "`cutover schema` prints what belongs where"))
	case t.Kind() == reflect.Struct && node.Kind == yaml.MappingNode:
		s.walkStruct(node, t, path)
	case t.Kind() == reflect.Slice && node.Kind == yaml.SequenceNode:
		for i, child := range node.Content {
			s.walk(child, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
		}
	case t.Kind() == reflect.Map && node.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			s.walk(node.Content[i+1], t.Elem(), join(path, node.Content[i].Value))
		}
	}
}

func isInteger(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64 }

func (s *strict) walkStruct(node *yaml.Node, t reflect.Type, path string) {
	if isAPI(t) {
		s.walkAPI(node, t, path)
		return
	}
	known := fieldsOf(t, "yaml")
	names := slices.Sorted(maps.Keys(known))
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		field, ok := known[key.Value]
		if !ok {
			s.findings.Add(at(s.file, key, unknownField, fmt.Sprintf("unknown field %s", join(path, key.Value)), nearest(key.Value, names)))
			continue
		}
		s.walk(node.Content[i+1], field, join(path, key.Value))
	}
}

// walkAPI holds what stands within one of our own types against a type of a Kubernetes API.
func (s *strict) walkAPI(node *yaml.Node, t reflect.Type, path string) {
	reader := departures{file: s.file}
	reader.read(node, shapeOf(t, make(map[reflect.Type]*shape)), []string{path})
	for _, departure := range reader.found {
		s.findings.Add(departure.Finding)
	}
}

func nearest(name string, names []string) string {
	best, distance := "", len(name)/2+2
	for _, candidate := range names {
		d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(candidate), nil)
		if d < distance {
			best, distance = candidate, d
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %s? Known here: %s", best, strings.Join(names, ", "))
	}
	return "known here: " + strings.Join(names, ", ")
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
