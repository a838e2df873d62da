package dashboard

import "slices"

// transformations make one table of a panel's queries: joined by Key, with the differences,
// without the queries' times, under the headings.
func (p Panel) transformations() []transformation {
	organize := organizeOptions{
		ExcludeByName: map[string]bool{"Time": true}, IndexByName: map[string]int{p.Key: 0}, RenameByName: map[string]string{},
	}
	for i, target := range p.Targets {
		organize.RenameByName[p.value(i)] = target.Legend
		organize.IndexByName[p.value(i)] = i + 1
		organize.ExcludeByName["Time "+string(rune('1'+i))] = true
	}
	// seriesToColumns is called joinByField since Grafana 9.1, which knows both names.
	list := []transformation{{"seriesToColumns", joinOptions{p.Key}}}
	for i, difference := range p.Differences {
		list = append(list, transformation{"calculateField", calculateOptions{
			Alias: difference.Title, Mode: "binary", Reduce: reduceSimple{"sum"},
			Binary: binary{p.value(difference.Left), "-", "sum", p.value(difference.Right)},
		}})
		organize.IndexByName[difference.Title] = len(p.Targets) + 1 + i
	}
	return append(list, transformation{"organize", organize})
}

// value is what Grafana calls the column of the target at a position.
func (p Panel) value(position int) string {
	if len(p.Targets) == 1 {
		return "Value"
	}
	return "Value #" + refID(position)
}

// columnUnits gives the columns that have units of their own.
func (p Panel) columnUnits() []fieldOverride {
	overrides := []fieldOverride{}
	for _, target := range p.Targets {
		if target.Unit != "" && target.Unit != p.Unit {
			overrides = append(overrides, fieldOverride{
				Matcher: matcher{"byName", target.Legend}, Properties: []property{{"unit", target.Unit}},
			})
		}
	}
	return slices.Clip(overrides)
}
