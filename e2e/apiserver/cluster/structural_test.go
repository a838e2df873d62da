package cluster_test

import (
	"reflect"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"cutover/e2e/apiserver/cluster"
)

const oldCRD = `
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
  labels: {app: widgets}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
`

const newCRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
  labels: {app: widgets}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  conversion: {strategy: None}
`

func TestStructuralCRD(t *testing.T) {
	for _, c := range []struct{ sentence, old, want string }{
		{
			"what is given once is given to each version, and the stored one stays", `
  subresources: {status: {}}
  additionalPrinterColumns: [{name: Size, JSONPath: .spec.size, type: integer}]
  validation: {openAPIV3Schema: {properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
  versions:
  - {name: v1beta2, served: true, storage: false}
  - {name: v1beta1, served: false, storage: true}
`, `
  versions:
  - name: v1beta2
    served: true
    storage: false
    subresources: {status: {}}
    additionalPrinterColumns: [{name: Size, jsonPath: .spec.size, type: integer}]
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
  - name: v1beta1
    served: false
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns: [{name: Size, jsonPath: .spec.size, type: integer}]
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
`,
		},
		{
			"the only version may have been named the older way", `
  version: v1
  validation: {openAPIV3Schema: {type: object, properties: {spec: {type: string}}}}
`, `
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: string}}}}
`,
		},
		{
			"a version's own schema and subresources go before the common ones", `
  subresources: {status: {}}
  validation: {openAPIV3Schema: {type: object}}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {scale: {specReplicasPath: .spec.replicas}}
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: string}}}}
`, `
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {scale: {specReplicasPath: .spec.replicas}}
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: string}}}}
`,
		},
		{
			"what is not described is open, metadata excepted", `
  version: v1
  validation:
    openAPIV3Schema:
      properties:
        metadata: {type: object}
        spec:
          properties:
            config: {type: object}
            labels: {additionalProperties: {type: object}}
            list: {type: array}
            rows: {items: {properties: {free: {type: object}}}}
            amount: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
            listeners: {oneOf: [{type: array}, {type: object}], description: either}
            kept: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {deep: {type: object}}}
`, `
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          metadata: {type: object}
          spec:
            type: object
            properties:
              config: {type: object, x-kubernetes-preserve-unknown-fields: true}
              labels: {type: object, additionalProperties: {type: object, x-kubernetes-preserve-unknown-fields: true}}
              list: {type: array, items: {x-kubernetes-preserve-unknown-fields: true}}
              rows: {type: array, items: {type: object, properties: {free: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}
              amount: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
              listeners: {x-kubernetes-preserve-unknown-fields: true, description: either}
              kept: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {deep: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
`,
		},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			old, untouched := object(t, oldCRD+c.old), object(t, oldCRD+c.old)
			got, err := cluster.StructuralCRD(old)
			if err != nil {
				t.Fatal(err)
			}
			if want := object(t, newCRD+c.want); !reflect.DeepEqual(got, want) {
				t.Errorf("\n got %v\nwant %v", got.Object, want.Object)
			}
			if !reflect.DeepEqual(old, untouched) {
				t.Error("the given definition was changed")
			}
		})
	}
}

func TestStructuralCRDLeavesV1AsItIs(t *testing.T) {
	given := object(t, newCRD+"  versions: [{name: v1, served: true, storage: true}]\n")
	got, err := cluster.StructuralCRD(given)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, given) {
		t.Errorf("got %v", got.Object)
	}
	if got == given {
		t.Error("the given definition itself was returned, not a copy")
	}
}

func TestStructuralCRDRefuses(t *testing.T) {
	for _, c := range []struct{ sentence, given, want string }{
		{"another kind", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", "v1 ConfigMap c is no CustomResourceDefinition"},
		{"another version", strings.Replace(oldCRD, "v1beta1", "v2", 1), "apiVersion is neither"},
		{"a version without a schema", oldCRD + "  version: v1\n", "version v1 has no schema"},
		{"a version that is a text", oldCRD + "  versions: [v1]\n", "is no version"},
		{"a spec that is a list", "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nmetadata: {name: c}\nspec: []\n", "spec"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if _, err := cluster.StructuralCRD(object(t, c.given)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want an error with %q, got %v", c.want, err)
			}
		})
	}
}

func FuzzStructuralCRD(f *testing.F) {
	f.Add([]byte(oldCRD + "  version: v1\n  validation: {openAPIV3Schema: {properties: {metadata: {}, spec: {items: {}}}}}\n"))
	f.Add([]byte(oldCRD + "  versions: [{name: v1, additionalPrinterColumns: [1]}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		given := &unstructured.Unstructured{}
		json, err := yaml.YAMLToJSON(text)
		if err != nil || given.UnmarshalJSON(json) != nil {
			return
		}
		got, err := cluster.StructuralCRD(given)
		if err != nil {
			return
		}
		again, err := cluster.StructuralCRD(got)
		if err != nil {
			t.Fatalf("the result is refused: %v", err)
		}
		if !reflect.DeepEqual(got, again) {
			t.Errorf("the result is not its own result:\n%v\n%v", got.Object, again.Object)
		}
	})
}

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	json, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	result := &unstructured.Unstructured{}
	if err := result.UnmarshalJSON(json); err != nil {
		t.Fatal(err)
	}
	return result
}
