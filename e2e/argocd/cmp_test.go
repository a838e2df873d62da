package argocd_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/argoproj/argo-cd/v2/pkg/apis/application/v1alpha1"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"

	"cutover/e2e/argocd/process"
	"cutover/e2e/argocd/product"
	"cutover/e2e/argocd/sidecar"
)

// pluginName is what Applications call the plugin by, and its socket.
const pluginName = "cutover"

// deadline is what Argo CD gives a plugin for everything unless configured otherwise.
const deadline = 60 * time.Second

// start starts the sidecar of the product's image and connects to it.
func start(t *testing.T, p product.Product) (*sidecar.Sidecar, *sidecar.Client) {
	t.Helper()
	s := sidecar.Start(t, sidecar.Options{ArgoCD: p.ArgoCD, Image: p.Image, Name: pluginName})
	return s, s.Connect(t)
}

// within is a context with Argo CD's own deadline.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	t.Cleanup(cancel)
	return ctx
}

// of is the request for a tree that is a repository of its own.
func of(tree string, parameters ...v1alpha1.ApplicationSourcePluginParameter) sidecar.Request {
	return sidecar.Request{Repository: tree, Path: tree, Parameters: parameters}
}

// parsed is a stream as Argo CD takes it in: one JSON document for each object.
func parsed(t *testing.T, stream []byte) []string {
	t.Helper()
	objects, err := kube.SplitYAMLToString(stream)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func TestTheSidecarGivesWhatRenderGives(t *testing.T) {
	p := product.Open(t)
	_, client := start(t, p)
	tree := p.Generate(t, p.Example(t, "cmd", "cutover", "testdata", "small"))
	forward := slices.DeleteFunc(product.Phases(t, tree), func(ph product.Phase) bool { return ph.Returns })
	for _, cluster := range []string{"source", "target"} {
		for _, phase := range []product.Phase{forward[0], forward[len(forward)/2], forward[len(forward)-1]} {
			t.Run(cluster+" as of "+phase.Number+", by the parameter", func(t *testing.T) {
				got, err := client.Generate(within(t), of(tree, sidecar.Text("cluster", cluster), sidecar.Text("phase", phase.Number)))
				if err != nil {
					t.Fatal(err)
				}
				want := parsed(t, p.Render(t, tree, cluster, phase.Number))
				if !slices.Equal(got, want) {
					t.Errorf("the sidecar gives %d objects that are not the %d of cutover render", len(got), len(want))
				}
			})
		}
	}
	for _, phase := range forward {
		product.Advance(t, tree, phase)
		for _, cluster := range []string{"source", "target"} {
			t.Run(cluster+" once "+phase.Number+" is reached", func(t *testing.T) {
				got, err := client.Generate(within(t), of(tree, sidecar.Text("cluster", cluster)))
				if err != nil {
					t.Fatal(err)
				}
				if want := parsed(t, p.Render(t, tree, cluster, "")); !slices.Equal(got, want) {
					t.Errorf("the sidecar gives %d objects that are not the %d of cutover render", len(got), len(want))
				}
			})
		}
	}
}

func TestTheSidecarGivesTheWholeExample(t *testing.T) {
	p := product.Open(t)
	_, client := start(t, p)
	tree := p.Generate(t, p.Example(t, "examples", "freight"))
	phases := product.Phases(t, tree)
	for _, cluster := range []string{"source", "target"} {
		for _, phase := range []product.Phase{phases[0], phases[len(phases)/2], phases[len(phases)-1]} {
			t.Run(cluster+" as of "+phase.Number, func(t *testing.T) {
				got, err := client.Generate(within(t), of(tree, sidecar.Text("cluster", cluster), sidecar.Text("phase", phase.Number)))
				if err != nil {
					t.Fatal(err)
				}
				if want := parsed(t, p.Render(t, tree, cluster, phase.Number)); !slices.Equal(got, want) {
					t.Errorf("the sidecar gives %d objects that are not the %d of cutover render", len(got), len(want))
				}
			})
		}
	}
}

func TestTheSidecarFindsTheTreeBelowTheRepositorysRoot(t *testing.T) {
	p := product.Open(t)
	s, client := start(t, p)
	tree := p.Generate(t, p.Example(t, "cmd", "cutover", "testdata", "small"))
	request := sidecar.Request{
		Repository: filepath.Dir(tree), Path: tree,
		Parameters: v1alpha1.ApplicationSourcePluginParameters{sidecar.Text("cluster", "target")},
	}
	got, err := client.Generate(within(t), request)
	if err != nil {
		t.Fatal(err)
	}
	if want := parsed(t, p.Render(t, tree, "target", "")); !slices.Equal(got, want) {
		t.Errorf("the sidecar gives %d objects that are not the %d of cutover render", len(got), len(want))
	}
	if left := s.Leftovers(t); len(left) != 0 {
		t.Errorf("left in the sidecar: %q", left)
	}
}

func TestThePluginIsFoundByNameOnlyUnlessItLooks(t *testing.T) {
	p := product.Open(t)
	tree := p.Generate(t, p.Example(t, "cmd", "cutover", "testdata", "small"))
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "kustomization.yaml"), []byte("resources: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	looking := strings.Replace(string(process.Run(t, tree, p.Binary(), "cmp", "plugin")), "spec:\n",
		"spec:\n  discover:\n    find:\n      command: [cutover, cmp, discover]\n", 1)
	for _, c := range []struct {
		sentence             string
		plugin               []byte
		repository           string
		supported, discovers bool
	}{
		{"the product's own declaration looks at no repository", nil, tree, false, false},
		{"one that looks finds the tree", []byte(looking), tree, true, true},
		{"one that looks leaves another repository", []byte(looking), foreign, false, true},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			s := sidecar.Start(t, sidecar.Options{ArgoCD: p.ArgoCD, Image: p.Image, Name: pluginName, Plugin: c.plugin})
			got, err := s.Connect(t).Match(within(t), of(c.repository))
			if err != nil {
				t.Fatal(err)
			}
			if got.IsSupported != c.supported || got.IsDiscoveryEnabled != c.discovers {
				t.Errorf("supported %v, discovers %v; want %v, %v", got.IsSupported, got.IsDiscoveryEnabled, c.supported, c.discovers)
			}
		})
	}
}

