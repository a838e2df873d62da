package plugin_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cutover/generator"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/render"
	"cutover/generator/tree"
	"cutover/generator/workspace"
	"cutover/gitops/plugin"
)

func freight(t testing.TB) tree.Tree {
	t.Helper()
	input, err := workspace.Load(t.Context(), "../../examples/freight", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	output, err := generator.Generate(input)
	if err != nil {
		t.Fatal(err)
	}
	output.Tree[tree.SumFile] = output.Tree.Sum(overlay.PointerPaths()...).Marshal()
	return output.Tree
}

func TestParametersAreReadAsArgoCDGivesThem(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       plugin.Parameters
		refusal    string
	}{
		{"a cluster", `[{"name":"cluster","string":"target"}]`, plugin.Parameters{Cluster: plan.Target}, ""},
		{"a cluster and a phase", `[{"name":"phase","string":"090"},{"name":"cluster","string":"source"}]`, plugin.Parameters{Cluster: plan.Source, Phase: "090"}, ""},
		{"an empty phase", `[{"name":"cluster","string":"target"},{"name":"phase","string":""}]`, plugin.Parameters{Cluster: plan.Target}, ""},
		{"the word null", "null", plugin.Parameters{}, "cluster is missing"},
		{"nothing", "", plugin.Parameters{}, "cluster is missing"},
		{"an empty list", "[]", plugin.Parameters{}, "cluster is missing"},
		{"no JSON", "cluster=target", plugin.Parameters{}, "no JSON list"},
		{"an object instead of a list", `{"name":"cluster","string":"target"}`, plugin.Parameters{}, "no JSON list"},
		{"an unknown cluster", `[{"name":"cluster","string":"Target"}]`, plugin.Parameters{}, `"Target"`},
		{"an array", `[{"name":"cluster","array":["target"]}]`, plugin.Parameters{}, "is no text"},
		{"a map", `[{"name":"cluster","map":{"a":"target"}}]`, plugin.Parameters{}, "is no text"},
		{"a parameter twice", `[{"name":"cluster","string":"target"},{"name":"cluster","string":"target"}]`, plugin.Parameters{}, "given twice"},
		{"an unknown parameter", `[{"name":"Cluster","string":"target"}]`, plugin.Parameters{}, "unknown"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := plugin.ReadParameters(test.text)
			if test.refusal == "" {
				if err != nil || got != test.want {
					t.Fatalf("got %+v and %v, want %+v", got, err, test.want)
				}
				return
			}
			found := finding.From(err)
			if len(found) != 1 || !strings.Contains(found[0].Message, test.refusal) || found[0].Hint == "" {
				t.Errorf("got %v, want a finding with %q and a hint", err, test.refusal)
			}
		})
	}
}

func FuzzParametersAreAClusterOrARefusal(f *testing.F) {
	f.Add(`[{"name":"cluster","string":"target"}]`)
	f.Add("null")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := plugin.ReadParameters(text)
		if (err == nil) != (got.Cluster == plan.Source || got.Cluster == plan.Target) {
			t.Errorf("got %+v and %v", got, err)
		}
	})
}

func TestTheStreamIsThatOfRender(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs nothing at once that other tests do not")
	}
	files := freight(t)
	repository, err := render.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, phase := range repository.Phases {
		if phase.Gate.Returns {
			continue
		}
		want, err := repository.At(phase.Side, phase.ID())
		if err != nil {
			t.Fatal(err)
		}
		got, err := plugin.Generate(t.Context(), files, plugin.Parameters{Cluster: phase.Side, Phase: phase.ID()})
		if err != nil || string(got) != string(want) {
			t.Errorf("phase %s: %d bytes and %v, want the %d of render", phase.ID(), len(got), err, len(want))
		}
	}
}

func TestAnEndedContextGivesNothing(t *testing.T) {
	files := freight(t)
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		ctx, cancel := context.WithTimeout(t.Context(), 0)
		if errors.Is(cause, context.Canceled) {
			ctx, cancel = context.WithCancel(t.Context())
		}
		cancel()
		stream, err := plugin.Generate(ctx, files, plugin.Parameters{Cluster: plan.Target})
		if stream != nil || err == nil || !strings.Contains(err.Error(), "nothing was given") {
			t.Errorf("%v: got %d bytes and %v", cause, len(stream), err)
		}
	}
}

// edited gives other content for some paths of a tree.
type edited struct {
	tree.Tree
	instead map[string]string
}

func (e edited) ReadFile(name string) ([]byte, error) {
	if content, ok := e.instead[name]; ok {
		return []byte(content), nil
	}
	return e.Tree.ReadFile(name)
}

func TestABrokenTreeGivesNothing(t *testing.T) {
	files := freight(t)
	for name, instead := range map[string]map[string]string{
		"a pointer that skips":       {overlay.PointerPath(plan.Target): string(overlay.NewPointer(plan.Target, "090-mirror-start"))},
		"a pointer of another shape": {overlay.PointerPath(plan.Source): "kind: Kustomization\n"},
		"a release cut short":        {"releases/target-kafka/manifests.yaml": "---\n"},
		"no sum":                     {tree.SumFile: "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			stream, err := plugin.Generate(t.Context(), edited{files, instead}, plugin.Parameters{Cluster: plan.Target, Phase: "050"})
			if stream != nil || err == nil {
				t.Errorf("got %d bytes and %v", len(stream), err)
			}
		})
	}
}

func TestAnnouncementsAreAnArrayInArgoCDsShape(t *testing.T) {
	announcements, err := plugin.Announce(freight(t))
	if err != nil {
		t.Fatal(err)
	}
	content, err := json.Marshal(announcements)
	if err != nil {
		t.Fatal(err)
	}
	var read []struct {
		Name           string `json:"name"`
		CollectionType string `json:"collectionType"`
		Required       bool   `json:"required"`
		Tooltip        string `json:"tooltip"`
	}
	if err := json.Unmarshal(content, &read); err != nil || len(read) != 2 {
		t.Fatalf("got %s and %v", content, err)
	}
	if read[0].Name != "cluster" || !read[0].Required || read[1].Name != "phase" || read[1].Required || read[1].CollectionType != "string" {
		t.Errorf("got %+v", read)
	}
	if !strings.Contains(read[1].Tooltip, "Reached: none") || !strings.Contains(read[1].Tooltip, "090") {
		t.Errorf("the tooltip is %q", read[1].Tooltip)
	}
}

func TestAFolderIsATreeByItsSum(t *testing.T) {
	for _, test := range []struct {
		files tree.Tree
		want  bool
	}{{tree.Tree{tree.SumFile: nil}, true}, {tree.Tree{"a.yaml": nil}, false}} {
		if got, err := plugin.IsTree(test.files); err != nil || got != test.want {
			t.Errorf("%v: got %t and %v", test.files.Paths(), got, err)
		}
	}
}
