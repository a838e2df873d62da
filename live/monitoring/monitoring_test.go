package monitoring_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"cutover/generator/migration"
	"cutover/live/monitoring"
)

const fortnight = 14 * 24 * time.Hour

func question() monitoring.Question {
	return monitoring.Question{Namespace: "kafka", Platform: migration.Platform{OpenShift: true, Major: 4, Minor: 8}, Length: fortnight, StorageClass: "fast"}
}

// good is a cluster where nothing is missing.
func good() monitoring.Seen {
	return monitoring.Seen{
		Cluster:  monitoring.Config{Exists: true, Text: "# by the platform team\nenableUserWorkload: true\n"},
		Workload: monitoring.Config{Exists: true, Text: "prometheus:\n  retention: 15d\n  volumeClaimTemplate:\n    spec: {}\n"},
		Labels:   map[string]string{"team": "streams"},
	}
}

func TestAClusterIsHeldAgainstWhatTheMigrationNeeds(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*monitoring.Question, *monitoring.Seen)
		// missing is the check that does not hold, "" for none; mentions are in it.
		missing  string
		unknown  bool
		mentions []string
	}{
		{"everything is there", func(*monitoring.Question, *monitoring.Seen) {}, "", false, nil},
		{"it is off, and the file's other settings stay", func(_ *monitoring.Question, s *monitoring.Seen) {
			s.Cluster.Text = "# by the platform team\nprometheusK8s:\n  retention: 30d\n"
		}, "user-workload-enabled", false, []string{"enableUserWorkload: true", "# by the platform team", "retention: 30d", "oc -n openshift-monitoring patch configmap cluster-monitoring-config --type merge"}},
		{"it is switched off", func(_ *monitoring.Question, s *monitoring.Seen) { s.Cluster.Text = "enableUserWorkload: false\n" },
			"user-workload-enabled", false, []string{"enableUserWorkload: true"}},
		{"there is no ConfigMap yet", func(_ *monitoring.Question, s *monitoring.Seen) { s.Cluster = monitoring.Config{} },
			"user-workload-enabled", false, []string{"kind: ConfigMap", "namespace: openshift-monitoring", "oc apply -f"}},
		{"a credential in the settings is not shown", func(_ *monitoring.Question, s *monitoring.Seen) {
			s.Cluster.Text = "prometheusK8s:\n  remoteWrite:\n  - url: https://x\n    bearerToken: s3cr3t\n"
		}, "user-workload-enabled", false, []string{"enableUserWorkload: true", "oc -n openshift-monitoring edit configmap"}},
		{"it may not be read", func(_ *monitoring.Question, s *monitoring.Seen) {
			s.Cluster = monitoring.Config{Err: errors.New("forbidden")}
		},
			"user-workload-enabled", true, []string{"forbidden"}},
		{"it is no YAML", func(_ *monitoring.Question, s *monitoring.Seen) { s.Cluster.Text = "password: [s3cr3t" },
			"user-workload-enabled", true, []string{"no YAML"}},
		{"the namespace belongs to the platform's own Prometheus", func(_ *monitoring.Question, s *monitoring.Seen) {
			s.Labels["openshift.io/cluster-monitoring"] = "true"
		}, "namespace-watched", false, []string{"oc label namespace kafka openshift.io/cluster-monitoring-"}},
		{"the namespace may not be read", func(_ *monitoring.Question, s *monitoring.Seen) { s.LabelsErr = errors.New("no") }, "namespace-watched", true, []string{"no"}},
		{"data is kept for a day, by default", func(_ *monitoring.Question, s *monitoring.Seen) {
			s.Workload.Text = "prometheus:\n  volumeClaimTemplate:\n    spec: {}\n"
		}, "retention", false, []string{"24h, by default", "retention: 14d", "volumeClaimTemplate"}},
		{"data is deleted too soon", func(q *monitoring.Question, _ *monitoring.Seen) { q.Length = 361 * time.Hour }, "retention", false, []string{"retention: 361h"}},
		{"a retention that nobody understands", func(_ *monitoring.Question, s *monitoring.Seen) {
			s.Workload.Text = "prometheus:\n  retention: soon\n  volumeClaimTemplate: {spec: {}}\n"
		}, "retention", true, []string{"soon"}},
		{"OpenShift 4.6 keeps data for 15 days", func(q *monitoring.Question, s *monitoring.Seen) {
			q.Platform.Minor = 6
			s.Workload.Text = "prometheus:\n  volumeClaimTemplate:\n    spec: {}\n"
		}, "", false, nil},
		{"there is no volume", func(_ *monitoring.Question, s *monitoring.Seen) { s.Workload.Text = "prometheus:\n  retention: 15d\n" },
			"storage", false, []string{"storage: 50Gi", "storageClassName: fast", "retention: 15d"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, seen := question(), good()
			test.change(&q, &seen)
			checks := monitoring.Evaluate(q, seen)
			if monitoring.Hold(checks) != (test.missing == "") {
				t.Errorf("whether all holds is wrong: %+v", checks)
			}
			for _, check := range checks {
				text := check.Seen + check.Do + check.Command + check.Patch
				if strings.Contains(text, "s3cr3t") {
					t.Errorf("a credential is shown: %s", text)
				}
				if check.Holds != (check.Name != test.missing) || check.Unknown != (test.unknown && check.Name == test.missing) {
					t.Errorf("%s: holds %v, unknown %v: %s", check.Name, check.Holds, check.Unknown, check.Seen)
				}
				for _, mention := range test.mentions {
					if check.Name == test.missing && !strings.Contains(text, mention) {
						t.Errorf("%s does not mention %q:\n%s", check.Name, mention, text)
					}
				}
			}
		})
	}
}

// apply does what the API server does with a merge patch of the one key.
func apply(t *testing.T, config *monitoring.Config, patch string) {
	t.Helper()
	var object struct{ Data map[string]string }
	if err := yaml.Unmarshal([]byte(patch), &object); err != nil {
		t.Fatal(err)
	}
	*config = monitoring.Config{Exists: true, Text: object.Data["config.yaml"]}
}

func TestThePatchesAppliedInAnyOrderLeaveNothingMissing(t *testing.T) {
	for _, backwards := range []bool{false, true} {
		q, seen := question(), monitoring.Seen{}
		checks := monitoring.Evaluate(q, seen)
		for i := range checks {
			check := checks[i]
			if backwards {
				check = checks[len(checks)-1-i]
			}
			switch check.Name {
			case "user-workload-enabled":
				apply(t, &seen.Cluster, check.Patch)
			case "retention", "storage":
				apply(t, &seen.Workload, check.Patch)
			}
		}
		if left := monitoring.Evaluate(q, seen); !monitoring.Hold(left) {
			t.Errorf("after the patches there is left: %+v", left)
		}
	}
}

func TestDurationsAreReadAsPrometheusWritesThem(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"15d": 360 * time.Hour, "1d12h": 36 * time.Hour, "2w": fortnight, "1y": 365 * 24 * time.Hour, "30m": 30 * time.Minute, "500ms": 500 * time.Millisecond,
		"": -1, "d": -1, "15": -1, "-1d": -1, "1.5d": -1, "99999999999d": -1, "2000000000y": -1,
	} {
		got, err := monitoring.ParseDuration(text)
		if (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("%q is %v (%v), want %v", text, got, err, want)
		}
	}
}
