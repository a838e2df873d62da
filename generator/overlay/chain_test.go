package overlay_test

import (
	"testing"

	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// back is a plan of two batches whose rollback changes both clusters.
func back() *plan.Plan {
	p := everything()
	phase := func(number int, name string, side plan.Side, kind string, returns bool) plan.Phase {
		return plan.Phase{Number: number, Name: name, Side: side, Step: "s", Back: plan.Back{Kind: kind, Text: "t"}, Returns: returns, PastReturn: returns,
			Scalings: everything().Phases[0].Scalings}
	}
	p.Phases = []plan.Phase{
		phase(100, "ingest-stop", plan.Source, plan.RevertBack, false),
		phase(140, "ingest-start", plan.Target, plan.SequenceBack, false), phase(170, "downstream-start", plan.Target, plan.SequenceBack, false),
		phase(200, "ingest-stop", plan.Source, plan.RevertBack, false), phase(240, "ingest-start", plan.Target, plan.SequenceBack, false),
	}
	p.Returns = []plan.Phase{
		phase(280, "return-ingest-stop", plan.Target, plan.RevertBack, true), phase(282, "return-consumers-stop", plan.Target, plan.RevertBack, true),
		phase(286, "return-ingest-start", plan.Source, plan.NoBack, true), phase(289, "return-downstream-start", plan.Source, plan.NoBack, true),
		phase(180, "return-ingest-stop", plan.Target, plan.RevertBack, true), phase(186, "return-ingest-start", plan.Source, plan.NoBack, true), phase(189, "return-downstream-start", plan.Source, plan.NoBack, true),
	}
	return p
}

func TestAPhaseOfTheRollbackIsGuardedByThePhaseBeforeWhereThereIsOne(t *testing.T) {
	p := back()
	files := build(t, p, nil)
	before := map[string]string{
		"100-ingest-stop": overlay.None, "140-ingest-start": overlay.None, "170-downstream-start": "140", "200-ingest-stop": "100", "240-ingest-start": "170",
		"280-return-ingest-stop": "240", "282-return-consumers-stop": "280", "286-return-ingest-start": "200", "289-return-downstream-start": "286",
		// After 140, 170 or 282 on the target, and after 100 or 289 on the source.
		"180-return-ingest-stop": "", "186-return-ingest-start": "", "189-return-downstream-start": "186",
	}
	for folder, want := range before {
		t.Run(folder, func(t *testing.T) {
			path := "overlays/" + folder + "/kustomization.yaml"
			list := operations(t, patches(t, parse(t, path, files[path]))[0])
			path, value := "/data/phase", want
			if want == "" {
				path, value = "/metadata/name", "cutover-a.b"
			}
			if at(list[0], "op") != "test" || at(list[0], "path") != path || at(list[0], "value") != value {
				t.Errorf("the guard is %v, want a test that %s is %s", list[0], path, value)
			}
			if at(list[1], "path") != "/data/phase" || at(list[1], "value") != folder[:3] {
				t.Errorf("it moves on by %v", list[1])
			}
		})
	}
}

func TestTheRollbackSetsWorkloadsWhereverTheyStand(t *testing.T) {
	p := back()
	files := build(t, p, nil)
	path := "overlays/282-return-consumers-stop/kustomization.yaml"
	got := patches(t, parse(t, path, files[path]))[1:]
	if len(got) != 3 {
		t.Fatalf("got %d patches, want 3", len(got))
	}
	for i, want := range []struct {
		kind, name, path string
		to               any
	}{{"Deployment", "app.v1", "/spec/replicas", int64(2)}, {"CronJob", "on", "/spec/suspend", false}, {"KafkaConnector", "c.d", "/spec/pause", true}} {
		list := operations(t, got[i])
		if len(list) != 3 || at(list[0], "op") != "test" || at(list[0], "path") != "/kind" || at(list[0], "value") != want.kind {
			t.Errorf("the guard is %v, want a test of kind %s", list, want.kind)
			continue
		}
		if at(list[1], "op") != "test" || at(list[1], "path") != "/metadata/name" || at(list[1], "value") != want.name {
			t.Errorf("the second guard is %v, want a test of name %s", list[1], want.name)
		}
		if at(list[2], "op") != "replace" || at(list[2], "path") != want.path || at(list[2], "value") != want.to {
			t.Errorf("got %v, want %s to be %v", list[2], want.path, want.to)
		}
	}
}

func TestTheLastStopOfTheRollbackPausesTheMirrorWhereAsked(t *testing.T) {
	p := back()
	p.Returns[1].Mirror = plan.PauseMirror
	files := build(t, p, nil)
	for folder, want := range map[string]int{"280-return-ingest-stop": 0, "282-return-consumers-stop": 1, "180-return-ingest-stop": 0} {
		path, pauses := "overlays/"+folder+"/kustomization.yaml", 0
		for _, patch := range patches(t, parse(t, path, files[path])) {
			if at(patch, "target", "kind") == "KafkaMirrorMaker2" {
				pauses++
			}
		}
		if pauses != want {
			t.Errorf("%s pauses %d mirrors, want %d", folder, pauses, want)
		}
	}
}

func TestAGateOfTheRollbackReadsBackAsOne(t *testing.T) {
	p := back()
	p.Returns[0].Positions = plan.RecordedPositions
	files := build(t, p, nil)
	for folder, want := range map[string]struct {
		returns   bool
		positions plan.Positions
		back      string
	}{"140-ingest-start": {false, "", plan.SequenceBack}, "280-return-ingest-stop": {true, plan.RecordedPositions, plan.RevertBack}, "286-return-ingest-start": {true, "", plan.NoBack}} {
		path := "overlays/" + folder + "/gate.yaml"
		gate, err := overlay.ReadGate(path, files[path])
		if err != nil {
			t.Fatal(err)
		}
		if gate.Returns != want.returns || gate.Positions != want.positions || gate.Back.Kind != want.back {
			t.Errorf("%s reads back as %+v, want %+v", folder, gate, want)
		}
	}
}
