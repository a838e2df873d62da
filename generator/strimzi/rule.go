package strimzi

// Group is the API group of the resources that Strimzi's operators read.
const Group = "kafka.strimzi.io"

// V1Beta2 is the apiVersion that every conversion ends at; Strimzi serves it since 0.22.
const V1Beta2 = Group + "/v1beta2"

// Action is what a [Rule] does to the field it names.
type Action string

// The actions. What else a resource holds stays as it is: comments, key order, quoting,
// defaults and fields that no rule knows.
const (
	// SetVersion writes To as apiVersion.
	SetVersion Action = "set-version"
	// Move takes the field to To, which must be free or hold the same value.
	Move Action = "move"
	// Delete drops a field that the operator no longer reads.
	Delete Action = "delete"
	// ListenersToArray turns the plain, tls and external listeners into named ones.
	ListenersToArray Action = "listeners-to-array"
	// PolicyToListeners takes a setting of both external service templates to every
	// listener of a type that has it.
	PolicyToListeners Action = "policy-to-listeners"
	// LoggingToReference turns the name of a ConfigMap into a reference to its key To.
	LoggingToReference Action = "logging-to-reference"
	// MetricsToConfigMap takes inline JMX exporter rules to a ConfigMap that is named after
	// the resource and To.
	MetricsToConfigMap Action = "metrics-to-configmap"
)

// Rule is one row of the conversion from v1alpha1 and v1beta1 to v1beta2.
type Rule struct {
	// Name is a stable identifier that changes and findings carry.
	Name string
	Kind string
	// Path is the field as the old version has it; {a,b} stands for a and for b.
	Path   string
	Action Action
	// To is where the field goes, or what the action's comment says.
	To string
	// Since is the Strimzi release whose API no longer has the field as Path.
	Since string
	// Source is where Strimzi says so.
	Source string
}

const (
	since      = "0.22.0"
	converters = "api-conversion 0.22"
	changelog  = "CHANGELOG 0.22.0"
	changes20  = "CHANGELOG 0.20.0"
	changes21  = "CHANGELOG 0.21.0"
	schema     = "CRDs of 0.17.0 and 0.22.1"
)

// Log file keys that the operators look for in a logging ConfigMap without an explicit key.
const (
	log4j  = "log4j.properties"
	log4j2 = "log4j2.properties"
)

// Rules gives the conversion table. Rows apply from top to bottom, and a later row sees
// what an earlier one left: spec.topicOperator is moved after its parts.
func Rules() []Rule {
	return append(kafkaRules(), clientRules()...)
}

