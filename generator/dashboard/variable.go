package dashboard

import "fmt"

// Choices are asked for by a query, not by label_values: the port of OpenShift's Thanos
// that is held to one namespace answers queries in every version, and requests for series
// or labels only since OpenShift 4.9.

// watched is the series that exists once for each scraped pod of a Strimzi resource, also
// while the pod is down.
func watched(kind string, matchers string) string {
	return fmt.Sprintf(`up{%sstrimzi_io_kind="%s"}`, matchers, kind)
}

// datasource is the choice of a Prometheus.
func datasource(name, label string) Variable { return Variable{Name: name, Label: label} }

// choice asks for the values of a label.
func choice(name, label, values, source, series string) Variable {
	return Variable{
		Name: name, Label: label, Values: values, Datasource: source,
		Query: fmt.Sprintf("count by (%s) (%s)", values, series),
	}
}

// one gives the variables of a dashboard that shows one resource of a kind.
func one(kind, label string) []Variable {
	return []Variable{
		datasource("datasource", "Prometheus"),
		choice("namespace", "Namespace", "namespace", "datasource", watched(kind, "")),
		choice("cluster", label, "strimzi_io_cluster", "datasource", watched(kind, `namespace="$namespace",`)),
	}
}

// side gives the variables of one side of the migration. Recorded series carry the side as
// a label, so that the right cluster is chosen from the start.
func side(role, label string) []Variable {
	recorded := func(matchers string) string {
		return fmt.Sprintf(`cutover:partition_bytes{%scutover_role="%s"}`, matchers, role)
	}
	return []Variable{
		datasource(role+"_datasource", label+" Prometheus"),
		choice(role+"_namespace", label+" namespace", "namespace", role+"_datasource", recorded("")),
		choice(role+"_cluster", label+" cluster", "strimzi_io_cluster", role+"_datasource",
			recorded(fmt.Sprintf(`namespace="$%s_namespace",`, role))),
	}
}
