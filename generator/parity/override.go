package parity

import (
	"fmt"
	"regexp"
	"slices"

	"cutover/generator/migration"
)

// matcher tells whether an override speaks of a name, as the plan does: by name, or by a
// pattern that matches it whole.
func matcher(name, pattern string) func(string) bool {
	if pattern == "" {
		return func(candidate string) bool { return candidate == name }
	}
	compiled, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil { // the migration's own check refuses it
		return func(string) bool { return false }
	}
	return compiled.MatchString
}

// topicOverrides finds the override behind a topic's difference. Later ones win.
type topicOverrides []struct {
	matches func(string) bool
	migration.TopicOverride
}

func newTopicOverrides(list []migration.TopicOverride) topicOverrides {
	overrides := make(topicOverrides, len(list))
	for i, override := range list {
		overrides[i].matches, overrides[i].TopicOverride = matcher(override.Name, override.Pattern), override
	}
	return overrides
}

// replicas gives the cause of a target's replication factor; ok tells that an override sets it.
func (o topicOverrides) replicas(topic string, target int32) (because cause, ok bool) {
	for i, override := range slices.Backward(o) {
		if override.Replicas > 0 && override.matches(topic) {
			because = cause{fmt.Sprintf("topics.overrides[%d].replicas of migration.yaml", i), true}
			return because, override.Replicas == target
		}
	}
	return cause{}, false
}

// config gives the cause of a target's topic setting; ok tells that an override sets or
// removes it.
func (o topicOverrides) config(topic, key string, target Value) (because cause, ok bool) {
	for i, override := range slices.Backward(o) {
		value, named := override.Config[key]
		if !named || !override.matches(topic) {
			continue
		}
		because = cause{fmt.Sprintf("topics.overrides[%d].config.%s of migration.yaml", i, key), true}
		if value == nil {
			return because, !target.set
		}
		return because, target.set && fmt.Sprint(value) == target.text
	}
	return cause{}, false
}

// userOverrides finds the override behind a user's difference. Later ones win.
type userOverrides []struct {
	matches func(string) bool
	migration.UserOverride
}

func newUserOverrides(list []migration.UserOverride) userOverrides {
	overrides := make(userOverrides, len(list))
	for i, override := range list {
		overrides[i].matches, overrides[i].UserOverride = matcher(override.Name, override.Pattern), override
	}
	return overrides
}

// spec gives the cause of a difference at a path into a user's spec: the last override that
// speaks of the path, of what holds it, or of something in it.
func (o userOverrides) spec(user string, path ...string) cause {
	for i, override := range slices.Backward(o) {
		if override.matches(user) && speaks(override.Spec, path) {
			return cause{fmt.Sprintf("users.overrides[%d].spec.%s of migration.yaml", i, path[0]), true}
		}
	}
	return nobody()
}

// speaks tells whether a merge patch changes what stands at a path.
func speaks(patch any, path []string) bool {
	for _, key := range path {
		object, isObject := patch.(map[string]any)
		if !isObject {
			return true // replaced or removed whole
		}
		child, named := object[key]
		if !named {
			return false
		}
		patch = child
	}
	return true
}
