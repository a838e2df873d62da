package strimzi

// introduction is a field, or one value of it, that v1beta2 gained after 0.22.
type introduction struct {
	kinds []string
	path  string
	// value limits the row to one value of the field.
	value string
	// since is the release whose CHANGELOG names it, else the first known whose CRDs have it.
	since string
	// instead is what does the same before.
	instead string
}

// introductions gives what the CRDs of 0.24.0 have and those of 0.22.1 lack.
func introductions() []introduction {
	kafka := []string{"Kafka"}
	connects := []string{"KafkaConnect", "KafkaConnectS2I"}
	mirror := []string{"KafkaMirrorMaker2"}
	legacy := []string{"KafkaMirrorMaker"}
	bridge := []string{"KafkaBridge"}
	workers := []string{"KafkaConnect", "KafkaConnectS2I", "KafkaMirrorMaker2"}
	apis := append([]string{"KafkaBridge"}, workers...)
	pods := append([]string{"KafkaMirrorMaker"}, apis...)
	return []introduction{
		{kinds: kafka, path: "spec.kafka.authorization.type", value: "custom", since: "0.23.0"},
		{kinds: kafka, path: "spec.kafka.authorization.authorizerClass", since: "0.23.0"},
		{kinds: kafka, path: "spec.kafka.listeners[].authentication.{clientAudience,clientScope}", since: "0.24.0"},
		{kinds: kafka, path: "spec.kafka.listeners[].configuration.{maxConnections,maxConnectionCreationRate,finalizers,ipFamilies,ipFamilyPolicy}", since: "0.23.0"},
		{kinds: kafka, path: "spec.{kafka,zookeeper,entityOperator,cruiseControl,kafkaExporter,jmxTrans}.template.serviceAccount", since: "0.24.0"},
		{kinds: kafka, path: "spec.{kafka,zookeeper,entityOperator,cruiseControl,kafkaExporter,jmxTrans}.template.pod.enableServiceLinks", since: "0.23.0"},
		{kinds: kafka, path: "spec.kafka.template.{bootstrapService,brokersService}.{ipFamilies,ipFamilyPolicy}", since: "0.23.0"},
		{kinds: kafka, path: "spec.zookeeper.template.{clientService,nodesService}.{ipFamilies,ipFamilyPolicy}", since: "0.23.0"},
		{kinds: kafka, path: "spec.cruiseControl.template.apiService.{ipFamilies,ipFamilyPolicy}", since: "0.23.0"},
		{kinds: []string{"KafkaUser"}, path: "spec.quotas.controllerMutationRate", since: "0.24.0"},
		{kinds: mirror, path: "spec.mirrors[].topicsExcludePattern", since: "0.24.0", instead: "topicsBlacklistPattern, which takes the same value"},
		{kinds: mirror, path: "spec.mirrors[].groupsExcludePattern", since: "0.24.0", instead: "groupsBlacklistPattern, which takes the same value"},
		{kinds: mirror, path: "spec.clusters[].authentication.audience", since: "0.24.0"},
		{kinds: legacy, path: "spec.include", since: "0.24.0", instead: "whitelist, which takes the same value"},
		{kinds: legacy, path: "spec.{consumer,producer}.authentication.audience", since: "0.24.0"},
		{kinds: connects, path: "spec.authentication.audience", since: "0.24.0"},
		{kinds: connects, path: "spec.build.plugins[].artifacts[].type", value: "other", since: "0.24.0"},
		{kinds: connects, path: "spec.build.plugins[].artifacts[].fileName", since: "0.24.0"},
		{kinds: bridge, path: "spec.adminClient", since: "0.24.0"},
		{kinds: bridge, path: "spec.authentication.audience", since: "0.24.0"},
		{kinds: pods, path: "spec.template.serviceAccount", since: "0.24.0"},
		{kinds: pods, path: "spec.template.pod.enableServiceLinks", since: "0.23.0"},
		{kinds: workers, path: "spec.template.buildServiceAccount", since: "0.24.0"},
		{kinds: workers, path: "spec.template.buildPod.enableServiceLinks", since: "0.23.0"},
		{kinds: apis, path: "spec.template.apiService.{ipFamilies,ipFamilyPolicy}", since: "0.23.0"},
	}
}

// requirement is a field that releases before until require.
type requirement struct{ kind, path, until string }

func requirements() []requirement {
	return []requirement{
		{"KafkaTopic", "spec.partitions", "0.23.0"},
		{"KafkaTopic", "spec.replicas", "0.23.0"},
		{"KafkaMirrorMaker", "spec.whitelist", "0.24.0"},
	}
}

// minimum is the least that v1beta2 takes for a number.
type minimum struct {
	kinds []string
	path  string
	least int64
	hint  string
}

// minimums gives the limits that v1beta2 tightened over the CRDs of 0.17.0, and those of
// the same fields that stayed.
func minimums() []minimum {
	const (
		probes   = "{livenessProbe,readinessProbe,startupProbe}"
		counts   = probes + ".{timeoutSeconds,periodSeconds,failureThreshold,successThreshold}"
		delay    = probes + ".initialDelaySeconds"
		holders  = "spec.{kafka,zookeeper,cruiseControl,kafkaExporter}."
		entities = "spec.entityOperator.{topicOperator,userOperator,tlsSidecar}."
		sidecar  = "spec.cruiseControl.tlsSidecar."
		atLeast1 = "set what Kubernetes took 0 for: timeoutSeconds 1, periodSeconds 10, failureThreshold 3, successThreshold 1"
		atLeast0 = "set 0 or more, or remove it to have the default"
	)
	kafka := []string{"Kafka"}
	others := []string{"KafkaConnect", "KafkaConnectS2I", "KafkaMirrorMaker", "KafkaMirrorMaker2", "KafkaBridge"}
	var rows []minimum
	for _, holder := range []string{holders, entities, sidecar} {
		rows = append(rows, minimum{kafka, holder + counts, 1, atLeast1}, minimum{kafka, holder + delay, 0, atLeast0})
	}
	return append(rows,
		minimum{others, "spec." + counts, 1, atLeast1},
		minimum{others, "spec." + delay, 0, atLeast0},
		minimum{[]string{"KafkaTopic"}, "spec.{partitions,replicas}", 1, "a topic has at least one of each"},
	)
}
