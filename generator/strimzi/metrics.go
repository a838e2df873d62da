package strimzi

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// metrics takes inline JMX exporter rules, comments and all, to a ConfigMap and leaves a
// metricsConfig in their place. An empty mapping switches metrics on, so it moves too.
func (c *converter) metrics(rule Rule) {
	metrics, ok := find(c.doc.Root, rule.Path)
	switch {
	case !ok:
		return
	case metrics.empty():
		c.drop(rule, metrics)
		return
	case metrics.value.Kind != yaml.MappingNode:
		c.misshapen(metrics.key, rule.Path)
		return
	case c.doc.Name() == "":
		c.report(finding.Error, "convert-metrics", metrics.key,
			rule.Path+" needs a ConfigMap, which is named after metadata.name, and that is missing", "give the object a name")
		return
	}
	to := strings.TrimSuffix(rule.Path, "metrics") + "metricsConfig"
	config, ok := entry(metrics.parent, "metricsConfig")
	if ok && !config.empty() {
		c.conflict(metrics.key, rule.Path, to, config.key)
		return
	} else if ok {
		config.remove()
	}
	name := c.doc.Name() + "-" + rule.To + "-jmx-exporter-configuration"
	if !c.makeConfigMap(rule, metrics, name) {
		return
	}
	reference := metricsReference(name, name+".yaml")
	metrics.rename("metricsConfig", placed(reference, metrics.key))
	c.changed(rule, rule.Path, to, line(metrics.value), line(reference))
}

func metricsReference(name, key string) *yaml.Node {
	return document.Mapping(
		document.Scalar("type"), document.Scalar("jmxPrometheusExporter"),
		document.Scalar("valueFrom"), document.Mapping(
			document.Scalar("configMapKeyRef"), document.Mapping(
				document.Scalar("name"), document.Scalar(name),
				document.Scalar("key"), document.Scalar(key))))
}

func (c *converter) makeConfigMap(rule Rule, metrics field, name string) bool {
	var text strings.Builder
	if err := document.Encode(&text, metrics.value); err != nil {
		c.report(finding.Error, "convert-metrics", metrics.key,
			rule.Path+" cannot be written as YAML: "+err.Error(), "check the rules' quoting")
		return false
	}
	metadata := document.Mapping(document.Scalar("name"), document.Scalar(name))
	if namespace := c.doc.Namespace(); namespace != "" {
		document.Set(metadata, "namespace", document.Scalar(namespace))
	}
	document.Set(metadata, "labels", c.labels())
	root := document.Mapping(
		document.Scalar("apiVersion"), document.Scalar("v1"),
		document.Scalar("kind"), document.Scalar("ConfigMap"),
		document.Scalar("metadata"), metadata,
		document.Scalar("data"), document.Mapping(
			document.Scalar(name+".yaml"), document.Scalar(text.String())))
	c.made = append(c.made, document.Document{File: c.doc.File, Root: placed(root, metrics.key)})
	return true
}

// labels gives the resource's own labels, so that who owns it owns the ConfigMap, and
// strimzi.io/cluster, by which Strimzi's tools find what belongs to it.
func (c *converter) labels() *yaml.Node {
	labels := document.Mapping()
	if own := document.At(c.doc.Root, "metadata", "labels"); own != nil && own.Kind == yaml.MappingNode {
		labels = flatten(own, false)
		labels.Style = 0
	}
	if !document.Has(labels, "strimzi.io/cluster") {
		document.Set(labels, "strimzi.io/cluster", document.Scalar(c.doc.Name()))
	}
	return labels
}
