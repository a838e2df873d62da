package strimzi

import (
	"fmt"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

var listenerName = regexp.MustCompile(`^[a-z0-9]{1,11}$`)

// The ports that a listener may have: from lowestPort, except those of the JMX exporter
// and of JMX (Strimzi's ListenersValidator).
const (
	lowestPort   = 9092
	exporterPort = 9404
	jmxPort      = 9999
)

// typedField is a field of a listener that only some listener types have.
type typedField struct {
	path  string
	types []string
}

// typedFields gives what Strimzi's ListenersValidator refuses on other types.
func typedFields() []typedField {
	services := []string{"loadbalancer", "nodeport", "route", "ingress"}
	return []typedField{
		{"configuration.class", []string{"ingress"}},
		{"configuration.externalTrafficPolicy", []string{"loadbalancer", "nodeport"}},
		{"configuration.loadBalancerSourceRanges", []string{"loadbalancer"}},
		{"configuration.finalizers", []string{"loadbalancer"}},
		{"configuration.preferredNodePortAddressType", []string{"nodeport"}},
		{"configuration.useServiceDnsDomain", []string{"internal"}},
		{"configuration.{bootstrap,brokers[]}.host", []string{"route", "ingress"}},
		{"configuration.{bootstrap,brokers[]}.loadBalancerIP", []string{"loadbalancer"}},
		{"configuration.{bootstrap,brokers[]}.nodePort", []string{"nodeport"}},
		{"configuration.{bootstrap,brokers[]}.annotations", services},
		{"configuration.{bootstrap,brokers[]}.labels", services},
	}
}

func typesWith(path string) []string {
	for _, typed := range typedFields() {
		if typed.path == path {
			return typed.types
		}
	}
	return nil
}

// CheckListeners holds the listeners of a v1beta2 Kafka against what its schema and the
// operator demand: unique names of 1 to 11 lower-case letters and digits, unique ports from
// 9092 except 9404 and 9999, a type, tls where the type or its authentication needs it, and
// no field of another type. All findings are of severity Error.
func CheckListeners(doc document.Document) finding.List {
	return checkListeners(doc, make(map[*yaml.Node]bool))
}

// checkListeners is CheckListeners that remembers in told which nodes its findings are about.
func checkListeners(doc document.Document, told map[*yaml.Node]bool) finding.List {
	var findings finding.List
	if doc.Group() != Group || doc.Kind() != "Kafka" {
		return nil
	}
	listeners, ok := find(doc.Root, "spec.kafka.listeners")
	if !ok || listeners.value.Kind != yaml.SequenceNode || len(listeners.value.Content) == 0 {
		told[listeners.value] = true
		findings.Add(doc.Finding("listener-missing", "spec.kafka.listeners is no list of listeners",
			"give at least one listener with name, port, type and tls", "spec", "kafka", "listeners"))
		return findings
	}
	check := listenerCheck{doc: doc, names: map[string]int{}, ports: map[string]int{}, told: told}
	for _, listener := range elements(listeners) {
		check.listener(listener)
	}
	return check.findings
}

// listenerCheck remembers on which lines names and ports were seen.
type listenerCheck struct {
	doc          document.Document
	names, ports map[string]int
	told         map[*yaml.Node]bool
	findings     finding.List
}

func (c *listenerCheck) refuse(rule string, node *yaml.Node, message, hint string) {
	c.told[node] = true
	c.findings.Add(report(c.doc, finding.Error, rule, node, message, hint))
}

func (c *listenerCheck) listener(listener field) {
	values := map[string]*yaml.Node{}
	for _, name := range []string{"name", "port", "type", "tls"} {
		given, ok := entry(listener.value, name)
		if !ok || given.empty() {
			c.refuse("listener-incomplete", listener.key, fmt.Sprintf("%s has no %s", listener.path, name), "v1beta2 requires name, port, type and tls of every listener")
			continue
		}
		values[name] = given.value
	}
	c.name(listener, values["name"])
	c.port(listener, values["port"])
	c.tls(listener, document.Text(values["type"]), values["tls"])
	if kind := values["type"]; kind != nil {
		c.fields(listener, kind.Value)
	}
}

func (c *listenerCheck) name(listener field, name *yaml.Node) {
	if name == nil {
		return
	}
	if !listenerName.MatchString(name.Value) {
		c.refuse("listener-name", name, fmt.Sprintf("the name of %s is not 1 to 11 lower-case letters and digits", listener.path),
			"shorten it to match ^[a-z0-9]{1,11}$; clients do not see it, Services and Routes carry it")
	}
	c.unique("name", c.names, listener, name)
}

func (c *listenerCheck) port(listener field, port *yaml.Node) {
	if port == nil {
		return
	}
	number, err := strconv.Atoi(port.Value)
	switch {
	case err != nil || port.Tag != "!!int":
		c.refuse("listener-port", port, fmt.Sprintf("%s.port is no whole number", listener.path), "write it as a number, such as port: 9094")
	case number < lowestPort || number == exporterPort || number == jmxPort || number > 65535:
		c.refuse("listener-port", port, fmt.Sprintf("%s.port is %d, which Strimzi does not give to a listener", listener.path, number),
			"take a port from 9092 up that is neither 9404 nor 9999")
	}
	c.unique("port", c.ports, listener, port)
}

func (c *listenerCheck) unique(what string, seen map[string]int, listener field, value *yaml.Node) {
	if first, ok := seen[value.Value]; ok {
		c.refuse("listener-"+what, value, fmt.Sprintf("%s has the %s %s of the listener on line %d", listener.path, what, value.Value, first), "give each listener a "+what+" of its own")
		return
	}
	seen[value.Value] = value.Line
}

func (c *listenerCheck) tls(listener field, kind string, tls *yaml.Node) {
	if tls == nil || document.Value(tls) == true {
		return
	}
	if alwaysTLS(kind) {
		c.refuse("listener-tls", tls, fmt.Sprintf("%s of type %s has no TLS", listener.path, kind), "set tls: true: a "+kind+" passes nothing else")
	}
	if document.Text(document.At(listener.value, "authentication", "type")) == "tls" {
		c.refuse("listener-tls", tls, fmt.Sprintf("%s authenticates clients by certificate without TLS", listener.path), "set tls: true, or another authentication")
	}
}

func (c *listenerCheck) fields(listener field, kind string) {
	for _, typed := range typedFields() {
		if of(typed.types, kind) {
			continue
		}
		for _, given := range match(listener.value, typed.path) {
			c.refuse("listener-field", given.key, fmt.Sprintf("%s.%s is set, which type %s does not have", listener.path, given.path, kind),
				fmt.Sprintf("remove it; it belongs to %v", typed.types))
		}
	}
	for _, broker := range match(listener.value, "configuration.brokers[]") {
		if number, ok := entry(broker.value, "broker"); !ok || number.empty() {
			c.refuse("listener-field", broker.key, fmt.Sprintf("%s.%s has no broker", listener.path, broker.path), "say which broker it is for: broker: 0")
		}
	}
	if kind == "ingress" && len(match(listener.value, "configuration.bootstrap.host")) == 0 {
		c.refuse("listener-field", listener.key, listener.path+".configuration.bootstrap.host is missing, and type ingress needs it", "give the host name that clients use")
	}
}
