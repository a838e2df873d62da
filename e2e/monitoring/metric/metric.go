// Package metric knows the series that the exporters of a Kafka cluster emit.
package metric

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

// Emitted gives the names in a list of the form of charts/testdata/metrics.yaml.
func Emitted(path string) (map[string]bool, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the test names it
	if err != nil {
		return nil, fmt.Errorf("read the list of metrics: %w", err)
	}
	var list struct {
		JMX    map[string]map[string]string `json:"jmx"`
		Others []struct {
			From  string   `json:"from"`
			Names []string `json:"names"`
		} `json:"others"`
	}
	if err := yaml.UnmarshalStrict(text, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	names := make(map[string]bool)
	for _, series := range list.JMX {
		for name := range series {
			names[name] = true
		}
	}
	for _, origin := range list.Others {
		for _, name := range origin.Names {
			names[name] = true
		}
	}
	return names, nil
}
