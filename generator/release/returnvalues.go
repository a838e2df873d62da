package release

import "cutover/generator/plan"

// returnMirror gives the values of a reverse mirror.
func returnMirror(m plan.ReturnMirror) func(*plan.Plan, Sources) (map[string]any, error) {
	return func(p *plan.Plan, _ Sources) (map[string]any, error) { return mirrorValues(m.Name, p.ReturnSpec(m)) }
}

func returnAccess(m plan.ReturnMirror) func(*plan.Plan, Sources) (map[string]any, error) {
	return func(p *plan.Plan, _ Sources) (map[string]any, error) {
		return userValues(p.Inventory.Kafka.Name, p.SourceUserVersion(), false, []plan.User{p.ReturnMirrorUser(m)}), nil
	}
}
