package strimzi_test

import (
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/strimzi"
)

const kafkaHead = `apiVersion: kafka.strimzi.io/v1beta1
kind: Kafka
metadata:
  name: orders
  namespace: trade
spec:
`

func TestConvertNeverGuesses(t *testing.T) {
	tests := map[string]struct {
		spec string
		rule string
		line int
		says []string
	}{
		"a destination that holds another value": {
			"  kafka:\n    affinity: {nodeAffinity: {}}\n    template:\n      pod:\n        affinity: {podAffinity: {}}\n",
			"convert-conflict", 8, []string{"spec.kafka.affinity", "spec.kafka.template.pod.affinity", "(line 11)"},
		},
		"a destination below what is no mapping": {
			"  kafka:\n    tolerations: []\n    template: none\n",
			"convert-shape", 9, []string{"spec.kafka.template is no mapping"},
		},
		"two TLS sidecars for one entity operator": {
			"  topicOperator:\n    tlsSidecar: {logLevel: debug}\n  entityOperator:\n    tlsSidecar: {logLevel: info}\n",
			"convert-conflict", 8, []string{"spec.topicOperator.tlsSidecar", "spec.entityOperator.tlsSidecar"},
		},
		"two topic operators": {
			"  topicOperator:\n    watchedNamespace: a\n  entityOperator:\n    topicOperator:\n      watchedNamespace: b\n",
			"convert-conflict", 7, []string{"spec.topicOperator and", "spec.entityOperator.topicOperator (line 10)"},
		},
		"two affinities for one pod, by the names that the input has": {
			"  topicOperator:\n    affinity: {nodeAffinity: {}}\n  entityOperator:\n    affinity: {podAffinity: {}}\n",
			"convert-conflict", 8, []string{"spec.topicOperator.affinity", "spec.entityOperator.affinity (line 10)"},
		},
		"external templates with different policies": {
			"  kafka:\n    listeners:\n      external: {type: nodeport}\n    template:\n      externalBootstrapService:\n        externalTrafficPolicy: Local\n      perPodService:\n        externalTrafficPolicy: Cluster\n",
			"convert-conflict", 12, []string{"externalBootstrapService.externalTrafficPolicy", "perPodService.externalTrafficPolicy (line 14)"},
		},
		"external templates with different source ranges": {
			"  kafka:\n    listeners:\n      external: {type: loadbalancer}\n    template:\n      externalBootstrapService:\n        loadBalancerSourceRanges: [10.0.0.0/8]\n      perPodService:\n        loadBalancerSourceRanges: []\n",
			"convert-conflict", 12, []string{"externalBootstrapService.loadBalancerSourceRanges", "perPodService.loadBalancerSourceRanges"},
		},
		"a listener that has another policy of its own": {
			"  kafka:\n    listeners:\n    - name: out\n      type: nodeport\n      configuration:\n        externalTrafficPolicy: Cluster\n    template:\n      perPodService:\n        externalTrafficPolicy: Local\n",
			"convert-conflict", 15, []string{"perPodService.externalTrafficPolicy", "spec.kafka.listeners[out].configuration.externalTrafficPolicy (line 12)"},
		},
		"inline metrics beside a metricsConfig": {
			"  kafka:\n    metricsConfig: {type: jmxPrometheusExporter}\n    metrics: {}\n",
			"convert-conflict", 9, []string{"spec.kafka.metrics ", "spec.kafka.metricsConfig (line 8)"},
		},
		"metrics that are no mapping": {
			"  zookeeper:\n    metrics: all\n",
			"convert-shape", 8, []string{"spec.zookeeper.metrics"},
		},
		"a logging name beside a reference to another key": {
			"  kafka:\n    logging:\n      type: external\n      name: a\n      valueFrom: {configMapKeyRef: {key: b}}\n",
			"convert-conflict", 10, []string{"spec.kafka.logging.name", "spec.kafka.logging.valueFrom.configMapKeyRef.key (line 11)", "the key log4j.properties"},
		},
		"a logging name beside another reference, by the names that the input has": {
			"  topicOperator:\n    logging:\n      type: external\n      name: a\n      valueFrom: {configMapKeyRef: {name: b}}\n",
			"convert-conflict", 10, []string{"spec.topicOperator.logging.name", "spec.topicOperator.logging.valueFrom.configMapKeyRef.name (line 11)"},
		},
		"a logging name beside a reference that is no mapping": {
			"  kafka:\n    logging:\n      type: external\n      name: a\n      valueFrom: {configMapKeyRef: b}\n",
			"convert-shape", 10, []string{"spec.kafka.logging.valueFrom.configMapKeyRef is no mapping"},
		},
		"a logging name beside another reference": {
			"  kafka:\n    logging:\n      type: external\n      name: a\n      valueFrom: {configMapKeyRef: {name: b}}\n",
			"convert-conflict", 10, []string{"spec.kafka.logging.name", "spec.kafka.logging.valueFrom.configMapKeyRef.name (line 11)"},
		},
		"a listener that the object form does not have": {
			"  kafka:\n    listeners:\n      internal: {}\n",
			"convert-listener", 9, []string{"spec.kafka.listeners.internal"},
		},
		"an external listener without a type": {
			"  kafka:\n    listeners:\n      external: {}\n",
			"convert-listener", 9, []string{"spec.kafka.listeners.external has no type"},
		},
		"a listener field that the list gives another meaning": {
			"  kafka:\n    listeners:\n      plain:\n        tls: true\n",
			"convert-conflict", 10, []string{"spec.kafka.listeners.plain.tls", "spec.kafka.listeners[plain].tls becomes false"},
		},
		"overrides and configuration that differ": {
			"  kafka:\n    listeners:\n      external:\n        type: ingress\n        configuration: {bootstrap: {host: a}}\n        overrides: {bootstrap: {host: b}}\n",
			"convert-conflict", 12, []string{"external.overrides.bootstrap", "external.configuration.bootstrap (line 11)"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, kafkaHead+test.spec)
			_, err := strimzi.Convert(doc, target(t, strimzi.AMQStreams, "1.7"))
			findings := finding.From(err)
			if len(findings) != 1 {
				t.Fatalf("one finding was wanted, got %v", err)
			}
			got := findings[0]
			if got.Rule != test.rule || got.Severity != finding.Error || got.Line != test.line ||
				got.File != "export.yaml" || got.Object != "Kafka trade/orders" || got.Hint == "" {
				t.Errorf("got %+v, want rule %s on line %d", got, test.rule, test.line)
			}
			for _, want := range test.says {
				if !strings.Contains(got.Message, want) {
					t.Errorf("the message %q does not say %q", got.Message, want)
				}
			}
		})
	}
}

