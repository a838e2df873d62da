package charts_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Values with every rule there is: a target with its mirror, and a source. PHASE is the
// phase that the cluster has reached.
const (
	watched = `{cluster: {name: freight}, mirror: {name: bridge, rests: [{from: 0, to: 89}, {from: 900, to: 999}]}, operatorNamespace: streams,
  rules: {labels: {team: platform}}, phase: {reached: "PHASE", drains: [{from: 130, to: 149}],
  groups: [{names: [billing], during: [{from: 80, to: 149}, {from: 182, to: 189}], since: 080-rehearse-stop}]}}`
	watchedSource = `{cluster: {name: freight, role: source}, operatorNamespace: streams, phase: {reached: "PHASE", drains: [{from: 100, to: 119}],
  topics: [{names: [orders.eu, "on"], during: [{from: 110, to: 179}, {from: 190, to: 999}], since: 110-producers-stop}],
  groups: [{names: [billing, a+b], during: [{from: 120, to: 179}, {from: 190, to: 999}], since: 120-consumers-stop}]}}`
)

// inPhase gives the values of one side in one phase.
func inPhase(side, phase string) string {
	values := watched
	if side == "source" {
		values = watchedSource
	}
	return strings.Replace(values, "PHASE", phase, 1)
}

// alertCase is one case of testdata/alerts: series in which an alert fires, and series in
// which it does not.
type alertCase struct {
	Alert string
	// Side and Phase are target and 150 unless given.
	Side, Phase  string
	Fires, Quiet *alertSeries
}

// alertSeries are series by name, in promtool's notation, one value a minute.
type alertSeries struct {
	At     string
	Series map[string]string
	// Count is how many alerts of the name fire; 1 unless given.
	Count int
}

// alertCases reads all cases.
func alertCases(t *testing.T) []alertCase {
	t.Helper()
	files, err := filepath.Glob("testdata/alerts/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []alertCase
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		decoder := yaml.NewDecoder(strings.NewReader(string(text)))
		decoder.KnownFields(true)
		var cases []alertCase
		if err := decoder.Decode(&cases); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for i := range cases {
			if cases[i].Side == "" {
				cases[i].Side = "target"
			}
			if cases[i].Phase == "" {
				cases[i].Phase = "150"
			}
		}
		all = append(all, cases...)
	}
	return all
}

// unit gives the case as a unit test of Prometheus: how many alerts of its name fire.
func (s alertSeries) unit(name, alert string, want int) map[string]any {
	var series []any
	for _, key := range slices.Sorted(maps.Keys(s.Series)) {
		full := strings.NewReplacer("{KAFKA", `{namespace="freight",strimzi_io_cluster="freight"`, "{OTHER", `{namespace="freight",strimzi_io_cluster="other"`,
			"{MIRROR", `{namespace="freight",strimzi_io_cluster="bridge"`).Replace(key)
		series = append(series, map[string]any{"series": full, "values": s.Series[key]})
	}
	return map[string]any{
		"name": name, "interval": "1m", "input_series": series,
		"promql_expr_test": []any{map[string]any{
			"expr": fmt.Sprintf("count(ALERTS{alertname=%q,alertstate=\"firing\"}) or vector(0)", alert), "eval_time": s.At,
			"exp_samples": []any{map[string]any{"labels": "{}", "value": want}},
		}},
	}
}

// promtool runs Prometheus's own checker in a folder that holds the rules as rules.yaml.
func promtool(t *testing.T, folder, values string, arguments ...string) {
	t.Helper()
	program, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("CUTOVER_PROMTOOL") != "" {
			t.Fatal(err)
		}
		t.Skip("this machine has no promtool (Debian: apt-get install prometheus)")
	}
	var groups []any
	for _, object := range render(t, "monitoring", values) {
		if list, is := at(object, "spec", "groups").([]any); is {
			groups = append(groups, list...)
		}
	}
	writeYAML(t, filepath.Join(folder, "rules.yaml"), map[string]any{"groups": groups})
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
}

func writeYAML(t *testing.T, path string, value any) {
	t.Helper()
	text, err := yaml.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(text), 0o644)
}

func TestPrometheusAcceptsEveryRule(t *testing.T) {
	returning := strings.Replace(watched, "operatorNamespace", "returnMirrors: [{name: bridge-return, rests: [{from: 0, to: 183}]}], operatorNamespace", 1)
	for name, values := range map[string]string{
		"target": inPhase("target", "040"), "source": inPhase("source", "000"), "without a phase": "", "with a mirror that returns": returning,
	} {
		t.Run(name, func(t *testing.T) {
			promtool(t, t.TempDir(), strings.Replace(values, "PHASE", "040", 1), "check", "rules", "--lint=all", "--lint-fatal", "rules.yaml")
		})
	}
}

