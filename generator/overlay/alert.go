package overlay

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cutover/generator/plan"
)

// alerts is the PrometheusRule that tells a cluster's alerts the phase: the first expression
// of its first group is vector(PHASE).
type alerts struct {
	Object
	// Previous is the expression of the phase before, "" in a rollback where there may be
	// several; Next is this phase's.
	Previous, Next string
}

// alertsOf gives what moves the alerts on to a phase: nil before the cluster is watched, in
// the phase that brings them, and where there are none.
func alertsOf(p *plan.Plan, phase plan.Phase, previous string, objects map[string][]Object) *alerts {
	name := map[plan.Side]string{plan.Source: plan.SourceMonitoring, plan.Target: plan.TargetMonitoring}[phase.Side]
	brings := func(one plan.Phase) bool { return slices.Contains(one.Releases, name) }
	from := slices.IndexFunc(p.Phases, brings)
	if from < 0 || brings(phase) || (!phase.Returns && phase.Number < p.Phases[from].Number) {
		return nil
	}
	for _, object := range objects[name] {
		if object.Kind == "PrometheusRule" && object.Name == name+"-phase" {
			found := alerts{Object: object, Next: fmt.Sprintf("vector(%d)", phase.Number)}
			if number, err := strconv.Atoi(strings.TrimSpace(previous)); err == nil {
				found.Previous = fmt.Sprintf("vector(%d)", number)
			}
			return &found
		}
	}
	return nil
}
