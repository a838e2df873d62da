package plan

import (
	"cmp"
	"fmt"
	"slices"

	"cutover/generator/finding"
	"cutover/generator/strimzi/v1beta2"
)

// bound are the fields of a listener that name the source's own hosts, ports and
// certificates. Copied, they would collide or lie.
func bound() []string {
	return []string{"host", "advertisedHost", "advertisedPort", "nodePort", "loadBalancerIP", "alternativeNames"}
}

func setListeners(p *Plan, s *spec) finding.List {
	if len(p.Migration.Target.Listeners) > 0 {
		listeners := make([]any, len(p.Migration.Target.Listeners))
		for i, listener := range p.Migration.Target.Listeners {
			listeners[i] = exact(listener)
		}
		s.set("target.listeners of migration.yaml", listeners, "kafka", "listeners")
		return nil
	}
	listeners, _ := s.get("kafka", "listeners").([]any)
	moved := make([]any, 0, len(listeners))
	var findings finding.List
	for _, listener := range listeners {
		object, _ := deepCopy(listener).(map[string]any)
		stripListener(object)
		moved = append(moved, object)
		if object["type"] == "route" && !p.TargetPlatform.OpenShift {
			findings.Add(p.Migration.Finding("listener-route", fmt.Sprintf("listener %v is a route, which %s does not have", object["name"], p.Migration.Target.Platform),
				"give target.listeners with an ingress or loadbalancer listener", "target"))
		}
	}
	s.set("hosts, addresses and certificates of the source stay behind", moved, "kafka", "listeners")
	return findings
}

// sortListeners puts the listeners of a spec in the order of their ports: the old object form
// has no order, and inventory.yaml keeps none.
func sortListeners(spec map[string]any) {
	kafka, _ := spec["kafka"].(map[string]any)
	listeners, _ := kafka["listeners"].([]any)
	slices.SortStableFunc(listeners, func(a, b any) int { return cmp.Compare(port(a), port(b)) })
}

func port(listener any) int64 {
	object, _ := listener.(map[string]any)
	n, _ := number(object["port"])
	return n
}

func stripListener(listener map[string]any) {
	configuration, _ := listener["configuration"].(map[string]any)
	delete(configuration, "brokerCertChainAndKey")
	if bootstrap, ok := configuration["bootstrap"].(map[string]any); ok {
		stripAddress(bootstrap)
		if len(bootstrap) == 0 {
			delete(configuration, "bootstrap")
		}
	}
	if brokers, ok := configuration["brokers"].([]any); ok {
		kept := make([]any, 0, len(brokers))
		for _, broker := range brokers {
			object, _ := broker.(map[string]any)
			stripAddress(object)
			if len(object) > 1 { // more than the broker's number
				kept = append(kept, object)
			}
		}
		configuration["brokers"] = kept
		if len(kept) == 0 {
			delete(configuration, "brokers")
		}
	}
	if configuration != nil && len(configuration) == 0 {
		delete(listener, "configuration")
	}
}

func stripAddress(object map[string]any) {
	for _, field := range bound() {
		delete(object, field)
	}
	if annotations, ok := object["annotations"].(map[string]any); ok {
		delete(annotations, "external-dns.alpha.kubernetes.io/hostname")
		if len(annotations) == 0 {
			delete(object, "annotations")
		}
	}
}

// clientListener is the listener that the mirror uses on the target.
type clientListener struct {
	Name, Authentication string
	Port                 int64
	TLS                  bool
}

// mirrorListener picks the target's listener for the mirror: internal, with TLS where there
// is one, and with an authentication that a KafkaUser can have.
func (p *Plan) mirrorListener() (clientListener, bool) {
	var best clientListener
	found := false
	for _, listener := range p.Kafka.API.Kafka.Listeners {
		if listener.Type != v1beta2.ListenerInternal {
			continue
		}
		candidate := clientListener{Name: listener.Name, Port: int64(listener.Port), TLS: listener.TLS}
		if listener.Authentication != nil {
			candidate.Authentication = string(listener.Authentication.Type)
		}
		if candidate.Authentication != "" && candidate.Authentication != "scram-sha-512" && candidate.Authentication != "tls" {
			continue
		}
		if !found || rank(candidate) > rank(best) {
			best, found = candidate, true
		}
	}
	return best, found
}

func rank(l clientListener) int {
	score := 0
	if l.TLS {
		score += 2
	}
	if l.Authentication != "" {
		score++
	}
	return score
}
