// Package crd checks objects against CustomResourceDefinitions as an API server does, with
// the API server's own code: schema validation, and pruning for what the schema does not
// know.
package crd

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Definitions are the served versions of a folder of CustomResourceDefinitions.
type Definitions map[schema.GroupVersionKind]*Schema

// Schema is the schema of one version of one kind.
type Schema struct {
	structural *structuralschema.Structural
	validator  validation.SchemaValidator
	namespaced bool
}

// Load reads every .yaml file of a folder, one definition a file, of
// apiextensions.k8s.io/v1 or v1beta1. A schema that is no structural one is an error.
func Load(folder string) (Definitions, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%s holds no definitions: %w", folder, os.ErrNotExist)
	}
	definitions := make(Definitions)
	for _, file := range files {
		content, err := os.ReadFile(file) //nolint:gosec // the folder is the caller's choice
		if err != nil {
			return nil, fmt.Errorf("read definitions: %w", err)
		}
		if err := definitions.Add(content); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return definitions, nil
}

// Add adds the served versions of one definition.
func (d Definitions) Add(content []byte) error {
	definition, err := decode(content)
	if err != nil {
		return err
	}
	for _, version := range definition.Spec.Versions {
		if !version.Served {
			continue
		}
		props := propsOf(definition, version)
		if props == nil {
			return fmt.Errorf("%s: version %s has no schema", definition.Name, version.Name)
		}
		kind := schema.GroupVersionKind{Group: definition.Spec.Group, Version: version.Name, Kind: definition.Spec.Names.Kind}
		s, err := newSchema(props)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		s.namespaced = definition.Spec.Scope == apiextensions.NamespaceScoped
		d[kind] = s
	}
	return nil
}

// propsOf gives a version's schema: its own, else the one for all versions.
func propsOf(definition *apiextensions.CustomResourceDefinition, version apiextensions.CustomResourceDefinitionVersion) *apiextensions.JSONSchemaProps {
	for _, given := range []*apiextensions.CustomResourceValidation{version.Schema, definition.Spec.Validation} {
		if given != nil && given.OpenAPIV3Schema != nil {
			return given.OpenAPIV3Schema
		}
	}
	return nil
}

func newSchema(props *apiextensions.JSONSchemaProps) (*Schema, error) {
	structural, err := structuralschema.NewStructural(props)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	if errs := structuralschema.ValidateStructural(nil, structural); len(errs) > 0 {
		return nil, fmt.Errorf("the schema is not structural: %w", errs.ToAggregate())
	}
	validator, _, err := validation.NewSchemaValidator(props)
	if err != nil {
		return nil, fmt.Errorf("make a validator: %w", err)
	}
	return &Schema{structural: structural, validator: validator}, nil
}

// Problems lists what an API server would say against an object: values that the schema
// refuses, and fields that it does not know. The object is left as it is.
func (d Definitions) Problems(object map[string]any) []string {
	kind := schema.FromAPIVersionAndKind(text(object["apiVersion"]), text(object["kind"]))
	s, ok := d[kind]
	if !ok {
		return []string{fmt.Sprintf("no definition serves %s %s", object["apiVersion"], object["kind"])}
	}
	return s.problems(object)
}

func (s *Schema) problems(object map[string]any) []string {
	var problems []string
	errs := validation.ValidateCustomResource(nil, object, s.validator)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, s.structural, object)...)
	errs = append(errs, objectmeta.Validate(nil, object, s.structural, true)...)
	_, _, unknown, err := objectmeta.GetObjectMetaWithOptions(runtime.DeepCopyJSON(object), objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		errs = append(errs, field.Invalid(field.NewPath("metadata"), nil, err.Error()))
	}
	namespace, _, _ := unstructured.NestedString(object, "metadata", "namespace")
	if s.namespaced != (namespace != "") {
		problems = append(problems, fmt.Sprintf("metadata.namespace is %q", namespace))
	}
	for _, err := range errs {
		problems = append(problems, err.Error())
	}
	for _, path := range append(unknown, s.Unknown(object)...) {
		problems = append(problems, "unknown field "+path)
	}
	slices.Sort(problems)
	return slices.Compact(problems)
}

// Unknown lists the fields that an API server would prune. The object is left as it is.
func (s *Schema) Unknown(object map[string]any) []string {
	options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	return pruning.PruneWithOptions(runtime.DeepCopyJSON(object), s.structural, true, options)
}

func text(value any) string {
	result, _ := value.(string)
	return result
}
