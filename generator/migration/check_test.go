package migration_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/finding"
	"cutover/generator/migration"
)

// base is a migration without fault. Tests change it by replacing one line or a few.
const base = `apiVersion: cutover/v1alpha1
kind: Migration
metadata:
  name: freight
source:
  cluster: old
  namespace: kafka
  platform: openshift-3.11
  inventory: export
  bootstrapServers: kafka.example:443
target:
  cluster: new
  namespace: streams
  distribution: amq-streams
  version: "1.8"
  platform: openshift-4.8
  olm:
    channel: amq-streams-1.8.x
    startingCSV: amqstreams.v1.8.4
mirror:
  replicas: 3
workloads:
- name: gateway
  tier: ingest
  produces: [orders]
  source: {kind: Deployment}
- name: billing
  tier: downstream
  consumes: [orders]
  groups: [billing]
  source: {kind: Deployment}
batches:
- name: all
  workloads: [gateway, billing]
`

// change replaces parts of base, which must be there.
func change(t testing.TB, pairs ...string) string {
	t.Helper()
	text := base
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the base has no %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// mark is the comment that tells on which line a finding is expected.
const mark = "# here"

func marked(text string) int {
	before, _, found := strings.Cut(text, mark)
	if !found {
		return 0
	}
	return strings.Count(before, "\n") + 1
}

func load(text string) (*migration.Migration, finding.List, error) {
	return migration.Load("dir/migration.yaml", []byte(text))
}

func TestTheBaseOfTheseTestsHasNoFault(t *testing.T) {
	m, findings, err := load(base)
	if err != nil || len(findings) > 0 {
		t.Fatalf("got %v and %v", err, findings)
	}
	if m.Target.Version != "1.8" || m.Source.Inventory.Path != "export" || m.File() != "dir/migration.yaml" {
		t.Errorf("got %+v", m)
	}
	if m.Workloads[1].Line != 27 || m.Batches[0].Line != 33 || m.Source.Inventory.Line != 9 {
		t.Errorf("lines are %d, %d and %d, want 27, 33 and 9", m.Workloads[1].Line, m.Batches[0].Line, m.Source.Inventory.Line)
	}
}

// refusal is one change of the base and the error that it must give.
type refusal struct {
	name    string
	change  []string
	rule    string
	message string
	hint    string
}

func (r refusal) test(t *testing.T) {
	t.Helper()
	text := change(t, r.change...)
	_, _, err := load(text)
	found := finding.From(err)
	if len(found) != 1 {
		t.Fatalf("got %d findings, want one: %v", len(found), err)
	}
	f := found[0]
	if f.Rule != r.rule || f.Line != marked(text) || f.File != "dir/migration.yaml" {
		t.Errorf("got %s at %s, want %s on line %d (%s)", f.Rule, f.Position(), r.rule, marked(text), f.Message)
	}
	if !strings.Contains(f.Message, r.message) || !strings.Contains(f.Hint, r.hint) || f.Hint == "" {
		t.Errorf("got %q with hint %q, want %q with hint %q", f.Message, f.Hint, r.message, r.hint)
	}
}

func TestWhatIsWrongInAMigrationIsRefusedWithItsLine(t *testing.T) {
	for _, r := range []refusal{
		{"an unknown field on the top", []string{"mirror:\n", "miror: {}  # here\nmirror:\n"}, "unknown-field", "unknown field miror", "did you mean mirror?"},
		{"an unknown field within a section", []string{"  replicas: 3\n", "  replicas: 3\n  replica: 3  # here\n"}, "unknown-field", "mirror.replica", "did you mean replicas?"},
		{"an unknown field of a workload", []string{"  groups: [billing]\n", "  group: [billing]  # here\n"}, "unknown-field", "workloads[1].group", "did you mean groups?"},
		{"an unknown field of a location", []string{"  inventory: export\n", "  inventory:\n    path: export\n    sha256: abc  # here\n"}, "unknown-field", "source.inventory.sha256", "checksum"},
		{"a wrong type", []string{"  replicas: 3\n", "  replicas: three  # here\n"}, "wrong-type", "text stands where a number is expected", "schema"},
		{"a duplicate key", []string{"  cluster: old\n", "  cluster: old\n  cluster: older  # here\n"}, "yaml-duplicate-key", "cluster", "keep one"},
		{"an unknown version", []string{`version: "1.8"`, `version: "2.0"  # here`}, "unknown-version", `"2.0"`, ""},
		{"an unknown distribution", []string{"distribution: amq-streams", "distribution: confluent  # here"}, "unknown-distribution", `"confluent"`, "amq-streams or strimzi"},
		{"a platform without a version", []string{"platform: openshift-4.8", "platform: openshift  # here"}, "platform", `"openshift"`, ""},
		{"an unknown platform", []string{"platform: openshift-3.11", "platform: docker-1.0  # here"}, "platform", `"docker-1.0"`, ""},
		{"a platform with something behind its version", []string{"platform: openshift-4.8", "platform: openshift-4.8beta  # here"}, "platform", `"openshift-4.8beta"`, ""},
		{"no olm", []string{"  olm:\n    channel: amq-streams-1.8.x\n    startingCSV: amqstreams.v1.8.4\n", "", "target:\n", "target:  # here\n"}, "olm-missing", "channel and startingCSV", "packagemanifest"},
		{"olm without a version", []string{"    startingCSV: amqstreams.v1.8.4\n", "", "  olm:\n", "  olm:  # here\n"}, "olm-missing", "startingCSV", ""},
		{"olm without a channel", []string{"    channel: amq-streams-1.8.x\n", "", "  olm:\n", "  olm:  # here\n"}, "olm-missing", "channel", ""},
		{"strimzi without its chart", []string{"distribution: amq-streams", "distribution: strimzi", `"1.8"`, `"0.24"`, "target:\n", "target:  # here\n"}, "operator-chart-missing", "operatorChart", "vendor"},
		{"AMQ Streams 1.7 on OpenShift 4.9", []string{`version: "1.8"`, `version: "1.7"  # here`, "openshift-4.8", "openshift-4.9"}, "version-on-platform", "openshift-4.9", "1.8"},
		{"an even number of ZooKeeper nodes", []string{`version: "1.8"`, "version: \"1.8\"\n  zookeeperReplicas: 4  # here"}, "zookeeper-even", "4", "odd"},
		{"a name that is no DNS label", []string{"name: freight", "name: Freight_1  # here"}, "migration-name", "Freight_1", ""},
		{"a name that is too long", []string{"name: freight", "name: " + strings.Repeat("f", 41) + "  # here"}, "migration-name", "40", ""},
		{"a topic pattern that is no regular expression", []string{"mirror:\n", "topics:\n  include:\n  - orders\n  - \"orders(\"  # here\nmirror:\n"}, "pattern", "orders(", ""},
		{"a topic pattern with a comma", []string{"mirror:\n", "topics:\n  exclude:\n  - a,b  # here\nmirror:\n"}, "pattern", "comma", "two entries"},
		{"a repetition with a comma", []string{"mirror:\n", "topics:\n  include:\n  - \"a{1,2}\"  # here\nmirror:\n"}, "pattern", "comma", ""},
		{"a user pattern that is no regular expression", []string{"mirror:\n", "users:\n  include:\n  - \"[\"  # here\nmirror:\n"}, "pattern", "[", ""},
		{"a group pattern with a comma", []string{"  replicas: 3\n", "  replicas: 3\n  groupsExclude:\n  - a,b  # here\n"}, "pattern", "comma", ""},
		{"an override that names nothing", []string{"mirror:\n", "topics:\n  overrides:\n  - replicas: 1  # here\nmirror:\n"}, "override", "name or pattern", ""},
		{"an override with both name and pattern", []string{"mirror:\n", "topics:\n  overrides:\n  - name: a  # here\n    pattern: b\nmirror:\n"}, "override", "name or pattern", ""},
		{"an override whose pattern does not compile", []string{"mirror:\n", "topics:\n  overrides:\n  - pattern: \"(\"  # here\nmirror:\n"}, "pattern", "(", ""},
		{"a user override that names nothing", []string{"mirror:\n", "users:\n  overrides:\n  - spec: {}  # here\nmirror:\n"}, "override", "name or pattern", ""},
		{"an acceptance without a reason", []string{"mirror:\n", "accept:\n- rule: placement  # here\n  reason: \" \"\nmirror:\n"}, "accept", "reason", ""},
		{"an acceptance without a rule", []string{"mirror:\n", "accept:\n- reason: because  # here\nmirror:\n"}, "accept", "rule", ""},
		{"an unknown Prometheus mode", []string{"mirror:\n", "monitoring:\n  prometheus:\n    mode: thanos  # here\nmirror:\n"}, "monitoring-mode", "thanos", "prometheus-operator"},
		{"an unknown Prometheus mode on the source", []string{"mirror:\n", "monitoring:\n  source:\n    prometheus:\n      mode: thanos  # here\nmirror:\n"}, "monitoring-mode", "monitoring.source.prometheus.mode", ""},
		{"a second Prometheus beside user workload monitoring", []string{"mirror:\n", "monitoring:\n  prometheus:\n    mode: openshift-user-workload\n    create: true  # here\nmirror:\n"}, "monitoring-mode", "exclude", "leave create out"},
		{"retention of a Prometheus that is not brought", []string{"mirror:\n", "monitoring:\n  prometheus:\n    retention: 30d  # here\nmirror:\n"}, "monitoring-mode", "retention", "create: true"},
		{"storage of a Prometheus that is not brought", []string{"mirror:\n", "monitoring:\n  prometheus:\n    storage: {size: 5Gi}  # here\nmirror:\n"}, "monitoring-mode", "storage", "create: true"},
		{"offsetReset latest", []string{"  replicas: 3\n", "  replicas: 3\n  offsetReset: latest  # here\n"}, "offset-reset-latest", "KAFKA-13988", "earliest"},
		{"an unknown offsetReset", []string{"  replicas: 3\n", "  replicas: 3\n  offsetReset: none  # here\n"}, "offset-reset", "none", "earliest"},
	} {
		t.Run(r.name, r.test)
	}
}

func TestWhatIsMissingIsNamedWithItsPath(t *testing.T) {
	for field, line := range map[string]string{
		"metadata.name": "  name: freight\n", "source.cluster": "  cluster: old\n", "source.namespace": "  namespace: kafka\n",
		"source.platform": "  platform: openshift-3.11\n", "source.bootstrapServers": "  bootstrapServers: kafka.example:443\n",
		"target.cluster": "  cluster: new\n", "target.namespace": "  namespace: streams\n", "target.distribution": "  distribution: amq-streams\n",
		"target.version": "  version: \"1.8\"\n", "target.platform": "  platform: openshift-4.8\n",
	} {
		t.Run(field, func(t *testing.T) {
			_, _, err := load(change(t, line, ""))
			i := slices.IndexFunc(finding.From(err), func(f finding.Finding) bool {
				return f.Rule == "field-missing" && f.Message == field+" is missing" && f.Line > 0
			})
			if i < 0 {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWorkloadsAreChecked(t *testing.T) {
	for _, r := range []refusal{
		{"an unknown tier", []string{"tier: downstream", "tier: sidestream  # here"}, "unknown-tier", `"sidestream"`, "ingest, upstream, dam or downstream"},
		{"no tier", []string{"- name: gateway\n  tier: ingest\n", "- name: gateway  # here\n"}, "unknown-tier", `""`, ""},
		{"an unknown kind", []string{"  groups: [billing]\n  source: {kind: Deployment}", "  groups: [billing]\n  source:\n    kind: DaemonSet  # here"}, "workload-kind", "DaemonSet", "StatefulSet"},
		{"an unknown kind on the target", []string{"  groups: [billing]\n", "  groups: [billing]\n  target:\n    kind: Pod  # here\n"}, "workload-kind", "Pod", "Deployment"},
		{"replicas of a CronJob", []string{"  groups: [billing]\n  source: {kind: Deployment}", "  groups: [billing]\n  source:\n    kind: CronJob\n    replicas: 2  # here"}, "workload-replicas", "CronJob", "drop"},
		{"replicas of a KafkaConnector", []string{"  groups: [billing]\n  source: {kind: Deployment}", "  groups: [billing]\n  source:\n    kind: KafkaConnector\n    replicas: 2  # here"}, "workload-replicas", "KafkaConnector", "drop"},
		{"negative replicas", []string{"  groups: [billing]\n  source: {kind: Deployment}", "  groups: [billing]\n  source:\n    kind: Deployment\n    replicas: -1  # here"}, "workload-replicas", "-1", ""},
		{"a workload that runs nowhere", []string{"- name: billing\n", "- name: billing  # here\n", "  groups: [billing]\n  source: {kind: Deployment}\n", "  groups: [billing]\n"}, "workload-nowhere", "billing", ""},
		{"a workload listed twice", []string{"batches:\n", "- name: billing  # here\n  tier: downstream\n  consumes: [orders]\n  source: {kind: Deployment}\nbatches:\n"}, "workload-twice", "first on line 27", ""},
	} {
		t.Run(r.name, r.test)
	}
}

func TestBatchesAreChecked(t *testing.T) {
	const two = "batches:\n- name: one\n  workloads: [gateway]\n- name: two\n  workloads: [billing]\n"
	const all = "batches:\n- name: all\n  workloads: [gateway, billing]\n"
	for _, r := range []refusal{
		{"a workload in no batch", []string{"workloads: [gateway, billing]", "workloads: [gateway]", "- name: billing\n", "- name: billing  # here\n"}, "workload-in-no-batch", "billing", "batches"},
		{"a workload in two batches", []string{all, "batches:\n- name: one\n  workloads:\n  - gateway\n  - billing\n- name: two\n  workloads:\n  - billing  # here\n"}, "workload-in-two-batches", "one and two", "one"},
		{"an unknown workload", []string{"workloads: [gateway, billing]", "workloads:\n  - gateway\n  - billing\n  - biling  # here"}, "unknown-workload", "biling", ""},
		{"two batches of one name", []string{all, "batches:\n- name: one\n  workloads: [gateway, billing]\n- name: one  # here\n  workloads: []\n"}, "batch-name", `"one"`, ""},
		{"a batch without a name", []string{"- name: all\n", "- name: \"\"  # here\n"}, "batch-name", "empty", ""},
		{"a group used in two batches", []string{all, two, "  produces: [orders]\n", "  consumes: [other]\n  groups: [billing]\n", "  consumes: [orders]\n  groups: [billing]", "  consumes: [other]\n  groups: [billing]  # here"},
			"group-across-batches", "gateway (batch one) and billing (batch two)", "one batch"},
	} {
		t.Run(r.name, r.test)
	}
}

func TestMoreThanEightBatchesDoNotFit(t *testing.T) {
	for _, test := range []struct {
		count int
		fits  bool
	}{{8, true}, {9, false}} {
		text := change(t, "batches:\n- name: all\n  workloads: [gateway, billing]\n", "batches:\n- name: all\n  workloads: [gateway, billing]\n")
		for i := 1; i < test.count; i++ {
			text += "- name: b" + strings.Repeat("x", i) + "\n  workloads: []\n"
		}
		_, _, err := load(text)
		if fits := err == nil; fits != test.fits {
			t.Errorf("%d batches: got %v", test.count, err)
		}
	}
}

func TestTopicsAcrossBatchesAreWarnings(t *testing.T) {
	const all = "batches:\n- name: all\n  workloads: [gateway, billing]\n"
	for _, test := range []struct{ name, batches, rule, message string }{
		{"the consumer moves first", "batches:\n- name: one\n  workloads: [billing]\n- name: two\n  workloads: [gateway]\n", "topic-across-batches", "through the mirror, late"},
		{"the producer moves first", "batches:\n- name: one\n  workloads: [gateway]\n- name: two\n  workloads: [billing]\n", "topic-ahead-of-consumer", "the producer moves first"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := change(t, all, test.batches, "  consumes: [orders]\n", "  consumes: [orders]  # here\n")
			_, findings, err := load(text)
			if err != nil {
				t.Fatalf("a warning stops the migration: %v", err)
			}
			if len(findings) != 1 {
				t.Fatalf("got %v, want one warning", findings)
			}
			f := findings[0]
			if f.Rule != test.rule || f.Severity != finding.Warning || f.Object != "topic orders" || f.Line != marked(text) || !strings.Contains(f.Message, test.message) {
				t.Errorf("got %+v, want %s on line %d", f, test.rule, marked(text))
			}
		})
	}
}

func TestAWorkloadWithoutTopicsIsAWarning(t *testing.T) {
	text := change(t, "- name: gateway\n", "- name: gateway  # here\n", "  produces: [orders]\n", "")
	_, findings, err := load(text)
	if err != nil || len(findings) != 1 || findings[0].Rule != "workload-without-topics" || findings[0].Line != marked(text) {
		t.Errorf("got %v and %v", findings, err)
	}
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	_, _, err := load(change(t, "tier: downstream", "tier: none", `version: "1.8"`, `version: "9"`, "  replicas: 3\n", "  offsetReset: latest\n"))
	var rules []string
	for _, f := range finding.From(err) {
		rules = append(rules, f.Rule)
	}
	slices.Sort(rules)
	if want := []string{"offset-reset-latest", "unknown-tier", "unknown-version"}; !slices.Equal(rules, want) {
		t.Errorf("got %v, want %v", rules, want)
	}
}

func TestTheDocumentItselfIsChecked(t *testing.T) {
	for _, test := range []struct {
		name, text, rule string
		line             int
	}{
		{"an empty file", "", "migration-count", 0},
		{"comments alone", "# nothing\n", "migration-count", 0},
		{"two documents", base + "---\n" + base, "migration-count", 0},
		{"another kind", change(t, "kind: Migration", "kind: Kafka"), "migration-kind", 2},
		{"no kind", change(t, "kind: Migration\n", ""), "migration-kind", 1},
		{"another version", change(t, "cutover/v1alpha1", "cutover/v2"), "migration-version", 1},
		{"a list", "- a\n", "not-an-object", 1},
		{"no YAML", "a: b: c\n", "yaml-syntax", 1},
		{"an alias bomb", "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n", "yaml-alias", 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := load(test.text)
			found := finding.From(err)
			if len(found) != 1 || found[0].Rule != test.rule || found[0].Line != test.line || found[0].File != "dir/migration.yaml" || found[0].Hint == "" {
				t.Errorf("got %+v (%v), want %s on line %d", found, err, test.rule, test.line)
			}
		})
	}
}

func TestAFileOfMoreThanFourMebibytesIsRefused(t *testing.T) {
	_, _, err := load(base + "#" + strings.Repeat("x", 4<<20) + "\n")
	if found := finding.From(err); len(found) != 1 || found[0].Rule != "file-too-large" {
		t.Errorf("got %v", err)
	}
}
