package strimzi

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
)

// isTemplate tells whether a document is a Template of OpenShift: template.openshift.io/v1,
// or v1 as OpenShift 3 also takes it.
func isTemplate(doc document.Document) bool {
	return doc.Kind() == "Template" && (doc.Group() == "template.openshift.io" || doc.APIVersion() == "v1")
}

// lintTemplate finds resources of Strimzi within a Template. They cannot be converted
// there: their fields may be parameters, of which only oc process makes values.
func lintTemplate(doc document.Document) finding.List {
	var first *yaml.Node
	count := 0
	if objects := document.Child(doc.Root, "objects"); objects != nil {
		for _, object := range objects.Content {
			if strings.HasPrefix(document.Text(document.Child(object, "apiVersion")), Group+"/") {
				count++
				if first == nil {
					first = object
				}
			}
		}
	}
	if count == 0 {
		return nil
	}
	return finding.List{report(doc, finding.Warning, "template", first,
		fmt.Sprintf("the Template holds %d resources of Strimzi, which stay as they are", count),
		"run oc process first, and convert what it gives")}
}
