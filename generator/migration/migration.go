// Package migration is the declared will: which cluster moves where, under which
// version, with which topics, users and workloads, in which batches. It is what a
// person writes and reviews; everything else is computed from it and the inventory.
package migration

import (
	"cutover/generator/document"
	"cutover/generator/finding"
)

// APIVersion and Kind head every migration.yaml.
const (
	APIVersion = "cutover/v1alpha1"
	Kind       = "Migration"
)

// Migration is the content of migration.yaml.
type Migration struct {
	// APIVersion is cutover/v1alpha1.
	APIVersion string `yaml:"apiVersion" json:"apiVersion" jsonschema:"required,enum=cutover/v1alpha1"`
	// Kind is Migration.
	Kind string `yaml:"kind" json:"kind" jsonschema:"required,enum=Migration"`
	// Metadata names the migration.
	Metadata Metadata `yaml:"metadata" json:"metadata" jsonschema:"required"`
	// Source is the cluster that is left.
	Source Source `yaml:"source" json:"source" jsonschema:"required"`
	// Target is the cluster that takes over.
	Target Target `yaml:"target" json:"target" jsonschema:"required"`
	// Topics says which topics move, and what differs on the target. All, unless told otherwise.
	Topics Topics `yaml:"topics,omitempty" json:"topics,omitempty"`
	// Users says which users move, and what differs on the target. All, unless told otherwise.
	Users Users `yaml:"users,omitempty" json:"users,omitempty"`
	// Mirror sets up MirrorMaker 2.
	Mirror Mirror `yaml:"mirror,omitempty" json:"mirror,omitempty"`
	// Rehearsal starts the workloads once on the target while nothing has been mirrored yet.
	Rehearsal Rehearsal `yaml:"rehearsal,omitempty" json:"rehearsal,omitempty"`
	// Monitoring says how both clusters are watched.
	Monitoring Monitoring `yaml:"monitoring,omitempty" json:"monitoring,omitempty"`
	// Workloads are the applications that move.
	Workloads []Workload `yaml:"workloads,omitempty" json:"workloads,omitempty"`
	// Batches are buckets of workloads that cut over one after the other. Without batches
	// all workloads move together.
	Batches []Batch `yaml:"batches,omitempty" json:"batches,omitempty"`
	// GitOps says how Argo CD applies the migration. Without it neither argocd/ nor the Jobs
	// that guard each phase are written.
	GitOps *GitOps `yaml:"gitops,omitempty" json:"gitops,omitempty"`
	// Rollback says what the ordered rollback does, once a batch has written to the target.
	Rollback Rollback `yaml:"rollback,omitempty" json:"rollback,omitempty"`
	// Retire asks for phase 910, which takes the mirror's user off the source.
	Retire bool `yaml:"retire,omitempty" json:"retire,omitempty"`
	// Accept lists findings that were looked at and are meant to stay.
	Accept []Acceptance `yaml:"accept,omitempty" json:"accept,omitempty"`

	document document.Document
	findings finding.List
}

// Metadata names the migration.
type Metadata struct {
	// Name is a DNS label. The mirror's aliases and internal topics carry it, so it must
	// not change once the mirror has started: the whole history would be copied again.
	Name string `yaml:"name" json:"name" jsonschema:"required,pattern=^[a-z0-9]([-a-z0-9]{0\\,38}[a-z0-9])?$"`
}

// Source is the cluster that is left.
type Source struct {
	// Cluster is metadata.name of the source's Kafka resource.
	Cluster string `yaml:"cluster" json:"cluster" jsonschema:"required"`
	// Namespace is where the source's Kafka resource lives.
	Namespace string `yaml:"namespace" json:"namespace" jsonschema:"required"`
	// Platform is where the source runs, such as openshift-3.11 or kubernetes-1.21.
	Platform string `yaml:"platform" json:"platform" jsonschema:"required,pattern=^(openshift|kubernetes)-[0-9]+\\.[0-9]+$"`
	// Version is the source's Kafka version, where the inventory cannot tell it or is wrong.
	Version string `yaml:"version,omitempty" json:"version,omitempty"`
	// Inventory is where the evidence comes from: an inventory file, or exported manifests
	// in a file, a folder or an archive; a path or a URL with its checksum or commit.
	Inventory *Location `yaml:"inventory,omitempty" json:"inventory,omitempty"`
	// BootstrapServers is where the mirror reaches the source, host:port, comma separated.
	BootstrapServers string `yaml:"bootstrapServers" json:"bootstrapServers" jsonschema:"required"`
	// TLS trusts the source's listener.
	TLS *TLS `yaml:"tls,omitempty" json:"tls,omitempty"`
	// Authentication is the mirror's own user on the source, which phase 010 creates.
	Authentication *Authentication `yaml:"authentication,omitempty" json:"authentication,omitempty"`
}

