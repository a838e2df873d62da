package release_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/release"
)

// chart gives a chart of a few files over the least that Helm asks for.
func chart(files map[string]string) fstest.MapFS {
	all := fstest.MapFS{"Chart.yaml": {Data: []byte("apiVersion: v2\nname: c\nversion: 0.1.0\n")}}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func render(t testing.TB, files map[string]string, values string) ([]byte, error) {
	t.Helper()
	return release.Helm{KubeVersion: "v1.21.0"}.Render(release.Release{Name: "r", Chart: "c", Namespace: "n", Files: chart(files)}, []byte(values))
}

func objects(t testing.TB, stream []byte) []map[string]any {
	t.Helper()
	documents, err := document.Read("stream", bytes.NewReader(stream), document.DefaultLimits())
	if err != nil {
		t.Fatalf("%v\n%s", err, stream)
	}
	var all []map[string]any
	for _, d := range documents {
		object, _ := document.Value(d.Root).(map[string]any)
		all = append(all, object)
	}
	return all
}

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}\ndata:\n  text: {{ .Values.text | quote }}\n"

func TestAReleaseRendersItsTemplates(t *testing.T) {
	content, err := render(t, map[string]string{"templates/a.yaml": configMap, "values.yaml": "text: default\n"}, "text: given\n")
	if err != nil {
		t.Fatal(err)
	}
	got := objects(t, content)
	if len(got) != 1 || fmt.Sprint(got[0]["metadata"]) != "map[name:r namespace:n]" || fmt.Sprint(got[0]["data"]) != "map[text:given]" {
		t.Errorf("got %v", got)
	}
	if !strings.HasPrefix(string(content), "---\n# Source: c/templates/a.yaml\n") {
		t.Errorf("the stream begins with %q", content[:40])
	}
}

func TestValuesOfTheChartStandWhereNoneAreGiven(t *testing.T) {
	content, err := render(t, map[string]string{"templates/a.yaml": configMap, "values.yaml": "text: default\n"}, "{}\n")
	if err != nil || fmt.Sprint(objects(t, content)[0]["data"]) != "map[text:default]" {
		t.Errorf("got %s, %v", content, err)
	}
}

func TestObjectsComeInTheOrderOfTheirKindsAndHooksLast(t *testing.T) {
	object := func(kind, annotations string) string {
		return "apiVersion: v1\nkind: " + kind + "\nmetadata: {name: x, annotations: {" + annotations + "}}\n"
	}
	content, err := render(t, map[string]string{
		"templates/a.yaml": object("KafkaTopic", "") + "---\n" + object("Job", "helm.sh/hook: post-install"), "templates/b.yaml": object("ConfigMap", ""), "templates/c.yaml": object("Namespace", ""),
		"templates/NOTES.txt": "no object: {{ .Release.Name }}", "templates/_helpers.tpl": "{{ define \"x\" }}y{{ end }}", "templates/empty.yaml": "{{ if false }}kind: A{{ end }}\n",
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, o := range objects(t, content) {
		kinds = append(kinds, fmt.Sprint(o["kind"]))
	}
	if got := strings.Join(kinds, " "); got != "Namespace ConfigMap KafkaTopic Job" {
		t.Errorf("got %s", got)
	}
}

func TestNumbersBeyondTheExactOnesSurviveAsText(t *testing.T) {
	template := "apiVersion: v1\nkind: A\nmetadata: {name: x}\nspec:\n  {{- toYaml .Values.config | nindent 2 }}\n"
	values, err := release.Release{Name: "r", Values: map[string]any{"config": map[string]any{
		"long": "9223372036854775807", "beyond": "9007199254740993", "most": int64(9007199254740991), "week": int64(604800000), "large": int32(2147483647), "name": "on", "octal": "012", "exponent": "1e3",
	}}}.ValuesFile()
	if err != nil {
		t.Fatal(err)
	}
	content, err := render(t, map[string]string{"templates/a.yaml": template}, string(values))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := objects(t, content)[0]["spec"].(map[string]any)
	for key, want := range map[string]any{
		"long": "9223372036854775807", "beyond": "9007199254740993", "most": int64(9007199254740991), "week": int64(604800000), "large": int64(2147483647), "name": "on", "octal": "012", "exponent": "1e3",
	} {
		if got[key] != want && fmt.Sprint(got[key]) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v:\n%s", key, got[key], want, content)
		}
	}
	if _, isText := got["name"].(string); !isText {
		t.Errorf("the name became %T", got["name"])
	}
}

func TestChartsSeeTheVersionOfTheTarget(t *testing.T) {
	template := "apiVersion: v1\nkind: A\nmetadata: {name: x}\nspec: {version: {{ .Capabilities.KubeVersion.Version | quote }}, minor: {{ .Capabilities.KubeVersion.Minor | quote }}}\n"
	for _, version := range []string{"v1.11.0", "v1.21.0", "v1.31.0"} {
		t.Run(version, func(t *testing.T) {
			content, err := release.Helm{KubeVersion: version}.Render(release.Release{Name: "r", Chart: "c", Files: chart(map[string]string{"templates/a.yaml": template})}, nil)
			if err != nil {
				t.Fatal(err)
			}
			spec, _ := objects(t, content)[0]["spec"].(map[string]any)
			if spec["version"] != version || spec["minor"] != strings.Split(version, ".")[1] {
				t.Errorf("the chart sees %v", spec)
			}
		})
	}
}

func TestWhatHelmRefusesIsAFindingAboutTheRelease(t *testing.T) {
	for _, test := range []struct {
		name    string
		files   map[string]string
		values  string
		message string
	}{
		{"values that the schema refuses", map[string]string{"values.schema.json": `{"type":"object","properties":{"text":{"type":"string"}},"additionalProperties":false}`}, "text: 5\n", "text"},
		{"values that the schema does not know", map[string]string{"values.schema.json": `{"type":"object","properties":{},"additionalProperties":false}`}, "other: 5\n", "other"},
		{"values that are no YAML", nil, "a: b: c\n", "values.yaml"},
		{"a template that fails", map[string]string{"templates/a.yaml": `{{ fail "say why" }}`}, "", "say why"},
		{"a required value that is missing", map[string]string{"templates/a.yaml": `{{ required "text is needed" .Values.text }}`}, "", "text is needed"},
		{"a template that does not parse", map[string]string{"templates/a.yaml": `{{ if }}`}, "", "a.yaml"},
		{"a cluster that is too old for the chart", map[string]string{"Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\nkubeVersion: '>=1.25.0-0'\n"}, "", "1.25"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := render(t, test.files, test.values)
			found := finding.From(err)
			if len(found) != 1 {
				t.Fatalf("got %v, want one finding", err)
			}
			if f := found[0]; f.Object != "release r" || f.File != "releases/r/values.yaml" || f.Hint == "" || !strings.Contains(f.Message, test.message) {
				t.Errorf("got %+v, want %q", f, test.message)
			}
		})
	}
}

