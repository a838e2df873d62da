package parity

import (
	"strings"

	"cutover/generator/plan"
	"cutover/generator/strimzi"
)

// brokersObject is the object of rows of broker configuration.
const brokersObject = "brokers"

// brokers are the broker settings of both clusters, with the plan's reasons.
type brokers struct {
	source, target map[string]string
	// patch is target.kafka.kafka.config of migration.yaml.
	patch map[string]any
	// differences are the plan's, by their path into spec.
	differences map[string]plan.Difference
}

const configPath = "kafka.config"

func newBrokers(p *plan.Plan) brokers {
	b := brokers{
		source: configOf(p.Inventory.Kafka.Spec), target: configOf(p.Kafka.Spec),
		patch: object(p.Migration.Target.Kafka, "kafka", "config"), differences: make(map[string]plan.Difference, len(p.Kafka.Differences)),
	}
	for key, value := range p.Inventory.Kafka.Config { // what is set dynamically wins
		b.source[key] = value
	}
	for _, difference := range p.Kafka.Differences {
		b.differences[difference.Path] = difference
	}
	return b
}

func object(value map[string]any, path ...string) map[string]any {
	for _, key := range path {
		value, _ = value[key].(map[string]any)
	}
	return value
}

// configOf gives spec.kafka.config of a Kafka spec as text. What is null is not set.
func configOf(spec map[string]any) map[string]string {
	config := make(map[string]string)
	for key, value := range object(spec, "kafka", "config") {
		if v := valueOf(value); v.set {
			config[key] = v.text
		}
	}
	return config
}

// brokerConfig compares every setting of either cluster but those of listeners.
func (r *Report) brokerConfig(b brokers) {
	for _, key := range names(b.source, b.target) {
		if ofListeners(key) {
			continue
		}
		r.add(Row{What: BrokerConfig, Object: brokersObject, Field: key, Source: lookup(b.source, key), Target: lookup(b.target, key)},
			func() cause { return b.why(key) })
		if row := &r.Rows[len(r.Rows)-1]; sensitive(key) {
			row.Source, row.Target = hidden(row.Source), hidden(row.Target)
		}
	}
}

func hidden(v Value) Value {
	if v.set {
		v.text = "(not shown)"
	}
	return v
}

// ofListeners tells whether a setting is about listeners, which the runbook compares.
func ofListeners(key string) bool {
	for _, prefix := range []string{"listeners", "listener.", "advertised.", "inter.broker.listener.name"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// why says why a broker setting differs.
func (b brokers) why(key string) cause {
	if value, named := b.patch[key]; named && b.explains(key, value) {
		return cause{"target.kafka.kafka.config." + key + " of migration.yaml", true}
	}
	if difference, ok := b.differences[configPath+"."+key]; ok && difference.Reason != "" {
		return cause{difference.Reason, true}
	}
	if because, removed := b.withoutConfig(); removed {
		return because
	}
	if strimzi.ReservedBrokerConfig(key) {
		return cause{"Strimzi sets it, and ignores or refuses it in config", true}
	}
	return nobody()
}

// unset says why neither cluster has a setting, if migration.yaml takes away what the plan
// pins.
func (b brokers) unset(key string) (cause, bool) {
	if value, named := b.patch[key]; named && value == nil {
		return b.why(key), true
	}
	return b.withoutConfig()
}

// withoutConfig gives the cause of a target that has no configuration at all.
func (b brokers) withoutConfig() (cause, bool) {
	whole, replaced := b.differences[configPath]
	if !replaced || whole.Target != nil {
		return cause{}, false
	}
	return cause{whole.Reason, whole.Reason != ""}, true
}

// explains tells whether a value of the migration's patch is what the target has.
func (b brokers) explains(key string, patch any) bool {
	wanted, target := valueOf(patch), lookup(b.target, key)
	return wanted.set == target.set && same(wanted.text, target.text)
}