func TestConvertReportsEveryConflictAtOnce(t *testing.T) {
	doc := parse(t, kafkaHead+"  kafka:\n    listeners: {other: {}}\n    metrics: 1\n  zookeeper:\n    logging: 2\n")
	_, err := strimzi.Convert(doc, target(t, strimzi.Strimzi, "0.22"))
	if got := len(finding.From(err)); got != 3 {
		t.Errorf("three findings were wanted, got %d: %v", got, err)
	}
}

func TestConvertWarnsWhenASettingWidens(t *testing.T) {
	tests := map[string]struct {
		listener, template string
		warnings           int
	}{
		"a policy of one template counts for both services": {"nodeport", "perPodService: {externalTrafficPolicy: Local}", 1},
		"the default policy changes nothing":                {"nodeport", "perPodService: {externalTrafficPolicy: Cluster}", 0},
		"source ranges of one template count for both":      {"loadbalancer", "externalBootstrapService: {loadBalancerSourceRanges: [10.0.0.0/8]}", 1},
		"no listener takes it":                              {"route", "perPodService: {externalTrafficPolicy: Local}", 0},
		"both templates agree":                              {"nodeport", "{perPodService: {externalTrafficPolicy: Local}, externalBootstrapService: {externalTrafficPolicy: Local}}", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			template := test.template
			if !strings.HasPrefix(template, "{") {
				template = "{" + template + "}"
			}
			doc := parse(t, kafkaHead+"  kafka:\n    listeners: {external: {type: "+test.listener+"}}\n    template: "+template+"\n")
			conversion, err := strimzi.Convert(doc, target(t, strimzi.AMQStreams, "1.8"))
			if err != nil {
				t.Fatal(err)
			}
			if got := len(conversion.Findings); got != test.warnings {
				t.Fatalf("%d findings, want %d: %v", got, test.warnings, conversion.Findings)
			}
			for _, warning := range conversion.Findings {
				if warning.Severity != finding.Warning || warning.Rule != "convert-widened" {
					t.Errorf("got %+v", warning)
				}
			}
		})
	}
}

func TestConvertRefusesWhatTheTargetCannotHave(t *testing.T) {
	tests := map[string]struct{ input, rule string }{
		"a version from after v1beta2": {"apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: a}\n", "convert-version"},
		"a kind that it does not have": {"apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaCluster\nmetadata: {name: a}\n", "convert-kind"},
		"a typed list":                 {"apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaList\nitems: []\n", "convert-kind"},
		"metrics without a name":       {"apiVersion: kafka.strimzi.io/v1beta1\nkind: Kafka\nspec: {kafka: {metrics: {}}}\n", "convert-metrics"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := strimzi.Convert(parse(t, test.input), target(t, strimzi.AMQStreams, "1.8"))
			findings := finding.From(err)
			if len(findings) != 1 || findings[0].Rule != test.rule {
				t.Errorf("got %v, want one of rule %s", err, test.rule)
			}
		})
	}
}

func TestConvertPassesWhatIsNotStrimzisOrConvertedAlready(t *testing.T) {
	for _, input := range []string{
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nspec: {affinity: {}}\n",
		"apiVersion: core.strimzi.io/v1beta2\nkind: StrimziPodSet\nmetadata: {name: a}\n",
		"apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: a}\nspec: {kafka: {affinity: {}}}\n",
		"kind: Kafka\n",
	} {
		doc := parse(t, input)
		conversion, err := strimzi.Convert(doc, target(t, strimzi.AMQStreams, "1.8"))
		if err != nil || len(conversion.Changes) != 0 || len(conversion.Objects) != 1 || conversion.Objects[0] != doc {
			t.Errorf("%s: got %+v, %v", input, conversion, err)
		}
	}
}
