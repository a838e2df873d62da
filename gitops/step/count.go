package step

import (
	"cmp"
	"fmt"
	"slices"

	"cutover/generator/overlay"
)

// The changes of a render.Difference.
const (
	added   = "added"
	changed = "changed"
	removed = "removed"
)

// Count is how many objects a step adds, changes and removes.
type Count struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Removed int `json:"removed"`
}

// String gives the count as "3 added, 1 changed, 0 removed".
func (c Count) String() string {
	return fmt.Sprintf("%d added, %d changed, %d removed", c.Added, c.Changed, c.Removed)
}

// Count counts the step's objects.
func (s Step) Count() Count {
	var c Count
	for _, d := range s.Differences {
		switch d.Change {
		case added:
			c.Added++
		case changed:
			c.Changed++
		case removed:
			c.Removed++
		}
	}
	return c
}

// KindCount is how many objects of a kind go through a change.
type KindCount struct {
	// Change is added, changed or removed.
	Change string `json:"change"`
	Kind   string `json:"kind"`
	Number int    `json:"number"`
}

// Kinds counts the step's objects by change and kind, in that order.
func (s Step) Kinds() []KindCount {
	numbers := make(map[KindCount]int)
	for _, d := range s.Differences {
		numbers[KindCount{Change: d.Change, Kind: d.Object.Kind}]++
	}
	var counts []KindCount
	for k, number := range numbers {
		k.Number = number
		counts = append(counts, k)
	}
	slices.SortFunc(counts, func(a, b KindCount) int { // the three changes are in order of the alphabet
		return cmp.Or(cmp.Compare(a.Change, b.Change), cmp.Compare(a.Kind, b.Kind))
	})
	return counts
}

// Removed are the objects that the step takes out of the cluster's stream.
func (s Step) Removed() []overlay.Object {
	var objects []overlay.Object
	for _, d := range s.Differences {
		if d.Change == removed {
			objects = append(objects, d.Object)
		}
	}
	return objects
}
