package crd

import (
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1beta1"
	"sigs.k8s.io/yaml"
)

// decode reads a definition into the type that both API versions have in common. One of
// v1beta1 is closed as v1 would close it.
func decode(content []byte) (*apiextensions.CustomResourceDefinition, error) {
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := yaml.Unmarshal(content, &head); err != nil {
		return nil, fmt.Errorf("read the definition: %w", err)
	}
	if head.Kind != "CustomResourceDefinition" {
		return nil, fmt.Errorf("%s %s is no CustomResourceDefinition", head.APIVersion, head.Kind)
	}
	result := &apiextensions.CustomResourceDefinition{}
	switch head.APIVersion {
	case v1.SchemeGroupVersion.String():
		given := &v1.CustomResourceDefinition{}
		if err := yaml.Unmarshal(content, given); err != nil {
			return nil, fmt.Errorf("read the definition: %w", err)
		}
		return result, v1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(given, result, nil)
	case v1beta1.SchemeGroupVersion.String():
		given := &v1beta1.CustomResourceDefinition{}
		if err := yaml.Unmarshal(content, given); err != nil {
			return nil, fmt.Errorf("read the definition: %w", err)
		}
		if err := v1beta1.Convert_v1beta1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(given, result, nil); err != nil {
			return nil, err
		}
		closeAll(result)
		return result, nil
	}
	return nil, fmt.Errorf("a definition in %s is unknown", head.APIVersion)
}

// closeAll turns the schemas of a v1beta1 definition into structural ones.
//
// v1beta1 asked for no types and kept what a schema does not name; that is why a misspelt
// field goes unnoticed on such a cluster until the operator reads the object. Here every
// node gets the type that what it says of its content implies, so that whatever it does
// not name is unknown. Open remains a node that describes no content at all: an object
// without properties, such as Strimzi's config, an array without items, and a node without
// type, such as the listeners of v1beta1 in Strimzi 0.20 to 0.23, which are an object or
// an array.
func closeAll(definition *apiextensions.CustomResourceDefinition) {
	if len(definition.Spec.Versions) == 0 {
		definition.Spec.Versions = []apiextensions.CustomResourceDefinitionVersion{{Name: definition.Spec.Version, Served: true, Storage: true}}
	}
	done := make(map[*apiextensions.JSONSchemaProps]bool)
	for _, version := range definition.Spec.Versions {
		props := propsOf(definition, version)
		if props == nil || done[props] {
			continue
		}
		done[props] = true
		closeNode(props)
	}
}

func closeNode(props *apiextensions.JSONSchemaProps) {
	if props.XIntOrString {
		return
	}
	open := true
	switch {
	case len(props.Properties) > 0:
		props.Type = "object"
		for name, property := range props.Properties {
			closeNode(&property)
			props.Properties[name] = property
		}
	case props.AdditionalProperties != nil && props.AdditionalProperties.Schema != nil:
		props.Type = "object"
		closeNode(props.AdditionalProperties.Schema)
	case props.Items != nil && props.Items.Schema != nil:
		props.Type = "array"
		closeNode(props.Items.Schema)
	case props.Type == "array":
		props.Items = &apiextensions.JSONSchemaPropsOrArray{Schema: &apiextensions.JSONSchemaProps{XPreserveUnknownFields: &open}}
	case props.Type == "object":
		props.XPreserveUnknownFields = &open
	case props.Type == "":
		props.XPreserveUnknownFields = &open
		props.OneOf, props.AnyOf, props.AllOf, props.Not = nil, nil, nil, nil
	}
}
