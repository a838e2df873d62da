package strimzi_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/strimzi"
)

func object(kind, spec string) string {
	return "apiVersion: kafka.strimzi.io/v1beta2\nkind: " + kind + "\nmetadata:\n  name: orders\nspec:\n" + spec
}

const internal = "  kafka:\n    listeners: [{name: plain, port: 9092, type: internal, tls: false}]\n"

func TestLint(t *testing.T) {
	tests := map[string]struct {
		input   string
		version string
		rules   []string
		says    string
	}{
		"an older version has to be converted":      {"apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaUser\nmetadata: {name: a}\n", "1.8", []string{"lint-version"}, "cutover convert"},
		"other groups are none of its business":     {"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n", "1.8", nil, ""},
		"a moved field is named with its new place": {object("Kafka", internal+"    affinity: {}\n"), "1.8", []string{"field-removed"}, "use spec.kafka.template.pod.affinity"},
		"a removed field is named":                  {object("Kafka", internal+"    tlsSidecar: {}\n"), "1.7", []string{"field-removed"}, "remove it"},
		"a logging name is named":                   {object("KafkaConnect", "  logging: {type: external, name: a}\n"), "1.8", []string{"field-removed"}, "valueFrom.configMapKeyRef"},
		"inline metrics are named":                  {object("KafkaMirrorMaker2", "  metrics: {}\n"), "1.8", []string{"field-removed"}, "ConfigMap"},
		"a policy in a template is named":           {object("Kafka", internal+"    template: {perPodService: {externalTrafficPolicy: Local}}\n"), "1.8", []string{"field-removed"}, "spec.kafka.listeners[].configuration.externalTrafficPolicy"},
		"a field that 1.7 lacks names the version":  {object("KafkaUser", "  quotas: {controllerMutationRate: 2}\n"), "1.7", []string{"field-too-new"}, "choose amq-streams 1.8"},
		"and 1.8 has it":                            {object("KafkaUser", "  quotas: {controllerMutationRate: 2}\n"), "1.8", nil, ""},
		"the older name is told where there is one": {object("KafkaMirrorMaker2", "  mirrors: [{sourceCluster: a, topicsExcludePattern: x}]\n"), "1.7", []string{"field-too-new"}, "topicsBlacklistPattern"},
		"a value that 1.7 lacks is named":           {object("Kafka", internal+"    authorization: {type: custom}\n"), "1.7", []string{"field-too-new"}, "custom needs Strimzi 0.23.0"},
		"and the other values are not":              {object("Kafka", internal+"    authorization: {type: simple}\n"), "1.7", nil, ""},
		"listener fields that 1.7 lacks":            {object("Kafka", "  kafka:\n    listeners: [{name: a, port: 9092, type: internal, tls: false, configuration: {maxConnections: 5}}]\n"), "1.7", []string{"field-too-new"}, "spec.kafka.listeners[a].configuration.maxConnections"},
		"service links on any pod":                  {object("Kafka", internal+"  zookeeper: {template: {pod: {enableServiceLinks: false}}}\n"), "1.7", []string{"field-too-new"}, "enableServiceLinks"},
		"1.7 requires a topic's counts":             {object("KafkaTopic", "  config: {}\n"), "1.7", []string{"field-missing", "field-missing"}, "spec.partitions"},
		"1.8 does not":                              {object("KafkaTopic", "  config: {}\n"), "1.8", nil, ""},
		"a probe of 0 is refused":                   {object("Kafka", internal+"    livenessProbe: {timeoutSeconds: 0}\n"), "1.8", []string{"value-too-small"}, "spec.kafka.livenessProbe.timeoutSeconds is 0"},
		"any count of a probe is":                   {object("KafkaBridge", "  readinessProbe: {periodSeconds: 0, failureThreshold: 0, successThreshold: 0}\n"), "1.8", []string{"value-too-small", "value-too-small", "value-too-small"}, "periodSeconds 10"},
		"a probe that is set twice as deep":         {object("Kafka", internal+"  entityOperator: {tlsSidecar: {livenessProbe: {periodSeconds: 0}}}\n"), "1.7", []string{"value-too-small"}, "spec.entityOperator.tlsSidecar.livenessProbe.periodSeconds"},
		"an initial delay of 0 is fine":             {object("Kafka", internal+"    livenessProbe: {initialDelaySeconds: 0}\n"), "1.8", nil, ""},
		"below 0 it is not":                         {object("Kafka", internal+"    livenessProbe: {initialDelaySeconds: -1}\n"), "1.8", []string{"value-too-small"}, "takes 0 or more"},
		"text is no number":                         {object("KafkaTopic", "  partitions: \"3\"\n  replicas: 1\n"), "1.8", []string{"value-no-number"}, "spec.partitions"},
		"config that the operator sets itself":      {object("Kafka", internal+"    config: {ZooKeeper.clientCnxnSocket: x, ssl.protocol: TLSv1.2, log.retention.ms: 1}\n"), "1.8", []string{"config-reserved"}, `"ZooKeeper.clientCnxnSocket"`},
		"a connector's class in its config":         {object("KafkaConnector", "  config: {tasks.max: 2}\n"), "1.8", []string{"config-reserved"}, "tasks.max"},
		"config of a mirrored cluster":              {object("KafkaMirrorMaker2", "  clusters: [{alias: a, config: {ssl.keystore.location: x, ssl.cipher.suites: y}}]\n"), "1.8", []string{"config-reserved"}, "ssl."},
		"Log4j 1 of Cruise Control":                 {object("Kafka", internal+"  cruiseControl: {logging: {type: inline, loggers: {cruisecontrol.root.logger: INFO, rootLogger.level: INFO}}}\n"), "1.8", []string{"cruise-control-log4j2"}, "rootLogger.level"},
		"an external log of Cruise Control":         {object("Kafka", internal+"  cruiseControl: {logging: {type: external}}\n"), "1.8", []string{"cruise-control-log4j2"}, "Log4j 2"},
		"an ingress without a class":                {object("Kafka", "  kafka:\n    listeners: [{name: a, port: 9094, type: ingress, tls: true, configuration: {bootstrap: {host: a}}}]\n"), "1.8", []string{"ingress-class"}, "configuration.class"},
		"an annotation that 1.8 no longer reads":    {"apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaUser\nmetadata:\n  name: a\n  annotations: {operator.strimzi.io/generation: \"1\"}\n", "1.8", []string{"annotation-removed"}, "use strimzi.io/generation"},
		"1.7 reads it":                              {"apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaUser\nmetadata:\n  name: a\n  annotations: {operator.strimzi.io/generation: \"1\"}\n", "1.7", nil, ""},
		"annotations of templates as well":          {object("Kafka", internal+"    template: {pod: {metadata: {annotations: {operator.strimzi.io/delete-pod-and-pvc: \"true\", operator.strimzi.io/manual-rolling-update: \"true\", cluster.operator.strimzi.io/delete-claim: \"true\"}}}}\n"), "1.8", []string{"annotation-removed", "annotation-removed", "annotation-removed"}, "use strimzi.io/manual-rolling-update"},
		"a monitor of a port that Services lost":    {"apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: a}\nspec: {endpoints: [{port: tcp-prometheus}, {port: http}]}\n", "1.8", []string{"monitor-port"}, "PodMonitor"},
		"a monitor of the pods' port":               {"apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: a}\nspec: {podMetricsEndpoints: [{port: tcp-prometheus}]}\n", "1.8", nil, ""},
		"a Kafka that the operator has no image of": {object("Kafka", internal+"    version: 2.4.0\n"), "1.8", []string{"kafka-version"}, "amq-streams 1.8 runs 2.7.0, 2.8.0"},
		"a worker's Kafka":                          {object("KafkaMirrorMaker2", "  version: 2.6.0\n"), "1.8", []string{"kafka-version"}, "spec.version is 2.6.0"},
		"a line of Kafka that it runs":              {object("KafkaConnect", "  version: 2.6.3\n"), "1.7", nil, ""},
		"a version that only begins alike":          {object("KafkaConnect", "  version: 2.61.0\n"), "1.7", []string{"kafka-version"}, "2.61.0"},
		"a Template of OpenShift":                   {"apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: a}\nobjects:\n- {apiVersion: v1, kind: Secret}\n- {apiVersion: kafka.strimzi.io/v1beta1, kind: KafkaTopic}\n", "1.8", []string{"template"}, "oc process"},
		"a Template of something else":              {"apiVersion: v1\nkind: Template\nmetadata: {name: a}\nobjects:\n- {apiVersion: v1, kind: Secret}\n", "1.8", nil, ""},
		"listeners are checked with the rest":       {object("Kafka", "  kafka:\n    listeners: [{name: Plain, port: 9092, type: internal, tls: false}]\n"), "1.8", []string{"listener-name"}, "lower-case"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			findings := strimzi.Lint(parse(t, test.input), target(t, strimzi.AMQStreams, test.version))
			checkFindings(t, findings, test.rules, test.says)
		})
	}
}

