package cluster

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

const (
	apiV1      = "apiextensions.k8s.io/v1"
	apiV1beta1 = "apiextensions.k8s.io/v1beta1"

	preserveUnknown = "x-kubernetes-preserve-unknown-fields"
	intOrString     = "x-kubernetes-int-or-string"
)

// StructuralCRD returns the definition in apiextensions.k8s.io/v1, leaving the
// given one as it is. One that is v1 already is returned as a copy.
//
// Of a v1beta1 definition it keeps name, group, names, scope and versions:
//
//   - schema, subresources and printer columns given once for all versions are
//     given to each version;
//   - the stored version stays the stored one. Every object passes through its
//     schema, and an older schema of Strimzi's knows all that the newer one does,
//     while the newer one would drop what only the older one knows;
//   - v1beta1 kept fields that the schema does not name, v1 drops or refuses
//     them. A v1 schema can only say "anything" where it names no field at all,
//     so an object, array or value without further description is left open,
//     and everything else is closed. Closed is what a test wants: a misspelt
//     field is refused;
//   - a schema that is no structural one, for it allows several types, becomes
//     open (Strimzi 0.22's listeners in v1beta1: an object or an array);
//   - the conversion strategy is None, there being no webhook to call.
func StructuralCRD(definition *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	if kind := definition.GetKind(); kind != "CustomResourceDefinition" {
		return nil, fmt.Errorf("%s is no CustomResourceDefinition", Identity(definition))
	}
	switch definition.GetAPIVersion() {
	case apiV1:
		return definition.DeepCopy(), nil
	case apiV1beta1:
	default:
		return nil, fmt.Errorf("%s: apiVersion is neither %s nor %s", Identity(definition), apiV1, apiV1beta1)
	}
	old, _, err := unstructured.NestedMap(definition.Object, "spec")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Identity(definition), err)
	}
	versions, err := structuralVersions(old)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Identity(definition), err)
	}
	spec := map[string]any{
		"versions":   versions,
		"conversion": map[string]any{"strategy": "None"},
	}
	for _, field := range []string{"group", "names", "scope"} {
		if value, ok := old[field]; ok {
			spec[field] = value
		}
	}
	result := &unstructured.Unstructured{Object: map[string]any{"spec": spec}}
	result.SetAPIVersion(apiV1)
	result.SetKind(definition.GetKind())
	result.SetName(definition.GetName())
	result.SetLabels(definition.GetLabels())
	result.SetAnnotations(definition.GetAnnotations())
	return result, nil
}

// structuralVersions returns spec.versions of v1 for a spec of v1beta1.
func structuralVersions(old map[string]any) ([]any, error) {
	entries, _, err := unstructured.NestedSlice(old, "versions")
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		// The older way to name the only version.
		entries = []any{map[string]any{"name": old["version"], "served": true, "storage": true}}
	}
	var versions []any
	for _, entry := range entries {
		given, ok := entry.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("spec.versions holds %v, which is no version", entry)
		}
		v, err := structuralVersion(old, given)
		if err != nil {
			return nil, err
		}
		versions = append(versions, v)
	}
	return versions, nil
}

// structuralVersion returns one version of v1: what given says, else what the
// old spec says for all versions.
func structuralVersion(old, given map[string]any) (map[string]any, error) {
	root, found, err := unstructured.NestedMap(given, "schema", "openAPIV3Schema")
	if err == nil && !found {
		root, found, err = unstructured.NestedMap(old, "validation", "openAPIV3Schema")
	}
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("version %v has no schema", given["name"])
	}
	result := map[string]any{
		"name":    given["name"],
		"served":  given["served"],
		"storage": given["storage"],
		"schema":  map[string]any{"openAPIV3Schema": structuralRoot(root)},
	}
	for _, spec := range []map[string]any{old, given} {
		if subresources, ok := spec["subresources"]; ok {
			result["subresources"] = subresources
		}
		if columns, ok := spec["additionalPrinterColumns"].([]any); ok {
			result["additionalPrinterColumns"] = printerColumns(columns)
		}
	}
	return runtime.DeepCopyJSON(result), nil
}

// printerColumns renames the one field whose name v1 changed.
func printerColumns(old []any) []any {
	var columns []any
	for _, entry := range old {
		column, ok := entry.(map[string]any)
		if !ok {
			continue
		}
		column = runtime.DeepCopyJSON(column)
		if path, ok := column["JSONPath"]; ok {
			column["jsonPath"] = path
			delete(column, "JSONPath")
		}
		columns = append(columns, column)
	}
	return columns
}
