package release

import (
	"slices"

	"cutover/generator/migration"
	"cutover/generator/plan"
)

// sourceMonitoring watches the source as far as it can be watched: alerts on an exporter or
// an operator that it does not have would never cease.
func sourceMonitoring(p *plan.Plan, _ Sources) (map[string]any, error) {
	prometheus, labels := migration.Prometheus{}, p.Migration.Monitoring.Labels
	if source := p.Migration.Monitoring.Source; source != nil {
		prometheus = source.Prometheus
		if source.Labels != nil {
			labels = source.Labels
		}
	}
	monitors := "PodMonitor"
	if !p.SourcePlatform.PodMonitor() {
		monitors = "ServiceMonitor"
	}
	spec := p.Inventory.Kafka.Spec
	values := map[string]any{
		"cluster":  map[string]any{"name": p.Migration.Source.Cluster, "role": string(plan.Source)},
		"platform": orText(prometheus.Mode, migration.PrometheusOperator), "monitors": monitors, "labels": text(labels),
		"rules": map[string]any{"enabled": true}, "kafkaExporter": spec["kafkaExporter"] != nil, "entityOperator": entityOperators(spec),
		"phase": phaseValues(p, plan.Source),
	}
	addPrometheus(values, prometheus, p.SourcePlatform)
	addRunbook(values, p)
	return values, nil
}

func targetMonitoring(p *plan.Plan, _ Sources) (map[string]any, error) {
	prometheus := p.Migration.Monitoring.Prometheus
	values := map[string]any{
		"cluster": map[string]any{"name": p.Migration.Target.Cluster, "role": string(plan.Target)},
		"mirror":  map[string]any{"name": p.Mirror.Name, "rests": spans(mirrorRests(p))}, "platform": prometheus.ModeOn(p.TargetPlatform), "monitors": "PodMonitor",
		"labels": text(p.Migration.Monitoring.Labels), "rules": map[string]any{"enabled": true},
		"entityOperator": entityOperators(p.Kafka.Spec), "phase": phaseValues(p, plan.Target),
	}
	var returns []any
	for _, m := range p.ReturnMirrors {
		returns = append(returns, map[string]any{"name": m.Name, "rests": spans(returnMirrorRests(p, m))})
	}
	if len(returns) > 0 {
		values["returnMirrors"] = returns
	}
	addPrometheus(values, prometheus, p.TargetPlatform)
	addGrafana(values, p.Migration.Monitoring.Grafana, p.TargetPlatform)
	addRunbook(values, p)
	return values, nil
}

// entityOperators names the operators of a Kafka spec that run beside the cluster.
func entityOperators(spec map[string]any) []any {
	operator, _ := spec["entityOperator"].(map[string]any)
	all := []any{}
	for _, one := range []struct{ field, name string }{{"topicOperator", "topic-operator"}, {"userOperator", "user-operator"}} {
		if operator[one.field] != nil {
			all = append(all, one.name)
		}
	}
	return all
}

func addPrometheus(values map[string]any, prometheus migration.Prometheus, platform migration.Platform) {
	if !prometheus.Create {
		return
	}
	own := map[string]any{"create": true}
	if prometheus.Retention != "" {
		own["retention"] = prometheus.Retention
	}
	if storage := prometheus.Storage; storage != nil {
		own["storage"] = map[string]any{"size": storage.Size, "className": storage.ClassName}
	}
	if prometheus.ScrapeSecretName != "" {
		own["additionalScrapeConfigs"] = map[string]any{"secretName": prometheus.ScrapeSecretName}
	}
	if prometheus.AlertmanagerSecretName != "" {
		own["alertmanager"] = map[string]any{"configSecret": prometheus.AlertmanagerSecretName}
	}
	if platform.OpenShift {
		own["securityContext"] = nil // a namespace has users of its own there
	}
	values["prometheus"] = own
}

func addRunbook(values map[string]any, p *plan.Plan) {
	if url := p.Migration.Monitoring.RunbookURL; url != "" {
		values["runbook"] = map[string]any{"url": url}
	}
}

// phaseValues tells the alerts of one cluster what is to be still, and when.
func phaseValues(p *plan.Plan, side plan.Side) map[string]any {
	values := map[string]any{"reached": monitoringPhase(p, side).ID()}
	if drains := drains(p, side); len(drains) > 0 {
		values["drains"] = spans(drains)
	}
	for key, resting := range map[string][]rest{"topics": restingTopics(p, side), "groups": restingGroups(p, side)} {
		if len(resting) > 0 {
			values[key] = restValues(resting)
		}
	}
	return values
}

// monitoringPhase is the phase that brings a cluster's monitoring.
func monitoringPhase(p *plan.Plan, side plan.Side) plan.Phase {
	name := map[plan.Side]string{plan.Source: plan.SourceMonitoring, plan.Target: plan.TargetMonitoring}[side]
	i := slices.IndexFunc(p.Phases, func(phase plan.Phase) bool { return slices.Contains(phase.Releases, name) })
	if i < 0 {
		return plan.Phase{}
	}
	return p.Phases[i]
}

func spans(list []span) []any {
	all := make([]any, 0, len(list))
	for _, s := range list {
		all = append(all, map[string]any{"from": s.from, "to": s.to})
	}
	return all
}

func restValues(resting []rest) []any {
	all := make([]any, 0, len(resting))
	for _, r := range resting {
		names := make([]any, 0, len(r.names))
		for _, name := range r.names {
			names = append(names, name)
		}
		all = append(all, map[string]any{"names": names, "during": spans(r.during), "since": r.since})
	}
	return all
}
