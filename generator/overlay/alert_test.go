package overlay_test

import (
	"fmt"
	"slices"
	"testing"

	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// watchedPlan has a source and a target that are watched from phases 000 and 040 on, and a
// rollback that may begin at two phases of the target.
func watchedPlan() *plan.Plan {
	p := everything()
	step := func(number int, side plan.Side, back string, releases ...string) plan.Phase {
		name := "return-ingest-start"
		names := map[int]string{0: "source-monitoring", 10: "source-access", 30: "target-kafka", 40: "target-monitoring", 50: "target-topics",
			140: "ingest-start", 150: "upstream-start", 180: "return-ingest-stop"}
		if known, ok := names[number]; ok {
			name = known
		}
		return plan.Phase{Number: number, Name: name, Side: side, Step: "it goes on", Releases: releases, Back: plan.Back{Kind: back, Text: "back"}, Returns: number >= 180}
	}
	p.Phases = []plan.Phase{
		step(0, plan.Source, plan.RevertBack, plan.SourceMonitoring), step(10, plan.Source, plan.RevertBack), step(30, plan.Target, plan.RevertBack),
		step(40, plan.Target, plan.RevertBack, plan.TargetMonitoring), step(50, plan.Target, plan.RevertBack),
		step(140, plan.Target, plan.SequenceBack), step(150, plan.Target, plan.SequenceBack),
	}
	p.Returns = []plan.Phase{step(180, plan.Target, plan.RevertBack), step(186, plan.Source, plan.NoBack)}
	return p
}

func TestEveryPhaseOfAWatchedClusterTellsItsAlerts(t *testing.T) {
	rule := func(release string) []overlay.Object {
		return []overlay.Object{
			{APIVersion: "monitoring.coreos.com/v1", Kind: "PrometheusRule", Namespace: "n", Name: release + "-kafka"},
			{APIVersion: "monitoring.coreos.com/v1", Kind: "PrometheusRule", Namespace: "n", Name: release + "-phase"},
		}
	}
	objects := map[string][]overlay.Object{plan.SourceMonitoring: rule(plan.SourceMonitoring), plan.TargetMonitoring: rule(plan.TargetMonitoring)}
	// The expression before and after; "" where the cluster is not watched yet.
	want := map[string][2]string{
		"000-source-monitoring": {}, "010-source-access": {"vector(0)", "vector(10)"}, "030-target-kafka": {}, "040-target-monitoring": {},
		"050-target-topics": {"vector(40)", "vector(50)"}, "140-ingest-start": {"vector(50)", "vector(140)"}, "150-upstream-start": {"vector(140)", "vector(150)"},
		// It may follow 140 or 150: the guard is the name.
		"180-return-ingest-stop": {"target-monitoring-phase", "vector(180)"}, "186-return-ingest-start": {"vector(10)", "vector(186)"},
	}
	files := build(t, watchedPlan(), objects)
	for folder, expressions := range want {
		var found []map[string]any
		for _, patch := range patches(t, parse(t, folder, files["overlays/"+folder+"/kustomization.yaml"])) {
			if at(patch, "target", "kind") == "PrometheusRule" {
				found = append(found, patch)
			}
		}
		if expressions[1] == "" {
			if len(found) > 0 {
				t.Errorf("%s patches what is not there: %v", folder, found)
			}
			continue
		}
		if len(found) != 1 {
			t.Errorf("%s has %d patches of the alerts", folder, len(found))
			continue
		}
		var got [2]string
		for i, operation := range operations(t, found[0]) {
			got[i] = fmt.Sprint(at(operation, "value"))
		}
		if got != expressions {
			t.Errorf("%s goes from %q to %q, want %q", folder, got[0], got[1], expressions)
		}
	}
}

func TestWithoutRulesNoPhaseTellsTheAlerts(t *testing.T) {
	for path, content := range build(t, watchedPlan(), nil) {
		if slices.Contains(kindsOf(t, path, content), "PrometheusRule") {
			t.Errorf("%s patches a PrometheusRule that nobody made", path)
		}
	}
}

func kindsOf(t *testing.T, path string, content []byte) []string {
	t.Helper()
	var kinds []string
	component := parse(t, path, content)
	if component["patches"] == nil {
		return nil
	}
	for _, patch := range patches(t, component) {
		kinds = append(kinds, fmt.Sprint(at(patch, "target", "kind")))
	}
	return kinds
}
