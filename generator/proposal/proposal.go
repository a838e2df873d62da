// Package proposal writes a first migration.yaml from an inventory, with every decision
// that the evidence leaves open marked "# decide:".
package proposal

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"cutover/generator/document"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/strimzi"
)

//go:embed migration.yaml.tmpl
var text string

// view is what the template sees.
type view struct {
	Inventory inventory.Inventory
	// Path is where the inventory was read from, as source.inventory names it.
	Path      string
	Version   strimzi.Version
	Bootstrap listener
	Workloads []workload
	// Unscalable are those of a kind that cutover does not start and stop.
	Unscalable []inventory.Workload
	// Gaps are the gates that the evidence leaves unprovable.
	Gaps []inventory.Gap
}

// listener is the source's listener that the mirror would best use.
type listener struct {
	Address, Authentication string
	TLS                     bool
	// Guessed tells that no address was in the evidence.
	Guessed bool
}

type workload struct {
	inventory.Workload
	Unique string
	Tier   migration.Tier
	// Reason says why the tier was chosen.
	Reason string
}

// Write gives the proposal. path is the inventory's own path, for source.inventory.
func Write(inv inventory.Inventory, path string, version strimzi.Version) ([]byte, error) {
	parsed, err := template.New("migration.yaml").Option("missingkey=error").Funcs(template.FuncMap{
		"list": list, "scalar": scalar, "comment": comment, "label": label,
	}).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("proposal template: %w", err)
	}
	v := view{Inventory: inv, Path: path, Version: version, Bootstrap: bootstrap(inv.Kafka), Gaps: inventory.Unprovable(inv)}
	taken := make(map[string]bool)
	for _, found := range inv.Workloads {
		if !migration.Scales(found.Kind) {
			v.Unscalable = append(v.Unscalable, found)
			continue
		}
		tier, reason := guess(found)
		v.Workloads = append(v.Workloads, workload{found, unique(found, taken), tier, reason})
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("proposal: %w", err)
	}
	return out.Bytes(), nil
}

// unique gives a workload the shortest name that no other has: its object's, with the
// namespace, or with the kind as well.
func unique(w inventory.Workload, taken map[string]bool) string {
	name := w.Name
	for _, longer := range []string{w.Namespace + "-" + w.Name, w.Namespace + "-" + w.Name + "-" + strings.ToLower(w.Kind)} {
		if taken[name] {
			name = longer
		}
	}
	taken[name] = true
	return name
}

// label makes a DNS label of at most 40 characters of a cluster's name.
func label(name string) string {
	name = strings.ReplaceAll(name, ".", "-")
	return strings.Trim(name[:min(len(name), 40)], "-")
}

// guess takes a workload's place in the flow from what it reads and writes. The dam is a
// decision of people: no evidence shows it.
func guess(w inventory.Workload) (migration.Tier, string) {
	switch {
	case len(w.Produces) > 0 && len(w.Consumes) == 0:
		return migration.Ingest, "it produces and consumes nothing"
	case len(w.Produces) > 0:
		return migration.Upstream, "it consumes and produces"
	case len(w.Consumes) > 0:
		return migration.Downstream, "it consumes and produces nothing"
	}
	return migration.Downstream, "the evidence shows neither topics nor groups"
}

// bootstrap picks the listener that is reachable from outside, else the best internal one.
func bootstrap(kafka inventory.Kafka) listener {
	best, score := listener{Guessed: true, Address: fmt.Sprintf("%s-kafka-bootstrap.%s.svc:9093", kafka.Name, kafka.Namespace)}, -1
	for _, l := range kafka.Listeners {
		if len(l.Addresses) == 0 {
			continue
		}
		s := 0
		if l.Type != "internal" {
			s += 2
		}
		if l.TLS {
			s++
		}
		if s > score {
			best, score = listener{Address: l.Addresses[0], Authentication: l.Authentication, TLS: l.TLS}, s
		}
	}
	return best
}

// list gives names as a YAML flow list.
func list(names []string) (string, error) { return document.MarshalFlow(names) }

// scalar gives text as a YAML scalar, quoted where it must be.
func scalar(text string) (string, error) { return document.MarshalFlow(text) }

// comment makes text safe in a YAML comment.
func comment(text string) string { return strings.ReplaceAll(text, "\n", " ") }
