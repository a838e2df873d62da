package migration

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cutover/generator/finding"
)

var runnerKinds = []string{"Deployment", "StatefulSet", "DeploymentConfig", "CronJob", "KafkaConnector"}

// Scales tells whether cutover can start and stop workloads of a kind.
func Scales(kind string) bool { return slices.Contains(runnerKinds, kind) }

func (m *Migration) checkWorkloads() finding.List {
	var findings finding.List
	first := make(map[string]int)
	for i, w := range m.Workloads {
		where := []string{"workloads", strconv.Itoa(i)}
		if line, ok := first[w.Name]; ok {
			findings.Add(m.Finding("workload-twice", fmt.Sprintf("workload %q is listed twice, first on line %d", w.Name, line), "give each its own name", where...))
		}
		first[w.Name] = w.Line
		if w.Name == "" {
			findings.Add(m.Finding("field-missing", "a workload has no name", "name it", where...))
		}
		if !slices.Contains(Tiers(), w.Tier) {
			findings.Add(m.Finding("unknown-tier", fmt.Sprintf("workload %s has the unknown tier %q", w.Name, w.Tier),
				"write ingest, upstream, dam or downstream", append(where, "tier")...))
		}
		findings.Add(m.checkRunner(w.Name, w.Source, append(where, "source"))...)
		findings.Add(m.checkRunner(w.Name, w.Target, append(where, "target"))...)
		if w.Source == nil && w.Target == nil {
			findings.Add(m.Finding("workload-nowhere", fmt.Sprintf("workload %s runs neither on the source nor on the target", w.Name), "give source or target", where...))
		}
		if len(w.Produces)+len(w.Consumes) == 0 {
			findings.Add(m.Warning("workload-without-topics", fmt.Sprintf("workload %s neither produces nor consumes: it is stopped with the consumers, and no gate can watch it", w.Name),
				"list its topics", where...))
		}
	}
	return findings
}

func (m *Migration) checkRunner(workload string, runner *Runner, where []string) finding.List {
	if runner == nil {
		return nil
	}
	var findings finding.List
	if !slices.Contains(runnerKinds, runner.Kind) {
		findings.Add(m.Finding("workload-kind", fmt.Sprintf("workload %s runs as %q, which cutover cannot scale", workload, runner.Kind),
			"write one of "+strings.Join(runnerKinds, ", "), append(where, "kind")...))
	}
	if runner.Replicas != nil && (runner.Kind == "CronJob" || runner.Kind == "KafkaConnector") {
		findings.Add(m.Finding("workload-replicas", fmt.Sprintf("workload %s is a %s, which has no replica count", workload, runner.Kind), "drop replicas", append(where, "replicas")...))
	}
	if runner.Replicas != nil && *runner.Replicas < 0 {
		findings.Add(m.Finding("workload-replicas", fmt.Sprintf("workload %s has %d replicas", workload, *runner.Replicas), "give 0 or more", append(where, "replicas")...))
	}
	return findings
}

// checkBatches wants every workload in exactly one batch, and no group in two: a group
// moves whole.
func (m *Migration) checkBatches() finding.List {
	var findings finding.List
	if len(m.Batches) == 0 {
		return nil
	}
	batchOf := make(map[string]string)
	names := make(map[string]bool)
	for i, batch := range m.Batches {
		where := []string{"batches", strconv.Itoa(i)}
		if batch.Name == "" || names[batch.Name] {
			findings.Add(m.Finding("batch-name", fmt.Sprintf("batch name %q is empty or used twice", batch.Name), "give each batch its own name", where...))
		}
		names[batch.Name] = true
		for j, name := range batch.Workloads {
			at := append(slices.Clone(where), "workloads", strconv.Itoa(j))
			if !slices.ContainsFunc(m.Workloads, func(w Workload) bool { return w.Name == name }) {
				findings.Add(m.Finding("unknown-workload", fmt.Sprintf("batch %s names the workload %q, which is not listed", batch.Name, name), "list it under workloads, or correct the name", at...))
			}
			if other, ok := batchOf[name]; ok {
				findings.Add(m.Finding("workload-in-two-batches", fmt.Sprintf("workload %s stands in batches %s and %s", name, other, batch.Name), "keep it in one", at...))
			}
			batchOf[name] = batch.Name
		}
	}
	if len(m.Batches) > 8 {
		findings.Add(m.Finding("too-many-batches", fmt.Sprintf("%d batches do not fit between the phases 100 and 900", len(m.Batches)), "merge batches: at most 8", "batches"))
	}
	for i, w := range m.Workloads {
		if _, ok := batchOf[w.Name]; !ok {
			findings.Add(m.Finding("workload-in-no-batch", fmt.Sprintf("workload %s is in no batch", w.Name), "put it into one of the batches", "workloads", strconv.Itoa(i)))
		}
	}
	findings.Add(m.checkAcrossBatches(batchOf)...)
	return findings
}

func (m *Migration) checkAcrossBatches(batchOf map[string]string) finding.List {
	var findings finding.List
	groupUser := make(map[string]Workload)
	producers := make(map[string][]Workload)
	for i, w := range m.Workloads {
		for _, group := range w.Groups {
			if first, ok := groupUser[group]; ok && batchOf[first.Name] != batchOf[w.Name] {
				findings.Add(m.Finding("group-across-batches",
					fmt.Sprintf("group %s is used by %s (batch %s) and %s (batch %s)", group, first.Name, batchOf[first.Name], w.Name, batchOf[w.Name]),
					"a group moves whole: put both workloads into one batch", "workloads", strconv.Itoa(i), "groups"))
				continue
			}
			groupUser[group] = w
		}
		for _, topic := range w.Produces {
			producers[topic] = append(producers[topic], w)
		}
	}
	for i, w := range m.Workloads {
		for _, topic := range w.Consumes {
			for _, producer := range producers[topic] {
				if batchOf[producer.Name] == batchOf[w.Name] {
					continue
				}
				f := m.acrossBatches(topic, producer, w, batchOf, i)
				findings.Add(f)
			}
		}
	}
	return findings
}

// acrossBatches: a consumer that moves first reads what the mirror brings late; a producer
// that moves first writes on the target what its consumer, still on the source, must find
// when it follows.
func (m *Migration) acrossBatches(topic string, producer, w Workload, batchOf map[string]string, i int) finding.Finding {
	rule, harm := "topic-across-batches", "until the producer follows, its records reach the consumer through the mirror, late"
	if m.batchNumber(batchOf[producer.Name]) < m.batchNumber(batchOf[w.Name]) {
		rule, harm = "topic-ahead-of-consumer", "the producer moves first, and until the consumer follows nobody reads what it writes on the target"
	}
	f := m.Warning(rule,
		fmt.Sprintf("topic %s is produced by %s (batch %s) and consumed by %s (batch %s): %s",
			topic, producer.Name, batchOf[producer.Name], w.Name, batchOf[w.Name], harm),
		"put both into one batch, or accept it with the reason why it does no harm", "workloads", strconv.Itoa(i), "consumes")
	f.Object = "topic " + topic
	return f
}

func (m *Migration) batchNumber(name string) int {
	return slices.IndexFunc(m.Batches, func(b Batch) bool { return b.Name == name })
}
