package conformance_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestGeneratingAgainChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, p product, v variant) {
		example := p.example(t, v)
		tree := p.generate(t, example)
		all := phases(t, tree)
		for _, next := range all[:len(all)/2] {
			advance(t, tree, next)
		}
		before := snapshot(t, tree)
		tests := []struct {
			name string
			args []string
		}{
			{"from the example", []string{"generate", example, "--out", tree}},
			{"within the tree", []string{"generate", tree}},
			{"within the tree, named as its own output", []string{"generate", tree, "--out", tree}},
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				run(t, filepath.Dir(example), p.cutover, test.args...)
				if files := changed(before, snapshot(t, tree)); len(files) > 0 {
					t.Errorf("it changes %q", files)
				}
			})
		}
		t.Run("into another folder, from the tree", func(t *testing.T) {
			other := p.generate(t, tree)
			want := []string{"clusters/source/kustomization.yaml", "clusters/target/kustomization.yaml"}
			if files := changed(before, snapshot(t, other)); !slices.Equal(files, want) {
				t.Errorf("it differs in %q, want the phases reached alone", files)
			}
		})
	})
}

const oneTopicMore = `- apiVersion: kafka.strimzi.io/v1beta1
  kind: KafkaTopic
  metadata:
    labels: {strimzi.io/cluster: freight}
    name: conformance.one-more
    namespace: freight-kafka
  spec:
    config: {retention.ms: 9007199254740993}
    partitions: 2
    replicas: 3
`

const oneTopicMoreDescribed = "Topic: conformance.one-more\tPartitionCount: 2\tReplicationFactor: 3\tConfigs: retention.ms=9007199254740993\n" +
	"\tTopic: conformance.one-more\tPartition: 0\tLeader: 0\tReplicas: 0,1,2\tIsr: 0,1,2\n" +
	"\tTopic: conformance.one-more\tPartition: 1\tLeader: 1\tReplicas: 1,2,0\tIsr: 1,2,0\n"

func TestOneTopicMoreChangesWhatNamesTopicsAlone(t *testing.T) {
	p := tools(t)
	example := p.example(t, newest())
	tree := p.generate(t, example)
	before := snapshot(t, tree)

	topics := filepath.Join(example, "export", "kafkatopics.yaml")
	text := read(t, topics)
	if !strings.Contains(text, "items:\n") {
		t.Fatal("export/kafkatopics.yaml is no List")
	}
	write(t, topics, strings.Replace(text, "items:\n", "items:\n"+oneTopicMore, 1))
	described := filepath.Join(example, "export", "topics.txt")
	write(t, described, oneTopicMoreDescribed+read(t, described))
	run(t, filepath.Dir(example), p.cutover, "generate", example, "--out", tree)

	after := snapshot(t, tree)
	// The gates of three phases ask each topic by its name.
	want := []string{".cutover.sum", "README.md", "inventory.yaml", "overlays/070-rehearse-start/kustomization.yaml",
		"overlays/900-mirror-stop/kustomization.yaml", "overlays/905-mirror-remove/kustomization.yaml", "releases/target-topics/manifests.yaml", "releases/target-topics/values.yaml"}
	if got := changed(before, after); !slices.Equal(got, want) {
		t.Errorf("it changes %q\nwant %q", got, want)
	}
	for id, object := range parse(t, after["releases/target-topics/manifests.yaml"]) {
		if id.Name == "conformance.one-more" {
			if got := fmt.Sprint(at(object.JSON(), []string{"spec", "config", "retention.ms"})); got != "9007199254740993" {
				t.Errorf("its retention.ms is %v, want it exactly as it was exported", got)
			}
			return
		}
	}
	t.Error("the topic is not in the manifests")
}

func TestValidateTellsByItsExitCode(t *testing.T) {
	p := tools(t)
	tests := []struct {
		name   string
		change func(t *testing.T, example string)
		after  func(t *testing.T, tree string)
		code   int
		says   string
	}{
		{name: "0 where every finding is accepted", says: "is valid"},
		{name: "2 where a finding is open", change: openFinding, code: 2, says: "topic-across-batches"},
		{name: "2 where a file was edited by hand", after: func(t *testing.T, tree string) {
			file := filepath.Join(tree, "releases", "target-kafka", "manifests.yaml")
			write(t, file, strings.Replace(read(t, file), "replicas: 3", "replicas: 4", 1))
		}, code: 2, says: "releases/target-kafka/manifests.yaml"},
		{name: "2 where a file is not valid YAML", after: func(t *testing.T, tree string) {
			write(t, pointer(tree, "target"), "resources: [")
		}, code: 2, says: "clusters/target/kustomization.yaml"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			example := p.example(t, newest())
			if test.change != nil {
				test.change(t, example)
			}
			tree := p.generate(t, example)
			if test.after != nil {
				test.after(t, tree)
			}
			r := try(t, tree, p.cutover, "validate", ".")
			if r.code != test.code || !strings.Contains(r.stdout+r.stderr, test.says) {
				t.Errorf("exit code %d, want %d and %q\n%s%s", r.code, test.code, test.says, r.stderr, r.stdout)
			}
		})
	}
}

// openFinding takes the acceptance of one finding out of migration.yaml.
func openFinding(t *testing.T, example string) {
	t.Helper()
	file := filepath.Join(example, "migration.yaml")
	var root yaml.Node
	decode(t, read(t, file), &root)
	accept := child(root.Content[0], "accept")
	if accept == nil {
		t.Fatal("the example accepts no finding")
	}
	count := len(accept.Content)
	accept.Content = slices.DeleteFunc(accept.Content, func(entry *yaml.Node) bool {
		rule := child(entry, "rule")
		return rule != nil && rule.Value == "topic-across-batches"
	})
	if len(accept.Content) != count-1 {
		t.Fatalf("the example accepts topic-across-batches %d times, want once", count-len(accept.Content))
	}
	content, err := yaml.Marshal(&root)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, string(content))
}
