package workspace_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/generator/fetch"
	"cutover/generator/workspace"
)

// vendoredTree is a folder whose migration names its inventory by URL, with a lock for it.
func vendoredTree(t *testing.T) string {
	t.Helper()
	const checksum = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
	migration, err := os.ReadFile("../testdata/small/migration.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lock := fetch.Lock{Locations: []fetch.Locked{{Name: "source.inventory", URL: "https://files.example/export.yaml", Checksum: checksum, Path: "source.inventory/export.yaml", Digest: checksum, Files: 1}}}
	content, err := lock.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"migration.yaml":       strings.Replace(string(migration), "inventory: inventory.yaml", `inventory: {url: "https://files.example/export.yaml", checksum: "`+checksum+`"}`, 1),
		"inventory.yaml":       "kind: Inventory\n",
		"vendor/cutover.lock":  string(content),
		"vendor/source.of/odd": "mine\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestVendoredMissesOnlyWhatTheTreeDoesNotHold(t *testing.T) {
	for name, test := range map[string]struct {
		remove string
		want   []string
	}{
		"the tree holds the inventory itself":       {"vendor/source.of", nil},
		"a folder that nobody fetched":              {"none", []string{"vendor/source.of: the lock does not know it"}},
		"neither the tree nor vendor/ has it":       {"inventory.yaml", []string{"migration.yaml:9: source.inventory: vendor/source.inventory is missing", "vendor/source.of: the lock does not know it"}},
		"there is no vendor/ at all, nor any asked": {"vendor", nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := vendoredTree(t)
			if err := os.RemoveAll(filepath.Join(dir, test.remove)); err != nil {
				t.Fatal(err)
			}
			findings, err := workspace.Vendored(dir)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range findings {
				got = append(got, strings.TrimPrefix(f.Error(), dir+"/"))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