// TLS says whose certificates are trusted, by Secret reference.
type TLS struct {
	// TrustedCertificates are Secrets in the target's namespace. Without any, the system's
	// authorities are trusted.
	TrustedCertificates []CertificateRef `yaml:"trustedCertificates,omitempty" json:"trustedCertificates,omitempty"`
}

// CertificateRef is one certificate in a Secret.
type CertificateRef struct {
	SecretName  string `yaml:"secretName" json:"secretName" jsonschema:"required"`
	Certificate string `yaml:"certificate" json:"certificate" jsonschema:"required"`
}

// Authentication is a user by Secret reference.
type Authentication struct {
	// Type is scram-sha-512 or tls.
	Type string `yaml:"type" json:"type" jsonschema:"required,enum=scram-sha-512,enum=tls"`
	// Username is the KafkaUser.
	Username string `yaml:"username" json:"username" jsonschema:"required"`
	// SecretName is the Secret with the credentials in the target's namespace; the
	// username with "-source" behind it, unless told otherwise.
	SecretName string `yaml:"secretName,omitempty" json:"secretName,omitempty"`
}

// Location is a path, or a URL with the checksum or commit that pins it. In YAML it is
// a plain text (a path) or a mapping.
type Location struct {
	// Path is relative to migration.yaml and stays within its folder.
	Path string `yaml:"path,omitempty" json:"path,omitempty"`
	// URL is https://…, git::https://… or, where AllowS3 is set, s3::https://….
	URL string `yaml:"url,omitempty" json:"url,omitempty"`
	// Checksum is sha256:HEX of what https and s3 bring.
	Checksum string `yaml:"checksum,omitempty" json:"checksum,omitempty"`
	// Commit is the 40-digit commit of what git brings.
	Commit string `yaml:"commit,omitempty" json:"commit,omitempty"`
	// AllowS3 permits an s3 URL.
	AllowS3 bool `yaml:"allowS3,omitempty" json:"allowS3,omitempty"`
	// Line is where the location stands in migration.yaml.
	Line int `yaml:"-" json:"-"`
}

// Target is the cluster that takes over.
type Target struct {
	// Cluster is metadata.name of the target's Kafka resource.
	Cluster string `yaml:"cluster" json:"cluster" jsonschema:"required"`
	// Namespace is where the target's resources live.
	Namespace string `yaml:"namespace" json:"namespace" jsonschema:"required"`
	// Distribution is amq-streams or strimzi.
	Distribution string `yaml:"distribution" json:"distribution" jsonschema:"required,enum=amq-streams,enum=strimzi"`
	// Version is that of the distribution: 1.7 or 1.8 of AMQ Streams, 0.22 or 0.24 of Strimzi.
	Version string `yaml:"version" json:"version" jsonschema:"required"`
	// Platform is where the target runs, such as openshift-4.8.
	Platform string `yaml:"platform" json:"platform" jsonschema:"required,pattern=^(openshift|kubernetes)-[0-9]+\\.[0-9]+$"`
	// StorageClass is that of every volume; the platform's default where empty.
	StorageClass string `yaml:"storageClass,omitempty" json:"storageClass,omitempty"`
	// Replicas counts the brokers; as on the source where 0.
	Replicas int32 `yaml:"replicas,omitempty" json:"replicas,omitempty" jsonschema:"minimum=0"`
	// ZooKeeperReplicas counts the ZooKeeper nodes: an odd number; as on the source, made
	// odd, where 0.
	ZooKeeperReplicas int32 `yaml:"zookeeperReplicas,omitempty" json:"zookeeperReplicas,omitempty" jsonschema:"minimum=0"`
	// Listeners replace those converted from the source, in v1beta2's array form.
	Listeners []map[string]any `yaml:"listeners,omitempty" json:"listeners,omitempty"`
	// OLM installs the operator of distribution amq-streams.
	OLM *OLM `yaml:"olm,omitempty" json:"olm,omitempty"`
	// OperatorChart is the upstream chart of distribution strimzi, which vendor fetches.
	OperatorChart *Location `yaml:"operatorChart,omitempty" json:"operatorChart,omitempty"`
	// Kafka is patched over the converted spec of the Kafka resource: mappings merge, null
	// removes, anything else replaces (RFC 7386).
	Kafka map[string]any `yaml:"kafka,omitempty" json:"kafka,omitempty"`
}

