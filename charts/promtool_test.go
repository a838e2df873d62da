package charts_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// promtool runs Prometheus's own checker in a folder that holds all rules as rules.yaml.
func promtool(t *testing.T, folder string, arguments ...string) {
	t.Helper()
	program, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("this machine has no promtool (Debian: apt-get install prometheus)")
	}
	var groups []any
	for _, object := range render(t, "monitoring", watched) {
		if list, is := at(object, "spec", "groups").([]any); is {
			groups = append(groups, list...)
		}
	}
	text, err := yaml.Marshal(map[string]any{"groups": groups})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "rules.yaml"), string(text), 0o644)
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
}

func TestPrometheusAcceptsEveryRule(t *testing.T) {
	promtool(t, t.TempDir(), "check", "rules", "rules.yaml")
}

// alertCases is a unit test of Prometheus: for each case, series and the alerts they raise.
const alertCases = `rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - name: a single volume and a JBOD volume that are nearly full, and one of another cluster
    interval: 1m
    input_series:
      - {series: 'kubelet_volume_stats_available_bytes{namespace="freight",persistentvolumeclaim="data-freight-kafka-0"}', values: '10x30'}
      - {series: 'kubelet_volume_stats_capacity_bytes{namespace="freight",persistentvolumeclaim="data-freight-kafka-0"}', values: '100x30'}
      - {series: 'kubelet_volume_stats_available_bytes{namespace="freight",persistentvolumeclaim="data-1-freight-kafka-0"}', values: '14x30'}
      - {series: 'kubelet_volume_stats_capacity_bytes{namespace="freight",persistentvolumeclaim="data-1-freight-kafka-0"}', values: '100x30'}
      - {series: 'kubelet_volume_stats_available_bytes{namespace="freight",persistentvolumeclaim="data-other-kafka-0"}', values: '1x30'}
      - {series: 'kubelet_volume_stats_capacity_bytes{namespace="freight",persistentvolumeclaim="data-other-kafka-0"}', values: '100x30'}
    alert_rule_test:
      - eval_time: 20m
        alertname: KafkaVolumeNearlyFull
        exp_alerts:
          - exp_labels: {severity: major, team: platform, cutover_role: target, namespace: freight, persistentvolumeclaim: data-freight-kafka-0}
            exp_annotations:
              summary: Volume data-freight-kafka-0 has 10 percent left
              description: &full A broker of freight/freight stops when its volume is full. Enlarge the claim or shorten retention.
          - exp_labels: {severity: major, team: platform, cutover_role: target, namespace: freight, persistentvolumeclaim: data-1-freight-kafka-0}
            exp_annotations:
              summary: Volume data-1-freight-kafka-0 has 14 percent left
              description: *full
  - name: a healthy mirror of another name does not hide one that is gone
    interval: 1m
    input_series:
      - {series: 'up{namespace="freight",strimzi_io_cluster="other",strimzi_io_kind="KafkaMirrorMaker2"}', values: '1x30'}
    alert_rule_test:
      - eval_time: 10m
        alertname: MirrorMaker2Down
        exp_alerts:
          - exp_labels: {severity: critical, team: platform, cutover_role: target, namespace: freight, strimzi_io_cluster: bridge}
            exp_annotations:
              summary: No worker of mirror freight/bridge can be seen
              description: Nothing is mirrored, or nobody scrapes the workers.
  - name: a mirror that reads nothing though records wait
    interval: 1m
    input_series:
      - {series: 'kafka_consumer_fetch_manager_records_lag{namespace="freight",strimzi_io_cluster="bridge",topic="a",partition="0"}', values: '50x40'}
      - {series: 'kafka_connect_mirror_mirrorsourceconnector_record_count{namespace="freight",strimzi_io_cluster="bridge",topic="a",partition="0"}', values: '900x40'}
    alert_rule_test:
      - eval_time: 30m
        alertname: MirrorMaker2Stalled
        exp_alerts:
          - exp_labels: {severity: critical, team: platform, cutover_role: target, namespace: freight, strimzi_io_cluster: bridge}
            exp_annotations:
              summary: Mirror freight/bridge has records to read and copies none
              description: 50 records wait at the source and none was copied for 10 minutes.
  - name: a lag that is shrinking is no alert, and an unknown one is no lag
    interval: 1m
    input_series:
      - {series: 'kafka_consumergroup_lag{namespace="freight",strimzi_io_cluster="freight",consumergroup="g",topic="a",partition="0"}', values: '9000-50x60'}
      - {series: 'kafka_consumergroup_lag{namespace="freight",strimzi_io_cluster="freight",consumergroup="g",topic="a",partition="1"}', values: '-1x60'}
    alert_rule_test:
      - {eval_time: 50m, alertname: KafkaGroupFallsBehind, exp_alerts: []}
    promql_expr_test:
      - expr: cutover:group_lag
        eval_time: 20m
        exp_samples:
          - labels: cutover:group_lag{cutover_role="target",namespace="freight",strimzi_io_cluster="freight",consumergroup="g",topic="a"}
            value: 8000
      - expr: cutover:group_lag_unknown_partitions
        eval_time: 20m
        exp_samples:
          - labels: cutover:group_lag_unknown_partitions{cutover_role="target",namespace="freight",strimzi_io_cluster="freight",consumergroup="g",topic="a"}
            value: 1
      - expr: cutover:mirror_failed_tasks
        eval_time: 20m
        exp_samples:
          - labels: cutover:mirror_failed_tasks{cutover_role="target",namespace="freight",strimzi_io_cluster="bridge"}
            value: 0
`

func TestAlertsFireForTheRightClusterOnly(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "test.yaml"), alertCases, 0o644)
	promtool(t, folder, "test", "rules", "test.yaml")
}
