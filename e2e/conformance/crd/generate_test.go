package crd_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"cutover/e2e/conformance/crd"
)

// varied is a definition with everything that a generator has to mind.
const varied = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: pumps.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Pump, plural: pumps}
  versions:
  - {name: v0, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [name]
            oneOf:
            - required: [left]
            - required: [right]
            properties:
              name: {type: string, pattern: '^[a-z0-9]{1,11}$'}
              left: {type: boolean}
              right: {type: boolean}
              size: {type: integer, minimum: 3, maximum: 5}
              above: {type: integer, minimum: 3, exclusiveMinimum: true, maximum: 6, exclusiveMaximum: true}
              share: {type: number, minimum: 0.5, maximum: 0.75}
              shape: {type: string, enum: [round, flat]}
              level: {type: integer, enum: [1, 2]}
              address: {type: string, pattern: '^(https?|ftp)://[-a-z]+(/[0-9]*)?'}
              short: {type: string, minLength: 2, maxLength: 3}
              port: {x-kubernetes-int-or-string: true}
              labels: {type: object, additionalProperties: {type: string}}
              open: {type: object, x-kubernetes-preserve-unknown-fields: true}
              tags: {type: array, maxItems: 2, x-kubernetes-list-type: set, items: {type: string, enum: [a, b]}}
              bolts:
                type: array
                minItems: 1
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [size]
                items: {type: object, required: [size], properties: {size: {type: string, enum: [m8, m9]}, deep: {type: object, properties: {er: {type: string}}}}}
`

// either is one of v1beta1 with a field that is an object or a list, as Strimzi's listeners.
const either = `
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata: {name: doors.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Door, plural: doors}
  versions: [{name: v1, served: true, storage: true}]
  validation:
    openAPIV3Schema:
      properties:
        spec:
          type: object
          properties:
            locks:
              oneOf:
              - {type: object, properties: {upper: {type: object, properties: {key: {type: string}}}}}
              - {type: array, minItems: 1, items: {type: object, properties: {name: {type: string}}}}
            width: {type: integer}
`

// generator reads one definition, with which objects can be checked too.
func generator(t *testing.T, content, kind string) (*crd.Generator, crd.Definitions) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "definition.yaml"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	generators, err := crd.Generators(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(generators) != 1 {
		t.Fatalf("there are %d generators, want one for the version that is served", len(generators))
	}
	return generators[schema.GroupVersionKind{Group: "example.org", Version: "v1", Kind: kind}], load(t, content)
}

// draw makes an object and gives it the metadata that an API server wants.
func draw(g *crd.Generator, seed uint64, change func(*crd.Plan)) map[string]any {
	plan := crd.Plan{Random: rand.New(rand.NewPCG(seed, 0)), Density: 0.5, Budget: 40}
	if change != nil {
		change(&plan)
	}
	object := g.Object(plan)
	object["metadata"] = map[string]any{"name": "a", "namespace": "b"}
	return object
}

func TestEveryGeneratedObjectFitsItsSchema(t *testing.T) {
	for content, kind := range map[string]string{varied: "Pump", either: "Door"} {
		t.Run(kind, func(t *testing.T) {
			g, known := generator(t, content, kind)
			for seed := range uint64(2000) {
				object := draw(g, seed, nil)
				if problems := known.Problems(object); len(problems) > 0 {
					t.Fatalf("seed %d: %q\n%v", seed, problems, object)
				}
			}
		})
	}
}

func TestTheSameSeedGivesTheSameObject(t *testing.T) {
	g, _ := generator(t, varied, "Pump")
	different := make(map[string]bool)
	for seed := range uint64(50) {
		first, second := draw(g, seed, nil), draw(g, seed, nil)
		if !reflect.DeepEqual(first, second) {
			t.Fatalf("seed %d gives %v and %v", seed, first, second)
		}
		different[fmt.Sprint(first)] = true
	}
	if len(different) < 45 {
		t.Errorf("50 seeds give %d objects", len(different))
	}
}

func TestEveryFieldHasItsTurn(t *testing.T) {
	g, _ := generator(t, varied, "Pump")
	seen := make(map[string]map[string]bool)
	for seed := range uint64(2000) {
		for name, value := range draw(g, seed, nil)["spec"].(map[string]any) {
			if seen[name] == nil {
				seen[name] = make(map[string]bool)
			}
			seen[name][fmt.Sprintf("%T %v", value, value)] = true
		}
	}
	tests := []struct {
		field    string
		variants int
	}{
		{"left", 2}, {"right", 2}, {"shape", 2}, {"level", 2}, {"size", 3}, {"above", 2}, {"share", 500}, {"name", 500}, {"address", 500},
		{"port", 100}, {"labels", 100}, {"open", 100}, {"tags", 5}, {"bolts", 8}, {"short", 5},
	}
	for _, test := range tests {
		t.Run(test.field, func(t *testing.T) {
			if got := len(seen[test.field]); got < test.variants {
				t.Errorf("it had %d values in 2000 objects, want %d or more", got, test.variants)
			}
		})
	}
}

func TestAPlanIsFollowed(t *testing.T) {
	pump, _ := generator(t, varied, "Pump")
	door, _ := generator(t, either, "Door")
	sparse := func(plan *crd.Plan) { plan.Density, plan.Budget = 0, 0 }
	tests := []struct {
		name, field string
		generator   *crd.Generator
		change      func(*crd.Plan)
		holds       func(spec map[string]any) bool
	}{
		{"without density only what is required is there", "spec", pump, sparse, func(spec map[string]any) bool { return len(spec) == 2 && spec["name"] != nil }},
		{"a wanted field is there, with an element of its list", "spec.bolts[].deep.er", pump, sparse, func(spec map[string]any) bool {
			bolts, _ := spec["bolts"].([]any)
			deep, _ := bolts[0].(map[string]any)["deep"].(map[string]any)
			return deep["er"] != nil
		}},
		{"a wanted field decides nothing beside it", "spec.locks.upper.key", door, sparse, func(spec map[string]any) bool { return spec["width"] == nil && spec["locks"] != nil }},
		{"content that is known better is taken", "spec.size", pump, func(plan *crd.Plan) {
			plan.Content = func(_ *rand.Rand, path string) (any, bool) { return "mine", path == "spec.size" }
		}, func(spec map[string]any) bool { return spec["size"] == "mine" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for seed := range uint64(100) {
				object := draw(test.generator, seed, func(plan *crd.Plan) {
					test.change(plan)
					plan.Wanted = []string{test.field}
				})
				if spec := object["spec"].(map[string]any); !test.holds(spec) {
					t.Fatalf("seed %d gives %v", seed, spec)
				}
			}
		})
	}
}

func TestHasKnowsWhatASchemaDescribes(t *testing.T) {
	pump, _ := generator(t, varied, "Pump")
	door, _ := generator(t, either, "Door")
	tests := []struct {
		generator *crd.Generator
		path      string
		want      bool
	}{
		{pump, "spec.size", true}, {pump, "spec.colour", false}, {pump, "spec.bolts[].deep.er", true}, {pump, "spec.bolts[].colour", false}, {pump, "spec.size[]", false},
		{pump, "spec.labels.any", true}, {pump, "spec.open.any.thing", true},
		{door, "spec.locks.upper.key", true}, {door, "spec.locks[].name", true}, {door, "spec.locks.lower", false},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			if got := test.generator.Has(test.path); got != test.want {
				t.Errorf("Has says %v", got)
			}
		})
	}
}

func TestGeneratorsRefuseWhatTheyCannotUse(t *testing.T) {
	if _, err := crd.Generators(t.TempDir()); err == nil {
		t.Error("an empty folder is no error")
	}
	for name, content := range map[string]string{"broken YAML": "kind: [", "a version without a schema": strings.Split(either, "  validation:")[0]} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "definition.yaml")
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := crd.Generators(filepath.Dir(file)); err == nil || !strings.Contains(err.Error(), file) {
				t.Errorf("error is %v, want one that names the file", err)
			}
		})
	}
}
