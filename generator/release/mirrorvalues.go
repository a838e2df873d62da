package release

import (
	"cutover/generator/migration"
	"cutover/generator/plan"
)

func mirror(p *plan.Plan, _ Sources) (map[string]any, error) {
	m := p.Mirror
	excludeFields := "blacklist"
	if p.Version.ExcludePatterns {
		excludeFields = "exclude"
	}
	connector := func(tasks int32, config map[string]any) map[string]any {
		return map[string]any{"tasksMax": tasks, "config": config}
	}
	values := map[string]any{
		"name": m.Name, "version": p.Version.Kafka, "replicas": m.Replicas, "groupId": m.Name,
		"storage": map[string]any{
			"configsTopic": m.StorageTopic("configs"), "offsetsTopic": m.StorageTopic("offsets"), "statusTopic": m.StorageTopic("status"),
			"replicationFactor": m.ReplicationFactor,
		},
		"source":        mirrorSource(p),
		"target":        mirrorTarget(p),
		"topicsPattern": m.TopicsPattern, "topicsExcludePattern": m.TopicsExclude,
		"groupsPattern": m.GroupsPattern, "groupsExcludePattern": m.GroupsExclude, "excludeFields": excludeFields,
		"connectors": map[string]any{
			"source": connector(m.TasksMax, m.SourceConfig), "checkpoint": connector(1, m.CheckpointConfig), "heartbeat": connector(1, m.HeartbeatConfig),
		},
		"resources":  orObject(p.Migration.Mirror.Resources, defaultMirrorResources()),
		"jvmOptions": orObject(p.Migration.Mirror.JVMOptions, defaultMirrorJVM()),
		"metrics":    map[string]any{"create": true},
	}
	return values, nil
}

// defaultMirrorResources and defaultMirrorJVM leave a worker room for the 50 MB that each of
// its tasks may fetch: with less it is killed, and copies again what it had not committed.
func defaultMirrorResources() map[string]any {
	return map[string]any{
		"requests": map[string]any{"cpu": "1", "memory": "4Gi"},
		"limits":   map[string]any{"memory": "4Gi"},
	}
}

func defaultMirrorJVM() map[string]any { return map[string]any{"-Xms": "2g", "-Xmx": "2g"} }

func orObject(value, fallback map[string]any) map[string]any {
	if len(value) > 0 {
		return value
	}
	return fallback
}

func mirrorSource(p *plan.Plan) map[string]any {
	source := p.Migration.Source
	side := map[string]any{"alias": p.Mirror.SourceAlias, "bootstrapServers": source.BootstrapServers}
	if source.TLS != nil {
		side["tls"] = trust(source.TLS.TrustedCertificates)
	}
	if source.Authentication != nil {
		side["authentication"] = credentials(source.Authentication.Type, source.Authentication.Username, p.SourceSecret())
	}
	return side
}

func mirrorTarget(p *plan.Plan) map[string]any {
	side := map[string]any{"alias": p.Mirror.TargetAlias, "bootstrapServers": p.Mirror.Bootstrap, "config": p.Mirror.WorkerConfig}
	if p.Mirror.Listener.TLS {
		side["tls"] = trust([]migration.CertificateRef{{SecretName: p.Kafka.Name + "-cluster-ca-cert", Certificate: "ca.crt"}})
	}
	if p.Mirror.User != "" {
		side["authentication"] = credentials(p.Mirror.Listener.Authentication, p.Mirror.User, p.Mirror.User)
	}
	return side
}

func trust(certificates []migration.CertificateRef) map[string]any {
	list := make([]any, 0, len(certificates))
	for _, certificate := range certificates {
		list = append(list, map[string]any{"secretName": certificate.SecretName, "certificate": certificate.Certificate})
	}
	return map[string]any{"enabled": true, "trustedCertificates": list}
}

func credentials(kind, username, secret string) map[string]any {
	if kind == "tls" {
		return map[string]any{"type": kind, "certificateAndKey": map[string]any{"secretName": secret, "certificate": "user.crt", "key": "user.key"}}
	}
	return map[string]any{"type": kind, "username": username, "passwordSecret": map[string]any{"secretName": secret, "password": "password"}}
}
