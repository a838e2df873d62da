package strimzi

import (
	"fmt"

	"cutover/generator/document"
	"cutover/generator/finding"
)

const (
	monitoring = "monitoring.coreos.com"
	// monitorPort names the port of the JMX exporter: on the Services until 0.20.0, which
	// took it off them, and on the pods ever since (CHANGELOG 0.20.0).
	monitorPort  = "tcp-prometheus"
	monitorSince = "0.20.0"
)

// lintMonitor finds the endpoints of a ServiceMonitor that no Service of Strimzi's has any
// longer.
func lintMonitor(doc document.Document, to Version) finding.List {
	var findings finding.List
	if Older(to.Strimzi, monitorSince) {
		return nil
	}
	for _, port := range match(doc.Root, "spec.endpoints[].port") {
		if document.Text(port.value) == monitorPort {
			findings.Add(report(doc, finding.Warning, "monitor-port", port.key,
				fmt.Sprintf("Strimzi's Services have no port %s since %s, so that this ServiceMonitor finds nothing", monitorPort, monitorSince),
				"use a PodMonitor: podMetricsEndpoints with the port "+monitorPort+", which the pods have"))
		}
	}
	return findings
}
