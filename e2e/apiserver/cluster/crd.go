package cluster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	decoder "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// crdManager is the field manager of the CustomResourceDefinitions.
const crdManager = "cluster"

// InstallCRDs installs the CustomResourceDefinitions in the given files, and in
// the *.yaml files of the given folders, and returns when every served version
// of every one of them answers. Definitions in apiextensions.k8s.io/v1beta1,
// which no server since Kubernetes 1.22 knows, are rewritten to v1 first; what
// that changes is told at StructuralCRD. A file that holds anything else is an
// error, and so are paths that hold no definition.
func (c *Cluster) InstallCRDs(ctx context.Context, paths ...string) error {
	files, err := expand(paths)
	if err != nil {
		return fmt.Errorf("install CRDs: %w", err)
	}
	var installed []*unstructured.Unstructured
	for _, file := range files {
		definitions, err := readCRDs(file)
		if err != nil {
			return fmt.Errorf("install CRDs: %s: %w", file, err)
		}
		for _, definition := range definitions {
			manifest, err := definition.MarshalJSON()
			if err != nil {
				return fmt.Errorf("install CRDs: %s: %w", file, err)
			}
			if _, err := c.Apply(ctx, manifest, Manager{Name: crdManager, Force: true}); err != nil {
				return fmt.Errorf("install CRDs: %s: %w", file, err)
			}
		}
		installed = append(installed, definitions...)
	}
	if len(installed) == 0 {
		return fmt.Errorf("install CRDs: no definition in %q", paths)
	}
	for _, definition := range installed {
		if err := c.awaitServed(ctx, definition); err != nil {
			return fmt.Errorf("install CRDs: %w", err)
		}
	}
	c.mapper.Reset()
	return nil
}

// expand replaces each folder by its *.yaml files in the order of their names.
func expand(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		inside, err := filepath.Glob(filepath.Join(path, "*.yaml"))
		if err != nil {
			return nil, err
		}
		files = append(files, inside...)
	}
	return files, nil
}

// readCRDs returns the definitions in one file, as v1.
func readCRDs(file string) ([]*unstructured.Unstructured, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var definitions []*unstructured.Unstructured
	documents := decoder.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return definitions, nil
		}
		if err != nil {
			return nil, err
		}
		object := &unstructured.Unstructured{}
		text, err := yaml.YAMLToJSON(document)
		if err != nil {
			return nil, err
		}
		// A document of comments alone.
		if bytes.Equal(text, []byte("null")) {
			continue
		}
		if err := object.UnmarshalJSON(text); err != nil {
			return nil, err
		}
		definition, err := StructuralCRD(object)
		if err != nil {
			return nil, err
		}
		definitions = append(definitions, definition)
	}
}

// awaitServed returns when a list of objects succeeds in every version that the
// definition serves: the server says Established a little before that.
func (c *Cluster) awaitServed(ctx context.Context, definition *unstructured.Unstructured) error {
	spec := definition.Object["spec"].(map[string]any)
	group, _, _ := unstructured.NestedString(spec, "group")
	plural, _, _ := unstructured.NestedString(spec, "names", "plural")
	versions, _, err := unstructured.NestedSlice(spec, "versions")
	if err != nil {
		return err
	}
	for _, entry := range versions {
		version := entry.(map[string]any)
		if version["served"] != true {
			continue
		}
		resource := schema.GroupVersionResource{Group: group, Version: fmt.Sprint(version["name"]), Resource: plural}
		err := c.poll(ctx, resource.String()+" to be served", func() error {
			_, err := c.client.Resource(resource).List(ctx, metav1.ListOptions{Limit: 1})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
