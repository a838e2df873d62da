package inventory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cutover/generator/inventory"
)

// app is a Deployment in a namespace, whose pod spec is one line of YAML.
func app(namespace, podSpec string) string {
	return fmt.Sprintf("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app, namespace: %s}\nspec: {replicas: 2, template: {spec: %s}}\n", namespace, podSpec)
}

func env(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, fmt.Sprintf("{name: %s, value: '%s'}", pairs[i], pairs[i+1]))
	}
	return "{containers: [{name: app, env: [" + strings.Join(list, ", ") + "]}]}"
}

func configMap(namespace, data string) string {
	return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: %s}\ndata: {%s}\n", namespace, data)
}

func secret(namespace, name, data string) string {
	return fmt.Sprintf("apiVersion: v1\nkind: Secret\ntype: Opaque\nmetadata: {name: %s, namespace: %s}\nstringData: {%s}\n", name, namespace, data)
}

const external = "listeners: {plain: {}, external: {type: route}}"

func TestWhatUsesTheClusterIsFound(t *testing.T) {
	nodeport := cluster("freight", "kafka", "listeners: {external: {type: nodeport}}") + "status: {listeners: [{type: external, addresses: [{host: node.example.com, port: 31000}]}]}\n"
	tests := map[string]struct {
		texts   []string
		because string // of the one workload; "" where none is to be found
	}{
		"by the bootstrap service":                 {[]string{app("kafka", env("B", "freight-kafka-bootstrap:9092"))}, "env B of container app names freight-kafka-bootstrap:9092"},
		"by its name with a namespace":             {[]string{app("shop", env("B", "freight-kafka-bootstrap.kafka:9092"))}, "env B of container app names freight-kafka-bootstrap.kafka:9092"},
		"by its whole name":                        {[]string{app("shop", env("B", "x:1,freight-kafka-bootstrap.kafka.svc.cluster.local:9092"))}, "env B of container app names freight-kafka-bootstrap.kafka.svc.cluster.local:9092"},
		"by a broker":                              {[]string{app("shop", env("B", "SASL_SSL://freight-kafka-0.freight-kafka-brokers.kafka.svc:9092"))}, "env B of container app names freight-kafka-0.freight-kafka-brokers.kafka.svc:9092"},
		"by a listener's route":                    {[]string{route("freight-kafka-bootstrap", "b.example.com"), app("shop", env("B", "B.EXAMPLE.com:443"))}, "env B of container app names B.EXAMPLE.com:443"},
		"by a service in front of it":              {[]string{"apiVersion: v1\nkind: Service\nmetadata: {name: bus, namespace: shop}\nspec: {type: ExternalName, externalName: freight-kafka-bootstrap.kafka.svc}\n", app("shop", env("B", "bus:9092"))}, "env B of container app names bus:9092"},
		"by a service that selects its brokers":    {[]string{"apiVersion: v1\nkind: Service\nmetadata: {name: bus, namespace: kafka}\nspec: {selector: {strimzi.io/cluster: freight, strimzi.io/name: freight-kafka}}\n", app("shop", env("B", "bus.kafka.svc:9092"))}, "env B of container app names bus.kafka.svc:9092"},
		"by an argument":                           {[]string{app("kafka", "{containers: [{name: app, args: [run, --brokers=freight-kafka-bootstrap:9092]}]}")}, "args of container app names freight-kafka-bootstrap:9092"},
		"by a command of an init container":        {[]string{app("kafka", "{initContainers: [{name: wait, command: [sh, -c, 'nc freight-kafka-bootstrap 9092']}]}")}, "command of container wait names freight-kafka-bootstrap"},
		"by a ConfigMap's key in a variable":       {[]string{configMap("kafka", "b: freight-kafka-bootstrap"), app("kafka", "{containers: [{name: app, env: [{name: B, valueFrom: {configMapKeyRef: {name: conf, key: b}}}]}]}")}, "env B of container app, from ConfigMap conf, names freight-kafka-bootstrap"},
		"by a ConfigMap in envFrom":                {[]string{configMap("kafka", "B: freight-kafka-bootstrap"), app("kafka", "{containers: [{name: app, envFrom: [{configMapRef: {name: conf}}]}]}")}, "key B of ConfigMap conf (envFrom of container app) names freight-kafka-bootstrap"},
		"by a mounted ConfigMap":                   {[]string{configMap("kafka", "f: 'x=freight-kafka-bootstrap'"), app("kafka", "{volumes: [{name: v, configMap: {name: conf}}]}")}, "key f of ConfigMap conf (volume v) names freight-kafka-bootstrap"},
		"by a projected ConfigMap":                 {[]string{configMap("kafka", "f: 'x=freight-kafka-bootstrap'"), app("kafka", "{volumes: [{name: v, projected: {sources: [{configMap: {name: conf, items: [{key: f, path: p}]}}]}}]}")}, "key f of ConfigMap conf (volume v) names freight-kafka-bootstrap"},
		"by a user's Secret in a variable":         {[]string{kafkaUser("u", "{authentication: {type: tls}}"), app("kafka", "{containers: [{name: app, env: [{name: P, valueFrom: {secretKeyRef: {name: u, key: k}}}]}]}")}, "env P of container app reads Secret u of KafkaUser u"},
		"by a user's Secret in envFrom":            {[]string{kafkaUser("u", "{authentication: {type: tls}}"), app("kafka", "{containers: [{name: app, envFrom: [{secretRef: {name: u}}]}]}")}, "envFrom of container app reads Secret u of KafkaUser u"},
		"by a user's mounted Secret":               {[]string{kafkaUser("u", "{authentication: {type: tls}}"), app("kafka", "{volumes: [{name: v, secret: {secretName: u}}]}")}, "volume v mounts Secret u of KafkaUser u"},
		"by a user's projected Secret":             {[]string{kafkaUser("u", "{authentication: {type: tls}}"), app("kafka", "{volumes: [{name: v, projected: {sources: [{secret: {name: u}}]}}]}")}, "volume v mounts Secret u of KafkaUser u"},
		"by a copy of a user's Secret elsewhere":   {[]string{kafkaUser("u", "{authentication: {type: scram-sha-512}}"), secret("kafka", "u", "password: opensesame"), secret("shop", "kafka-login", "password: opensesame"), app("shop", "{volumes: [{name: v, secret: {secretName: kafka-login}}]}")}, "volume v mounts Secret kafka-login of KafkaUser u"},
		"by the cluster's authority":               {[]string{app("kafka", "{volumes: [{name: v, secret: {secretName: freight-cluster-ca-cert}}]}")}, "volume v mounts Secret freight-cluster-ca-cert, the cluster's certificate authority"},
		"by a copy of the cluster's authority":     {[]string{secret("kafka", "freight-cluster-ca-cert", "ca.crt: certificate"), secret("shop", "ca", "ca.crt: certificate"), app("shop", "{volumes: [{name: v, secret: {secretName: ca}}]}")}, "volume v mounts Secret ca, the cluster's certificate authority"},
		"by a Secret that names it":                {[]string{secret("shop", "conf", "url: 'kafka://freight-kafka-bootstrap.kafka:9092'"), app("shop", "{containers: [{name: app, envFrom: [{secretRef: {name: conf}}]}]}")}, "envFrom of container app reads Secret conf, whose key url names the cluster"},
		"not by a service in another namespace":    {[]string{app("shop", env("B", "freight-kafka-bootstrap:9092"))}, ""},
		"not by another cluster's service":         {[]string{app("kafka", env("B", "freight-2-kafka-bootstrap:9092,my-freight-kafka-bootstrap:1"))}, ""},
		"not by a service of its name elsewhere":   {[]string{app("kafka", env("B", "freight-kafka-bootstrap.test.svc:9092"))}, ""},
		"not by a host that is not a service":      {[]string{app("kafka", env("B", "freight-kafka-bootstrap.example.com"))}, ""},
		"not by a Secret of a user's name":         {[]string{kafkaUser("u", "{authentication: {type: tls}}"), secret("shop", "u", "password: other-secret"), app("shop", "{volumes: [{name: v, secret: {secretName: u}}]}")}, ""},
		"not by a short value in common":           {[]string{kafkaUser("u", "{authentication: {type: scram-sha-512}}"), secret("kafka", "u", "password: short"), secret("shop", "db", "password: short"), app("shop", "{volumes: [{name: v, secret: {secretName: db}}]}")}, ""},
		"not by a value that two users share":      {[]string{kafkaUser("u", "{authentication: {type: scram-sha-512}}"), kafkaUser("w", "{authentication: {type: scram-sha-512}}"), secret("kafka", "u", "password: changeit1"), secret("kafka", "w", "password: changeit1"), secret("shop", "db", "password: changeit1"), app("shop", "{volumes: [{name: v, secret: {secretName: db}}]}")}, ""},
		"not by keys of a ConfigMap left unloaded": {[]string{configMap("kafka", "f: freight-kafka-bootstrap, g: x"), app("kafka", "{volumes: [{name: v, configMap: {name: conf, items: [{key: g, path: p}]}}]}")}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, _ := read(t, append([]string{cluster("freight", "kafka", external)}, test.texts...)...)
			checkReason(t, inv, test.because)
		})
	}
	t.Run("a node port's host alone is none of the cluster's", func(t *testing.T) {
		inv, _ := read(t, nodeport, app("shop", env("B", "node.example.com:31001")))
		checkReason(t, inv, "")
		inv, _ = read(t, nodeport, app("shop", env("B", "node.example.com:31000")))
		checkReason(t, inv, "env B of container app names node.example.com:31000")
	})
}

