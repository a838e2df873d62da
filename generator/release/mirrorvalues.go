package release

import (
	"maps"
	"strings"

	"cutover/generator/document"
	"cutover/generator/plan"
	"cutover/generator/strimzi/v1beta2"
)

func mirror(p *plan.Plan, _ Sources) (map[string]any, error) {
	return mirrorValues(p.Mirror.Name, p.MirrorSpec())
}

// mirrorValues takes a mirror's spec apart into the values of chart mirror-maker2.
func mirrorValues(name string, spec v1beta2.KafkaMirrorMaker2Spec) (map[string]any, error) {
	source, target, direction := spec.Clusters[0], spec.Clusters[1], spec.Mirrors[0]
	values := map[string]any{
		"name": name, "version": spec.Version, "replicas": spec.Replicas, "groupId": target.Config["group.id"],
		"storage": map[string]any{
			"configsTopic": target.Config["config.storage.topic"], "offsetsTopic": target.Config["offset.storage.topic"],
			"statusTopic":       target.Config["status.storage.topic"],
			"replicationFactor": target.Config["config.storage.replication.factor"],
		},
		"topicsPattern": direction.TopicsPattern, "groupsPattern": direction.GroupsPattern,
		"topicsExcludePattern": direction.TopicsExcludePattern, "groupsExcludePattern": direction.GroupsExcludePattern, "excludeFields": "exclude",
		"metrics": map[string]any{"create": true},
	}
	if direction.TopicsBlacklistPattern+direction.GroupsBlacklistPattern != "" {
		values["excludeFields"] = "blacklist"
		values["topicsExcludePattern"], values["groupsExcludePattern"] = direction.TopicsBlacklistPattern, direction.GroupsBlacklistPattern
	}
	// The chart puts these into the configuration itself, from groupId and storage.
	target.Config = maps.Clone(target.Config)
	maps.DeleteFunc(target.Config, func(key string, _ any) bool { return key == "group.id" || strings.HasSuffix(key, ".storage.topic") })
	return values, fill(values, map[string]any{
		"source": source, "target": target, "resources": spec.Resources, "jvmOptions": spec.JVMOptions,
		"connectors": map[string]*v1beta2.ConnectorSettings{
			"source": direction.SourceConnector, "checkpoint": direction.CheckpointConnector, "heartbeat": direction.HeartbeatConnector,
		},
	})
}

// fill adds values of the API as plain ones. Where the API switches something on by its being
// there, the chart has a field enabled.
func fill(values, typed map[string]any) error {
	for name, value := range typed {
		node, err := document.FromAPI(value)
		if err != nil {
			return err
		}
		values[name] = document.Value(node)
	}
	for _, side := range []string{"source", "target"} {
		cluster, _ := values[side].(map[string]any)
		if tls, on := cluster["tls"].(map[string]any); on {
			tls["enabled"] = true
		}
	}
	connectors, _ := values["connectors"].(map[string]any)
	for name, connector := range connectors {
		if connector == nil {
			connectors[name] = map[string]any{"enabled": false}
		}
	}
	return nil
}
