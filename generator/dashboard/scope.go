package dashboard

import (
	"fmt"
	"strings"
)

// scope is what queries are held to: one Strimzi resource in one namespace, asked for at one
// datasource. Its fields are names of variables.
type scope struct{ datasource, namespace, cluster string }

// The scopes of dashboards that show one cluster, and of the one that shows both.
var (
	single      = scope{"datasource", "namespace", "cluster"}
	sourceScope = scope{"source_datasource", "source_namespace", "source_cluster"}
	targetScope = scope{"target_datasource", "target_namespace", "target_cluster"}
	// mirrorScope is beside the target, where the mirror runs.
	mirrorScope = scope{"target_datasource", "target_namespace", "mirror"}
)

// series selects the series of a metric that the scope holds, and further matchers.
func (s scope) series(metric string, matchers ...string) string {
	held := append([]string{
		fmt.Sprintf(`namespace="$%s"`, s.namespace), fmt.Sprintf(`strimzi_io_cluster="$%s"`, s.cluster),
	}, matchers...)
	return metric + "{" + strings.Join(held, ",") + "}"
}

// rate is the increase each second of a counter, summed by labels.
func (s scope) rate(by, metric string, matchers ...string) string {
	return fmt.Sprintf("sum by (%s) (rate(%s[$__rate_interval]))", by, s.series(metric, matchers...))
}

// sum and highest aggregate a gauge, or a recorded series, by labels.
func (s scope) sum(by, metric string, matchers ...string) string {
	return fmt.Sprintf("sum by (%s) (%s)", by, s.series(metric, matchers...))
}

func (s scope) highest(by, metric string, matchers ...string) string {
	return fmt.Sprintf("max by (%s) (%s)", by, s.series(metric, matchers...))
}

// total is the sum of a gauge over all its series.
func (s scope) total(metric string, matchers ...string) string {
	return fmt.Sprintf("sum(%s)", s.series(metric, matchers...))
}

// chart is a timeseries of one query.
func (s scope) chart(title, description string, unit Unit, expr, legend string) Panel {
	return Panel{
		Title: title, Description: description, Kind: Timeseries, Unit: unit, Datasource: s.datasource,
		Targets: []Target{{Expr: expr, Legend: legend}},
	}
}

// number is a stat of one query.
func (s scope) number(title, description string, unit Unit, expr string) Panel {
	return Panel{
		Title: title, Description: description, Kind: Stat, Unit: unit, Datasource: s.datasource,
		Targets: []Target{{Expr: expr, Legend: title}},
	}
}

// alarm is a number that is red from 1 on.
func (s scope) alarm(title, description, expr string) Panel {
	panel, from := s.number(title, description, Count, expr), 1.0
	panel.Alarm = &from
	return panel
}

// phases marks in every panel when the cluster entered a phase. The phase's number is the
// value of the recorded series; count_values makes it a label, which alone can be shown.
func (s scope) phases(name, color string) Annotation {
	now := s.series("cutover:phase")
	return Annotation{
		Name: name, Text: "phase {{phase}}", Color: color, Datasource: s.datasource,
		Expr: fmt.Sprintf(`count_values("phase", %s unless (%s == %s offset 5m))`, now, now, now),
	}
}

// resident shows the processes behind the scope's pods: heap, garbage collection and
// processor, by pod. The metric's name changed with version 1.0 of the JMX exporter.
func (s scope) resident(matchers ...string) Row {
	heap := append([]string{`area="heap"`}, matchers...)
	before, since := s.highest("kubernetes_pod_name", "jvm_memory_bytes_used", heap...), s.highest("kubernetes_pod_name", "jvm_memory_used_bytes", heap...)
	panels := []Panel{
		s.chart("Heap used", "Used heap of each Java process. What matters is where it falls back to after a collection.", Bytes,
			before+" or "+since, "{{kubernetes_pod_name}}"),
		s.chart("Processor", "Cores in use by each process.", None,
			s.rate("kubernetes_pod_name", "process_cpu_seconds_total", matchers...), "{{kubernetes_pod_name}}"),
		s.chart("Time in garbage collection", "Share of the time spent collecting. Above a few percent the heap is too small.", Share,
			s.rate("kubernetes_pod_name", "jvm_gc_collection_seconds_sum", matchers...), "{{kubernetes_pod_name}}"),
	}
	for i := range panels {
		panels[i].Width = 8
	}
	return Row{Title: "Processes", Panels: panels}
}
