package release

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"cutover/generator/document"
	"cutover/generator/plan"
)

// Sources are the inputs of releases that come from outside the plan.
type Sources struct {
	// Charts holds the project's own charts, one folder each.
	Charts fs.FS
	// OperatorChart holds the vendored chart of the Strimzi operator, rooted in its folder;
	// nil for a target that OLM serves.
	OperatorChart fs.FS
	// Objects are the full objects that the migration gives for workloads, by the location's
	// name, such as "workloads.billing.target.manifests".
	Objects map[string]map[string]any
}

// StrimziChart is the name of the upstream operator's chart, and of its folder in the tree.
const StrimziChart = "strimzi-kafka-operator"

// builder makes the values of one release.
type builder struct {
	name, chart string
	side        plan.Side
	bulk        bool
	values      func(*plan.Plan, Sources) (map[string]any, error)
}

// builders lists every release that a migration can have.
func builders(p *plan.Plan) []builder {
	all := []builder{
		{plan.SourceGates, "gates", plan.Source, false, sourceGates},
		{plan.TargetGates, "gates", plan.Target, false, targetGates},
		{plan.SourceMonitoring, "monitoring", plan.Source, false, sourceMonitoring},
		{plan.SourceAccess, "users", plan.Source, false, sourceAccess},
		{plan.SourceWorkloads, "workloads", plan.Source, false, sourceWorkloads},
		{plan.TargetOperator, "operator", plan.Target, false, operator},
		{plan.StrimziOperator, StrimziChart, plan.Target, false, strimziOperator},
		{plan.TargetKafka, "kafka", plan.Target, false, kafka},
		{plan.TargetMonitoring, "monitoring", plan.Target, false, targetMonitoring},
		{plan.TargetTopics, "topics", plan.Target, true, topics},
		{plan.TargetUsers, "users", plan.Target, true, users},
		{plan.TargetAccess, "users", plan.Target, false, targetAccess},
		{plan.TargetWorkloads, "workloads", plan.Target, false, targetWorkloads},
		{plan.TargetMirror, "mirror-maker2", plan.Target, false, mirror},
	}
	for _, m := range p.ReturnMirrors {
		all = append(all,
			builder{m.AccessRelease(), "users", plan.Source, false, returnAccess(m)},
			builder{m.Release(), "mirror-maker2", plan.Target, false, returnMirror(m)})
	}
	return all
}

// All gives the releases that the plan's phases add, in a stable order.
func All(p *plan.Plan, sources Sources) ([]Release, error) {
	wanted := make(map[string]bool)
	for _, phase := range slices.Concat(p.Phases, p.Returns) {
		for _, name := range phase.Releases {
			wanted[name] = true
		}
	}
	var releases []Release
	for _, b := range builders(p) {
		if !wanted[b.name] {
			continue
		}
		release, err := b.build(p, sources)
		if err != nil {
			return nil, fmt.Errorf("release %s: %w", b.name, err)
		}
		releases = append(releases, release)
	}
	return releases, nil
}

func (b builder) build(p *plan.Plan, sources Sources) (Release, error) {
	values, err := b.values(p, sources)
	if err != nil {
		return Release{}, err
	}
	annotate(values, b)
	release := Release{Name: b.name, Chart: b.chart, Side: b.side, Bulk: b.bulk, Values: values, Namespace: p.Migration.Target.Namespace}
	if b.side == plan.Source {
		release.Namespace = p.Migration.Source.Namespace
	}
	if b.name == plan.StrimziOperator {
		release.Files, release.CRDs = sources.OperatorChart, true
		if release.Files == nil {
			return Release{}, fmt.Errorf("target.operatorChart is not vendored: run `cutover vendor`")
		}
		return release, nil
	}
	release.Files, err = fs.Sub(sources.Charts, b.chart)
	return release, err
}

func text(labels map[string]string) map[string]any {
	values := make(map[string]any, len(labels))
	for key, value := range labels {
		values[key] = value
	}
	return values
}

func operator(p *plan.Plan, _ Sources) (map[string]any, error) {
	target := p.Migration.Target
	if target.OLM == nil {
		return map[string]any{
			"distribution": "strimzi",
			"namespace":    map[string]any{"create": true},
		}, nil
	}
	olm := map[string]any{
		"channel": target.OLM.Channel, "startingCSV": target.OLM.StartingCSV,
		"approval":        orText(target.OLM.Approval, "Manual"),
		"source":          orText(target.OLM.Source, "redhat-operators"),
		"sourceNamespace": orText(target.OLM.SourceNamespace, "openshift-marketplace"),
		"operatorGroup":   map[string]any{"create": true, "allNamespaces": target.OLM.AllNamespaces},
	}
	values := map[string]any{"distribution": target.Distribution, "olm": olm}
	if target.OLM.ApproverImage != "" {
		values["approver"] = map[string]any{"image": target.OLM.ApproverImage}
	}
	return values, nil
}

