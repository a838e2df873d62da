package workspace_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutover/generator"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/tree"
	"cutover/generator/workspace"
)

// folder writes generator/testdata/small to a folder of its own, with files changed: content
// to write, or nothing to remove.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"migration.yaml", "inventory.yaml"} {
		content, err := os.ReadFile(filepath.Join("../testdata/small", name))
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, name), string(content))
	}
	for name, content := range files {
		put(t, filepath.Join(dir, name), content)
	}
	return dir
}

func put(t testing.TB, path, content string) {
	t.Helper()
	if content == "" {
		_ = os.Remove(path)
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// migration gives the small migration with parts replaced.
func migration(t testing.TB, pairs ...string) string {
	t.Helper()
	content, err := os.ReadFile("../testdata/small/migration.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the migration has no %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func load(t testing.TB, dir, out string) generator.Input {
	t.Helper()
	in, err := workspace.Load(context.Background(), dir, out)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func refuse(t testing.TB, dir string) finding.Finding {
	t.Helper()
	_, err := workspace.Load(context.Background(), dir, "")
	found := finding.From(err)
	if len(found) != 1 {
		t.Fatalf("got %v, want one finding", err)
	}
	if found[0].Hint == "" || found[0].File == "" {
		t.Errorf("the finding says too little: %+v", found[0])
	}
	return found[0]
}

func TestAFolderHoldsEverythingThatIsGeneratedFrom(t *testing.T) {
	in := load(t, folder(t, nil), "")
	if in.Migration.Metadata.Name != "small" || in.Inventory.Kafka.Name != "old" || string(in.MigrationFile) != migration(t) || in.Sources.Charts == nil || in.Overlays == nil || len(in.Pointers) > 0 {
		t.Errorf("got %+v", in)
	}
}

func TestTheInventoryIsFoundWhereTheMigrationSays(t *testing.T) {
	inventory, err := os.ReadFile("../testdata/small/inventory.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const kafka = "apiVersion: kafka.strimzi.io/v1beta1\nkind: Kafka\nmetadata: {name: old, namespace: kafka}\nspec: {kafka: {replicas: 3, listeners: {plain: {}}, storage: {type: ephemeral}}, zookeeper: {replicas: 3, storage: {type: ephemeral}}}\n"
	for name, files := range map[string]map[string]string{
		"inventory.yaml where it says nothing": {"migration.yaml": migration(t, "  inventory: inventory.yaml\n", "")},
		"a file of another name":               {"migration.yaml": migration(t, "inventory: inventory.yaml", "inventory: sub/found.yaml"), "sub/found.yaml": string(inventory), "inventory.yaml": ""},
		"a folder of exported manifests":       {"migration.yaml": migration(t, "inventory: inventory.yaml", "inventory: export"), "export/kafka.yaml": kafka, "inventory.yaml": ""},
		"one file of exported manifests":       {"migration.yaml": migration(t, "inventory: inventory.yaml", "inventory: all.yaml"), "all.yaml": kafka, "inventory.yaml": ""},
	} {
		t.Run(name, func(t *testing.T) {
			if in := load(t, folder(t, files), ""); in.Inventory.Kafka.Name != "old" || in.Inventory.Kafka.Brokers != 3 {
				t.Errorf("got %+v", in.Inventory.Kafka)
			}
		})
	}
}

func TestWhatCannotBeReadIsAFinding(t *testing.T) {
	const runner = "  source: {kind: DeploymentConfig, namespace: apps}"
	withManifests := func(text string) map[string]string {
		return map[string]string{"migration.yaml": migration(t, runner, runner+"\n  target: {kind: Deployment, namespace: apps, manifests: app.yaml}"), "app.yaml": text}
	}
	strimzi := migration(t, "amq-streams\n", "strimzi\n", `"1.8"`, `"0.24"`, "  olm:\n    channel: amq-streams-1.8.x\n    startingCSV: amqstreams.v1.8.4\n", "  operatorChart: chart\n")
	for _, test := range []struct {
		name, message string
		files         map[string]string
	}{
		{"no migration.yaml", "no such file", map[string]string{"migration.yaml": ""}},
		{"a migration with a fault", "unknown field", map[string]string{"migration.yaml": migration(t, "retire:", "retired:")}},
		{"no inventory", "no such file", map[string]string{"inventory.yaml": ""}},
		{"an inventory with a fault", "unknown field", map[string]string{"inventory.yaml": "apiVersion: cutover/v1alpha1\nkind: Inventory\nkafca: {}\n"}},
		{"an inventory that is no YAML", "mapping values", map[string]string{"inventory.yaml": "apiVersion: cutover/v1alpha1\nkind: Inventory\na: b: c\n"}},
		{"manifests that are not there", "no such file", withManifests("")},
		{"manifests with two objects", "holds 2 objects", withManifests("apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\napiVersion: v1\nkind: B\nmetadata: {name: b}\n")},
		{"manifests without a kind", "kind is missing", withManifests("apiVersion: v1\nmetadata: {name: a}\n")},
		{"manifests with a name that is a boolean", "on", withManifests("apiVersion: v1\nkind: A\nmetadata: {name: on}\n")},
		{"an operator chart that is none", "Chart.yaml", map[string]string{"migration.yaml": strimzi, "chart/README.md": "x"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if f := refuse(t, folder(t, test.files)); !strings.Contains(f.Message, test.message) {
				t.Errorf("got %+v, want %q", f, test.message)
			}
		})
	}
}

// What a migration names stays within its folder, also where a link leads out of it.
func TestLinksThatLeaveTheFolderAreRefused(t *testing.T) {
	outside := t.TempDir()
	inventory, err := os.ReadFile("../testdata/small/inventory.yaml")
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(outside, "inventory.yaml"), string(inventory))
	put(t, filepath.Join(outside, "app.yaml"), "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: appxv1}\n")
	const runner = "  source: {kind: DeploymentConfig, namespace: apps}"
	for _, test := range []struct{ name, migration, link, to string }{
		{"of the inventory", migration(t), "inventory.yaml", "inventory.yaml"},
		{"of a folder on the way", migration(t, "inventory: inventory.yaml", "inventory: sub/inventory.yaml"), "sub", ""},
		{"of a workload's manifests", migration(t, runner, runner+"\n  target: {kind: Deployment, namespace: apps, manifests: app.yaml}"), "app.yaml", "app.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t, map[string]string{"migration.yaml": test.migration})
			link := filepath.Join(dir, test.link)
			_ = os.Remove(link)
			if err := os.Symlink(filepath.Join(outside, test.to), link); err != nil {
				t.Skip("this file system has no links")
			}
			if _, err := workspace.Load(context.Background(), dir, ""); err == nil {
				t.Error("it is read from outside the folder")
			}
		})
	}
}

func TestThePhasesReachedAreKept(t *testing.T) {
	out := t.TempDir()
	pointer := string(overlay.NewPointer(plan.Target, "020-target-operator"))
	put(t, filepath.Join(out, overlay.PointerPath(plan.Target)), pointer)
	if in := load(t, folder(t, nil), out); len(in.Pointers) > 0 {
		t.Error("a folder that holds no tree was taken for one")
	}
	put(t, filepath.Join(out, tree.SumFile), "x\n")
	in := load(t, folder(t, nil), out)
	if string(in.Pointers[plan.Target]) != pointer || in.Pointers[plan.Source] != nil {
		t.Errorf("got %q", in.Pointers)
	}
}

func TestWhatIsToBeVendoredIsListed(t *testing.T) {
	dir := folder(t, map[string]string{"migration.yaml": migration(t, "inventory: inventory.yaml", "inventory: {url: \"https://a.example/export.tar.gz\", checksum: \"sha256:"+strings.Repeat("a", 64)+"\"}")})
	_, m, err := workspace.Migration(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, request := range workspace.Requests(m) {
		names = append(names, request.Name+" "+request.Location.URL)
	}
	if want := []string{"source.inventory https://a.example/export.tar.gz"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if f := refuse(t, dir); !strings.Contains(f.Hint, "vendor") {
		t.Errorf("without vendoring: got %+v", f)
	}
}

func TestACancelledLoadEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := folder(t, map[string]string{"migration.yaml": migration(t, "inventory: inventory.yaml", "inventory: export"), "export/kafka.yaml": "kind: A\n"})
	if _, err := workspace.Load(ctx, dir, ""); err == nil {
		t.Error("it went on")
	}
}
