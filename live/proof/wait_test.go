package proof_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"cutover/generator/inventory"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/proof"

	"github.com/twmb/franz-go/pkg/kfake"
)

func TestTrend(t *testing.T) {
	for name, test := range map[string]struct {
		left []int64 // ten seconds apart
		want time.Duration
	}{
		"nothing known":             {nil, proof.Unknown},
		"one figure":                {[]int64{100}, proof.Unknown},
		"falling":                   {[]int64{100, 90, 80}, 80 * time.Second},
		"rising":                    {[]int64{100, 120}, proof.Unknown},
		"standing":                  {[]int64{100, 100}, proof.Unknown},
		"done":                      {[]int64{100, 0}, 0},
		"the last rounds count":     {[]int64{1000, 600, 500, 400, 300, 200, 100}, 10 * time.Second},
		"a figure that nobody knew": {[]int64{100, 50, -1}, proof.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			var trend proof.Trend
			for i, left := range test.left {
				trend.Add(began.Add(time.Duration(i)*10*time.Second), left)
			}
			if got := trend.Left(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// clock goes on only while it is waited for.
type clock struct{ now time.Time }

func (c *clock) pause(_ context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return nil
}

func (c *clock) options() proof.Options {
	o := proof.DefaultOptions()
	o.Now, o.Pause = func() time.Time { return c.now }, c.pause
	return o
}

func TestWaitEndsWhenAllGatesHold(t *testing.T) {
	s := newSide(t, kfake.SeedTopics(1, "orders"))
	s.write("orders", 0, "a1", "a2", "a3")
	s.commit("billing", "orders", 0, 1)
	c := &clock{began}
	request := proof.Request{Source: proof.Cluster{Kafka: s.kafka()}, Gates: []plan.Gate{{Name: "drained", Side: plan.Source, Groups: []string{"billing"}}}, Options: c.options()}
	rounds := 0
	var eta []time.Duration
	results := proof.Wait(t.Context(), request, time.Hour, func(_ []proof.Result, left []time.Duration) {
		rounds++
		eta = append(eta, left[0])
		s.commit("billing", "orders", 0, int64(1+rounds))
	})
	if !proof.Hold(results) || rounds != 3 {
		t.Errorf("after %d rounds: %+v", rounds, results)
	}
	if eta[0] != proof.Unknown || eta[1] <= 0 || eta[2] != 0 {
		t.Errorf("estimates are %v", eta)
	}
}

func TestWaitEndsAtItsLimit(t *testing.T) {
	c := &clock{began}
	request := proof.Request{Gates: []plan.Gate{{Name: "drained"}}, Options: c.options()}
	rounds := 0
	results := proof.Wait(t.Context(), request, time.Minute, func([]proof.Result, []time.Duration) { rounds++ })
	if took := c.now.Sub(began); proof.Hold(results) || rounds < 3 || took > time.Minute {
		t.Errorf("%d rounds in %s", rounds, took)
	}
}

func TestNobodyWaitsForWhatStandsInGit(t *testing.T) {
	c := &clock{began}
	request := proof.Request{Gates: []plan.Gate{{Name: "inventory-complete"}}, Options: c.options(), Scope: overlay.Scope{Gaps: []inventory.Gap{{Gate: "drained", Because: "nobody looked"}}}}
	results := proof.Wait(t.Context(), request, time.Hour, func([]proof.Result, []time.Duration) {})
	expect(t, results[0], "1 gap", "drained cannot be proven: nobody looked")
	if took := c.now.Sub(began); took != 0 {
		t.Errorf("waited for %s", took)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	o := options()
	o.Pause = func(context.Context, time.Duration) error { return errors.New("interrupted") }
	request := proof.Request{Gates: []plan.Gate{{Name: "no-such-gate"}}, Options: o}
	results := proof.Wait(t.Context(), request, time.Hour, func([]proof.Result, []time.Duration) {})
	if results[0].Holds || !results[0].Unknown || results[0].Evidence[0] != "there is no gate of this name: the tree was written by another version of cutover" {
		t.Errorf("got %+v", results)
	}
}
