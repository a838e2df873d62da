package conversion_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"cutover/generator/conversion"
	"cutover/generator/finding"
)

func TestConvertedText(t *testing.T) {
	for name, test := range map[string]struct{ before, after string }{
		"one word of a topic changes, and its layout stays": {
			"# top\napiVersion:   'kafka.strimzi.io/v1beta1'   # old\nkind: KafkaTopic\nmetadata:\n    name:  a\n\n\nspec: {partitions: 1,   replicas: 1}\n\n# end\n",
			"# top\napiVersion:   'kafka.strimzi.io/v1beta2'   # old\nkind: KafkaTopic\nmetadata:\n    name:  a\n\n\nspec: {partitions: 1,   replicas: 1}\n\n# end\n",
		},
		"so does one word of a Kafka of which no more changes": {
			"kind: KafkaConnect\nspec:\n    replicas:    1\n\n    bootstrapServers: a\nmetadata: {name: a}\napiVersion: kafka.strimzi.io/v1beta1",
			"kind: KafkaConnect\nspec:\n    replicas:    1\n\n    bootstrapServers: a\nmetadata: {name: a}\napiVersion: kafka.strimzi.io/v1beta2",
		},
		"elements of a List keep their column, and comments their element": {
			"apiVersion: v1\nkind: List\nitems:\n  # first\n  - apiVersion: kafka.strimzi.io/v1beta1\n    kind: KafkaBridge\n    metadata: {name: a}\n    spec:\n      metrics: {}\n      note: |\n        - apiVersion: x\n  # second\n  - apiVersion: v1\n    kind:   Secret\n# last\n",
			"apiVersion: v1\nkind: List\nitems:\n  # first\n  - apiVersion: kafka.strimzi.io/v1beta2\n    kind: KafkaBridge\n    metadata: {name: a}\n    spec:\n      note: |\n        - apiVersion: x\n  # second\n  - apiVersion: v1\n    kind:   Secret\n# last\n",
		},
		"a ConfigMap stands before its resource, as an element": {
			"apiVersion: v1\nitems:\n# connect\n- apiVersion: kafka.strimzi.io/v1beta1\n  kind: KafkaConnect\n  metadata: {name: a, namespace: trade}\n  spec:\n    metrics: {x: y}\nkind: List\n",
			"apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: a-connect-jmx-exporter-configuration\n    namespace: trade\n    labels:\n      strimzi.io/cluster: a\n  data:\n    a-connect-jmx-exporter-configuration.yaml: |\n      {x: y}\n# connect\n- apiVersion: kafka.strimzi.io/v1beta2\n  kind: KafkaConnect\n  metadata: {name: a, namespace: trade}\n  spec:\n    metricsConfig:\n      type: jmxPrometheusExporter\n      valueFrom:\n        configMapKeyRef:\n          name: a-connect-jmx-exporter-configuration\n          key: a-connect-jmx-exporter-configuration.yaml\nkind: List\n",
		},
		"and as a document": {
			"---\n# connect\napiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaConnect\nmetadata: {name: a}\nspec: {metrics: {}}\n---\nkind: Other\n",
			"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a-connect-jmx-exporter-configuration\n  labels:\n    strimzi.io/cluster: a\ndata:\n  a-connect-jmx-exporter-configuration.yaml: |\n    {}\n---\n# connect\napiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaConnect\nmetadata: {name: a}\nspec: {metricsConfig: {type: jmxPrometheusExporter, valueFrom: {configMapKeyRef: {name: a-connect-jmx-exporter-configuration, key: a-connect-jmx-exporter-configuration.yaml}}}}\n---\nkind: Other\n",
		},
		"CRLF stays CRLF": {
			"apiVersion: kafka.strimzi.io/v1beta1\r\nkind: KafkaBridge\r\nmetadata: {name: a}\r\nspec:\r\n  replicas: 1\r\n  metrics: {}\r\n",
			"apiVersion: kafka.strimzi.io/v1beta2\r\nkind: KafkaBridge\r\nmetadata: {name: a}\r\nspec:\r\n  replicas: 1\r\n",
		},
		"JSON stays JSON in its layout": {
			"{\n  \"apiVersion\": \"kafka.strimzi.io/v1beta1\",\n  \"kind\": \"KafkaBridge\",\n  \"metadata\": {\"name\": \"a\"},\n  \"spec\": {\"n\": 9223372036854775807, \"t\": \"a\\u003cb\", \"metrics\": {}}\n}",
			"{\n  \"apiVersion\": \"kafka.strimzi.io/v1beta2\",\n  \"kind\": \"KafkaBridge\",\n  \"metadata\": {\n    \"name\": \"a\"\n  },\n  \"spec\": {\n    \"n\": 9223372036854775807,\n    \"t\": \"a\\u003cb\"\n  }\n}",
		},
		"JSON of one line too": {
			"{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"kafka.strimzi.io/v1alpha1\",\"kind\":\"KafkaTopic\",\"metadata\":{\"name\":\"a\"},\"spec\":null}]}\n",
			"{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"kafka.strimzi.io/v1beta2\",\"kind\":\"KafkaTopic\",\"metadata\":{\"name\":\"a\"},\"spec\":null}]}\n",
		},
		"a typed list changes its own version, whose elements say none": {
			"apiVersion: kafka.strimzi.io/v1beta1\nitems:\n- metadata: {name: a}\n  spec:\n    metrics: {}\n- metadata: {name: b}\nkind: KafkaBridgeList\n",
			"apiVersion: kafka.strimzi.io/v1beta2\nitems:\n- metadata: {name: a}\n  spec: {}\n- metadata: {name: b}\nkind: KafkaBridgeList\n",
		},
		"what is called an anchor is read whole, and spoken out": {
			"apiVersion: v1\nkind: List\nitems:\n- &t\n  apiVersion: kafka.strimzi.io/v1beta1\n  kind: KafkaTopic\n  metadata: {name: a}\n",
			"apiVersion: v1\nkind: List\nitems:\n- apiVersion: kafka.strimzi.io/v1beta2\n  kind: KafkaTopic\n  metadata: {name: a}\n",
		},
		"a value that looks like a resource is none": {
			"apiVersion: v1\nkind: ConfigMap\ndata:\n  kafka.yaml: |\n    apiVersion: kafka.strimzi.io/v1beta1\n    kind: KafkaTopic\n  quoted: \"x\n    - apiVersion: kafka.strimzi.io/v1beta1\"\n", "",
		},
		"items of what is no list are none": {
			"kind: Store\nitems:\n- apiVersion: kafka.strimzi.io/v1beta1\n  kind: KafkaTopic\n", "",
		},
		"an empty list stays":                 {"apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopicList\nitems: []\n", ""},
		"what is no YAML at all stays":        {"{{ template }}\n\t- - :\n", ""},
		"comments alone stay":                 {"# kafka.strimzi.io/v1beta1\n", ""},
		"nothing stays nothing":               {"", ""},
		"a mention alone changes nothing":     {"kind: ConfigMap\napiVersion: v1\ndata: {a: kafka.strimzi.io/v1beta1}", ""},
		"a block scalar keeps its blank ends": {"apiVersion: v1\nkind: List\nitems:\n- apiVersion: kafka.strimzi.io/v1beta1\n  kind: KafkaBridge\n  metadata: {name: a}\n  spec:\n    metrics: {}\n    text: |+\n      x\n\n- kind: Other\n", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: kafka.strimzi.io/v1beta2\n  kind: KafkaBridge\n  metadata: {name: a}\n  spec:\n    text: |+\n      x\n\n- kind: Other\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := convert(t, test.before)
			if err := withoutLint(got.result.Findings).Err(); err != nil {
				t.Fatal(err)
			}
			want := test.after
			if want == "" {
				want = test.before
			}
			if got.text != want {
				t.Errorf("got:\n%s\nwant:\n%s", got.text, want)
			}
			if (test.after != "") != (len(got.changes) > 0) {
				t.Errorf("%d changes were reported", len(got.changes))
			}
		})
	}
}

