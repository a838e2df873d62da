package fuzz_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cutover/e2e/conformance/crd"
)

// source is one version of a kind that an export can hold.
type source struct {
	release, version string
	generator        *crd.Generator
	known            crd.Definitions
}

func (s source) String() string { return "Strimzi " + s.release + " " + s.version }

// checker converts objects of one kind and says what is wrong with the results.
type checker struct {
	converter *converter
	oracle    oracle
	// releases are the targets, and targets their definitions.
	releases []string
	targets  map[string]crd.Definitions
}

// verdict is what came of one object.
type verdict struct {
	// wrong are the failures, by a name that is the same for all that fail alike.
	wrong map[string]string
	// refused tells that the conversion left a decision to a person, and linted that the
	// target's API would refuse the result, as Lint says.
	refused, linted bool
	changes         []change
}

func (v *verdict) fail(release, complaint string) {
	v.wrong[alike(complaint)] = "for Strimzi " + release + ": " + complaint
}

var (
	aValue = regexp.MustCompile(`(Invalid value|Unsupported value): .*| (was|is) .*|object-\d+| \(line \d+\)`)
	anItem = regexp.MustCompile(`\[[^\]]*\]`)
)

// alike cuts off a complaint what differs from object to object.
func alike(complaint string) string {
	return aValue.ReplaceAllString(anItem.ReplaceAllString(complaint, "[]"), "")
}

// check converts an object, written in a way that random chooses.
func (c *checker) check(t *testing.T, random *rand.Rand, from source, object map[string]any) verdict {
	t.Helper()
	v := verdict{wrong: make(map[string]string)}
	for _, problem := range from.known.Problems(object) {
		v.wrong["no object of its source: "+alike(problem)] = "the generator made no object of its source: " + problem
	}
	if len(v.wrong) > 0 {
		return v
	}
	text, err := write(random, object)
	if err != nil {
		t.Fatal(err)
	}
	o := c.oracle
	o.input = object
	if from.version == "v1beta2" {
		o.rules = nil
	}
	results := c.converter.convert(t, text, c.releases)
	for i, result := range results {
		v.changes = append(v.changes, result.Changes...)
		if i > 0 && slices.Equal(result.Objects, results[i-1].Objects) && len(result.Refused) == 0 {
			// The releases mostly get the same: then only their CRDs tell them apart.
			result.known = results[i-1].known
		}
		results[i].known = c.result(&v, o, c.releases[i], result)
	}
	return v
}

// result holds what a conversion gave against the release, and gives it as plain values. What
// is known already was found to be as the oracle says.
func (c *checker) result(v *verdict, o oracle, release string, result converted) []map[string]any {
	if result.Modified {
		v.fail(release, "the conversion modified its input")
	}
	if result.Again != "" {
		v.wrong["converting again changes it"] = "for Strimzi " + release + ", converting again changes it: " + result.Again
	}
	for _, refusal := range result.Refused {
		v.refused = true
		if complaint := o.justify(refusal); complaint != "" {
			v.fail(release, complaint)
		}
	}
	objects := result.known
	if objects == nil {
		for _, text := range result.Objects {
			value, err := read(text)
			object, ok := value.(map[string]any)
			if err != nil || !ok {
				v.fail(release, fmt.Sprintf("the result is no object: %v", err))
				return nil
			}
			objects = append(objects, object)
		}
	}
	if len(objects) == 0 {
		return nil
	}
	last := len(objects) - 1
	if result.known == nil {
		for _, complaints := range [][]string{o.compare(objects[last]), o.policies(objects[last]), o.metrics(objects)} {
			for _, complaint := range complaints {
				v.fail(release, complaint)
			}
		}
	}
	for _, complaint := range o.tells(result.Changes) {
		v.fail(release, complaint)
	}
	c.fits(v, release, objects[last], result.Lint[last])
	return objects
}

