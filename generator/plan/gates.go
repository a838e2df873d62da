package plan

import "cutover/generator/migration"

// Names of the releases that hold the gate Jobs.
const (
	SourceGates = "source-gates"
	TargetGates = "target-gates"
)

// The kinds of [Back]: the commit is taken back, or the ordered rollback is walked.
const (
	RevertBack   = "revert"
	SequenceBack = "sequence"
)

// Other gives the other cluster.
func (s Side) Other() Side {
	if s == Source {
		return Target
	}
	return Source
}

// Platform gives what one cluster runs on.
func (p *Plan) Platform(side Side) migration.Platform {
	if side == Source {
		return p.SourcePlatform
	}
	return p.TargetPlatform
}

// Gated tells whether gate Jobs guard the phases in the clusters: only where the migration
// says which image they run.
func (p *Plan) Gated() bool { return p.Migration.GitOps != nil && p.Migration.GitOps.Image != "" }

// ScalesByJob tells whether the gate Job of a cluster starts and stops workloads, because
// its API server has no server-side apply.
func (p *Plan) ScalesByJob(side Side) bool { return !p.Platform(side).ServerSideApply() }

// addGates has the first phase of each cluster bring its gate Jobs: a hook guards the very
// sync that brings it.
func (p *Plan) addGates() {
	if !p.Gated() {
		return
	}
	names := map[Side]string{Source: SourceGates, Target: TargetGates}
	for i := range p.Phases {
		phase := &p.Phases[i]
		if name, first := names[phase.Side]; first {
			phase.Releases = append([]string{name}, phase.Releases...)
			delete(names, phase.Side)
		}
	}
}

// Resource is the name under which the API serves a kind of workload, "" for a kind that is
// none.
func Resource(kind string) string {
	return map[string]string{
		"Deployment": "deployments", "StatefulSet": "statefulsets", "DeploymentConfig": "deploymentconfigs",
		"CronJob": "cronjobs", "KafkaConnector": "kafkaconnectors",
	}[kind]
}