func TestEveryKindAndVersionIsConverted(t *testing.T) {
	for _, kind := range []string{"Kafka", "KafkaConnect", "KafkaConnectS2I", "KafkaConnector", "KafkaMirrorMaker", "KafkaMirrorMaker2", "KafkaBridge", "KafkaRebalance", "KafkaTopic", "KafkaUser"} {
		for _, version := range []string{"v1alpha1", "v1beta1", "v1beta2"} {
			t.Run(kind+" "+version, func(t *testing.T) {
				block := "apiVersion: kafka.strimzi.io/" + version + "\nkind: " + kind + "\nmetadata:\n  name: a\nspec:\n  kafka:\n    listeners: [{name: a, port: 9092, type: internal, tls: false}]\n"
				for layout, input := range map[string]string{
					"plain": block, "flow": "{apiVersion: kafka.strimzi.io/" + version + ", kind: " + kind + ", metadata: {name: a}}\n",
				} {
					got := convert(t, input)
					if want := strings.Replace(input, version, "v1beta2", 1); got.text != want || got.result.Objects != 1 || (len(got.changes) == 1) != (version != "v1beta2") {
						t.Errorf("%s: %+v, got:\n%s\nwant:\n%s", layout, got.result, got.text, want)
					}
				}
			})
		}
	}
}

