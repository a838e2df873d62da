package dashboard

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// schemaVersion is that of Grafana 8.3, which refers to datasources by uid. Newer versions
// bring it up to their own when they load the dashboard.
const schemaVersion = 33

// mixed is the uid of Grafana's datasource whose targets have datasources of their own.
const mixed = "-- Mixed --"

// UID is the dashboard's identity in Grafana.
func (d Dashboard) UID() string { return "cutover-" + d.Name }

// JSON is the dashboard as Grafana reads it: indented, ending in a newline, and the same
// bytes for the same value.
func (d Dashboard) JSON() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(d.board()); err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", d.Name, err)
	}
	return text.Bytes(), nil
}

func (d Dashboard) board() board {
	return board{
		Annotations: annotationList{d.annotations()}, Description: d.Description, Editable: true,
		// Every panel shows the moment that the pointer is at in one of them.
		GraphTooltip: 1,
		Links: []boardLink{{
			AsDropdown: true, IncludeVars: true, KeepTime: true, Tags: []string{"cutover"}, Title: "Cutover", Type: "dashboards",
		}},
		Panels: d.panels(), Refresh: "30s", SchemaVersion: schemaVersion, Tags: []string{"cutover", "kafka"},
		Templating: templating{d.variables()}, Time: timeRange{"now-6h", "now"}, Title: "Cutover / " + d.Title,
		UID: d.UID(), Version: 1,
	}
}

func (d Dashboard) annotations() []annotation {
	list := make([]annotation, 0, len(d.Annotations))
	for _, a := range d.Annotations {
		list = append(list, annotation{
			Datasource: from(a.Datasource), Enable: true, Expr: a.Expr, IconColor: a.Color, Name: a.Name,
			Step: "60s", TextFormat: a.Text, TitleFormat: a.Name,
		})
	}
	return list
}

// from refers to the datasource that a variable holds.
func from(variable string) reference {
	if variable == mixed {
		return reference{"datasource", mixed}
	}
	return reference{"prometheus", "${" + variable + "}"}
}

func (d Dashboard) variables() []templateVariable {
	list := make([]templateVariable, 0, len(d.Variables))
	for _, v := range d.Variables {
		list = append(list, v.template())
	}
	return list
}

func (v Variable) template() templateVariable {
	encoded := templateVariable{
		Current: struct{}{}, IncludeAll: v.All, Label: v.Label, Multi: v.All, Name: v.Name, Options: []any{},
		Query: "prometheus", Refresh: 1, Type: "datasource",
	}
	if v.All {
		encoded.AllValue, encoded.Current = ".+", allChosen{true, []string{"All"}, []string{"$__all"}}
	}
	if v.Query != "" {
		source, query := from(v.Datasource), "query_result("+v.Query+")"
		encoded.Datasource, encoded.Definition, encoded.Query = &source, query, variableQuery{query, v.Name}
		// Refreshed when the time range changes, sorted by name.
		encoded.Refresh, encoded.Sort, encoded.Type = 2, 1, "query"
		encoded.Regex = fmt.Sprintf(`/%s="([^"]+)"/`, v.Values)
	}
	return encoded
}

// panels numbers and places all rows and panels.
func (d Dashboard) panels() []any {
	var (
		all  []any
		next flow
	)
	for _, row := range d.Rows {
		all = append(all, rowPanel{GridPos: next.heading(), ID: len(all) + 1, Panels: []any{}, Title: row.Title, Type: "row"})
		for _, panel := range row.Panels {
			all = append(all, panel.encode(len(all)+1, next.place(panel)))
		}
	}
	return all
}
