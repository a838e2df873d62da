// Package exporter tells which series the JMX exporter makes of a component's attributes by
// the rules in a Kafka resource. A source keeps its own rules; where they leave out what
// alerts, dashboards and gates ask for, a person has to know.
package exporter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Rules are the rules of one component, as the exporter's configuration has them.
type Rules struct {
	LowercaseOutputName bool   `yaml:"lowercaseOutputName"`
	List                []Rule `yaml:"rules"`
}

// Rule makes a series of the attributes that its pattern matches.
type Rule struct {
	Pattern string `yaml:"pattern"`
	Name    string `yaml:"name"`
}

// Read takes the rules out of spec.COMPONENT.metrics, or out of the text that metricsConfig
// refers to.
func Read(value any) (Rules, error) {
	var rules Rules
	text, is := value.(string)
	if !is {
		content, err := yaml.Marshal(value)
		if err != nil {
			return rules, fmt.Errorf("JMX exporter rules: %w", err)
		}
		text = string(content)
	}
	if err := yaml.Unmarshal([]byte(text), &rules); err != nil {
		return rules, fmt.Errorf("JMX exporter rules: %w", err)
	}
	return rules, nil
}

// reference is a group of the pattern in the name of a series.
var reference = regexp.MustCompile(`\$(\d+)`)

// unsafe is what the exporter replaces in names.
var unsafe = regexp.MustCompile(`[^a-zA-Z0-9:_]`)

// Series gives the name of the series that the first matching rule makes of an attribute,
// written as "domain<type=T, name=N><>Attribute: 1". It is "" where no rule with a name
// matches. A pattern that only Java understands makes the answer uncertain: known is false.
//
// The exporter looks for a pattern anywhere in the attribute: it is not anchored.
func (r Rules) Series(attribute string) (name string, known bool) {
	known = true
	for _, rule := range r.List {
		pattern, err := regexp.Compile(rule.Pattern)
		if err != nil {
			known = false
			continue
		}
		match := pattern.FindStringSubmatch(attribute)
		if match == nil {
			continue
		}
		name := reference.ReplaceAllStringFunc(rule.Name, func(found string) string {
			i, err := strconv.Atoi(found[1:])
			if err != nil || i >= len(match) {
				return ""
			}
			return match[i]
		})
		if r.LowercaseOutputName {
			name = strings.ToLower(name)
		}
		return unsafe.ReplaceAllString(name, "_"), known
	}
	return "", known
}