func TestFindingsAndChangesStandAtTheLinesOfTheStream(t *testing.T) {
	const above = "# one\n---\napiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Secret\n- apiVersion: kafka.strimzi.io/v1beta1\n  kind: "
	for name, test := range map[string]struct {
		input, rule, object string
		line                int
		says                string
	}{
		"a conflict names both lines": {above + "KafkaConnect\n  metadata: {name: a}\n  spec:\n    affinity: {x: 1}\n    template: {pod: {affinity: {x: 2}}}\nkind: List\n", "convert-conflict", "KafkaConnect a", 11, "(line 12)"},
		"a syntax error":              {above + "KafkaConnect\n  metadata: {name: a}\n   spec: 1\nkind: List\n", "yaml-syntax", "", 7, ""},
		"a key twice names both":      {above + "KafkaConnect\n  metadata:\n    name: a\n    name: b\nkind: List\n", "yaml-duplicate-key", "", 11, "first on line 10"},
		"a lint of a topic":           {above + "KafkaTopic\n  metadata: {name: a}\n  spec:\n    partitions: 0\nkind: List\n", "value-too-small", "KafkaTopic a", 11, "spec.partitions"},
		"a lint of flow YAML":         {above + "KafkaTopic\n  metadata: {name: a}\n  spec: {partitions: 0,\n    replicas: 1}\nkind: List\n", "value-too-small", "KafkaTopic a", 10, "spec.partitions"},
		"an annotation of a topic":    {above + "KafkaTopic\n  metadata:\n    name: a\n    annotations:\n      operator.strimzi.io/generation: x\nkind: List\n", "annotation-removed", "KafkaTopic a", 12, "operator.strimzi.io/generation"},
		"a monitor of a lost port":    {"# one\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: a}\nspec:\n  endpoints:\n  - port: tcp-prometheus\n", "monitor-port", "ServiceMonitor a", 7, "Services"},
		"an unknown version":          {above + "KafkaTopic\n  metadata: {name: a}\n- apiVersion: kafka.strimzi.io/v9\n  kind: KafkaTopic\nkind: List\n", "convert-version", "KafkaTopic", 10, "v9"},
		"an encoding":                 {"\xff\xfea\x00", "encoding", "", 1, "UTF-16"},
		"a directive that would go":   {"%YAML 1.1\n---\napiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaTopic\n", "convert-directive", "KafkaTopic", 3, "directives"},
	} {
		t.Run(name, func(t *testing.T) {
			got := convert(t, test.input)
			findings := got.result.Findings
			if len(findings) != 1 {
				t.Fatalf("got %v, want one finding", findings)
			}
			f := findings[0]
			if f.Rule != test.rule || f.File != "export.yaml" || f.Line != test.line || f.Object != test.object || !strings.Contains(f.Message, test.says) || f.Hint == "" {
				t.Errorf("got %+v", f)
			}
			if f.Severity == finding.Error && strings.HasPrefix(f.Rule, "convert") && joined(t, test.input) != test.input {
				t.Error("the text was not kept")
			}
		})
	}
	got := convert(t, above+"KafkaConnect\n  metadata: {name: a, namespace: n}\n  spec:\n    affinity: {x: 1}\nkind: List\n")
	if len(got.changes) != 2 || got.changes[0].Line != 7 || got.changes[1].Line != 11 || got.changes[1].Object != "KafkaConnect n/a" || got.changes[1].To != "spec.template.pod.affinity" {
		t.Errorf("got %+v", got.changes)
	}
}

func TestAListThatIsNotHeldInMemoryIsConvertedAlike(t *testing.T) {
	input := string(export(1200))
	want := strings.ReplaceAll(input, "kafka.strimzi.io/v1beta1", "kafka.strimzi.io/v1beta2")
	got := convert(t, input)
	if got.text != want || got.result.Changed != 1200 || len(got.changes) != 1200 {
		t.Errorf("%d of %d changed", got.result.Changed, got.result.Objects)
	}
	if joined(t, input) != input {
		t.Error("joining gives something else")
	}
}

