package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheSameNumbersGiveTheSameInventory(t *testing.T) {
	var first, second strings.Builder
	writeInventory(&first, 500, 50)
	writeInventory(&second, 500, 50)
	if first.String() != second.String() {
		t.Error("two inventories of the same size differ")
	}
}

func TestTheInventoryHasAsManyTopicsAndUsersAsAskedFor(t *testing.T) {
	var out strings.Builder
	writeInventory(&out, 500, 50)
	if got := strings.Count(out.String(), "  seen:\n"); got != 500 {
		t.Errorf("it has %d topics, want 500", got)
	}
	if got := strings.Count(out.String(), "\n  secret: "); got != 50 {
		t.Errorf("it has %d users, want 50", got)
	}
}

func TestTopicNamesAreUniqueAndKafkaTakesThem(t *testing.T) {
	seen := make(map[string]bool)
	for i := range 20_000 {
		name := topicName(i)
		if seen[name] {
			t.Fatalf("topic %d: the name %s comes twice", i, name)
		}
		if len(name) > 249 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
			t.Fatalf("topic %d: Kafka refuses the name %s", i, name)
		}
		seen[name] = true
	}
}

func TestACommandIsMeasuredAndItsOutputChecked(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	tests := []struct {
		name, script, want string
		topics             int
	}{
		{"a command that gives what it should", "echo 'kind: KafkaTopic'; sleep 0.05", "", 1},
		{"a command that gives too little", "true", "holds 0 KafkaTopics, want 1", 1},
		{"a command that fails", "echo broken >&2; exit 3", "broken", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := measured{name: "sh", args: []string{"-c", test.script}, out: out, topics: test.topics}
			c, err := m.best(context.Background(), 2)
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error is %v, want %q", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.Seconds < 0.05 || c.Mebibytes <= 0 || c.Runs != 2 {
				t.Errorf("cost is %+v", *c)
			}
		})
	}
}

func TestEveryPhaseIsReached(t *testing.T) {
	tree := t.TempDir()
	files := map[string]string{
		"overlays/000-a/gate.yaml":           "kind: Gate\ncluster: source\n",
		"overlays/010-b/gate.yaml":           "kind: Gate\ncluster: target\n",
		"overlays/020-c/gate.yaml":           "kind: Gate\ncluster: target\n",
		"overlays/080-return/gate.yaml":      "kind: Gate\ncluster: target\nreturns: true\n",
		"clusters/source/kustomization.yaml": "components:\n",
		"clusters/target/kustomization.yaml": "components:\n",
	}
	for name, content := range files {
		path := filepath.Join(tree, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := reachAll(tree); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(tree, "clusters/target/kustomization.yaml"))
	if want := "components:\n- ../../overlays/010-b\n- ../../overlays/020-c\n"; err != nil || string(content) != want {
		t.Errorf("the target's pointer is %q, want %q (%v)", content, want, err)
	}
}

func TestThePageSaysWhatWasMeasured(t *testing.T) {
	r := report{Machine: description{OS: "linux", Architecture: "amd64", Cores: 2, Go: "go1", Helm: "v3", Kustomize: "v5"}, Rows: []row{
		{Topics: 1000, Users: 100, Generate: &cost{1, 10, 3}, Render: &cost{0.5, 20, 3}, Helm: &cost{2, 30, 3}, Kustomize: &cost{50, 40, 3}},
		{Topics: 20000, Users: 2000, Generate: &cost{20, 100, 3}, Render: &cost{5, 200, 3}, Helm: &cost{40, 300, 3}},
	}}
	page := r.markdown()
	for _, want := range []string{
		"| 1,000 | 100 | 1.00 s, 10 MiB | 0.50 s, 20 MiB | 2.00 s, 30 MiB | 50.00 s, 40 MiB | 100× |",
		"| 20,000 | 2,000 | 20.00 s, 100 MiB | 5.00 s, 200 MiB | 40.00 s, 300 MiB | – | – |",
		"20 times as many, generate takes 20.0 times as long and render 10.0 times",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}

func TestFlagsThatMakeNoSenseAreRefused(t *testing.T) {
	for _, args := range [][]string{{"-sizes", "many"}, {"-sizes", "5"}, {"-runs", "0"}, {"extra"}, {"-unknown"}} {
		if _, err := parse(args); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}
