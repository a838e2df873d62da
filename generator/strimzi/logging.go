package strimzi

import (
	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// logging turns {type: external, name: X} into a reference to one key of the ConfigMap X.
// With inline logging the operator never read the name.
func (c *converter) logging(rule Rule) {
	logging, ok := find(c.doc.Root, rule.Path)
	if !ok || logging.empty() {
		return
	}
	if logging.value.Kind != yaml.MappingNode {
		c.misshapen(logging.key, rule.Path)
		return
	}
	name, ok := entry(logging.value, "name")
	if !ok {
		return
	}
	name.path = rule.Path + ".name"
	kind := document.Text(document.Child(logging.value, "type"))
	switch {
	case name.empty() || kind == "inline":
		c.drop(rule, name)
	case kind == "external":
		c.reference(rule, name)
	}
}

func (c *converter) reference(rule Rule, name field) {
	if name.value.Kind != yaml.ScalarNode {
		c.misshapen(name.key, rule.Path+".valueFrom.configMapKeyRef")
		return
	}
	valueFrom, ok := entry(name.parent, "valueFrom")
	switch {
	case ok && valueFrom.empty():
		valueFrom.remove()
	case ok:
		c.complete(rule, name, valueFrom)
		return
	}
	reference := document.Mapping(
		document.Scalar("configMapKeyRef"), document.Mapping(
			document.Scalar("name"), name.value,
			document.Scalar("key"), document.Scalar(rule.To)))
	name.rename("valueFrom", placed(reference, name.key))
	c.changed(rule, name.path, rule.Path+".valueFrom", name.value.Value, line(reference))
}

// complete brings a name to a reference that may say something already. One without a name
// may still have a key, which must be the one that the name alone stood for.
func (c *converter) complete(rule Rule, name, valueFrom field) {
	valueFromPath := rule.Path + ".valueFrom"
	to := valueFromPath + ".configMapKeyRef"
	reference, ok := entry(valueFrom.value, "configMapKeyRef")
	if valueFrom.value.Kind != yaml.MappingNode || ok && !reference.empty() && reference.value.Kind != yaml.MappingNode {
		c.misshapen(name.key, to)
		return
	}
	given, named := set(reference.value, "name")
	key, keyed := set(reference.value, "key")
	switch {
	case named && !same(given.value, name.value):
		c.conflict(name.key, name.path, to+".name", given.key)
		return
	case !named && keyed && document.Text(key.value) != rule.To:
		c.contradiction(name.key, name.path, to+".key", key.key, "contradict each other: a name alone means the key "+rule.To)
		return
	}
	name.remove()
	if named && keyed {
		c.changed(rule, name.path, to+".name", name.value.Value, name.value.Value)
		return
	}
	if len(valueFrom.value.Content) == 0 {
		valueFrom.value.Style &^= yaml.FlowStyle
	}
	mapping := ensure(valueFrom.value, "configMapKeyRef", name.key)
	if len(mapping.Content) == 0 {
		mapping.Style &^= yaml.FlowStyle
	}
	if !named {
		name.put(mapping, "name")
	}
	if !keyed {
		document.Set(mapping, "key", document.Scalar(rule.To))
	}
	c.changed(rule, name.path, valueFromPath, name.value.Value, line(valueFrom.value))
}

// set is entry for a field that says something, which null does not.
func set(mapping *yaml.Node, name string) (field, bool) {
	found, ok := entry(mapping, name)
	return found, ok && !found.empty()
}
