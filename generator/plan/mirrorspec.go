package plan

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/migration"
	"cutover/generator/strimzi/v1beta2"
)

// MirrorSpec is the spec of the forward mirror as the API has it: the source is its first
// cluster, the target its second, and there is one mirror.
func (p *Plan) MirrorSpec() v1beta2.KafkaMirrorMaker2Spec {
	m := p.Mirror
	source := p.sourceCluster(m.SourceAlias)
	if authentication := p.Migration.Source.Authentication; authentication != nil {
		source.Authentication = credentials(authentication.Type, authentication.Username, p.SourceSecret())
	}
	spec := p.mirrorSpec(m, source, p.targetCluster(m.TargetAlias))
	spec.Mirrors[0].CheckpointConnector = connector(1, m.CheckpointConfig)
	spec.Mirrors[0].HeartbeatConnector = connector(1, m.HeartbeatConfig)
	return spec
}

// ReturnSpec is the spec of a reverse mirror as the API has it: the target is its first
// cluster, the source its second. It copies records and nothing else: groups are set by their
// own phase, so that neither checkpoints nor heartbeats run.
func (p *Plan) ReturnSpec(m ReturnMirror) v1beta2.KafkaMirrorMaker2Spec {
	target := p.sourceCluster(m.TargetAlias)
	if m.User != "" {
		target.Authentication = credentials(p.Migration.Source.Authentication.Type, m.User, m.Secret())
	}
	return p.mirrorSpec(m.Mirror, p.targetCluster(m.SourceAlias), target)
}

// mirrorSpec is what every mirror has. The workers belong to the cluster that is written to.
func (p *Plan) mirrorSpec(m Mirror, source, target v1beta2.KafkaMirrorMaker2ClusterSpec) v1beta2.KafkaMirrorMaker2Spec {
	names := map[string]any{"group.id": m.Name}
	for what, key := range map[string]string{"configs": "config", "offsets": "offset", "status": "status"} {
		names[key+".storage.topic"] = m.StorageTopic(what)
		names[key+".storage.replication.factor"] = int64(m.ReplicationFactor)
	}
	target.Config = merged(m.WorkerConfig, names)
	direction := v1beta2.KafkaMirrorMaker2MirrorSpec{
		SourceCluster: source.Alias, TargetCluster: target.Alias,
		TopicsPattern: m.TopicsPattern, GroupsPattern: m.GroupsPattern,
		SourceConnector: connector(m.TasksMax, m.SourceConfig),
	}
	if p.Version.ExcludePatterns {
		direction.TopicsExcludePattern, direction.GroupsExcludePattern = m.TopicsExclude, m.GroupsExclude
	} else {
		direction.TopicsBlacklistPattern, direction.GroupsBlacklistPattern = m.TopicsExclude, m.GroupsExclude
	}
	return v1beta2.KafkaMirrorMaker2Spec{
		ConnectCluster: target.Alias,
		Clusters:       []v1beta2.KafkaMirrorMaker2ClusterSpec{source, target},
		Mirrors:        []v1beta2.KafkaMirrorMaker2MirrorSpec{direction},
		WorkerSpec: v1beta2.WorkerSpec{
			Version: p.Version.Kafka, Replicas: &m.Replicas, Resources: &m.Resources, JVMOptions: &m.JVMOptions,
		},
	}
}

// sourceCluster is how the target's pods reach the source.
func (p *Plan) sourceCluster(alias string) v1beta2.KafkaMirrorMaker2ClusterSpec {
	source := p.Migration.Source
	cluster := v1beta2.KafkaMirrorMaker2ClusterSpec{Alias: alias, BootstrapServers: source.BootstrapServers}
	if source.TLS != nil {
		cluster.TLS = trust(source.TLS.TrustedCertificates)
	}
	return cluster
}

// targetCluster is how a mirror reaches the target beside it, as the forward mirror's user.
func (p *Plan) targetCluster(alias string) v1beta2.KafkaMirrorMaker2ClusterSpec {
	m := p.Mirror
	cluster := v1beta2.KafkaMirrorMaker2ClusterSpec{Alias: alias, BootstrapServers: m.Bootstrap}
	if m.Listener.TLS {
		cluster.TLS = trust([]migration.CertificateRef{{SecretName: p.Kafka.Name + "-cluster-ca-cert", Certificate: "ca.crt"}})
	}
	if m.User != "" {
		cluster.Authentication = credentials(m.Listener.Authentication, m.User, m.User)
	}
	return cluster
}

func connector(tasks int32, config map[string]any) *v1beta2.ConnectorSettings {
	return &v1beta2.ConnectorSettings{TasksMax: &tasks, Config: config}
}

func trust(certificates []migration.CertificateRef) *v1beta2.ClientTLS {
	var tls v1beta2.ClientTLS
	for _, certificate := range certificates {
		tls.TrustedCertificates = append(tls.TrustedCertificates,
			v1beta2.CertSecretSource{SecretName: certificate.SecretName, Certificate: certificate.Certificate})
	}
	return &tls
}

func credentials(kind, username, secret string) *v1beta2.KafkaClientAuthentication {
	if kind == "tls" {
		return &v1beta2.KafkaClientAuthentication{Type: kind,
			CertificateAndKey: &v1beta2.CertAndKeySecretSource{SecretName: secret, Certificate: "user.crt", Key: "user.key"}}
	}
	return &v1beta2.KafkaClientAuthentication{Type: kind, Username: username,
		PasswordSecret: &v1beta2.PasswordSecretSource{SecretName: secret, Password: "password"}}
}

// setMirrorSize reads what migration.yaml says about the size of a worker. Left to itself, a
// worker has room for the 50 MB that each of its tasks may fetch: with less it is killed, and
// copies again what it had not committed.
func (p *Plan) setMirrorSize(mirror *Mirror) finding.List {
	m := p.Migration.Mirror
	resources, findings := declared[corev1.ResourceRequirements](p, m.Resources, "mirror", "resources")
	jvm, wrong := declared[v1beta2.JVMOptions](p, m.JVMOptions, "mirror", "jvmOptions")
	mirror.Resources, mirror.JVMOptions = resources, jvm
	if len(m.Resources) == 0 {
		mirror.Resources = corev1.ResourceRequirements{
			Requests: corev1.ResourceList{"cpu": resource.MustParse("1"), "memory": resource.MustParse("4Gi")},
			Limits:   corev1.ResourceList{"memory": resource.MustParse("4Gi")},
		}
	}
	if len(m.JVMOptions) == 0 {
		mirror.JVMOptions = v1beta2.JVMOptions{Xms: "2g", Xmx: "2g"}
	}
	return append(findings, wrong...)
}

// declared reads what stands at keys of migration.yaml as a value of the API.
func declared[T any](p *Plan, value map[string]any, keys ...string) (T, finding.List) {
	var into T
	root, err := document.FromValue(value)
	if err != nil {
		return into, finding.FromOr(err, p.Migration.Finding("value-wrong-type", "", "correct it", keys...))
	}
	into, departures := document.NewShape[T]().Decode(document.Document{Root: root})
	var findings finding.List
	for _, departure := range departures {
		message := "the API has no field " + strings.Join(slices.Concat(keys, departure.Path), ".")
		rule := "field-unknown"
		if !departure.Unknown() {
			message, rule = strings.Join(keys, ".")+"."+departure.Message, "value-wrong-type"
		}
		findings.Add(p.Migration.Finding(rule, message, departure.Hint, slices.Concat(keys, departure.Path)...))
	}
	return into, findings
}
