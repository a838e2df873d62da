package strimzi_test

import (
	"testing"

	"cutover/generator/strimzi"
)

func TestLintTellsOfWhatTheAPIDoesNotHave(t *testing.T) {
	tests := map[string]struct {
		input string
		rules []string
		says  string
	}{
		"a misspelt field is named with the nearest":    {object("Kafka", internal+"    replica: 3\n"), []string{"field-unknown"}, "did you mean replicas?"},
		"its path is told":                              {object("KafkaMirrorMaker2", "  mirrors: [{sourceCluster: a, targetCluster: b, sourceConector: {}}]\n"), []string{"field-unknown"}, "spec.mirrors[0].sourceConector"},
		"beside spec as well":                           {"apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: a}\nspecs: {}\n", []string{"field-unknown"}, "did you mean spec?"},
		"in what Kubernetes describes":                  {object("KafkaBridge", "  template: {pod: {tolerations: [{key: a, operater: Exists}]}}\n"), []string{"field-unknown"}, "did you mean operator?"},
		"in what is inlined":                            {object("KafkaConnectS2I", "  bootstrapServers: a:9092\n  replicas: 1\n  buildResource: {}\n"), []string{"field-unknown"}, "did you mean buildResources?"},
		"every one is told":                             {object("KafkaRebalance", "  goal: []\n  throttle: 1\n"), []string{"field-unknown", "field-unknown"}, "the target's API drops it"},
		"config may hold anything":                      {object("KafkaConnector", "  class: a\n  config: {any: {thing: [1, two]}}\n"), nil, ""},
		"status is the operator's":                      {object("KafkaTopic", "  partitions: 1\n  replicas: 1\nstatus: {old: 1}\n"), nil, ""},
		"text for a number is refused":                  {object("KafkaConnector", "  tasksMax: \"2\"\n"), []string{"value-wrong-type"}, "without quotes"},
		"a number for text is refused":                  {object("KafkaConnect", "  bootstrapServers: a:9092\n  image: 2.7\n"), []string{"value-wrong-type"}, "put it into quotes"},
		"a fraction for a whole number is refused":      {object("KafkaUser", "  quotas: {producerByteRate: 1.5}\n"), []string{"value-wrong-type"}, "a fraction"},
		"a list for a mapping is refused":               {object("KafkaUser", "  quotas: []\n"), []string{"value-wrong-type"}, "a list stands where a mapping is expected"},
		"a quantity that is none is refused":            {object("KafkaBridge", "  resources: {limits: {memory: lots}}\n"), []string{"value-wrong-type"}, "a quantity"},
		"quantities come as numbers and as text":        {object("KafkaBridge", "  resources: {limits: {memory: 1Gi, cpu: 2}, requests: {cpu: 0.5}}\n"), nil, ""},
		"null is nothing":                               {object("KafkaUser", "  quotas: null\n  authentication:\n"), nil, ""},
		"a removed field is told once":                  {object("KafkaConnect", "  bootstrapServers: a:9092\n  tolerations: []\n  metrics: {}\n"), []string{"field-removed", "field-removed"}, "spec.template.pod.tolerations"},
		"a count that is no number is told once":        {object("KafkaTopic", "  partitions: three\n  replicas: 1\n"), []string{"value-no-number"}, "spec.partitions"},
		"listeners that are no list are told once":      {object("Kafka", "  kafka:\n    listeners: {plain: {}}\n"), []string{"listener-missing"}, "listener"},
		"a field that a later release has is not wrong": {object("KafkaUser", "  quotas: {controllerMutationRate: 2}\n"), nil, ""},
		"numbers in labels are the operator's to read":  {object("KafkaUser", "  template: {secret: {metadata: {labels: {a: 1}}}}\n"), nil, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			findings := strimzi.Lint(parse(t, test.input), target(t, strimzi.AMQStreams, "1.8"))
			checkFindings(t, findings, test.rules, test.says)
		})
	}
}

func TestLintKnowsTheLineOfAnUnknownField(t *testing.T) {
	findings := strimzi.Lint(parse(t, object("KafkaTopic", "  partitions: 1\n  config:\n    a: b\n  partition: 1\n")), target(t, strimzi.AMQStreams, "1.8"))
	checkFindings(t, findings, []string{"field-unknown"}, "spec.partition")
	if findings[0].Line != 9 || findings[0].Object != "KafkaTopic orders" {
		t.Errorf("got %+v, want line 9", findings[0])
	}
}
