package dashboard_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"cutover/generator/dashboard"
)

var update = flag.Bool("update", false, "write the dashboards of the chart monitoring anew")

// folder holds the dashboards where the chart reads them.
const folder = "../../charts/monitoring/files/dashboards"

// text is a dashboard's JSON.
func text(t *testing.T, d dashboard.Dashboard) []byte {
	t.Helper()
	written, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return written
}

func TestChartHoldsTheDashboardsAsTheyAreWritten(t *testing.T) {
	known := map[string]bool{}
	for _, d := range dashboard.All() {
		path := filepath.Join(folder, d.Name+".json")
		known[path] = true
		want := text(t, d)
		if !bytes.Equal(want, text(t, d)) {
			t.Errorf("%s is written differently the second time", d.Name)
		}
		if *update {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not up to date (%v); run go test ./generator/dashboard -update", path, err)
		}
		// A ConfigMap may hold one mebibyte.
		if len(want) > 1<<19 {
			t.Errorf("%s has %d bytes", d.Name, len(want))
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known[file] {
			t.Errorf("%s belongs to no dashboard", file)
		}
	}
}

func TestSevenDashboardsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range dashboard.All() {
		for _, name := range []string{"uid " + d.UID(), "title " + d.Title} {
			if seen[name] {
				t.Errorf("%s is given twice", name)
			}
			seen[name] = true
		}
	}
	if len(dashboard.All()) != 7 {
		t.Errorf("there are %d dashboards", len(dashboard.All()))
	}
}

// schema is what Grafana accepts of the panels that are used.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile("testdata/grafana.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// check validates JSON against the schema.
func check(t *testing.T, compiled *jsonschema.Schema, written []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(value)
}

func TestEveryDashboardIsOneThatGrafanaAccepts(t *testing.T) {
	compiled := schema(t)
	for _, d := range dashboard.All() {
		if err := check(t, compiled, text(t, d)); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
}

func TestSchemaRefusesWhatGrafanaWouldIgnoreOrMisread(t *testing.T) {
	compiled := schema(t)
	good := string(text(t, dashboard.All()[0]))
	cases := []struct{ name, old, replacement string }{
		{"a panel of a kind that Grafana 12 has dropped", `"type": "timeseries"`, `"type": "graph"`},
		{"an unknown unit", `"unit": "short"`, `"unit": "records"`},
		{"a panel without a unit", `"unit": "short"`, `"decimals": 1`},
		{"a datasource by name", `"uid": "${target_datasource}"`, `"uid": "Prometheus"`},
		{"an unknown field of a panel", `"legendFormat": "{{topic}}"`, `"legend": "{{topic}}"`},
		{"a panel outside the grid", `"w": 24`, `"w": 25`},
		{"a panel without a description", `"description": "Records written`, `"descriptions": "Records written`},
		{"a threshold without its value", `"value": null`, `"values": null`},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			bad := strings.Replace(good, test.old, test.replacement, 1)
			if bad == good {
				t.Fatalf("the dashboard does not say %s", test.old)
			}
			if check(t, compiled, []byte(bad)) == nil {
				t.Error("the schema let it through")
			}
		})
	}
}

// placed is what matters of a panel for its place and its queries.
type placed struct {
	ID      int
	Type    string
	Title   string
	GridPos dashboard.Grid
	Targets []struct {
		Expr, LegendFormat, RefID string
		Datasource                struct{ UID string }
	}
}

// panels reads a dashboard's panels back.
func panels(t *testing.T, d dashboard.Dashboard) []placed {
	t.Helper()
	var read struct{ Panels []placed }
	if err := json.Unmarshal(text(t, d), &read); err != nil {
		t.Fatal(err)
	}
	return read.Panels
}

func TestPanelsHaveIDsOfTheirOwnAndDoNotOverlap(t *testing.T) {
	for _, d := range dashboard.All() {
		ids, cells := map[int]bool{}, map[[2]int]string{}
		for _, panel := range panels(t, d) {
			if ids[panel.ID] {
				t.Errorf("%s: id %d is given twice", d.Name, panel.ID)
			}
			ids[panel.ID] = true
			place := panel.GridPos
			if place.X+place.W > 24 {
				t.Errorf("%s: %s reaches beyond the grid", d.Name, panel.Title)
			}
			for x := place.X; x < place.X+place.W; x++ {
				for y := place.Y; y < place.Y+place.H; y++ {
					if other, taken := cells[[2]int{x, y}]; taken {
						t.Fatalf("%s: %s overlaps %s at %d,%d", d.Name, panel.Title, other, x, y)
					}
					cells[[2]int{x, y}] = panel.Title
				}
			}
		}
	}
}

func TestTitlesOfADashboardAreUnique(t *testing.T) {
	for _, d := range dashboard.All() {
		row, seen := "", map[string]bool{}
		for _, panel := range panels(t, d) {
			if panel.Type == "row" {
				row = panel.Title
				continue
			}
			if seen[row+"/"+panel.Title] {
				t.Errorf("%s: %s stands twice in row %s", d.Name, panel.Title, row)
			}
			seen[row+"/"+panel.Title] = true
		}
	}
}

