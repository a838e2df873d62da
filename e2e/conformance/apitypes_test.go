package conformance_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// apiRelease is the Strimzi release that the product's Go types are of.
const apiRelease = "0.24.0"

// schemasFolder holds the schemas that are generated from the product's Go types.
const schemasFolder = "../../generator/strimzi/v1beta2/schema"

// kubernetes are the fields that have a type of Kubernetes in the product. Below them the
// product may know, and require, what Kubernetes does and an old Strimzi does not; whatever
// Strimzi knows there the product must know with the same type.
var kubernetes = []string{
	".affinity", ".tolerations[]", ".securityContext", ".imagePullSecrets[]", ".hostAliases[]", ".topologySpreadConstraints[]",
	".configMapKeyRef", ".secretKeyRef", ".resources", ".buildResources",
	".externalConfiguration.volumes[].configMap", ".externalConfiguration.volumes[].secret", ".networkPolicyPeers[]",
}

// narrower are mappings that Strimzi's schema leaves open and a type of Kubernetes does not, by
// their names, with what they hold.
var narrower = map[string]string{
	"limits":      "a quantity for every resource",
	"requests":    "a quantity for every resource",
	"matchLabels": "a text for every label",
}

// property is one place of a schema, as far as objects are checked by it.
type property struct {
	Type     string
	Open     bool
	Enum     []string
	Minimum  string
	Maximum  string
	Pattern  string
	Required []string
}

// properties gives every place of a schema by its path.
func properties(schema map[string]any, path string, into map[string]property) map[string]property {
	at := property{Type: text(schema["type"]), Open: schema["x-kubernetes-preserve-unknown-fields"] == true,
		Minimum: text(schema["minimum"]), Maximum: text(schema["maximum"]), Pattern: text(schema["pattern"])}
	at.Enum, at.Required = texts(schema["enum"]), texts(schema["required"])
	into[path] = at
	if below, ok := schema["properties"].(map[string]any); ok {
		for name, child := range below {
			properties(child.(map[string]any), path+"."+name, into)
		}
	}
	if items, ok := schema["items"].(map[string]any); ok {
		properties(items, path+"[]", into)
	}
	if values, ok := schema["additionalProperties"].(map[string]any); ok {
		properties(values, path+".*", into)
	}
	return into
}

func text(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

func texts(value any) []string {
	list, _ := value.([]any)
	var all []string
	for _, element := range list {
		all = append(all, fmt.Sprint(element))
	}
	slices.Sort(all)
	return all
}

// schemas gives the v1beta2 schemas of a folder of definitions by kind.
func schemas(t *testing.T, folder string) map[string]map[string]property {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s holds no definitions: %v", folder, err)
	}
	kinds := make(map[string]map[string]property)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var definition struct {
			Spec struct {
				Names    struct{ Kind string }
				Versions []struct {
					Name   string
					Schema struct{ OpenAPIV3Schema map[string]any }
				}
			}
		}
		if err := yaml.Unmarshal(content, &definition); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, version := range definition.Spec.Versions {
			if version.Name == "v1beta2" {
				kinds[definition.Spec.Names.Kind] = properties(version.Schema.OpenAPIV3Schema, "", make(map[string]property))
			}
		}
	}
	return kinds
}

// ofKubernetes tells whether a path leads into a field that has a type of Kubernetes.
func ofKubernetes(path string) bool {
	for _, field := range kubernetes {
		i := strings.Index(path, field)
		if i < 0 {
			continue
		}
		if rest := path[i+len(field):]; rest == "" || rest[0] == '.' || rest[0] == '[' {
			return true
		}
	}
	return false
}

// unknown lists the paths of one schema that another lacks; passed are those that it may lack.
func unknown(of, in map[string]property, passed func(path string) bool) []string {
	var lacking []string
	for _, path := range slices.Sorted(maps.Keys(of)) {
		if _, ok := in[path]; !ok && !passed(path) {
			lacking = append(lacking, path)
		}
	}
	return lacking
}

func TestTheGoTypesAreThoseOfTheOfficialCRDs(t *testing.T) {
	crds := os.Getenv("CUTOVER_CRDS")
	if crds == "" {
		t.Skip("CUTOVER_CRDS names no folder with the official CRDs")
	}
	official, ours := schemas(t, filepath.Join(crds, "strimzi-"+apiRelease)), schemas(t, schemasFolder)
	if got, want := slices.Sorted(maps.Keys(ours)), slices.Sorted(maps.Keys(official)); !slices.Equal(got, want) {
		t.Fatalf("the types are of %q, Strimzi has %q", got, want)
	}
	for _, kind := range slices.Sorted(maps.Keys(official)) {
		t.Run(kind, func(t *testing.T) {
			theirs, ours := official[kind], ours[kind]
			for _, path := range unknown(theirs, ours, func(string) bool { return false }) {
				t.Errorf("%s: the types lack it", path)
			}
			// The API server itself knows these three of every object.
			head := func(path string) bool { return path == ".apiVersion" || path == ".kind" || path == ".metadata" }
			for _, path := range unknown(ours, theirs, func(path string) bool { return head(path) || ofKubernetes(path) }) {
				t.Errorf("%s: Strimzi %s does not have it", path, apiRelease)
			}
			for _, path := range slices.Sorted(maps.Keys(theirs)) {
				want, got := theirs[path], ours[path]
				if got.Type == "" && want.Type == "" || path == "" {
					continue
				}
				if ofKubernetes(path) {
					got.Required, got.Enum = want.Required, want.Enum
					if narrower[path[strings.LastIndex(path, ".")+1:]] != "" {
						want.Open = false
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: the types differ from Strimzi %s (-Strimzi +types):\n%s", path, apiRelease, diff)
				}
			}
		})
	}
}
