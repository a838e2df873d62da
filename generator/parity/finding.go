package parity

import (
	"fmt"
	"slices"
	"strings"

	"cutover/generator/finding"
)

// Findings gives one warning for each difference that nobody asked for. What differs alike
// for the same reason on many objects is one finding.
func (r Report) Findings() finding.List {
	type kind struct {
		field, cause   string
		source, target Value
		retention      bool
	}
	alike := make(map[kind][]string)
	var order []kind
	for _, row := range r.Rows {
		if row.Intended {
			continue
		}
		k := kind{row.Field, row.Cause, row.Source, row.Target, row.What == Retention}
		if _, seen := alike[k]; !seen {
			order = append(order, k)
		}
		alike[k] = append(alike[k], row.Subject())
	}
	var findings finding.List
	for _, k := range order {
		subjects := slices.Compact(alike[k])
		message := fmt.Sprintf("%s is %s on the source and %s on the target: %s", k.field, k.source, k.target, k.cause)
		if k.retention {
			message = "in effect, " + message
		}
		findings.Add(finding.Finding{
			Rule: AcceptRule, Severity: finding.Warning, Object: several(subjects), Message: message,
			Hint: "decide it under topics, users or target.kafka of migration.yaml, or accept rule parity with a reason",
		})
	}
	findings.Sort()
	return findings
}

// several names one subject, or the first ones and how many more there are.
func several(subjects []string) string {
	const named = 3
	if len(subjects) <= named {
		return strings.Join(subjects, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(subjects[:named], ", "), len(subjects)-named)
}
