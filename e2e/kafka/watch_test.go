package kafka_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"go.yaml.in/yaml/v3"

	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/exporter"
	"cutover/e2e/kafka/manifest"
	"cutover/e2e/kafka/operator"
	"cutover/e2e/kafka/process"
	"cutover/e2e/kafka/product"
	"cutover/e2e/kafka/prometheus"
)

// watched is a world that a real Prometheus watches, as the rendered monitors and rules say.
type watched struct {
	*world
	server    *prometheus.Server
	exporters map[*operator.Cluster]*exporter.Exporter
	rendered  map[string][]manifest.Object // by cluster, as of the last phase
}

// look is how long each stretch lasts in which something must be seen: some scrapes, and as
// many evaluations of rules that rest on one another.
const look = 4 * prometheus.Interval

func TestEveryPanelAndEveryAlertHasData(t *testing.T) {
	if prometheus.Program() == "" {
		t.Skip("prometheus is not installed: ./run installs it")
	}
	w := watch(t)
	for _, number := range []string{"000", "020", "030", "040", "050", "070", "080", "090", "095", "100", "120", "130", "140", "150", "160", "170"} {
		w.advance(t, w.phase(t, number))
		switch number {
		case "090":
			w.awaitMirror(t, connect.Running)
		case "095", "170":
			time.Sleep(look)
		}
	}
	for _, cluster := range []*operator.Cluster{w.source, w.target} {
		w.commitOnce(t, cluster)
	}
	w.scraped(t)
	time.Sleep(look)
	span := w.span()
	w.alertsOf(t, span)
	w.breakMirror(t)
	w.compare(t, w.span())
	w.draw(t, span)
}

// watch starts Prometheus and the source, which exports metrics by the chart's rules.
func watch(t *testing.T) *watched {
	t.Helper()
	w := &watched{world: newWorld(t, "1.8"), exporters: make(map[*operator.Cluster]*exporter.Exporter), rendered: make(map[string][]manifest.Object)}
	w.export = metered(t, w.export)
	var err error
	w.server, err = prometheus.Start(t.Context(), subfolder(t, w.folder, "prometheus"))
	check(t, err)
	t.Cleanup(w.server.Stop)
	w.source.ExportMetrics()
	w.target.ExportMetrics()
	w.start(t)
	w.startExporter(t, w.source, exporter.Release{}) // Strimzi 0.17 has Kafka Exporter 1.2
	return w
}

// metered is the export of a source that was prepared as the method asks: its Kafka resource
// has the chart's rules for the JMX exporter, and Kafka Exporter.
func metered(t *testing.T, export []manifest.Object) []manifest.Object {
	t.Helper()
	all := slices.Clone(export)
	for i, object := range all {
		if object.Kind != "Kafka" {
			continue
		}
		var content struct {
			Spec map[string]map[string]any `json:"spec"`
		}
		check(t, object.Decode(&content))
		for _, component := range []string{"kafka", "zookeeper"} {
			text, err := os.ReadFile("../../charts/kafka/files/" + component + "-rules.yaml")
			check(t, err)
			var rules any
			check(t, yaml.Unmarshal(text, &rules))
			content.Spec[component]["metrics"] = rules
			object, err = object.With("spec", component, content.Spec[component])
			check(t, err)
		}
		var err error
		all[i], err = object.With("spec", "kafkaExporter", map[string]any{"topicRegex": ".*", "groupRegex": ".*"})
		check(t, err)
	}
	return all
}

// startExporter starts the stand-in for a cluster's Kafka Exporter.
func (w *watched) startExporter(t *testing.T, cluster *operator.Cluster, release exporter.Release) {
	t.Helper()
	admin, err := cluster.Brokers.Admin()
	check(t, err)
	w.exporters[cluster], err = exporter.Start(admin, release)
	check(t, err)
	t.Cleanup(w.exporters[cluster].Stop)
}

// advance takes a step, and has Prometheus watch what then is there.
func (w *watched) advance(t *testing.T, phase product.Phase) {
	t.Helper()
	w.step(t, phase)
	objects, err := w.tree.Render(t.Context(), phase)
	check(t, err)
	w.rendered[phase.Cluster] = objects
	if w.target.Brokers != nil && w.exporters[w.target] == nil {
		w.startExporter(t, w.target, exporter.Release{Members: true}) // Strimzi 0.24 has 1.3.1
	}
	check(t, w.server.Watch(t.Context(), w.targets(), w.ofKind("PodMonitor", "ServiceMonitor"), w.ofKind("PrometheusRule")))
}

// ofKind are the objects of these kinds, of both clusters.
func (w *watched) ofKind(kinds ...string) []manifest.Object {
	var all []manifest.Object
	for _, cluster := range slices.Sorted(maps.Keys(w.rendered)) {
		for _, object := range w.rendered[cluster] {
			if slices.Contains(kinds, object.Kind) {
				all = append(all, object)
			}
		}
	}
	return all
}

// span is the time from the beginning until now.
func (w *watched) span() prometheus.Span {
	return prometheus.Span{From: w.began, To: time.Now(), Step: prometheus.Evaluation}
}

// scraped waits until everything that exports metrics was scraped once since the last phase.
// On a busy machine a broker is not in time every time.
func (w *watched) scraped(t *testing.T) {
	t.Helper()
	since := time.Now().Add(-look)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	check(t, process.Await(ctx, "Prometheus's targets", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, prometheus.Interval)
		defer cancel()
		up, err := w.server.Range(ctx, "up == 1", prometheus.Span{From: since, To: time.Now(), Step: prometheus.Evaluation})
		if err == nil && len(up) < len(w.targets()) {
			err = fmt.Errorf("%d targets were scraped of %d: %v", len(up), len(w.targets()), up)
		}
		return err
	}))
	w.logf(t, "%d targets are scraped", len(w.targets()))
}

// commitOnce commits on one partition of a topic that has several, as a group that has only
// just begun: its lag on the others is unknown.
func (w *watched) commitOnce(t *testing.T, cluster *operator.Cluster) {
	t.Helper()
	admin, err := cluster.Brokers.Admin()
	check(t, err)
	defer admin.Close()
	var offsets kadm.Offsets
	offsets.AddOffset("gate.readings", 0, 0, -1)
	check(t, admin.CommitAllOffsets(t.Context(), "newcomer", offsets))
}

// rule is one rule of a rendered PrometheusRule.
type rule struct {
	Record string `json:"record"`
	Alert  string `json:"alert"`
	Expr   string `json:"expr"`
}

// rules are those of both clusters.
func (w *watched) rules(t *testing.T) []rule {
	t.Helper()
	var all []rule
	for _, object := range w.ofKind("PrometheusRule") {
		var content struct {
			Spec struct {
				Groups []struct {
					Rules []rule `json:"rules"`
				} `json:"groups"`
			} `json:"spec"`
		}
		check(t, json.Unmarshal(object.JSON(), &content))
		for _, group := range content.Spec.Groups {
			all = append(all, group.Rules...)
		}
	}
	return all
}

// metricNames are the names that charts/testdata/metrics.yaml says exporters emit.
func metricNames(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../charts/testdata/metrics.yaml"))
	check(t, err)
	var list struct {
		JMX    map[string]map[string]string `yaml:"jmx"`
		Others []struct {
			Names []string `yaml:"names"`
		} `yaml:"others"`
	}
	check(t, yaml.Unmarshal(text, &list))
	names := make(map[string]bool)
	for _, of := range list.JMX {
		for name := range of {
			names[name] = true
		}
	}
	for _, of := range list.Others {
		for _, name := range of.Names {
			names[strings.TrimSpace(name)] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
