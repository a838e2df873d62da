package strimzi

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

func (c *converter) setVersion(rule Rule) {
	version, ok := find(c.doc.Root, rule.Path)
	if !ok {
		return
	}
	before := version.value.Value
	version.value.Value = rule.To
	c.changed(rule, rule.Path, "", before, rule.To)
}

func (c *converter) delete(rule Rule) {
	if gone, ok := find(c.doc.Root, rule.Path); ok {
		c.drop(rule, gone)
	}
}

func (c *converter) drop(rule Rule, gone field) {
	gone.remove()
	c.changed(rule, gone.path, "", line(gone.value), "")
}

func (c *converter) move(rule Rule) {
	from, ok := find(c.doc.Root, rule.Path)
	switch {
	case !ok:
		return
	case from.empty():
		c.drop(rule, from)
		return
	}
	if !c.relocate(c.doc.Root, "", from, rule.To) {
		return
	}
	value := line(from.value)
	c.changed(rule, rule.Path, rule.To, value, value)
}

// relocate moves a field to a dotted path below root and tells whether it could; prefix
// names root in findings. A destination that holds the same value already is kept.
func (c *converter) relocate(root *yaml.Node, prefix string, from field, to string) bool {
	keys := strings.Split(to, ".")
	mapping := root
	for i, key := range keys[:len(keys)-1] {
		child, ok := entry(mapping, key)
		if ok && !child.empty() && child.value.Kind != yaml.MappingNode {
			c.misshapen(child.key, prefix+strings.Join(keys[:i+1], "."))
			return false
		}
		mapping = ensure(mapping, key, from.key)
	}
	taken, ok := entry(mapping, keys[len(keys)-1])
	if ok && !taken.empty() && !same(taken.value, from.value) {
		c.conflict(from.key, from.path, prefix+to, taken.key)
		return false
	}
	from.remove()
	if !ok || taken.empty() {
		from.put(mapping, keys[len(keys)-1])
		c.origins[prefix+to] = from.path
	}
	return true
}

// ensure gives the mapping under key, adding one where there is none.
func ensure(mapping *yaml.Node, key string, where *yaml.Node) *yaml.Node {
	if child := document.Child(mapping, key); child != nil && child.Kind == yaml.MappingNode {
		return child
	}
	child := placed(document.Mapping(), where)
	document.Set(mapping, key, child)
	return child
}

// origin names the place in the input of what now stands at path: the path itself, unless
// the field or what it is part of was moved there.
func (c *converter) origin(path string) string {
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '.') {
		if from, ok := c.origins[path[:end]]; ok {
			return from + path[end:]
		}
	}
	return path
}
