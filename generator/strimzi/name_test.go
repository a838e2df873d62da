package strimzi_test

import (
	"strings"
	"testing"

	"cutover/generator/strimzi"
)

func TestResourceNameFollowsTheTopicOperator(t *testing.T) {
	tests := map[string]struct{ topic, want string }{
		"a resource name stays":               {"orders.v1", "orders.v1"},
		"Kafka's own offsets topic":           {"__consumer_offsets", "consumer-offsets---84e7a678d08f4bd226872e5cdd4eb527fadc1c6a"},
		"Strimzi's own store topic":           {"__strimzi_store_topic", "strimzi-store-topic---effb8e3e057afce1ecf67c3f5d8e4e3ff177fc55"},
		"a leading zero of the digest is cut": {"Topic_28", "topic-28---8ef6eb17b9bedc2ae6f279e2bd2325be212837e"},
		"separators at both ends are dropped": {"._A_.", "a---a4d36de8c4ac0e1d296de58f60f291a509f8187a"},
		"no usable character leaves a digest": {"___", "bf2957508fb8f25f2d1e4d28ba8dd324f58b9e07"},
		// The digest of 249 times A has 39 digits, the room kept for it is 40.
		"a long name is cut to leave room": {strings.Repeat("A", 249), strings.Repeat("a", 210) + "---1c1e069636eee3afe3618091c835255b17a678c"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := strimzi.ResourceName(test.topic); got != test.want {
				t.Errorf("ResourceName(%q) = %q, want %q", test.topic, got, test.want)
			}
		})
	}
}

func FuzzResourceNameIsAlwaysAResourceName(f *testing.F) {
	for _, seed := range []string{"orders", "Orders_V1", "__x", ".-.", "a..b", strings.Repeat("z_", 120)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, topic string) {
		if topic == "" || len(topic) > 249 {
			t.Skip("no topic name")
		}
		if got := strimzi.ResourceName(topic); !strimzi.IsResourceName(got) {
			t.Errorf("ResourceName(%q) = %q is no resource name", topic, got)
		}
	})
}
