package strimzi_test

import (
	"fmt"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/strimzi"
)

// nested writes a dotted path and a value as YAML in one line.
func nested(path, value string) string {
	keys := strings.Split(path, ".")
	return keys[0] + ": {" + strings.Join(keys[1:], ": {") + ": " + value + strings.Repeat("}", len(keys)-1)
}

func at(doc document.Document, path string) any {
	return document.Value(document.At(doc.Root, strings.Split(path, ".")...))
}

func TestEveryRuleDoesWhatItSays(t *testing.T) {
	for _, rule := range strimzi.Rules() {
		for _, version := range []string{"v1alpha1", "v1beta1"} {
			t.Run(fmt.Sprintf("%s %s from %s", rule.Kind, rule.Path, version), func(t *testing.T) {
				if rule.Name == "" || rule.Source == "" || rule.Since == "" {
					t.Errorf("the row is incomplete: %+v", rule)
				}
				checkRule(t, rule, fmt.Sprintf("apiVersion: kafka.strimzi.io/%s\nkind: %s\nmetadata: {name: n}\n", version, rule.Kind))
			})
		}
	}
}

func checkRule(t *testing.T, rule strimzi.Rule, head string) {
	t.Helper()
	switch rule.Action {
	case strimzi.SetVersion:
		_, doc := apply(t, head, "", rule.Name)
		expect(t, doc, rule.Path, rule.To)
	case strimzi.Move:
		_, doc := apply(t, head, nested(rule.Path, "[here]"), rule.Name)
		expect(t, doc, rule.Path, nil)
		expect(t, doc, rule.To, []any{"here"})
	case strimzi.Delete:
		_, doc := apply(t, head, nested(rule.Path, "{a: b}"), rule.Name)
		expect(t, doc, rule.Path, nil)
	case strimzi.ListenersToArray:
		_, doc := apply(t, head, nested(rule.Path, "{plain: {}}"), rule.Name)
		expect(t, doc, rule.Path, []any{map[string]any{"name": "plain", "port": int64(9092), "type": "internal", "tls": false}})
	case strimzi.PolicyToListeners:
		path := strings.Replace(rule.Path, "{externalBootstrapService,perPodService}", "perPodService", 1)
		_, rest, _ := strings.Cut(nested(path, "[here]"), "kafka: {")
		_, doc := apply(t, head, "spec: {kafka: {listeners: [{name: out, type: loadbalancer}], "+rest, rule.Name)
		expect(t, doc, path, nil)
		listeners := document.At(doc.Root, "spec", "kafka", "listeners")
		expect(t, document.Document{Root: listeners.Content[0]}, rule.To, []any{"here"})
	case strimzi.LoggingToReference:
		_, doc := apply(t, head, nested(rule.Path, "{type: external, name: log}"), rule.Name)
		expect(t, doc, rule.Path, map[string]any{"type": "external", "valueFrom": map[string]any{
			"configMapKeyRef": map[string]any{"name": "log", "key": rule.To}}})
	case strimzi.MetricsToConfigMap:
		objects, doc := apply(t, head, nested(rule.Path, "{a: b}"), rule.Name)
		name := "n-" + rule.To + "-jmx-exporter-configuration"
		expect(t, doc, rule.Path, nil)
		expect(t, doc, rule.Path+"Config.valueFrom.configMapKeyRef", map[string]any{"name": name, "key": name + ".yaml"})
		if objects[0].Kind() != "ConfigMap" || objects[0].Name() != name {
			t.Errorf("%s stands first", objects[0].Describe())
		}
	default:
		t.Errorf("no test for %s", rule.Action)
	}
}

func apply(t *testing.T, head, spec, rule string) ([]document.Document, document.Document) {
	t.Helper()
	conversion, err := strimzi.Convert(parse(t, head+spec+"\n"), target(t, strimzi.AMQStreams, "1.8"))
	if err != nil {
		t.Fatal(err)
	}
	told := false
	for _, change := range conversion.Changes {
		told = told || change.Rule == rule
	}
	if !told {
		t.Errorf("no change names the rule: %v", conversion.Changes)
	}
	return conversion.Objects, conversion.Objects[len(conversion.Objects)-1]
}

func expect(t *testing.T, doc document.Document, path string, want any) {
	t.Helper()
	if got := at(doc, path); fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", want) {
		t.Errorf("%s is %#v, want %#v", path, got, want)
	}
}

func TestATargetBeforeV1Beta2ChangesNothing(t *testing.T) {
	doc := parse(t, kafkaHead+"  kafka: {affinity: {}}\n")
	conversion, err := strimzi.Convert(doc, strimzi.Version{Strimzi: "0.21.1"})
	if err != nil || len(conversion.Changes) > 0 {
		t.Errorf("got %v, %v", conversion.Changes, err)
	}
}
