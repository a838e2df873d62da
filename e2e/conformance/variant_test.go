package conformance_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"
)

// variant is one target that the example can move to.
type variant struct {
	distribution, version string
	// strimzi is the Strimzi release that the version is built on, whose CRDs the target has.
	strimzi string
}

// sourceStrimzi is the Strimzi release of the example's source, AMQ Streams 1.4.
const sourceStrimzi = "0.17.0"

func variants() []variant {
	return []variant{
		{"amq-streams", "1.7", "0.22.1"},
		{"amq-streams", "1.8", "0.24.0"},
		{"strimzi", "0.22", "0.22.1"},
		{"strimzi", "0.24", "0.24.0"},
	}
}

// newest is the variant for tests that need only one.
func newest() variant { return variants()[1] }

func (v variant) String() string { return v.distribution + " " + v.version }

// each runs a test for every variant, several at a time.
func each(t *testing.T, test func(t *testing.T, p product, v variant)) {
	t.Helper()
	p := tools(t)
	for _, v := range variants() {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			test(t, p, v)
		})
	}
}

// example copies examples/freight into a folder of the test's own, with the variant's
// distribution and version written into migration.yaml. Strimzi's operator chart is the
// stand-in of testdata.
func (p product) example(t *testing.T, v variant) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "freight")
	copyTree(t, filepath.Join(p.repository, "examples", "freight"), dir)
	file := filepath.Join(dir, "migration.yaml")
	editMigration(t, file, func(target *yaml.Node) {
		set(target, "distribution", v.distribution)
		set(target, "version", v.version)
		if v.distribution == "strimzi" {
			remove(target, "olm")
			set(target, "operatorChart", "stand-in-operator")
		}
	})
	if v.distribution == "strimzi" {
		copyTree(t, filepath.Join("testdata", "stand-in-operator"), filepath.Join(dir, "stand-in-operator"))
	}
	return dir
}

// generate writes the tree of an example's folder into a new folder.
func (p product) generate(t *testing.T, example string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "tree")
	run(t, filepath.Dir(example), p.cutover, "generate", example, "--out", out)
	return out
}

// tree generates the variant.
func (p product) tree(t *testing.T, v variant) string {
	t.Helper()
	return p.generate(t, p.example(t, v))
}

// mirroredBack generates the variant with a reverse mirror on its way back.
func (p product) mirroredBack(t *testing.T, v variant) string {
	t.Helper()
	example := p.example(t, v)
	file := filepath.Join(example, "migration.yaml")
	write(t, file, read(t, file)+"\nrollback:\n  reverseMirror: true\n")
	return p.generate(t, example)
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// editMigration changes the target of a migration.yaml, and leaves everything else as
// it is.
func editMigration(t *testing.T, file string, edit func(target *yaml.Node)) {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(read(t, file)), &root); err != nil {
		t.Fatal(err)
	}
	target := child(root.Content[0], "target")
	if target == nil {
		t.Fatalf("%s has no target", file)
	}
	edit(target)
	var content bytes.Buffer
	if err := yaml.NewEncoder(&content).Encode(&root); err != nil {
		t.Fatal(err)
	}
	write(t, file, content.String())
}

func child(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

func set(mapping *yaml.Node, key, value string) {
	node := child(mapping, key)
	if node == nil {
		node = &yaml.Node{}
		mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, node)
	}
	*node = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: value}
}

func remove(mapping *yaml.Node, key string) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content = append(mapping.Content[:i], mapping.Content[i+2:]...)
			return
		}
	}
}