func checkFindings(t *testing.T, findings finding.List, rules []string, says string) {
	t.Helper()
	var all strings.Builder
	for i, f := range findings {
		if i >= len(rules) || f.Rule != rules[i] {
			t.Errorf("not wanted here: %+v", f)
		}
		if f.File == "" || f.Line == 0 || f.Object == "" || f.Message == "" || f.Hint == "" {
			t.Errorf("it does not say where and what to do: %+v", f)
		}
		all.WriteString(f.Message + "\n" + f.Hint + "\n")
	}
	if len(findings) < len(rules) {
		t.Errorf("%d findings, want %v", len(findings), rules)
	}
	if !strings.Contains(all.String(), says) {
		t.Errorf("%q is not said in:\n%s", says, all.String())
	}
}

func TestCheckListeners(t *testing.T) {
	const plain = "{name: plain, port: 9092, type: internal, tls: false}"
	tests := map[string]struct {
		listeners string
		rules     []string
		says      string
	}{
		"a good list":                     {"[" + plain + ", {name: external1, port: 9094, type: route, tls: true}]", nil, ""},
		"no listener":                     {"[]", []string{"listener-missing"}, "at least one"},
		"the old object form":             {"{plain: {}}", []string{"listener-missing"}, "no list"},
		"a name in capitals":              {"[{name: Plain, port: 9092, type: internal, tls: false}]", []string{"listener-name"}, "^[a-z0-9]{1,11}$"},
		"a name of twelve":                {"[{name: abcdefghijkl, port: 9092, type: internal, tls: false}]", []string{"listener-name"}, "1 to 11"},
		"a name of eleven":                {"[{name: abcdefghijk, port: 9092, type: internal, tls: false}]", nil, ""},
		"a hyphen in a name":              {"[{name: a-b, port: 9092, type: internal, tls: false}]", []string{"listener-name"}, ""},
		"one name twice":                  {"[" + plain + ", {name: plain, port: 9093, type: internal, tls: true}]", []string{"listener-name"}, "of the listener on line"},
		"one port twice":                  {"[" + plain + ", {name: tls, port: 9092, type: internal, tls: true}]", []string{"listener-port"}, "has the port 9092"},
		"a port below 9092":               {"[{name: a, port: 9091, type: internal, tls: false}]", []string{"listener-port"}, "9091"},
		"the port of the JMX exporter":    {"[{name: a, port: 9404, type: internal, tls: false}]", []string{"listener-port"}, "9404"},
		"the port of JMX":                 {"[{name: a, port: 9999, type: internal, tls: false}]", []string{"listener-port"}, "9999"},
		"a port beyond ports":             {"[{name: a, port: 70000, type: internal, tls: false}]", []string{"listener-port"}, "70000"},
		"a port in quotes":                {"[{name: a, port: \"9092\", type: internal, tls: false}]", []string{"listener-port"}, "whole number"},
		"what v1beta2 requires":           {"[{name: a}]", []string{"listener-incomplete", "listener-incomplete", "listener-incomplete"}, "requires"},
		"a route without TLS":             {"[{name: a, port: 9094, type: route, tls: false}]", []string{"listener-tls"}, "type route"},
		"client certificates without TLS": {"[{name: a, port: 9094, type: internal, tls: false, authentication: {type: tls}}]", []string{"listener-tls"}, "certificate"},
		"a node port on a route":          {"[{name: a, port: 9094, type: route, tls: true, configuration: {bootstrap: {nodePort: 1}, brokers: [{broker: 0, nodePort: 2}]}}]", []string{"listener-field", "listener-field"}, "spec.kafka.listeners[a].configuration.brokers[0].nodePort"},
		"a class that is no ingress's":    {"[{name: a, port: 9094, type: loadbalancer, tls: true, configuration: {class: x}}]", []string{"listener-field"}, "[ingress]"},
		"a broker without its number":     {"[{name: a, port: 9094, type: route, tls: true, configuration: {brokers: [{host: b}]}}]", []string{"listener-field"}, "brokers[0] has no broker"},
		"an ingress without a host":       {"[{name: a, port: 9094, type: ingress, tls: true}]", []string{"listener-field"}, "bootstrap.host"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			findings := strimzi.CheckListeners(parse(t, object("Kafka", "  kafka:\n    listeners: "+test.listeners+"\n")))
			checkFindings(t, findings, test.rules, test.says)
			for _, f := range findings {
				if f.Severity != finding.Error || f.Line != 7 {
					t.Errorf("got %+v, want an error on line 7", f)
				}
			}
		})
	}
	if got := strimzi.CheckListeners(parse(t, object("KafkaUser", "  quotas: {}\n"))); got != nil {
		t.Errorf("only Kafka has listeners, got %v", got)
	}
}

func TestWhatConvertGivesPassesLint(t *testing.T) {
	for name, example := range examples(t) {
		if !strings.HasPrefix(name, "whole") {
			continue
		}
		for _, version := range strimzi.Versions() {
			t.Run(name+" on "+version.String(), func(t *testing.T) {
				conversion, err := strimzi.Convert(parse(t, example.before), version)
				if err != nil {
					t.Fatal(err)
				}
				for _, object := range conversion.Objects {
					findings := strimzi.Lint(object, version)
					// No rule chooses a version of Kafka.
					findings = slices.DeleteFunc(findings, func(f finding.Finding) bool { return f.Rule == "kafka-version" })
					if open := findings.Open(); len(open) > 0 {
						t.Errorf("open: %v", open)
					}
				}
			})
		}
	}
}
