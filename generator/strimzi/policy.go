package strimzi

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// policy takes a setting of the two external service templates to the listeners. A listener
// has one setting for its bootstrap and its broker services, so both templates must agree.
func (c *converter) policy(rule Rule) {
	for _, setting := range matchAll(c.doc.Root, rule.Path) {
		if setting.empty() {
			c.drop(rule, setting)
		}
	}
	settings := match(c.doc.Root, rule.Path)
	listeners := document.At(c.doc.Root, "spec", "kafka", "listeners")
	if len(settings) == 0 || listeners == nil || listeners.Kind != yaml.SequenceNode {
		return
	}
	value := settings[0].value
	if len(settings) > 1 && !same(value, settings[1].value) {
		c.conflict(settings[0].key, settings[0].path, settings[1].path, settings[1].key)
		return
	}
	takers := takers(listeners, rule.To)
	for _, taker := range takers {
		setting := settings[0]
		setting.value = document.Copy(value)
		c.give(taker, setting, rule.To)
	}
	c.warnWidened(rule, settings, takers)
	for _, setting := range settings {
		to, after := destinations(takers, rule.To), line(value)
		if to == "" {
			after = ""
		}
		setting.remove()
		c.changed(rule, setting.path, to, line(value), after)
	}
}

// takers gives the listeners whose type has a configuration field.
func takers(listeners *yaml.Node, path string) []field {
	var takers []field
	for _, listener := range elements(field{path: "spec.kafka.listeners", value: listeners}) {
		kind := document.Text(document.Child(listener.value, "type"))
		if of(typesWith(path), kind) {
			takers = append(takers, listener)
		}
	}
	return takers
}

func destinations(takers []field, path string) string {
	var all []string
	for _, taker := range takers {
		all = append(all, taker.path+"."+path)
	}
	return strings.Join(all, ", ")
}

// give copies a setting to a listener.
func (c *converter) give(taker, setting field, to string) {
	section, name, _ := strings.Cut(to, ".")
	configuration, ok := entry(taker.value, section)
	if ok && !configuration.empty() && configuration.value.Kind != yaml.MappingNode {
		c.misshapen(configuration.key, taker.path+"."+section)
		return
	}
	mapping := ensure(taker.value, section, setting.key)
	if taken, ok := entry(mapping, name); ok && !taken.empty() {
		if !same(taken.value, setting.value) {
			c.conflict(setting.key, setting.path, taker.path+"."+to, taken.key)
		}
		return
	}
	document.Set(mapping, name, setting.value)
}

// warnWidened tells that a setting which one template had now counts for the services of
// the other too, unless it is the default.
func (c *converter) warnWidened(rule Rule, settings []field, takers []field) {
	value := settings[0].value
	isDefault := document.Text(value) == "Cluster" || value.Kind == yaml.SequenceNode && len(value.Content) == 0
	if len(settings) > 1 || len(takers) == 0 || isDefault {
		return
	}
	c.report(finding.Warning, "convert-widened", settings[0].key,
		fmt.Sprintf("%s is set for one of the two external services, and %s sets it for both", settings[0].path, destinations(takers, rule.To)),
		"accept it, or decide on one value for the bootstrap and the broker services and set it in both templates")
}
