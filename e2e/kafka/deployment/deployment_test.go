package deployment_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"cutover/e2e/kafka/account"
	"cutover/e2e/kafka/deployment"
	"cutover/e2e/kafka/journal"
	"cutover/e2e/kafka/manifest"
	"cutover/e2e/kafka/process"
)

// line is a producer, a pipe behind it and a consumer behind that, as real processes on a
// broker in memory.
type line struct {
	gateway, office, app *deployment.Deployment
	journals             string
}

func newLine(t *testing.T, gateway map[string]string) line {
	t.Helper()
	program := filepath.Join(t.TempDir(), "app")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../app").CombinedOutput(); err != nil {
		t.Fatalf("build app: %v\n%s", err, output)
	}
	broker, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, "asked", "sold"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(broker.Close)
	place := deployment.Place{Program: program, Cluster: "source", Bootstrap: strings.Join(broker.ListenAddrs(), ","), Journals: t.TempDir(), Logs: t.TempDir()}
	producer := map[string]string{"APP_ROLE": "producer", "OUTPUT_TOPICS": "asked", "RECORDS_PER_SECOND": "50", "KEYS": "3"}
	maps.Copy(producer, gateway)
	l := line{journals: place.Journals,
		gateway: deployment.New(deployment.Template{Name: "gateway", Env: producer}, place),
		office: deployment.New(deployment.Template{Name: "office", Env: map[string]string{
			"APP_ROLE": "pipe", "INPUT_TOPICS": "asked", "GROUP_IDS": "office", "OUTPUT_TOPICS": "sold"}}, place),
		app: deployment.New(deployment.Template{Name: "app", Env: map[string]string{
			"APP_ROLE": "consumer", "INPUT_TOPICS": "sold", "GROUP_IDS": "app"}}, place),
	}
	for _, d := range []*deployment.Deployment{l.gateway, l.office, l.app} {
		t.Cleanup(func() {
			if t.Failed() {
				for _, log := range d.Logs() {
					t.Logf("%s ends with:\n%s", log, process.Tail(log))
				}
			}
			d.Kill()
		})
	}
	return l
}

func (l line) scale(t *testing.T, counts map[*deployment.Deployment]int) {
	t.Helper()
	for d, n := range counts {
		if err := d.Scale(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		if d.Replicas() != n {
			t.Errorf("%d replicas, want %d", d.Replicas(), n)
		}
	}
}

// report waits until so many records were produced and at most open of them are not processed.
func (l line) report(t *testing.T, records, open int) account.Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var report account.Report
	err := process.Await(ctx, "the workloads", func(context.Context) error {
		entries, err := journal.ReadFolder(l.journals)
		if err != nil {
			return err
		}
		report = account.Take(entries, []account.Subscription{{Group: "office", Topic: "asked"}, {Group: "app", Topic: "sold"}})
		if produced := report.Rows[0].Produced; produced < records || report.Open() > open {
			return fmt.Errorf("%d of %d produced, %d not processed", produced, records, report.Open())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestWorkloadsProcessEveryRecordOnceThroughScaling(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"plain":                               nil,
		"in transactions, one in two aborted": {"TRANSACTION_RECORDS": "5", "ABORT_EVERY": "2"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLine(t, env)
			l.scale(t, map[*deployment.Deployment]int{l.gateway: 2, l.office: 2, l.app: 1})
			l.scale(t, map[*deployment.Deployment]int{l.gateway: 0})
			first := l.report(t, 1, 0).Rows[0].Produced
			l.scale(t, map[*deployment.Deployment]int{l.office: 0, l.app: 0})
			// Once more from the committed offsets, with sequences that go on.
			l.scale(t, map[*deployment.Deployment]int{l.gateway: 1, l.office: 1, l.app: 2})
			l.report(t, first+40, math.MaxInt)
			l.scale(t, map[*deployment.Deployment]int{l.gateway: 0})
			report := l.report(t, first+40, 0)
			l.scale(t, map[*deployment.Deployment]int{l.office: 0, l.app: 0})
			for _, row := range report.Rows {
				if !row.Right() || row.Redelivered > 0 || row.Uncertain > 0 || row.Processed == 0 {
					t.Errorf("the account is\n%s", report)
				}
			}
		})
	}
}

func TestAProcessThatCrashesIsStartedAgainAndCounted(t *testing.T) {
	place := deployment.Place{Program: "/bin/sh", Cluster: "source", Bootstrap: "127.0.0.1:1", Journals: t.TempDir(), Logs: t.TempDir()}
	d := deployment.New(deployment.Template{Name: "broken"}, place)
	t.Cleanup(d.Kill)
	// A shell that reads an empty input ends at once, again and again, and is never ready.
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if err := d.Scale(ctx, 1); err == nil || !strings.Contains(err.Error(), "broken-0 is not ready") {
		t.Errorf("Scale: %v", err)
	}
	if d.Crashes() < 2 {
		t.Errorf("%d crashes were counted", d.Crashes())
	}
}

func TestTheTemplateHasTheManifestsEnvAndCount(t *testing.T) {
	objects, err := manifest.ParseFolder("../testdata/ferry/export")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, object := range objects {
		if object.Metadata.Name != "passenger-app" {
			continue
		}
		found = true
		template, err := deployment.ReadTemplate(object)
		if err != nil {
			t.Fatal(err)
		}
		if template.Replicas != 2 || template.Env["APP_ROLE"] != "consumer" || len(template.Subscriptions()) != 2 {
			t.Errorf("the template is %+v", template)
		}
	}
	if !found {
		t.Error("the export has no passenger-app")
	}
}