func TestTheSidecarAnnouncesTheParameters(t *testing.T) {
	p := product.Open(t)
	_, client := start(t, p)
	tree := p.Generate(t, p.Example(t, "cmd", "cutover", "testdata", "small"))
	got, err := client.Parameters(within(t), of(tree))
	if err != nil {
		t.Fatal(err)
	}
	var want []struct {
		Name     string `json:"name"`
		Title    string `json:"title"`
		Required bool   `json:"required"`
	}
	if err := json.Unmarshal(process.Run(t, tree, p.Binary(), "cmp", "parameters"), &want); err != nil {
		t.Fatal(err)
	}
	if len(got.ParameterAnnouncements) != len(want) || len(want) != 2 {
		t.Fatalf("%d parameters announced, want %d, which are 2", len(got.ParameterAnnouncements), len(want))
	}
	for i, announced := range got.ParameterAnnouncements {
		if announced.Name != want[i].Name || announced.Title != want[i].Title || announced.Required != want[i].Required {
			t.Errorf("announced %v, want %v", announced, want[i])
		}
	}
	if wants, err := client.WantsGitCredentials(within(t)); err != nil || wants {
		t.Errorf("the plugin is given the credentials of repositories: %v (%v)", wants, err)
	}
}

func TestTheSidecarRefuses(t *testing.T) {
	p := product.Open(t)
	s, client := start(t, p)
	whole := p.Generate(t, p.Example(t, "cmd", "cutover", "testdata", "small"))
	target := sidecar.Text("cluster", "target")
	for _, c := range []struct {
		sentence   string
		spoil      func(t *testing.T, tree string)
		parameters []v1alpha1.ApplicationSourcePluginParameter
		want       []string
	}{
		{"no parameters", nil, nil, []string{"parameter cluster is missing", "source or target"}},
		{"a cluster that there is not", nil, []v1alpha1.ApplicationSourcePluginParameter{sidecar.Text("cluster", "third")}, []string{`parameter cluster is "third"`}},
		{"a phase that there is not", nil, []v1alpha1.ApplicationSourcePluginParameter{target, sidecar.Text("phase", "091")}, []string{"091"}},
		{"a parameter that it does not know", nil, []v1alpha1.ApplicationSourcePluginParameter{target, sidecar.Text("cluter", "x")}, []string{`parameter "cluter" is unknown`}},
		{"a list where text belongs", nil, []v1alpha1.ApplicationSourcePluginParameter{{Name: "cluster", OptionalArray: &v1alpha1.OptionalArray{Array: []string{"target"}}}}, []string{"parameter cluster is no text"}},
		{"a repository without a tree", func(t *testing.T, tree string) {
			remove(t, filepath.Join(tree, "clusters"))
			remove(t, filepath.Join(tree, "overlays"))
		}, []v1alpha1.ApplicationSourcePluginParameter{target}, []string{"clusters/"}},
		{"a phase skipped", func(t *testing.T, tree string) {
			phases := product.Phases(t, tree)
			product.Advance(t, tree, phases[0])
			product.Advance(t, tree, phases[2])
		}, []v1alpha1.ApplicationSourcePluginParameter{target}, []string{"010"}},
		{"a release that is gone", func(t *testing.T, tree string) {
			for _, phase := range product.Phases(t, tree)[:4] {
				product.Advance(t, tree, phase)
			}
			remove(t, filepath.Join(tree, "releases", "target-kafka", "manifests.yaml"))
		}, []v1alpha1.ApplicationSourcePluginParameter{target}, []string{"releases/target-kafka"}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			tree := whole
			if c.spoil != nil {
				tree = filepath.Join(t.TempDir(), "tree")
				if err := os.CopyFS(tree, os.DirFS(whole)); err != nil {
					t.Fatal(err)
				}
				c.spoil(t, tree)
			}
			got, err := client.Generate(within(t), of(tree, c.parameters...))
			if err == nil {
				t.Fatalf("it gives %d objects", len(got))
			}
			again, repeated := client.Generate(within(t), of(tree, c.parameters...))
			if repeated == nil || repeated.Error() != err.Error() || len(got)+len(again) != 0 {
				t.Errorf("the second time it gives another error, or objects: %v", repeated)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), s.Root) || strings.Contains(err.Error(), "panic") {
				t.Errorf("the error shows the inside of the sidecar:\n%v", err)
			}
		})
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}
