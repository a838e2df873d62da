package overlay_test

import (
	"slices"
	"testing"

	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// scopeOf gives the scope of one phase of the example migration.
func scopeOf(t *testing.T, id string) overlay.Scope {
	t.Helper()
	p := plannedIn(t, "../../examples/freight/expected", "")
	for _, phase := range slices.Concat(p.Phases, p.Returns) {
		if phase.ID() == id {
			return overlay.ScopeOf(p, phase)
		}
	}
	t.Fatalf("there is no phase %s", id)
	return overlay.Scope{}
}

func TestTheScopeHasWhatThePhasesGatesAskAbout(t *testing.T) {
	for id, test := range map[string]struct {
		what string
		is   func(overlay.Scope) bool
	}{
		"000": {"what the inventory leaves unprovable, and nothing else", func(s overlay.Scope) bool {
			return len(s.Topics)+len(s.Workloads)+len(s.Secrets) == 0 && s.Source.Name == "freight"
		}},
		"060": {"the users' Secrets", func(s overlay.Scope) bool { return len(s.Secrets) > 0 }},
		"070": {"topics, users and retention", func(s overlay.Scope) bool {
			return len(s.KafkaTopics) > 0 && len(s.KafkaUsers) > 1 && len(s.Topics) > 0
		}},
		"080": {"the target's workloads as they ran in the rehearsal", func(s overlay.Scope) bool {
			return len(s.Workloads) > 0 && !slices.ContainsFunc(s.Workloads, func(w overlay.ScopeWorkload) bool { return w.Cluster != plan.Target || w.Running == w.Stopped })
		}},
		"090": {"the mirror's user alone", func(s overlay.Scope) bool {
			return slices.Equal(s.KafkaUsers, []string{"cutover-mirror"}) && len(s.Groups) > 0
		}},
		"095": {"the source's workloads", func(s overlay.Scope) bool { return len(s.Workloads) > 0 && s.Workloads[0].Cluster == plan.Source }},
		"100": {"the mirror", func(s overlay.Scope) bool {
			return s.Mirror != nil && s.Mirror.Offsets == "freight-mirror-offsets" && s.Mirror.Reads == plan.Source && s.Return == nil
		}},
		"120": {"the groups of the batch with their topics", func(s overlay.Scope) bool {
			return len(s.Groups) > 0 && !slices.ContainsFunc(s.Groups, func(g plan.GroupOffsets) bool { return len(g.Topics) == 0 })
		}},
		"130": {"that nobody has written to the first batch's topics before", func(s overlay.Scope) bool { return slices.Contains(s.MirrorOnly, "bookings.requested") }},
		"230": {"that the first batch has written to its topics", func(s overlay.Scope) bool { return !slices.Contains(s.MirrorOnly, "shipments.released") }},
		"905": {"the mirror and all that it copies", func(s overlay.Scope) bool { return s.Mirror != nil && len(s.Topics) > 0 }},
	} {
		t.Run(id, func(t *testing.T) {
			if s := scopeOf(t, id); !test.is(s) {
				t.Errorf("it lacks %s: %+v", test.what, s)
			}
		})
	}
}
