package render

import "cutover/generator/plan"

// At gives the stream of one cluster as of a phase, or, where id is "", as of the phases
// that its pointer has reached.
func (r *Repository) At(side plan.Side, id string) ([]byte, error) {
	folders := r.Reached[side]
	if id != "" {
		var err error
		if folders, err = r.Until(side, id); err != nil {
			return nil, err
		}
	}
	return r.Render(side, folders)
}
