package conformance_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"

	"cutover/e2e/conformance/crd"
	"cutover/e2e/conformance/manifest"
)

// strimziObjects gives every state that a Strimzi object of one cluster has in any phase,
// forward and back, with the first phase that it has it in.
func (p product) strimziObjects(t *testing.T, tree, cluster string) map[string][]map[string]any {
	t.Helper()
	states := make(map[string][]map[string]any)
	last := make(map[manifest.ID]manifest.Object)
	for _, next := range slices.Concat(overlays(t, tree)) {
		if next.cluster != cluster {
			continue
		}
		_, objects := p.render(t, tree, cluster, "--phase", next.number())
		ids := slices.SortedFunc(maps.Keys(objects), func(a, b manifest.ID) int { return strings.Compare(a.String(), b.String()) })
		for _, id := range ids {
			object := objects[id]
			if !strings.HasPrefix(id.APIVersion, "kafka.strimzi.io/") || cmp.Equal(last[id], object) {
				continue
			}
			last[id] = object
			states[next.folder] = append(states[next.folder], object.JSON())
		}
	}
	return states
}

// side is one cluster of a variant, with the CRDs that it has.
type side struct {
	cluster, strimzi string
	// kinds are those that it must have been checked for.
	kinds []string
}

func (v variant) sides() []side {
	return []side{
		{"source", sourceStrimzi, []string{"KafkaConnector", "KafkaUser"}},
		{"target", v.strimzi, []string{"Kafka", "KafkaConnector", "KafkaMirrorMaker2", "KafkaRebalance", "KafkaTopic", "KafkaUser"}},
	}
}

// TestRenderedStrimziObjects checks every Strimzi object of every phase, forward and back
// with a reverse mirror, and that the check itself would find what is wrong.
func TestRenderedStrimziObjects(t *testing.T) {
	each(t, func(t *testing.T, p product, v variant) {
		tree := p.mirroredBack(t, v)
		for _, s := range v.sides() {
			states, known := p.strimziObjects(t, tree, s.cluster), definitions(t, s.strimzi)
			name := s.cluster + " with Strimzi " + s.strimzi
			t.Run(name+": they fit the official CRDs", func(t *testing.T) { s.allFit(t, known, states) })
			t.Run(name+": an invented field is found wherever it stands", func(t *testing.T) { s.inventedIsFound(t, known, states) })
			for _, wrong := range wrongValues() {
				if wrong.cluster == s.cluster {
					t.Run(fmt.Sprintf("%s: a wrong value is found: %s %s %v", name, wrong.kind, wrong.path, wrong.value), func(t *testing.T) { wrong.isFound(t, known, states) })
				}
			}
		}
	})
}

func (s side) allFit(t *testing.T, known crd.Definitions, states map[string][]map[string]any) {
	kinds := make(map[string]bool)
	for phase, objects := range states {
		for _, object := range objects {
			kinds[object["kind"].(string)] = true
			for _, problem := range known.Problems(object) {
				t.Errorf("phase %s: %s: %s", phase, manifest.Object(object).ID(), problem)
			}
		}
	}
	if got := slices.Sorted(maps.Keys(kinds)); !slices.Equal(got, s.kinds) {
		t.Errorf("checked %q, want %q", got, s.kinds)
	}
}

// invented is a field that no schema knows.
const invented = "inventedByTheTest"

// openPaths are where Strimzi's schemas take any field: configuration that is Kafka's own,
// and the parts of Kubernetes that they leave undescribed.
var openPaths = regexp.MustCompile(`^(` + strings.Join([]string{
	`metadata\.(labels|annotations)`,
	`Kafka spec\.(kafka|zookeeper|cruiseControl)\.config`,
	`Kafka spec\.\w+\.template\.\w+\.metadata\.(labels|annotations)`,
	`Kafka spec\..*\.(matchLabels|nodeSelector)`,
	`Kafka spec\..*\.resources\.(limits|requests)`,
	`Kafka spec\..*\.jvmOptions\.-XX`,
	`Kafka spec\..*\.loggers`,
	`KafkaTopic spec\.config`,
	`KafkaMirrorMaker2 spec\.clusters\[\]\.config`,
	`KafkaMirrorMaker2 spec\.mirrors\[\]\.(source|checkpoint|heartbeat)Connector\.config`,
	`KafkaMirrorMaker2 spec\.resources\.(limits|requests)`,
}, "|") + `)$`)

// inventedIsFound puts an unknown field into every mapping of every rendered object, one at
// a time, so that allFit is known to look everywhere.
func (s side) inventedIsFound(t *testing.T, known crd.Definitions, states map[string][]map[string]any) {
	found := 0
	for _, objects := range states {
		for _, object := range slices.CompactFunc(slices.Clone(objects), sameShape) {
			found += inventEverywhere(t, known, object)
		}
	}
	if found < len(s.kinds) {
		t.Errorf("an invented field was found in %d places, want at least one of each kind", found)
	}
}

