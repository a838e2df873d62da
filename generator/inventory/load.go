package inventory

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// Load reads an inventory.yaml strictly: a field it does not know is an error. Errors
// carry findings.
func Load(d document.Document) (Inventory, error) {
	if d.APIVersion() != APIVersion || d.Kind() != Kind {
		return Inventory{}, d.Finding("not-an-inventory",
			fmt.Sprintf("this is %s %s, not %s %s", d.APIVersion(), d.Kind(), APIVersion, Kind),
			"make an inventory from an export with: cutover inventory -f PATH", "kind")
	}
	var inventory Inventory
	if err := d.Decode(&inventory); err != nil {
		return Inventory{}, err
	}
	// The same types for numbers as reading an export gives.
	spec := document.At(d.Root, "kafka", "spec")
	inventory.Kafka.Spec, _ = document.Value(spec).(map[string]any)
	inventory.Kafka.Document = resource(d.File, inventory.Kafka, spec)
	return inventory, nil
}

// resource puts the Kafka resource together again, around a spec that remembers its lines.
func resource(file string, kafka Kafka, spec *yaml.Node) document.Document {
	if spec == nil {
		return document.Document{}
	}
	root := document.Mapping(
		document.Scalar("apiVersion"), document.Scalar(kafka.APIVersion),
		document.Scalar("kind"), document.Scalar("Kafka"),
		document.Scalar("metadata"), document.Mapping(
			document.Scalar("name"), document.Scalar(kafka.Name),
			document.Scalar("namespace"), document.Scalar(kafka.Namespace)),
		document.Scalar("spec"), document.Copy(spec))
	root.Line = spec.Line
	return document.Document{File: file, Root: root}
}
