package conformance_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cutover/e2e/conformance/manifest"
)

// complaint is a line of helm lint that a reviewer would send back.
var complaint = regexp.MustCompile(`(?m)^\[(WARNING|ERROR)\].*$`)

func (p product) lint(t *testing.T, dir string, args ...string) {
	t.Helper()
	r := try(t, dir, p.helm, append([]string{"lint", "--strict"}, args...)...)
	for _, line := range complaint.FindAllString(r.stdout+r.stderr, -1) {
		t.Error(line)
	}
	if r.code != 0 {
		t.Errorf("helm lint: exit code %d: %s", r.code, r.stderr)
	}
}

func TestEveryChartLintsCleanWithItsOwnValues(t *testing.T) {
	p := tools(t)
	charts, err := filepath.Glob(filepath.Join(p.repository, "charts", "*", "Chart.yaml"))
	if err != nil || len(charts) < 8 {
		t.Fatalf("found %d charts, want all eight: %v", len(charts), err)
	}
	for _, file := range charts {
		chart := filepath.Dir(file)
		t.Run(filepath.Base(chart)+" with its defaults", func(t *testing.T) { p.lint(t, chart, ".") })
		values, err := filepath.Glob(filepath.Join(chart, "ci", "*-values.yaml"))
		if err != nil || len(values) == 0 {
			t.Errorf("%s has no values under ci: %v", filepath.Base(chart), err)
		}
		for _, value := range values {
			t.Run(filepath.Base(chart)+" with "+filepath.Base(value), func(t *testing.T) { p.lint(t, chart, ".", "-f", value) })
		}
	}
}

// description is a release.yaml.
type description struct {
	Name, Chart, Namespace, Cluster string
	CRDs                            bool `yaml:"crds"`
}

// releases lists the releases of a tree.
func releases(t *testing.T, tree string) []description {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(tree, "releases"))
	if err != nil {
		t.Fatal(err)
	}
	var list []description
	for _, entry := range entries {
		var d description
		decode(t, read(t, filepath.Join(tree, "releases", entry.Name(), "release.yaml")), &d)
		if d.Name != entry.Name() || d.Chart == "" || d.Namespace == "" {
			t.Errorf("releases/%s/release.yaml describes %+v", entry.Name(), d)
		}
		list = append(list, d)
	}
	if len(list) < 8 {
		t.Fatalf("the tree has %d releases, want those of a whole migration", len(list))
	}
	return list
}

func TestEveryReleaseLintsCleanWithItsGeneratedValues(t *testing.T) {
	each(t, func(t *testing.T, p product, v variant) {
		tree := p.tree(t, v)
		for _, r := range releases(t, tree) {
			t.Run(r.Name, func(t *testing.T) {
				p.lint(t, tree, "charts/"+r.Chart, "-n", r.Namespace, "-f", "releases/"+r.Name+"/values.yaml")
			})
		}
	})
}

func TestHelmTemplateEqualsManifests(t *testing.T) {
	each(t, func(t *testing.T, p product, v variant) {
		tree := p.tree(t, v)
		for _, r := range releases(t, tree) {
			t.Run(r.Name, func(t *testing.T) { p.compareRelease(t, tree, r) })
		}
	})
}

// compareRelease renders a release with helm as its reader would, and holds it against what
// was generated.
func (p product) compareRelease(t *testing.T, tree string, r description) {
	folder := filepath.Join(tree, "releases", r.Name)
	args := []string{"template", r.Name, "charts/" + r.Chart, "-n", r.Namespace, "-f", "releases/" + r.Name + "/values.yaml"}
	rendered := parse(t, run(t, tree, p.helm, args...))
	generated := parse(t, read(t, filepath.Join(folder, "manifests.yaml")))
	if diff := manifest.Diff(rendered, generated); diff != "" {
		t.Errorf("manifests.yaml (+) is not what helm template gives (-):\n%s", diff)
	}
	if !r.CRDs {
		return
	}
	withCRDs := parse(t, run(t, tree, p.helm, append(args, "--include-crds")...))
	for id, object := range parse(t, read(t, filepath.Join(folder, "crds.yaml"))) {
		generated[id] = object
	}
	if len(withCRDs) == len(rendered) {
		t.Error("the chart has no CRDs, and its release says that it has")
	}
	if diff := manifest.Diff(withCRDs, generated); diff != "" {
		t.Errorf("manifests.yaml and crds.yaml (+) are not what helm template --include-crds gives (-):\n%s", diff)
	}
}

func TestTheTreesChartsAreTheRepositorysVerbatim(t *testing.T) {
	each(t, func(t *testing.T, p product, v variant) {
		tree := p.tree(t, v)
		entries, err := os.ReadDir(filepath.Join(tree, "charts"))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			original := filepath.Join(p.repository, "charts", entry.Name())
			if entry.Name() == "strimzi-kafka-operator" {
				original = filepath.Join("testdata", "stand-in-operator")
			}
			if diff := cmp.Diff(snapshot(t, original), snapshot(t, filepath.Join(tree, "charts", entry.Name()))); diff != "" {
				t.Errorf("charts/%s is not the original (-):\n%s", entry.Name(), diff)
			}
		}
	})
}
