package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// inlined stands for what several kinds share.
type inlined struct {
	Replicas *int32 `json:"replicas,omitempty"`
}

type apiSpec struct {
	inlined   `json:",inline"`
	Name      string                       `json:"name"`
	Rate      *float64                     `json:"rate,omitempty"`
	Bytes     int64                        `json:"bytes,omitempty"`
	Small     int8                         `json:"small,omitempty"`
	On        bool                         `json:"on,omitempty"`
	Data      []byte                       `json:"data,omitempty"`
	Labels    map[string]string            `json:"labels,omitempty"`
	Any       any                          `json:"any,omitempty"`
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	Max       *intstr.IntOrString          `json:"max,omitempty"`
	Parts     []apiSpec                    `json:"parts,omitempty"`
	Hidden    string                       `json:"-"`
}

type apiObject struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              apiSpec `json:"spec"`
}

func TestAnObjectIsReadByItsJSONTags(t *testing.T) {
	const text = `apiVersion: a/v1
kind: A
metadata: {name: one, creationTimestamp: 2021-04-01T00:00:00Z, labels: {team: a}}
spec:
  name: two
  replicas: 3
  rate: 0.25
  bytes: 9007199254740993
  on: yes
  data: aGk=
  labels: {a: b}
  any: {list: [1, x, null]}
  resources: {limits: {cpu: 2, memory: 1Gi}}
  max: 25%
  parts:
  - {name: three, max: 1, bytes: 0x10}
  - null
`
	got, departures := document.NewShape[apiObject]().Decode(readOne(t, text))
	if len(departures) > 0 {
		t.Fatal(departures)
	}
	spec := got.Spec
	if got.APIVersion != "a/v1" || got.ObjectMeta.Name != "one" || got.CreationTimestamp.Year() != 2021 || got.ObjectMeta.Labels["team"] != "a" {
		t.Errorf("got %+v", got.ObjectMeta)
	}
	if *spec.Replicas != 3 || *spec.Rate != 0.25 || spec.Bytes != 9007199254740993 || !spec.On || string(spec.Data) != "hi" || spec.Labels["a"] != "b" {
		t.Errorf("got %+v", spec)
	}
	if diff := cmp.Diff(map[string]any{"list": []any{1.0, "x", nil}}, spec.Any); diff != "" {
		t.Error(diff)
	}
	if spec.Resources.Limits.Cpu().String() != "2" || spec.Resources.Limits.Memory().Value() != 1<<30 || spec.Max.StrVal != "25%" {
		t.Errorf("got %+v and %v", spec.Resources, spec.Max)
	}
	if len(spec.Parts) != 1 || spec.Parts[0].Max.IntVal != 1 || spec.Parts[0].Bytes != 16 {
		t.Errorf("got %+v", spec.Parts)
	}
}

