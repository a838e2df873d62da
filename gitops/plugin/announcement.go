package plugin

import (
	"strings"

	"cutover/generator/plan"
	"cutover/generator/render"
)

// Announcement tells Argo CD's user interface of one parameter, in the shape that Argo CD
// reads from a plugin's parameters command.
type Announcement struct {
	Name           string `json:"name"`
	Title          string `json:"title"`
	Tooltip        string `json:"tooltip"`
	Required       bool   `json:"required"`
	CollectionType string `json:"collectionType"`
	String         string `json:"string"`
}

// Announce lists the plugin's parameters for a tree. Argo CD shows them and sends none of
// their values by itself.
func Announce(files render.Files) ([]Announcement, error) {
	repository, err := render.Open(files)
	if err != nil {
		return nil, err
	}
	var known []string
	for _, phase := range repository.Phases {
		known = append(known, phase.ID())
	}
	var reached []string
	for _, side := range plan.Sides() {
		if folders := repository.Reached[side]; len(folders) > 0 {
			reached = append(reached, string(side)+" "+folders[len(folders)-1])
		}
	}
	if reached == nil {
		reached = []string{"none"}
	}
	return []Announcement{
		{Name: "cluster", Title: "Cluster", Tooltip: "source or target: the cluster that this Application applies to", Required: true, CollectionType: "string"},
		{Name: "phase", Title: "Phase", CollectionType: "string",
			Tooltip: "render as of one phase; leave it empty to follow Git. Reached: " + strings.Join(reached, ", ") + ". Phases: " + strings.Join(known, " ")},
	}, nil
}
