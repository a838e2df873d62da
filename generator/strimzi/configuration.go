package strimzi

import (
	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// configuration brings the fields of an old listener's overrides, and its ingress class,
// together in its configuration, and gives them their new names (CHANGELOG 0.20.0).
func (c *converter) configuration(old field) {
	listener, prefix := old.value, old.path+"."
	c.mergeOverrides(listener, prefix)
	if class, ok := entry(listener, "class"); ok && class.empty() {
		class.remove()
	} else if ok {
		class.path = prefix + "class"
		c.relocate(listener, prefix, class, "configuration.class")
	}
	configuration := document.Child(listener, "configuration")
	prefix += "configuration."
	c.rename(configuration, prefix, "preferredAddressType", "preferredNodePortAddressType")
	bootstrap := document.Child(configuration, "bootstrap")
	c.listAddress(bootstrap, prefix+"bootstrap.")
	c.rename(bootstrap, prefix+"bootstrap.", "dnsAnnotations", "annotations")
	if brokers := document.Child(configuration, "brokers"); brokers != nil && brokers.Kind == yaml.SequenceNode {
		for _, broker := range brokers.Content {
			c.rename(broker, prefix+"brokers[].", "dnsAnnotations", "annotations")
		}
	}
}

func (c *converter) mergeOverrides(listener *yaml.Node, prefix string) {
	overrides, ok := entry(listener, "overrides")
	if !ok {
		return
	}
	configuration, taken := entry(listener, "configuration")
	switch {
	case overrides.empty():
		overrides.remove()
		return
	case overrides.value.Kind != yaml.MappingNode:
		c.misshapen(overrides.key, prefix+"overrides")
		return
	case taken && configuration.empty():
		configuration.remove()
		taken = false
	}
	if !taken {
		overrides.rename("configuration", overrides.value)
		return
	}
	for _, name := range keys(overrides.value) {
		override, _ := entry(overrides.value, name)
		override.path = prefix + "overrides." + name
		c.relocate(listener, prefix, override, "configuration."+name)
	}
	configuration.key.HeadComment = joined("\n", configuration.key.HeadComment, overrides.key.HeadComment)
	overrides.remove()
}

// rename gives a field of a mapping its new name, in its place.
func (c *converter) rename(mapping *yaml.Node, prefix, from, to string) {
	old, ok := entry(mapping, from)
	if !ok {
		return
	}
	taken, double := entry(mapping, to)
	switch {
	case double && taken.empty():
		taken.remove()
	case double && !same(old.value, taken.value):
		c.conflict(old.key, prefix+from, prefix+to, taken.key)
		return
	case double:
		old.remove()
		return
	}
	old.rename(to, old.value)
}

// listAddress makes the one additional name of the old form a list of one.
func (c *converter) listAddress(bootstrap *yaml.Node, prefix string) {
	address, ok := entry(bootstrap, "address")
	if !ok {
		return
	}
	if address.empty() {
		address.remove()
		return
	}
	address.rename("address", placed(&yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{address.value}}, address.key))
	c.rename(bootstrap, prefix, "address", "alternativeNames")
}

func keys(mapping *yaml.Node) []string {
	names := make([]string, 0, len(mapping.Content)/2)
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		names = append(names, mapping.Content[i].Value)
	}
	return names
}
