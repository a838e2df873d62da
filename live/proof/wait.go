package proof

import (
	"context"
	"slices"
	"time"

	"cutover/live/clock"
)

const (
	// firstPause and longestPause are between two evaluations of a wait; each is half as long
	// again as the one before.
	firstPause, longestPause = 3 * time.Second, 30 * time.Second
)

// Wait evaluates the gates again and again until all hold, or until limit has passed, and
// gives the last results. Each round is told to report, with how long each gate may still
// take. Gates that held are asked again: what held a minute ago proves nothing now. A limit
// of 0 evaluates once, and so does a gate that no waiting helps.
func Wait(ctx context.Context, r Request, limit time.Duration, report func([]Result, []time.Duration)) []Result {
	if r.Options.Now == nil {
		r.Options.Now = time.Now
	}
	if r.Options.Pause == nil {
		r.Options.Pause = clock.Wait
	}
	end := r.Options.Now().Add(limit)
	trends := make([]Trend, len(r.Gates))
	for between := firstPause; ; between = min(between*3/2, longestPause) {
		results := Prove(ctx, r)
		left := make([]time.Duration, len(results))
		for i, result := range results {
			trends[i].Add(r.Options.Now(), result.Left)
			left[i] = trends[i].Left()
		}
		report(results, left)
		if Hold(results) || hopeless(results) || !r.Options.Now().Add(between).Before(end) || r.Options.Pause(ctx, between) != nil {
			return results
		}
	}
}

// hopeless tells whether a gate does not hold whose answer stands in Git, where waiting
// changes nothing.
func hopeless(results []Result) bool {
	return slices.ContainsFunc(results, func(r Result) bool { return r.Gate == "inventory-complete" && !r.Holds })
}

// Trend tells from how a figure falls when it will be 0.
type Trend struct {
	points []point
}

type point struct {
	at   time.Time
	left int64
}

// trendOf is over how many rounds a trend goes: enough to be steady, few enough to follow.
const trendOf = 6

// Unknown is the duration that nobody can tell.
const Unknown time.Duration = -1

// Add takes a figure; -1, one that is not known, ends the trend.
func (t *Trend) Add(at time.Time, left int64) {
	if left < 0 {
		t.points = nil
		return
	}
	t.points = append(t.points, point{at, left})
	t.points = t.points[max(0, len(t.points)-trendOf):]
}

// Left is how long it takes until the figure is 0 if it goes on as in the last rounds;
// [Unknown] where it does not fall.
func (t *Trend) Left() time.Duration {
	if len(t.points) == 0 {
		return Unknown
	}
	first, last := t.points[0], t.points[len(t.points)-1]
	if last.left == 0 {
		return 0
	}
	fallen, took := first.left-last.left, last.at.Sub(first.at)
	if fallen <= 0 || took <= 0 {
		return Unknown
	}
	return time.Duration(float64(took) / float64(fallen) * float64(last.left)).Round(time.Second)
}
