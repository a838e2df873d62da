package inventory_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
)

// FuzzRead has anything for an export: it is refused with findings, or gives an inventory
// that reads back as it was written.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/freight/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte(cluster("freight", "kafka", external) + "---\n" + topic("orders", "partitions: 1, replicas: 1, config: {a.b: 1e3}")))
	f.Add([]byte(cluster("freight", "kafka") + "---\n" + app("kafka", env("B", "freight-kafka-bootstrap", "GROUP_ID", "g"))))
	f.Add([]byte(cluster("freight", "kafka") + "---\n" + kafkaUser("u", "{authentication: {type: tls}}") + "---\n" + secret("kafka", "u", "k: v")))
	base := []byte(cluster("base", "kafka"))
	limits := document.Limits{Bytes: 1 << 20, Nodes: 1000}
	f.Fuzz(func(t *testing.T, content []byte) {
		source := inventory.Files{{Name: "base.yaml", Content: base}, {Name: "fuzz.yaml", Content: content}}
		inv, findings, err := inventory.Read(t.Context(), source, inventory.Options{Limits: limits})
		for _, found := range findings {
			if found.Severity == finding.Error {
				t.Errorf("an error among the advice: %+v", found)
			}
		}
		if err != nil {
			if len(finding.From(err)) == 0 {
				t.Errorf("an error without a finding: %v", err)
			}
			return
		}
		written, err := inventory.Marshal(inv)
		if err != nil {
			t.Fatal(err)
		}
		documents, err := document.Read("inventory.yaml", bytes.NewReader(written), document.DefaultLimits())
		if err != nil || len(documents) != 1 {
			t.Fatalf("the inventory cannot be read: %v\n%s", err, written)
		}
		loaded, err := inventory.Load(documents[0])
		if err != nil {
			t.Fatalf("the inventory cannot be loaded: %v\n%s", err, written)
		}
		again, err := inventory.Marshal(loaded)
		if err != nil || !bytes.Equal(written, again) {
			t.Errorf("read back otherwise (%v):\n%s\n%s", err, written, again)
		}
	})
}
