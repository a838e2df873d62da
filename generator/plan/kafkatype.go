package plan

import (
	"fmt"
	"slices"
	"strconv"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi/v1beta2"
)

// typed is a finished spec as a value of the API.
type typed struct {
	kafka v1beta2.KafkaSpec
	// lines are those of migration.yaml from which values of a wrong type have come, by what
	// the lint says of them.
	lines map[string]int
}

// typeKafka reads the finished spec as the API will. A field that the API does not have is
// dropped from the spec: with a warning where the source has it, as an error where
// migration.yaml asks for it.
func (p *Plan) typeKafka(s *spec, located document.Document) (typed, finding.List) {
	root, err := document.FromValue(map[string]any{"spec": s.root})
	if err != nil {
		return typed{}, asFindings(err)
	}
	var findings finding.List
	kafka, departures := document.NewShape[v1beta2.KafkaSpec]().Decode(document.Document{Root: root}, "spec")
	finished := typed{kafka, make(map[string]int)}
	for _, departure := range departures {
		keys, declared := p.declaredAt(departure.Path[1:])
		switch {
		case !departure.Unknown() && declared:
			finished.lines[departure.Message] = p.Migration.Finding("", "", "", keys...).Line
		case !departure.Unknown(): // the lint has the line in the source
		case declared:
			s.drop("v1beta2 has no such field", departure.Path[1:]...)
			findings.Add(p.Migration.Finding("field-unknown", fmt.Sprintf("the API has no field %s", departure.Where()), departure.Hint, keys...))
		default:
			s.drop("v1beta2 has no such field", departure.Path[1:]...)
			f := located.Finding("field-unknown", fmt.Sprintf("the API has no field %s: it does not travel", departure.Where()), departure.Hint, named(departure.Path)...)
			f.Severity = finding.Warning
			findings.Add(f)
		}
	}
	return finished, findings
}

// declaredAt finds the place in migration.yaml that a path of the spec has come from.
func (p *Plan) declaredAt(path []string) ([]string, bool) {
	target := p.Migration.Target
	if len(target.Listeners) > 0 && len(path) > 2 && slices.Equal(path[:2], []string{"kafka", "listeners"}) {
		return append([]string{"target", "listeners"}, path[2:]...), true
	}
	var value any = target.Kafka
	for _, key := range path {
		child, ok := childOf(value, key)
		if !ok {
			return nil, false
		}
		value = child
	}
	return append([]string{"target", "kafka"}, path...), true
}

// childOf gives what stands in a mapping or, by its index, in a list.
func childOf(value any, key string) (any, bool) {
	switch value := value.(type) {
	case map[string]any:
		child, ok := value[key]
		return child, ok
	case []any:
		if i, err := strconv.Atoi(key); err == nil && i < len(value) {
			return value[i], true
		}
	}
	return nil, false
}

// named gives a path as far as it leads through mappings: lists of the source may have got
// another order.
func named(path []string) []string {
	for i, key := range path {
		if _, err := strconv.Atoi(key); err == nil {
			return path[:i]
		}
	}
	return path
}

// values gives the API's value as plain ones, without the fields that the type has to write
// and the spec leaves out.
func (t typed) values(spec map[string]any) (map[string]any, error) {
	node, err := document.FromAPI(t.kafka)
	if err != nil {
		return nil, err
	}
	values, _ := within(document.Value(node), spec).(map[string]any)
	return values, nil
}

// within takes from value what other does not have.
func within(value, other any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := make(map[string]any, len(value))
		for key, child := range value {
			if given, ok := childOf(other, key); ok {
				kept[key] = within(child, given)
			}
		}
		return kept
	case []any:
		kept := make([]any, len(value))
		for i, child := range value {
			given, _ := childOf(other, strconv.Itoa(i))
			kept[i] = within(child, given)
		}
		return kept
	}
	return value
}