// sameShape tells that both objects are topics, of which there are many alike.
func sameShape(a, b map[string]any) bool {
	return a["kind"] == b["kind"] && a["kind"] == "KafkaTopic"
}

// inventEverywhere counts the mappings of an object in which an invented field is found,
// and complains of those in which it is not, unless the schema is meant to be open there.
func inventEverywhere(t *testing.T, known crd.Definitions, object map[string]any) int {
	t.Helper()
	found := 0
	eachMapping(object, "", func(path string, mapping map[string]any) {
		mapping[invented] = "x"
		defer delete(mapping, invented)
		full := strings.TrimPrefix(path+"."+invented, ".")
		if slices.ContainsFunc(known.Problems(object), func(p string) bool { return strings.HasPrefix(p, "unknown field ") && strings.HasSuffix(p, full) }) {
			found++
			return
		}
		name := anyIndex.ReplaceAllString(path, "[]")
		if strings.HasPrefix(name, "spec.") || name == "spec" {
			name = fmt.Sprint(object["kind"], " ", name)
		}
		if !openPaths.MatchString(name) {
			t.Errorf("an invented field in %s of %s is not noticed", name, manifest.Object(object).ID())
		}
	})
	return found
}

var anyIndex = regexp.MustCompile(`\[\d+\]`)

// eachMapping calls visit for every mapping within value, outermost first.
func eachMapping(value any, path string, visit func(path string, mapping map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			eachMapping(value[key], strings.TrimPrefix(path+"."+key, "."), visit)
		}
		visit(path, value)
	case []any:
		for i, item := range value {
			eachMapping(item, fmt.Sprintf("%s[%d]", path, i), visit)
		}
	}
}

// wrongValue is one that a cluster's CRDs refuse at a path of a kind; nil is none at all.
type wrongValue struct {
	cluster, kind, path string
	value               any
	want                string
}

func wrongValues() []wrongValue {
	return []wrongValue{
		{"source", "KafkaUser", "spec.authentication.type", "scram-sha-1", "Unsupported value"},
		{"source", "KafkaUser", "spec.authorization.acls.0.operation", "Wirte", "Unsupported value"},
		{"target", "Kafka", "spec.kafka.listeners.0.type", "nodePort", "Unsupported value"},
		{"target", "Kafka", "spec.kafka.listeners.0.port", "9093", "Invalid value"},
		{"target", "Kafka", "spec.kafka.listeners.1.name", nil, "Required value"},
		{"target", "Kafka", "spec.kafka.replicas", int64(0), "should be greater than or equal to 1"},
		{"target", "Kafka", "spec.kafka.storage.type", "jbods", "Unsupported value"},
		{"target", "KafkaTopic", "spec.partitions", "three", "Invalid value"},
		{"target", "KafkaUser", "spec.authentication.type", "scram-sha-1", "Unsupported value"},
		{"target", "KafkaMirrorMaker2", "spec.clusters.0.alias", "a b", "should match"},
		{"target", "KafkaMirrorMaker2", "spec.connectCluster", nil, "Required value"},
		{"target", "KafkaConnector", "spec.pause", "true", "Invalid value"},
	}
}

func (w wrongValue) isFound(t *testing.T, known crd.Definitions, states map[string][]map[string]any) {
	object := firstOf(t, states, w.kind, w.path)
	replace(t, object, strings.Split(w.path, "."), w.value)
	if problems := strings.Join(known.Problems(object), "\n"); !strings.Contains(problems, w.want) {
		t.Errorf("problems are %q, want %q", problems, w.want)
	}
}

// firstOf gives a copy of an object of a kind that has something at path.
func firstOf(t *testing.T, states map[string][]map[string]any, kind, path string) map[string]any {
	t.Helper()
	for _, phase := range slices.Sorted(maps.Keys(states)) {
		for _, object := range states[phase] {
			if object["kind"] == kind && at(object, strings.Split(path, ".")) != nil {
				return runtime.DeepCopyJSON(object)
			}
		}
	}
	t.Fatalf("no %s has %s", kind, path)
	return nil
}

// at gives what stands at a path, nil where nothing does.
func at(value any, path []string) any {
	for _, step := range path {
		switch container := value.(type) {
		case map[string]any:
			value = container[step]
		case []any:
			var index int
			if _, err := fmt.Sscan(step, &index); err != nil || index >= len(container) {
				return nil
			}
			value = container[index]
		default:
			return nil
		}
	}
	return value
}

// replace puts a value at a path, or removes what is there for nil.
func replace(t *testing.T, object map[string]any, path []string, value any) {
	t.Helper()
	parent, ok := at(object, path[:len(path)-1]).(map[string]any)
	if !ok {
		t.Fatalf("%q is no field of a mapping", path)
	}
	if value == nil {
		delete(parent, path[len(path)-1])
		return
	}
	parent[path[len(path)-1]] = value
}
