// Package fuzz_test converts random objects of every kind and version of Strimzi's API, made
// from the schemas of the official CRDs, and holds the results against the official CRDs of
// the targets and against a second reading of the conversion's table.
package fuzz_test

import (
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"cutover/e2e/conformance/crd"
)

// sourceReleases are those whose CRDs exports come from, and targetReleases those that
// AMQ Streams 1.7 and 1.8 are built on.
var (
	sourceReleases = []string{"0.17.0", "0.18.0", "0.20.1", "0.22.1"}
	targetReleases = []string{"0.22.1", "0.24.0"}
)

// kinds are all that there are, with the largest share of objects that a conversion may
// leave to a person. The generator makes contradictions far more often than people do.
var kinds = map[string]float64{
	"Kafka": 0.05, "KafkaConnect": 0.05, "KafkaConnectS2I": 0.05, "KafkaMirrorMaker": 0.05, "KafkaMirrorMaker2": 0.05,
	"KafkaBridge": 0.05, "KafkaConnector": 0, "KafkaRebalance": 0, "KafkaTopic": 0, "KafkaUser": 0,
}

func TestFuzzedObjectsConvertToWhatTheTargetTakes(t *testing.T) {
	if os.Getenv("CUTOVER_E2E") == "" {
		t.Skip("takes minutes and the official CRDs: run e2e/conformance/run")
	}
	objects, seed := setting(t, "CUTOVER_FUZZ_OBJECTS", 10_000), setting(t, "CUTOVER_FUZZ_SEED", 1)
	sources, targets := definitions(t)
	for kind := range sources {
		if _, ok := kinds[kind]; !ok {
			t.Errorf("kind %s has no place in the table of kinds", kind)
		}
	}
	binary := buildConverter(t)
	// Checking leaves much garbage, of which little is ever in use.
	before := debug.SetGCPercent(800)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := &campaign{kind: kind, seed: uint64(seed), sources: sources[kind], applied: make(map[string]int), failures: make(map[string]failure)}
			c.start(t, binary, targets)
			c.run(t, objects)
			c.report(t)
		})
	}
}

func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		t.Fatalf("%s is %q, want a number above 0", name, text)
	}
	return number
}

// definitions gives the sources of each kind, and the CRDs of the targets by release.
func definitions(t *testing.T) (map[string][]source, map[string]crd.Definitions) {
	t.Helper()
	sources, targets := make(map[string][]source), make(map[string]crd.Definitions)
	for _, release := range targetReleases {
		targets[release] = load(t, release, crd.Load)
	}
	for _, release := range sourceReleases {
		known, generators := load(t, release, crd.Load), load(t, release, crd.Generators)
		order := func(a, b schema.GroupVersionKind) int { return strings.Compare(a.String(), b.String()) }
		for _, kind := range slices.SortedFunc(maps.Keys(generators), order) {
			sources[kind.Kind] = append(sources[kind.Kind], source{release, kind.Version, generators[kind], known})
		}
	}
	return sources, targets
}

func load[T any](t *testing.T, release string, from func(folder string) (T, error)) T {
	t.Helper()
	folder := os.Getenv("CUTOVER_CRDS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "crds")
	}
	folder = filepath.Join(folder, "strimzi-"+release)
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		t.Skipf("the official CRDs of Strimzi %s are not in %s: set CUTOVER_CRDS", release, folder)
	}
	loaded, err := from(folder)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// campaign is the test of one kind.
type campaign struct {
	kind    string
	seed    uint64
	sources []source
	author  author
	checker checker
	// applied counts how often each rule did something, by its path.
	applied map[string]int
	// objects, refused and linted count what came of the objects.
	objects, refused, linted int
	failures                 map[string]failure
}

// failure is the first object that fails in one way, and how many do.
type failure struct {
	from   source
	object map[string]any
	number int
	count  int
}

