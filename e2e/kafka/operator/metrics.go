package operator

import (
	"encoding/json"
	"fmt"

	"cutover/e2e/kafka/manifest"
)

// exporter is what a component says of the JMX exporter: rules of its own up to v1beta1, a
// reference to them from v1beta2 on.
type exporter struct {
	Metrics       json.RawMessage `json:"metrics"`
	MetricsConfig struct {
		ValueFrom struct {
			ConfigMapKeyRef struct {
				Name string `json:"name"`
				Key  string `json:"key"`
			} `json:"configMapKeyRef"`
		} `json:"valueFrom"`
	} `json:"metricsConfig"`
}

// ExportMetrics has what the cluster starts from now on run the JMX exporter where its
// resource asks for it. Otherwise none runs: it takes memory that most tests need not spend.
func (c *Cluster) ExportMetrics() { c.exports = true }

// rules are what the JMX exporter of a component is given, "" where none is to run.
func (c *Cluster) rules(e exporter, configMaps []manifest.Object) (string, error) {
	reference := e.MetricsConfig.ValueFrom.ConfigMapKeyRef
	switch {
	case !c.exports:
		return "", nil
	case reference.Name == "":
		return string(e.Metrics), nil // JSON is YAML
	}
	for _, object := range configMaps {
		if object.Metadata.Name != reference.Name {
			continue
		}
		var content struct {
			Data map[string]string `json:"data"`
		}
		if err := object.Decode(&content); err != nil {
			return "", err
		}
		if rules, ok := content.Data[reference.Key]; ok {
			return rules, nil
		}
	}
	return "", fmt.Errorf("metricsConfig refers to key %s of ConfigMap %s, which is not there", reference.Key, reference.Name)
}

func (c *Cluster) mirrorRules(mirror manifest.Object, configMaps []manifest.Object) (string, error) {
	var content struct {
		Spec exporter `json:"spec"`
	}
	if err := mirror.Decode(&content); err != nil {
		return "", err
	}
	return c.rules(content.Spec, configMaps)
}
