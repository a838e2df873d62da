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
	to := rule.Path + ".valueFrom.configMapKeyRef.name"
	if name.value.Kind != yaml.ScalarNode {
		c.misshapen(name.key, rule.Path+".valueFrom.configMapKeyRef")
		return
	}
	if given, ok := entry(name.parent, "valueFrom"); ok && !given.empty() {
		other := document.At(given.value, "configMapKeyRef", "name")
		if other == nil || !same(other, name.value) {
			c.conflict(name.key, name.path, to, given.key)
			return
		}
		name.remove()
		c.changed(rule, name.path, to, name.value.Value, name.value.Value)
		return
	} else if ok {
		given.remove()
	}
	reference := document.Mapping(
		document.Scalar("configMapKeyRef"), document.Mapping(
			document.Scalar("name"), name.value,
			document.Scalar("key"), document.Scalar(rule.To)))
	name.rename("valueFrom", placed(reference, name.key))
	c.changed(rule, name.path, rule.Path+".valueFrom", name.value.Value, line(reference))
}
