// Package release turns a plan into Helm releases: which chart, into which namespace of
// which cluster, with which values; and renders them as helm template does.
package release

import (
	"fmt"
	"io/fs"

	"cutover/generator/document"
	"cutover/generator/plan"
)

// Release is one Helm release.
type Release struct {
	Name string
	// Chart is the chart's folder name under charts.
	Chart     string
	Namespace string
	Side      plan.Side
	// Bulk tells that the release holds many objects that no phase patches, which rendering
	// therefore passes through untouched.
	Bulk bool
	// Values is the content of values.yaml.
	Values map[string]any
	// Files are the chart's files, rooted in its folder.
	Files fs.FS
	// CRDs tells that the chart's crds folder goes into the tree beside the manifests, since
	// helm template leaves it out and helm never upgrades it.
	CRDs bool
}

// Description is the content of a release.yaml.
type Description struct {
	APIVersion string    `yaml:"apiVersion"`
	Kind       string    `yaml:"kind"`
	Name       string    `yaml:"name"`
	Chart      string    `yaml:"chart"`
	Namespace  string    `yaml:"namespace"`
	Cluster    plan.Side `yaml:"cluster"`
	Bulk       bool      `yaml:"bulk,omitempty"`
	// HasCRDs tells that the chart's CRDs stand in crds.yaml beside the manifests.
	HasCRDs bool `yaml:"crds,omitempty"`
}

// DescriptionKind is the kind of a release.yaml.
const DescriptionKind = "Release"

// Describe gives the content of the release's release.yaml.
func (r Release) Describe() ([]byte, error) {
	return document.Marshal(Description{
		APIVersion: "cutover/v1alpha1", Kind: DescriptionKind, Name: r.Name, Chart: r.Chart,
		Namespace: r.Namespace, Cluster: r.Side, Bulk: r.Bulk, HasCRDs: r.CRDs,
	})
}

// ValuesFile gives the content of the release's values.yaml.
func (r Release) ValuesFile() ([]byte, error) {
	content, err := document.Marshal(r.Values)
	if err != nil {
		return nil, fmt.Errorf("release %s: %w", r.Name, err)
	}
	return content, nil
}
