package release

import (
	"cmp"
	"slices"
	"strings"

	"cutover/generator/migration"
	"cutover/generator/plan"
)

func sourceGates(p *plan.Plan, _ Sources) (map[string]any, error) {
	return gateValues(p, plan.Source, p.Migration.GitOps.Gates.Peer.Source), nil
}

func targetGates(p *plan.Plan, _ Sources) (map[string]any, error) {
	return gateValues(p, plan.Target, p.Migration.GitOps.Gates.Peer.Target), nil
}

// gateValues gives a cluster its gate Jobs, at no phase yet: each phase's overlay moves
// them on. peer is the Secret on this cluster by which the other one's ledger is read.
func gateValues(p *plan.Plan, side plan.Side, peer *migration.SecretKeyRef) map[string]any {
	gitops := p.Migration.GitOps
	values := map[string]any{
		"migration": p.Migration.Metadata.Name, "image": gitops.Image,
		"deadlineSeconds": int64(gitops.Gates.Wait().Seconds()),
	}
	if peer != nil {
		values["peer"] = map[string]any{"secretName": peer.SecretName, "key": peer.Key}
	}
	addLiveGates(values, p, side)
	if p.ScalesByJob(side) {
		values["workloads"] = scaled(p, side)
	}
	if admitsSeccomp(p.Platform(side)) {
		values["podSecurityContext"] = map[string]any{"runAsNonRoot": true, "seccompProfile": map[string]any{"type": "RuntimeDefault"}}
	}
	return values
}

// admitsSeccomp tells whether a pod may ask for a seccomp profile: the field came with
// Kubernetes 1.19, and the restricted SCC of OpenShift refuses it before 4.11.
func admitsSeccomp(platform migration.Platform) bool {
	const openShift411 = 24
	return platform.Kubernetes() >= openShift411 || !platform.OpenShift && platform.Kubernetes() >= 19
}

// scaled lists the workloads of a cluster by namespace and resource, as the roles need them.
func scaled(p *plan.Plan, side plan.Side) []any {
	type place struct{ namespace, group, resource string }
	names := make(map[place][]string)
	for _, workload := range p.Workloads {
		if runner := workload.Runner(side); runner != nil {
			group, _, _ := strings.Cut(runner.APIVersion, "/")
			at := place{runner.Namespace, group, plan.Resource(runner.Kind)}
			names[at] = append(names[at], runner.Name)
		}
	}
	places := make([]place, 0, len(names))
	for at := range names {
		places = append(places, at)
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.group, b.group), cmp.Compare(a.resource, b.resource))
	})
	list := make([]any, 0, len(places))
	for _, at := range places {
		slices.Sort(names[at])
		list = append(list, map[string]any{"namespace": at.namespace, "apiGroup": at.group, "resource": at.resource, "names": slices.Compact(names[at])})
	}
	return list
}
