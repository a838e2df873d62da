// Package runbook writes the README.md of a migration: what moves, in which steps, what
// must hold before each, what differs from the source and why, and the way back. It is
// made of the plan alone, so that it never says anything else than the tree does.
package runbook

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/plan"
	"cutover/generator/release"
)

//go:embed runbook.md.tmpl
var text string

// view is what the template sees beside the plan.
type view struct {
	*plan.Plan
	Findings finding.List
	// Gaps are the gates that the inventory's evidence cannot prove.
	Gaps []inventory.Gap
	// Alerts are those of the monitoring chart, by name: each links to its heading here.
	Alerts [][]release.Alert
}

// Write gives the runbook of a plan, the findings that its generation made, and the alerts
// that watch it.
func Write(p *plan.Plan, findings finding.List, alerts []release.Alert) ([]byte, error) {
	parsed, err := template.New("runbook").Option("missingkey=error").Funcs(template.FuncMap{
		"cell": cell, "brief": brief, "join": func(list []string) string { return strings.Join(list, ", ") },
		"parity": parity, "configParity": configParity, "tiers": tiersPicture, "phases": phasesPicture, "retention": retention, "topicNote": topicNote,
	}).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("runbook template: %w", err)
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, view{p, findings, inventory.Unprovable(p.Inventory), release.ByName(alerts)}); err != nil {
		return nil, fmt.Errorf("runbook: %w", err)
	}
	return out.Bytes(), nil
}

// cell makes text safe in a Markdown table.
func cell(value any) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(fmt.Sprint(value))
}

const briefest = 120

// brief gives a value of a spec in one short line of code.
func brief(value any) string {
	if value == nil {
		return "–"
	}
	line := fmt.Sprint(value)
	switch value.(type) {
	case map[string]any, []any:
		content, err := document.MarshalFlow(value)
		if err == nil {
			line = content
		}
	}
	if len(line) > briefest {
		line = line[:briefest] + "…"
	}
	return "`" + cell(strings.ReplaceAll(line, "`", "'")) + "`"
}

// retention says how long a topic keeps records, and where that is set.
func retention(p *plan.Plan, topic plan.Topic) string {
	if value, ok := topic.Config["retention.ms"]; ok {
		return value + " ms"
	}
	kafka, _ := p.Kafka.Spec["kafka"].(map[string]any)
	config, _ := kafka["config"].(map[string]any)
	for _, key := range []string{"log.retention.ms", "log.retention.minutes", "log.retention.hours"} {
		if value, ok := config[key]; ok {
			return fmt.Sprintf("broker: %v %s", value, key[len("log.retention."):])
		}
	}
	return "broker: 168 hours (Kafka's default)"
}

func topicNote(topic plan.Topic) string {
	var notes []string
	if topic.Resource != topic.Name {
		notes = append(notes, "KafkaTopic `"+topic.Resource+"`")
	}
	if topic.Transactional {
		notes = append(notes, "transactional")
	}
	if topic.NotMirrored != "" {
		notes = append(notes, "not mirrored: "+topic.NotMirrored)
	}
	return cell(strings.Join(notes, "; "))
}

// parity gives one figure where source and target agree, else both.
func parity(source, target any) string {
	if source == target {
		return fmt.Sprint(target)
	}
	return fmt.Sprintf("%v → %v", source, target)
}

// configParity says which of a topic's own settings differ, and how many there are.
func configParity(topic plan.Topic) string {
	keys := make(map[string]bool)
	for key := range topic.Config {
		keys[key] = true
	}
	for key := range topic.Source.Config {
		keys[key] = true
	}
	var different []string
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		was, is := orDash(topic.Source.Config[key]), orDash(topic.Config[key])
		if was != is {
			different = append(different, fmt.Sprintf("%s: %s → %s", key, was, is))
		}
	}
	switch {
	case len(different) > 0:
		return cell(strings.Join(different, "; "))
	case len(keys) == 0:
		return "none of its own"
	}
	return fmt.Sprintf("%d settings, equal", len(keys))
}

func orDash(value string) string {
	if value == "" {
		return "–"
	}
	return value
}
