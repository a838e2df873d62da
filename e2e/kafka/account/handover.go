package account

import (
	"slices"
	"time"

	"cutover/e2e/kafka/journal"
)

// Handover is how a group came from the source to the target.
type Handover struct {
	Group string
	// FirstTarget is when it first processed a record on the target, LastSource when it last did
	// on the source before that: a batch may have gone back since. Zero where it never did.
	LastSource, FirstTarget time.Time
}

// Gap is how long the group stood still; 0 where it worked on one cluster only.
func (h Handover) Gap() time.Duration {
	if h.LastSource.IsZero() || h.FirstTarget.IsZero() {
		return 0
	}
	return h.FirstTarget.Sub(h.LastSource)
}

// handovers expects the entries in order of time.
func handovers(entries []journal.Entry, subscriptions []Subscription) []Handover {
	var all []Handover
	for _, s := range subscriptions {
		if slices.ContainsFunc(all, func(h Handover) bool { return h.Group == s.Group }) {
			continue
		}
		h := Handover{Group: s.Group}
		for _, e := range entries {
			if e.Event != journal.Processed || e.Group != s.Group {
				continue
			}
			switch at := time.Unix(0, e.Time); {
			case !h.FirstTarget.IsZero():
			case e.Cluster == "source":
				h.LastSource = at
			default:
				h.FirstTarget = at
			}
		}
		all = append(all, h)
	}
	return all
}
