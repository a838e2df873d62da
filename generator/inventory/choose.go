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
	if len(all) == 0 && e.brokers != nil {
		return e.unnamed(options)
	}
	if len(all) == 0 {
		return document.Document{}, finding.Finding{
			Rule: "no-kafka", Severity: finding.Error, Message: e.whose() + " no Kafka resource",
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
	message := e.whose() + " several Kafka clusters: "
	if len(matching) == 0 {
		message = e.whose() + " no Kafka cluster " + strings.TrimPrefix(options.Namespace+"/"+options.Cluster, "/") + ", but: "
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

// whose says what was looked through.
func (e *export) whose() string {
	if e.evidence[LiveAPI] {
		return "the API server shows"
	}
	return "the export holds"
}

// unnamed is for brokers that no Kafka resource is known of: the options have to name them.
func (e *export) unnamed(options Options) (document.Document, error) {
	if options.Cluster != "" {
		return document.Document{}, nil
	}
	return document.Document{}, finding.Finding{
		Rule: "which-kafka", Severity: finding.Error, Message: "the brokers do not tell the name of their Kafka resource",
		Hint: "name it with --cluster, and give the resource with --kubeconfig or -f where you can",
	}
}
