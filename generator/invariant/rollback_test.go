package invariant_test

import (
	"testing"

	"cutover/generator/finding"
	"cutover/generator/invariant"
	"cutover/generator/overlay"
	"cutover/generator/plan"
)

func TestEveryStateOfARollbackIsValid(t *testing.T) {
	target := []string{"020-target-operator", "030-target-kafka", "040-target-monitoring", "050-target-topics", "060-target-users", "070-rehearse-start", "080-rehearse-stop",
		"090-mirror-start", "130-offsets-align", "140-ingest-start", "180-return-ingest-stop", "182-return-consumers-stop"}
	source := []string{"000-source-monitoring", "010-source-access", "095-source-hold", "100-ingest-stop", "120-consumers-stop", "186-return-ingest-start", "187-return-upstream-start", "189-return-downstream-start"}
	for name, reached := range map[string][2]int{"begun": {5, 11}, "stopped on the target": {5, 12}, "the first tier is back": {6, 12}, "over": {8, 12}} {
		t.Run(name, func(t *testing.T) {
			files, generated := small(t)
			files[overlay.PointerPath(plan.Source)] = overlay.NewPointer(plan.Source, source[:reached[0]]...)
			files[overlay.PointerPath(plan.Target)] = overlay.NewPointer(plan.Target, target[:reached[1]]...)
			if found := invariant.Check(files, generated); len(found) > 0 {
				t.Errorf("got %v", found)
			}
		})
	}
}

func TestARollbackThatDoesNotBringAWorkloadBackIsFound(t *testing.T) {
	for _, test := range []struct{ name, path, old, text, object string }{
		{"another count on the source", "overlays/186-return-ingest-start/kustomization.yaml", "      value: 2\n", "      value: 1\n", "Deployment apps/app.v1"},
		{"still running on the target", "overlays/182-return-consumers-stop/kustomization.yaml", "      path: /spec/suspend\n      value: true\n", "      path: /spec/suspend\n      value: false\n", "CronJob apps/nightly"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files, _ := small(t)
			replace(files, test.path, test.old, test.text)
			phases := make(map[string]bool)
			for _, f := range invariant.Check(files, nil) {
				if f.Rule != "rollback" || f.Object != test.object || f.Severity != finding.Error || f.Hint == "" {
					t.Errorf("got %+v", f)
				}
				phases[f.Phase] = true
			}
			if len(phases) == 0 {
				t.Error("it is not found")
			}
		})
	}
}

func TestAPatchOfTheRollbackThatHitsNothingIsFound(t *testing.T) {
	files, generated := small(t)
	const path = "overlays/180-return-ingest-stop/kustomization.yaml"
	replace(files, path, `"app\\.v1"`, `"nobody"`)
	if found := invariant.Check(files, generated); !has(found, "phase", path) {
		t.Errorf("got %v, want phase in %s", found, path)
	}
}
