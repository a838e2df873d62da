package plan

import (
	"fmt"
	"slices"
	"strconv"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/migration"
)

// Workload is one application, with what runs it on each cluster.
type Workload struct {
	Name, Batch                string
	Tier                       migration.Tier
	Produces, Consumes, Groups []string
	// Source and Target are nil where it does not run.
	Source, Target *Runner
	// Rehearse says whether it starts in the rehearsal.
	Rehearse bool
}

// Runner gives what runs the workload on one side, or nil.
func (w Workload) Runner(side Side) *Runner {
	if side == Source {
		return w.Source
	}
	return w.Target
}

// Runner is the object whose one field starts and stops a workload.
type Runner struct {
	APIVersion, Kind, Name, Namespace string
	// Field is the field under spec: replicas, suspend or pause.
	Field string
	// Running and Stopped are its values: a count, or a bool.
	Running, Stopped any
	// Manifests is where the full object comes from, or nil.
	Manifests *migration.Location
}

// scale is how a kind is started and stopped.
type scale struct {
	group string
	field string
}

// scales is what cutover may change of each kind: one field.
func scales() map[string]scale {
	return map[string]scale{
		"Deployment":       {"apps/v1", "replicas"},
		"StatefulSet":      {"apps/v1", "replicas"},
		"DeploymentConfig": {"apps.openshift.io/v1", "replicas"},
		"CronJob":          {"batch/v1", "suspend"},
		"KafkaConnector":   {"kafka.strimzi.io/v1beta2", "pause"},
	}
}

// Runs tells whether the value of Field lets the workload run at all.
func (r Runner) Runs() bool { return r.Running != r.Stopped }

// Batch is a set of workloads that cut over together.
type Batch struct {
	// Number is 1, 2, …; its phases begin at 100 times Number.
	Number    int
	Name      string
	Workloads []Workload
}

func (p *Plan) decideWorkloads() finding.List {
	var findings finding.List
	batchOf := make(map[string]string)
	for i, batch := range p.Migration.Batches {
		p.Batches = append(p.Batches, Batch{Number: i + 1, Name: batch.Name})
		for _, name := range batch.Workloads {
			batchOf[name] = batch.Name
		}
	}
	if len(p.Batches) == 0 && len(p.Migration.Workloads) > 0 {
		p.Batches = []Batch{{Number: 1}}
	}
	for i, declared := range p.Migration.Workloads {
		workload := Workload{
			Name: declared.Name, Batch: batchOf[declared.Name], Tier: declared.Tier,
			Produces: declared.Produces, Consumes: declared.Consumes, Groups: declared.Groups,
		}
		// What writes by itself would put records on the target that the source never had.
		workload.Rehearse = !isIngest(workload) && !isProducer(workload)
		if declared.Rehearse != nil {
			workload.Rehearse = *declared.Rehearse
		}
		var found finding.List
		workload.Source, found = p.sourceRunner(i, declared)
		findings.Add(found...)
		workload.Target = p.targetRunner(declared, workload.Source)
		p.Workloads = append(p.Workloads, workload)
		for b := range p.Batches {
			if p.Batches[b].Name == workload.Batch {
				p.Batches[b].Workloads = append(p.Batches[b].Workloads, workload)
			}
		}
	}
	findings.Add(p.checkUnlisted()...)
	findings.Add(p.checkGroups()...)
	findings.Add(p.checkConnectors()...)
	return findings
}

func (p *Plan) sourceRunner(i int, declared migration.Workload) (*Runner, finding.List) {
	if declared.Source == nil {
		return nil, nil
	}
	runner := newRunner(*declared.Source, declared.Name, p.Migration.Source.Namespace, p.SourcePlatform)
	if declared.Source.Kind == "KafkaConnector" {
		runner.APIVersion = sourceConnectorVersion(p.Inventory.Kafka.APIVersion)
	}
	found := p.foundWorkload(runner)
	if found != nil && found.Replicas == 0 && runner.Field != "replicas" {
		runner.Running = runner.Stopped // it is suspended or paused, and stays so
	}
	if declared.Source.Replicas == nil && runner.Field == "replicas" {
		runner.Running = int32(1)
		if found == nil {
			return runner, finding.List{p.Migration.Warning("workload-not-in-inventory",
				fmt.Sprintf("workload %s: the inventory has no %s %s/%s, so its replica count is unknown; 1 is taken", declared.Name, runner.Kind, runner.Namespace, runner.Name),
				"set source.replicas, correct the name, or read an export with it", "workloads", strconv.Itoa(i))}
		}
		runner.Running = found.Replicas
	}
	return runner, nil
}

func (p *Plan) foundWorkload(runner *Runner) *inventory.Workload {
	i := slices.IndexFunc(p.Inventory.Workloads, func(w inventory.Workload) bool {
		return w.Kind == runner.Kind && w.Name == runner.Name && w.Namespace == runner.Namespace
	})
	if i < 0 {
		return nil
	}
	return &p.Inventory.Workloads[i]
}

// sourceConnectorVersion: up to Strimzi 0.21 KafkaConnector is v1alpha1 only.
func sourceConnectorVersion(kafka string) string {
	if kafka == "kafka.strimzi.io/v1beta2" {
		return kafka
	}
	return "kafka.strimzi.io/v1alpha1"
}

func (p *Plan) targetRunner(declared migration.Workload, source *Runner) *Runner {
	if declared.Target != nil {
		runner := newRunner(*declared.Target, declared.Name, p.Migration.Target.Namespace, p.TargetPlatform)
		switch {
		case declared.Target.Replicas != nil:
		case source != nil && source.Field == runner.Field:
			runner.Running = source.Running
		case runner.Field == "replicas":
			runner.Running = int32(1)
		}
		return runner
	}
	kind := source.Kind
	if kind == "DeploymentConfig" {
		kind = "Deployment"
	}
	runner := newRunner(migration.Runner{Kind: kind, Name: source.Name, Namespace: declared.Source.Namespace}, declared.Name, p.Migration.Target.Namespace, p.TargetPlatform)
	runner.Running = source.Running
	if kind == "KafkaConnector" && source.Namespace == p.Migration.Source.Namespace {
		runner.Namespace = p.Migration.Target.Namespace
	}
	return runner
}

func newRunner(declared migration.Runner, name, namespace string, platform migration.Platform) *Runner {
	kind := scales()[declared.Kind]
	runner := &Runner{
		APIVersion: kind.group, Kind: declared.Kind, Name: declared.Name, Namespace: declared.Namespace,
		Field: kind.field, Running: false, Stopped: true, Manifests: declared.Manifests,
	}
	if declared.Kind == "CronJob" {
		runner.APIVersion = platform.CronJobVersion()
	}
	if runner.Name == "" {
		runner.Name = name
	}
	if runner.Namespace == "" {
		runner.Namespace = namespace
	}
	if kind.field == "replicas" {
		runner.Stopped = int32(0)
		if declared.Replicas != nil {
			runner.Running = *declared.Replicas
		}
	}
	return runner
}
