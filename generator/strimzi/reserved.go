package strimzi

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// reservation is configuration that the operator sets itself: it ignores, with a line in
// its log, every key that begins with one of the prefixes, whatever its case, unless the
// key is an exception.
type reservation struct {
	kinds      []string
	path       string
	prefixes   string
	exceptions string
}

const (
	clientTLS       = "ssl.endpoint.identification.algorithm, ssl.cipher.suites, ssl.protocol, ssl.enabled.protocols"
	workerPrefixes  = "ssl., sasl., security., listeners, plugin.path, rest., bootstrap.servers, consumer.interceptor.classes, producer.interceptor.classes"
	clientPrefixes  = "ssl., bootstrap.servers, sasl., security."
	controlPrefixes = "bootstrap.servers, client.id, zookeeper., network., security., failed.brokers.zk.path, " +
		"webserver.http., webserver.api.urlprefix, webserver.session.path, webserver.accesslog., two.step., " +
		"request.reason.required, metric.reporter.sampler.bootstrap.servers, metric.reporter.topic, " +
		"partition.metric.sample.store.topic, broker.metric.sample.store.topic, capacity.config.file, " +
		"self.healing., anomaly.detection., ssl."
)

// reservations gives the lists of Strimzi 0.22.1 and 0.24.0, which are the same, from the
// descriptions in their CRDs.
func reservations() []reservation {
	return []reservation{
		{[]string{"Kafka"}, "spec.kafka.config",
			"listeners, advertised., broker., listener., host.name, port, inter.broker.listener.name, sasl., ssl., " +
				"security., password., principal.builder.class, log.dir, zookeeper.connect, zookeeper.set.acl, " +
				"zookeeper.ssl, zookeeper.clientCnxnSocket, authorizer., super.user, cruise.control.metrics.topic, " +
				"cruise.control.metrics.reporter.bootstrap.servers",
			"zookeeper.connection.timeout.ms, ssl.cipher.suites, ssl.protocol, ssl.enabled.protocols, " +
				"cruise.control.metrics.topic.num.partitions, cruise.control.metrics.topic.replication.factor, " +
				"cruise.control.metrics.topic.retention.ms, cruise.control.metrics.topic.auto.create.retries, " +
				"cruise.control.metrics.topic.auto.create.timeout.ms, cruise.control.metrics.topic.min.insync.replicas"},
		{[]string{"Kafka"}, "spec.zookeeper.config",
			"server., dataDir, dataLogDir, clientPort, authProvider, quorum.auth, requireClientAuthScheme, " +
				"snapshot.trust.empty, standaloneEnabled, reconfigEnabled, 4lw.commands.whitelist, secureClientPort, " +
				"ssl., serverCnxnFactory, sslQuorum",
			"ssl.protocol, ssl.quorum.protocol, ssl.enabledProtocols, ssl.quorum.enabledProtocols, ssl.ciphersuites, " +
				"ssl.quorum.ciphersuites, ssl.hostnameVerification, ssl.quorum.hostnameVerification"},
		{[]string{"Kafka"}, "spec.cruiseControl.config", controlPrefixes,
			"ssl.cipher.suites, ssl.protocol, ssl.enabled.protocols, webserver.http.cors.enabled, " +
				"webserver.http.cors.origin, webserver.http.cors.exposeheaders"},
		{[]string{"KafkaConnect", "KafkaConnectS2I"}, "spec.config", workerPrefixes, clientTLS},
		{[]string{"KafkaMirrorMaker2"}, "spec.clusters[].config", workerPrefixes, clientTLS},
		{[]string{"KafkaMirrorMaker"}, "spec.consumer.config", clientPrefixes + ", group.id, interceptor.classes", clientTLS},
		{[]string{"KafkaMirrorMaker"}, "spec.producer.config", clientPrefixes + ", interceptor.classes", clientTLS},
		{[]string{"KafkaBridge"}, "spec.consumer.config", clientPrefixes + ", group.id", clientTLS},
		{[]string{"KafkaBridge"}, "spec.producer.config", clientPrefixes, clientTLS},
		{[]string{"KafkaConnector"}, "spec.config", "connector.class, tasks.max", ""},
		{[]string{"KafkaMirrorMaker2"}, "spec.mirrors[].{sourceConnector,heartbeatConnector,checkpointConnector}.config", "connector.class, tasks.max", ""},
	}
}

func (l *linter) reserved() {
	for _, row := range tables.reservations {
		if !of(row.kinds, l.kind) {
			continue
		}
		prefixes, exceptions := strings.Split(row.prefixes, ", "), strings.Split(row.exceptions, ", ")
		for _, config := range match(l.doc.Root, row.path) {
			if config.value.Kind != yaml.MappingNode {
				continue
			}
			for _, key := range keys(config.value) {
				if prefix := reservedBy(key, prefixes); prefix != "" && !slices.Contains(exceptions, key) {
					given, _ := entry(config.value, key)
					l.add(finding.Warning, "config-reserved", given.key,
						fmt.Sprintf("the operator ignores %q in %s, as everything that begins with %q", key, config.path, prefix),
						"remove it; what it is for has a field of its own, or the operator sees to it")
				}
			}
		}
	}
}

func reservedBy(key string, prefixes []string) string {
	for _, prefix := range prefixes {
		if strings.HasPrefix(strings.ToLower(key), strings.ToLower(prefix)) {
			return prefix
		}
	}
	return ""
}

// meanings finds what v1beta2 accepts and reads differently from what a 0.17 operator did.
func (l *linter) meanings() {
	if l.kind != "Kafka" {
		return
	}
	for _, logging := range match(l.doc.Root, "spec.cruiseControl.logging") {
		if document.Text(document.Child(logging.value, "type")) == "external" {
			l.add(finding.Note, "cruise-control-log4j2", logging.key,
				"Cruise Control reads Log4j 2 since Strimzi 0.22, also from the ConfigMap of spec.cruiseControl.logging",
				"see that the ConfigMap's key holds Log4j 2 properties")
		}
	}
	for _, loggers := range match(l.doc.Root, "spec.cruiseControl.logging.loggers") {
		for i := 0; i+1 < len(loggers.value.Content); i += 2 {
			key := loggers.value.Content[i]
			if reservedBy(key.Value, []string{"log4j.", "cruisecontrol."}) != "" {
				l.add(finding.Warning, "cruise-control-log4j2", key,
					fmt.Sprintf("%s is Log4j 1, and Cruise Control reads Log4j 2 since Strimzi 0.22", joined(".", loggers.path, key.Value)),
					"write it in Log4j 2, such as rootLogger.level: INFO for cruisecontrol.root.logger")
			}
		}
	}
	for _, listener := range match(l.doc.Root, "spec.kafka.listeners[]") {
		if document.Text(document.Child(listener.value, "type")) == "ingress" && len(match(listener.value, "configuration.class")) == 0 {
			l.add(finding.Warning, "ingress-class", listener.key,
				listener.path+" has no ingress class, and since Strimzi 0.22 none is assumed",
				"set configuration.class: nginx to have what older operators assumed")
		}
	}
}
