package kafka_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cutover/e2e/apiserver/cluster"
	"cutover/e2e/kafka/account"
	"cutover/e2e/kafka/deployment"
	"cutover/e2e/kafka/java"
	"cutover/e2e/kafka/journal"
	"cutover/e2e/kafka/kubernetes"
	"cutover/e2e/kafka/manifest"
	"cutover/e2e/kafka/operator"
	"cutover/e2e/kafka/process"
	"cutover/e2e/kafka/product"
)

// world is a migration that runs: both clusters, and the tree that says what is in them.
type world struct {
	source, target             *operator.Cluster
	sourceServer, targetServer *kubernetes.Server
	product                    product.Product
	folder                     string
	tree                       product.Tree
	export                     []manifest.Object
	templates                  []deployment.Template
	subscriptions              []account.Subscription
	stages                     []stage
	began                      time.Time
}

// targetVersion finds the target's version in migration.yaml, the only one written as a
// version of AMQ Streams in quotes; sourceInventory finds what is known of the source.
var (
	targetVersion   = regexp.MustCompile(`(?m)^(\s*version:\s*)"1\.[78]"`)
	sourceInventory = regexp.MustCompile(`(?m)^(\s*inventory:\s*)export$`)
)

// sourceListener and targetListener are how the rendered resources name the two clusters.
const (
	sourceListener = "ferry-kafka-bootstrap.source.example:9092"
	targetListener = "ferry-kafka-bootstrap:9092"
)

// newWorld prepares testdata/ferry for a version of AMQ Streams: both API servers run, and
// nothing else does yet.
func newWorld(t *testing.T, version string) *world {
	t.Helper()
	runtime, ok := java.FromEnvironment()
	if !ok {
		t.Skip("CUTOVER_KAFKA is not set: ./run sets it")
	}
	folder := scratch(t)
	w := &world{began: time.Now()}
	binaries := subfolder(t, folder, "bin")
	cutover, err := product.Build(t.Context(), "../..", binaries)
	check(t, err)
	app := filepath.Join(binaries, "app")
	check(t, buildApp(t.Context(), app))

	w.folder = folder
	check(t, os.CopyFS(w.migration(), os.DirFS("testdata/ferry")))
	replace(t, filepath.Join(w.migration(), "migration.yaml"), targetVersion, `${1}"`+version+`"`)
	replace(t, filepath.Join(w.migration(), "migration.yaml"), sourceInventory, "${1}inventory.yaml")
	w.product = cutover

	w.export, err = manifest.ParseFolder("testdata/ferry/export")
	check(t, err)
	w.templates = templates(t, w.export)
	w.subscriptions = subscriptions(t, w.templates, w.export)
	settings := operator.Settings{Java: runtime, App: app, Folder: folder, Templates: w.templates}
	w.sourceServer, w.targetServer = serve(t, folder, "0.17.0"), serve(t, folder, "0.24.0")
	settings.Server = w.sourceServer
	w.source, err = operator.New("source", settings, w.address)
	check(t, err)
	settings.Server = w.targetServer
	w.target, err = operator.New("target", settings, w.address)
	check(t, err)
	w.logf(t, "API servers run")
	return w
}

// serve starts the API server of a cluster that has the CRDs of a Strimzi release.
func serve(t *testing.T, folder, release string) *kubernetes.Server {
	t.Helper()
	server, err := cluster.Start(t.Context(), cluster.Options{APIServer: os.Getenv("CUTOVER_KUBE_APISERVER"), Dir: folder})
	check(t, err)
	t.Cleanup(func() { check(t, server.Stop()) })
	check(t, server.InstallCRDs(t.Context(), filepath.Join(os.Getenv("CUTOVER_CRDS"), "strimzi-"+release)))
	return kubernetes.New(server)
}

// amend adds sections to migration.yaml, before start.
func (w *world) amend(t *testing.T, section string) {
	t.Helper()
	file := filepath.Join(w.migration(), "migration.yaml")
	text, err := os.ReadFile(file)
	check(t, err)
	check(t, os.WriteFile(file, append(text, section...), 0o600))
}

// migration is the folder that people write: migration.yaml and what was exported.
func (w *world) migration() string { return filepath.Join(w.folder, "migration") }

// start starts the source as the export found it, workloads and all, has cutover capture it,
// and generates the tree from that. The target stays empty.
func (w *world) start(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { w.end(t) })
	check(t, w.source.Deliver(t.Context(), w.export))
	check(t, w.target.Deliver(t.Context(), w.export))
	check(t, w.source.Apply(t.Context(), w.export))
	w.logf(t, "source runs: %s, %d replicas of workloads", w.source.Brokers.Module(), total(w.source))
	w.awaitCommits(t)
	inventory, err := w.product.Inventory(t.Context(), "--connections", w.connections(t)[1], "--namespace", "ferry-kafka")
	check(t, err)
	check(t, os.WriteFile(filepath.Join(w.migration(), "inventory.yaml"), inventory, 0o600))
	w.tree, err = w.product.Generate(t.Context(), w.migration(), filepath.Join(w.folder, "tree"))
	check(t, err)
	w.logf(t, "source captured, tree generated")
}

// awaitCommits returns when every group has committed on every topic that it reads, so that
// the capture finds them.
func (w *world) awaitCommits(t *testing.T) {
	t.Helper()
	admin, err := w.source.Brokers.Admin()
	check(t, err)
	defer admin.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	check(t, process.Await(ctx, "the groups", func(ctx context.Context) error {
		for _, s := range w.subscriptions {
			committed, err := admin.FetchOffsets(ctx, s.Group)
			if err != nil {
				return err
			}
			if len(committed[s.Topic]) == 0 {
				return fmt.Errorf("%s has committed nothing on %s", s.Group, s.Topic)
			}
		}
		return nil
	}))
}

