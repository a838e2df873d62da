package inventory_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and read the difference\ngot:\n%s", path, got)
	}
}

func readFreight(t *testing.T) (inventory.Inventory, finding.List) {
	t.Helper()
	inv, findings, err := inventory.Read(t.Context(), inventory.Paths{Names: []string{"testdata/freight"}}, inventory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return inv, findings
}

func TestAnExportBecomesTheInventoryThatItShows(t *testing.T) {
	inv, findings := readFreight(t)
	content, err := inventory.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "freight.golden.yaml", content)
	var lines strings.Builder
	for _, f := range findings {
		lines.WriteString(string(f.Severity) + " " + f.Rule + ": " + f.Error() + "\n")
	}
	golden(t, "freight.findings.golden", []byte(lines.String()))
}

func TestAnInventoryReadsBackAsItWasWritten(t *testing.T) {
	inv, _ := readFreight(t)
	content, err := inventory.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := document.Read("inventory.yaml", bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := inventory.Load(documents[0])
	if err != nil {
		t.Fatal(err)
	}
	again, err := inventory.Marshal(loaded)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(content, again) {
		t.Error("the second writing differs from the first")
	}
	if loaded.Kafka.Document.File != "inventory.yaml" || loaded.Kafka.Document.Line() == 0 {
		t.Errorf("the Kafka resource does not remember its place: %+v", loaded.Kafka.Document)
	}
	inv.Kafka.Document, loaded.Kafka.Document = document.Document{}, document.Document{}
	if !reflect.DeepEqual(inv, loaded) {
		t.Errorf("read back:\n%+v\nwritten:\n%+v", loaded, inv)
	}
}

func TestTheOrderOfTheFilesDoesNotMatter(t *testing.T) {
	names, err := filepath.Glob("testdata/freight/*")
	if err != nil {
		t.Fatal(err)
	}
	var written [2][]byte
	for i := range written {
		inv, _, err := inventory.Read(t.Context(), inventory.Paths{Names: names}, inventory.Options{Cluster: "freight", Namespace: "kafka"})
		if err != nil {
			t.Fatal(err)
		}
		if written[i], err = inventory.Marshal(inv); err != nil {
			t.Fatal(err)
		}
		slices.Reverse(names)
	}
	if !bytes.Equal(written[0], written[1]) {
		t.Error("files in reverse order give another inventory")
	}
}

func TestNoSecretValueReachesAnyOutput(t *testing.T) {
	inv, findings := readFreight(t)
	content, err := inventory.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	output := string(content)
	for _, f := range findings {
		output += f.Error() + f.Hint
	}
	for _, value := range []string{
		"s3cr3t-booking", "czNjcjN0LWJvb2tpbmc", "certificate-billing", "Y2VydGlmaWNhdGUtYmlsbGluZw", "key-billing", "a2V5LWJpbGxpbmc",
		"hunter2", "aHVudGVyMi1odW50ZXIy", "jdbc:postgresql", "amRiYzpwb3N0Z3Jlc3FsOi8vZGI", "never-seen", "bmV2ZXItc2Vlbg", "default-token",
	} {
		if strings.Contains(output, value) {
			t.Errorf("%q appears in the output", value)
		}
	}
}
