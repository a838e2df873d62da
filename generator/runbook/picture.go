package runbook

import (
	"fmt"
	"slices"
	"strings"

	"cutover/generator/migration"
	"cutover/generator/plan"
)

// tiersPicture draws the workloads by tier and the topics between them, as Mermaid.
func tiersPicture(p *plan.Plan) string {
	var out strings.Builder
	out.WriteString("flowchart LR\n")
	ids := make(map[string]string)
	for i, w := range p.Workloads {
		ids[w.Name] = fmt.Sprintf("w%d", i)
	}
	for _, tier := range migration.Tiers() {
		var lines []string
		for _, w := range p.Workloads {
			if w.Tier == tier {
				lines = append(lines, fmt.Sprintf("    %s[\"%s\"]\n", ids[w.Name], label(w.Name)))
			}
		}
		if len(lines) > 0 {
			fmt.Fprintf(&out, "  subgraph %s\n%s  end\n", tier, strings.Join(lines, ""))
		}
	}
	topics := make(map[string]string)
	node := func(topic string) string {
		if _, ok := topics[topic]; !ok {
			topics[topic] = fmt.Sprintf("t%d", len(topics))
			fmt.Fprintf(&out, "  %s([\"%s\"])\n", topics[topic], label(topic))
		}
		return topics[topic]
	}
	for _, w := range p.Workloads {
		for _, topic := range w.Produces {
			fmt.Fprintf(&out, "  %s --> %s\n", ids[w.Name], node(topic))
		}
		for _, topic := range w.Consumes {
			fmt.Fprintf(&out, "  %s --> %s\n", node(topic), ids[w.Name])
		}
	}
	return out.String()
}

// phasesPicture draws the phases in order, each in the lane of the cluster it changes.
func phasesPicture(p *plan.Plan) string {
	var out strings.Builder
	out.WriteString("flowchart TB\n")
	for _, side := range plan.Sides() {
		fmt.Fprintf(&out, "  subgraph %s\n", side)
		for _, phase := range p.Phases {
			if phase.Side == side {
				fmt.Fprintf(&out, "    p%s[\"%s %s\"]\n", phase.ID(), phase.ID(), phase.Name)
			}
		}
		out.WriteString("  end\n")
	}
	for i := 1; i < len(p.Phases); i++ {
		arrow := "-->"
		if p.Phases[i].PastReturn && !p.Phases[i-1].PastReturn {
			arrow = "== point of no return ==>"
		}
		fmt.Fprintf(&out, "  p%s %s p%s\n", p.Phases[i-1].ID(), arrow, p.Phases[i].ID())
	}
	if i := slices.IndexFunc(p.Phases, func(phase plan.Phase) bool { return phase.PastReturn }); i >= 0 {
		fmt.Fprintf(&out, "  style p%s stroke-width:4px\n", p.Phases[i].ID())
	}
	return out.String()
}

// label makes a name safe in a Mermaid node.
func label(name string) string { return strings.NewReplacer(`"`, "#quot;", "\n", " ").Replace(name) }
