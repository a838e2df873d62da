package kafka_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"cutover/e2e/kafka/deployment"
	"cutover/e2e/kafka/manifest"
	"cutover/e2e/kafka/operator"
)

// ingest are the workloads that only produce.
func (w *world) ingest() []string {
	var names []string
	for _, template := range w.templates {
		if len(template.Subscriptions()) == 0 {
			names = append(names, template.Name)
		}
	}
	return names
}

// tier are the workloads that migration.yaml puts in a tier.
func (w *world) tier(t *testing.T, tier string) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/ferry/migration.yaml")
	check(t, err)
	objects, err := manifest.Parse(text)
	check(t, err)
	var migration struct {
		Workloads []struct{ Name, Tier string }
	}
	check(t, objects[0].Decode(&migration))
	var names []string
	for _, workload := range migration.Workloads {
		if workload.Tier == tier {
			names = append(names, workload.Name)
		}
	}
	if len(names) == 0 {
		t.Fatalf("no workload is of tier %s", tier)
	}
	return names
}

// scale starts workloads with the replicas of the teams' manifests, or stops them, all at once.
func (w *world) scale(t *testing.T, c *operator.Cluster, names []string, up bool) {
	t.Helper()
	errs := make(chan error, len(names))
	for _, name := range names {
		i := slices.IndexFunc(w.templates, func(t deployment.Template) bool { return t.Name == name })
		replicas := 0
		if up {
			replicas = w.templates[i].Replicas
		}
		go func() { errs <- c.Scale(t.Context(), name, replicas) }()
	}
	var all error
	for range names {
		all = errors.Join(all, <-errs)
	}
	check(t, all)
}
