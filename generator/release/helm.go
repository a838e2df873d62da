package release

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"

	"cutover/generator/finding"
)

// Renderer renders a release to the manifests that helm template prints for it. Helm 3
// stands behind it today; another major version would change nothing else.
type Renderer interface {
	// Render gives the manifests for the content of a values.yaml. Errors name the release
	// and the chart.
	Render(release Release, values []byte) ([]byte, error)
	// CRDs gives the chart's crds folder as one stream, empty where it has none.
	CRDs(release Release) ([]byte, error)
}

// Helm renders with Helm 3's engine: the same dependency processing, schema validation,
// templates and order of kinds as helm template.
type Helm struct {
	// KubeVersion is the version that charts see, such as v1.21.0. Helm's library default is
	// v1.20 whatever the binary says (helm#11240), so it is always set.
	KubeVersion string
}

// Render implements [Renderer].
func (h Helm) Render(release Release, values []byte) ([]byte, error) {
	loaded, err := loadChart(release)
	if err != nil {
		return nil, err
	}
	parsed, err := chartutil.ReadValues(values)
	if err != nil {
		return nil, h.failed(release, "values.yaml", err)
	}
	files, err := h.render(release, loaded, parsed)
	if err != nil {
		return nil, err
	}
	return join(release, files)
}

func (h Helm) render(release Release, loaded *chart.Chart, values chartutil.Values) (map[string]string, error) {
	if err := chartutil.ProcessDependencies(loaded, values); err != nil {
		return nil, h.failed(release, "dependencies", err)
	}
	version, err := chartutil.ParseKubeVersion(h.KubeVersion)
	if err != nil {
		return nil, h.failed(release, "Kubernetes version", err)
	}
	if want := loaded.Metadata.KubeVersion; want != "" && !chartutil.IsCompatibleRange(want, version.String()) {
		return nil, h.failed(release, "Kubernetes version", fmt.Errorf("the chart wants %s, the cluster has %s", want, version))
	}
	capabilities := chartutil.DefaultCapabilities.Copy()
	capabilities.KubeVersion = *version
	options := chartutil.ReleaseOptions{Name: release.Name, Namespace: release.Namespace, Revision: 1, IsInstall: true}
	top, err := chartutil.ToRenderValues(loaded, values, options, capabilities)
	if err != nil {
		return nil, h.failed(release, "values.yaml", err)
	}
	files, err := engine.Render(loaded, top)
	if err != nil {
		return nil, h.failed(release, "templates", err)
	}
	return files, nil
}

func (h Helm) failed(release Release, what string, err error) error {
	return finding.Finding{
		Rule: "helm", Severity: finding.Error, Object: "release " + release.Name,
		File:    "releases/" + release.Name + "/values.yaml",
		Message: fmt.Sprintf("chart %s, %s: %s", release.Chart, what, strings.TrimSpace(err.Error())),
		Hint:    "see charts/" + release.Chart + "/README.md for the values that the chart knows",
	}
}

// join puts rendered files into the order of helm template: by kind, then hooks.
func join(release Release, files map[string]string) ([]byte, error) {
	for name := range files {
		if path.Base(name) == "NOTES.txt" {
			delete(files, name)
		}
	}
	if release.Bulk {
		return joinBulk(files), nil
	}
	hooks, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, fmt.Errorf("release %s: sort manifests: %w", release.Name, err)
	}
	var out bytes.Buffer
	for _, manifest := range manifests {
		fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", manifest.Name, strings.TrimSpace(manifest.Content))
	}
	for _, hook := range hooks {
		fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", hook.Path, strings.TrimSpace(hook.Manifest))
	}
	return out.Bytes(), nil
}

// joinBulk takes the documents of a bulk release in the order in which they were rendered:
// they are all of one kind, and sorting would parse each of them once more.
func joinBulk(files map[string]string) []byte {
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, text := range strings.Split("\n"+files[name], "\n---") {
			if text = strings.TrimSpace(text); text != "" {
				fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", name, text)
			}
		}
	}
	return out.Bytes()
}

// CRDs implements [Renderer].
func (h Helm) CRDs(release Release) ([]byte, error) {
	loaded, err := loadChart(release)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, crd := range loaded.CRDObjects() {
		fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", crd.Filename, strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(string(crd.File.Data)), "---")))
	}
	return out.Bytes(), nil
}

func loadChart(release Release) (*chart.Chart, error) {
	var files []*loader.BufferedFile
	err := fs.WalkDir(release.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(release.Files, name)
		if err != nil {
			return err
		}
		files = append(files, &loader.BufferedFile{Name: name, Data: content})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("release %s: read chart %s: %w", release.Name, release.Chart, err)
	}
	loaded, err := loader.LoadFiles(files)
	if err != nil {
		return nil, fmt.Errorf("release %s: chart %s: %w", release.Name, release.Chart, err)
	}
	if err := loaded.Validate(); err != nil {
		return nil, fmt.Errorf("release %s: chart %s: %w", release.Name, release.Chart, err)
	}
	return loaded, nil
}
