package render_test

import (
	"slices"
	"strings"
	"testing"

	"cutover/generator/plan"
	"cutover/generator/render"
)

const (
	one   = "---\n# Source: a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n  namespace: n\ndata:\n  a: b\n"
	two   = "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: two\n  namespace: n\n"
	three = "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: three\n"
)

func changes(t testing.TB, before, after string) []string {
	t.Helper()
	differences, err := render.Diff([]byte(before), []byte(after))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range differences {
		all = append(all, d.Change+" "+d.Object.String())
	}
	return all
}

func TestStreamsAreComparedObjectByObject(t *testing.T) {
	for _, test := range []struct {
		name, before, after string
		want                []string
	}{
		{"nothing changed", one + two, one + two, nil},
		{"the order alone changed", one + two, two + one, nil},
		{"a comment of Helm changed", one, strings.Replace(one, "# Source: a.yaml\n", "", 1), nil},
		{"an object is added", one, one + three, []string{"added Namespace three"}},
		{"an object is removed", one + two, one, []string{"removed ConfigMap n/two"}},
		{"an object is changed", one + two, strings.Replace(one, "a: b", "a: c", 1) + two, []string{"changed ConfigMap n/one"}},
		{"all at once, the removed last", one + two, strings.Replace(one, "a: b", "a: c", 1) + three, []string{"changed ConfigMap n/one", "added Namespace three", "removed ConfigMap n/two"}},
		{"another namespace is another object", two, strings.Replace(two, "namespace: n", "namespace: m", 1), []string{"added ConfigMap m/two", "removed ConfigMap n/two"}},
		{"from nothing", "", one, []string{"added ConfigMap n/one"}},
		{"to nothing", one, "", []string{"removed ConfigMap n/one"}},
		{"a stream without a first marker", strings.TrimPrefix(one, "---\n"), one, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := changes(t, test.before, test.after); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestADifferenceIsAUnifiedDiff(t *testing.T) {
	for _, test := range []struct{ name, before, after, want string }{
		{"of a change", one, strings.Replace(one, "a: b", "a: c", 1),
			"--- ConfigMap n/one\n+++ ConfigMap n/one\n@@ -4,4 +4,4 @@\n   name: one\n   namespace: n\n data:\n-  a: b\n+  a: c\n"},
		{"of an addition", "", three, "--- /dev/null\n+++ Namespace three\n@@ -0,0 +1,4 @@\n+apiVersion: v1\n+kind: Namespace\n+metadata:\n+  name: three\n"},
		{"of a removal", three, "", "--- Namespace three\n+++ /dev/null\n@@ -1,4 +0,0 @@\n-apiVersion: v1\n-kind: Namespace\n-metadata:\n-  name: three\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			differences, err := render.Diff([]byte(test.before), []byte(test.after))
			if err != nil || len(differences) != 1 {
				t.Fatalf("got %v, %v", differences, err)
			}
			if got := differences[0].Text; got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

func TestAStreamThatIsNoYAMLIsAnError(t *testing.T) {
	if _, err := render.Diff([]byte(one), []byte("---\na: b: c\n")); err == nil {
		t.Error("it is taken")
	}
}

// A block of text may hold a line of three hyphens with an indent, and a comment like Helm's.
func TestTextWithinAnObjectIsNotTakenForTheStreams(t *testing.T) {
	with := func(text string) string {
		return "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  script: |\n    first\n" + text
	}
	if got := changes(t, with("    ---\n    # Source: kept\n    last\n"), with("    ---\n    # Source: changed\n    last\n")); !slices.Equal(got, []string{"changed ConfigMap x"}) {
		t.Errorf("got %v", got)
	}
}

func TestAPhaseChangesWhatItSays(t *testing.T) {
	r := open(t, small(t))
	const phase = "changed PrometheusRule streams/target-monitoring-phase" // by which alerts know it
	for id, want := range map[string][]string{
		"140": {"changed ConfigMap streams/cutover-small", "changed Deployment apps/app.v1", phase},
		"900": {"changed ConfigMap streams/cutover-small", "changed KafkaMirrorMaker2 streams/small-mirror", phase},
		"905": {"changed ConfigMap streams/cutover-small", phase, "removed ConfigMap streams/small-mirror-metrics", "removed KafkaMirrorMaker2 streams/small-mirror", "removed KafkaUser streams/mirror"},
		"050": {"added KafkaTopic streams/on", "added KafkaTopic streams/orders.eu", "changed ConfigMap streams/cutover-small", phase},
	} {
		t.Run(id, func(t *testing.T) {
			folders := until(t, r, plan.Target, id)
			before, err := r.Render(plan.Target, folders[:len(folders)-1])
			if err != nil {
				t.Fatal(err)
			}
			after, err := r.Render(plan.Target, folders)
			if err != nil {
				t.Fatal(err)
			}
			got := changes(t, string(before), string(after))
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
