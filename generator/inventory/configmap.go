package inventory

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// configMaps gives the ConfigMaps that the Kafka resource's logging and metricsConfig
// refer to, in whichever of its components, sorted by name.
func (a *assembly) configMaps() []ConfigMap {
	var names []string
	walk(document.Child(a.root.Root, "spec"), func(key string, value *yaml.Node) {
		switch key {
		case "logging":
			if textAt(value, "type") == "external" {
				names = append(names, textAt(value, "name"), textAt(value, "valueFrom", "configMapKeyRef", "name"))
			}
		case "metricsConfig":
			names = append(names, textAt(value, "valueFrom", "configMapKeyRef", "name"))
		}
	})
	var all []ConfigMap
	for _, name := range unique(names) {
		d, ok := a.find("ConfigMap", a.namespace, name)
		if !ok {
			a.warn(a.root, "configmap-missing", fmt.Sprintf("ConfigMap %s, which the Kafka resource refers to, is not in the export", name),
				"add the output of oc get configmap -o yaml", "spec")
			continue
		}
		data, _ := settings(document.Child(d.Root, "data"))
		all = append(all, ConfigMap{Name: name, Data: data})
	}
	return all
}

// find gives an object by kind, namespace and name, taking an unknown namespace for any.
func (e *export) find(kind, namespace, name string) (document.Document, bool) {
	for _, ns := range []string{namespace, ""} {
		if d, ok := e.seen[identity{kind, ns, name}]; ok {
			return d, true
		}
	}
	if namespace == "" {
		for _, d := range e.sorted(kind) {
			if d.Name() == name {
				return d, true
			}
		}
	}
	return document.Document{}, false
}

// walk visits every key of every mapping in a tree.
func walk(node *yaml.Node, visit func(key string, value *yaml.Node)) {
	if node == nil {
		return
	}
	if node.Kind != yaml.MappingNode {
		for _, child := range node.Content {
			walk(child, visit)
		}
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		visit(node.Content[i].Value, node.Content[i+1])
		walk(node.Content[i+1], visit)
	}
}
