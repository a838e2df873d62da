package inventory

import (
	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi/v1beta2"
)

// shapes are the specs that an inventory reads strictly, taken apart once for the many objects
// there are. Nothing writes to them. The older versions of these kinds have the same fields.
var shapes = struct {
	connector document.Shape[v1beta2.KafkaConnectorSpec]
	topic     document.Shape[v1beta2.KafkaTopicSpec]
	user      document.Shape[v1beta2.KafkaUserSpec]
}{
	document.NewShape[v1beta2.KafkaConnectorSpec](),
	document.NewShape[v1beta2.KafkaTopicSpec](),
	document.NewShape[v1beta2.KafkaUserSpec](),
}

// departed tells of a field that the API does not have, which therefore cannot travel, and of
// a value of a wrong type under a rule of its own.
func departed(d document.Document, departure document.Departure, malformed string) finding.Finding {
	f := departure.Finding
	f.Object = d.Describe()
	if departure.Unknown() {
		f.Severity = finding.Warning
		f.Message += "; it does not travel"
		return f
	}
	f.Rule = malformed
	return f
}