func (c *campaign) start(t *testing.T, binary string, targets map[string]crd.Definitions) {
	t.Helper()
	converter := startConverter(t, binary)
	rules := slices.DeleteFunc(converter.rules, func(r rule) bool { return r.Kind != c.kind })
	c.author = newAuthor(t, rules)
	c.checker = checker{converter: converter, oracle: newOracle(rules), releases: targetReleases, targets: targets}
}

// random gives the randomness of one object of one source, which the seed and its number
// decide alone.
func (c *campaign) random(number int) *rand.Rand {
	return rand.New(rand.NewPCG(c.seed, uint64(number)))
}

func (c *campaign) run(t *testing.T, objects int) {
	t.Helper()
	for number := range objects {
		from, random := c.sources[number%len(c.sources)], c.random(number)
		object := c.author.draw(random, from.generator, number)
		v := c.checker.check(t, random, from, object)
		c.objects++
		if v.refused {
			c.refused++
		}
		if v.linted {
			c.linted++
		}
		for _, change := range v.changes {
			c.applied[change.Rule+" "+strings.TrimSuffix(change.Path, ".name")]++
		}
		for name := range v.wrong {
			known, ok := c.failures[name]
			if !ok {
				known = failure{from, object, number, 0}
			}
			known.count++
			c.failures[name] = known
		}
	}
}

// shown is how many ways of failing are told in full.
const shown = 5

func (c *campaign) report(t *testing.T) {
	t.Helper()
	share := float64(c.refused) / float64(c.objects)
	t.Logf("%s: %d objects of %d source versions; left to a person %.2f %% (at most %.0f %%); refused by the target's API and by Lint %.2f %%",
		c.kind, c.objects, len(c.sources), 100*share, 100*kinds[c.kind], 100*float64(c.linted)/float64(c.objects))
	if share > kinds[c.kind] {
		t.Errorf("%d of %d objects are left to a person", c.refused, c.objects)
	}
	c.coverage(t)
	c.listeners(t)
	for i, name := range slices.Sorted(maps.Keys(c.failures)) {
		if i >= shown {
			t.Errorf("%d times: %s", c.failures[name].count, name)
			continue
		}
		c.explain(t, name)
	}
}

// coverage requires that every rule did something whose field a source has.
func (c *campaign) coverage(t *testing.T) {
	t.Helper()
	for _, rule := range c.author.rules {
		for _, path := range rule.paths() {
			count := c.applied[rule.Name+" "+path]
			possible := slices.ContainsFunc(c.sources, func(s source) bool {
				return s.version != "v1beta2" && (rule.Action == setVersion || s.generator.Has(path))
			})
			if possible && count == 0 {
				t.Errorf("rule %s was never applied to %s", rule.Name, path)
			}
			if !possible {
				t.Errorf("rule %s is about %s, which no source has", rule.Name, path)
			}
			t.Logf("  %s %s: %d times", rule.Name, path, count)
		}
	}
}

// listeners requires that every field of a listener that has another name today was there.
func (c *campaign) listeners(t *testing.T) {
	t.Helper()
	if c.kind != "Kafka" {
		return
	}
	for _, renamed := range renamedFields() {
		count := c.checker.oracle.met[renamed.example]
		if count == 0 {
			t.Errorf("no listener had %s", renamed.example)
		}
		t.Logf("  listeners, %s: %d fields", renamed.example, count)
	}
}

// explain shows the smallest object that fails in one way.
func (c *campaign) explain(t *testing.T, name string) {
	t.Helper()
	failed := c.failures[name]
	complaint := ""
	object := shrink(failed.object, func(object map[string]any) bool {
		v := c.checker.check(t, c.random(failed.number), failed.from, object)
		if _, ok := v.wrong[name]; ok {
			complaint = v.wrong[name]
		}
		return v.wrong[name] != ""
	})
	text, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if complaint == "" {
		complaint = name
	}
	t.Errorf("%s: %d objects, the first is number %d of CUTOVER_FUZZ_SEED=%d\n%s\n%s", failed.from, failed.count, failed.number, c.seed, complaint, text)
}
