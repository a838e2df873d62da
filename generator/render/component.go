package render

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/overlay"
)

// component is a phase's kustomization.yaml, in the few fields that a phase may use.
type component struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Resources  []string `yaml:"resources,omitempty"`
	Patches    []patch  `yaml:"patches,omitempty"`
}

// patch is a JSON6902 patch with a target, or a deletion without one.
type patch struct {
	Target *target `yaml:"target,omitempty"`
	Patch  string  `yaml:"patch"`
}

type target struct {
	Group     string `yaml:"group,omitempty"`
	Version   string `yaml:"version"`
	Kind      string `yaml:"kind"`
	Name      string `yaml:"name"`
	Namespace string `yaml:"namespace"`
}

func readComponent(path string, content []byte) (component, error) {
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		return component{}, err
	}
	var c component
	if len(documents) != 1 {
		return c, missing(path)
	}
	return c, documents[0].Decode(&c)
}

// releases gives the releases that a component adds.
func (c component) releases() ([]string, error) {
	var names []string
	for _, resource := range c.Resources {
		name, ok := strings.CutPrefix(resource, "../../releases/")
		if !ok || strings.Contains(name, "/") {
			return nil, fmt.Errorf("resource %q is no release", resource)
		}
		names = append(names, name)
	}
	return names, nil
}

// index knows which objects are in the stream, so that a patch that hits nothing is
// noticed: Kustomize itself passes over it without a word (kustomize#4379).
type index map[overlay.Object]bool

func (x index) add(objects []overlay.Object) {
	for _, object := range objects {
		x[object] = true
	}
}

// apply checks that a patch hits exactly one object and is guarded, and takes a deleted
// object out of the index.
func (x index) apply(p patch) error {
	if p.Target == nil {
		return x.delete(p)
	}
	apiVersion := p.Target.Version
	if p.Target.Group != "" {
		apiVersion = p.Target.Group + "/" + apiVersion
	}
	name, err := regexp.Compile("^(?:" + p.Target.Name + ")$")
	if err != nil {
		return fmt.Errorf("patch target name: %w", err)
	}
	namespace, err := regexp.Compile("^(?:" + p.Target.Namespace + ")$")
	if err != nil {
		return fmt.Errorf("patch target namespace: %w", err)
	}
	hits := 0
	for object := range x {
		if object.APIVersion == apiVersion && object.Kind == p.Target.Kind && name.MatchString(object.Name) && namespace.MatchString(object.Namespace) {
			hits++
		}
	}
	if hits != 1 {
		return fmt.Errorf("the patch of %s %s/%s hits %d objects instead of one", p.Target.Kind, p.Target.Namespace, p.Target.Name, hits)
	}
	return guarded(p)
}

func (x index) delete(p patch) error {
	var object struct {
		Patch      string `yaml:"$patch"`
		APIVersion string `yaml:"apiVersion"`
		Kind       string `yaml:"kind"`
		Metadata   struct {
			Name      string `yaml:"name"`
			Namespace string `yaml:"namespace"`
		} `yaml:"metadata"`
	}
	if err := yaml.Unmarshal([]byte(p.Patch), &object); err != nil {
		return fmt.Errorf("patch: %w", err)
	}
	id := overlay.Object{APIVersion: object.APIVersion, Kind: object.Kind, Name: object.Metadata.Name, Namespace: object.Metadata.Namespace}
	if object.Patch != "delete" {
		return fmt.Errorf("the patch of %s %s has no target", id.Kind, id.Name)
	}
	if !x[id] {
		return fmt.Errorf("%s %s/%s, which it deletes, is not in the stream", id.Kind, id.Namespace, id.Name)
	}
	delete(x, id)
	return nil
}

// guarded wants the first operation of a patch to be a test, so that it never changes
// what it did not expect.
func guarded(p patch) error {
	var operations []struct {
		Op string `yaml:"op"`
	}
	if err := yaml.Unmarshal([]byte(p.Patch), &operations); err != nil {
		return fmt.Errorf("patch: %w", err)
	}
	if len(operations) < 2 || operations[0].Op != "test" {
		return fmt.Errorf("the patch of %s %s does not begin with op: test", p.Target.Kind, p.Target.Name)
	}
	return nil
}

// Objects lists what a stream of manifests holds.
func Objects(path string, content []byte) ([]overlay.Object, error) {
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		return nil, err
	}
	objects := make([]overlay.Object, len(documents))
	for i, d := range documents {
		objects[i] = overlay.Object{APIVersion: d.APIVersion(), Kind: d.Kind(), Namespace: d.Namespace(), Name: d.Name()}
	}
	return objects, nil
}

func phaseFinding(path, folder string, err error) error {
	return finding.Finding{Rule: "phase", Severity: finding.Error, File: path, Phase: overlay.PhaseRef{Folder: folder}.ID(), Message: err.Error(),
		Hint: "run `cutover generate` again; a phase must hit exactly what it names"}
}
