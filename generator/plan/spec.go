package plan

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// spec is a resource's spec on its way from the source to the target. It remembers why
// each change was made, and finds out by comparison what was changed in the end.
type spec struct {
	before, root map[string]any
	reasons      map[string]string
}

func newSpec(converted map[string]any) *spec {
	root, _ := deepCopy(converted).(map[string]any)
	return &spec{before: converted, root: root, reasons: make(map[string]string)}
}

func (s *spec) get(path ...string) any {
	var value any = s.root
	for _, key := range path {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

func (s *spec) object(path ...string) map[string]any {
	object, _ := s.get(path...).(map[string]any)
	return object
}

// set puts value at path, and says why.
func (s *spec) set(reason string, value any, path ...string) {
	parent := s.root
	for _, key := range path[:len(path)-1] {
		child, ok := parent[key].(map[string]any)
		if !ok {
			child = make(map[string]any)
			parent[key] = child
		}
		parent = child
	}
	parent[path[len(path)-1]] = value
	s.reasons[strings.Join(path, ".")] = reason
}

// setDefault puts value at path unless something stands there.
func (s *spec) setDefault(reason string, value any, path ...string) {
	if s.get(path...) == nil {
		s.set(reason, value, path...)
	}
}

// drop takes what stands at path away, and says why. A key of digits counts into a list.
func (s *spec) drop(reason string, path ...string) {
	var at any = s.root
	for _, key := range path[:len(path)-1] {
		at, _ = childOf(at, key)
	}
	parent, _ := at.(map[string]any)
	if _, ok := parent[path[len(path)-1]]; !ok {
		return
	}
	delete(parent, path[len(path)-1])
	s.reasons[strings.Join(path, ".")] = reason
}

// patch merges the migration's own patch over the spec.
func (s *spec) patch(changes map[string]any) {
	if len(changes) == 0 {
		return
	}
	before := deepCopy(s.root)
	s.root, _ = mergePatch(s.root, exact(changes)).(map[string]any)
	walkDifferences(nil, before, s.root, func(path []string, _, _ any) {
		s.reasons[strings.Join(path, ".")] = "target.kafka of migration.yaml"
	})
}

// differences lists what the target has otherwise than the converted source.
func (s *spec) differences() []Difference {
	var all []Difference
	walkDifferences(nil, s.opened(), s.root, func(path []string, source, target any) {
		all = append(all, Difference{strings.Join(path, "."), source, target, s.reasonFor(path)})
	})
	return all
}

// opened gives the source's spec with an empty mapping wherever the target has one in which
// single fields were set with reasons of their own, so that each is listed with its reason.
func (s *spec) opened() map[string]any {
	before, _ := deepCopy(s.before).(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(s.reasons)) {
		path := strings.Split(key, ".")
		source, target := before, s.root
		for end := 1; end < len(path); end++ {
			step := path[end-1]
			child, isObject := target[step].(map[string]any)
			if _, whole := s.reasons[strings.Join(path[:end], ".")]; whole || !isObject {
				break
			}
			if source[step] == nil {
				source[step] = make(map[string]any)
			}
			next, isObject := source[step].(map[string]any)
			if !isObject {
				break
			}
			source, target = next, child
		}
	}
	return before
}

// reasonFor finds the reason given for a path, for one of its parents, or for something in it.
func (s *spec) reasonFor(path []string) string {
	for end := len(path); end > 0; end-- {
		if reason, ok := s.reasons[strings.Join(path[:end], ".")]; ok {
			return reason
		}
	}
	prefix := strings.Join(path, ".") + "."
	for _, key := range slices.Sorted(maps.Keys(s.reasons)) {
		if strings.HasPrefix(key, prefix) {
			return s.reasons[key]
		}
	}
	return ""
}

func walkDifferences(path []string, source, target any, visit func(path []string, source, target any)) {
	before, isObject := source.(map[string]any)
	after, isObjectToo := target.(map[string]any)
	if !isObject || !isObjectToo {
		if !reflect.DeepEqual(source, target) {
			visit(path, source, target)
		}
		return
	}
	keys := slices.Sorted(maps.Keys(before))
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if _, ok := before[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		walkDifferences(append(slices.Clone(path), key), before[key], after[key], visit)
	}
}

func (s *spec) refersTo(configMap string) bool {
	return slices.Contains(configMapRefs(s.root), configMap)
}

// configMapRefs finds the names of all ConfigMaps that a spec's configMapKeyRefs name.
func configMapRefs(value any) []string {
	var names []string
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			ref, isObject := value[key].(map[string]any)
			if name, ok := ref["name"].(string); key == "configMapKeyRef" && isObject && ok {
				names = append(names, name)
				continue
			}
			names = append(names, configMapRefs(value[key])...)
		}
	case []any:
		for _, child := range value {
			names = append(names, configMapRefs(child)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// exact gives what was decoded from migration.yaml in the types that a converted spec has:
// int64 for whole numbers and, beyond 2^53, their text.
func exact(value any) any {
	switch value := value.(type) {
	case int:
		if value >= 1<<53 || value <= -(1<<53) {
			return strconv.Itoa(value)
		}
		return int64(value)
	case uint64:
		return strconv.FormatUint(value, 10)
	case map[string]any:
		object := make(map[string]any, len(value))
		for key, child := range value {
			object[key] = exact(child)
		}
		return object
	case []any:
		list := make([]any, len(value))
		for i, child := range value {
			list[i] = exact(child)
		}
		return list
	}
	return value
}

func deepCopy(value any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(value))
		for key, child := range value {
			copied[key] = deepCopy(child)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, child := range value {
			copied[i] = deepCopy(child)
		}
		return copied
	}
	return value
}
