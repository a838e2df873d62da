package release

import (
	"reflect"
	"testing"

	"cutover/generator/plan"
)

// runner is a Deployment with three replicas.
func runner() *plan.Runner {
	return &plan.Runner{Kind: "Deployment", Field: "replicas", Running: int64(3), Stopped: int64(0)}
}

func scaling(workload string, to int64) plan.Scaling {
	return plan.Scaling{Workload: workload, Runner: *runner(), To: to}
}

// moving is a plan of two batches: producer and reader, then late, which writes to the
// producer's second topic as well.
func moving() *plan.Plan {
	phase := func(number int, side plan.Side, to int64, workloads ...string) plan.Phase {
		made := plan.Phase{Number: number, Name: "step", Side: side, Returns: number%100 >= 80 && number < 900}
		for _, name := range workloads {
			made.Scalings = append(made.Scalings, scaling(name, to))
		}
		return made
	}
	return &plan.Plan{
		Batches: []plan.Batch{{Number: 1}, {Number: 2}},
		Workloads: []plan.Workload{
			{Name: "producer", Produces: []string{"a", "shared"}, Source: runner(), Target: runner()},
			{Name: "reader", Groups: []string{"g"}, Source: runner(), Target: runner()},
			{Name: "late", Produces: []string{"shared", "z"}, Groups: []string{"g", "h"}, Source: runner(), Target: runner()},
			{Name: "outsider", Produces: []string{"z"}, Target: runner()},
		},
		Phases: []plan.Phase{
			{Number: 70, Side: plan.Target, Scalings: []plan.Scaling{scaling("reader", 3)}},
			{Number: 90, Side: plan.Target, Releases: []string{plan.TargetMirror}},
			phase(110, plan.Source, 0, "producer"), phase(120, plan.Source, 0, "reader"),
			phase(140, plan.Target, 3, "producer"), phase(150, plan.Target, 3, "reader"),
			phase(220, plan.Source, 0, "late"), phase(250, plan.Target, 3, "late"),
			{Number: 900, Side: plan.Target, Mirror: plan.PauseMirror},
		},
		Returns: []plan.Phase{
			{Number: 282, Side: plan.Target, Mirror: plan.PauseMirror, Scalings: []plan.Scaling{scaling("late", 0)}},
			phase(286, plan.Source, 3, "late"),
			phase(181, plan.Target, 0, "producer"),
			{Number: 182, Side: plan.Target, Mirror: plan.PauseMirror, Scalings: []plan.Scaling{scaling("reader", 0)}},
			phase(186, plan.Source, 3, "producer"), phase(187, plan.Source, 3, "reader"),
		},
	}
}

func TestATopicRestsOnceItsLastProducerIsStoppedButForItsRollback(t *testing.T) {
	want := []rest{
		{[]string{"a"}, []span{{110, 179}, {190, 999}}, "110-step"},
		{[]string{"shared"}, []span{{220, 279}, {290, 999}}, "220-step"}, // z has a producer that nobody stops
	}
	if got := restingTopics(moving(), plan.Source); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := restingTopics(moving(), plan.Target); got != nil {
		t.Errorf("the mirror writes to every topic of the target, yet %v rest", got)
	}
}

func TestAGroupRestsOnTheSourceOnceItHasMovedAndOnTheTargetUntilThen(t *testing.T) {
	source := []rest{{[]string{"g", "h"}, []span{{220, 279}, {290, 999}}, "220-step"}}
	if got := restingGroups(moving(), plan.Source); !reflect.DeepEqual(got, source) {
		t.Errorf("on the source got %v, want %v", got, source)
	}
	// g starts with the first of its workloads, and rests again when that one's batch is back.
	target := []rest{
		{[]string{"g"}, []span{{80, 149}, {182, 189}}, "080-rehearse-stop"},
		{[]string{"h"}, []span{{80, 249}, {282, 289}}, "080-rehearse-stop"},
	}
	if got := restingGroups(moving(), plan.Target); !reflect.DeepEqual(got, target) {
		t.Errorf("on the target got %v, want %v", got, target)
	}
}

func TestABatchIsOnItsWayFromItsFirstPhaseOfTheClusterToTheOneBeforeTheLast(t *testing.T) {
	for side, want := range map[plan.Side][]span{plan.Source: {{110, 119}, {186, 186}}, plan.Target: {{140, 149}, {181, 181}}} {
		if got := drains(moving(), side); !reflect.DeepEqual(got, want) {
			t.Errorf("on the %s got %v, want %v", side, got, want)
		}
	}
}

func TestTheMirrorRestsBeforeItsStartAndFromItsPauseOn(t *testing.T) {
	// In the rollback of batch 1 it is paused from the start, since batch 2 may have gone back.
	want := []span{{0, 89}, {180, 189}, {282, 289}, {900, 999}}
	if got := mirrorRests(moving()); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAReverseMirrorRestsButInItsRollback(t *testing.T) {
	p, m := moving(), plan.ReturnMirror{Batch: 1}
	p.Returns = append(p.Returns, plan.Phase{Number: 184, Side: plan.Target, Releases: []string{m.Release()}})
	if got, want := returnMirrorRests(p, m), []span{{0, 183}, {190, 999}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
