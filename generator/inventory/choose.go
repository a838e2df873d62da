package inventory

import (
	"slices"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// choose finds the Kafka resource that the options name, or the only one there is.
func (e *export) choose(options Options) (document.Document, error) {
	all := e.sorted("Kafka")
	if len(all) == 0 {
		return document.Document{}, finding.Finding{
			Rule: "no-kafka", Severity: finding.Error, Message: "the export holds no Kafka resource",
			Hint: "add the output of: oc get kafka -n NAMESPACE -o yaml",
		}
	}
	matching := slices.DeleteFunc(slices.Clone(all), func(d document.Document) bool {
		return options.Cluster != "" && d.Name() != options.Cluster ||
			options.Namespace != "" && !together(d.Namespace(), options.Namespace)
	})
	if len(matching) == 1 {
		return matching[0], nil
	}
	message := "the export holds several Kafka clusters: "
	if len(matching) == 0 {
		message = "the export holds no Kafka cluster " + strings.TrimPrefix(options.Namespace+"/"+options.Cluster, "/") + ", but: "
		matching = all
	}
	var names []string
	for _, d := range matching {
		names = append(names, strings.TrimPrefix(d.Namespace()+"/"+d.Name(), "/"))
	}
	return document.Document{}, finding.Finding{
		Rule: "which-kafka", Severity: finding.Error, Message: message + strings.Join(names, ", "),
		Hint: "name one of them, with its namespace where the name alone is not unique",
	}
}
