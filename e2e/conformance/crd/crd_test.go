package crd_test

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"cutover/e2e/conformance/crd"
)

// old is a definition of v1beta1 as Strimzi wrote them: one schema for all versions, types
// left out where they can be guessed, objects left open.
const old = `
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata: {name: pipes.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Pipe, plural: pipes}
  versions:
  - {name: v1, served: true, storage: true}
  - {name: v0, served: false, storage: false}
  validation:
    openAPIV3Schema:
      properties:
        spec:
          properties:
            width: {type: integer, minimum: 1}
            shape: {type: string, enum: [round, flat]}
            bolts: {type: array, items: {properties: {size: {type: string}}}}
            config: {type: object}
            labels: {additionalProperties: {type: string}}
            holes: {anyOf: [{type: array}, {type: object}]}
            tags: {type: array}
          required: [width]
`

// current is one of v1, with a list that is a map.
const current = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: pipes.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Pipe, plural: pipes}
  versions:
  - name: v2
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              width: {type: integer}
              bolts:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [size]
                items: {type: object, required: [size], properties: {size: {type: string}}}
`

func TestProblemsAreWhatAnAPIServerWouldSay(t *testing.T) {
	definitions := load(t, old, current)
	tests := []struct{ name, object, want string }{
		{"a good object has none", pipe("v1", "{width: 2, shape: flat, bolts: [{size: m8}], config: {any: {thing: 1}}, labels: {a: b}}"), ""},
		{"a node that may be of several types is open", pipe("v1", "{width: 2, holes: [{any: 1}], tags: [1, a]}"), ""},
		{"an unknown field is found at the top", strings.Replace(pipe("v1", "{width: 2}"), "spec:", "specs: 1\nspec:", 1), "unknown field specs"},
		{"an unknown field is found in spec", pipe("v1", "{width: 2, colour: red}"), "unknown field spec.colour"},
		{"an unknown field is found in a list", pipe("v1", "{width: 2, bolts: [{size: m8}, {size: m9, colour: red}]}"), "unknown field spec.bolts[1].colour"},
		{"an unknown field is found in metadata", strings.Replace(pipe("v1", "{width: 2}"), "name:", "nme: b, name:", 1), "unknown field metadata.nme"},
		{"an unknown field is found in v1", pipe("v2", "{colour: red}"), "unknown field spec.colour"},
		{"a value outside the enumeration is refused", pipe("v1", "{width: 2, shape: square}"), "spec.shape: Unsupported value"},
		{"a wrong type is refused", pipe("v1", "{width: '2'}"), "spec.width: Invalid value"},
		{"a wrong type is refused where the definition gave none", pipe("v1", "{width: 2, bolts: {size: m8}}"), "spec.bolts: Invalid value"},
		{"a value below the minimum is refused", pipe("v1", "{width: 0}"), "spec.width: Invalid value"},
		{"a required field is missed", pipe("v1", "{shape: flat}"), "spec.width: Required value"},
		{"a value of a map has its type", pipe("v1", "{width: 2, labels: {a: 1}}"), "spec.labels.a: Invalid value"},
		{"a key of a list that is a map comes once", pipe("v2", "{bolts: [{size: m8}, {size: m8}]}"), "spec.bolts[1]: Duplicate value"},
		{"a version that is not served is unknown", pipe("v0", "{width: 2}"), "no definition serves"},
		{"a missing namespace is noticed", strings.Replace(pipe("v1", "{width: 2}"), ", namespace: pipes", "", 1), "metadata.namespace"},
		{"a label must be text", strings.Replace(pipe("v1", "{width: 2}"), "name:", "labels: {a: 1}, name:", 1), "metadata"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			problems := definitions.Problems(object(t, test.object))
			if test.want == "" && len(problems) == 0 {
				return
			}
			if test.want == "" || !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, test.want) }) {
				t.Errorf("problems are %q, want %q", problems, test.want)
			}
		})
	}
}

func TestProblemsLeaveTheObjectAsItIs(t *testing.T) {
	given := object(t, pipe("v1", "{width: 2, colour: red}"))
	load(t, old).Problems(given)
	if got, want := given["spec"].(map[string]any)["colour"], "red"; got != want {
		t.Errorf("spec.colour is %v after the check, want %v", got, want)
	}
}

func TestAddRefusesWhatItCannotCheckWith(t *testing.T) {
	tests := []struct{ name, definition, want string }{
		{"another kind", "apiVersion: v1\nkind: ConfigMap", "no CustomResourceDefinition"},
		{"another API version", strings.Replace(old, "/v1beta1", "/v1alpha1", 1), "unknown"},
		{"a version without a schema", old[:strings.Index(old, "  validation:")], "no schema"},
		{"a schema of v1 that leaves out a type", strings.Replace(current, "width: {type: integer}", "width: {minimum: 1}", 1), "not structural"},
		{"broken YAML", "kind: [", "read the definition"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := make(crd.Definitions).Add([]byte(test.definition))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestLoadRefusesAFolderWithoutDefinitions(t *testing.T) {
	if _, err := crd.Load(t.TempDir()); err == nil {
		t.Error("an empty folder is no error")
	}
}

func load(t *testing.T, contents ...string) crd.Definitions {
	t.Helper()
	definitions := make(crd.Definitions)
	for _, content := range contents {
		if err := definitions.Add([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	return definitions
}

func pipe(version, spec string) string {
	return "apiVersion: example.org/" + version + "\nkind: Pipe\nmetadata: {name: a, namespace: pipes}\nspec: " + spec
}

func object(t *testing.T, content string) map[string]any {
	t.Helper()
	var result map[string]any
	if err := yaml.Unmarshal([]byte(content), &result); err != nil {
		t.Fatal(err)
	}
	return result
}