// repeated is a List of ConfigMaps with one topic at its end, of which nothing is stored.
type repeated struct {
	head, element, tail string
	count               int64
}

func (r repeated) size() int64 {
	return int64(len(r.head)+len(r.tail)) + r.count*int64(len(r.element))
}

func (r repeated) ReadAt(into []byte, offset int64) (int, error) {
	n := 0
	for n < len(into) {
		at := offset + int64(n)
		switch body := at - int64(len(r.head)); {
		case body < 0:
			n += copy(into[n:], r.head[at:])
		case body < r.count*int64(len(r.element)):
			n += copy(into[n:], r.element[body%int64(len(r.element)):])
		case at < r.size():
			n += copy(into[n:], r.tail[body-r.count*int64(len(r.element)):])
		default:
			return n, io.EOF
		}
	}
	return n, nil
}

// weigher remembers the largest heap that it saw.
type weigher struct {
	calls   int
	largest uint64
}

func (w *weigher) Keep([]byte) error {
	if w.calls++; w.calls%1000 == 0 {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		w.largest = max(w.largest, memory.HeapAlloc)
	}
	return nil
}

func (w *weigher) Replace(_, _ []byte) error { return w.Keep(nil) }

func TestAStreamBeyondEveryLimitNeedsNoMoreThanItsObjects(t *testing.T) {
	content := repeated{
		head:    "apiVersion: v1\nitems:\n",
		element: "- apiVersion: v1\n  kind: ConfigMap\n  data:\n    a: " + strings.Repeat("x", 16<<10) + "\n",
		tail:    "- apiVersion: kafka.strimzi.io/v1beta1\n  kind: KafkaTopic\n  metadata:\n    name: last\nkind: List\n",
		count:   5000,
	}
	runtime.GC()
	var weigh weigher
	source := conversion.Source{Name: "export.yaml", Content: content, Size: content.size()}
	result, err := conversion.Convert(t.Context(), source, target(t), &weigh, func(conversion.Change) error { return nil })
	if err != nil || result.Changed != 1 || len(result.Findings) > 0 {
		t.Fatalf("%+v %v", result, err)
	}
	if weigh.calls < 5000 || weigh.largest > 32<<20 {
		t.Errorf("%d bytes of heap for a stream of %d", weigh.largest, source.Size)
	}
}

func TestJSONBeyondTheLimitIsRefused(t *testing.T) {
	content := repeated{head: `{"apiVersion":"v1","kind":"List","items":[` + "\n", element: "{},\n" + strings.Repeat(" ", 1<<10) + "\n", tail: `{"apiVersion":"kafka.strimzi.io/v1beta1"}]}`, count: 64 << 10}
	source := conversion.Source{Name: "export.json", Content: content, Size: content.size()}
	result, err := conversion.Convert(t.Context(), source, target(t), conversion.None(), func(conversion.Change) error { return nil })
	if err != nil || len(result.Findings) != 1 || result.Findings[0].Rule != "file-too-large" || !strings.Contains(result.Findings[0].Hint, "oc get … -o yaml") {
		t.Errorf("got %+v, %v", result, err)
	}
}

var errFull = errors.New("no space left")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestConvertingStopsWhenItCannotGoOn(t *testing.T) {
	source := conversion.Source{Name: "export.yaml", Content: bytes.NewReader(export(3)), Size: int64(len(export(3)))}
	none := func(conversion.Change) error { return nil }
	if _, err := conversion.Convert(t.Context(), source, target(t), conversion.Text(full{}), none); !errors.Is(err, errFull) {
		t.Errorf("got %v, want the error of the writer", err)
	}
	if _, err := conversion.Convert(t.Context(), source, target(t), conversion.None(), func(conversion.Change) error { return errFull }); !errors.Is(err, errFull) {
		t.Errorf("got %v, want the error of report", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := conversion.Convert(ctx, source, target(t), conversion.None(), none); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that of the context", err)
	}
	short := conversion.Source{Name: "export.yaml", Content: strings.NewReader("a: 1\n"), Size: 5}
	if result, err := conversion.Convert(t.Context(), short, target(t), conversion.None(), none); err != nil || result.Objects != 0 {
		t.Errorf("got %+v, %v", result, err)
	}
}
