package v1beta2_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cutover/generator/strimzi/v1beta2"
)

func TestAConfigurationKeepsItsNumbers(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       any
	}{
		{"a whole number", "72", int64(72)},
		{"one below zero", "-1", int64(-1)},
		{"the largest that a float64 holds exactly", "9007199254740991", int64(9007199254740991)},
		{"one that it rounds becomes text", "9007199254740993", "9007199254740993"},
		{"one below zero that it rounds", "-9007199254740993", "-9007199254740993"},
		{"one beyond 64 bits", "123456789012345678901234567890", "123456789012345678901234567890"},
		{"a fraction", "0.5", 0.5},
		{"one with an exponent", "1e3", 1000.0},
		{"text that looks like one", `"72"`, "72"},
		{"one in a list in a mapping", `{"a": [1, 9007199254740993]}`, map[string]any{"a": []any{int64(1), "9007199254740993"}}},
		{"nothing", "null", nil},
		{"a boolean", "true", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got v1beta2.Configuration
			if err := json.Unmarshal([]byte(`{"key": `+test.text+`}`), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(v1beta2.Configuration{"key": test.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAConfigurationIsAnObject(t *testing.T) {
	for _, text := range []string{"[]", `"a"`, "1", "true"} {
		var got v1beta2.Configuration
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is taken as %v", text, got)
		}
	}
}

func TestACopyOfAConfigurationSharesNothing(t *testing.T) {
	original := v1beta2.Configuration{"a": map[string]any{"b": []any{map[string]any{"c": int64(1)}}}, "d": time.Unix(0, 0), "e": 1}
	copied := original.DeepCopy()
	if diff := cmp.Diff(original, copied); diff != "" {
		t.Fatal(diff)
	}
	copied["a"].(map[string]any)["b"].([]any)[0].(map[string]any)["c"] = int64(2)
	if original["a"].(map[string]any)["b"].([]any)[0].(map[string]any)["c"] != int64(1) {
		t.Error("a change of the copy changes the original")
	}
	if v1beta2.Configuration(nil).DeepCopy() != nil {
		t.Error("a copy of nothing is something")
	}
}

func TestACopyOfASpecSharesNothing(t *testing.T) {
	tasks := int32(4)
	spec := v1beta2.KafkaMirrorMaker2Spec{Mirrors: []v1beta2.KafkaMirrorMaker2MirrorSpec{{
		SourceConnector: &v1beta2.ConnectorSettings{TasksMax: &tasks, Config: v1beta2.Configuration{"a": "b"}}}}}
	copied := spec.DeepCopy()
	*copied.Mirrors[0].SourceConnector.TasksMax = 5
	copied.Mirrors[0].SourceConnector.Config["a"] = "c"
	if *spec.Mirrors[0].SourceConnector.TasksMax != 4 || spec.Mirrors[0].SourceConnector.Config["a"] != "b" {
		t.Errorf("a change of the copy changes the original: %+v", spec.Mirrors[0].SourceConnector)
	}
}