func checkReason(t *testing.T, inv inventory.Inventory, because string) {
	t.Helper()
	switch {
	case because == "" && len(inv.Workloads) > 0:
		t.Errorf("found: %+v", inv.Workloads)
	case because != "" && (len(inv.Workloads) != 1 || !slices.Contains(inv.Workloads[0].Because, because)):
		t.Errorf("got %+v, want reason %q", inv.Workloads, because)
	}
}

func TestKindsOfWorkloads(t *testing.T) {
	template := "template: {spec: {containers: [{name: a, args: [freight-kafka-bootstrap]}]}}"
	object := "apiVersion: %s\nkind: %s\nmetadata: {name: app, namespace: kafka%s}\nspec: {%s}\n"
	tests := map[string]struct {
		version, kind, metadata, spec string
		want                          string // kind/replicas
	}{
		"a Deployment":                    {"apps/v1", "Deployment", "", "replicas: 3, " + template, "Deployment/3"},
		"an old Deployment without count": {"extensions/v1beta1", "Deployment", "", template, "Deployment/1"},
		"a stopped DeploymentConfig":      {"apps.openshift.io/v1", "DeploymentConfig", "", "replicas: 0, " + template, "DeploymentConfig/0"},
		"a DeploymentConfig of old":       {"v1", "DeploymentConfig", "", "replicas: 2, " + template, "DeploymentConfig/2"},
		"a StatefulSet":                   {"apps/v1beta2", "StatefulSet", "", "replicas: 2, " + template, "StatefulSet/2"},
		"a CronJob":                       {"batch/v1beta1", "CronJob", "", "jobTemplate: {spec: {" + template + "}}", "CronJob/1"},
		"a suspended CronJob":             {"batch/v1", "CronJob", "", "suspend: true, jobTemplate: {spec: {" + template + "}}", "CronJob/0"},
		"a DaemonSet cannot be scaled":    {"apps/v1", "DaemonSet", "", template, ""},
		"Strimzi's own, by its label":     {"apps/v1", "Deployment", ", labels: {app.kubernetes.io/managed-by: strimzi-cluster-operator}", template, ""},
		"Strimzi's own, by its owner":     {"apps/v1", "Deployment", ", ownerReferences: [{apiVersion: kafka.strimzi.io/v1beta1, kind: KafkaConnect}]", template, ""},
		"a team's with Strimzi's label":   {"apps/v1", "Deployment", ", labels: {strimzi.io/cluster: freight}", template, "Deployment/1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, findings := read(t, cluster("freight", "kafka"), fmt.Sprintf(object, test.version, test.kind, test.metadata, test.spec))
			got := ""
			for _, w := range inv.Workloads {
				got += fmt.Sprintf("%s/%d", w.Kind, w.Replicas)
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if test.kind == "DaemonSet" {
				only(t, findings, "workload-not-scalable")
			}
		})
	}
}