// excuses are the rules of Lint for what no conversion can make right. Any other problem
// with a result is the conversion's, whether Lint notices or not.
var excuses = []string{
	"value-too-small",  // limits that v1beta2 tightened
	"listener-missing", // an object of listeners without any, which v1beta1 let pass
	"listener-field",   // an override of a broker that does not say of which
}

// fits holds a result against the target's CRD. Lint must have named, as an error, the path
// of whatever the API would refuse.
func (c *checker) fits(v *verdict, release string, object map[string]any, lint []reported) {
	for _, problem := range c.targets[release].Problems(object) {
		path, _, _ := strings.Cut(problem, ": ")
		if !slices.ContainsFunc(lint, func(f reported) bool {
			return f.Severity == "error" && slices.Contains(excuses, f.Rule) && names(f.Message, path)
		}) {
			v.fail(release, problem)
			continue
		}
		v.linted = true
	}
}

// names tells whether a message speaks of the field at a path: of the path itself, or of
// its parent and the field's name.
func names(message, path string) bool {
	message, path = anItem.ReplaceAllString(message, "[]"), anItem.ReplaceAllString(path, "[]")
	if mentions(message, path) {
		return true
	}
	dot := strings.LastIndex(path, ".")
	return dot > 0 && mentions(message, path[:dot]) && mentions(message, path[dot+1:])
}

// mentions tells whether words stand in a message as they are, no part of longer ones.
func mentions(message, words string) bool {
	for rest := message; ; {
		_, after, found := strings.Cut(rest, words)
		if !found {
			return false
		}
		if after == "" || strings.ContainsRune(" ,:[", rune(after[0])) {
			return true
		}
		rest = after
	}
}

var bothPaths = regexp.MustCompile(`^(\S+) and (\S+?)(?: \(line \d+\))? (hold different values|contradict each other)`)

// justify says what is wrong with a refusal: it must name two fields of the input that
// stand for one and differ.
func (o oracle) justify(refusal reported) string {
	match := bothPaths.FindStringSubmatch(refusal.Message)
	if refusal.Rule != "convert-conflict" || match == nil {
		return fmt.Sprintf("refused for no conflict: %s: %s", refusal.Rule, refusal.Message)
	}
	var values []any
	for _, path := range match[1:3] {
		value, ok := o.at(path)
		if !ok {
			return fmt.Sprintf("the refusal names %s, which the input does not have: %s", path, refusal.Message)
		}
		values = append(values, value)
		if !strings.Contains(refusal.Hint, path) {
			return fmt.Sprintf("the hint does not name %s: %s", path, refusal.Hint)
		}
	}
	if match[3] == "hold different values" && reflect.DeepEqual(values[0], values[1]) {
		return "refused for equal values: " + refusal.Message
	}
	return ""
}

// at follows a path as findings and changes write it: elements of a list by their name or
// number, also those of listeners that the input has in the object form.
func (o oracle) at(path string) (any, bool) {
	var value any = o.input
	for _, key := range strings.FieldsFunc(strings.ReplaceAll(path, "]", ""), func(r rune) bool { return r == '.' || r == '[' }) {
		var ok bool
		switch container := value.(type) {
		case map[string]any:
			value, ok = container[key]
		case []any:
			value, ok = element(container, key)
		}
		if !ok {
			return nil, false
		}
	}
	return value, true
}

func element(list []any, key string) (any, bool) {
	for i, item := range list {
		if name := asMapping(item)["name"]; name == key || fmt.Sprint(i) == key {
			return item, true
		}
	}
	return nil, false
}

// tells says which changes name no field of the input.
func (o oracle) tells(changes []change) []string {
	var wrong []string
	for _, change := range changes {
		if _, ok := o.at(change.Path); !ok {
			wrong = append(wrong, fmt.Sprintf("a change of %s names %s, which the input does not have", change.Rule, change.Path))
		}
	}
	return wrong
}
