package dashboard

// encode gives the panel's JSON.
func (p Panel) encode(id int, place Grid) panelJSON {
	encoded := panelJSON{
		Datasource: from(p.Datasource), Description: p.Description, FieldConfig: p.fields(), GridPos: place, ID: id,
		Targets: p.targets(), Title: p.Title, Type: p.Kind,
	}
	switch p.Kind {
	case Stat:
		encoded.Options = statOptions{
			ColorMode: "value", GraphMode: "none", JustifyMode: "auto", Orientation: "auto", TextMode: "value",
			ReduceOptions: reduceOptions{Calcs: []string{"lastNotNull"}},
		}
	case Table:
		encoded.Options = tableOptions{ShowHeader: true, SortBy: []sortBy{{false, p.Key}}}
		encoded.Transformations = p.transformations()
	default:
		encoded.Options = timeseriesOptions{
			Legend: legend{Calcs: []string{"lastNotNull", "max"}, DisplayMode: "table", Placement: "bottom"}, Tooltip: tooltip{"multi"},
		}
	}
	return encoded
}

// refID names the target at a position, as Grafana's editor does.
func refID(position int) string { return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[position : position+1] }

func (p Panel) targets() []target {
	list := make([]target, 0, len(p.Targets))
	for i, t := range p.Targets {
		source := t.Datasource
		if source == "" {
			source = p.Datasource
		}
		encoded := target{
			Datasource: from(source), Expr: t.Expr, Format: "time_series", LegendFormat: t.Legend, Range: true, RefID: refID(i),
		}
		if p.Kind == Table {
			encoded.Format, encoded.Instant, encoded.Range = "table", true, false
		}
		if p.Kind == Stat {
			encoded.Instant, encoded.Range = true, false
		}
		list = append(list, encoded)
	}
	return list
}

func (p Panel) fields() fieldConfig {
	zero := 0.0
	fields := fieldConfig{
		Defaults: fieldDefaults{
			Color: fieldColor{"palette-classic"}, Thresholds: thresholds{"absolute", []step{{"green", nil}}}, Unit: p.Unit,
		},
		Overrides: []fieldOverride{},
	}
	switch p.Kind {
	case Stat:
		fields.Defaults.Color, fields.Defaults.NoValue = fieldColor{"thresholds"}, "–"
		if p.Alarm == nil {
			fields.Defaults.Thresholds.Steps[0].Color = "text"
		} else {
			fields.Defaults.Thresholds.Steps = append(fields.Defaults.Thresholds.Steps, step{"red", p.Alarm})
		}
	case Table:
		fields.Defaults.Custom, fields.Overrides = tableStyle{"auto"}, p.columnUnits()
	default:
		fields.Defaults.Min = &zero
		fields.Defaults.Custom = line()
	}
	return fields
}

func line() lineStyle {
	return lineStyle{
		DrawStyle: "line", LineInterpolation: "linear", LineWidth: 1, ShowPoints: "never", Stacking: stacking{"A", "none"},
	}
}