const topics = "Topic: orders\tPartitionCount: 1\tReplicationFactor: 1\nTopic: payments\tPartitionCount: 1\tReplicationFactor: 1\nTopic: audit.log\tPartitionCount: 1\tReplicationFactor: 1\n"

// flow writes what a workload was seen to do in one line.
func flow(w inventory.Workload) string {
	return fmt.Sprintf("consumes %s, produces %s, groups %s, user %s",
		strings.Join(w.Consumes, " "), strings.Join(w.Produces, " "), strings.Join(w.Groups, " "), w.User)
}

func TestSettingsTellTopicsAndGroups(t *testing.T) {
	tests := map[string]struct {
		settings []string
		want     string
	}{
		"words of a direction with topic":    {[]string{"OUTPUT_TOPIC", "orders", "INPUT_TOPIC", "payments"}, "consumes payments, produces orders, groups , user "},
		"several topics":                     {[]string{"CONSUMER_TOPICS", "orders, payments", "PRODUCER_TOPIC", "audit.log"}, "consumes orders payments, produces audit.log, groups , user "},
		"words of a direction alone":         {[]string{"SINK", "orders", "SOURCE", "payments", "IN", "audit.log"}, "consumes audit.log payments, produces orders, groups , user "},
		"the last word counts":               {[]string{"CONSUMER_OUTPUT_TOPIC", "orders"}, "consumes , produces orders, groups , user "},
		"camel case":                         {[]string{"app.outputTopic", "orders", "app.consumer.groupId", "g"}, "consumes , produces orders, groups g, user "},
		"a dead letter topic":                {[]string{"CONSUMER_DEAD_LETTER_TOPIC", "orders"}, "consumes , produces orders, groups , user "},
		"a value that is no topic":           {[]string{"OUTPUT", "bucket", "INPUT_TOPIC", "unknown"}, "consumes , produces , groups , user "},
		"a direction that nobody tells":      {[]string{"TOPIC", "orders"}, "consumes , produces , groups , user "},
		"a word within a word":               {[]string{"MAIN_STRING", "orders"}, "consumes , produces , groups , user "},
		"Kafka's own group":                  {[]string{"group.id", "g"}, "consumes , produces , groups g, user "},
		"a group in an environment":          {[]string{"KAFKA_GROUP_ID", "g", "CONSUMER_GROUP", "h"}, "consumes , produces , groups g h, user "},
		"an instance id is no group":         {[]string{"group.instance.id", "g"}, "consumes , produces , groups , user "},
		"Kafka Streams":                      {[]string{"application.id", "streams"}, "consumes , produces , groups streams, user "},
		"Spring for Kafka":                   {[]string{"spring.kafka.consumer.group-id", "g", "SPRING_KAFKA_STREAMS_APPLICATION_ID", "s"}, "consumes , produces , groups g s, user "},
		"Spring Cloud Stream":                {[]string{"spring.cloud.stream.bindings.process-in-0.destination", "orders", "spring.cloud.stream.bindings.process-in-0.group", "g", "spring.cloud.stream.bindings.process-out-0.destination", "payments"}, "consumes orders, produces payments, groups g, user "},
		"Spring Cloud Stream of old":         {[]string{"SPRING_CLOUD_STREAM_BINDINGS_INPUT_DESTINATION", "orders", "SPRING_CLOUD_STREAM_BINDINGS_OUTPUT_DESTINATION", "payments"}, "consumes orders, produces payments, groups , user "},
		"MicroProfile":                       {[]string{"mp.messaging.incoming.source.topic", "orders", "MP_MESSAGING_OUTGOING_SINK_TOPIC", "payments"}, "consumes orders, produces payments, groups , user "},
		"a MicroProfile channel by its name": {[]string{"mp.messaging.incoming.audit.log.connector", "smallrye-kafka"}, "consumes audit.log, produces , groups , user "},
		"a default within a placeholder":     {[]string{"app.output.topic", "${OUT:orders}"}, "consumes , produces orders, groups , user "},
		"a placeholder nobody fills":         {[]string{"group.id", "${GROUP}"}, "consumes , produces , groups , user "},
		"a user":                             {[]string{"KAFKA_USERNAME", "shop"}, "consumes , produces payments, groups , user shop"},
		"a user of a JAAS configuration":     {[]string{"sasl.jaas.config", `org.example.ScramLoginModule required username="shop" password="hunter2";`}, "consumes , produces payments, groups , user shop"},
		"somebody who is no user":            {[]string{"KAFKA_USERNAME", "nobody"}, "consumes , produces , groups , user "},
		"ACLs tell the direction of a topic": {[]string{"KAFKA_USERNAME", "shop", "TOPIC", "payments"}, "consumes , produces payments, groups , user shop"},
		"ACLs are silent where a setting is not": {[]string{"KAFKA_USERNAME", "reader", "INPUT_TOPIC", "payments", "GROUP_ID", "g"},
			"consumes payments, produces , groups g, user reader"},
		"ACLs speak where settings are silent": {[]string{"KAFKA_USERNAME", "reader"}, "consumes orders, produces , groups readers, user reader"},
	}
	users := []string{
		kafkaUser("shop", "{authorization: {type: simple, acls: [{operation: Write, resource: {type: topic, name: payments}}, {operation: Write, resource: {type: topic, name: unseen}}, {operation: Write, type: deny, resource: {type: topic, name: orders}}]}}"),
		kafkaUser("reader", "{authorization: {type: simple, acls: [{operation: Read, resource: {type: topic, name: orders}}, {operation: Read, resource: {type: topic, name: audit, patternType: prefix}}, {operation: All, resource: {type: group, name: readers}}, {operation: Read, resource: {type: group, name: '*'}}]}}"),
	}
	for name, test := range tests {
		settings := append([]string{"BOOTSTRAP", "freight-kafka-bootstrap:9092"}, test.settings...)
		var properties, yaml string
		for i := 0; i < len(settings); i += 2 {
			properties += settings[i] + "=" + settings[i+1] + "\n"
			yaml += settings[i] + ": '" + settings[i+1] + "'\n"
		}
		indented := func(text string) string {
			return "|\n    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ")
		}
		mounted := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: kafka}\ndata:\n  %s: " + "%s\n"
		forms := map[string][]string{
			"as variables":    {app("kafka", env(settings...))},
			"as properties":   {fmt.Sprintf(mounted, "application.properties", indented(properties)), app("kafka", "{volumes: [{name: v, configMap: {name: conf}}]}")},
			"as a YAML file":  {fmt.Sprintf(mounted, "application.yml", indented(yaml)), app("kafka", "{volumes: [{name: v, configMap: {name: conf}}]}")},
			"as an .env file": {fmt.Sprintf(mounted, "settings", indented("# comment\n"+properties)), app("kafka", "{volumes: [{name: v, configMap: {name: conf}}]}")},
		}
		for form, texts := range forms {
			t.Run(name+" "+form, func(t *testing.T) {
				inv, _ := read(t, slices.Concat([]string{cluster("freight", "kafka"), topics}, users, texts)...)
				if len(inv.Workloads) != 1 {
					t.Fatalf("workloads %+v", inv.Workloads)
				}
				if got := flow(inv.Workloads[0]); got != test.want {
					t.Errorf("got  %s\nwant %s\nbecause %s", got, test.want, strings.Join(inv.Workloads[0].Because, "\n        "))
				}
				if text := fmt.Sprint(inv.Workloads); strings.Contains(text, "hunter2") {
					t.Errorf("a password is shown: %s", text)
				}
			})
		}
	}
}

