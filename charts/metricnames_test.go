package charts_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// knownMetrics is testdata/metrics.yaml.
type knownMetrics struct {
	// JMX gives, for each file of exporter rules, series and the attribute they are made of.
	JMX    map[string]map[string]string
	Others []struct {
		From  string
		Names []string
	}
}

func readMetrics(t *testing.T) knownMetrics {
	t.Helper()
	text, err := os.ReadFile("testdata/metrics.yaml")
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	var known knownMetrics
	if err := decoder.Decode(&known); err != nil {
		t.Fatal(err)
	}
	return known
}

func TestTheExporterRulesMakeTheNamesThatAreKnown(t *testing.T) {
	files := exporterFiles()
	for file, names := range readMetrics(t).JMX {
		config := exporterRules(t, files[file])
		for name, attribute := range names {
			got, _, _ := strings.Cut(config.series(t, attribute), "{")
			if got != name {
				t.Errorf("%s: %s becomes %q, want %s", file, attribute, got, name)
			}
		}
	}
}

func TestRulesNameOnlySeriesThatAnExporterEmits(t *testing.T) {
	known := make(map[string]bool)
	metrics := readMetrics(t)
	for _, names := range metrics.JMX {
		for name := range names {
			known[name] = true
		}
	}
	for _, origin := range metrics.Others {
		if origin.From == "" {
			t.Errorf("%v have no origin", origin.Names)
		}
		for _, name := range origin.Names {
			known[name] = true
		}
	}
	named := regexp.MustCompile(`([a-z_:0-9]+)\{`)
	for _, side := range []string{"source", "target"} {
		all := rules(render(t, "monitoring", inPhase(side, "150")))
		for _, rule := range all {
			if name, is := rule["record"].(string); is {
				known[name] = true
			}
		}
		// A cluster without windows of rest has no such series, and none is missed.
		known["cutover:mirror_rests"], known["cutover:topic_rests"] = true, true
		for _, rule := range all {
			for _, found := range named.FindAllStringSubmatch(rule["expr"].(string), -1) {
				if !known[found[1]] {
					t.Errorf("no exporter emits %s, which is in %s", found[1], rule["expr"])
				}
			}
		}
	}
}