// OLM says what the Operator Lifecycle Manager installs. Nothing in it is computed: the
// catalog of the target decides which channels and versions exist.
type OLM struct {
	Channel         string `yaml:"channel" json:"channel" jsonschema:"required"`
	StartingCSV     string `yaml:"startingCSV" json:"startingCSV" jsonschema:"required"`
	Source          string `yaml:"source,omitempty" json:"source,omitempty"`
	SourceNamespace string `yaml:"sourceNamespace,omitempty" json:"sourceNamespace,omitempty"`
	// Approval is Manual (the default) or Automatic.
	Approval string `yaml:"approval,omitempty" json:"approval,omitempty" jsonschema:"enum=Manual,enum=Automatic"`
	// AllNamespaces has the operator watch the whole cluster.
	AllNamespaces bool `yaml:"allNamespaces,omitempty" json:"allNamespaces,omitempty"`
	// ApproverImage has oc or kubectl, and approves the one install plan that is wanted.
	ApproverImage string `yaml:"approverImage,omitempty" json:"approverImage,omitempty"`
}

// Topics says which topics move. Include and Exclude are regular expressions that match
// whole Kafka names, in the subset that Go and Java share.
type Topics struct {
	Include   []string        `yaml:"include,omitempty" json:"include,omitempty"`
	Exclude   []string        `yaml:"exclude,omitempty" json:"exclude,omitempty"`
	Overrides []TopicOverride `yaml:"overrides,omitempty" json:"overrides,omitempty"`
}

// TopicOverride changes the topics it names on the target: one by Name, or all that
// Pattern matches whole.
type TopicOverride struct {
	Name    string `yaml:"name,omitempty" json:"name,omitempty"`
	Pattern string `yaml:"pattern,omitempty" json:"pattern,omitempty"`
	// Replicas is the replication factor on the target.
	Replicas int32 `yaml:"replicas,omitempty" json:"replicas,omitempty"`
	// Config merges into the topic's configuration; null removes a key.
	Config map[string]any `yaml:"config,omitempty" json:"config,omitempty"`
	// Transactional says that transactional producers write to the topic.
	Transactional *bool `yaml:"transactional,omitempty" json:"transactional,omitempty"`
}

// Users says which users move, by regular expressions over whole names.
type Users struct {
	Include   []string       `yaml:"include,omitempty" json:"include,omitempty"`
	Exclude   []string       `yaml:"exclude,omitempty" json:"exclude,omitempty"`
	Overrides []UserOverride `yaml:"overrides,omitempty" json:"overrides,omitempty"`
}

// UserOverride changes the users it names on the target.
type UserOverride struct {
	Name    string `yaml:"name,omitempty" json:"name,omitempty"`
	Pattern string `yaml:"pattern,omitempty" json:"pattern,omitempty"`
	// Spec is patched over the user's spec (RFC 7386).
	Spec map[string]any `yaml:"spec,omitempty" json:"spec,omitempty"`
}

// Mirror sets up MirrorMaker 2.
type Mirror struct {
	// OffsetReset is earliest. latest is refused: it would leave history behind.
	OffsetReset string `yaml:"offsetReset,omitempty" json:"offsetReset,omitempty"`
	// Replicas counts the Connect workers; 3 where 0.
	Replicas int32 `yaml:"replicas,omitempty" json:"replicas,omitempty"`
	// TasksMax bounds the tasks of the source connector; computed where 0.
	TasksMax int32 `yaml:"tasksMax,omitempty" json:"tasksMax,omitempty"`
	// Resources are those of a worker.
	Resources map[string]any `yaml:"resources,omitempty" json:"resources,omitempty"`
	// JVMOptions are those of a worker, in Strimzi's words.
	JVMOptions map[string]any `yaml:"jvmOptions,omitempty" json:"jvmOptions,omitempty"`
	// ReplicationFactor is that of the mirror's own topics on the target; fitted to the brokers where 0.
	ReplicationFactor int32 `yaml:"replicationFactor,omitempty" json:"replicationFactor,omitempty"`
	// OffsetSyncsReplicationFactor is that of the offset-syncs topic on the source; fitted where 0.
	OffsetSyncsReplicationFactor int32 `yaml:"offsetSyncsReplicationFactor,omitempty" json:"offsetSyncsReplicationFactor,omitempty"`
	// GroupsExclude are regular expressions of groups that stay behind, beside the defaults.
	GroupsExclude []string `yaml:"groupsExclude,omitempty" json:"groupsExclude,omitempty"`
	// SourceConfig, CheckpointConfig and HeartbeatConfig are added to the connectors'
	// configuration; WorkerConfig to that of the Connect workers.
	SourceConfig     map[string]any `yaml:"sourceConfig,omitempty" json:"sourceConfig,omitempty"`
	CheckpointConfig map[string]any `yaml:"checkpointConfig,omitempty" json:"checkpointConfig,omitempty"`
	HeartbeatConfig  map[string]any `yaml:"heartbeatConfig,omitempty" json:"heartbeatConfig,omitempty"`
	WorkerConfig     map[string]any `yaml:"workerConfig,omitempty" json:"workerConfig,omitempty"`
}

