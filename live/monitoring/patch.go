package monitoring

import (
	"bytes"
	"fmt"
	"regexp"

	"go.yaml.in/yaml/v3"
)

// object is a ConfigMap with the key config.yaml.
type object struct{ namespace, name string }

// String gives NAMESPACE/NAME.
func (o object) String() string { return o.namespace + "/" + o.name }

// key is where both ConfigMaps keep their settings.
const key = "config.yaml"

// setting is a value and the path to it in the settings.
type setting struct {
	path  []string
	value any
}

// parse reads the settings; without any they are empty.
func (c Config) parse() (map[string]any, error) {
	if c.Err != nil {
		return nil, c.Err
	}
	var settings map[string]any
	if err := yaml.Unmarshal([]byte(c.Text), &settings); err != nil {
		return nil, fmt.Errorf("%s is no YAML mapping", key) // the parser's words would quote it
	}
	return settings, nil
}

// at walks into settings; what is not there is nil.
func at(settings map[string]any, path ...string) any {
	var value any = settings
	for _, step := range path {
		mapping, _ := value.(map[string]any)
		value = mapping[step]
	}
	return value
}

// credential finds settings that hold a password or token themselves, and do not name a
// Secret.
var credential = regexp.MustCompile(`(?im)^[\s-]*"?[\w-]*(password|token|credentials|authorization|secret_?key|access_?key)"?\s*:\s*[^\s{#]`)

// patched adds what brings the settings in: the whole ConfigMap where there is none, else a
// patch of its one key, which has to carry the settings that are there already. Where those
// hold a credential they are not repeated.
func (c Check) patched(o object, config Config, wanted []setting) Check {
	c.Command = fmt.Sprintf("oc -n %s patch configmap %s --type merge --patch-file PATCH.yaml", o.namespace, o.name)
	text := config.Text
	if credential.MatchString(text) {
		text = ""
		c.Command = fmt.Sprintf("oc -n %s edit configmap %s", o.namespace, o.name)
		c.Do += "; its settings hold a credential and are not shown: add these lines by hand"
	}
	merged, err := merge(text, wanted)
	if err != nil {
		return c.unknown(err)
	}
	patch := map[string]any{"data": map[string]any{key: merged}}
	if !config.Exists {
		c.Command = "oc apply -f PATCH.yaml"
		patch["apiVersion"], patch["kind"] = "v1", "ConfigMap"
		patch["metadata"] = map[string]any{"name": o.name, "namespace": o.namespace}
	}
	content, err := encode(patch)
	if err != nil {
		return c.unknown(err)
	}
	c.Patch = content
	return c
}

// merge sets values in the text of settings, and leaves everything else, comments too.
func merge(text string, wanted []setting) (string, error) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return "", fmt.Errorf("%s is no YAML mapping", key)
	}
	if len(document.Content) == 0 || document.Content[0].Kind != yaml.MappingNode {
		document = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	for _, one := range wanted {
		mapping := document.Content[0]
		for _, step := range one.path[:len(one.path)-1] {
			child := child(mapping, step)
			if child.Kind != yaml.MappingNode {
				*child = yaml.Node{Kind: yaml.MappingNode}
			}
			mapping = child
		}
		if err := child(mapping, one.path[len(one.path)-1]).Encode(one.value); err != nil {
			return "", fmt.Errorf("%s: %w", key, err)
		}
	}
	return encode(&document)
}

// child gives the value of a key in a mapping, and makes it where there is none.
func child(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i+1]
		}
	}
	value := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
	mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, value)
	return value
}

func encode(value any) (string, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(value); err != nil {
		return "", fmt.Errorf("write YAML: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return "", fmt.Errorf("write YAML: %w", err)
	}
	return out.String(), nil
}
