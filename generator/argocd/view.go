package argocd

import (
	"cmp"
	"slices"
	"strings"

	"cutover/generator/migration"
	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// view is what the templates see.
type view struct {
	Migration, Plugin, Image string
	// Project is the AppProject, in Argo CD's own Namespace.
	Project, Namespace      string
	RepoURL, Revision, Path string
	Clusters                []cluster
	// Cluster is the one that an Application is for.
	Cluster                       cluster
	ClusterKinds, NamespacedKinds []groupKind
	Windows                       []migration.Window
	Checks                        []HealthCheck
	// User is the sidecar's uid, 0 where the platform chooses.
	User int
}

// cluster is one of the two, as its Application sees it.
type cluster struct {
	Side        plan.Side
	Application string
	Destination migration.Destination
	// Namespace is the migration's; Namespaces are all that hold objects.
	Namespace       string
	Namespaces      []string
	CreateNamespace bool
	ServerSideApply bool
}

type groupKind struct{ Group, Kind string }

func newView(p *plan.Plan, objects map[plan.Side][]overlay.Object, checks []HealthCheck) view {
	m := p.Migration
	gitops := m.GitOps
	v := view{
		Migration: m.Metadata.Name, Plugin: PluginName, Image: gitops.Image,
		Project: cmp.Or(gitops.Project, m.Metadata.Name), Namespace: m.ArgoNamespace(),
		RepoURL: gitops.RepoURL, Revision: cmp.Or(gitops.TargetRevision, "main"), Path: cmp.Or(gitops.Path, "."),
		Clusters: []cluster{
			{Side: plan.Source, Destination: gitops.Destinations.Source, Namespace: m.Source.Namespace},
			{Side: plan.Target, Destination: gitops.Destinations.Target, Namespace: m.Target.Namespace, CreateNamespace: true},
		},
		Windows: gitops.Windows,
	}
	for i := range v.Clusters {
		c := &v.Clusters[i]
		c.Application = ApplicationName(p, c.Side)
		c.ServerSideApply = p.Platform(c.Side).ServerSideApply()
		c.Namespaces = namespaces(c.Namespace, objects[c.Side])
	}
	v.ClusterKinds, v.NamespacedKinds = kinds(objects)
	v.Checks = slices.DeleteFunc(checks, func(c HealthCheck) bool {
		// A check concerns every Application of the Argo CD: no kind is judged that is not moved,
		// but Strimzi's, which are all one operator's.
		return c.Group == "batch" && !slices.Contains(v.NamespacedKinds, groupKind{c.Group, c.Kind})
	})
	return v
}

// CronJobs tells whether the check of CronJobs is among the checks.
func (v view) CronJobs() bool {
	return slices.ContainsFunc(v.Checks, func(c HealthCheck) bool { return c.Kind == "CronJob" })
}

// As gives the view for a sidecar that runs under a fixed uid.
func (v view) As(uid int) view {
	v.User = uid
	return v
}

// ApplicationName is the name of the Application that applies one cluster.
func ApplicationName(p *plan.Plan, side plan.Side) string {
	return p.Migration.Metadata.Name + "-" + string(side)
}

// namespaces are those of the objects, and of the marker of the cluster's phase.
func namespaces(own string, objects []overlay.Object) []string {
	all := []string{own}
	for _, object := range objects {
		if object.Namespace != "" {
			all = append(all, object.Namespace)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// kinds tells which kinds the clusters hold. An object without namespace is the cluster's:
// every chart writes the namespaces of its objects out.
func kinds(objects map[plan.Side][]overlay.Object) (ofCluster, namespaced []groupKind) {
	ofCluster = []groupKind{{"", "Namespace"}}               // CreateNamespace
	namespaced = []groupKind{{"", "ConfigMap"}, {"", "Pod"}} // the phase's marker, and see project.yaml
	for _, side := range plan.Sides() {
		for _, object := range objects[side] {
			group, _, grouped := strings.Cut(object.APIVersion, "/")
			if !grouped {
				group = ""
			}
			if kind := (groupKind{group, object.Kind}); object.Namespace == "" {
				ofCluster = append(ofCluster, kind)
			} else {
				namespaced = append(namespaced, kind)
			}
		}
	}
	return sorted(ofCluster), sorted(namespaced)
}

func sorted(kinds []groupKind) []groupKind {
	slices.SortFunc(kinds, func(a, b groupKind) int { return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Kind, b.Kind)) })
	return slices.Compact(kinds)
}
