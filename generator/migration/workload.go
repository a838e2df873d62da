package migration

// Tier is a workload's place in the flow.
type Tier string

// The tiers, in the order in which they come up on the target.
const (
	Ingest     Tier = "ingest"     // lets data into Kafka from outside
	Upstream   Tier = "upstream"   // works before the dam
	Dam        Tier = "dam"        // holds the flow back until the rest is proven
	Downstream Tier = "downstream" // works behind the dam
)

// Tiers lists all tiers in the order in which they come up.
func Tiers() []Tier { return []Tier{Ingest, Upstream, Dam, Downstream} }

// Workload is one application that moves.
type Workload struct {
	// Name is unique in the migration.
	Name string `yaml:"name" json:"name" jsonschema:"required"`
	// Tier is ingest, upstream, dam or downstream.
	Tier Tier `yaml:"tier" json:"tier" jsonschema:"required,enum=ingest,enum=upstream,enum=dam,enum=downstream"`
	// Produces and Consumes are topics by their Kafka names.
	Produces []string `yaml:"produces,omitempty" json:"produces,omitempty"`
	Consumes []string `yaml:"consumes,omitempty" json:"consumes,omitempty"`
	// Groups are the consumer groups it commits offsets under.
	Groups []string `yaml:"groups,omitempty" json:"groups,omitempty"`
	// Source and Target say what runs it on each cluster. Without Target it is the same
	// as on the source, in the target's words (a DeploymentConfig becomes a Deployment).
	Source *Runner `yaml:"source,omitempty" json:"source,omitempty"`
	Target *Runner `yaml:"target,omitempty" json:"target,omitempty"`
	// Rehearse says whether it starts in the rehearsal: true, except for tier ingest and for
	// what only produces, whose rehearsal would write records that the source never had.
	Rehearse *bool `yaml:"rehearse,omitempty" json:"rehearse,omitempty"`
	// Line is where the workload stands in migration.yaml.
	Line int `yaml:"-" json:"-"`
}

// Runner is what runs a workload on one cluster.
type Runner struct {
	// Kind is Deployment, StatefulSet, DeploymentConfig, CronJob or KafkaConnector.
	Kind string `yaml:"kind" json:"kind" jsonschema:"required,enum=Deployment,enum=StatefulSet,enum=DeploymentConfig,enum=CronJob,enum=KafkaConnector"`
	// Name is that of the object; the workload's where empty.
	Name string `yaml:"name,omitempty" json:"name,omitempty"`
	// Namespace is that of the object; the cluster's where empty.
	Namespace string `yaml:"namespace,omitempty" json:"namespace,omitempty"`
	// Replicas is the count when it runs; that of the inventory (on the source) or of the
	// source (on the target) where absent. Not for CronJob and KafkaConnector.
	Replicas *int32 `yaml:"replicas,omitempty" json:"replicas,omitempty"`
	// Manifests are the object's full manifests. With them cutover owns the whole object;
	// without, only its replica count.
	Manifests *Location `yaml:"manifests,omitempty" json:"manifests,omitempty"`
}

// Batch is a bucket of workloads that cut over together.
type Batch struct {
	Name      string   `yaml:"name" json:"name" jsonschema:"required"`
	Workloads []string `yaml:"workloads" json:"workloads" jsonschema:"required"`
	// Line is where the batch stands in migration.yaml.
	Line int `yaml:"-" json:"-"`
}