// end stops everything and, of a failed test, shows how the logs end.
func (w *world) end(t *testing.T) {
	for _, cluster := range []*operator.Cluster{w.source, w.target} {
		if crashes := cluster.Crashes(); len(crashes) > 0 {
			t.Logf("on the %s these crashed: %v", cluster.Name, crashes)
		}
		cluster.Stop()
		if !t.Failed() {
			continue
		}
		for _, log := range cluster.Logs() {
			t.Logf("%s ends with:\n%s", log, process.Tail(log))
		}
	}
}

// logf says what was done and when, so that a run shows how long each step takes.
func (w *world) logf(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Logf("%5.1fs  %s", time.Since(w.began).Seconds(), fmt.Sprintf(format, args...))
}

// address stands for the DNS of both clusters.
func (w *world) address(name string) (string, error) {
	for listener, cluster := range map[string]*operator.Cluster{sourceListener: w.source, targetListener: w.target} {
		if name == listener && cluster.Brokers != nil {
			return cluster.Brokers.Bootstrap(), nil
		}
	}
	return "", fmt.Errorf("nothing listens at %s", name)
}

// servers are the API server of a phase's cluster, and that of the other.
func (w *world) servers(phase product.Phase) (server, other *kubernetes.Server) {
	if phase.Cluster == "source" {
		return w.sourceServer, w.targetServer
	}
	return w.targetServer, w.sourceServer
}

// cluster is the one that a phase changes.
func (w *world) cluster(phase product.Phase) *operator.Cluster {
	if phase.Cluster == "source" {
		return w.source
	}
	return w.target
}

// reach applies a phase as Argo CD would once the commit is there.
func (w *world) reach(t *testing.T, phase product.Phase) {
	t.Helper()
	objects, err := w.tree.Render(t.Context(), phase)
	check(t, err)
	check(t, w.cluster(phase).Apply(t.Context(), objects))
	w.logf(t, "phase %s on the %s; %d replicas on the source, %d on the target", phase, phase.Cluster, total(w.source), total(w.target))
}

func total(c *operator.Cluster) int {
	n := 0
	for _, replicas := range c.Replicas() {
		n += replicas
	}
	return n
}

// phase finds a phase by its number.
func (w *world) phase(t *testing.T, number string) product.Phase {
	t.Helper()
	forward, err := w.tree.Phases()
	check(t, err)
	returns, err := w.tree.Returns()
	check(t, err)
	phases := slices.Concat(forward, returns)
	i := slices.IndexFunc(phases, func(p product.Phase) bool { return p.Number == number })
	if i < 0 {
		t.Fatalf("there is no phase %s among %v", number, phases)
	}
	return phases[i]
}

// report is the account as it stands.
func (w *world) report() (account.Report, error) {
	entries, err := journal.ReadFolder(w.source.Journals())
	return account.Take(entries, w.subscriptions), err
}

// settle returns the account once every record was processed, or as it is after the limit.
func (w *world) settle(t *testing.T, limit time.Duration) account.Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	// What is missing after the limit, the account shows as lost.
	_ = process.Await(ctx, "the workloads", func(context.Context) error {
		report, err := w.report()
		if err == nil && report.Open() > 0 {
			err = fmt.Errorf("%d records are not processed", report.Open())
		}
		return err
	})
	report, err := w.report()
	check(t, err)
	return report
}

// scratch is a folder in memory-backed or local storage that is gone with the test.
func scratch(t *testing.T) string {
	t.Helper()
	if kept := os.Getenv("CUTOVER_E2E_KEEP"); kept != "" {
		folder, err := os.MkdirTemp(kept, "kafka-")
		check(t, err)
		return folder
	}
	return t.TempDir()
}

func subfolder(t *testing.T, folder, name string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	check(t, os.MkdirAll(path, 0o700))
	return path
}

func buildApp(ctx context.Context, binary string) error {
	output, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "./app").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build app: %w\n%s", err, output)
	}
	return nil
}

// replace changes the one place of a file that the pattern finds.
func replace(t *testing.T, file string, pattern *regexp.Regexp, with string) {
	t.Helper()
	text, err := os.ReadFile(file)
	check(t, err)
	if n := len(pattern.FindAll(text, -1)); n != 1 {
		t.Fatalf("%s has %s %d times, want once", file, pattern, n)
	}
	check(t, os.WriteFile(file, pattern.ReplaceAll(text, []byte(with)), 0o600))
}

func templates(t *testing.T, export []manifest.Object) []deployment.Template {
	t.Helper()
	var all []deployment.Template
	for _, object := range export {
		if object.Kind != "Deployment" && object.Kind != "StatefulSet" {
			continue
		}
		template, err := deployment.ReadTemplate(object)
		check(t, err)
		all = append(all, template)
	}
	return all
}

// subscriptions are what every group must process, by the teams' manifests.
func subscriptions(t *testing.T, templates []deployment.Template, export []manifest.Object) []account.Subscription {
	t.Helper()
	compacted := make(map[string]bool)
	for _, object := range export {
		if object.Kind != "KafkaTopic" {
			continue
		}
		topic, err := operator.ReadTopic(object)
		check(t, err)
		compacted[topic.Name] = strings.Contains(topic.Config["cleanup.policy"], "compact")
	}
	var all []account.Subscription
	for _, template := range templates {
		for _, s := range template.Subscriptions() {
			if _, ok := compacted[s.Topic]; !ok {
				t.Fatalf("%s reads %s, which the export does not have", template.Name, s.Topic)
			}
			all = append(all, account.Subscription{Group: s.Group, Topic: s.Topic, Compacted: compacted[s.Topic]})
		}
	}
	return all
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