func orText(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// strimziOperator keeps the upstream chart's defaults: it watches its own namespace only.
func strimziOperator(*plan.Plan, Sources) (map[string]any, error) { return map[string]any{}, nil }

func kafka(p *plan.Plan, _ Sources) (map[string]any, error) {
	configMaps := make([]any, 0, len(p.Kafka.ConfigMaps))
	for _, configMap := range p.Kafka.ConfigMaps {
		configMaps = append(configMaps, map[string]any{"name": configMap.Name, "data": text(configMap.Data)})
	}
	return map[string]any{
		"name": p.Kafka.Name, "spec": p.Kafka.Spec, "configMaps": configMaps,
		"metrics":   map[string]any{"create": true},
		"rebalance": map[string]any{"create": p.Brokers() > 1, "annotations": wave(rebalanceWave)},
	}, nil
}

func topics(p *plan.Plan, _ Sources) (map[string]any, error) {
	list := make([]any, 0, len(p.Topics))
	for _, topic := range p.Topics {
		entry := map[string]any{"name": topic.Resource, "partitions": topic.Partitions, "replicas": topic.Replicas}
		if topic.Resource != topic.Name {
			entry["topicName"] = topic.Name
		}
		if len(topic.Config) > 0 {
			entry["config"] = topic.Config
		}
		if len(topic.Labels) > 0 {
			entry["labels"] = topic.Labels
		}
		list = append(list, entry)
	}
	return map[string]any{"cluster": p.Kafka.Name, "topics": list}, nil
}

func users(p *plan.Plan, _ Sources) (map[string]any, error) {
	return userValues(p.Kafka.Name, "kafka.strimzi.io/v1beta2", true, p.Users), nil
}

func userValues(cluster, apiVersion string, guard bool, users []plan.User) map[string]any {
	list := make([]any, 0, len(users))
	for _, user := range users {
		list = append(list, map[string]any{"name": user.Name, "spec": document.API{Value: user.Spec}})
	}
	return map[string]any{"cluster": cluster, "apiVersion": apiVersion, "guard": guard, "users": list}
}

// sourceAccess and targetAccess hold the migration's own users, the mirror's and that of the
// gate Jobs, which nothing guards: they go when their phase is taken back.
func sourceAccess(p *plan.Plan, _ Sources) (map[string]any, error) {
	users := append([]plan.User{p.SourceMirrorUser()}, gatesUser(p, plan.Source)...)
	return userValues(p.Inventory.Kafka.Name, p.SourceUserVersion(), false, users), nil
}

func targetAccess(p *plan.Plan, _ Sources) (map[string]any, error) {
	var users []plan.User
	if p.Mirror.User != "" {
		users = append(users, p.TargetMirrorUser())
	}
	return userValues(p.Kafka.Name, "kafka.strimzi.io/v1beta2", false, append(users, gatesUser(p, plan.Target)...)), nil
}

func sourceWorkloads(p *plan.Plan, sources Sources) (map[string]any, error) {
	return workloadValues(p, sources, plan.Source)
}

func targetWorkloads(p *plan.Plan, sources Sources) (map[string]any, error) {
	return workloadValues(p, sources, plan.Target)
}

// workloadValues lists one side's workloads: running on the source, where they are taken
// over as they stand, and stopped on the target, where they wait for their phase.
func workloadValues(p *plan.Plan, sources Sources, side plan.Side) (map[string]any, error) {
	platform, list := p.SourcePlatform, []any{}
	if side == plan.Target {
		platform = p.TargetPlatform
	}
	for _, workload := range p.Workloads {
		runner := workload.Runner(side)
		if runner == nil {
			continue
		}
		state := runner.Running
		if side == plan.Target {
			state = runner.Stopped
		}
		entry := map[string]any{
			"name": runner.Name, "namespace": runner.Namespace, "kind": runner.Kind, "apiVersion": runner.APIVersion, runner.Field: state,
		}
		if runner.Manifests != nil {
			object, err := fullObject(sources, "workloads."+workload.Name+"."+string(side)+".manifests", runner)
			if err != nil {
				return nil, err
			}
			entry["object"] = object
		}
		list = append(list, entry)
	}
	values := map[string]any{"serverSideApply": platform.ServerSideApply(), "workloads": list}
	if p.Gated() && p.ScalesByJob(side) {
		values["scaledByJob"] = true
	}
	return values, nil
}

func fullObject(sources Sources, name string, runner *plan.Runner) (map[string]any, error) {
	object := sources.Objects[name]
	metadata, _ := object["metadata"].(map[string]any)
	if object["kind"] != runner.Kind || metadata["name"] != runner.Name {
		return nil, fmt.Errorf("%s holds no %s %s", name, runner.Kind, runner.Name)
	}
	return maps.Clone(object), nil
}
