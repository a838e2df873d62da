package plan

import (
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi"
	"cutover/generator/strimzi/v1beta2"
)

// Kafka is the target's Kafka resource.
type Kafka struct {
	Name, Namespace string
	// API is the whole spec in v1beta2, and Spec the same in plain values.
	API  v1beta2.KafkaSpec
	Spec map[string]any
	// ConfigMaps travel from the source because Spec refers to them.
	ConfigMaps []NamedText
	// Differences are all departures from the converted spec of the source, with reasons.
	Differences []Difference
}

// NamedText is a ConfigMap: a name and its keys.
type NamedText struct {
	Name string
	Data map[string]string
}

// Difference is one place at which the target departs from the source.
type Difference struct {
	// Path is a dotted path into spec.
	Path string
	// Source and Target are the values; nil where one has none.
	Source, Target any
	Reason         string
}

func (p *Plan) decideKafka() finding.List {
	m := p.Migration
	converted, located, findings, err := p.convertKafka()
	if err != nil {
		return asFindings(err)
	}
	spec := newSpec(converted)
	for _, rule := range kafkaRules() {
		findings.Add(rule(p, spec)...)
	}
	spec.patch(m.Target.Kafka)
	findings.Add(checkPlacement(p, spec)...)
	findings.Add(checkAuthorities(p, spec)...)
	finished, departures := p.typeKafka(spec, located)
	findings.Add(departures...)
	p.Kafka = Kafka{
		Name: m.Target.Cluster, Namespace: m.Target.Namespace, API: finished.kafka, Spec: spec.root,
		ConfigMaps: p.travellingConfigMaps(spec), Differences: spec.differences(),
	}
	findings.Add(p.checkKafka(located, finished.lines)...)
	if p.Kafka.Spec, err = finished.values(spec.root); err != nil {
		return append(findings, asFindings(err)...)
	}
	return findings
}

// kafkaRules make the target's spec from the converted one, in this order.
func kafkaRules() []func(*Plan, *spec) finding.List {
	return []func(*Plan, *spec) finding.List{
		dropWhatStays, setVersion, setSize, setStorage, setListeners, setBrokerConfig, setRetention,
		setMessageSize, setPlacement, setMetrics, setCompanions,
	}
}

// convertKafka gives the source's Kafka spec in v1beta2, and the converted document, whose
// lines are those of the source.
func (p *Plan) convertKafka() (map[string]any, document.Document, finding.List, error) {
	source, err := p.Inventory.Kafka.Resource()
	if err != nil {
		return nil, source, nil, err
	}
	conversion, err := strimzi.Convert(source, p.Version)
	if err != nil {
		return nil, source, nil, err
	}
	located := conversion.Objects[len(conversion.Objects)-1]
	converted, _ := document.Value(document.Child(located.Root, "spec")).(map[string]any)
	if converted == nil {
		converted = map[string]any{}
	}
	sortListeners(converted)
	return converted, located, conversion.Findings, nil
}

func asFindings(err error) finding.List {
	return finding.FromOr(err, finding.Finding{Rule: "kafka", Severity: finding.Error, Hint: "correct the source's Kafka resource in the export"})
}

// declares names the field of target from which what a message speaks of has come.
func (p *Plan) declares(message string) string {
	if len(p.Migration.Target.Listeners) > 0 && strings.Contains(message, "spec.kafka.listeners") {
		return "listeners"
	}
	return "kafka"
}

// travellingConfigMaps are those of the source that the target's spec still refers to.
func (p *Plan) travellingConfigMaps(s *spec) []NamedText {
	var travelling []NamedText
	for _, configMap := range p.Inventory.ConfigMaps {
		if s.refersTo(configMap.Name) {
			travelling = append(travelling, NamedText{configMap.Name, configMap.Data})
		}
	}
	return travelling
}

// checkKafka lints the finished spec against the target's version, and looks for ConfigMaps
// that it names and nobody brings. What the source already had wrong is told with its line
// there, and what migration.yaml has wrong with the line by lines, else that of target.kafka.
func (p *Plan) checkKafka(located document.Document, lines map[string]int) finding.List {
	root, err := document.FromValue(map[string]any{
		"apiVersion": strimzi.V1Beta2, "kind": "Kafka",
		"metadata": map[string]any{"name": p.Kafka.Name, "namespace": p.Kafka.Namespace}, "spec": p.Kafka.Spec,
	})
	if err != nil {
		return asFindings(err)
	}
	inSource := strimzi.Lint(located, p.Version)
	findings := strimzi.Lint(document.Document{File: p.Migration.File(), Root: root}, p.Version)
	for i, f := range findings {
		findings[i].Line = p.Migration.Finding("", "", "", "target", p.declares(f.Message)).Line
		if line, declared := lines[f.Message]; declared {
			findings[i].Line = line
			continue
		}
		for _, original := range inSource {
			if original.Rule == f.Rule && original.Message == f.Message {
				findings[i] = original
			}
		}
	}
	brought := map[string]bool{p.Kafka.Name + "-kafka-metrics": true}
	for _, configMap := range p.Kafka.ConfigMaps {
		brought[configMap.Name] = true
	}
	for _, name := range configMapRefs(p.Kafka.Spec) {
		if !brought[name] {
			findings.Add(finding.Finding{Rule: "configmap-missing", Severity: finding.Warning, Object: "ConfigMap " + name,
				Message: "the Kafka spec refers to it, and the export does not hold it", Hint: "add it to the export, or create it on the target by hand before phase 030"})
		}
	}
	return findings
}
