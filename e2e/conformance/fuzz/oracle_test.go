package fuzz_test

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

const listenersPath = "spec.kafka.listeners"

// renamed is a field of a listener in the object form that is called otherwise in the list.
type renamed struct {
	// example is one such field, as generators take it.
	example string
	// from is a pattern of what follows the listener's name, and to what it becomes.
	from *regexp.Regexp
	to   string
}

// renamedFields gives those that the sources have; a later row sees what an earlier one left.
func renamedFields() []renamed {
	return []renamed{
		{"overrides.brokers[].advertisedHost", regexp.MustCompile(`^\.overrides(\W|$)`), ".configuration$1"},
		{"class", regexp.MustCompile(`^\.class$`), ".configuration.class"},
		{"overrides.bootstrap.address", regexp.MustCompile(`^\.configuration\.bootstrap\.address$`), ".configuration.bootstrap.alternativeNames[0]"},
		{"overrides.bootstrap.dnsAnnotations", regexp.MustCompile(`^(\.configuration\.bootstrap)\.dnsAnnotations`), "$1.annotations"},
		{"overrides.brokers[].dnsAnnotations", regexp.MustCompile(`^(\.configuration\.brokers\[\d+\])\.dnsAnnotations`), "$1.annotations"},
	}
}

// oracle says, from the table of rules alone, what must have become of an object.
type oracle struct {
	rules   []rule
	renamed []renamed
	// met counts how often a renamed field was in an input, by its example.
	met   map[string]int
	input map[string]any
}

func newOracle(rules []rule) oracle {
	return oracle{rules: rules, renamed: renamedFields(), met: make(map[string]int)}
}

// byName tells that the input's listeners are in the object form.
func (o oracle) byName() bool {
	listeners, _ := get(o.input, listenersPath)
	_, ok := listeners.(map[string]any)
	return ok
}

// destination gives where the leaf at a path of the input is to be found afterwards; false
// where a rule takes it away or makes something else of it.
func (o oracle) destination(path string) (string, bool) {
	original := path
	for _, rule := range o.rules {
		for _, own := range rule.paths() {
			rest, ok := under(path, own)
			if !ok {
				continue
			}
			switch rule.Action {
			case moveField:
				path = rule.To + rest
			case deleteField, metricsToConfigMap, policyToListeners, setVersion:
				return "", false
			case loggingToReference:
				if rest == ".name" {
					return rule.Path + ".valueFrom.configMapKeyRef.name", o.external(original)
				}
			case listenersToArray:
				if o.byName() {
					return o.listener(rest)
				}
			}
		}
	}
	return path, true
}

// external tells whether the logging whose name stands at a path is from a ConfigMap.
func (o oracle) external(name string) bool {
	kind, _ := get(o.input, strings.TrimSuffix(name, ".name")+".type")
	return kind == "external"
}

func (o oracle) listener(rest string) (string, bool) {
	name, field, _ := strings.Cut(strings.TrimPrefix(rest, "."), ".")
	if field == "" {
		return "", false // an empty one, which is nothing but its head
	}
	kind, _ := get(o.input, listenersPath+"."+name+".type")
	if field == "tls" && (kind == "route" || kind == "ingress") {
		return "", false // they pass nothing but TLS, whatever it said
	}
	field = "." + field
	for _, renamed := range o.renamed {
		if renamed.from.MatchString(field) {
			o.met[renamed.example]++
			field = renamed.from.ReplaceAllString(field, renamed.to)
		}
	}
	return listenersPath + "[" + name + "]" + field, true
}

// added are leaves that a conversion may add: references to ConfigMaps, and what a listener
// was by its key.
var added = regexp.MustCompile(`\.metricsConfig\.(type|valueFrom\.configMapKeyRef\.(name|key))$|\.logging\.valueFrom\.configMapKeyRef\.key$` +
	`|^spec\.kafka\.listeners\[\w+\]\.(name|port|type|tls|configuration\.(externalTrafficPolicy|loadBalancerSourceRanges(\[\d+\])?))$|^apiVersion$`)

