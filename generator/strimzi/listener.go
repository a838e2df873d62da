package strimzi

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// namedListener is what a listener of the old object form is in the array: its key is its
// name, and its port was fixed. An external listener says its own type and tls.
type namedListener struct {
	name     string
	port     int
	external bool
	tls      bool
}

// namedListeners gives the listeners that the object form can have (CHANGELOG 0.20.0,
// "Redesign of the .spec.kafka.listeners section").
func namedListeners() []namedListener {
	return []namedListener{
		{name: "plain", port: 9092},
		{name: "tls", port: 9093, tls: true},
		{name: "external", port: 9094, external: true},
	}
}

func (c *converter) listeners(rule Rule) {
	listeners, ok := find(c.doc.Root, rule.Path)
	if !ok || listeners.empty() || listeners.value.Kind == yaml.SequenceNode {
		return
	}
	if listeners.value.Kind != yaml.MappingNode {
		c.misshapen(listeners.key, rule.Path)
		return
	}
	before := line(listeners.value)
	old := listeners.value
	list := placed(&yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: old.Style & yaml.FlowStyle}, old)
	list.HeadComment, list.LineComment, list.FootComment = old.HeadComment, old.LineComment, old.FootComment
	for i := 0; i+1 < len(old.Content); i += 2 {
		listener := field{rule.Path + "." + old.Content[i].Value, old, old.Content[i], old.Content[i+1]}
		if element := c.listener(listener); element != nil {
			list.Content = append(list.Content, element)
		}
	}
	listeners.rename("listeners", list)
	c.changed(rule, rule.Path, "", before, line(list))
}

// listener gives the array's element for one listener, or nil for one that is null, which
// the operator took for none.
func (c *converter) listener(old field) *yaml.Node {
	named, ok := namedListenerOf(old.key.Value)
	switch {
	case !ok:
		c.report(finding.Error, "convert-listener", old.key,
			old.path+" is no listener that the object form has, and would be lost",
			"name it plain, tls or external, or write spec.kafka.listeners as a list")
		return nil
	case old.empty():
		return nil
	case old.value.Kind != yaml.MappingNode:
		c.misshapen(old.key, old.path)
		return nil
	}
	head := document.Mapping(
		document.Scalar("name"), document.Scalar(named.name),
		document.Scalar("port"), literal("!!int", strconv.Itoa(named.port)))
	if named.external {
		c.external(head, old)
	} else {
		document.Set(head, "type", document.Scalar("internal"))
		document.Set(head, "tls", literal("!!bool", strconv.FormatBool(named.tls)))
	}
	c.refuseTaken(head, old)
	c.configuration(old)
	return element(placed(head, old.key), old)
}

func namedListenerOf(name string) (namedListener, bool) {
	for _, named := range namedListeners() {
		if named.name == name {
			return named, true
		}
	}
	return namedListener{}, false
}

// external takes type and tls of an external listener to its head. Routes and ingresses
// pass nothing but TLS, whatever their tls said; elsewhere its default was true.
func (c *converter) external(head *yaml.Node, old field) {
	kind, ok := entry(old.value, "type")
	if !ok || kind.empty() {
		c.report(finding.Error, "convert-listener", old.key,
			old.path+" has no type", "say route, loadbalancer, nodeport or ingress")
		return
	}
	kind.remove()
	kind.put(head, "type")
	tls, ok := entry(old.value, "tls")
	if ok {
		tls.remove()
	}
	if ok && !tls.empty() && !alwaysTLS(kind.value.Value) {
		tls.put(head, "tls")
		return
	}
	document.Set(head, "tls", literal("!!bool", "true"))
}

// alwaysTLS tells the listener types that cannot do without TLS.
func alwaysTLS(kind string) bool { return kind == "route" || kind == "ingress" }

// refuseTaken reports fields of the old listener to which the array gives another meaning.
func (c *converter) refuseTaken(head *yaml.Node, old field) {
	for i := 0; i+1 < len(head.Content); i += 2 {
		name, fixed := head.Content[i].Value, head.Content[i+1]
		own, ok := entry(old.value, name)
		if !ok {
			continue
		}
		if !own.empty() && !same(own.value, fixed) {
			c.report(finding.Error, "convert-conflict", own.key,
				fmt.Sprintf("%s.%s is given, and spec.kafka.listeners[%s].%s becomes %s", old.path, name, old.key.Value, name, fixed.Value),
				"remove it: the object form has no such field, and the operator never read it")
		}
		own.remove()
	}
}

// element puts the head before what else the listener has. The comments of its key become
// those of the element, and those of a comment beside the key stand above it.
func element(head *yaml.Node, old field) *yaml.Node {
	node := old.value
	if len(node.Content) == 0 {
		node.Style &^= yaml.FlowStyle
	}
	node.Content = append(head.Content, node.Content...)
	node.HeadComment = joined("\n", old.key.HeadComment, old.key.LineComment, node.HeadComment, node.LineComment)
	node.LineComment = ""
	node.FootComment = joined("\n", node.FootComment, old.key.FootComment)
	return node
}

func literal(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}