func kafkaRules() []Rule {
	return []Rule{
		{"api-version", "Kafka", "apiVersion", SetVersion, V1Beta2, since, changelog},
		{"pod-affinity", "Kafka", "spec.kafka.affinity", Move, "spec.kafka.template.pod.affinity", since, converters},
		{"pod-tolerations", "Kafka", "spec.kafka.tolerations", Move, "spec.kafka.template.pod.tolerations", since, converters},
		{"pod-affinity", "Kafka", "spec.zookeeper.affinity", Move, "spec.zookeeper.template.pod.affinity", since, converters},
		{"pod-tolerations", "Kafka", "spec.zookeeper.tolerations", Move, "spec.zookeeper.template.pod.tolerations", since, converters},
		{"pod-affinity", "Kafka", "spec.entityOperator.affinity", Move, "spec.entityOperator.template.pod.affinity", since, converters},
		{"pod-tolerations", "Kafka", "spec.entityOperator.tolerations", Move, "spec.entityOperator.template.pod.tolerations", since, converters},
		{"topic-operator-sidecar", "Kafka", "spec.topicOperator.tlsSidecar", Move, "spec.entityOperator.tlsSidecar", since, converters},
		{"topic-operator-affinity", "Kafka", "spec.topicOperator.affinity", Move, "spec.entityOperator.template.pod.affinity", since, converters},
		{"topic-operator", "Kafka", "spec.topicOperator", Move, "spec.entityOperator.topicOperator", since, converters},
		{"tls-sidecar", "Kafka", "spec.kafka.tlsSidecar", Delete, "", since, changes20},
		{"tls-sidecar", "Kafka", "spec.kafka.template.tlsSidecarContainer", Delete, "", since, changes20},
		{"tls-sidecar", "Kafka", "spec.zookeeper.tlsSidecar", Delete, "", since, converters},
		{"tls-sidecar", "Kafka", "spec.zookeeper.template.tlsSidecarContainer", Delete, "", since, schema},
		{"listeners", "Kafka", "spec.kafka.listeners", ListenersToArray, "", since, changes20},
		{"traffic-policy", "Kafka", "spec.kafka.template.{externalBootstrapService,perPodService}.externalTrafficPolicy", PolicyToListeners, "configuration.externalTrafficPolicy", since, changes20},
		{"source-ranges", "Kafka", "spec.kafka.template.{externalBootstrapService,perPodService}.loadBalancerSourceRanges", PolicyToListeners, "configuration.loadBalancerSourceRanges", since, changes20},
		{"logging", "Kafka", "spec.kafka.logging", LoggingToReference, log4j, since, changelog},
		{"logging", "Kafka", "spec.zookeeper.logging", LoggingToReference, log4j, since, changelog},
		{"logging", "Kafka", "spec.entityOperator.topicOperator.logging", LoggingToReference, log4j2, since, changelog},
		{"logging", "Kafka", "spec.entityOperator.userOperator.logging", LoggingToReference, log4j2, since, changelog},
		{"logging", "Kafka", "spec.cruiseControl.logging", LoggingToReference, log4j2, since, changelog},
		{"metrics", "Kafka", "spec.kafka.metrics", MetricsToConfigMap, "kafka", since, changes21},
		{"metrics", "Kafka", "spec.zookeeper.metrics", MetricsToConfigMap, "zookeeper", since, changes21},
		{"metrics", "Kafka", "spec.cruiseControl.metrics", MetricsToConfigMap, "cruise-control", since, changes21},
	}
}

func clientRules() []Rule {
	rules := []Rule{
		{"api-version", "KafkaTopic", "apiVersion", SetVersion, V1Beta2, since, changelog},
		{"api-version", "KafkaUser", "apiVersion", SetVersion, V1Beta2, since, changelog},
		{"api-version", "KafkaConnector", "apiVersion", SetVersion, V1Beta2, since, changelog},
		{"api-version", "KafkaRebalance", "apiVersion", SetVersion, V1Beta2, since, changelog},
		{"api-version", "KafkaBridge", "apiVersion", SetVersion, V1Beta2, since, changelog},
		{"logging", "KafkaBridge", "spec.logging", LoggingToReference, log4j2, since, changelog},
		// The operator never read it ("currently not supported"); enableMetrics is the switch.
		{"bridge-metrics", "KafkaBridge", "spec.metrics", Delete, "", since, schema},
	}
	for _, worker := range []struct{ kind, holder string }{
		{"KafkaConnect", "connect"},
		{"KafkaConnectS2I", "connect-s2i"},
		{"KafkaMirrorMaker", "mirror-maker"},
		{"KafkaMirrorMaker2", "mirror-maker-2"},
	} {
		rules = append(rules,
			Rule{"api-version", worker.kind, "apiVersion", SetVersion, V1Beta2, since, changelog},
			Rule{"pod-affinity", worker.kind, "spec.affinity", Move, "spec.template.pod.affinity", since, converters},
			Rule{"pod-tolerations", worker.kind, "spec.tolerations", Move, "spec.template.pod.tolerations", since, converters},
			Rule{"logging", worker.kind, "spec.logging", LoggingToReference, log4j, since, changelog},
			Rule{"metrics", worker.kind, "spec.metrics", MetricsToConfigMap, worker.holder, since, changes21},
		)
	}
	return rules
}
