package prometheus

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cutover/e2e/kafka/manifest"
)

// Target is something that exports metrics, as Kubernetes would describe it.
type Target struct {
	// Address is where it listens.
	Address string
	// Namespace, Pod, Container and Port are its own names.
	Namespace, Pod, Container, Port string
	// Labels are the pod's.
	Labels map[string]string
	// Service is the one in front of it, ServiceLabels what that has.
	Service       string
	ServiceLabels map[string]string
}

// monitor is what a PodMonitor and a ServiceMonitor have in common.
type monitor struct {
	Spec struct {
		Selector struct {
			MatchLabels      map[string]string `json:"matchLabels"`
			MatchExpressions []struct {
				Key      string   `json:"key"`
				Operator string   `json:"operator"`
				Values   []string `json:"values"`
			} `json:"matchExpressions"`
		} `json:"selector"`
		TargetLabels        []string   `json:"targetLabels"`
		PodMetricsEndpoints []endpoint `json:"podMetricsEndpoints"`
		Endpoints           []endpoint `json:"endpoints"`
	} `json:"spec"`
}

type endpoint struct {
	Port        string `json:"port"`
	Path        string `json:"path"`
	Relabelings []struct {
		Action       string   `json:"action"`
		SourceLabels []string `json:"sourceLabels"`
		Regex        string   `json:"regex"`
		TargetLabel  string   `json:"targetLabel"`
		Replacement  string   `json:"replacement"`
	} `json:"relabelings"`
}

// relabeling is one of Prometheus's relabel_configs.
type relabeling struct {
	Action       string   `json:"action,omitempty"`
	SourceLabels []string `json:"source_labels,omitempty"`
	Regex        string   `json:"regex,omitempty"`
	TargetLabel  string   `json:"target_label,omitempty"`
	Replacement  string   `json:"replacement,omitempty"`
}

// scrapes gives the scrape configurations of a monitor. Targets are given with the labels
// of Kubernetes' service discovery, so that selectors and relabelings do their own work.
func scrapes(object manifest.Object, targets []Target) ([]map[string]any, error) {
	var m monitor
	if err := object.Decode(&m); err != nil {
		return nil, err
	}
	kind, port, endpoints := "pod", "__meta_kubernetes_pod_container_port_name", m.Spec.PodMetricsEndpoints
	if object.Kind == "ServiceMonitor" {
		kind, port, endpoints = "service", "__meta_kubernetes_endpoint_port_name", m.Spec.Endpoints
	}
	if len(endpoints) == 0 {
		return nil, fmt.Errorf("%s %s has no endpoints", object.Kind, object.Metadata.Name)
	}
	var jobs []map[string]any
	for i, e := range endpoints {
		relabelings := []relabeling{keep("__meta_kubernetes_namespace", object.Metadata.Namespace), keep(port, e.Port)}
		selected, err := m.selected(kind)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", object.Kind, object.Metadata.Name, err)
		}
		relabelings = append(append(relabelings, selected...), m.usual(kind, e.Port)...)
		for _, r := range e.Relabelings {
			relabelings = append(relabelings, relabeling{r.Action, r.SourceLabels, r.Regex, r.TargetLabel, r.Replacement})
		}
		path := e.Path
		if path == "" {
			path = "/metrics"
		}
		jobs = append(jobs, map[string]any{
			"job_name":     fmt.Sprintf("%s/%s/%s/%d", kind, object.Metadata.Namespace, object.Metadata.Name, i),
			"metrics_path": path, "static_configs": discovered(targets), "relabel_configs": relabelings,
		})
	}
	return jobs, nil
}

// selected keeps what the monitor's selector selects.
func (m monitor) selected(kind string) ([]relabeling, error) {
	var all []relabeling
	for _, key := range slices.Sorted(maps.Keys(m.Spec.Selector.MatchLabels)) {
		all = append(all, keep(meta(kind+"_label_", key), m.Spec.Selector.MatchLabels[key]))
	}
	for _, e := range m.Spec.Selector.MatchExpressions {
		if e.Operator != "In" {
			return nil, fmt.Errorf("operator %s of its selector is not known here", e.Operator)
		}
		all = append(all, keep(meta(kind+"_label_", e.Key), e.Values...))
	}
	return all, nil
}

// usual are the labels that the Prometheus operator gives every target.
func (m monitor) usual(kind, port string) []relabeling {
	all := []relabeling{
		{SourceLabels: []string{"__meta_kubernetes_namespace"}, TargetLabel: "namespace"},
		{SourceLabels: []string{"__meta_kubernetes_pod_container_name"}, TargetLabel: "container"},
		{SourceLabels: []string{"__meta_kubernetes_pod_name"}, TargetLabel: "pod"},
		{TargetLabel: "endpoint", Replacement: port},
	}
	if kind == "service" {
		all = append(all, relabeling{SourceLabels: []string{"__meta_kubernetes_service_name"}, TargetLabel: "service"})
	}
	for _, label := range m.Spec.TargetLabels {
		all = append(all, relabeling{SourceLabels: []string{meta(kind+"_label_", label)}, TargetLabel: clean(label), Regex: "(.+)", Replacement: "${1}"})
	}
	return all
}

func keep(label string, values ...string) relabeling {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = regexp.QuoteMeta(value)
	}
	return relabeling{Action: "keep", SourceLabels: []string{label}, Regex: strings.Join(quoted, "|")}
}

// discovered gives the targets as Kubernetes' service discovery would.
func discovered(targets []Target) []map[string]any {
	var all []map[string]any
	for _, t := range targets {
		labels := map[string]string{
			"__meta_kubernetes_namespace": t.Namespace, "__meta_kubernetes_pod_name": t.Pod,
			"__meta_kubernetes_pod_container_name": t.Container, "__meta_kubernetes_pod_container_port_name": t.Port,
			"__meta_kubernetes_pod_node_name": "node-" + t.Pod, "__meta_kubernetes_pod_host_ip": "127.0.0.1",
			"__meta_kubernetes_service_name": t.Service, "__meta_kubernetes_endpoint_port_name": t.Port,
		}
		for key, value := range t.Labels {
			labels[meta("pod_label_", key)] = value
		}
		for key, value := range t.ServiceLabels {
			labels[meta("service_label_", key)] = value
		}
		all = append(all, map[string]any{"targets": []string{t.Address}, "labels": labels})
	}
	return all
}

func meta(prefix, key string) string { return "__meta_kubernetes_" + prefix + clean(key) }

var unclean = regexp.MustCompile(`[^a-zA-Z0-9_]`)

// clean is a Kubernetes label's name as Prometheus writes it.
func clean(key string) string { return unclean.ReplaceAllString(key, "_") }
