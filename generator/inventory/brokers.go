package inventory

import (
	"cutover/generator/finding"
	"cutover/generator/strimzi/v1beta2"
)

// Brokers is what the brokers of the source say by the Kafka protocol. It holds no moment:
// offsets are not part of it.
type Brokers struct {
	// Version is the Kafka version whose requests the brokers serve, such as "2.4".
	Version string
	// Count is how many brokers there are.
	Count int32
	// Topics are sorted by name, internal ones included.
	Topics []BrokerTopic
	// Configs are what is set dynamically on brokers, first on all of them.
	Configs []BrokerConfig
	// Groups are the consumer groups, sorted by name.
	Groups []Group
	// Users are sorted by name: whoever has ACLs, quotas or a SCRAM password.
	Users []BrokerUser
	// ACLsSeen, QuotasSeen and PasswordsSeen tell what of Users the brokers have shown.
	ACLsSeen, QuotasSeen, PasswordsSeen bool
	// Unseen is what the brokers do not show, be it forbidden or too new for them.
	Unseen []Unseen
}

// BrokerTopic is a topic as the brokers know it.
type BrokerTopic struct {
	Name                 string
	Partitions, Replicas int32
	// Config is what is set on the topic itself; nil where it was not shown.
	Config map[string]string
	// Transactional tells that a transactional producer has lately written to it.
	Transactional bool
}

// BrokerConfig is what is set dynamically on a broker, by its number, or on all of them, "".
type BrokerConfig struct {
	Broker string
	Config map[string]string
}

// BrokerUser is a principal that the brokers know.
type BrokerUser struct {
	// Name is the principal's without User: and, for a certificate of a KafkaUser, CN=.
	Name string
	// Spec is what a KafkaUser of it would say: without authentication where the principal
	// can be no KafkaUser's.
	Spec v1beta2.KafkaUserSpec
	// Password tells that the brokers have a SCRAM-SHA-512 password of it.
	Password bool
}

// bare is the Kafka cluster of an inventory that no Kafka resource is known of.
func (a *assembly) bare() Kafka {
	a.findings.Add(finding.Finding{
		Rule: "no-kafka-resource", Severity: finding.Warning, Object: "Kafka " + a.cluster,
		Message: "the brokers were asked, and no Kafka resource is known: listeners, storage and operators are missing, and generate needs them",
		Hint:    "add the resource: --kubeconfig FILE, or -f with the output of: oc get kafka -o yaml",
	})
	kafka := Kafka{Name: a.cluster, Namespace: a.namespace, Version: a.brokers.Version, Brokers: a.brokers.Count}
	if config := a.brokerConfig(nil); len(config) > 0 {
		kafka.Config = config
	}
	return kafka
}
