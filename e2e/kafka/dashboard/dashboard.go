// Package dashboard reads dashboards as Grafana does, fills in their variables and asks
// Prometheus their queries.
package dashboard

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Dashboard is one of the JSON files.
type Dashboard struct {
	// Name is the file's, without ending.
	Name        string       `json:"-"`
	Title       string       `json:"title"`
	Panels      []Panel      `json:"panels"`
	Templating  templating   `json:"templating"`
	Annotations annotateList `json:"annotations"`
}

// Panel is a panel or the title of a row.
type Panel struct {
	ID      int    `json:"id"`
	Title   string `json:"title"`
	Type    string `json:"type"`
	GridPos struct {
		X int `json:"x"`
		Y int `json:"y"`
		W int `json:"w"`
		H int `json:"h"`
	} `json:"gridPos"`
	FieldConfig struct {
		Defaults struct {
			Unit string `json:"unit"`
		} `json:"defaults"`
	} `json:"fieldConfig"`
	Targets []Target `json:"targets"`
}

// Target is one query of a panel.
type Target struct {
	Expr         string `json:"expr"`
	LegendFormat string `json:"legendFormat"`
}

type templating struct {
	List []variable `json:"list"`
}

type variable struct {
	Name       string          `json:"name"`
	Type       string          `json:"type"`
	Query      json.RawMessage `json:"query"`
	Regex      string          `json:"regex"`
	IncludeAll bool            `json:"includeAll"`
	AllValue   string          `json:"allValue"`
}

type annotateList struct {
	List []struct {
		Name string `json:"name"`
		Expr string `json:"expr"`
	} `json:"list"`
}

// ReadFolder reads all dashboards of a folder, in order of their names.
func ReadFolder(folder string) ([]Dashboard, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("read dashboards: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s has no dashboards", folder)
	}
	var all []Dashboard
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read dashboard: %w", err)
		}
		d := Dashboard{Name: strings.TrimSuffix(filepath.Base(file), ".json")}
		if err := json.Unmarshal(text, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, d)
	}
	return all, nil
}

// Query is one expression of a dashboard, with its variables filled in.
type Query struct {
	// Where tells people what asks: dashboard, choice of variables, panel.
	Where string
	Expr  string
	// Panel and Target are what it stands in; nil for variables and annotations.
	Panel  *Panel
	Target *Target
}

// Ask evaluates an expression and gives each series as Prometheus prints it.
type Ask func(expression string) ([]string, error)

// Queries are all expressions of a dashboard: those of its variables, and those of annotations
// and panels for every choice of variables that there is. A variable of which all may be
// chosen at once is taken for all.
func (d Dashboard) Queries(ask Ask) ([]Query, error) {
	choices, queries, err := d.choose(ask, d.Templating.List, nil)
	if err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", d.Name, err)
	}
	for _, c := range choices {
		where := d.Name + c.String()
		for _, annotation := range d.Annotations.List {
			queries = append(queries, Query{Where: where + ", annotation " + annotation.Name, Expr: c.fill(annotation.Expr)})
		}
		for i := range d.Panels {
			panel := &d.Panels[i]
			for j := range panel.Targets {
				target := &panel.Targets[j]
				queries = append(queries, Query{Where: where + ", panel " + panel.Title, Expr: c.fill(target.Expr), Panel: panel, Target: target})
			}
		}
	}
	return queries, nil
}

// choose gives every choice of values for the variables, and the queries that it took.
func (d Dashboard) choose(ask Ask, variables []variable, chosen choice) ([]choice, []Query, error) {
	if len(variables) == 0 {
		return []choice{chosen}, nil, nil
	}
	first, rest := variables[0], variables[1:]
	if first.Type != "query" {
		return d.choose(ask, rest, chosen) // the data source
	}
	options, query, err := first.options(ask, chosen)
	if err != nil {
		return nil, nil, fmt.Errorf("variable %s: %w", first.Name, err)
	}
	queries := []Query{{Where: d.Name + chosen.String() + ", variable " + first.Name, Expr: query}}
	var all []choice
	if first.IncludeAll && len(options) > 0 {
		options = []string{first.AllValue}
	}
	if len(options) == 0 {
		options = []string{nothing} // so that its panels are asked nevertheless
	}
	for _, option := range options {
		further, more, err := d.choose(ask, rest, append(slices.Clone(chosen), setting{first.Name, option}))
		if err != nil {
			return nil, nil, err
		}
		all, queries = append(all, further...), append(queries, more...)
	}
	return all, queries, nil
}

// nothing stands for the value of a variable that has none to choose from.
const nothing = "nothing"

// options are the values that a variable can be given, after those before it.
func (v variable) options(ask Ask, chosen choice) (values []string, query string, err error) {
	var object struct {
		Query string `json:"query"`
	}
	if err := json.Unmarshal(v.Query, &object); err != nil {
		return nil, "", err
	}
	query, isResult := strings.CutPrefix(chosen.fill(object.Query), "query_result(")
	query, closed := strings.CutSuffix(query, ")")
	if !isResult || !closed {
		return nil, "", fmt.Errorf("%s is no query_result(…)", object.Query)
	}
	pattern, err := regexp.Compile(strings.Trim(v.Regex, "/"))
	if err != nil {
		return nil, "", err
	}
	lines, err := ask(query)
	if err != nil {
		return nil, "", err
	}
	for _, line := range lines {
		if found := pattern.FindStringSubmatch(line); len(found) > 1 && !slices.Contains(values, found[1]) {
			values = append(values, found[1])
		}
	}
	return values, query, nil
}

// choice is a value for each variable, in the dashboard's order.
type choice []setting

type setting struct{ name, value string }

// String is the choice for people: (ferry-kafka/ferry).
func (c choice) String() string {
	if len(c) == 0 {
		return ""
	}
	var values []string
	for _, s := range c {
		values = append(values, s.value)
	}
	return " (" + strings.Join(values, "/") + ")"
}

// rateInterval is what Grafana gives $__rate_interval where targets are scraped every 20 s:
// four times that.
const rateInterval = "80s"

// fill puts the values in.
func (c choice) fill(expression string) string {
	expression = strings.ReplaceAll(expression, "$__rate_interval", rateInterval)
	// The longer names first: $topic is the beginning of $topics.
	ordered := slices.Clone(c)
	slices.SortFunc(ordered, func(a, b setting) int { return len(b.name) - len(a.name) })
	for _, s := range ordered {
		expression = strings.ReplaceAll(expression, "$"+s.name, s.value)
	}
	return expression
}
