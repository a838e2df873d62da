package inventory

import (
	"cmp"
	"fmt"
	"net"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// listeners reads spec.kafka.listeners in the array form of Strimzi 0.20 and later, or in
// the object form before it, with the names and ports that Strimzi's own conversion gives
// to plain, tls and external.
func (a *assembly) listeners() []Listener {
	node := document.At(a.root.Root, "spec", "kafka", "listeners")
	var all []Listener
	for _, element := range children(node) {
		port, ok := integer(document.Child(element, "port"))
		if !ok || textAt(element, "name") == "" {
			a.findings.Add(finding.Finding{
				Rule: "listener-incomplete", Severity: finding.Error, File: a.root.File, Line: element.Line, Object: a.root.Describe(),
				Message: "a listener has no name or no port", Hint: "give name, port, type and tls",
			})
			continue
		}
		all = append(all, Listener{
			Name: textAt(element, "name"), Port: port, Type: textAt(element, "type"),
			TLS: flag(document.Child(element, "tls")), Authentication: textAt(element, "authentication", "type"),
		})
	}
	if node != nil && node.Kind == yaml.MappingNode {
		all = oldListeners(node)
	}
	slices.SortStableFunc(all, func(x, y Listener) int { return cmp.Compare(x.Name, y.Name) })
	for i := range all {
		all[i].Addresses = a.bootstraps(all[i], len(all))
	}
	return all
}

func oldListeners(node *yaml.Node) []Listener {
	var all []Listener
	for i := 0; i+1 < len(node.Content); i += 2 {
		value := node.Content[i+1]
		listener := Listener{Name: node.Content[i].Value, Type: "internal", Authentication: textAt(value, "authentication", "type")}
		switch {
		case value.Kind != yaml.MappingNode:
			continue
		case listener.Name == "plain":
			listener.Port = 9092
		case listener.Name == "tls":
			listener.Port, listener.TLS = 9093, true
		case listener.Name == "external":
			listener.Port, listener.Type = 9094, textAt(value, "type")
			// Routes and ingresses cannot be without TLS; elsewhere it is the default.
			listener.TLS = listener.Type == "route" || listener.Type == "ingress" ||
				!document.Has(value, "tls") || flag(document.Child(value, "tls"))
		default:
			continue
		}
		all = append(all, listener)
	}
	return all
}

// bootstraps gives a listener's bootstrap addresses, from the resource's status and from
// the routes that the operator made for it.
func (a *assembly) bootstraps(listener Listener, count int) []string {
	var found []string
	for _, status := range children(document.At(a.root.Root, "status", "listeners")) {
		if name := cmp.Or(textAt(status, "name"), textAt(status, "type")); name != listener.Name {
			continue
		}
		for _, address := range children(document.Child(status, "addresses")) {
			if host, port := textAt(address, "host"), textAt(address, "port"); host != "" && port != "" {
				found = append(found, net.JoinHostPort(host, port))
			}
		}
		if servers := textAt(status, "bootstrapServers"); servers != "" {
			found = append(found, strings.Split(servers, ",")...)
		}
	}
	if listener.Type == "route" {
		found = append(found, a.routes(listener.Name, count)...)
	}
	return unique(found)
}

// routes gives the hosts of a listener's bootstrap route. It is called after the listener,
// but after the cluster alone for the one that was called external.
func (a *assembly) routes(listener string, count int) []string {
	names := []string{fmt.Sprintf("%s-kafka-%s-bootstrap", a.cluster, listener)}
	if listener == "external" || count == 1 {
		names = append(names, a.cluster+"-kafka-bootstrap")
	}
	var hosts []string
	for _, route := range a.sorted("Route") {
		host := textAt(route.Root, "spec", "host")
		if host != "" && slices.Contains(names, route.Name()) && together(route.Namespace(), a.namespace) &&
			route.Label("strimzi.io/cluster") == a.cluster {
			hosts = append(hosts, host+":443")
		}
	}
	return hosts
}