// selector finds a metric and its matchers, known a variable.
var (
	selector = regexp.MustCompile(`([a-z_][a-zA-Z0-9_:]*)\{([^}]*)\}`)
	known    = regexp.MustCompile(`\$\{?([a-z_]+)\}?`)
)

func TestEveryQueryIsHeldToANamespaceAndACluster(t *testing.T) {
	held := regexp.MustCompile(`^namespace="\$(source_|target_|)namespace",strimzi_io_cluster="\$((source_|target_|)cluster|mirror)"` +
		`|^namespace="\$operator_namespace",strimzi_io_kind="cluster-operator"$`)
	for _, d := range dashboard.All() {
		check := func(where, expression string) {
			found := selector.FindAllStringSubmatch(expression, -1)
			if len(found) == 0 {
				t.Errorf("%s: %s selects nothing: %s", d.Name, where, expression)
			}
			for _, match := range found {
				if !held.MatchString(match[2]) {
					t.Errorf("%s: %s is not held to one cluster in %s", d.Name, match[1], expression)
				}
				if strings.HasPrefix(match[2], `namespace="$source`) != strings.Contains(match[2], "$source_cluster") {
					t.Errorf("%s: %s mixes source and target", d.Name, expression)
				}
			}
		}
		for _, panel := range panels(t, d) {
			for _, target := range panel.Targets {
				check(panel.Title, target.Expr)
			}
		}
		for _, annotation := range d.Annotations {
			check(annotation.Name, annotation.Expr)
		}
	}
}

func TestQueriesAskTheDatasourceOfTheirOwnSide(t *testing.T) {
	for _, d := range dashboard.All() {
		for _, panel := range panels(t, d) {
			for _, target := range panel.Targets {
				want := "${datasource}"
				switch {
				case strings.Contains(target.Expr, "$source_"):
					want = "${source_datasource}"
				case strings.Contains(target.Expr, "$target_"):
					want = "${target_datasource}"
				}
				if target.Datasource.UID != want {
					t.Errorf("%s, %s: %s is asked of %s", d.Name, panel.Title, target.Expr, target.Datasource.UID)
				}
			}
		}
	}
}

func TestEveryVariableIsDefinedBeforeItIsUsedAndUsed(t *testing.T) {
	ofGrafana := map[string]bool{"__rate_interval": true, "__all": true}
	for _, d := range dashboard.All() {
		defined := map[string]bool{}
		for _, v := range d.Variables {
			for _, use := range known.FindAllStringSubmatch(v.Query+" $"+v.Datasource+" ", -1) {
				if !defined[use[1]] {
					t.Errorf("%s: variable %s uses %s, which comes later or never", d.Name, v.Name, use[1])
				}
			}
			defined[v.Name] = true
		}
		written := string(text(t, d))
		_, uses, _ := strings.Cut(written, `"panels": [`)
		for _, use := range known.FindAllStringSubmatch(uses, -1) {
			if !defined[use[1]] && !ofGrafana[use[1]] {
				t.Errorf("%s uses $%s, which is not defined", d.Name, use[1])
			}
		}
		for name := range defined {
			if !regexp.MustCompile(`\$\{?` + name + `\b`).MatchString(uses) {
				t.Errorf("%s never uses $%s", d.Name, name)
			}
		}
	}
}

func TestLegendsNameLabelsThatTheQueriesKeep(t *testing.T) {
	label := regexp.MustCompile(`\{\{(\w+)\}\}`)
	by := regexp.MustCompile(`by \(([^)]*)\)`)
	for _, d := range dashboard.All() {
		for _, panel := range panels(t, d) {
			for _, target := range panel.Targets {
				kept := by.FindStringSubmatch(target.Expr)
				for _, name := range label.FindAllStringSubmatch(target.LegendFormat, -1) {
					if kept == nil || !strings.Contains(","+kept[1]+",", ","+name[1]+",") {
						t.Errorf("%s, %s: legend %s of %s", d.Name, panel.Title, target.LegendFormat, target.Expr)
					}
				}
			}
		}
	}
}

func TestMigrationShowsSourceAndTargetSideBySide(t *testing.T) {
	places := map[string]dashboard.Grid{}
	for _, panel := range panels(t, dashboard.All()[0]) {
		places[panel.Title] = panel.GridPos
	}
	for _, title := range []string{
		"messages in", "bytes in", "bytes out", "log end offsets", "messages", "lag", "partitions of unknown lag", "messages out", "volumes used",
	} {
		left, right := places["Source: "+title], places["Target: "+title]
		if left.W != 12 || right.W != 12 || left.Y != right.Y || left.X >= right.X {
			t.Errorf("%s: source at %+v, target at %+v", title, left, right)
		}
	}
	for _, title := range []string{"Records left", "Time left", "Caught up at", "Topics: source beside target", "Age of records", "Replication latency"} {
		if places[title].W == 0 {
			t.Errorf("there is no panel %s", title)
		}
	}
}
