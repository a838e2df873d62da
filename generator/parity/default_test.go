package parity_test

import (
	"slices"
	"testing"

	"cutover/generator/inventory"
	"cutover/generator/parity"
	"cutover/generator/plan"
)

// pinned is the broker setting whose default differs between the versions of source and
// target, so that the plan pins the source's.
const pinned = "message.max.bytes"

// withoutPin takes what the plan pins out of it again, with its reason, as a plan would be
// that forgot it.
func withoutPin(p *plan.Plan) *plan.Plan {
	delete(p.Kafka.Spec["kafka"].(map[string]any)["config"].(map[string]any), pinned)
	p.Kafka.Differences = slices.DeleteFunc(p.Kafka.Differences, func(d plan.Difference) bool { return d.Path == "kafka.config."+pinned })
	return p
}

// unpin is withoutPin of a plan that is to have the pin.
func unpin(t testing.TB, p *plan.Plan) *plan.Plan {
	t.Helper()
	differences := len(p.Kafka.Differences)
	if value := p.Kafka.Spec["kafka"].(map[string]any)["config"].(map[string]any)[pinned]; value != "1000012" {
		t.Fatalf("the plan pins %v", value)
	}
	if withoutPin(p); len(p.Kafka.Differences) != differences-1 {
		t.Fatalf("the plan had %d reasons, and has %d", differences, len(p.Kafka.Differences))
	}
	return p
}

func TestADefaultThatThePlanForgetsIsAskedForByNobody(t *testing.T) {
	for _, c := range []struct {
		name, more, cause string
		intended          bool
	}{
		{
			"another default of another version is asked for by nobody", "",
			"version default: 1000012 in Kafka 2.4.0, 1048588 in Kafka 2.8.0 (KAFKA-4203)", false,
		},
		{
			"an acceptance asks for it", "accept: [{rule: parity, object: topic orders, reason: larger is fine}]",
			"accepted by migration.yaml: larger is fine", true,
		},
		{
			"an acceptance of another object does not", "accept: [{rule: parity, object: topic others, reason: larger is fine}]",
			"version default", false,
		},
		{
			"a patch of another setting does not", "  kafka: {kafka: {config: {num.io.threads: null}}}",
			"version default", false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := unpin(t, decide(t, source{kafka: "2.4.0", topics: []inventory.Topic{topic("orders")}}, c.more))
			report := parity.Compare(p)
			check(t, report, want{parity.Retention, "orders", "max.message.bytes", "1000012", "1048588", c.cause, c.intended})
			if open := report.Findings().Open(); (len(open) == 0) != c.intended {
				t.Errorf("got findings %v", open)
			}
		})
	}
}

func TestADefaultThatThePlanPinsIsEqualInEffect(t *testing.T) {
	for _, kafka := range []string{"0.10.2", "1.1.1", "2.4.1"} {
		t.Run(kafka, func(t *testing.T) {
			report := parity.Compare(decide(t, source{kafka: kafka, topics: []inventory.Topic{topic("orders")}}, ""))
			check(t, report, want{parity.Retention, "orders", "max.message.bytes", "1000012", "1000012", "", true})
			check(t, report, want{parity.BrokerConfig, "brokers", pinned, "–", "1000012", "the source's default; Kafka 2.8.0 has 1048588", true})
		})
	}
	report := parity.Compare(decide(t, source{kafka: "1.1.0"}, ""))
	check(t, report, want{parity.Retention, "consumer groups", "offsets.retention.minutes", "1440", "1440", "", true})
	check(t, report, want{parity.BrokerConfig, "brokers", "offsets.retention.minutes", "–", "1440", "the source's default; Kafka 2.8.0 has 10080", true})
}

func TestMigrationYAMLMayTakeAPinAway(t *testing.T) {
	const versions = "version default: 1000012 in Kafka 2.4.0, 1048588 in Kafka 2.8.0 (KAFKA-4203)"
	for _, c := range []struct{ name, patch, cause string }{
		{"by its name", "{message.max.bytes: null}", "message.max.bytes: target.kafka.kafka.config.message.max.bytes of migration.yaml; " + versions},
		{"with the whole configuration", "null", "message.max.bytes: target.kafka of migration.yaml; " + versions},
		{"for another value", "{message.max.bytes: 1048588}", "message.max.bytes: target.kafka.kafka.config.message.max.bytes of migration.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := parity.Compare(decide(t, source{kafka: "2.4.0", topics: []inventory.Topic{topic("orders")}}, "  kafka: {kafka: {config: "+c.patch+"}}"))
			check(t, report, want{parity.Retention, "orders", "max.message.bytes", "1000012", "1048588", c.cause, true})
			if got := unintended(report); len(got) > 0 {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestDefaultsAreThoseOfTheSourcesVersion(t *testing.T) {
	for _, c := range []struct{ kafka, bytes, cause string }{
		{"1.1.1", "1000012", "version default"},
		{"2.4.1", "1000012", "version default"},
		{"2.5.0", "1048588", ""},
		{"2.6.3", "1048588", ""},
		{"2.10.0", "unknown", "the default of Kafka 2.10.0 is not known"},
		{"3.0.0", "unknown", "the default of Kafka 3.0.0 is not known"},
		{"0.9.0", "unknown", "the default of Kafka 0.9.0 is not known"},
		{"latest", "unknown", "the default of Kafka latest is not known"},
		{"untold", "unknown", "the source's Kafka version is unknown, and so is its default; set source.version"},
	} {
		t.Run(c.kafka, func(t *testing.T) {
			report := parity.Compare(withoutPin(decide(t, source{kafka: c.kafka, topics: []inventory.Topic{topic("orders")}}, "")))
			check(t, report, want{parity.Retention, "orders", "max.message.bytes", c.bytes, "1048588", c.cause, c.cause == ""})
		})
	}
}

func TestAnUnknownVersionMattersOnlyWhereADefaultCounts(t *testing.T) {
	report := parity.Compare(decide(t, source{
		kafka: "untold", config: map[string]string{"log.retention.hours": "1"},
		topics: []inventory.Topic{topic("orders", "max.message.bytes", "9")},
	}, ""))
	check(t, report, want{parity.Retention, "orders", "retention.ms", "3600000", "3600000", "", true})
	check(t, report, want{parity.Retention, "orders", "max.message.bytes", "9", "9", "", true})
	check(t, report, want{parity.Retention, "orders", "segment.ms", "unknown", "604800000", "unknown", false})
}
