package operator

import (
	"strings"
	"testing"

	"cutover/e2e/kafka/manifest"
)

const exporters = `
kind: ConfigMap
metadata: {name: metrics}
data: {rules.yml: "rules: []"}
---
kind: KafkaMirrorMaker2
metadata: {name: referring}
spec: {metricsConfig: {valueFrom: {configMapKeyRef: {name: metrics, key: rules.yml}}}}
---
kind: KafkaMirrorMaker2
metadata: {name: inline}
spec: {metrics: {rules: [{pattern: a}]}}
---
kind: KafkaMirrorMaker2
metadata: {name: without}
spec: {}
---
kind: KafkaMirrorMaker2
metadata: {name: dangling}
spec: {metricsConfig: {valueFrom: {configMapKeyRef: {name: metrics, key: other.yml}}}}
`

func TestRulesOfTheExporterStandInTheResourceOrInAConfigMap(t *testing.T) {
	objects, err := manifest.Parse([]byte(exporters))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"rules: []", `{"rules":[{"pattern":"a"}]}`, ""} {
		c := &Cluster{}
		if got, err := c.mirrorRules(objects[i+1], objects[:1]); err != nil || got != "" {
			t.Errorf("%s: without being asked for, rules are %q, %v", objects[i+1].Metadata.Name, got, err)
		}
		c.ExportMetrics()
		if got, err := c.mirrorRules(objects[i+1], objects[:1]); err != nil || got != want {
			t.Errorf("%s: rules are %q, %v; want %q", objects[i+1].Metadata.Name, got, err, want)
		}
	}
	c := &Cluster{exports: true}
	if _, err := c.mirrorRules(objects[4], objects[:1]); err == nil || !strings.Contains(err.Error(), "other.yml") {
		t.Errorf("a key that is missing gives %v", err)
	}
}