func TestEveryAlertHasSeriesInWhichItFiresAndSeriesInWhichItDoesNot(t *testing.T) {
	type kinds struct{ fires, quiet bool }
	covered := make(map[string]kinds)
	for _, test := range alertCases(t) {
		key := test.Alert + " on the " + test.Side
		known := covered[key]
		covered[key] = kinds{known.fires || test.Fires != nil, known.quiet || test.Quiet != nil}
	}
	text := func(side string) map[string]string {
		expressions := make(map[string]string)
		for _, rule := range rules(render(t, "monitoring", inPhase(side, "150"))) {
			if name, is := rule["alert"].(string); is {
				expressions[name] = rule["expr"].(string)
			}
		}
		return expressions
	}
	target, source := text("target"), text("source")
	for name, expression := range target {
		if covered[name+" on the target"] != (kinds{true, true}) {
			t.Errorf("testdata/alerts lacks a case in which %s fires on the target, or one in which it does not", name)
		}
		if source[name] == expression {
			delete(source, name) // proven once
		}
	}
	for name := range source {
		if covered[name+" on the source"] != (kinds{true, true}) {
			t.Errorf("testdata/alerts lacks a case in which %s fires on the source, or one in which it does not", name)
		}
	}
	for _, test := range alertCases(t) {
		if text(test.Side)[test.Alert] == "" {
			t.Errorf("testdata/alerts knows an alert %s on the %s, and the chart does not", test.Alert, test.Side)
		}
	}
}

func TestEveryAlertFiresWhereItMustAndNowhereElse(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes promtool half a minute, and no Go code of ours that a race could be in")
	}
	files := make(map[[2]string][]any)
	for _, test := range alertCases(t) {
		key := [2]string{test.Side, test.Phase}
		if test.Fires != nil {
			files[key] = append(files[key], test.Fires.unit(test.Alert+" fires", test.Alert, max(1, test.Fires.Count)))
		}
		if test.Quiet != nil {
			files[key] = append(files[key], test.Quiet.unit(test.Alert+" is quiet", test.Alert, 0))
		}
	}
	for key, tests := range files {
		t.Run(key[0]+" in phase "+key[1], func(t *testing.T) {
			folder := t.TempDir()
			writeYAML(t, filepath.Join(folder, "test.yaml"), map[string]any{"rule_files": []any{"rules.yaml"}, "evaluation_interval": "1m", "tests": tests})
			promtool(t, folder, inPhase(key[0], key[1]), "test", "rules", "test.yaml")
		})
	}
}

// exactCases hold what an alert says, and what is recorded, to the letter.
const exactCases = `rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - name: the texts of an alert
    interval: 1m
    input_series:
      - {series: 'up{namespace="freight",strimzi_io_cluster="other",strimzi_io_kind="KafkaMirrorMaker2"}', values: '1x30'}
      - {series: 'kafka_consumer_fetch_manager_records_lag{namespace="freight",strimzi_io_cluster="bridge",topic="a",partition="0"}', values: '50x40'}
    alert_rule_test:
      - eval_time: 10m
        alertname: MirrorMaker2Down
        exp_alerts:
          - exp_labels: {severity: critical, team: platform, cutover_role: target, namespace: freight, strimzi_io_cluster: bridge}
            exp_annotations:
              summary: No worker of mirror freight/bridge can be seen
              description: Nothing is mirrored, or nobody scrapes the workers.
              action: See whether the pods of the mirror run, and read status.conditions of KafkaMirrorMaker2 bridge.
              runbook_url: README.md#mirrormaker2down
      - eval_time: 30m
        alertname: MirrorMaker2Stalled
        exp_alerts:
          - exp_labels: {severity: critical, team: platform, cutover_role: target, namespace: freight, strimzi_io_cluster: bridge}
            exp_annotations:
              summary: Mirror freight/bridge has records to read and copies none
              description: 50 records wait at the source and none was copied for 10 minutes.
              action: See whether its tasks run (status.connectors), and whether the target takes records. KafkaUnderMinIsrPartitions refuses them.
              runbook_url: README.md#mirrormaker2stalled
  - name: an unknown lag is no lag, and no failed task is none
    interval: 1m
    input_series:
      - {series: 'kafka_consumergroup_lag{namespace="freight",strimzi_io_cluster="freight",consumergroup="g",topic="a",partition="0"}', values: '9000-50x60'}
      - {series: 'kafka_consumergroup_lag{namespace="freight",strimzi_io_cluster="freight",consumergroup="g",topic="a",partition="1"}', values: '-1x60'}
      - {series: 'kafka_consumergroup_current_offset{namespace="freight",strimzi_io_cluster="freight",consumergroup="g",topic="a",partition="1"}', values: '-1x60'}
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
      - expr: cutover:phase
        eval_time: 20m
        exp_samples:
          - labels: cutover:phase{cutover_role="target",namespace="freight",strimzi_io_cluster="freight"}
            value: 90
`

func TestAlertsAndIndicatorsReadToTheLetter(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "test.yaml"), exactCases, 0o644)
	promtool(t, folder, inPhase("target", "090"), "test", "rules", "test.yaml")
}
