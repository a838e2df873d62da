package prometheus

import "regexp"

// selector is a metric's name and its matchers; a quoted value may hold braces.
var selector = regexp.MustCompile(`[a-zA-Z_:][a-zA-Z0-9_:]*\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}`)

// Selectors are the series that an expression asks for, each once, in order. Every metric of
// cutover's expressions has matchers, at least the namespace; a bare name is not found.
func Selectors(expression string) []string {
	var all []string
	seen := make(map[string]bool)
	for _, found := range selector.FindAllString(expression, -1) {
		if !seen[found] {
			seen[found] = true
			all = append(all, found)
		}
	}
	return all
}

// Metric is the name in front of a selector's matchers.
func Metric(selector string) string { return name.FindString(selector) }

var name = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*`)