func TestWhatDepartsFromATypeIsToldWithItsLine(t *testing.T) {
	for _, test := range []struct {
		name, text, rule, where, message, hint string
		line                                   int
	}{
		{"an unknown field", "name: a\nnam: b\n", "unknown-field", "nam", "unknown field nam", "did you mean name?", 2},
		{"one of an inlined struct", "replica: 1\n", "unknown-field", "replica", "unknown field replica", "did you mean replicas?", 1},
		{"one in a list", "parts:\n- name: a\n- x: 1\n", "unknown-field", "parts[1].x", "unknown field parts[1].x", "known here", 3},
		{"one of a Kubernetes type", "resources:\n  limit: {}\n", "unknown-field", "resources.limit", "unknown field resources.limit", "did you mean limits?", 2},
		{"the name of a struct that is inlined", "inlined: {}\n", "unknown-field", "inlined", "unknown field inlined", "known here", 1},
		{"a field in another case", "Name: a\n", "unknown-field", "Name", "unknown field Name", "did you mean name?", 1},
		{"a field that JSON must not set", "Hidden: a\n", "unknown-field", "Hidden", "unknown field Hidden", "", 1},
		{"text for a number", "bytes: many\n", "wrong-type", "bytes", "bytes: text stands where a number is expected", "without quotes", 1},
		{"a fraction for a whole number", "bytes: 1.5\n", "wrong-type", "bytes", "bytes: a fraction stands where a whole number is expected", "", 1},
		{"a number that is too large", "small: 128\n", "wrong-type", "small", "small: the number is beyond the 8 bits that it has", "", 1},
		{"one beyond 64 bits", "bytes: 99999999999999999999\n", "wrong-type", "bytes", "bytes: the number is beyond the 64 bits that it has", "", 1},
		{"a number for text", "name: 1.7\n", "wrong-type", "name", "name: a number stands where text is expected", "quotes", 1},
		{"a boolean for text", "labels:\n  a: true\n", "wrong-type", "labels.a", "labels.a: true or false stands where text is expected", "quotes", 2},
		{"text for a boolean", "on: maybe\n", "wrong-type", "on", "on: text stands where true or false is expected", "without quotes", 1},
		{"a boolean in quotes", "on: \"yes\"\n", "wrong-type", "on", "on: text stands where true or false is expected", "without quotes", 1},
		{"no number in a float", "rate: .inf\n", "wrong-type", "rate", "rate: a number stands where a number is expected", "", 1},
		{"a list for a mapping", "labels: []\n", "wrong-type", "labels", "labels: a list stands where a mapping is expected", "", 1},
		{"a mapping for a list", "parts: {}\n", "wrong-type", "parts", "parts: a mapping stands where a list is expected", "", 1},
		{"a mapping for text", "name: {}\n", "wrong-type", "name", "name: a mapping stands where text is expected", "", 1},
		{"text for a struct", "resources: a\n", "wrong-type", "resources", "resources: text stands where a mapping is expected", "", 1},
		{"no quantity", "resources: {limits: {cpu: fast}}\n", "wrong-type", "resources.limits.cpu", "resources.limits.cpu: text stands where a quantity such as 500m or 4Gi is expected", "", 1},
		{"neither a number nor a percentage", "max: [1]\n", "wrong-type", "max", "max: a list stands where a number or a percentage is expected", "", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := readOne(t, test.text)
			_, departures := document.NewShape[apiSpec]().Decode(d)
			if len(departures) != 1 {
				t.Fatalf("got %v, want one departure", departures)
			}
			one := departures[0]
			if one.Rule != test.rule || one.Where() != test.where || one.Message != test.message || one.Line != test.line || one.File != d.File || one.Severity != finding.Error {
				t.Errorf("got %+v at %q", one.Finding, one.Where())
			}
			if !strings.Contains(one.Hint, test.hint) || one.Hint == "" {
				t.Errorf("the hint is %q, want %q in it", one.Hint, test.hint)
			}
			if one.Unknown() != (test.rule == "unknown-field") {
				t.Error("it does not know whether the field is unknown")
			}
			if diff := cmp.Diff(departures, document.NewShape[apiSpec]().Departures(d), cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Node" }, cmp.Ignore())); diff != "" {
				t.Errorf("checking and reading do not tell the same: %s", diff)
			}
		})
	}
}

func TestWhatCanBeReadIsRead(t *testing.T) {
	got, departures := document.NewShape[apiSpec]().Decode(readOne(t, "name: a\nbytes: many\nnmae: b\nparts: [{name: c, on: 7}]\nlabels: {a: b, c: 1}\n"))
	if len(departures) != 4 {
		t.Errorf("got %d departures, want 4: %v", len(departures), departures)
	}
	if diff := cmp.Diff(apiSpec{Name: "a", Parts: []apiSpec{{Name: "c"}}, Labels: map[string]string{"a": "b"}}, got, cmp.AllowUnexported(apiSpec{})); diff != "" {
		t.Error(diff)
	}
}

func TestAPartOfADocumentIsReadWithItsWholePath(t *testing.T) {
	d := readOne(t, "kind: A\nspec:\n  name: a\n  nmae: b\n")
	got, departures := document.NewShape[apiSpec]().Decode(d, "spec")
	if got.Name != "a" || len(departures) != 1 || departures[0].Where() != "spec.nmae" || departures[0].Line != 4 {
		t.Errorf("got %+v and %v", got, departures)
	}
	if _, departures := document.NewShape[apiSpec]().Decode(d, "status"); len(departures) != 0 {
		t.Errorf("what is not there departs: %v", departures)
	}
}

func TestATypeOfTheAPIIsReadStrictlyWithinOneOfOurs(t *testing.T) {
	var into struct {
		Name string  `yaml:"name"`
		Spec apiSpec `yaml:"spec"`
	}
	err := readOne(t, "name: a\nspec:\n  nmae: b\n").Decode(&into)
	wantFinding(t, err, "unknown-field", 3)
	if !strings.Contains(err.Error(), "unknown field spec.nmae") {
		t.Errorf("got %v", err)
	}
}

func TestAValueOfTheAPIIsWrittenByItsJSONTags(t *testing.T) {
	const text = "replicas: 3\nname: \"on\"\nrate: 0.25\nbytes: 9007199254740993\nlabels:\n  a: \"1:30\"\n  b: |\n    two\n    lines\nresources:\n  limits:\n    cpu: 500m\nparts:\n- name: \"\"\n  \"on\": true\n"
	value, departures := document.NewShape[apiSpec]().Decode(readOne(t, text))
	if len(departures) > 0 {
		t.Fatal(departures)
	}
	got, err := document.Marshal(document.API{Value: value})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, string(got)); diff != "" {
		t.Error(diff)
	}
}
