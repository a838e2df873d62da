package fuzz_test

import (
	"maps"
	"slices"
)

// shrink takes away whatever an object can do without and still fail.
func shrink(object map[string]any, fails func(map[string]any) bool) map[string]any {
	for again := true; again; {
		again = false
		for _, steps := range parts(object, nil) {
			if !reaches(object, steps) {
				continue // gone with what it was part of
			}
			if smaller, ok := without(object, steps).(map[string]any); ok && fails(smaller) {
				object, again = smaller, true
			}
		}
	}
	return object
}

// parts lists the way to everything within a value, what is whole before its parts. A step
// is the key of a mapping or the index of a list; the last of a list comes first.
func parts(value any, at []any) [][]any {
	var all [][]any
	add := func(step, child any) {
		steps := append(slices.Clone(at), step)
		all = append(append(all, steps), parts(child, steps)...)
	}
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			add(key, value[key])
		}
	case []any:
		for i := range slices.Backward(value) {
			add(i, value[i])
		}
	}
	return all
}

func reaches(value any, steps []any) bool {
	if len(steps) == 0 {
		return true
	}
	switch value := value.(type) {
	case map[string]any:
		child, ok := value[steps[0].(string)]
		return ok && reaches(child, steps[1:])
	case []any:
		i := steps[0].(int)
		return i < len(value) && reaches(value[i], steps[1:])
	}
	return false
}

// without copies a value as far as the steps lead, and leaves out what is there.
func without(value any, steps []any) any {
	switch value := value.(type) {
	case map[string]any:
		key := steps[0].(string)
		smaller := maps.Clone(value)
		if len(steps) == 1 {
			delete(smaller, key)
		} else {
			smaller[key] = without(value[key], steps[1:])
		}
		return smaller
	case []any:
		i := steps[0].(int)
		smaller := slices.Clone(value)
		if len(steps) == 1 {
			return slices.Delete(smaller, i, i+1)
		}
		smaller[i] = without(value[i], steps[1:])
		return smaller
	}
	return value
}
