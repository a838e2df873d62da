package fuzz_test

import (
	"reflect"
	"testing"
)

func TestShrinkKeepsNoMoreThanWhatFails(t *testing.T) {
	given, err := read("spec: {a: 1, log.level: x, list: [{b: 2}, {c: {d: 3, e: 4}}, 5]}\nstatus: {f: 6}")
	if err != nil {
		t.Fatal(err)
	}
	got := shrink(given.(map[string]any), func(object map[string]any) bool {
		for path := range leaves(object, false) {
			if _, ok := under(path, "spec.list"); ok && path[len(path)-1] == 'd' {
				return true
			}
		}
		return false
	})
	want, err := read("spec: {list: [{c: {d: 3}}]}")
	if err != nil || !reflect.DeepEqual(any(got), want) {
		t.Errorf("got %v, want %v (%v)", got, want, err)
	}
	if len(given.(map[string]any)["status"].(map[string]any)) != 1 {
		t.Error("the object itself was changed")
	}
}

func TestAMessageNamesAPathOnlyInFull(t *testing.T) {
	tests := []struct {
		name, message, path string
		want                bool
	}{
		{"the path itself", "spec.kafka.listeners is no list", "spec.kafka.listeners", true},
		{"elements by name", "spec.listeners[plain].port is 1", "spec.listeners[0].port", true},
		{"the parent and the field", "spec.listeners[plain].configuration.brokers[0] has no broker", "spec.listeners[0].configuration.brokers[0].broker", true},
		{"the beginning of another", "spec.kafka.listenersOld is bad", "spec.kafka.listeners", false},
		{"the parent alone", "spec.kafka is bad", "spec.kafka.listeners", false},
		{"the field elsewhere", "spec.zookeeper has no replicas", "spec.kafka.replicas", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := names(test.message, test.path); got != test.want {
				t.Errorf("names gives %v", got)
			}
		})
	}
}
