package inventory

import (
	"cmp"
	"slices"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// connects gives the Connect, MirrorMaker and Bridge clusters that have one end in the
// cluster, sorted by kind and name.
func (a *assembly) connects(book addressBook, credentials credentials) []Connect {
	var all []Connect
	for _, kind := range []string{"KafkaBridge", "KafkaConnect", "KafkaConnectS2I", "KafkaMirrorMaker", "KafkaMirrorMaker2"} {
		for _, d := range a.sorted(kind) {
			near := slices.DeleteFunc(ends(d), func(end *yaml.Node) bool {
				return len(book.find(textAt(end, "bootstrapServers"), d.Namespace())) == 0
			})
			if len(near) == 0 {
				a.passed[kind]++
				continue
			}
			connect := Connect{
				Kind: kind, Name: d.Name(), Namespace: d.Namespace(), Replicas: connectReplicas(d),
				Bootstrap: textAt(near[0], "bootstrapServers"),
				User:      credentials.authenticated(document.Child(near[0], "authentication"), d.Namespace()),
			}
			storage(d, near, &connect)
			all = append(all, connect)
			a.checkConnectorResources(d)
		}
	}
	slices.SortStableFunc(all, func(x, y Connect) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name))
	})
	return all
}

// ends gives the mappings of a resource that hold bootstrapServers and authentication.
func ends(d document.Document) []*yaml.Node {
	spec := document.Child(d.Root, "spec")
	switch d.Kind() {
	case "KafkaMirrorMaker":
		return []*yaml.Node{document.Child(spec, "consumer"), document.Child(spec, "producer")}
	case "KafkaMirrorMaker2":
		return slices.Clone(children(document.Child(spec, "clusters")))
	}
	return []*yaml.Node{spec}
}

// connectReplicas gives spec.replicas, or the operator's default.
func connectReplicas(d document.Document) int32 {
	n, ok := integer(document.At(d.Root, "spec", "replicas"))
	switch {
	case ok:
		return n
	case d.Kind() == "KafkaBridge":
		return 1
	}
	return 3
}

// storage tells the worker group and the internal topics that a resource keeps in the
// cluster, with Strimzi's defaults where nothing is set.
func storage(d document.Document, near []*yaml.Node, connect *Connect) {
	switch connect.Kind {
	case "KafkaConnect", "KafkaConnectS2I":
		workers(document.At(d.Root, "spec", "config"), "connect-cluster", connect)
	case "KafkaMirrorMaker":
		if consumer := document.At(d.Root, "spec", "consumer"); slices.Contains(near, consumer) {
			connect.GroupID = textAt(consumer, "groupId")
		}
	case "KafkaMirrorMaker2":
		mirrorStorage(d, near, connect)
	}
	connect.InternalTopics = unique(connect.InternalTopics)
}

func workers(config *yaml.Node, name string, connect *Connect) {
	connect.GroupID = cmp.Or(textAt(config, "group.id"), name)
	for key, topic := range map[string]string{
		"config.storage.topic": name + "-configs", "offset.storage.topic": name + "-offsets", "status.storage.topic": name + "-status",
	} {
		connect.InternalTopics = append(connect.InternalTopics, cmp.Or(textAt(config, key), topic))
	}
}

// mirrorStorage adds what MirrorMaker 2 keeps beside its workers' topics: offset syncs on
// the cluster it reads, checkpoints and heartbeats on the one it writes (Kafka 2.4 to 2.8).
func mirrorStorage(d document.Document, near []*yaml.Node, connect *Connect) {
	aliases := make(map[string]bool)
	connectCluster := textAt(d.Root, "spec", "connectCluster")
	for _, end := range near {
		alias := textAt(end, "alias")
		aliases[alias] = true
		if alias == connectCluster {
			workers(document.Child(end, "config"), "mirrormaker2-cluster", connect)
		}
	}
	for _, mirror := range children(document.At(d.Root, "spec", "mirrors")) {
		source, target := textAt(mirror, "sourceCluster"), textAt(mirror, "targetCluster")
		if aliases[source] {
			connect.InternalTopics = append(connect.InternalTopics, "mm2-offset-syncs."+target+".internal")
		}
		if aliases[target] {
			connect.InternalTopics = append(connect.InternalTopics, source+".checkpoints.internal", "heartbeats")
		}
	}
}

// checkConnectorResources warns of a Connect cluster whose connectors are managed over its
// REST interface: no export shows them.
func (a *assembly) checkConnectorResources(d document.Document) {
	if d.Kind() != "KafkaConnect" && d.Kind() != "KafkaConnectS2I" {
		return
	}
	if textAt(d.Root, "metadata", "annotations", "strimzi.io/use-connector-resources") != "true" {
		a.warn(d, "connectors-unknown", "its connectors are managed over REST, so that the export does not show them",
			"list them with GET /connectors, and add what they produce and consume to the Migration's workloads", "metadata", "annotations")
	}
}
