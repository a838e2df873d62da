package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cutover/e2e/kafka/process"
	"cutover/e2e/kafka/prometheus"
)

// unwell are the alerts that fire although nothing is wrong, and why.
var unwell = map[string]string{
	"ClusterOperatorDown": "no operator runs here",
	"TopicOperatorDown":   "no operator runs here",
	"UserOperatorDown":    "no operator runs here",
}

// alertsOf expects no alert to have fired while all was well. Some wait: for what takes its
// time by design, such as a rate to become 0, and what a busy machine does to one scrape.
func (w *watched) alertsOf(t *testing.T, span prometheus.Span) {
	t.Helper()
	waited := make(map[string]int)
	all, err := w.server.Range(t.Context(), "ALERTS", span)
	check(t, err)
	for _, series := range all {
		name := series.Labels["alertname"]
		why, expected := unwell[name]
		switch {
		case series.Labels["alertstate"] == "pending":
			waited[name]++
		case expected:
			t.Logf("alert %s of %s fires: %s", name, series.Labels["namespace"], why)
		default:
			t.Errorf("nothing is wrong, and there fired %s", series)
		}
	}
	t.Logf("alerts that waited and did not fire, or not yet, with the number of series: %v", waited)
}

// breakMirror has a task and a connector of the mirror fail, and waits for the alerts.
func (w *watched) breakMirror(t *testing.T) {
	t.Helper()
	const source, checkpoint = 0, 1
	check(t, w.target.Mirror(forward).Configure(t.Context(), source, "consumer.max.poll.records", "many"))
	check(t, w.target.Mirror(forward).Configure(t.Context(), checkpoint, "admin.request.timeout.ms", "long"))
	w.logf(t, "a task of the source connector and the checkpoint connector are broken")
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	for _, alert := range []string{"MirrorMaker2TaskFailed", "MirrorMaker2ConnectorFailed"} {
		if err := process.Await(ctx, alert, func(ctx context.Context) error {
			now := prometheus.Span{From: time.Now(), To: time.Now(), Step: time.Second}
			firing, err := w.server.Range(ctx, fmt.Sprintf("ALERTS{alertname=%q,alertstate=\"firing\"}", alert), now)
			if err == nil && len(firing) == 0 {
				err = errors.New("it does not fire")
			}
			return err
		}); err != nil {
			t.Error(err)
			continue
		}
		w.logf(t, "alert %s fires", alert)
	}
}