// compare says what of the input is lost in the output, and what came from nowhere.
func (o oracle) compare(output map[string]any) []string {
	var wrong []string
	before, after := leaves(o.input, false), leaves(output, o.byName())
	expected := make(map[string]bool)
	for _, path := range slices.Sorted(maps.Keys(before)) {
		to, ok := o.destination(path)
		if !ok {
			continue
		}
		expected[to] = true
		got, there := after[to]
		if _, empty := before[path].(nothing); empty && !there {
			there = slices.ContainsFunc(slices.Collect(maps.Keys(after)), func(other string) bool { _, ok := under(other, to); return ok })
			got = before[path]
		}
		if !there || got != before[path] {
			wrong = append(wrong, fmt.Sprintf("%s was %#v, and %s is %#v", path, before[path], to, after[to]))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(after)) {
		if _, empty := after[path].(nothing); !expected[path] && !empty && !added.MatchString(path) {
			wrong = append(wrong, fmt.Sprintf("%s came from nowhere: %#v", path, after[path]))
		}
	}
	return wrong
}

// policies says which listeners miss a setting of the service templates.
func (o oracle) policies(output map[string]any) []string {
	var wrong []string
	given, _ := get(output, listenersPath)
	listeners, _ := given.([]any)
	for _, rule := range o.rules {
		if rule.Action != policyToListeners {
			continue
		}
		takers := []any{"loadbalancer", "nodeport"}
		if strings.HasSuffix(rule.To, "loadBalancerSourceRanges") {
			takers = takers[:1]
		}
		for _, path := range rule.paths() {
			setting, ok := get(o.input, path)
			for i, one := range listeners {
				listener, _ := one.(map[string]any)
				if got, _ := get(listener, rule.To); ok && slices.Contains(takers, listener["type"]) && !reflect.DeepEqual(got, setting) {
					wrong = append(wrong, fmt.Sprintf("%s was %v, and %s[%d].%s is %v", path, setting, listenersPath, i, rule.To, got))
				}
			}
		}
	}
	return wrong
}

// metrics says what is wrong with the ConfigMaps that inline metrics became.
func (o oracle) metrics(objects []map[string]any) []string {
	var wrong []string
	resource := objects[len(objects)-1]
	made := objects[:len(objects)-1]
	for _, rule := range o.rules {
		metrics, ok := get(o.input, rule.Path)
		if rule.Action != metricsToConfigMap || !ok {
			continue
		}
		if len(made) == 0 {
			return append(wrong, rule.Path+" has no ConfigMap before its resource")
		}
		wrong = append(wrong, o.configMap(rule, metrics, made[0])...)
		name, _ := get(made[0], "metadata.name")
		want := map[string]any{"type": "jmxPrometheusExporter", "valueFrom": map[string]any{
			"configMapKeyRef": map[string]any{"name": name, "key": fmt.Sprint(name, ".yaml")}}}
		if got, _ := get(resource, rule.Path+"Config"); !reflect.DeepEqual(got, any(want)) {
			wrong = append(wrong, fmt.Sprintf("%sConfig is %v, want %v", rule.Path, got, want))
		}
		made = made[1:]
	}
	if len(made) > 0 {
		wrong = append(wrong, fmt.Sprintf("%v is made of nothing", made))
	}
	return wrong
}

func (o oracle) configMap(rule rule, metrics any, object map[string]any) []string {
	var wrong []string
	for _, path := range []string{"metadata.name", "metadata.namespace", "data"} {
		if _, ok := get(object, path); !ok {
			return []string{fmt.Sprintf("the ConfigMap of %s has no %s", rule.Path, path)}
		}
	}
	name, _ := get(object, "metadata.name")
	if owner, _ := get(o.input, "metadata.name"); name != fmt.Sprintf("%s-%s-jmx-exporter-configuration", owner, rule.To) {
		wrong = append(wrong, fmt.Sprintf("the ConfigMap of %s is called %s", rule.Path, name))
	}
	own, _ := get(o.input, "metadata.namespace")
	if namespace, _ := get(object, "metadata.namespace"); object["kind"] != "ConfigMap" || object["apiVersion"] != "v1" || namespace != own {
		wrong = append(wrong, fmt.Sprintf("the ConfigMap of %s is a %s %s in %s", rule.Path, object["apiVersion"], object["kind"], namespace))
	}
	data, _ := object["data"].(map[string]any)
	text, _ := data[fmt.Sprint(name, ".yaml")].(string)
	if rules, err := read(text); err != nil || !reflect.DeepEqual(rules, metrics) || len(data) != 1 {
		wrong = append(wrong, fmt.Sprintf("%s was %v, and its ConfigMap holds %v", rule.Path, metrics, data))
	}
	labels, _ := get(o.input, "metadata.labels")
	given, _ := get(object, "metadata.labels")
	for key, label := range asMapping(labels) {
		if asMapping(given)[key] != label {
			wrong = append(wrong, fmt.Sprintf("the ConfigMap of %s has no label %s: %v", rule.Path, key, label))
		}
	}
	return wrong
}

func asMapping(value any) map[string]any {
	mapping, _ := value.(map[string]any)
	return mapping
}
