package prometheus_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"cutover/e2e/kafka/manifest"
	"cutover/e2e/kafka/process"
	"cutover/e2e/kafka/prometheus"
)

const objects = `
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: pods, namespace: new}
spec:
  selector:
    matchLabels: {strimzi.io/cluster: c}
    matchExpressions: [{key: strimzi.io/kind, operator: In, values: [Kafka, KafkaConnect]}]
  podMetricsEndpoints:
  - port: tcp-prometheus
    relabelings:
    - {action: labelmap, regex: __meta_kubernetes_pod_label_(strimzi_io_.+)}
    - {sourceLabels: [__meta_kubernetes_pod_name], targetLabel: kubernetes_pod_name}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: services, namespace: old}
spec:
  selector: {matchLabels: {strimzi.io/cluster: c}}
  targetLabels: [strimzi.io/cluster, strimzi.io/name]
  endpoints: [{port: tcp-prometheus}]
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: rules, namespace: new}
spec:
  groups:
  - name: g
    rules:
    - {record: "twice:x", expr: "2 * x{namespace=\"new\"}", labels: {kind: recorded}}
`

func TestMonitorsSelectAndRelabelWhatTheyScrape(t *testing.T) {
	if prometheus.Program() == "" {
		t.Skip("prometheus is not installed: ../run installs it")
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintln(w, "x{topic=\"t\"} 4")
	}))
	t.Cleanup(web.Close)
	at := func(namespace, pod, kind string) prometheus.Target {
		return prometheus.Target{
			Address: strings.TrimPrefix(web.URL, "http://"), Namespace: namespace, Pod: pod, Container: "c", Port: "tcp-prometheus",
			Labels:  map[string]string{"strimzi.io/cluster": "c", "strimzi.io/kind": kind, "strimzi.io/name": "c-pods"},
			Service: "c-service", ServiceLabels: map[string]string{"strimzi.io/cluster": "c", "strimzi.io/name": "c-service"},
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	began := time.Now()
	server, err := prometheus.Start(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	all, err := manifest.Parse([]byte(objects))
	if err != nil {
		t.Fatal(err)
	}
	targets := []prometheus.Target{at("new", "c-0", "Kafka"), at("new", "c-1", "KafkaBridge"), at("old", "c-0", "Kafka"), at("else", "c-0", "Kafka")}
	if err := server.Watch(ctx, targets, all[:2], all[2:]); err != nil {
		t.Fatal(err)
	}
	var got []string
	err = process.Await(ctx, "series", func(ctx context.Context) error {
		series, err := server.Range(ctx, `{__name__=~"x|twice:x"}`, prometheus.Span{From: began, To: time.Now(), Step: time.Second})
		got = nil
		for _, s := range series {
			got = append(got, s.String())
		}
		if err == nil && len(got) < 3 {
			err = fmt.Errorf("there are only %q", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	instance := targets[0].Address
	usual := func(job, namespace, rest string) string {
		return fmt.Sprintf(`container="c",endpoint="tcp-prometheus",instance=%q,job=%q,%snamespace=%q,%s`,
			instance, job, map[string]string{"new": `kubernetes_pod_name="c-0",`}[namespace], namespace, rest)
	}
	pods := usual("pod/new/pods/0", "new", `pod="c-0",strimzi_io_cluster="c",strimzi_io_kind="Kafka",strimzi_io_name="c-pods",topic="t"}`)
	want := []string{
		"twice:x{" + strings.Replace(pods, `job="pod/new/pods/0",`, `job="pod/new/pods/0",kind="recorded",`, 1),
		"x{" + usual("service/old/services/0", "old", `pod="c-0",service="c-service",strimzi_io_cluster="c",strimzi_io_name="c-service",topic="t"}`),
		"x{" + pods,
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the series are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, err := server.Range(ctx, "sum(", prometheus.Span{From: began, To: began, Step: time.Second}); err == nil {
		t.Error("half an expression is answered")
	}
}
