package inventory

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cutover/generator/document"
)

// addressBook knows the names under which a cluster is reached.
type addressBook struct {
	cluster   string
	namespace string
	services  map[identity]bool // kind Service
	hosts     map[string]bool   // hosts that are the cluster's alone
	endpoints map[string]bool   // host:port, where others share the host
	broker    *regexp.Regexp    // the per-broker pods and services
}

// addresses collects the names of a cluster: the services that the operator makes, the
// listeners' addresses, and other services that stand in front of them.
func (a *assembly) addresses(listeners []Listener) addressBook {
	book := addressBook{
		cluster: a.cluster, namespace: a.namespace,
		services: make(map[identity]bool), hosts: make(map[string]bool), endpoints: make(map[string]bool),
	}
	names := []string{a.cluster + "-kafka-bootstrap", a.cluster + "-kafka-brokers", a.cluster + "-kafka-external-bootstrap"}
	brokers := "|external-"
	for _, listener := range listeners {
		names = append(names, fmt.Sprintf("%s-kafka-%s-bootstrap", a.cluster, listener.Name))
		brokers += "|" + regexp.QuoteMeta(listener.Name) + "-"
		for _, address := range listener.Addresses {
			book.learn(address, listener.Type)
		}
	}
	book.broker = regexp.MustCompile(`^` + regexp.QuoteMeta(a.cluster) + `-kafka-(` + strings.TrimPrefix(brokers, "|") + `|)[0-9]+$`)
	for _, name := range names {
		book.services[identity{"Service", a.namespace, name}] = true
	}
	a.aliases(&book)
	return book
}

// learn takes in a listener's address. An internal one is a service that is known anyway;
// a node port shares its host with all other services.
func (b *addressBook) learn(address, listenerType string) {
	host, _, _ := strings.Cut(strings.ToLower(address), ":")
	switch listenerType {
	case "internal":
	case "nodeport":
		b.endpoints[strings.ToLower(address)] = true
	default:
		b.hosts[host] = true
	}
}

// aliases finds services of the export's own that lead to the cluster: by selecting its
// broker pods, or as an external name.
func (a *assembly) aliases(book *addressBook) {
	for _, service := range a.sorted("Service") {
		selector := document.At(service.Root, "spec", "selector")
		selects := textAt(selector, "strimzi.io/cluster") == a.cluster &&
			slices.Contains([]string{"", a.cluster + "-kafka"}, textAt(selector, "strimzi.io/name")) &&
			slices.Contains([]string{"", "Kafka"}, textAt(selector, "strimzi.io/kind")) &&
			together(service.Namespace(), a.namespace)
		external := textAt(service.Root, "spec", "externalName")
		if selects || external != "" && len(book.find(external, service.Namespace())) > 0 {
			book.services[identity{"Service", service.Namespace(), service.Name()}] = true
		}
	}
}

// hostToken is a host name with or without a port. Underscores belong to no host.
var hostToken = regexp.MustCompile(`[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?`)

// find gives the cluster's addresses that a text names, for a reader in a namespace, in
// the text's order.
func (b addressBook) find(text, namespace string) []string {
	var found []string
	for _, token := range hostToken.FindAllString(text, -1) {
		lower := strings.ToLower(token)
		host, _, _ := strings.Cut(lower, ":")
		if b.hosts[host] || b.endpoints[lower] || b.service(host, namespace) {
			found = append(found, token)
		}
	}
	return found
}

// service tells whether a host is one of the cluster's services: NAME, NAME.NAMESPACE,
// NAME.NAMESPACE.svc and so on, or BROKER.NAME… of a broker's pod.
func (b addressBook) service(host, namespace string) bool {
	labels := strings.Split(host, ".")
	if b.broker.MatchString(labels[0]) {
		if len(labels) > 1 && labels[1] == b.cluster+"-kafka-brokers" {
			labels = labels[1:]
		}
		labels[0] = b.cluster + "-kafka-brokers"
	}
	if len(labels) > 2 && labels[2] != "svc" {
		return false
	}
	if len(labels) > 1 {
		namespace = labels[1]
	}
	if b.services[identity{"Service", namespace, labels[0]}] {
		return true
	}
	// Where a namespace is unknown, the name alone has to do.
	return namespace == "" && b.services[identity{"Service", b.namespace, labels[0]}] ||
		b.namespace == "" && b.services[identity{"Service", "", labels[0]}]
}
