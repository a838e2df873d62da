package strimzi

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// Conversion is one resource in v1beta2, and what that took.
type Conversion struct {
	// Objects holds the ConfigMaps made from inline metrics, in the order of the rules,
	// and last the resource, which needs them.
	Objects []document.Document
	// Changes lists every field that a rule touched, in the order of the rules.
	Changes []Change
	// Findings holds warnings: what v1beta2 can say only more broadly than the input did.
	Findings finding.List
}

// Change is one thing that a rule did.
type Change struct {
	// Rule is the [Rule.Name].
	Rule string `json:"rule"`
	// Path is the field as the input had it.
	Path string `json:"path"`
	// To is where the field stands now; "" where it kept its place or was deleted.
	To string `json:"to,omitempty"`
	// Before and After are the field's value as one line of YAML; After is "" where a
	// rule deleted it. Values of environment variables are left out.
	Before string `json:"before"`
	After  string `json:"after,omitempty"`
}

// Convert gives a Strimzi resource of v1alpha1 or v1beta1 as v1beta2 of a target, by
// [Rules]. The input is not modified. Documents of other API groups, and resources that
// are v1beta2 already, pass as they are.
//
// Convert never guesses. Where two fields of the input claim the same place with different
// values, or a field has a shape that its API never had, the error carries a
// [finding.Finding] for each, which names the paths, the object and the line.
func Convert(doc document.Document, to Version) (Conversion, error) {
	untouched := Conversion{Objects: []document.Document{doc}}
	if doc.Group() != Group || doc.APIVersion() == V1Beta2 || Older(to.Strimzi, since) {
		return untouched, nil
	}
	rules := rulesOf(doc.Kind(), to)
	if err := checkVersion(doc, to, len(rules) > 0); err != nil {
		return Conversion{}, err
	}
	converter := converter{
		doc:     document.Document{File: doc.File, Root: document.Copy(doc.Root)},
		origins: make(map[string]string),
	}
	for _, rule := range rules {
		converter.apply(rule)
	}
	if err := converter.findings.Err(); err != nil {
		return Conversion{}, err
	}
	if isJSON(doc.Root) {
		asJSON(converter.doc.Root)
	}
	return Conversion{
		Objects:  append(converter.made, converter.doc),
		Changes:  converter.changes,
		Findings: converter.findings,
	}, nil
}

func rulesOf(kind string, to Version) []Rule {
	var rules []Rule
	for _, rule := range tables.rules {
		if rule.Kind == kind && !Older(to.Strimzi, rule.Since) {
			rules = append(rules, rule)
		}
	}
	return rules
}

func checkVersion(doc document.Document, to Version, known bool) error {
	if !known {
		return doc.Finding("convert-kind",
			fmt.Sprintf("%s is no kind of Strimzi's that can be converted for %s", doc.Kind(), to),
			"give single objects rather than lists, and remove what the target cannot have", "kind")
	}
	switch strings.TrimPrefix(doc.APIVersion(), Group+"/") {
	case "v1alpha1", "v1beta1":
		return nil
	}
	return doc.Finding("convert-version",
		fmt.Sprintf("apiVersion %s is none that can be converted for %s", doc.APIVersion(), to),
		"export the resource as kafka.strimzi.io/v1alpha1, v1beta1 or v1beta2", "apiVersion")
}

// converter carries one resource, which it owns, through the rules.
type converter struct {
	doc      document.Document
	made     []document.Document
	changes  []Change
	findings finding.List
	// origins tells for a path that a move filled where its value stood in the input.
	origins map[string]string
}

func (c *converter) apply(rule Rule) {
	switch rule.Action {
	case SetVersion:
		c.setVersion(rule)
	case Move:
		c.move(rule)
	case Delete:
		c.delete(rule)
	case ListenersToArray:
		c.listeners(rule)
	case PolicyToListeners:
		c.policy(rule)
	case LoggingToReference:
		c.logging(rule)
	case MetricsToConfigMap:
		c.metrics(rule)
	}
}

func (c *converter) changed(rule Rule, path, to, before, after string) {
	c.changes = append(c.changes, Change{Rule: rule.Name, Path: c.origin(path), To: to, Before: before, After: after})
}

func (c *converter) report(severity finding.Severity, rule string, node *yaml.Node, message, hint string) {
	c.findings.Add(report(c.doc, severity, rule, node, message, hint))
}

// misshapen reports a field that is no mapping where every version of the API has one.
func (c *converter) misshapen(node *yaml.Node, path string) {
	c.report(finding.Error, "convert-shape", node, path+" is no mapping", "write it as the API reference of the source's version has it")
}

// conflict reports two fields that claim one place with different values.
func (c *converter) conflict(node *yaml.Node, path, taken string, other *yaml.Node) {
	c.contradiction(node, path, taken, other, "hold different values, and v1beta2 has one place for both")
}

// contradiction reports two fields of which only one can be followed, and why.
func (c *converter) contradiction(node *yaml.Node, path, taken string, other *yaml.Node, why string) {
	path, taken = c.origin(path), c.origin(taken)
	where := ""
	if other != nil && other.Line > 0 {
		where = fmt.Sprintf(" (line %d)", other.Line)
	}
	c.report(finding.Error, "convert-conflict", node, fmt.Sprintf("%s and %s%s %s", path, taken, where, why),
		fmt.Sprintf("decide which of the two is meant, and remove the other or make them equal: %s or %s", path, taken))
}

// report makes a finding about a node of a document; node may be a key.
func report(doc document.Document, severity finding.Severity, rule string, node *yaml.Node, message, hint string) finding.Finding {
	f := doc.Finding(rule, message, hint)
	f.Severity = severity
	if node != nil && node.Line > 0 {
		f.Line = node.Line
	}
	return f
}
