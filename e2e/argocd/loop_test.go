package argocd_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"cutover/e2e/argocd/process"
	"cutover/e2e/argocd/product"
)

// TestEveryCommitIsAStepOfTheClusters merges a migration's commits one by one into the branch
// that Argo CD follows, and holds each cluster against what cutover renders for it: forward
// through the point of no return, with one step taken back and two merged at once on the
// way, and then back by the ordered rollback.
func TestEveryCommitIsAStepOfTheClusters(t *testing.T) {
	l := startLoop(t)
	for i, phase := range l.phases {
		switch phase.Number {
		case "050":
			l.jump(t, i)
		case "090":
			l.advance(t, phase)
			l.stepBack(t, i)
		default:
			l.advance(t, phase)
		}
		if phase.PastReturn {
			break
		}
	}
	l.goBack(t)
	l.audited(t)
}

// advance merges the commit of the next phase and waits for its cluster to follow.
func (l *loop) advance(t *testing.T, phase product.Phase) {
	t.Helper()
	l.merge(t, phase)
	l.follow(t, phase.Cluster)
	l.arrived(t, phase)
}

// stepBack takes the i-th phase, which starts the mirror, back by the commit that reverts it:
// the mirror goes away; and then takes the step once more.
func (l *loop) stepBack(t *testing.T, i int) {
	t.Helper()
	mirror := func() error {
		_, err := l.places["target"].get(t.Context(), "kafka.strimzi.io/v1beta2", "KafkaMirrorMaker2", "streams", l.mirror(t))
		return err
	}
	if err := mirror(); err != nil {
		t.Errorf("the mirror is not there after %s: %v", l.phases[i].Number, err)
	}
	before := l.last("target", i-1)
	l.cutover(t, "rollback", l.git.Dir, "--to", l.phases[i-1].Number, "--commit")
	l.follow(t, "target")
	l.arrived(t, before)
	if err := mirror(); !apierrors.IsNotFound(err) {
		t.Errorf("the mirror is still there after %s was taken back: %v", l.phases[i].Number, err)
	}
	l.cutover(t, "advance", l.git.Dir, "--to", l.phases[i].Number, "--commit")
	l.follow(t, "target")
	l.arrived(t, l.phases[i])
}

// jump merges the i-th phase and the next, both the target's, at once: the PreSync Job
// refuses, and neither the ledger nor any object changes; once the second is taken back,
// the first is applied.
func (l *loop) jump(t *testing.T, i int) {
	t.Helper()
	done, marker := l.done(t, "target"), l.marker(t, "target")
	first, second := l.phases[i], l.phases[i+1]
	if first.Cluster != "target" || second.Cluster != "target" {
		t.Fatalf("%v and %v are not both the target's", first, second)
	}
	l.merge(t, first)
	l.merge(t, second)
	state := l.refused(t, "target")
	if message := state.Results["Job cutover-yard-gate"]; !strings.Contains(message, "backoff limit") {
		t.Errorf("the gate Job's result is %q: %v", message, state)
	}
	// The condition of a Job never tells why its Pod failed; the Pod does.
	want := fmt.Sprintf("%s is done, so phase %s would be skipped", done, first.Number)
	if said := l.said(t, "target"); !strings.Contains(said, want) {
		t.Errorf("the gate's Pod lacks %q:\n%s", want, said)
	}
	if now := l.done(t, "target"); now != done {
		t.Errorf("the ledger went from %s to %s", done, now)
	}
	if now := l.marker(t, "target"); now != marker {
		t.Errorf("the marker went from %s to %s", marker, now)
	}
	_, err := l.places["target"].get(t.Context(), "kafka.strimzi.io/v1beta2", "KafkaTopic", "streams", "arrivals")
	if !apierrors.IsNotFound(err) {
		t.Errorf("a topic is there although the sync was stopped: %v", err)
	}
	// Until its last attempt has failed, Argo CD looks at no newer commit.
	l.argo.Terminate(t, l.application("target"))
	l.cutover(t, "rollback", l.git.Dir, "--to", first.Number, "--commit")
	l.follow(t, "target")
	l.arrived(t, first)
}

// goBack takes the ordered rollback to its end, which leaves the source's workloads at their
// counts and the target's at zero.
func (l *loop) goBack(t *testing.T) {
	t.Helper()
	if len(l.returns) == 0 {
		t.Fatal("the tree has no ordered rollback")
	}
	for _, phase := range l.returns {
		l.cutover(t, "rollback", l.git.Dir, "--to", phase.Number, "--commit")
		l.follow(t, phase.Cluster)
		l.arrived(t, phase)
	}
	for cluster, want := range map[string]map[string]int64{
		"source": {"gate": 2, "planner": 1, "board": 3},
		"target": {"gate": 0, "planner": 0, "board": 0},
	} {
		if got := l.replicas(t, cluster); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("the %s's workloads run %v, want %v", cluster, got, want)
		}
	}
	said := l.cutoverFails(t, "advance", l.git.Dir, "--commit")
	if !strings.Contains(said, "rollback") {
		t.Errorf("a step forward after the rollback is refused with:\n%s", said)
	}
}

// audited checks that Git tells all of it: a step for each commit but the first, the last
// of which the pull request's check accepts; and that the teams' workloads are still
// theirs but for the counts.
func (l *loop) audited(t *testing.T) {
	t.Helper()
	var told struct {
		Steps []struct {
			Problem string `json:"problem"`
		} `json:"steps"`
	}
	if err := json.Unmarshal(process.Run(t, l.git.Dir, l.product.Binary(), "log", "-o", "json"), &told); err != nil {
		t.Fatal(err)
	}
	if commits := l.git.Run(t, "rev-list", "--count", "HEAD"); fmt.Sprint(len(told.Steps)+1) != commits {
		t.Errorf("cutover log tells of %d steps in %s commits", len(told.Steps), commits)
	}
	for _, step := range told.Steps {
		if step.Problem != "" {
			t.Errorf("cutover log tells of a problem: %s", step.Problem)
		}
	}
	l.cutover(t, "check", "--base", "HEAD~3")
	for cluster, place := range l.places {
		for name, workload := range workloads[cluster] {
			live, err := place.get(t.Context(), workload.apiVersion, workload.kind, "apps", name)
			if err != nil {
				t.Fatal(err)
			}
			want := l.delivered(t, cluster, name)
			delete(want["spec"].(map[string]any), "replicas")
			if differs := missing(want, live.Object, name); len(differs) > 0 {
				t.Errorf("the team's %s on the %s differs:\n%s", name, cluster, strings.Join(differs, "\n"))
			}
		}
	}
}
