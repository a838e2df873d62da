package release

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/plan"
)

// Alert is an alert of the monitoring chart, in words for people: where the chart puts in
// what it watches, the text says "the cluster" or "the mirror".
type Alert struct {
	Name, Severity string
	// Sides are the clusters on which it may fire, the source first.
	Sides                        []plan.Side
	Summary, Description, Action string
}

// ruleFile is a file of the chart's rules, as far as alerts go.
type ruleFile struct {
	Groups []struct {
		Rules []struct {
			Alert       string
			Labels      map[string]string
			Annotations map[string]string
		}
	}
}

// Alerts reads the alerts of the monitoring chart, in the order of its files. One that has
// different words on source and target is there twice.
func Alerts(charts fs.FS) ([]Alert, error) {
	const folder = "monitoring/files/rules/"
	paths, err := fs.Glob(charts, folder+"*.yaml")
	if err != nil {
		return nil, fmt.Errorf("monitoring chart: %w", err)
	}
	var all []Alert
	for _, path := range paths {
		content, err := fs.ReadFile(charts, path)
		if err != nil {
			return nil, fmt.Errorf("monitoring chart: %w", err)
		}
		var file ruleFile
		if err := yaml.Unmarshal(content, &file); err != nil {
			return nil, fmt.Errorf("monitoring chart: %s: %w", path, err)
		}
		sides := sidesOf(strings.TrimPrefix(path, folder))
		for _, group := range file.Groups {
			for _, rule := range group.Rules {
				if rule.Alert != "" {
					text := func(key string) string { return inWords(rule.Annotations[key]) }
					all = append(all, Alert{rule.Alert, rule.Labels["severity"], sides, text("summary"), text("description"), text("action")})
				}
			}
		}
	}
	return all, nil
}

// sidesOf tells which clusters a file of rules is about: the mirror runs on the target.
func sidesOf(file string) []plan.Side {
	switch file {
	case "migration-source.yaml":
		return []plan.Side{plan.Source}
	case "migration-target.yaml", "mirror-maker2.yaml", "cruise-control.yaml":
		return []plan.Side{plan.Target}
	}
	return plan.Sides()
}

var (
	labelText = regexp.MustCompile(`\{\{\s*\$labels\.(\w+)\s*\}\}`)
	valueText = regexp.MustCompile(`\{\{\s*\$value[^}]*\}\}`)
)

// inWords takes the chart's and Prometheus's variables out of a text.
func inWords(text string) string {
	text = strings.NewReplacer("$namespace/$cluster", "the cluster", "$namespace/$mirror", "the mirror", "$operatorNamespace", "the operator's namespace",
		"KafkaMirrorMaker2 $mirror", "the KafkaMirrorMaker2", "$cluster", "CLUSTER", "$mirror", "MIRROR", "$namespace", "NAMESPACE").Replace(text)
	words := map[string]string{"kubernetes_pod_name": "POD", "consumergroup": "GROUP", "persistentvolumeclaim": "CLAIM"}
	text = labelText.ReplaceAllStringFunc(text, func(match string) string {
		name := labelText.FindStringSubmatch(match)[1]
		if word, ok := words[name]; ok {
			return word
		}
		return strings.ToUpper(name)
	})
	return valueText.ReplaceAllString(text, "N")
}

// ByName puts alerts of one name together, in the order of names.
func ByName(alerts []Alert) [][]Alert {
	var all [][]Alert
	sorted := slices.Clone(alerts)
	slices.SortStableFunc(sorted, func(a, b Alert) int { return strings.Compare(a.Name, b.Name) })
	for _, alert := range sorted {
		if n := len(all); n > 0 && all[n-1][0].Name == alert.Name {
			all[n-1] = append(all[n-1], alert)
			continue
		}
		all = append(all, []Alert{alert})
	}
	return all
}
