package strimzi

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// Lint holds a v1beta2 resource against what a target's Strimzi release knows: fields that
// it does not have yet or no longer has, values that its schema refuses, config that the
// operator ignores, annotations that it no longer reads, and listeners by [CheckListeners].
// Errors are what the API refuses or drops, warnings what the operator ignores or reads
// differently. A field that no v1beta2 of any release has is a warning (field-unknown), since
// the API drops it in silence; a value of another type than the API's an error
// (value-wrong-type). Of other API groups two are known: a ServiceMonitor, which finds no port
// of Strimzi's to ask, and OpenShift's Template, whose objects are not converted.
func Lint(doc document.Document, to Version) finding.List {
	switch {
	case doc.Group() == monitoring && doc.Kind() == "ServiceMonitor":
		return lintMonitor(doc, to)
	case isTemplate(doc):
		return lintTemplate(doc)
	case doc.Group() != Group:
		return nil
	}
	if doc.APIVersion() != V1Beta2 {
		return finding.List{doc.Finding("lint-version",
			fmt.Sprintf("apiVersion is %s, and %s runs on %s", doc.APIVersion(), to, V1Beta2),
			"convert it first: cutover convert -f FILE", "apiVersion")}
	}
	lint := linter{doc: doc, to: to, kind: doc.Kind(), told: make(map[*yaml.Node]bool)}
	lint.removed()
	lint.introduced()
	lint.required()
	lint.minimums()
	lint.kafkaVersion()
	lint.reserved()
	lint.meanings()
	lint.annotations(doc.Root)
	lint.findings.Add(checkListeners(doc, lint.told)...)
	lint.unknown()
	return lint.findings
}

type linter struct {
	doc      document.Document
	to       Version
	kind     string
	findings finding.List
	// told are the nodes that findings were about.
	told map[*yaml.Node]bool
}

func (l *linter) add(severity finding.Severity, rule string, node *yaml.Node, message, hint string) {
	l.told[node] = true
	l.findings.Add(report(l.doc, severity, rule, node, message, hint))
}

// removed finds what a rule of the conversion would have taken away.
func (l *linter) removed() {
	for _, rule := range rulesOf(l.kind, l.to) {
		if leftover(rule) == "" {
			continue
		}
		for _, left := range match(l.doc.Root, leftover(rule)) {
			l.add(finding.Error, "field-removed", left.key,
				fmt.Sprintf("%s does not exist in v1beta2 since Strimzi %s", left.path, rule.Since), replacement(rule))
		}
	}
}

// leftover gives the path at which a resource shows that a rule was not applied; "" where
// it cannot.
func leftover(rule Rule) string {
	switch rule.Action {
	case SetVersion, ListenersToArray:
		return ""
	case LoggingToReference:
		return rule.Path + ".name"
	}
	return rule.Path
}

func replacement(rule Rule) string {
	switch rule.Action {
	case Move:
		return "use " + rule.To
	case PolicyToListeners:
		return "use spec.kafka.listeners[]." + rule.To
	case LoggingToReference:
		return fmt.Sprintf("use %s.valueFrom.configMapKeyRef with name and key %s", rule.Path, rule.To)
	case MetricsToConfigMap:
		return "put the rules into a ConfigMap and refer to it from metricsConfig beside it"
	}
	return "remove it: the operator does not read it"
}

// introduced finds fields and values that only later releases have.
func (l *linter) introduced() {
	for _, row := range tables.introductions {
		if !of(row.kinds, l.kind) || !Older(l.to.Strimzi, row.since) {
			continue
		}
		for _, given := range match(l.doc.Root, row.path) {
			if row.value != "" && document.Text(given.value) != row.value {
				continue
			}
			what := given.path
			if row.value != "" {
				what += " " + row.value
			}
			l.add(finding.Error, "field-too-new", given.key,
				fmt.Sprintf("%s needs Strimzi %s, and %s is %s", what, row.since, l.to, l.to.Strimzi), l.instead(row))
		}
	}
}

func (l *linter) instead(row introduction) string {
	if row.instead != "" {
		return "use " + row.instead
	}
	for _, version := range Versions() {
		if version.Distribution == l.to.Distribution && !Older(version.Strimzi, row.since) {
			return fmt.Sprintf("remove it, or choose %s as the target", version)
		}
	}
	return "remove it"
}

func (l *linter) required() {
	for _, row := range requirements() {
		if row.kind != l.kind || !Older(l.to.Strimzi, row.until) || len(match(l.doc.Root, row.path)) > 0 {
			continue
		}
		f := l.doc.Finding("field-missing", fmt.Sprintf("%s is missing, which Strimzi requires before %s", row.path, row.until),
			"set it", strings.Split(row.path, ".")...)
		l.findings.Add(f)
	}
}

func (l *linter) minimums() {
	for _, row := range tables.minimums {
		if !of(row.kinds, l.kind) {
			continue
		}
		for _, given := range match(l.doc.Root, row.path) {
			number, ok := document.Value(given.value).(int64)
			if !ok {
				l.add(finding.Error, "value-no-number", given.value, given.path+" is no whole number", "write it as a number without quotes")
			} else if number < row.least {
				l.add(finding.Error, "value-too-small", given.value,
					fmt.Sprintf("%s is %d, and v1beta2 takes %d or more", given.path, number, row.least), row.hint)
			}
		}
	}
}
