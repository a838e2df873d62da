package fuzz_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"cutover/e2e/conformance/crd"
)

// author makes objects of one kind that could be a person's.
type author struct {
	rules   []rule
	content []plausible
	renamed []renamed
	// labels and annotations are entries to choose from.
	labels, annotations []map[string]any
}

// plausible is what stands in a field that Strimzi's schemas leave open.
type plausible struct {
	// fields are the last keys of its path.
	fields  []string
	entries []map[string]any
	// rules are the elements of the field's rules, for metrics.
	rules []map[string]any
}

func newAuthor(t *testing.T, rules []rule) author {
	t.Helper()
	fields := []struct {
		fields, entries, rules []string
	}{
		{[]string{".metrics"}, []string{"lowercaseOutputName: true", "startDelaySeconds: 0", "blacklistObjectNames: []", "whitelistObjectNames: ['kafka.server:*']"},
			[]string{`pattern: 'kafka.server<type=(.+), name=(.+)PerSec\w*, topic=(.+)><>Count'`, `name: "kafka_$1_$2_total"`, "type: COUNTER",
				"labels: {topic: $3, 'on': 'y'}", "value: 0.001", "cache: on", "help: |\n  one\n  two"}},
		{[]string{".loggers"}, []string{"kafka.root.logger.level: INFO", "log4j.logger.kafka: DEBUG", "cruisecontrol.root.logger: INFO", "rootLogger.level: WARN"}, nil},
		{[]string{".config"}, []string{"log.retention.ms: 604800000", "min.insync.replicas: 2", "ssl.cipher.suites: A", "listeners: 'PLAINTEXT://:9092'",
			"unclean.leader.election.enable: false", "group.id: mine", "interval: 0.5", "compression.type: 'on'", "retention.bytes: -1", "tasks.max: '4'", "a: null", "x: 9007199254740993"}, nil},
		{[]string{"resources.limits", "resources.requests"}, []string{"cpu: 500m", "memory: 2Gi", "ephemeral-storage: '1e9'"}, nil},
		{[]string{".labels", ".annotations", ".matchLabels", ".nodeSelector", ".dnsAnnotations"}, []string{"app: kafka", "example.org/team: platform", "'on': 'on'", "version: '1.10'", "empty: ''"}, nil},
		{[]string{".-XX"}, []string{"UseG1GC: true", "MaxGCPauseMillis: 20", "HeapDumpPath: /var/dump"}, nil},
	}
	a := author{
		rules:       rules,
		renamed:     renamedFields(),
		labels:      entries(t, "strimzi.io/cluster: freight", "app.kubernetes.io/part-of: freight", "flag: 'on'"),
		annotations: entries(t, "strimzi.io/use-connector-resources: 'true'", "operator.strimzi.io/generation: '4'", "note: 'a: b # c'"),
	}
	for _, field := range fields {
		a.content = append(a.content, plausible{field.fields, entries(t, field.entries...), entries(t, field.rules...)})
	}
	return a
}

func entries(t *testing.T, texts ...string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, text := range texts {
		value, err := read(text)
		entry, ok := value.(map[string]any)
		if err != nil || !ok {
			t.Fatalf("%s is no mapping: %v", text, err)
		}
		all = append(all, entry)
	}
	return all
}

// some gives a mapping of a few of the entries.
func some(random *rand.Rand, entries []map[string]any) map[string]any {
	mapping := map[string]any{}
	for _, entry := range entries {
		if random.IntN(3) == 0 {
			maps.Copy(mapping, entry)
		}
	}
	return runtime.DeepCopyJSON(mapping)
}

// fill gives the value of a field of which more is known than its schema says.
func (a author) fill(random *rand.Rand, path string) (any, bool) {
	for _, row := range a.content {
		if !slices.ContainsFunc(row.fields, func(field string) bool { return strings.HasSuffix(path, field) }) {
			continue
		}
		value := some(random, row.entries)
		if rules := random.IntN(4); row.rules != nil && rules > 0 {
			list := make([]any, 0, rules)
			for range rules {
				list = append(list, some(random, row.rules))
			}
			value["rules"] = list
		}
		return value, true
	}
	return nil, false
}

// draw makes one object of a source.
func (a author) draw(random *rand.Rand, generator *crd.Generator, number int) map[string]any {
	density := []float64{0.05, 0.2, 0.4, 0.7}[random.IntN(4)]
	object := generator.Object(crd.Plan{
		Random: random, Density: density, Budget: 8 + random.IntN(80), Wanted: a.wanted(random), Content: a.fill,
	})
	metadata := map[string]any{"name": fmt.Sprintf("object-%d", number), "namespace": "kafka"}
	if random.IntN(2) == 0 {
		metadata["labels"] = some(random, a.labels)
	}
	if random.IntN(4) == 0 {
		metadata["annotations"] = some(random, a.annotations)
	}
	object["metadata"] = metadata
	if listeners, ok := get(object, listenersPath); ok && len(asMapping(listeners)) == 0 && random.IntN(10) > 0 {
		if _, isMapping := listeners.(map[string]any); isMapping {
			put(object, listenersPath, map[string]any{"plain": map[string]any{}})
		}
	}
	a.settle(random, object)
	return object
}

// wanted chooses a few of the fields that rules are about, so that every rule has its turn
// however deep its field stands.
func (a author) wanted(random *rand.Rand) []string {
	var paths []string
	for range random.IntN(4) {
		rule := a.rules[random.IntN(len(a.rules))]
		own := rule.paths()
		paths = append(paths, own[random.IntN(len(own))])
		switch rule.Action {
		case moveField:
			if random.IntN(4) == 0 {
				paths = append(paths, rule.To)
			}
		case loggingToReference:
			paths = append(paths, rule.Path+".name")
		case listenersToArray, policyToListeners:
			field := a.renamed[random.IntN(len(a.renamed))].example
			paths = append(paths, listenersPath+".external", listenersPath+".external."+field, listenersPath+"[]."+field)
		}
	}
	return paths
}

// settle decides most of the cases in which an object has a field twice, of which one is
// to go where the other is: a person rarely writes both. It keeps one, makes them equal,
// or, one time in ten, lets the two differ.
func (a author) settle(random *rand.Rand, object map[string]any) {
	for _, rule := range a.rules {
		from, to := rule.paths()[0], rule.To
		switch rule.Action {
		case policyToListeners:
			to = rule.paths()[1]
		case metricsToConfigMap:
			to = rule.Path + "Config"
		case moveField:
		default:
			continue
		}
		old, ok := get(object, from)
		_, double := get(object, to)
		if !ok || !double {
			continue
		}
		switch choice := random.IntN(10); {
		case choice == 0:
		case choice < 5 && rule.Action != metricsToConfigMap:
			put(object, to, a.moved(old, from))
		default:
			remove(object, to)
		}
	}
}

// moved is what is left of a field when the rules that come before its own have taken their
// parts of it.
func (a author) moved(value any, from string) any {
	value = runtime.DeepCopyJSONValue(value)
	for _, rule := range a.rules {
		if part, ok := strings.CutPrefix(rule.Path, from+"."); ok && rule.Action == moveField {
			delete(asMapping(value), part)
		}
	}
	return value
}