func TestAChartThatIsNoneIsAnErrorThatNamesIt(t *testing.T) {
	_, err := release.Helm{KubeVersion: "v1.21.0"}.Render(release.Release{Name: "r", Chart: "c", Files: fstest.MapFS{"values.yaml": {Data: []byte("{}")}}}, nil)
	if err == nil || !strings.Contains(err.Error(), "release r") || !strings.Contains(err.Error(), "chart c") {
		t.Errorf("got %v", err)
	}
}

func TestRenderingTwiceGivesTheSameBytes(t *testing.T) {
	files := map[string]string{"templates/a.yaml": "{{ range $k, $v := .Values.m }}---\napiVersion: v1\nkind: A\nmetadata: {name: {{ $k }}}\n{{ end }}", "templates/b.yaml": configMap}
	values := "text: x\nm: {c: 1, a: 1, b: 1, e: 1, d: 1}\n"
	first, err := render(t, files, values)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if again, err := render(t, files, values); err != nil || !bytes.Equal(again, first) {
			t.Fatalf("got %s, %v", again, err)
		}
	}
}

func TestCRDsAreGivenApart(t *testing.T) {
	crd := "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b}\n"
	r := release.Release{Name: "r", Chart: "c", Files: chart(map[string]string{"crds/a.yaml": "---\n" + crd, "crds/b.yaml": crd, "templates/a.yaml": configMap})}
	helm := release.Helm{KubeVersion: "v1.21.0"}
	crds, err := helm.CRDs(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := objects(t, crds); len(got) != 2 {
		t.Errorf("got %d CRDs, want 2:\n%s", len(got), crds)
	}
	rendered, err := helm.Render(r, nil)
	if err != nil || len(objects(t, rendered)) != 1 {
		t.Errorf("the manifests hold %s, %v", rendered, err)
	}
}

// A file with several CRDs is one file of many charts.
func TestCRDsOfOneFileAreAllGiven(t *testing.T) {
	crd := "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b}\n"
	crds, err := release.Helm{}.CRDs(release.Release{Name: "r", Chart: "c", Files: chart(map[string]string{"crds/all.yaml": crd + "---\n" + crd})})
	if err != nil || len(objects(t, crds)) != 2 {
		t.Errorf("got %s, %v", crds, err)
	}
}
