package charts_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"cutover/charts"
)

func TestEveryChartRendersWithItsDefaultsAndEveryValuesFile(t *testing.T) {
	for _, name := range chartNames(t) {
		for file, values := range valuesFiles(t, name) {
			t.Run(name+"/"+file, func(t *testing.T) {
				objects := render(t, name, values)
				if file != "defaults" && len(objects) == 0 {
					t.Fatal("rendered nothing")
				}
				seen := map[string]bool{}
				for i, kind := range kinds(objects) {
					checkObject(t, objects[i])
					id := kind + "/" + namespace(objects[i])
					if seen[id] {
						t.Errorf("%s is rendered twice", id)
					}
					seen[id] = true
				}
			})
		}
	}
}

// namespace is an object's namespace, "" where it has none.
func namespace(object map[string]any) string {
	text, _ := at(object, "metadata", "namespace").(string)
	return text
}

// checkObject holds an object to what all objects of the charts have in common.
func checkObject(t *testing.T, object map[string]any) {
	t.Helper()
	kind := kinds([]map[string]any{object})[0]
	if version, _ := object["apiVersion"].(string); version == "" {
		t.Errorf("%s has no apiVersion", kind)
	}
	if object["kind"] != "Namespace" && namespace(object) == "" {
		t.Errorf("%s has no namespace", kind)
	}
	for _, section := range []string{"labels", "annotations"} {
		if value, there := object["metadata"].(map[string]any)[section]; there && value == nil {
			t.Errorf("%s has an empty %s section", kind, section)
		}
	}
}

func TestLabelsAreOnEveryObjectButThePartialOnes(t *testing.T) {
	want := map[string]any{
		"app.kubernetes.io/instance":   "try",
		"app.kubernetes.io/managed-by": "Helm",
		"app.kubernetes.io/part-of":    "cutover",
	}
	for _, name := range chartNames(t) {
		for file, values := range valuesFiles(t, name) {
			for _, object := range render(t, name, values) {
				if name == "workloads" {
					continue
				}
				labels := at(object, "metadata", "labels")
				for key, value := range want {
					if got := at(labels, key); got != value {
						t.Errorf("%s, %s: %v has %s=%v, want %v", name, file, kinds([]map[string]any{object}), key, got, value)
					}
				}
				if got := at(labels, "app.kubernetes.io/name"); got != name {
					t.Errorf("%s, %s: app.kubernetes.io/name is %v", name, file, got)
				}
				// The operator copies labels onto pods: a chart's version there restarts them.
				owner := object["kind"] == "Kafka" || object["kind"] == "KafkaMirrorMaker2"
				if _, there := labels.(map[string]any)["helm.sh/chart"]; there == owner {
					t.Errorf("%s, %s: helm.sh/chart on a %v: %v", name, file, object["kind"], there)
				}
			}
		}
	}
}

func TestEmptyListsRenderNothing(t *testing.T) {
	for name, values := range map[string]string{
		"topics":      "topics: []",
		"users":       "users: []",
		"workloads":   "workloads: []",
		"sample-apps": "apps: []",
		"operator":    "{distribution: strimzi, watchNamespaces: []}",
	} {
		if objects := render(t, name, values); len(objects) != 0 {
			t.Errorf("%s rendered %v from nothing", name, kinds(objects))
		}
	}
}

func TestRemovalIsGuardedWhereItWouldLoseDataOrCredentials(t *testing.T) {
	const option = "argocd.argoproj.io/sync-options"
	cases := []struct {
		name, chart, values, object string
		want                        map[string]any
	}{
		{
			name: "a Kafka cluster", chart: "kafka", values: "name: freight", object: "Kafka/freight",
			want: map[string]any{option: "Prune=false,Delete=false", "helm.sh/resource-policy": "keep"},
		},
		{
			name: "a topic", chart: "topics", values: "topics: [{name: a, partitions: 1, replicas: 1}]", object: "KafkaTopic/a",
			want: map[string]any{option: "Prune=false,Delete=false", "helm.sh/resource-policy": "keep"},
		},
		{
			name: "a user", chart: "users", values: "users: [{name: a, spec: {}}]", object: "KafkaUser/a",
			want: map[string]any{option: "Prune=false,Delete=false", "helm.sh/resource-policy": "keep"},
		},
		{
			name: "sync options that were given stay", chart: "topics",
			values: "annotations: {" + option + ": ServerSideApply=true, team: freight}\ntopics: [{name: a, partitions: 1, replicas: 1}]",
			object: "KafkaTopic/a",
			want: map[string]any{
				option: "ServerSideApply=true,Prune=false,Delete=false", "helm.sh/resource-policy": "keep", "team": "freight",
			},
		},
		{
			name: "no guard when it is switched off", chart: "kafka", values: "{name: freight, guard: false}", object: "Kafka/freight",
			want: nil,
		},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			object := find(t, render(t, test.chart, test.values), test.object)
			got, _ := at(object, "metadata", "annotations").(map[string]any)
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("annotations are %v, want %v", got, test.want)
			}
		})
	}
}

func TestNumbersAreWrittenOutInFull(t *testing.T) {
	files, err := tryRender(t, "topics", `topics:
- name: a
  partitions: 1000000
  replicas: 3
  config: {retention.ms: 604800000, segment.bytes: 9007199254740991, flush.ms: "9223372036854775807"}`)
	if err != nil {
		t.Fatal(err)
	}
	text := files["topics/templates/topics.yaml"]
	for _, line := range []string{
		"partitions: 1000000", "retention.ms: 604800000", "segment.bytes: 9007199254740991", `flush.ms: "9223372036854775807"`,
	} {
		if !strings.Contains(text, "    "+line+"\n") && !strings.Contains(text, "  "+line+"\n") {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
}

func TestNamesThatLookLikeOtherTypesStayStrings(t *testing.T) {
	names := []string{"on", "1e3", "007", "null", "y"}
	for _, name := range names {
		quoted := `topics: [{name: "` + name + `", topicName: "` + name + `", partitions: 1, replicas: 1}]`
		object := find(t, render(t, "topics", quoted), "KafkaTopic/"+name)
		if got := at(object, "spec", "topicName"); got != name {
			t.Errorf("topicName %q became %#v", name, got)
		}
	}
}

func TestTemplatesUseNothingThatDiffersFromRunToRun(t *testing.T) {
	banned := regexp.MustCompile(`(\{\{-?|\(|\||=|\b(?:if|with|range|and|or|not))\s*(tpl|lookup|now|rand\w+|shuffle|uuidv4|gen[A-Z]\w+|getHostByName|env|expandenv|htpasswd)\b`)
	for _, name := range chartNames(t) {
		paths, err := filepath.Glob(filepath.Join(name, "templates", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if found := banned.Find(text); found != nil {
				t.Errorf("%s uses %q", path, found)
			}
		}
	}
}

func TestEveryFileOfEveryChartIsEmbedded(t *testing.T) {
	for _, name := range chartNames(t) {
		err := filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			onDisk, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			embedded, err := charts.FS.ReadFile(filepath.ToSlash(path))
			if err != nil {
				return err
			}
			if string(embedded) != string(onDisk) {
				t.Errorf("%s differs from what is embedded", path)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