// Rehearsal starts workloads once on the target, before the mirror, to see that they
// come up: images, credentials, ACLs and quotas.
type Rehearsal struct {
	// Skip leaves phase 070 out; the workloads then wait at zero replicas.
	Skip bool `yaml:"skip,omitempty" json:"skip,omitempty"`
}

// Monitoring says how both clusters are watched.
type Monitoring struct {
	// Prometheus says who scrapes the target.
	Prometheus Prometheus `yaml:"prometheus,omitempty" json:"prometheus,omitempty"`
	// Grafana says where dashboards go.
	Grafana Grafana `yaml:"grafana,omitempty" json:"grafana,omitempty"`
	// Labels are added to monitors and rules, for Prometheus instances that select by label.
	Labels map[string]string `yaml:"labels,omitempty" json:"labels,omitempty"`
	// RunbookURL is where people read the migration's README.md; every alert links to its
	// heading there. README.md where empty.
	RunbookURL string `yaml:"runbookURL,omitempty" json:"runbookURL,omitempty"`
	// Source turns phase 000 off where the source must not be touched: monitors and rules
	// are then missing there.
	Source *MonitoringSource `yaml:"source,omitempty" json:"source,omitempty"`
}

// Prometheus says who scrapes.
type Prometheus struct {
	// Mode is openshift-user-workload or prometheus-operator; without it the first on
	// OpenShift, the second elsewhere.
	Mode string `yaml:"mode,omitempty" json:"mode,omitempty" jsonschema:"enum=openshift-user-workload,enum=prometheus-operator"`
	// Create brings a Prometheus and an Alertmanager for the migration, where a Prometheus
	// operator runs and no Prometheus that could watch Kafka.
	Create bool `yaml:"create,omitempty" json:"create,omitempty"`
	// Retention is how long that Prometheus keeps data, such as 30d: longer than the migration
	// takes.
	Retention string `yaml:"retention,omitempty" json:"retention,omitempty" jsonschema:"pattern=^([0-9]+(ms|[smhdwy]))+$"`
	// Storage is its volume. Without one a restart loses the data.
	Storage *PrometheusStorage `yaml:"storage,omitempty" json:"storage,omitempty"`
	// AlertmanagerSecretName is a Secret with the key alertmanager.yaml: routes and receivers.
	// Without it alerts are shown and sent to nobody.
	AlertmanagerSecretName string `yaml:"alertmanagerSecretName,omitempty" json:"alertmanagerSecretName,omitempty"`
	// ScrapeSecretName is a Secret with the key prometheus-additional.yaml: further scrape
	// configurations, such as that of the kubelets, whose volume metrics alerts need.
	ScrapeSecretName string `yaml:"scrapeSecretName,omitempty" json:"scrapeSecretName,omitempty"`
}

// PrometheusStorage is the volume of a Prometheus.
type PrometheusStorage struct {
	// Size is a quantity, such as 50Gi.
	Size string `yaml:"size" json:"size" jsonschema:"required"`
	// ClassName is its storage class; the cluster's default where empty.
	ClassName string `yaml:"className,omitempty" json:"className,omitempty"`
}

// MonitoringSource is about the source cluster alone.
type MonitoringSource struct {
	// Skip leaves phase 000 out.
	Skip bool `yaml:"skip,omitempty" json:"skip,omitempty"`
	// Labels replace Monitoring.Labels on the source.
	Labels map[string]string `yaml:"labels,omitempty" json:"labels,omitempty"`
	// Prometheus says who scrapes the source; prometheus-operator unless told otherwise.
	Prometheus Prometheus `yaml:"prometheus,omitempty" json:"prometheus,omitempty"`
}

// Acceptance answers a finding: it stays visible, with its reason, and stops nothing.
type Acceptance struct {
	// Rule is the finding's rule.
	Rule string `yaml:"rule" json:"rule" jsonschema:"required"`
	// Object is the finding's object; every object's where empty.
	Object string `yaml:"object,omitempty" json:"object,omitempty"`
	// Reason says why it is meant to stay.
	Reason string `yaml:"reason" json:"reason" jsonschema:"required"`
}