func TestVariablesWithinVariablesAreFilledIn(t *testing.T) {
	inv, _ := read(t, cluster("freight", "kafka"), topics,
		app("kafka", env("B", "freight-kafka-bootstrap", "NAME", "orders", "OUTPUT_TOPIC", "$(NAME)", "INPUT_TOPIC", "$(UNKNOWN)")))
	if got, want := flow(inv.Workloads[0]), "consumes , produces orders, groups , user "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNestedFilesAndArgumentsTellTopics(t *testing.T) {
	tests := map[string][]string{
		"nested YAML with a list": {
			"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: kafka}\ndata:\n  application.yaml: |\n    app:\n      bootstrap: freight-kafka-bootstrap:9092\n      consumer:\n        topics: [orders, payments]\n        group-id: g\n      routes:\n      - output: audit.log\n",
			app("kafka", "{volumes: [{name: v, configMap: {name: conf}}]}"),
		},
		"JSON": {
			"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: kafka}\ndata:\n  conf.json: '{\"b\": \"freight-kafka-bootstrap\", \"inputTopics\": [\"orders\", \"payments\"], \"groupId\": \"g\", \"sink\": {\"topic\": \"audit.log\"}}'\n",
			app("kafka", "{volumes: [{name: v, configMap: {name: conf}}]}"),
		},
		"arguments": {app("kafka", `{containers: [{name: app, args: ["--bootstrap=freight-kafka-bootstrap", "--input.topics=orders,payments", "-Dgroup.id=g"], command: [sh, -c, "run --output-topic='audit.log'"]}]}`)},
	}
	for name, texts := range tests {
		t.Run(name, func(t *testing.T) {
			inv, _ := read(t, slices.Concat([]string{cluster("freight", "kafka"), topics}, texts)...)
			if want := "consumes orders payments, produces audit.log, groups g, user "; len(inv.Workloads) != 1 || flow(inv.Workloads[0]) != want {
				t.Errorf("got %+v", inv.Workloads)
			}
		})
	}
}

func TestTransactionalSettingsMarkTheTopicsThatAreWritten(t *testing.T) {
	for key, value := range map[string]string{"KAFKA_TRANSACTIONAL_ID": "t", "spring.kafka.producer.transaction-id-prefix": "t", "processing.guarantee": "exactly_once_beta"} {
		inv, _ := read(t, cluster("freight", "kafka"), topics, app("kafka", env("B", "freight-kafka-bootstrap", "OUTPUT_TOPIC", "orders", "INPUT_TOPIC", "payments", key, value)))
		for _, topic := range inv.Topics {
			if topic.Transactional != (topic.Name == "orders") {
				t.Errorf("%s: topic %s is transactional: %t", key, topic.Name, topic.Transactional)
			}
		}
	}
}

func TestConnectorsAreWorkloads(t *testing.T) {
	connect := "apiVersion: kafka.strimzi.io/v1beta1\nkind: KafkaConnect\nmetadata: {name: cdc, namespace: kafka, annotations: {strimzi.io/use-connector-resources: 'true'}}\nspec: {bootstrapServers: 'freight-kafka-bootstrap:9092', authentication: {type: scram-sha-512, username: cdc}}\n"
	connector := "apiVersion: kafka.strimzi.io/v1alpha1\nkind: KafkaConnector\nmetadata: {name: k, namespace: kafka, labels: {strimzi.io/cluster: cdc}}\nspec: {%s}\n"
	tests := map[string]struct{ spec, want string }{
		"a sink":                       {"class: org.example.JdbcSinkConnector, config: {topics: 'orders,payments', errors.deadletterqueue.topic.name: audit.log}", "1: consumes orders payments, produces audit.log, groups connect-k, user cdc"},
		"a sink of a pattern":          {"class: org.example.JdbcSinkConnector, config: {topics.regex: 'o.*|pay.+'}", "1: consumes orders payments, produces , groups connect-k, user cdc"},
		"a sink with a group":          {"class: x.Writer, config: {topics: orders, consumer.override.group.id: g}", "1: consumes orders, produces , groups g, user cdc"},
		"a source":                     {"class: org.example.FileStreamSource, config: {topic: orders}", "1: consumes , produces orders, groups , user cdc"},
		"a source that names no topic": {"class: io.debezium.connector.mysql.MySqlConnector, config: {database.server.name: orders}", "1: consumes , produces , groups , user cdc"},
		"paused":                       {"class: org.example.FileStreamSource, pause: true, config: {topic: orders}", "0: consumes , produces orders, groups , user cdc"},
		"paused in a later form":       {"class: org.example.FileStreamSource, state: paused, config: {topic: orders}", "0: consumes , produces orders, groups , user cdc"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inv, _ := read(t, cluster("freight", "kafka"), topics, connect, fmt.Sprintf(connector, test.spec))
			if len(inv.Workloads) != 1 {
				t.Fatalf("workloads %+v", inv.Workloads)
			}
			w := inv.Workloads[0]
			if got := fmt.Sprintf("%d: %s", w.Replicas, flow(w)); got != test.want || w.Kind != "KafkaConnector" || w.APIVersion != "kafka.strimzi.io/v1alpha1" {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
