package java

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestTheModuleIsThatOfTheMinorVersion(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"kafka-2.4.1", "kafka-2.8.0", "connect-2.8.2", "java"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ product, version, module string }{
		{"kafka", "2.4.0", "kafka-2.4.1"},
		{"kafka", "2.8.0", "kafka-2.8.0"},
		{"connect", "2.8.0", "connect-2.8.2"},
		{"kafka", "2.80.0", ""},
		{"connect", "2.4.0", ""},
		{"kafka", "2", ""},
	} {
		module, err := Runtime{folder}.Module(test.product, test.version)
		if module != test.module || (err == nil) != (test.module != "") {
			t.Errorf("Module(%s, %s) is %q, %v; want %q", test.product, test.version, module, err, test.module)
		}
	}
}

func TestPropertiesKeepBackslashesAndOrder(t *testing.T) {
	got := render(map[string]string{"topics.exclude": `.*[\-\.]internal`, "group.id": "a"})
	if want := "group.id=a\ntopics.exclude=.*[\\\\-\\\\.]internal\n"; got != want {
		t.Errorf("render is %q, want %q", got, want)
	}
}

func TestOptionsAreHeapSizesOnly(t *testing.T) {
	got := Options(map[string]any{"-Xmx": "256m", "-Xms": "64m", "gcLoggingEnabled": true, "-XX": map[string]any{"UseG1GC": "true"}})
	if want := []string{"-Xms64m", "-Xmx256m"}; !slices.Equal(got, want) {
		t.Errorf("Options are %q, want %q", got, want)
	}
}

func TestAnAgentIsAskedForByAnOptionAndKeepsItsRules(t *testing.T) {
	folder := t.TempDir()
	jar := filepath.Join(folder, "jmx-exporter", "agent-1.jar")
	if err := os.Mkdir(filepath.Dir(jar), 0o700); err != nil {
		t.Fatal(err)
	}
	program := Program{Name: "broker-0", Folder: folder, Agent: &Agent{Port: 20001, Rules: "rules: []\n"}}
	if _, err := (Runtime{folder}).option(program); err == nil {
		t.Error("an agent without a jar is started")
	}
	if err := os.WriteFile(jar, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	option, err := Runtime{folder}.option(program)
	rules := filepath.Join(folder, "broker-0.metrics.yaml")
	if want := "-javaagent:" + jar + "=127.0.0.1:20001:" + rules; err != nil || option != want {
		t.Errorf("option is %q, %v; want %q", option, err, want)
	}
	if text, err := os.ReadFile(rules); err != nil || string(text) != program.Agent.Rules {
		t.Errorf("its rules are %q, %v", text, err)
	}
	if agent, err := NewAgent(""); agent != nil || err != nil || agent.Address() != "" {
		t.Errorf("without rules there is an agent %v, %v", agent, err)
	}
}
