package migration

import (
	"fmt"
	"strings"

	"cutover/generator/finding"
)

// The ways in which a cluster is scraped.
const (
	UserWorkload       = "openshift-user-workload"
	PrometheusOperator = "prometheus-operator"
)

// checkPrometheus holds one cluster's Prometheus to what its mode can do.
func (m *Migration) checkPrometheus(p Prometheus, path ...string) finding.List {
	var findings finding.List
	where := strings.Join(path, ".")
	switch p.Mode {
	case "", PrometheusOperator:
	case UserWorkload:
		if p.Create {
			findings.Add(m.Finding("monitoring-mode", where+".create and user workload monitoring, which brings its own Prometheus, exclude each other",
				"leave create out, or write mode: "+PrometheusOperator, append(path, "create")...))
		}
	default:
		findings.Add(m.Finding("monitoring-mode", fmt.Sprintf("%s.mode %q is unknown", where, p.Mode),
			"write "+UserWorkload+" or "+PrometheusOperator, append(path, "mode")...))
	}
	for _, field := range []struct{ name, value string }{
		{"retention", p.Retention}, {"alertmanagerSecretName", p.AlertmanagerSecretName}, {"scrapeSecretName", p.ScrapeSecretName},
	} {
		if field.value != "" && !p.Create {
			findings.Add(m.Finding("monitoring-mode", fmt.Sprintf("%s.%s is for a Prometheus that cutover brings", where, field.name),
				"add create: true, or set it where that Prometheus is configured", append(path, field.name)...))
		}
	}
	if p.Storage != nil && !p.Create {
		findings.Add(m.Finding("monitoring-mode", where+".storage is for a Prometheus that cutover brings",
			"add create: true, or set it where that Prometheus is configured", append(path, "storage")...))
	}
	return findings
}

// ModeOn is Mode or, without one, what a platform offers: user workload monitoring on
// OpenShift 4, unless a Prometheus is brought.
func (p Prometheus) ModeOn(platform Platform) string {
	switch {
	case p.Mode != "":
		return p.Mode
	case platform.OpenShift && platform.Major >= 4 && !p.Create:
		return UserWorkload
	}
	return PrometheusOperator
}
