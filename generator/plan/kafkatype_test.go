package plan_test

import (
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi/v1beta2"
)

// odd is kafkaSpec with a field that no API of Strimzi's has ever had.
func odd(t testing.TB) string {
	t.Helper()
	changed := strings.Replace(kafkaSpec, "zookeeper:\n", "zookeeper:\n  replica: 5\n", 1)
	if changed == kafkaSpec {
		t.Fatal("the spec has no zookeeper")
	}
	return changed
}

func TestAFieldOfTheSourceThatTheAPILacksIsDroppedWithAWarning(t *testing.T) {
	k, findings := kafkaOf(t, declared, odd(t))
	f := wantOne(t, findings, "field-unknown", "Kafka kafka/old", finding.Warning)
	if !strings.Contains(f.Message, "spec.zookeeper.replica") || !strings.Contains(f.Hint, "did you mean replicas?") || f.File != "inventory.yaml" {
		t.Errorf("got %+v", f)
	}
	if at(k.Spec, "zookeeper", "replica") != nil {
		t.Error("it travels")
	}
	for _, d := range k.Differences {
		if d.Path == "zookeeper.replica" {
			if d.Source != int64(5) || d.Target != nil || d.Reason == "" {
				t.Errorf("got %+v", d)
			}
			return
		}
	}
	t.Errorf("it is no difference: %+v", k.Differences)
}

func TestTheWarningNamesTheLineOfTheExport(t *testing.T) {
	text := "apiVersion: kafka.strimzi.io/v1beta1\nkind: Kafka\nmetadata: {name: old, namespace: kafka}\nspec:\n  " + strings.ReplaceAll(strings.TrimSpace(odd(t)), "\n", "\n  ") + "\n"
	documents, err := document.Read("kafka.yaml", strings.NewReader(text), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	inv := found(t)
	inv.Kafka = withSpec(t, odd(t))
	inv.Kafka.Document = documents[0]
	_, findings := decide(t, declared, inv)
	f := wantOne(t, findings, "field-unknown", "Kafka kafka/old", finding.Warning)
	if want := 1 + strings.Count(above(text, "replica: 5"), "\n"); f.File != "kafka.yaml" || f.Line != want {
		t.Errorf("got %s:%d, want kafka.yaml:%d", f.File, f.Line, want)
	}
}

func TestWhatMigrationYAMLAsksForMustBeInTheAPI(t *testing.T) {
	for _, test := range []struct{ name, patch, rule, says, hint, line string }{
		{"an unknown field", "  kafka:\n    kafka:\n      confg: {a: b}\n", "field-unknown", "spec.kafka.confg", "did you mean config?", "      confg"},
		{"one in a list", "  kafka:\n    kafka:\n      listeners:\n      - name: a\n        prot: 9092\n        port: 9092\n        type: internal\n        tls: true\n", "field-unknown", "spec.kafka.listeners[0].prot", "did you mean port?", "        prot"},
		{"one of a declared listener", "  listeners:\n  - name: a\n    prot: 9092\n    port: 9092\n    type: internal\n    tls: true\n", "field-unknown", "spec.kafka.listeners[0].prot", "did you mean port?", "    prot"},
		{"a value of a wrong type", "  kafka:\n    kafka:\n      rack: zone\n", "value-wrong-type", "spec.kafka.rack: text stands where a mapping is expected", "reference", "      rack"},
		{"a quantity that is none", "  kafka:\n    kafka:\n      resources:\n        limits:\n          memory: lots\n", "value-wrong-type", "a quantity", "reference", "          memory"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := change(t, "  storageClass: fast\n", "  storageClass: fast\n"+test.patch)
			object := ""
			if test.rule == "value-wrong-type" {
				object = "Kafka streams/new"
			}
			f := wantOne(t, refuse(t, text, found(t)), test.rule, object, finding.Error)
			if want := 1 + strings.Count(above(text, test.line), "\n"); f.Line != want || f.File != "migration.yaml" {
				t.Errorf("got %s:%d, want line %d", f.File, f.Line, want)
			}
			if !strings.Contains(f.Message, test.says) || !strings.Contains(f.Hint, test.hint) {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func TestTheSizeOfAMirrorsWorkerMustBeInTheAPI(t *testing.T) {
	for _, test := range []struct{ name, mirror, rule, says string }{
		{"an unknown resource section", "mirror: {resources: {limit: {memory: 1Gi}}}", "field-unknown", "mirror.resources.limit"},
		{"a quantity that is none", "mirror: {resources: {limits: {memory: lots}}}", "value-wrong-type", "mirror.resources.limits.memory"},
		{"an unknown option of Java", "mirror: {jvmOptions: {Xmx: 1g}}", "field-unknown", "mirror.jvmOptions.Xmx"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := change(t, "mirror: {}", test.mirror)
			f := wantOne(t, refuse(t, text, found(t)), test.rule, "", finding.Error)
			if want := 1 + strings.Count(above(text, "mirror: {"), "\n"); f.Line != want || !strings.Contains(f.Message, test.says) {
				t.Errorf("got %+v, want line %d", f, want)
			}
		})
	}
}

func TestTheSpecInPlainValuesIsTheAPIsOwn(t *testing.T) {
	k, _ := kafkaOf(t, declared, kafkaSpec)
	root, err := document.FromValue(k.Spec)
	if err != nil {
		t.Fatal(err)
	}
	again, departures := document.NewShape[v1beta2.KafkaSpec]().Decode(document.Document{Root: root})
	if len(departures) > 0 {
		t.Fatal(departures)
	}
	if got, want := marshal(t, again), marshal(t, k.API); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if k.API.Kafka.Version == "" || k.API.Zookeeper.Replicas != 3 {
		t.Errorf("got %+v", k.API)
	}
}

func marshal(t testing.TB, value any) string {
	t.Helper()
	content, err := document.Marshal(document.API{Value: value})
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// above gives what stands before a part of a text.
func above(text, part string) string { before, _, _ := strings.Cut(text, part); return before }
