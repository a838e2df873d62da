package generator

import (
	"bytes"
	"maps"
	"slices"

	"cutover/generator/argocd"
	"cutover/generator/finding"
	"cutover/generator/migration"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/release"
	"cutover/generator/render"
	"cutover/generator/tree"
)

// withoutGitOps says what a migration without a gitops section lacks.
func withoutGitOps(m *migration.Migration) finding.List {
	if m.GitOps != nil {
		return nil
	}
	f := m.Finding("gitops-missing",
		"there is no gitops section: neither argocd/ (project, Applications, plugin, health checks) nor the Jobs that guard each phase in the clusters are written",
		"give gitops with repoURL, image and destinations, or apply clusters/source and clusters/target by other means, one commit after the other")
	f.Severity = finding.Note
	return finding.List{f}
}

// addArgoCD adds the folder argocd. Of the releases it needs the kinds and namespaces of
// their objects; parsed are the objects of those that are no bulk.
func addArgoCD(t tree.Tree, p *plan.Plan, releases []release.Release, parsed map[string][]overlay.Object) error {
	if p.Migration.GitOps == nil {
		return nil
	}
	objects := make(map[plan.Side][]overlay.Object)
	for _, r := range releases {
		found := parsed[r.Name]
		if r.Bulk {
			var err error
			if found, err = first(t, r); err != nil {
				return err
			}
		}
		if r.CRDs {
			found = append(slices.Clone(found), overlay.Object{APIVersion: "apiextensions.k8s.io/v1", Kind: "CustomResourceDefinition"})
		}
		objects[r.Side] = append(objects[r.Side], found...)
	}
	files, err := argocd.Build(p, objects)
	maps.Copy(t, files)
	return err
}

// first gives the first object of a release whose thousands are all of one kind, or none.
func first(t tree.Tree, r release.Release) ([]overlay.Object, error) {
	path := "releases/" + r.Name + "/manifests.yaml"
	content, _, _ := bytes.Cut(bytes.TrimPrefix(t[path], []byte("---\n")), []byte("\n---\n"))
	return render.Objects(path, content)
}
